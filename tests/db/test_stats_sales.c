/*
 * The series of sales by day, week and month.
 */
#include "support/expect.h"
#include "support/read_rig.h"
#include "support/testdb.h"
#include "support/worker_rows.h"

#include <stdio.h>

static struct db *db;

static int setup(void **state)
{
    (void)state;
    db = testdb_open(NULL);
    worker_rows_clear(db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

/* 21 o'clock in Seoul, the last instant of that day, and the first of the next. */
#define NOON "2026-03-11T12:00:00Z"
#define LAST "2026-03-11T14:59:59.999999Z"
#define NEXT "2026-03-11T15:00:00Z"

static struct fc_str sales(const char *at, const char *query)
{
    static const struct read_rig read = {read_ask_sales, read_write_sales};

    return read_rig_ask(db, &read, at, query);
}

#define SALES(items) "{\"items\":[" items "],\"next_cursor\":null}"
#define SOLD(period, from, to, orders, quantity, revenue)                                    \
    "{\"period\":\"" period "\",\"from\":\"" from "\",\"to\":\"" to "\",\"orders\":" #orders \
    ",\"quantity\":" #quantity ",\"revenue\":" #revenue ",\"cancelled_orders\":0"            \
    ",\"cancelled_quantity\":0,\"cancelled_revenue\":0}"

static void test_sales_of_days_have_those_without_sales_too(void **state)
{
    (void)state;
    testdb_run(db, "insert into sales_total_daily values ('2026-03-09', 9, 9, 9, 9, 9, 9),"
                   " ('2026-03-10', 3, 7, 70, 1, 2, 20), ('2026-03-12', 2, 4, 40, 0, 0, 0),"
                   " ('2026-03-13', 9, 9, 9, 9, 9, 9)");
    assert_str_equal(sales(NOON, "unit=day&from=2026-03-10&to=2026-03-12"),
                     SALES("{\"period\":\"2026-03-10\",\"from\":\"2026-03-10\",\"to\":"
                           "\"2026-03-10\",\"orders\":3,\"quantity\":7,\"revenue\":70,"
                           "\"cancelled_orders\":1,\"cancelled_quantity\":2,"
                           "\"cancelled_revenue\":20}," SOLD(
                               "2026-03-11", "2026-03-11", "2026-03-11", 0, 0,
                               0) "," SOLD("2026-03-12", "2026-03-12", "2026-03-12", 2, 4, 40)));
}

/* ISO weeks: from Monday, and the year is that of the week's Thursday. */
static void test_sales_of_weeks_around_new_year(void **state)
{
    (void)state;
    testdb_run(db, "insert into sales_total_daily select d::date, 1, 1, 1"
                   " from generate_series(timestamp '2024-12-01', '2027-02-01', '1 day') d");
    assert_str_equal(sales(NOON, "unit=week&from=2024-12-29&to=2025-01-06"),
                     SALES(SOLD("2024-W52", "2024-12-29", "2024-12-29", 1, 1, 1) "," SOLD(
                         "2025-W01", "2024-12-30", "2025-01-05", 7, 7,
                         7) "," SOLD("2025-W02", "2025-01-06", "2025-01-06", 1, 1, 1)));
    assert_str_equal(sales(NOON, "unit=week&from=2026-12-27&to=2027-01-04"),
                     SALES(SOLD("2026-W52", "2026-12-27", "2026-12-27", 1, 1, 1) "," SOLD(
                         "2026-W53", "2026-12-28", "2027-01-03", 7, 7,
                         7) "," SOLD("2027-W01", "2027-01-04", "2027-01-04", 1, 1, 1)));
}

static void test_sales_of_months_count_the_days_asked_for(void **state)
{
    (void)state;
    testdb_run(db, "insert into sales_total_daily select d::date, 1, 2, 3"
                   " from generate_series(timestamp '2024-01-01', '2024-05-01', '1 day') d");
    assert_str_equal(
        sales(NOON, "unit=month&from=2024-01-30&to=2024-04-01"),
        SALES(SOLD("2024-01", "2024-01-30", "2024-01-31", 2, 4, 6) "," SOLD(
            "2024-02", "2024-02-01", "2024-02-29", 29, 58,
            87) "," SOLD("2024-03", "2024-03-01", "2024-03-31", 31, 62,
                         93) "," SOLD("2024-04", "2024-04-01", "2024-04-01", 1, 2, 3)));
}

static void test_sales_of_a_product_of_an_option_and_of_a_category(void **state)
{
    static const char days[] = "from=2026-03-10&to=2026-03-10&";
    char query[128];

    (void)state;
    testdb_run(db, "insert into sales_total_daily values ('2026-03-10', 1, 1, 1)");
    testdb_run(db, "insert into sales_daily values ('2026-03-10', 1, 9, 9, 9),"
                   " ('2026-03-10', 2, 2, 2, 2), ('2026-03-11', 2, 9, 9, 9)");
    testdb_run(db, "insert into sales_option_daily values ('2026-03-10', 2, 21, 3, 3, 3),"
                   " ('2026-03-10', 2, 22, 9, 9, 9)");
    testdb_run(db, "insert into sales_category_daily values ('2026-03-10', 'a b', 4, 4, 4),"
                   " ('2026-03-10', '', 9, 9, 9)");
    (void)snprintf(query, sizeof(query), "%sproduct_id=2", days);
    assert_str_equal(sales(NOON, query),
                     SALES(SOLD("2026-03-10", "2026-03-10", "2026-03-10", 2, 2, 2)));
    (void)snprintf(query, sizeof(query), "%soption_id=21", days);
    assert_str_equal(sales(NOON, query),
                     SALES(SOLD("2026-03-10", "2026-03-10", "2026-03-10", 3, 3, 3)));
    (void)snprintf(query, sizeof(query), "%scategory=a%%20b", days);
    assert_str_equal(sales(NOON, query),
                     SALES(SOLD("2026-03-10", "2026-03-10", "2026-03-10", 4, 4, 4)));
    (void)snprintf(query, sizeof(query), "%sproduct_id=77", days);
    assert_str_equal(sales(NOON, query),
                     SALES(SOLD("2026-03-10", "2026-03-10", "2026-03-10", 0, 0, 0)));
}

/* The last thirty days in Seoul, by day, of the whole shop. */
static void test_sales_are_of_thirty_days_unless_others_are_asked_for(void **state)
{
    struct fc_str answer;

    (void)state;
    answer = sales(LAST, "");
    assert_int_equal(read_rig_count(answer, "\"period\""), 30);
    assert_str_contains(answer, "[{\"period\":\"2026-02-10\"");
    assert_str_contains(answer, "\"period\":\"2026-03-11\"");
    answer = sales(NEXT, "");
    assert_str_contains(answer, "[{\"period\":\"2026-02-11\"");
    assert_str_contains(answer, "\"period\":\"2026-03-12\"");
    answer = sales(NOON, "to=2026-01-31");
    assert_int_equal(read_rig_count(answer, "\"period\""), 30);
    assert_str_contains(answer, "[{\"period\":\"2026-01-02\"");
    answer = sales(NOON, "from=2026-03-10");
    assert_int_equal(read_rig_count(answer, "\"period\""), 2);
    assert_int_equal(read_rig_count(sales(NOON, "to=0001-01-02"), "\"period\""), 2);
}

static void test_sales_of_the_longest_spans(void **state)
{
    (void)state;
    assert_int_equal(read_rig_count(sales(NOON, "from=2025-03-11"), "\"period\""), 366);
    assert_int_equal(read_rig_count(sales(NOON, "unit=week&from=2016-03-04"), "\"period\""), 524);
    assert_int_equal(read_rig_count(sales(NOON, "unit=month&from=2016-03-04"), "\"period\""), 121);
}

static void test_sales_name_every_fault(void **state)
{
    (void)state;
    assert_str_equal(sales(NOON, "unit=year&from=2026-03-12&product_id=0&option_id=x&limit=5"),
                     "parameter unit: must be one of day, week, month\n"
                     "parameter from: must not be after to\n"
                     "parameter product_id: must be an integer from 1 to 9007199254740991\n"
                     "parameter option_id: must be an integer from 1 to 9007199254740991\n"
                     "parameter limit: there is none");
    assert_str_equal(sales(NOON, "product_id=1&option_id=2&category=x"),
                     "parameter product_id: means nothing beside option_id\n"
                     "parameter category: means nothing beside product_id or option_id");
    assert_str_equal(sales(NOON, "from=2025-03-10"),
                     "parameter from: is more than 366 days before to; ask by week or month");
    assert_str_equal(sales(NOON, "unit=month&from=2016-03-03"),
                     "parameter from: is too long before to");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sales_of_days_have_those_without_sales_too),
        TEST(test_sales_of_weeks_around_new_year),
        TEST(test_sales_of_months_count_the_days_asked_for),
        TEST(test_sales_of_a_product_of_an_option_and_of_a_category),
        TEST(test_sales_are_of_thirty_days_unless_others_are_asked_for),
        TEST(test_sales_of_the_longest_spans),
        TEST(test_sales_name_every_fault),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
