/*
 * The plan of one payment: what follows from each answer.
 */
#include "support/expect.h"

#include "payment/payment_plan.h"

#define ATTEMPTS 2
#define MARGIN_MS 1000
#define EXPIRES_MS 100000

static const struct plan_rules rules = {ATTEMPTS, 100, 5000, MARGIN_MS};
static struct payment_plan plan;
static struct plan_time now;

static void pass_ms(int64_t ms)
{
    now.ms += ms;
    now.now.us += ms * 1000;
}

static int begin(void **state)
{
    (void)state;
    /* The two clocks have nothing to do with each other. */
    now = (struct plan_time){{7000000}, 123456};
    plan_begin(&plan, &rules, (struct fc_instant){now.now.us + EXPIRES_MS * 1000}, &now, 1);
    return 0;
}

/* Waits until the next call is due, which must be this one, and gives it that answer. */
static void answer(enum gateway_call call, enum gateway_says says)
{
    const struct gateway_answer given = {.says = says, .retry_after_s = -1};

    pass_ms(plan_wait_ms(&plan, &now));
    assert_int_equal(plan_call(&plan, &now), call);
    plan_answered(&plan, &rules, &given, &now);
}

static void pass_the_deadline(void)
{
    pass_ms(EXPIRES_MS - MARGIN_MS);
}

static void test_plan_first_it_asks_at_once(void **state)
{
    (void)state;
    assert_int_equal(plan_wait_ms(&plan, &now), 0);
    assert_int_equal(plan_call(&plan, &now), GATEWAY_ASK);
}

static void test_plan_what_an_ask_is_answered_is_the_end(void **state)
{
    static const enum gateway_says says[] = {GATEWAY_APPROVED, GATEWAY_DECLINED, GATEWAY_VOIDED,
                                             GATEWAY_REFUSED};

    static const enum plan_end ends[] = {PLAN_APPROVED, PLAN_DECLINED, PLAN_TIMED_OUT,
                                         PLAN_DECLINED};

    for (size_t i = 0; i < FC_ARRAY_COUNT(says); i++) {
        begin(state);
        answer(GATEWAY_ASK, says[i]);
        assert_int_equal(plan.end, ends[i]);
    }
}

static void test_plan_what_a_look_is_answered_is_the_end(void **state)
{
    static const enum gateway_says says[] = {GATEWAY_APPROVED, GATEWAY_DECLINED, GATEWAY_VOIDED};

    static const enum plan_end ends[] = {PLAN_APPROVED, PLAN_DECLINED, PLAN_TIMED_OUT};

    for (size_t i = 0; i < FC_ARRAY_COUNT(says); i++) {
        begin(state);
        answer(GATEWAY_ASK, GATEWAY_PENDING);
        answer(GATEWAY_LOOK, says[i]);
        assert_int_equal(plan.end, ends[i]);
    }
}

static void test_plan_an_answer_that_never_came_is_asked_for(void **state)
{
    (void)state;
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_ASK, GATEWAY_LATER);
    answer(GATEWAY_LOOK, GATEWAY_APPROVED);
    assert_int_equal(plan.end, PLAN_APPROVED);
}

static void test_plan_what_is_unknown_is_asked_once_more_then_voided(void **state)
{
    (void)state;
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_LOOK, GATEWAY_UNKNOWN);
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_LOOK, GATEWAY_UNKNOWN);
    answer(GATEWAY_VOID, GATEWAY_VOIDED);
    assert_int_equal(plan.end, PLAN_TIMED_OUT);
}

static void test_plan_what_is_unknown_may_still_be_approved_when_asked_again(void **state)
{
    (void)state;
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_LOOK, GATEWAY_UNKNOWN);
    answer(GATEWAY_ASK, GATEWAY_APPROVED);
    assert_int_equal(plan.end, PLAN_APPROVED);
}

static void test_plan_what_is_pending_is_looked_after_until_the_time_is_up(void **state)
{
    (void)state;
    answer(GATEWAY_ASK, GATEWAY_PENDING);
    while (now.now.us < plan.deadline.us)
        answer(GATEWAY_LOOK, GATEWAY_PENDING);
    answer(GATEWAY_VOID, GATEWAY_VOIDED);
    assert_int_equal(plan.end, PLAN_TIMED_OUT);
}

static void test_plan_after_its_time_it_is_looked_after_never_asked(void **state)
{
    (void)state;
    pass_the_deadline();
    answer(GATEWAY_LOOK, GATEWAY_UNKNOWN);
    answer(GATEWAY_VOID, GATEWAY_VOIDED);
    assert_int_equal(plan.end, PLAN_TIMED_OUT);
}

