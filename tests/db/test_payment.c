/*
 * The payment worker's batches: who is asked what in which order, what the shop is told, and what
 * is left of it when the worker dies, the session ends or the broker refuses.
 */
#include "support/expect.h"
#include "support/payment_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>
#include <string.h>

static struct payment_rig rig;

static void open_rig(scripted_fn *reply)
{
    payment_rig_open(&rig, reply);
    worker_rows_clear(rig.db);
}

static int teardown(void **state)
{
    (void)state;
    payment_rig_close(&rig);
    return 0;
}

/* Order 1 is approved, 2 declined, of 3 it never hears until it is void, 4 it refuses. */
static void by_number(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    char order[40];
    int32_t n;
    enum gateway_call call = payment_rig_call(request, &n, order);

    (void)number;
    if (n == 4) {
        scripted_json(reply, 422, "{}");
        return;
    }
    if (call == GATEWAY_VOID)
        payment_rig_say(reply, order, "voided");
    else if (n == 3 && call == GATEWAY_LOOK)
        scripted_json(reply, 404, "{}");
    else if (n == 3)
        scripted_json(reply, 500, "{}");
    else
        payment_rig_say(reply, order, n == 2 ? "declined" : "approved");
}

static void expect_asked(const char *want)
{
    assert_string_equal(payment_rig_asked(&rig), want);
}

static void expect_told(const char *want)
{
    assert_string_equal(payment_rig_told(&rig), want);
}

/* user:7 stands in this partition of 16. */
#define QUEUE "order.7"

static void test_payment_each_outcome_is_told_to_the_orders_partition(void **state)
{
    (void)state;
    open_rig(by_number);
    for (int n = 1; n <= 3; n++) {
        payment_rig_tell(&rig, payment_rig_placed(n, 5000, 3600));
        payment_rig_run(&rig);
    }
    expect_told(QUEUE "|approved|1|p\n" QUEUE "|declined|2|p\n" QUEUE "|timed_out|3|p\n");
    expect_asked("ask 1");
    expect_asked("ask 2");
    for (int i = 0; i < 3; i++)
        expect_asked("ask 3");
    expect_asked("look 3");
    expect_asked("ask 3");
    expect_asked("look 3");
    expect_asked("void 3");
    assert_int_equal(rig.job.counts.ended[PLAN_APPROVED], 1);
    assert_int_equal(rig.job.counts.ended[PLAN_DECLINED], 1);
    assert_int_equal(rig.job.counts.ended[PLAN_TIMED_OUT], 1);
}

static void test_payment_amount_is_what_the_balance_does_not_pay(void **state)
{
    char request[SCRIPTED_REQUEST_BYTES_MAX];

    (void)state;
    open_rig(by_number);
    payment_rig_tell(&rig, payment_rig_placed(1, 4321, 3600));
    payment_rig_run(&rig);
    scripted_asked(&rig.gateway, request);
    assert_non_null(strstr(request, "\"amount\":4321,"));
}

static void test_payment_late_order_is_looked_after_and_voided_never_asked_for(void **state)
{
    (void)state;
    open_rig(by_number);
    payment_rig_tell(&rig, payment_rig_placed(3, 5000, 1));
    payment_rig_run(&rig);
    expect_asked("look 3");
    expect_asked("void 3");
    expect_told(QUEUE "|timed_out|3|p\n");
}

static void test_payment_of_a_failed_order_is_voided_and_nobody_is_told(void **state)
{
    (void)state;
    open_rig(by_number);
    payment_rig_tell(&rig, payment_rig_failed(1, "expired"));
    payment_rig_tell(&rig, payment_rig_failed(2, "declined"));
    payment_rig_tell(&rig, payment_rig_failed(3, "timed_out"));
    payment_rig_run(&rig);
    expect_told("");
    assert_int_equal(rig.job.counts.calls[GATEWAY_VOID], 2);
    assert_int_equal(rig.job.counts.calls[GATEWAY_ASK], 0);
    assert_int_equal(rig.job.counts.ended[PLAN_RETURNED], 2);
}

