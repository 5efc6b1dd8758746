/*
 * When a day is closed its counters, and those of the thirty days before it, are kept as they stand
 * then: with what was told before and without what was told after, once for ever.
 */
#include "support/expect.h"
#include "support/stats_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>

#define CLOSED "select * from sales_closed"
#define DAYS "select day, to_char(closed_at at time zone 'UTC', 'HH24:MI:SS') from day_closed"

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

static void tell(int n, const char *event)
{
    stats_rig_tell(&stats, stats_told(n, n, event));
}

/* The n-th command: so many pieces of product 3 for 10 won each. */
static void tell_paid(int n, const char *day, int quantity)
{
    tell(n, stats_order("paid", day, stats_line(1, 3, "", quantity, 10), NULL));
}

static void tell_closing(int n, const char *day)
{
    tell(n, stats_closing(day));
}

static void run(void)
{
    stats_rig_run(&stats);
}

static void test_stats_closed_day_keeps_what_was_sold_less_what_was_cancelled(void **state)
{
    (void)state;
    tell_paid(1, "2026-03-01", 5);
    tell_paid(2, "2026-03-01", 2);
    tell(3, stats_order("cancelled", "2026-03-01", stats_line(1, 3, "", 2, 10), NULL));
    run();
    assert_rows(stats.db, CLOSED, "");
    tell_closing(4, "2026-03-01");
    run();
    assert_rows(stats.db, CLOSED, "(2026-03-01,3,1,5,50)");
    assert_rows(stats.db, DAYS, "(2026-03-01,12:00:05)");
}

/* All in one batch. */
static void test_stats_closed_day_has_what_was_told_before_and_not_what_was_told_after(void **state)
{
    (void)state;
    tell_paid(1, "2026-03-01", 5);
    tell_closing(2, "2026-03-01");
    tell_paid(3, "2026-03-01", 7);
    tell_paid(4, "2026-03-02", 1);
    tell_closing(5, "2026-03-02");
    tell_paid(6, "2026-03-02", 9);
    run();
    /* The second closing copied the first day anew. */
    assert_rows(stats.db, CLOSED, "(2026-03-01,3,2,12,120)\n(2026-03-02,3,1,1,10)");
    assert_rows(stats.db, "select day, quantity from sales_daily",
                "(2026-03-01,12)\n(2026-03-02,10)");
}

static void test_stats_closing_told_again_copies_nothing(void **state)
{
    (void)state;
    tell_paid(1, "2026-03-01", 5);
    tell_closing(2, "2026-03-01");
    run();
    tell_paid(3, "2026-03-01", 7);
    tell_closing(2, "2026-03-01");
    run();
    tell_closing(2, "2026-03-01");
    run();
    assert_rows(stats.db, CLOSED, "(2026-03-01,3,1,5,50)");
}

static void test_stats_closing_told_twice_in_a_batch_is_that_of_the_first(void **state)
{
    (void)state;
    tell_paid(1, "2026-03-01", 5);
    tell_closing(2, "2026-03-01");
    tell_closing(2, "2026-03-01");
    tell_paid(3, "2026-03-01", 7);
    tell_closing(2, "2026-03-01");
    run();
    assert_rows(stats.db, CLOSED, "(2026-03-01,3,1,5,50)");
}

/* Killed after the commit: told again, counted before. */
static void test_stats_that_die_behind_a_closing_close_it_once(void **state)
{
    (void)state;
    tell_paid(1, "2026-03-01", 5);
    tell_closing(2, "2026-03-01");
    tell_paid(3, "2026-03-01", 7);
    stats_rig_run_to(&stats, CYCLE_SETTLE);
    stats_rig_die(&stats);
    run();
    assert_rows(stats.db, CLOSED, "(2026-03-01,3,1,5,50)");
}