static void test_plan_the_last_instant_before_its_time_is_up_is_time(void **state)
{
    (void)state;
    pass_ms(EXPIRES_MS - MARGIN_MS - 1);
    assert_int_equal(plan_call(&plan, &now), GATEWAY_ASK);
    pass_ms(1);
    assert_int_equal(plan_call(&plan, &now), GATEWAY_LOOK);
}

/* Another run may have told the shop that it is paid, and died before it could say so. */
static void test_plan_what_is_approved_is_not_voided_however_late(void **state)
{
    (void)state;
    pass_the_deadline();
    pass_ms(1000LL * 86400 * 1000);
    answer(GATEWAY_LOOK, GATEWAY_APPROVED);
    assert_int_equal(plan.end, PLAN_APPROVED);
}

static void test_plan_a_gateway_that_is_away_uses_no_attempt_up(void **state)
{
    (void)state;
    for (int i = 0; i < 10 * ATTEMPTS; i++)
        answer(GATEWAY_ASK, GATEWAY_AWAY);
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_LOOK, GATEWAY_APPROVED);
    assert_int_equal(plan.end, PLAN_APPROVED);
}

static void test_plan_nothing_is_given_up_while_the_gateway_is_not_heard(void **state)
{
    static const enum gateway_says deaf[] = {GATEWAY_LATER, GATEWAY_SILENT, GATEWAY_AWAY};

    (void)state;
    pass_the_deadline();
    for (int i = 0; i < 3000; i++)
        answer(GATEWAY_LOOK, deaf[i % 3]);
    answer(GATEWAY_LOOK, GATEWAY_UNKNOWN);
    for (int i = 0; i < 3000; i++)
        answer(GATEWAY_VOID, deaf[i % 3]);
    answer(GATEWAY_VOID, GATEWAY_VOIDED);
    assert_int_equal(plan.end, PLAN_TIMED_OUT);
}

static void test_plan_a_refusal_after_a_doubt_is_declined_only_when_it_is_void(void **state)
{
    (void)state;
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_ASK, GATEWAY_REFUSED);
    answer(GATEWAY_LOOK, GATEWAY_UNKNOWN);
    answer(GATEWAY_VOID, GATEWAY_SILENT);
    answer(GATEWAY_VOID, GATEWAY_VOIDED);
    assert_int_equal(plan.end, PLAN_DECLINED);
}

static void test_plan_a_refusal_of_what_was_taken_is_approved(void **state)
{
    (void)state;
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    answer(GATEWAY_ASK, GATEWAY_REFUSED);
    answer(GATEWAY_LOOK, GATEWAY_APPROVED);
    assert_int_equal(plan.end, PLAN_APPROVED);
}

static void test_plan_a_payment_to_be_returned_is_voided_and_nobody_is_told(void **state)
{
    (void)state;
    plan_begin_return(&plan, &rules, &now, 1);
    answer(GATEWAY_VOID, GATEWAY_SILENT);
    answer(GATEWAY_VOID, GATEWAY_PENDING);
    answer(GATEWAY_VOID, GATEWAY_VOIDED);
    assert_int_equal(plan.end, PLAN_RETURNED);
}

static void test_plan_a_void_that_is_called_approved_is_no_end(void **state)
{
    (void)state;
    plan_begin_return(&plan, &rules, &now, 1);
    answer(GATEWAY_VOID, GATEWAY_APPROVED);
    assert_int_equal(plan.end, PLAN_OPEN);
    answer(GATEWAY_VOID, GATEWAY_DECLINED);
    assert_int_equal(plan.end, PLAN_RETURNED);
}

static void test_plan_a_look_or_void_that_is_refused_again_and_again_is_stuck(void **state)
{
    (void)state;
    answer(GATEWAY_ASK, GATEWAY_PENDING);
    answer(GATEWAY_LOOK, GATEWAY_REFUSED);
    assert_int_equal(plan.end, PLAN_OPEN);
    answer(GATEWAY_LOOK, GATEWAY_REFUSED);
    assert_int_equal(plan.end, PLAN_STUCK);
    plan_begin_return(&plan, &rules, &now, 1);
    answer(GATEWAY_VOID, GATEWAY_REFUSED);
    answer(GATEWAY_VOID, GATEWAY_LATER);
    answer(GATEWAY_VOID, GATEWAY_REFUSED);
    assert_int_equal(plan.end, PLAN_STUCK);
}

