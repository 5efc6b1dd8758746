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

static void test_histogram_percentile_is_never_below_and_1_percent_above_at_most(void **state)
{
    (void)state;
    for (int64_t us = 1; us <= 100000; us++)
        cli_histogram_add(&histogram, us * 7);
    for (int32_t permille = 1; permille <= 1000; permille++) {
        int64_t exact = permille * 100LL * 7;
        int64_t found = cli_histogram_at(&histogram, permille);

        assert_true(found >= exact);
        assert_true(found <= exact + exact / 100 + 1);
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

static void test_histogram_bucket_ends_are_where_the_next_begins(void **state)
{
    (void)state;
    for (int32_t i = 0; i + 1 < CLI_HISTOGRAM_BUCKETS; i++) {
        int64_t end = cli_histogram_bucket_us(i);

        histogram = (struct cli_histogram){0};
        cli_histogram_add(&histogram, end);
        assert_int_equal(histogram.buckets[i], 1);
        histogram = (struct cli_histogram){0};
        cli_histogram_add(&histogram, end + 1);
        assert_int_equal(histogram.buckets[i + 1], 1);
    }
}

static void test_histogram_text_is_what_plotters_read(void **state)
{
    static char memory[CLI_HISTOGRAM_TEXT_BYTES];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    for (int64_t us = 1; us <= 100; us++)
        cli_histogram_add(&histogram, us * 10);
    cli_histogram_put(&histogram, &buf);
    assert_false(buf.overflow);
    assert_str_contains(fc_buf_str(&buf),
                        "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
                        "       0.010   0.000000000000          1           1.00\n"
                        "       0.100   0.100000000000         10           1.11\n");
    assert_str_contains(fc_buf_str(&buf), "\n       0.501   0.500000000000         50           "
                                          "2.00\n");
    assert_str_contains(fc_buf_str(&buf), "   0.989062500000         99          91.42\n"
                                          "       1.000   1.000000000000        100            "
                                          "inf\n");
    assert_str_contains(fc_buf_str(&buf), "#[Mean    =        0.505, StdDeviation   =        "
                                          "0.289]\n#[Max     =        1.000, Total count    =");
}

static void test_histogram_text_of_nothing_and_of_the_longest_fits(void **state)
{
    static char memory[CLI_HISTOGRAM_TEXT_BYTES];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    cli_histogram_put(&histogram, &buf);
    assert_str_contains(fc_buf_str(&buf), "   1.000000000000          0            inf\n");
    histogram.buckets[0] = INT32_MAX;
    histogram.count = INT32_MAX;
    cli_histogram_add(&histogram, INT64_MAX);
    buf.len = 0;
    cli_histogram_put(&histogram, &buf);
    assert_false(buf.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_histogram_of_nothing_is_zero, reset),
        cmocka_unit_test_setup(test_histogram_of_one_is_that_one, reset),
        cmocka_unit_test_setup(test_histogram_small_values_are_exact, reset),
        cmocka_unit_test_setup(test_histogram_percentile_is_never_below_and_1_percent_above_at_most,
                               reset),
        cmocka_unit_test_setup(test_histogram_p99_of_ten_is_the_longest, reset),
        cmocka_unit_test_setup(test_histogram_bucket_ends_are_where_the_next_begins, reset),
        cmocka_unit_test_setup(test_histogram_text_is_what_plotters_read, reset),
        cmocka_unit_test_setup(test_histogram_text_of_nothing_and_of_the_longest_fits, reset),
        cmocka_unit_test_setup(test_histogram_takes_any_duration, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
