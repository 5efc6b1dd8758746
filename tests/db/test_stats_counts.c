/*
 * The daily counters: every order that is told is in them once, however often and in however many
 * messages it is told; what is cancelled or changed counts on the order's own day; what cannot be
 * counted is set aside and stops nobody.
 */
#include "support/expect.h"
#include "support/stats_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>

#define SALES "select day, product_id, orders, quantity, revenue from sales_daily"
#define PRODUCTS "select * from sales_daily"
#define OPTIONS "select * from sales_option_daily"
#define CATEGORIES                                                                   \
    "select day, nullif(category, ''), orders, quantity, revenue, cancelled_orders," \
    " cancelled_quantity, cancelled_revenue from sales_category_daily"
#define TOTALS "select * from sales_total_daily"
#define DAY "2026-03-01"

static struct stats_rig stats;

static int setup(void **state)
{
    (void)state;
    stats_rig_open(&stats, "stats-1");
    worker_rows_clear(stats.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    stats_rig_close(&stats);
    return 0;
}

/* --- telling ---------------------------------------------------------------------------------- */

static const char *line(int option, int product, long long quantity, long long unit_price)
{
    return stats_line(option, product, "", quantity, unit_price);
}

/* Two texts with a comma between them; valid until the call after next. */
static const char *both(const char *first, const char *second)
{
    static char texts[2][32768];
    static size_t next;
    char *text = texts[next++ % 2];
    int len = snprintf(text, sizeof(texts[0]), "%s,%s", first, second);

    assert_in_range(len, 1, sizeof(texts[0]) - 1);
    return text;
}

/* One message of one event of the n-th command. */
static void tell(int n, const char *event)
{
    stats_rig_tell(&stats, stats_told(n, n, event));
}

/* Of the n-th order, paid. */
static void tell_paid(int n, const char *lines)
{
    tell(n, stats_order("paid", DAY, lines, NULL));
}

/* One message of two announcements, of one order each. */
static void tell_both(int first, const char *first_lines, int second, const char *second_lines)
{
    char text[32768];
    const char *a = stats_told(first, first, stats_order("paid", DAY, first_lines, NULL));
    const char *b = stats_told(second, second, stats_order("paid", DAY, second_lines, NULL));
    struct fc_str head = fc_str_of(a);

    head.len--;
    int len = snprintf(text, sizeof(text), FC_STR_FMT ",%s", FC_STR_ARG(head), b + 1);

    assert_in_range(len, 1, sizeof(text) - 1);
    stats_rig_tell(&stats, text);
}

static void run(void)
{
    stats_rig_run(&stats);
}

/* --- counting --------------------------------------------------------------------------------- */

static void test_stats_order_of_two_options_of_a_product_is_one_order(void **state)
{
    (void)state;
    tell_both(1, both(both(line(1, 3, 2, 100), line(2, 3, 1, 50)), line(9, 4, 5, 10)), 2,
              line(1, 3, 1, 100));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,2,4,350)\n(2026-03-01,4,1,5,50)");
    assert_rows(stats.db, OPTIONS,
                "(2026-03-01,3,1,2,3,300,0,0,0)\n(2026-03-01,3,2,1,1,50,0,0,0)\n"
                "(2026-03-01,4,9,1,5,50,0,0,0)");
    assert_rows(stats.db, TOTALS, "(2026-03-01,2,9,400,0,0,0)");
}

static void test_stats_order_of_two_products_of_a_category_is_one_order_of_it(void **state)
{
    const char *mugs = both(stats_line(1, 3, "mugs", 2, 100), stats_line(2, 4, "mugs", 1, 50));

    (void)state;
    tell_paid(1, both(mugs, stats_line(9, 5, "lamps", 1, 7)));
    tell_paid(2, stats_line(1, 3, "mugs", 1, 100));
    tell_paid(3, line(7, 6, 4, 10));
    run();
    assert_rows(stats.db, CATEGORIES,
                "(2026-03-01,,1,4,40,0,0,0)\n(2026-03-01,lamps,1,1,7,0,0,0)\n"
                "(2026-03-01,mugs,2,4,350,0,0,0)");
    assert_rows(stats.db, TOTALS, "(2026-03-01,3,9,397,0,0,0)");
}

