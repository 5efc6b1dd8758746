/*
 * The ranking of products: live, or as it stood when the last day was closed.
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

static struct fc_str top(const char *at, const char *query)
{
    static const struct read_rig read = {read_ask_top, read_write_top};

    return read_rig_ask(db, &read, at, query);
}

/* {"from":…,"to":…,"by":…,"items":[ … ]} around a ranking's items. */
#define TOP(from, to, by, items)                                                   \
    "{\"from\":\"" from "\",\"to\":\"" to "\",\"by\":\"" by "\",\"items\":[" items \
    "],\"next_cursor\":null}"
#define ROW(rank, id, name, quantity, orders, revenue)                                         \
    "{\"rank\":" #rank ",\"product_id\":" #id ",\"name\":\"" name "\",\"quantity\":" #quantity \
    ",\"orders\":" #orders ",\"revenue\":" #revenue "}"

static void put_products(void)
{
    testdb_run(db, "insert into product select n, 'p' || n, 10, case n % 2 when 0 then 'even'"
                   " else 'odd' end, 'on_sale', false, 1, now() from generate_series(1, 9) n");
}

static void put_policy(const char *text)
{
    char statement[512];

    (void)snprintf(statement, sizeof(statement),
                   "insert into policy (version, document) select coalesce(max(version), 0) + 1,"
                   " $p$%s$p$ from policy",
                   text);
    testdb_run(db, statement);
}

static void put_three_days(void)
{
    put_products();
    testdb_run(db, "insert into sales_daily values ('2026-03-08', 1, 9, 99, 999),"
                   " ('2026-03-09', 2, 1, 8, 80), ('2026-03-10', 2, 2, 2, 20),"
                   " ('2026-03-11', 3, 1, 10, 50), ('2026-03-11', 4, 4, 4, 400),"
                   " ('2026-03-12', 5, 9, 99, 999)");
}

static void test_top_is_of_today_in_seoul_and_the_two_days_before_by_quantity(void **state)
{
    static const char want[] = TOP(
        "2026-03-09", "2026-03-11", "quantity",
        ROW(1, 2, "p2", 10, 3, 100) "," ROW(2, 3, "p3", 10, 1, 50) "," ROW(3, 4, "p4", 4, 4, 400));

    (void)state;
    put_three_days();
    assert_str_equal(top(NOON, ""), want);
    assert_str_equal(top(LAST, ""), want);
    assert_str_equal(top("2026-03-10T15:00:00Z", ""), want);
}

static void test_top_moves_on_at_midnight_in_seoul(void **state)
{
    (void)state;
    put_three_days();
    assert_str_equal(top(NEXT, "limit=1"),
                     TOP("2026-03-10", "2026-03-12", "quantity", ROW(1, 5, "p5", 99, 9, 999)));
}

static void test_top_by_orders_and_by_revenue(void **state)
{
    (void)state;
    put_three_days();
    assert_str_equal(top(NOON, "by=orders&limit=2"),
                     TOP("2026-03-09", "2026-03-11", "orders",
                         ROW(1, 4, "p4", 4, 4, 400) "," ROW(2, 2, "p2", 10, 3, 100)));
    assert_str_equal(top(NOON, "by=revenue&limit=2"),
                     TOP("2026-03-09", "2026-03-11", "revenue",
                         ROW(1, 4, "p4", 4, 4, 400) "," ROW(2, 2, "p2", 10, 3, 100)));
}