/* One behind the other: a void between two asks would give back what the shop is told is paid. */
static void test_payment_events_of_one_order_follow_each_other(void **state)
{
    (void)state;
    open_rig(by_number);
    payment_rig_tell(&rig, payment_rig_placed(3, 5000, 3600));
    payment_rig_tell(&rig, payment_rig_placed(3, 5000, 1));
    payment_rig_tell(&rig, payment_rig_failed(3, "timed_out"));
    payment_rig_run(&rig);
    for (int i = 0; i < 3; i++)
        expect_asked("ask 3");
    expect_asked("look 3");
    expect_asked("ask 3");
    expect_asked("look 3");
    expect_asked("void 3");
    expect_asked("look 3");
    expect_asked("void 3");
    expect_asked("void 3");
    expect_told(QUEUE "|timed_out|3|p\n" QUEUE "|timed_out|3|p\n");
}

static void test_payment_of_a_worker_that_died_is_asked_for_and_told_again(void **state)
{
    (void)state;
    open_rig(by_number);
    payment_rig_tell(&rig, payment_rig_placed(1, 5000, 3600));
    payment_rig_run_to(&rig, CYCLE_SETTLE);
    payment_rig_die(&rig);
    payment_rig_run(&rig);
    expect_told(QUEUE "|approved|1|p\n" QUEUE "|approved|1|p\n");
}

static void test_payment_is_told_again_when_the_broker_refuses(void **state)
{
    (void)state;
    open_rig(by_number);
    rig.refused_waits = 2;
    payment_rig_tell(&rig, payment_rig_placed(1, 5000, 3600));
    payment_rig_run(&rig);
    expect_told(QUEUE "|approved|1|p\n" QUEUE "|approved|1|p\n" QUEUE "|approved|1|p\n");
    assert_int_equal(rig.job.counts.calls[GATEWAY_ASK], 1);
}

/* A worker that slept: its partition, and perhaps its payments, are another's. */
static void test_payment_is_not_told_by_a_worker_whose_session_has_ended(void **state)
{
    char end_it[96];
    struct db *other;

    (void)state;
    open_rig(by_number);
    other = testdb_open("");
    (void)snprintf(end_it, sizeof(end_it), "select pg_terminate_backend(%lld)::int::bigint",
                   (long long)testdb_ask(rig.db, "select pg_backend_pid()"));
    assert_int_equal(testdb_ask(other, end_it), 1);
    db_close(other);
    payment_rig_tell(&rig, payment_rig_placed(1, 5000, 3600));
    payment_rig_run_into(&rig, FC_CURE_RECONNECT);
    expect_told("");
    assert_int_equal(rig.job.counts.ended[PLAN_APPROVED], 1);
    payment_rig_die(&rig);
    payment_rig_run(&rig);
    expect_told(QUEUE "|approved|1|p\n");
}

/* Order 1 is never answered until the gateway was asked 6 times in all. */
static void silent_of_one(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    char order[40];
    int32_t n;

    (void)payment_rig_call(request, &n, order);
    if (n == 1 && number < 6) {
        reply->manner = SCRIPTED_RESET;
        return;
    }
    payment_rig_say(reply, order, "approved");
}

static void test_payment_that_is_not_answered_keeps_no_other_from_being_told(void **state)
{
    (void)state;
    open_rig(silent_of_one);
    rig.settings.rules.pause_min_ms = 600;
    rig.settings.rules.pause_max_ms = 700;
    payment_rig_tell(&rig, payment_rig_placed(1, 5000, 3600));
    payment_rig_tell(&rig, payment_rig_placed(2, 5000, 3600));
    payment_rig_run_to_again(&rig);
    expect_told(QUEUE "|approved|2|p\n");
    assert_int_equal(rig.job.open_count, 1);
    payment_rig_run(&rig);
    expect_told(QUEUE "|approved|1|p\n");
}

static void test_payment_breaker_rests_and_nothing_is_given_up(void **state)
{
    (void)state;
    payment_rig_open(&rig, silent_of_one);
    worker_rows_clear(rig.db);
    breaker_init(&rig.job.breaker, 2, 30);
    payment_rig_tell(&rig, payment_rig_placed(1, 5000, 3600));
    payment_rig_run(&rig);
    expect_told(QUEUE "|approved|1|p\n");
    assert_true(rig.job.breaker.openings >= 4);
    assert_int_equal(rig.job.breaker.state, BREAKER_CLOSED);
}