static void test_plan_pauses_grow_with_jitter_and_stay_in_bounds(void **state)
{
    const struct gateway_answer away = {.says = GATEWAY_AWAY, .retry_after_s = -1};
    int64_t longest = 0;

    (void)state;
    pass_the_deadline();
    for (int i = 0; i < 1000; i++) {
        (void)plan_call(&plan, &now);
        plan_answered(&plan, &rules, &away, &now);
        int64_t wait_ms = plan_wait_ms(&plan, &now);

        assert_in_range(wait_ms, rules.pause_min_ms, rules.pause_max_ms);
        longest = wait_ms > longest ? wait_ms : longest;
        pass_ms(wait_ms);
    }
    assert_int_equal(longest, rules.pause_max_ms);
}

static void test_plan_waits_as_long_as_it_is_asked_to_but_no_longer_than_a_minute(void **state)
{
    struct gateway_answer later = {.says = GATEWAY_LATER, .retry_after_s = 7};

    (void)state;
    (void)plan_call(&plan, &now);
    plan_answered(&plan, &rules, &later, &now);
    assert_int_equal(plan_wait_ms(&plan, &now), 7000);
    pass_ms(7000);
    later.retry_after_s = 86400;
    (void)plan_call(&plan, &now);
    plan_answered(&plan, &rules, &later, &now);
    assert_int_equal(plan_wait_ms(&plan, &now), PLAN_RETRY_AFTER_S_MAX * 1000);
}

static void test_plan_no_pause_goes_beyond_its_time(void **state)
{
    const struct gateway_answer later = {.says = GATEWAY_LATER, .retry_after_s = 60};

    (void)state;
    pass_ms(EXPIRES_MS - MARGIN_MS - 2500);
    (void)plan_call(&plan, &now);
    plan_answered(&plan, &rules, &later, &now);
    assert_in_range(plan_wait_ms(&plan, &now), 2500, 2501);
    pass_ms(plan_wait_ms(&plan, &now));
    assert_int_equal(plan_call(&plan, &now), GATEWAY_LOOK);
}

static void test_plan_calls_before_they_are_due_and_answers_after_the_end_are_mistakes(void **state)
{
    const struct gateway_answer approved = {.says = GATEWAY_APPROVED};

    (void)state;
    answer(GATEWAY_ASK, GATEWAY_SILENT);
    EXPECT_ASSERT((void)plan_call(&plan, &now));
    answer(GATEWAY_ASK, GATEWAY_APPROVED);
    EXPECT_ASSERT((void)plan_wait_ms(&plan, &now));
    EXPECT_ASSERT(plan_answered(&plan, &rules, &approved, &now));
}

static void test_plan_ends_have_names(void **state)
{
    (void)state;
    assert_string_equal(plan_end_name(PLAN_TIMED_OUT), "timed_out");
    assert_string_equal(plan_end_name(PLAN_STUCK), "stuck");
    EXPECT_ASSERT((void)plan_end_name(PLAN_END_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, begin)
        TEST(test_plan_first_it_asks_at_once),
        TEST(test_plan_what_an_ask_is_answered_is_the_end),
        TEST(test_plan_what_a_look_is_answered_is_the_end),
        TEST(test_plan_an_answer_that_never_came_is_asked_for),
        TEST(test_plan_what_is_unknown_is_asked_once_more_then_voided),
        TEST(test_plan_what_is_unknown_may_still_be_approved_when_asked_again),
        TEST(test_plan_what_is_pending_is_looked_after_until_the_time_is_up),
        TEST(test_plan_after_its_time_it_is_looked_after_never_asked),
        TEST(test_plan_the_last_instant_before_its_time_is_up_is_time),
        TEST(test_plan_what_is_approved_is_not_voided_however_late),
        TEST(test_plan_a_gateway_that_is_away_uses_no_attempt_up),
        TEST(test_plan_nothing_is_given_up_while_the_gateway_is_not_heard),
        TEST(test_plan_a_refusal_after_a_doubt_is_declined_only_when_it_is_void),
        TEST(test_plan_a_refusal_of_what_was_taken_is_approved),
        TEST(test_plan_a_payment_to_be_returned_is_voided_and_nobody_is_told),
        TEST(test_plan_a_void_that_is_called_approved_is_no_end),
        TEST(test_plan_a_look_or_void_that_is_refused_again_and_again_is_stuck),
        TEST(test_plan_pauses_grow_with_jitter_and_stay_in_bounds),
        TEST(test_plan_waits_as_long_as_it_is_asked_to_but_no_longer_than_a_minute),
        TEST(test_plan_no_pause_goes_beyond_its_time),
        TEST(test_plan_calls_before_they_are_due_and_answers_after_the_end_are_mistakes),
        TEST(test_plan_ends_have_names),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