static void test_stats_order_told_twice_in_a_batch_counts_once(void **state)
{
    (void)state;
    tell_paid(1, line(1, 3, 2, 100));
    tell_both(1, line(1, 3, 2, 100), 2, line(1, 3, 1, 100));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,2,3,300)");
    assert_rows(stats.db, TOTALS, "(2026-03-01,2,3,300,0,0,0)");
}

static void test_stats_order_told_twice_in_a_message_counts_once(void **state)
{
    (void)state;
    tell_both(1, line(1, 3, 2, 100), 1, line(1, 3, 2, 100));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,1,2,200)");
}

static void test_stats_order_told_again_later_adds_nothing(void **state)
{
    (void)state;
    tell_paid(1, line(1, 3, 2, 100));
    run();
    tell_both(1, line(1, 3, 2, 100), 2, line(1, 3, 1, 100));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,2,3,300)");
}

static void test_stats_batch_that_was_committed_and_comes_again_adds_nothing(void **state)
{
    (void)state;
    tell_paid(1, line(1, 3, 2, 100));
    stats_rig_run_to(&stats, CYCLE_SETTLE);
    stats_rig_die(&stats);
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,1,2,200)");
}

/* --- cancelled and changed -------------------------------------------------------------------- */

/* Whenever it is cancelled, its own day is the one that loses it. */
static void test_stats_cancelled_order_counts_on_its_own_day_beside_what_was_sold(void **state)
{
    const char *lines = both(stats_line(1, 3, "mugs", 2, 100), stats_line(2, 3, "mugs", 1, 50));

    (void)state;
    tell_paid(1, lines);
    tell_paid(2, stats_line(1, 3, "mugs", 1, 100));
    run();
    tell(3, stats_order("cancelled", DAY, lines, NULL));
    tell(3, stats_order("cancelled", DAY, lines, NULL));
    run();
    assert_rows(stats.db, PRODUCTS, "(2026-03-01,3,2,4,350,1,3,250)");
    assert_rows(stats.db, OPTIONS,
                "(2026-03-01,3,1,2,3,300,1,2,200)\n(2026-03-01,3,2,1,1,50,1,1,50)");
    assert_rows(stats.db, CATEGORIES, "(2026-03-01,mugs,2,4,350,1,3,250)");
    assert_rows(stats.db, TOTALS, "(2026-03-01,2,4,350,1,3,250)");
}

/* Of product 3 fewer, at the same price; product 4 goes, product 5 of another category comes. */
static void test_stats_changed_order_moves_what_was_sold_by_the_difference(void **state)
{
    const char *before = both(stats_line(1, 3, "mugs", 5, 100), stats_line(2, 4, "mugs", 1, 50));
    const char *after = both(stats_line(1, 3, "mugs", 3, 100), stats_line(9, 5, "lamps", 1, 7));

    (void)state;
    tell_paid(1, before);
    run();
    tell(2, stats_order("changed", DAY, after, before));
    run();
    assert_rows(stats.db, PRODUCTS,
                "(2026-03-01,3,1,3,300,0,0,0)\n(2026-03-01,4,0,0,0,0,0,0)\n"
                "(2026-03-01,5,1,1,7,0,0,0)");
    assert_rows(stats.db, OPTIONS,
                "(2026-03-01,3,1,1,3,300,0,0,0)\n(2026-03-01,4,2,0,0,0,0,0,0)\n"
                "(2026-03-01,5,9,1,1,7,0,0,0)");
    assert_rows(stats.db, CATEGORIES,
                "(2026-03-01,lamps,1,1,7,0,0,0)\n(2026-03-01,mugs,1,3,300,0,0,0)");
    assert_rows(stats.db, TOTALS, "(2026-03-01,1,4,307,0,0,0)");
}

static void test_stats_changed_order_is_still_one_of_a_product_in_another_option(void **state)
{
    (void)state;
    tell_paid(1, line(1, 3, 5, 100));
    tell(2, stats_order("changed", DAY, line(2, 3, 4, 90), line(1, 3, 5, 100)));
    run();
    assert_rows(stats.db, PRODUCTS, "(2026-03-01,3,1,4,360,0,0,0)");
    assert_rows(stats.db, OPTIONS, "(2026-03-01,3,1,0,0,0,0,0,0)\n(2026-03-01,3,2,1,4,360,0,0,0)");
}