static void test_payment_that_the_gateway_refuses_is_declined(void **state)
{
    (void)state;
    open_rig(by_number);
    payment_rig_tell(&rig, payment_rig_placed(4, 5000, 3600));
    payment_rig_run(&rig);
    expect_told(QUEUE "|declined|4|\n");
}

/* And the other payments of its message go their way. */
static void test_payment_whose_void_is_refused_is_set_aside_with_its_message(void **state)
{
    char message[3072];
    const char *stuck = payment_rig_failed(4, "expired");

    (void)state;
    open_rig(by_number);
    (void)snprintf(message, sizeof(message), "%.*s,%s", (int)strlen(stuck) - 1, stuck,
                   payment_rig_placed(1, 5000, 3600) + 1);
    payment_rig_tell(&rig, message);
    payment_rig_tell(&rig, payment_rig_placed(2, 5000, 3600));
    payment_rig_run(&rig);
    assert_non_null(strstr(rig.told_bytes, "|approved|1|"));
    assert_rows(rig.db, "select queue, command_id, reason, worker from parked",
                "(payment.0,,\"the payment gateway refuses a payment of it\",payment-1)");
    char ask[4096];

    (void)snprintf(ask, sizeof(ask),
                   "select (bytes = convert_to('%s', 'UTF8'))::int::bigint from parked", message);
    assert_int_equal(testdb_ask(rig.db, ask), 1);
    assert_int_equal(rig.job.counts.parked, 1);
}

static void test_payment_parks_bytes_that_are_no_events(void **state)
{
    (void)state;
    open_rig(by_number);
    payment_rig_tell(&rig, "no events");
    payment_rig_tell(&rig, payment_rig_placed(1, 5000, 3600));
    payment_rig_tell(&rig, "[{\"type\":\"order.placed\"}]");
    payment_rig_run(&rig);
    expect_told(QUEUE "|approved|1|p\n");
    assert_int_equal(testdb_ask(rig.db, "select count(*) from parked where queue = 'payment.0'"
                                        " and reason <> '' and command_id is null"),
                     2);
    assert_int_equal(rig.job.counts.parked, 2);
}

/* More than there are connections, in several messages. */
static void test_payment_of_two_hundred_orders_are_all_told_once(void **state)
{
    enum { ORDERS = 200 };

    char seen[ORDERS + 1] = "";

    (void)state;
    open_rig(by_number);
    for (int n = 5; n < 5 + ORDERS; n++)
        payment_rig_tell(&rig, payment_rig_placed(n, 5000, 3600));
    payment_rig_run(&rig);
    struct fc_str told = fc_str_of(payment_rig_told(&rig));
    int32_t count = 0;

    while (told.len > 0) {
        struct fc_str line = fc_str_cut(&told, '\n');
        int64_t n;

        (void)fc_str_cut(&line, '|');
        assert_str_equal(fc_str_cut(&line, '|'), "approved");
        assert_true(fc_str_to_i64(fc_str_cut(&line, '|'), 5, 4 + ORDERS, &n));
        assert_int_equal(seen[n - 5]++, 0);
        count++;
    }
    assert_int_equal(count, ORDERS);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_payment_each_outcome_is_told_to_the_orders_partition),
        TEST(test_payment_amount_is_what_the_balance_does_not_pay),
        TEST(test_payment_late_order_is_looked_after_and_voided_never_asked_for),
        TEST(test_payment_of_a_failed_order_is_voided_and_nobody_is_told),
        TEST(test_payment_events_of_one_order_follow_each_other),
        TEST(test_payment_of_a_worker_that_died_is_asked_for_and_told_again),
        TEST(test_payment_is_told_again_when_the_broker_refuses),
        TEST(test_payment_is_not_told_by_a_worker_whose_session_has_ended),
        TEST(test_payment_that_is_not_answered_keeps_no_other_from_being_told),
        TEST(test_payment_breaker_rests_and_nothing_is_given_up),
        TEST(test_payment_that_the_gateway_refuses_is_declined),
        TEST(test_payment_whose_void_is_refused_is_set_aside_with_its_message),
        TEST(test_payment_parks_bytes_that_are_no_events),
        TEST(test_payment_of_two_hundred_orders_are_all_told_once),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
