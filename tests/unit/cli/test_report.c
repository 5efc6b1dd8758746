#include "support/expect.h"

#include "producer/cli/report.h"

static void put(struct cli_report *report)
{
    static const struct cli_column columns[] = {{"name", "name", false}, {"count", "count", true}};

    cli_report_int(report, "orders", "orders", 1550);
    cli_report_group_begin(report, "race", "the race");
    cli_report_bool(report, "proved", "proved", true);
    cli_report_us(report, "p99_us", "p99", 12345);
    cli_report_group_end(report);
    cli_report_line(report, "for people");
    cli_report_table_begin(report, "rows", "table", columns, FC_ARRAY_COUNT(columns));
    cli_report_cell_str(report, FC_STR("caf\xc3\xa9"));
    cli_report_cell_int(report, 7);
    cli_report_cell_str(report, FC_STR("\"x\""));
    cli_report_cell_int(report, 12345678);
    cli_report_table_end(report);
}

static void test_report_for_people_is_lines_and_a_table(void **state)
{
    struct cli_report report;

    (void)state;
    assert_true(cli_report_begin(&report, false));
    put(&report);
    assert_str_equal(fc_buf_str(&report.buf), "orders                         1550\n"
                                              "the race\n"
                                              "  proved                       yes\n"
                                              "  p99                          12.3 ms\n"
                                              "for people\n"
                                              "table\n"
                                              "name     count\n"
                                              "caf\xc3\xa9         7\n"
                                              "\"x\"   12345678\n");
}

static void test_report_for_scripts_is_one_object(void **state)
{
    struct cli_report report;

    (void)state;
    assert_true(cli_report_begin(&report, true));
    put(&report);
    wire_json_object_end(&report.json);
    assert_str_equal(fc_buf_str(&report.buf),
                     "{\"orders\":1550,\"race\":{\"proved\":true,\"p99_us\":12345},"
                     "\"rows\":[{\"name\":\"caf\xc3\xa9\",\"count\":7},"
                     "{\"name\":\"\\\"x\\\"\",\"count\":12345678}]}");
}

static void test_durations_have_a_unit(void **state)
{
    static const struct {
        int64_t us;
        const char *wanted;
    } rows[] = {{0, "0 us"},          {999, "999 us"},     {1000, "1.0 ms"},
                {999999, "999.9 ms"}, {1000000, "1.00 s"}, {61239999, "61.23 s"}};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        char memory[32];
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

        cli_us_put(&buf, rows[i].us);
        assert_str_equal(fc_buf_str(&buf), rows[i].wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_for_people_is_lines_and_a_table),
        cmocka_unit_test(test_report_for_scripts_is_one_object),
        cmocka_unit_test(test_durations_have_a_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