static void test_top_of_any_days(void **state)
{
    (void)state;
    put_three_days();
    assert_str_equal(top(NOON, "days=1&limit=1"),
                     TOP("2026-03-11", "2026-03-11", "quantity", ROW(1, 3, "p3", 10, 1, 50)));
    assert_str_equal(top(NOON, "days=4&limit=1"),
                     TOP("2026-03-08", "2026-03-11", "quantity", ROW(1, 1, "p1", 99, 9, 999)));
    assert_str_equal(top(NOON, "to=2026-03-10&days=2&limit=1"),
                     TOP("2026-03-09", "2026-03-10", "quantity", ROW(1, 2, "p2", 10, 3, 100)));
    assert_str_equal(top(NOON, "from=2026-03-08&limit=1"),
                     TOP("2026-03-08", "2026-03-11", "quantity", ROW(1, 1, "p1", 99, 9, 999)));
    assert_str_equal(top(NOON, "from=2026-03-12&to=2026-03-12"),
                     TOP("2026-03-12", "2026-03-12", "quantity", ROW(1, 5, "p5", 99, 9, 999)));
}

/* Five, unless another number is asked for. */
static void test_top_lists_five_and_the_smaller_id_first_among_equals(void **state)
{
    (void)state;
    put_products();
    testdb_run(db, "insert into sales_daily select '2026-03-11', n, 1, 2, 20"
                   " from generate_series(9, 1, -1) n");
    assert_str_equal(
        top(NOON, ""),
        TOP("2026-03-09", "2026-03-11", "quantity",
            ROW(1, 1, "p1", 2, 1, 20) "," ROW(2, 2, "p2", 2, 1, 20) "," ROW(
                3, 3, "p3", 2, 1, 20) "," ROW(4, 4, "p4", 2, 1, 20) "," ROW(5, 5, "p5", 2, 1, 20)));
}

static void test_top_leaves_out_what_was_cancelled(void **state)
{
    (void)state;
    put_products();
    testdb_run(db, "insert into sales_daily values ('2026-03-11', 1, 3, 30, 300, 2, 25, 250),"
                   " ('2026-03-11', 2, 2, 6, 60, 0, 0, 0), ('2026-03-11', 3, 2, 9, 90, 2, 9, 90),"
                   " ('2026-03-11', 4, 0, 0, 0, 0, 0, 0)");
    assert_str_equal(top(NOON, ""), TOP("2026-03-09", "2026-03-11", "quantity",
                                        ROW(1, 2, "p2", 6, 2, 60) "," ROW(2, 1, "p1", 5, 1, 50)));
}

/* The category that the product is in now, wherever it was sold. */
static void test_top_within_a_category(void **state)
{
    (void)state;
    put_three_days();
    assert_str_equal(top(NOON, "category=odd"),
                     TOP("2026-03-09", "2026-03-11", "quantity", ROW(1, 3, "p3", 10, 1, 50)));
    testdb_run(db, "update product set category = 'odd' where product_id = 4");
    assert_str_equal(top(NOON, "category=odd"),
                     TOP("2026-03-09", "2026-03-11", "quantity",
                         ROW(1, 3, "p3", 10, 1, 50) "," ROW(2, 4, "p4", 4, 4, 400)));
}

static void test_top_is_empty_where_nothing_was_sold(void **state)
{
    (void)state;
    assert_str_equal(top(NOON, ""), TOP("2026-03-09", "2026-03-11", "quantity", ""));
    put_three_days();
    assert_str_equal(top(NOON, "category=none"), TOP("2026-03-09", "2026-03-11", "quantity", ""));
}

static void test_top_names_every_fault(void **state)
{
    (void)state;
    assert_str_equal(top(NOON, "days=0&by=price&limit=101&from=2026-03-12&x=1"),
                     "parameter from: must not be after to\n"
                     "parameter days: must be an integer from 1 to 3660\n"
                     "parameter by: must be one of quantity, orders, revenue\n"
                     "parameter limit: must be an integer from 1 to 100\n"
                     "parameter x: there is none");
    assert_str_equal(top(NOON, "days=3&from=2026-03-01"),
                     "parameter days: means nothing beside from");
    assert_str_equal(top(NOON, "from=2016-03-03&limit=1"), "parameter from: is too long before to");
    assert_str_equal(top(NOON, "from=2016-03-04"), TOP("2016-03-04", "2026-03-11", "quantity", ""));
    assert_str_equal(top(NOON, "to=0001-01-02"), TOP("0001-01-01", "0001-01-02", "quantity", ""));
}

