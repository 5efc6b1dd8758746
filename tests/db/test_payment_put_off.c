/*
 * Payments that the gateway leaves undecided: they go behind those that wait, and keep their order.
 */
#include "support/expect.h"
#include "support/payment_rig.h"
#include "support/worker_rows.h"

static struct payment_rig rig;

static int teardown(void **state)
{
    (void)state;
    payment_rig_close(&rig);
    return 0;
}

static void expect_told(const char *want)
{
    assert_string_equal(payment_rig_told(&rig), want);
}

/* user:7 stands in this partition of 16. */
#define QUEUE "order.7"

/* Order 1 is pending until order 2 was asked for. */
static void one_waits_for_two(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    static bool two_was_asked;
    char order[40];
    int32_t n;

    (void)payment_rig_call(request, &n, order);
    if (number == 1)
        two_was_asked = false;
    two_was_asked = two_was_asked || n == 2;
    payment_rig_say(reply, order, n == 1 && !two_was_asked ? "pending" : "approved");
}

/* Order 1 is at work, order 2 behind its batch: without patience 1 would be waited for for ever. */
static void begin_one_before_two(void)
{
    payment_rig_open(&rig, one_waits_for_two);
    worker_rows_clear(rig.db);
    rig.settings.patience_ms = 1;
    payment_rig_tell(&rig, payment_rig_placed(1, 5000, 3600));
    payment_rig_run_to(&rig, CYCLE_COMMIT);
    payment_rig_tell(&rig, payment_rig_placed(2, 5000, 3600));
}

static void test_payment_that_stays_pending_goes_behind_those_that_wait(void **state)
{
    (void)state;
    begin_one_before_two();
    payment_rig_run(&rig);
    expect_told(QUEUE "|approved|2|p\n" QUEUE "|approved|1|p\n");
    assert_true(rig.job.counts.put_off >= 1);
    assert_int_equal(rig.job.counts.calls[GATEWAY_ASK], 2);
}

static void test_payment_put_off_by_a_worker_that_died_is_told_of_twice(void **state)
{
    (void)state;
    begin_one_before_two();
    payment_rig_run_to(&rig, CYCLE_SETTLE);
    payment_rig_die(&rig);
    payment_rig_run(&rig);
    expect_told(QUEUE "|approved|2|p\n" QUEUE "|approved|1|p\n" QUEUE "|approved|1|p\n");
}

/* Its void, which came with it, stays behind it. */
static void test_payment_put_off_keeps_the_order_of_what_belongs_together(void **state)
{
    (void)state;
    payment_rig_open(&rig, one_waits_for_two);
    worker_rows_clear(rig.db);
    rig.settings.patience_ms = 1;
    payment_rig_tell(&rig, payment_rig_placed(1, 5000, 3600));
    payment_rig_tell(&rig, payment_rig_failed(1, "expired"));
    payment_rig_run_to(&rig, CYCLE_SETTLE);
    assert_int_equal(rig.job.counts.put_off, 2);
    assert_int_equal(rig.job.counts.calls[GATEWAY_VOID], 0);
    payment_rig_tell(&rig, payment_rig_placed(2, 5000, 3600));
    payment_rig_run_to(&rig, CYCLE_GATHER);
    payment_rig_run_to(&rig, CYCLE_COMMIT);
    assert_int_equal(rig.job.message_count, 2);
    assert_int_equal(rig.job.messages[0].count, 2);
    assert_true(rig.job.messages[0].events[0].placed);
    assert_false(rig.job.messages[0].events[1].placed);
}

/* Asks without an answer, and looks that find nothing. */
static void never_heard_of(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    char order[40];
    int32_t n;
    enum gateway_call call = payment_rig_call(request, &n, order);

    (void)number;
    if (call == GATEWAY_VOID)
        payment_rig_say(reply, order, "voided");
    else
        scripted_json(reply, call == GATEWAY_LOOK ? 404 : 500, "{}");
}

/* However little patience there is: putting it off must not let it be asked for without end. */
static void test_payment_nobody_has_heard_of_is_given_up_after_as_many_asks_as_ever(void **state)
{
    (void)state;
    payment_rig_open(&rig, never_heard_of);
    worker_rows_clear(rig.db);
    rig.settings.patience_ms = 1;
    payment_rig_tell(&rig, payment_rig_placed(3, 5000, 3600));
    payment_rig_run(&rig);
    expect_told(QUEUE "|timed_out|3|p\n");
    assert_int_equal(rig.job.counts.calls[GATEWAY_ASK], 4);
    assert_int_equal(rig.job.counts.ended[PLAN_TIMED_OUT], 1);
}

/* Order 1 is pending until order 2 is paid, which takes three asks. */
static void two_is_asked_three_times(int32_t number, struct fc_str request,
                                     struct scripted_reply *reply)
{
    static int32_t asks;
    char order[40];
    int32_t n;
    enum gateway_call call = payment_rig_call(request, &n, order);

    if (number == 1)
        asks = 0;
    asks += n == 2 && call == GATEWAY_ASK;
    if (n == 2 && call == GATEWAY_LOOK)
        scripted_json(reply, 404, "{}");
    else if (n == 2 && call == GATEWAY_ASK && asks < 3)
        scripted_json(reply, 500, "{}");
    else
        payment_rig_say(reply, order, n == 1 && asks < 3 ? "pending" : "approved");
}

/* Put off before that it would never be asked for again. */
static void test_payment_that_is_still_to_be_asked_for_keeps_its_batch(void **state)
{
    (void)state;
    payment_rig_open(&rig, two_is_asked_three_times);
    worker_rows_clear(rig.db);
    rig.settings.patience_ms = 1;
    payment_rig_tell(&rig, payment_rig_placed(1, 5000, 3600));
    payment_rig_tell(&rig, payment_rig_placed(2, 5000, 3600));
    payment_rig_run(&rig);
    assert_int_equal(rig.job.counts.ended[PLAN_APPROVED], 2);
    assert_int_equal(rig.job.counts.calls[GATEWAY_ASK], 4);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_payment_that_stays_pending_goes_behind_those_that_wait),
        TEST(test_payment_put_off_by_a_worker_that_died_is_told_of_twice),
        TEST(test_payment_put_off_keeps_the_order_of_what_belongs_together),
        TEST(test_payment_that_is_still_to_be_asked_for_keeps_its_batch),
        TEST(test_payment_nobody_has_heard_of_is_given_up_after_as_many_asks_as_ever),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