/* A category that a product was given after it was sold is that of later orders. */
static void test_stats_count_the_category_that_a_product_was_sold_in(void **state)
{
    (void)state;
    tell_paid(1, stats_line(1, 3, "mugs", 2, 100));
    tell_paid(2, stats_line(1, 3, "gifts", 1, 100));
    tell(3, stats_order("cancelled", DAY, stats_line(1, 3, "mugs", 2, 100), NULL));
    run();
    assert_rows(stats.db, CATEGORIES,
                "(2026-03-01,gifts,1,1,100,0,0,0)\n(2026-03-01,mugs,1,2,200,1,2,200)");
    assert_rows(stats.db, PRODUCTS, "(2026-03-01,3,2,3,300,1,2,200)");
}

/* Told in the wrong order, one by one and together, some of it twice: it comes to the same. */
static void test_stats_order_of_telling_makes_no_difference(void **state)
{
    const char *was = stats_line(1, 3, "mugs", 5, 100);
    const char *is = stats_line(2, 4, "lamps", 2, 30);
    char right[4][8192];
    struct fc_str wanted;

    (void)state;
    (void)snprintf(right[0], sizeof(right[0]), "%s",
                   stats_told(1, 1, stats_order("paid", DAY, was, NULL)));
    (void)snprintf(right[1], sizeof(right[1]), "%s",
                   stats_told(2, 2, stats_order("changed", DAY, is, was)));
    (void)snprintf(right[2], sizeof(right[2]), "%s",
                   stats_told(3, 3, stats_order("cancelled", DAY, is, NULL)));
    (void)snprintf(right[3], sizeof(right[3]), "%s",
                   stats_told(4, 4, stats_order("paid", DAY, is, NULL)));
    for (int i = 0; i < 4; i++)
        stats_rig_tell(&stats, right[i]);
    run();
    wanted = stats_rig_rows(&stats);
    assert_rows(stats.db, TOTALS, "(2026-03-01,2,4,120,1,2,60)");
    worker_rows_clear(stats.db);
    for (int i = 3; i >= 0; i--) {
        stats_rig_tell(&stats, right[i]);
        run();
        stats_rig_tell(&stats, right[3]);
    }
    run();
    assert_str_equal(stats_rig_rows(&stats), wanted.ptr);
}

/* --- what cannot be counted ------------------------------------------------------------------- */

static void test_stats_message_that_is_no_event_is_parked_alone(void **state)
{
    (void)state;
    tell_paid(1, line(1, 3, 2, 100));
    stats_rig_tell(&stats, "{\"type\":\"order.paid\"}");
    tell_paid(2, line(1, 3, 1, 100));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,2,3,300)");
    assert_rows(stats.db, "select queue, reason, times from parked",
                "(stats.0,\"the message is no JSON array\",1)");
}

/* Nobody's order, as no core decides it: it must not be the end of every worker that meets it. */
static void test_stats_amount_beyond_all_bounds_is_parked(void **state)
{
    (void)state;
    tell_paid(1, line(1, 3, 2000000000LL, 1000000000000000LL));
    tell_paid(2, line(1, 3, 1, 100));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,1,1,100)");
    assert_int_equal(testdb_ask(stats.db, "select count(*) from parked"), 1);
}

static void test_stats_largest_line_counts(void **state)
{
    (void)state;
    tell_paid(1, line(1, 3, QUANTITY_MAX, PRICE_KRW_MAX));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,1,1000000,1000000000000000)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stats_order_of_two_options_of_a_product_is_one_order),
        TEST(test_stats_order_of_two_products_of_a_category_is_one_order_of_it),
        TEST(test_stats_order_told_twice_in_a_batch_counts_once),
        TEST(test_stats_order_told_twice_in_a_message_counts_once),
        TEST(test_stats_order_told_again_later_adds_nothing),
        TEST(test_stats_batch_that_was_committed_and_comes_again_adds_nothing),
        TEST(test_stats_cancelled_order_counts_on_its_own_day_beside_what_was_sold),
        TEST(test_stats_changed_order_moves_what_was_sold_by_the_difference),
        TEST(test_stats_changed_order_is_still_one_of_a_product_in_another_option),
        TEST(test_stats_count_the_category_that_a_product_was_sold_in),
        TEST(test_stats_order_of_telling_makes_no_difference),
        TEST(test_stats_message_that_is_no_event_is_parked_alone),
        TEST(test_stats_amount_beyond_all_bounds_is_parked),
        TEST(test_stats_largest_line_counts),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