/* The newest policy decides; what a reader says goes before. */
static void test_top_is_what_the_policy_says_unless_the_reader_does(void **state)
{
    (void)state;
    put_three_days();
    put_policy("{\"ranking\":{\"by\":\"orders\",\"refresh\":\"live\",\"days\":9}}");
    put_policy("{\"ranking\":{\"by\":\"revenue\",\"refresh\":\"live\",\"days\":1}}");
    assert_str_equal(top(NOON, "limit=1"),
                     TOP("2026-03-11", "2026-03-11", "revenue", ROW(1, 4, "p4", 4, 4, 400)));
    assert_str_equal(top(NOON, "limit=1&by=quantity&days=4"),
                     TOP("2026-03-08", "2026-03-11", "quantity", ROW(1, 1, "p1", 99, 9, 999)));
    put_policy("{}");
    assert_str_equal(top(NOON, "limit=1"),
                     TOP("2026-03-09", "2026-03-11", "quantity", ROW(1, 2, "p2", 10, 3, 100)));
}

static void test_top_refreshed_daily_is_of_the_days_closed(void **state)
{
    (void)state;
    put_three_days();
    put_policy("{\"ranking\":{\"by\":\"quantity\",\"refresh\":\"daily\",\"days\":2}}");
    testdb_run(db, "insert into day_closed values ('2026-03-08', now()), ('2026-03-09', now())");
    testdb_run(db, "insert into sales_closed values ('2026-03-07', 6, 1, 70, 70),"
                   " ('2026-03-08', 1, 1, 5, 50), ('2026-03-09', 2, 1, 6, 60),"
                   " ('2026-03-09', 3, 0, 0, 0), ('2026-03-10', 7, 1, 80, 80)");
    /* Whatever was sold since, and however late it is: the last two days that were closed. */
    assert_str_equal(top(NOON, ""), TOP("2026-03-08", "2026-03-09", "quantity",
                                        ROW(1, 2, "p2", 6, 1, 60) "," ROW(2, 1, "p1", 5, 1, 50)));
    assert_str_equal(top("2026-04-01T00:00:00Z", "limit=1"),
                     TOP("2026-03-08", "2026-03-09", "quantity", ROW(1, 2, "p2", 6, 1, 60)));
    assert_str_equal(top(NOON, "days=3&limit=1"),
                     TOP("2026-03-07", "2026-03-09", "quantity", ROW(1, 6, "p6", 70, 1, 70)));
    assert_str_equal(top(NOON, "from=2026-03-08&to=2026-03-08"),
                     TOP("2026-03-08", "2026-03-08", "quantity", ROW(1, 1, "p1", 5, 1, 50)));
}

static void test_top_refreshed_daily_is_empty_before_the_first_day_is_closed(void **state)
{
    (void)state;
    put_three_days();
    put_policy("{\"ranking\":{\"refresh\":\"daily\"}}");
    assert_str_equal(top(NOON, ""), TOP("2026-03-08", "2026-03-10", "quantity", ""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_top_is_of_today_in_seoul_and_the_two_days_before_by_quantity),
        TEST(test_top_moves_on_at_midnight_in_seoul),
        TEST(test_top_by_orders_and_by_revenue),
        TEST(test_top_of_any_days),
        TEST(test_top_lists_five_and_the_smaller_id_first_among_equals),
        TEST(test_top_leaves_out_what_was_cancelled),
        TEST(test_top_within_a_category),
        TEST(test_top_is_empty_where_nothing_was_sold),
        TEST(test_top_names_every_fault),
        TEST(test_top_is_what_the_policy_says_unless_the_reader_does),
        TEST(test_top_refreshed_daily_is_of_the_days_closed),
        TEST(test_top_refreshed_daily_is_empty_before_the_first_day_is_closed),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
