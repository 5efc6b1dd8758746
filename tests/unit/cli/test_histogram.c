#include "support/expect.h"

#include "producer/cli/histogram.h"

static struct cli_histogram histogram;

static int reset(void **state)
{
    (void)state;
    histogram = (struct cli_histogram){0};
    return 0;
}

static void test_histogram_of_nothing_is_zero(void **state)
{
    (void)state;
    assert_int_equal(cli_histogram_at(&histogram, 500), 0);
    assert_int_equal(cli_histogram_at(&histogram, 1000), 0);
    assert_int_equal(cli_histogram_mean(&histogram), 0);
}

static void test_histogram_of_one_is_that_one(void **state)
{
    (void)state;
    cli_histogram_add(&histogram, 123456);
    assert_int_equal(cli_histogram_at(&histogram, 0), 123456);
    assert_int_equal(cli_histogram_at(&histogram, 500), 123456);
    assert_int_equal(cli_histogram_at(&histogram, 1000), 123456);
    assert_int_equal(cli_histogram_mean(&histogram), 123456);
}

static void test_histogram_small_values_are_exact(void **state)
{
    (void)state;
    for (int64_t us = 1; us <= 60; us++)
        cli_histogram_add(&histogram, us);
    assert_int_equal(cli_histogram_at(&histogram, 500), 30);
    assert_int_equal(cli_histogram_at(&histogram, 900), 54);
    assert_int_equal(cli_histogram_at(&histogram, 1000), 60);
    assert_int_equal(histogram.min_us, 1);
}

static void test_histogram_percentile_is_never_below_and_3_percent_above_at_most(void **state)
{
    (void)state;
    for (int64_t us = 1; us <= 100000; us++)
        cli_histogram_add(&histogram, us * 7);
    for (int32_t permille = 1; permille <= 1000; permille++) {
        int64_t exact = permille * 100LL * 7;
        int64_t found = cli_histogram_at(&histogram, permille);

        assert_true(found >= exact);
        assert_true(found <= exact + exact * 4 / 100 + 1);
    }
}

static void test_histogram_p99_of_ten_is_the_longest(void **state)
{
    (void)state;
    for (int64_t i = 0; i < 9; i++)
        cli_histogram_add(&histogram, 10);
    cli_histogram_add(&histogram, 5000000);
    assert_int_equal(cli_histogram_at(&histogram, 900), 10);
    assert_int_equal(cli_histogram_at(&histogram, 990), 5000000);
}

static void test_histogram_takes_any_duration(void **state)
{
    (void)state;
    cli_histogram_add(&histogram, -5);
    cli_histogram_add(&histogram, INT64_MAX);
    assert_int_equal(histogram.count, 2);
    assert_int_equal(cli_histogram_at(&histogram, 500), 0);
    assert_int_equal(cli_histogram_at(&histogram, 1000), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_histogram_of_nothing_is_zero, reset),
        cmocka_unit_test_setup(test_histogram_of_one_is_that_one, reset),
        cmocka_unit_test_setup(test_histogram_small_values_are_exact, reset),
        cmocka_unit_test_setup(test_histogram_percentile_is_never_below_and_3_percent_above_at_most,
                               reset),
        cmocka_unit_test_setup(test_histogram_p99_of_ten_is_the_longest, reset),
        cmocka_unit_test_setup(test_histogram_takes_any_duration, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