/* Another command closes it once more, as an administrator may. */
static void test_stats_day_closed_anew_is_as_it_stands_then(void **state)
{
    (void)state;
    tell_paid(1, "2026-03-01", 5);
    tell_closing(2, "2026-03-01");
    run();
    tell(3, stats_order("cancelled", "2026-03-01", stats_line(1, 3, "", 5, 10), NULL));
    tell_closing(4, "2026-03-01");
    run();
    assert_rows(stats.db, CLOSED, "(2026-03-01,3,0,0,0)");
    assert_rows(stats.db, DAYS, "(2026-03-01,12:00:05)");
}

static void test_stats_closing_copies_thirty_days_before_it_and_none_behind(void **state)
{
    (void)state;
    tell_paid(1, "2026-01-29", 1);
    tell_paid(2, "2026-01-30", 2);
    tell_paid(3, "2026-03-01", 4);
    tell_paid(4, "2026-03-02", 8);
    tell_closing(5, "2026-03-01");
    run();
    assert_rows(stats.db, CLOSED, "(2026-01-30,3,1,2,20)\n(2026-03-01,3,1,4,40)");
}

/* What is not in the counters any more is not in the copy of their days either. */
static void test_stats_closing_replaces_what_was_kept_of_its_days(void **state)
{
    (void)state;
    testdb_run(stats.db, "insert into sales_closed values ('2026-01-29', 9, 1, 1, 1),"
                         " ('2026-01-30', 9, 1, 1, 1), ('2026-03-01', 3, 7, 7, 7)");
    tell_paid(1, "2026-03-01", 4);
    tell_closing(2, "2026-03-01");
    run();
    assert_rows(stats.db, CLOSED, "(2026-01-29,9,1,1,1)\n(2026-03-01,3,1,4,40)");
}

/* After a pause the clock closes the days that were missed. */
static void test_stats_days_closed_one_after_another_are_all_noted(void **state)
{
    (void)state;
    tell_paid(1, "2026-02-27", 1);
    tell_closing(2, "2026-02-27");
    tell_closing(3, "2026-02-28");
    tell_closing(4, "2026-03-01");
    run();
    assert_rows(stats.db, CLOSED, "(2026-02-27,3,1,1,10)");
    assert_rows(stats.db, DAYS,
                "(2026-02-27,12:00:03)\n(2026-02-28,12:00:04)\n"
                "(2026-03-01,12:00:05)");
}

/* More of them in one batch, each behind an order, than statements go into one exchange. */
static void test_stats_closings_of_a_whole_batch_stand_each_in_their_place(void **state)
{
    char day[16];
    int n = 0;

    (void)state;
    for (int i = 0; i < 100; i++) {
        struct fc_buf buf = fc_buf_of(day, sizeof(day));

        fc_day_put(&buf, (struct fc_day){20000 + i});
        day[buf.len] = '\0';
        tell_paid(++n, day, 1);
        tell_closing(++n, day);
        tell_paid(++n, day, 1);
    }
    /* Of each day both were sold, and but for the last its second came before the next closing. */
    run();
    assert_int_equal(testdb_ask(stats.db, "select count(*) from day_closed"), 100);
    assert_int_equal(testdb_ask(stats.db, "select count(*) from sales_closed where quantity = 2"),
                     99);
    assert_rows(stats.db, "select quantity from sales_closed order by day desc limit 1", "(1)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stats_closed_day_keeps_what_was_sold_less_what_was_cancelled),
        TEST(test_stats_closed_day_has_what_was_told_before_and_not_what_was_told_after),
        TEST(test_stats_closing_told_again_copies_nothing),
        TEST(test_stats_closing_told_twice_in_a_batch_is_that_of_the_first),
        TEST(test_stats_that_die_behind_a_closing_close_it_once),
        TEST(test_stats_day_closed_anew_is_as_it_stands_then),
        TEST(test_stats_closing_copies_thirty_days_before_it_and_none_behind),
        TEST(test_stats_closing_replaces_what_was_kept_of_its_days),
        TEST(test_stats_days_closed_one_after_another_are_all_noted),
        TEST(test_stats_closings_of_a_whole_batch_stand_each_in_their_place),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
