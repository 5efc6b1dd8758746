#include "support/expect.h"

#include "producer/cli/progress.h"

static char memory[256];

static struct fc_str line(int64_t done, int64_t total, int64_t elapsed_us, bool bar)
{
    struct cli_progress progress = {.label = "orders", .total = total, .done = done};
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    cli_progress_put(&buf, &progress, elapsed_us, bar);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static void test_progress_tells_rate_and_time_left(void **state)
{
    (void)state;
    assert_str_equal(line(500, 1500, 2000000, false),
                     "orders                  33 %  500/1500  250/s  0:04 left");
}

static void test_progress_bar_grows(void **state)
{
    (void)state;
    assert_str_equal(line(0, 100, 0, true),
                     "orders                 [>                       ]   0 %  0/100");
    assert_str_equal(line(50, 100, 1000000, true),
                     "orders                 [============>           ]  50 %  50/100  50/s  "
                     "0:01 left");
    assert_str_equal(line(100, 100, 61000000, true),
                     "orders                 [========================] 100 %  100/100  1/s  "
                     "in 1:01");
}

static void test_progress_never_passes_its_end(void **state)
{
    (void)state;
    assert_str_contains(line(12, 10, 1000000, true), "100 %  10/10");
    assert_str_contains(line(0, 0, 1000000, true), "100 %  0/0");
}

static void test_progress_has_no_escapes(void **state)
{
    struct fc_str text = line(7, 9, 123456, true);

    (void)state;
    for (size_t i = 0; i < text.len; i++)
        assert_in_range(text.ptr[i], 0x20, 0x7E);
}

static void test_duration_is_in_hours_minutes_and_seconds(void **state)
{
    static const struct {
        int64_t seconds;
        const char *wanted;
    } rows[] = {{0, "0:00"},     {59, "0:59"},      {60, "1:00"},
                {3599, "59:59"}, {3600, "1:00:00"}, {366065, "101:41:05"}};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

        cli_duration_put(&buf, rows[i].seconds);
        assert_str_equal(fc_buf_str(&buf), rows[i].wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_progress_tells_rate_and_time_left),
        cmocka_unit_test(test_progress_bar_grows),
        cmocka_unit_test(test_progress_never_passes_its_end),
        cmocka_unit_test(test_progress_has_no_escapes),
        cmocka_unit_test(test_duration_is_in_hours_minutes_and_seconds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
