#include "support/expect.h"

#include "outgoing/breaker.h"

#define OPEN_MS 5000

static struct breaker breaker;

static int begin(void **state)
{
    (void)state;
    breaker_init(&breaker, 3, OPEN_MS);
    return 0;
}

static void fail_times(int count, int64_t now_ms)
{
    for (int i = 0; i < count; i++)
        breaker_failed(&breaker, now_ms);
}

static void test_breaker_lets_everything_through_at_first(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        assert_true(breaker_take(&breaker, i));
    assert_int_equal(breaker_wait_ms(&breaker, 0, 1000), 0);
}

static void test_breaker_opens_at_so_many_failures_in_a_row(void **state)
{
    (void)state;
    fail_times(2, 100);
    assert_int_equal(breaker.state, BREAKER_CLOSED);
    assert_true(breaker_take(&breaker, 100));
    fail_times(1, 100);
    assert_int_equal(breaker.state, BREAKER_OPEN);
    assert_false(breaker_take(&breaker, 100));
    assert_int_equal(breaker.openings, 1);
}

static void test_breaker_success_between_failures_starts_the_count_anew(void **state)
{
    (void)state;
    fail_times(2, 100);
    breaker_succeeded(&breaker);
    fail_times(2, 100);
    assert_int_equal(breaker.state, BREAKER_CLOSED);
}

static void test_breaker_is_shut_for_its_time_and_then_lets_one_probe_through(void **state)
{
    (void)state;
    fail_times(3, 1000);
    assert_false(breaker_take(&breaker, 1000 + OPEN_MS - 1));
    assert_int_equal(breaker_wait_ms(&breaker, 1000 + OPEN_MS - 1, 9999), 1);
    assert_int_equal(breaker_wait_ms(&breaker, 1000, 9999), OPEN_MS);
    assert_int_equal(breaker_wait_ms(&breaker, 1000, 300), 300);
    assert_int_equal(breaker_wait_ms(&breaker, 1000 + OPEN_MS, 9999), 0);
    assert_true(breaker_take(&breaker, 1000 + OPEN_MS));
    assert_int_equal(breaker.state, BREAKER_PROBING);
    assert_false(breaker_take(&breaker, 1000 + 2 * OPEN_MS));
    assert_int_equal(breaker_wait_ms(&breaker, 1000 + 2 * OPEN_MS, 9999), 9999);
}

static void test_breaker_probe_that_succeeds_closes(void **state)
{
    (void)state;
    fail_times(3, 0);
    assert_true(breaker_take(&breaker, OPEN_MS));
    breaker_succeeded(&breaker);
    assert_int_equal(breaker.state, BREAKER_CLOSED);
    fail_times(2, OPEN_MS);
    assert_int_equal(breaker.state, BREAKER_CLOSED);
}

static void test_breaker_probe_that_fails_opens_for_the_time_again(void **state)
{
    (void)state;
    fail_times(3, 0);
    assert_true(breaker_take(&breaker, OPEN_MS));
    breaker_failed(&breaker, OPEN_MS + 10);
    assert_int_equal(breaker.state, BREAKER_OPEN);
    assert_int_equal(breaker.openings, 2);
    assert_false(breaker_take(&breaker, 2 * OPEN_MS + 9));
    assert_true(breaker_take(&breaker, 2 * OPEN_MS + 10));
}

static void test_breaker_stragglers_of_before_do_not_lengthen_its_time(void **state)
{
    (void)state;
    fail_times(3, 0);
    fail_times(10, OPEN_MS - 1);
    assert_int_equal(breaker.openings, 1);
    assert_true(breaker_take(&breaker, OPEN_MS));
}

static void test_breaker_probe_that_is_given_up_leaves_its_place(void **state)
{
    (void)state;
    fail_times(3, 0);
    assert_true(breaker_take(&breaker, OPEN_MS));
    breaker_forget(&breaker);
    assert_int_equal(breaker.state, BREAKER_OPEN);
    assert_true(breaker_take(&breaker, OPEN_MS));
    breaker_succeeded(&breaker);
    breaker_forget(&breaker);
    assert_int_equal(breaker.state, BREAKER_CLOSED);
}

static void test_breaker_of_one_failure_opens_at_the_first(void **state)
{
    (void)state;
    breaker_init(&breaker, 1, 1);
    breaker_failed(&breaker, 0);
    assert_int_equal(breaker.state, BREAKER_OPEN);
}

static void test_breaker_without_bounds_is_a_mistake(void **state)
{
    (void)state;
    EXPECT_ASSERT(breaker_init(&breaker, 0, 1));
    EXPECT_ASSERT(breaker_init(&breaker, 1, 0));
}

static void test_breaker_states_have_names(void **state)
{
    (void)state;
    assert_string_equal(breaker_state_name(BREAKER_CLOSED), "closed");
    assert_string_equal(breaker_state_name(BREAKER_OPEN), "open");
    assert_string_equal(breaker_state_name(BREAKER_PROBING), "probing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_breaker_lets_everything_through_at_first, begin),
        cmocka_unit_test_setup(test_breaker_opens_at_so_many_failures_in_a_row, begin),
        cmocka_unit_test_setup(test_breaker_success_between_failures_starts_the_count_anew, begin),
        cmocka_unit_test_setup(test_breaker_is_shut_for_its_time_and_then_lets_one_probe_through,
                               begin),
        cmocka_unit_test_setup(test_breaker_probe_that_succeeds_closes, begin),
        cmocka_unit_test_setup(test_breaker_probe_that_fails_opens_for_the_time_again, begin),
        cmocka_unit_test_setup(test_breaker_stragglers_of_before_do_not_lengthen_its_time, begin),
        cmocka_unit_test_setup(test_breaker_probe_that_is_given_up_leaves_its_place, begin),
        cmocka_unit_test_setup(test_breaker_of_one_failure_opens_at_the_first, begin),
        cmocka_unit_test_setup(test_breaker_without_bounds_is_a_mistake, begin),
        cmocka_unit_test_setup(test_breaker_states_have_names, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
