/*
 * Counters made anew from the journal are the very rows of a worker that was told everything,
 * in whatever order and however often; what was kept when days were closed is left alone; and it is
 * all or nothing, with the worker waiting meanwhile.
 */
#include "stats/rebuild.h"

#include "sql/queries.h"

#include "support/expect.h"
#include "support/stats_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>
#include <stdlib.h>

#define KEPT "select * from sales_closed"

static struct stats_rig stats;
static struct db *other;
static struct fc_arena arena;

static int setup(void **state)
{
    (void)state;
    stats_rig_open(&stats, "stats-1");
    other = testdb_open(NULL);
    worker_rows_clear(stats.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(other);
    stats_rig_close(&stats);
    return 0;
}

static struct rebuilt rebuild(void)
{
    struct rebuilt rebuilt;
    struct fc_err err;

    if (stats_rebuild(other, &arena, &rebuilt, &err) == FC_FAIL)
        fail_msg("%s: %s (%s)", err.where, err.text, err.code);
    return rebuilt;
}

/* Decided as the n-th command, and told. */
static void happen(int n, const char *events)
{
    stats_rig_tell(&stats, stats_rig_decide(&stats, n, n, events));
}

static const char *mugs(int quantity)
{
    return stats_line(31, 3, "mugs", quantity, 100);
}

static const char *lamps(int quantity)
{
    return stats_line(41, 4, "", quantity, 250);
}

/* Orders of three days, cancelled and changed ones; some told twice, some before their time. */
static void happen_all(void)
{
    static const char *const registered =
        "{\"type\":\"user.registered\",\"subject\":\"user:7\",\"version\":1,\"data\":{\"user_id\":"
        "7,\"x\":\"\\\"type\\\":\\\"order.\"}}";
    char two[4096];
    const char *late;

    (void)stats_rig_decide(&stats, 90, 90, registered);
    happen(1, stats_order("paid", "2026-03-01", mugs(5), NULL));
    happen(2, stats_order("paid", "2026-03-02", lamps(2), NULL));
    late = stats_rig_decide(&stats, 3, 3, stats_order("paid", "2026-03-02", mugs(4), NULL));
    happen(4, stats_order("changed", "2026-03-02", lamps(1), mugs(4)));
    happen(5, stats_order("cancelled", "2026-03-01", mugs(5), NULL));
    stats_rig_tell(&stats, late);
    stats_rig_tell(&stats, late);
    /* Not the first of its command's events, as in life: its id says so. */
    (void)snprintf(two, sizeof(two), "%s,\n%s", registered,
                   stats_order("paid", "2026-03-03", lamps(1), NULL));
    happen(6, two);
    stats_rig_run(&stats);
}

static void test_rebuild_gives_the_very_rows_that_were_there(void **state)
{
    struct fc_str before;
    struct rebuilt rebuilt;

    (void)state;
    happen_all();
    before = stats_rig_rows(&stats);
    assert_rows(stats.db, "select * from sales_total_daily",
                "(2026-03-01,1,5,500,1,5,500)\n(2026-03-02,2,3,750,0,0,0)\n"
                "(2026-03-03,1,1,250,0,0,0)");
    for (int i = 0; i < 2; i++) {
        rebuilt = rebuild();
        assert_str_equal(stats_rig_rows(&stats), before.ptr);
        assert_int_equal(rebuilt.events, 6);
    }
    assert_int_equal(rebuilt.rows, 4 + 4 + 4 + 3);
}

static void test_rebuild_repairs_what_was_damaged(void **state)
{
    struct fc_str before;

    (void)state;
    happen_all();
    before = stats_rig_rows(&stats);
    testdb_run(stats.db, "update sales_daily set quantity = quantity + 1");
    testdb_run(stats.db, "delete from sales_option_daily");
    testdb_run(stats.db, "insert into sales_category_daily values ('2026-03-01', 'x', 1, 1, 1)");
    testdb_run(stats.db, "truncate sales_total_daily");
    testdb_run(stats.db, "insert into counted_event values (gen_random_uuid())");
    (void)rebuild();
    assert_str_equal(stats_rig_rows(&stats), before.ptr);
}

static void test_rebuild_counts_what_is_told_after_it_once(void **state)
{
    const char *told;
    struct fc_str rebuilt;

    (void)state;
    happen(1, stats_order("paid", "2026-03-01", mugs(5), NULL));
    told = stats_rig_decide(&stats, 2, 2, stats_order("paid", "2026-03-01", mugs(1), NULL));
    (void)rebuild();
    assert_rows(stats.db, "select quantity from sales_daily", "(6)");
    rebuilt = stats_rig_rows(&stats);
    stats_rig_tell(&stats, told);
    stats_rig_run(&stats);
    assert_str_equal(stats_rig_rows(&stats), rebuilt.ptr);
}

static void test_rebuild_leaves_what_was_kept_when_days_were_closed(void **state)
{
    struct fc_str before;
    struct fc_str kept;

    (void)state;
    happen(1, stats_order("paid", "2026-03-01", mugs(5), NULL));
    happen(2, stats_closing("2026-03-01"));
    happen(3, stats_order("cancelled", "2026-03-01", mugs(5), NULL));
    stats_rig_run(&stats);
    before = stats_rig_rows(&stats);
    kept = worker_rows_text(stats.db, KEPT);
    assert_str_equal(kept, "(2026-03-01,3,1,5,500)");
    (void)rebuild();
    assert_str_equal(stats_rig_rows(&stats), before.ptr);
    assert_str_equal(worker_rows_text(stats.db, KEPT), kept.ptr);
}

/* Counted before, it is so still; another of that day, which is yet to be told, closes it then. */
static void test_rebuild_neither_repeats_nor_swallows_a_closing(void **state)
{
    const char *closed;
    const char *open;

    (void)state;
    happen(1, stats_order("paid", "2026-03-01", mugs(5), NULL));
    closed = stats_rig_decide(&stats, 2, 2, stats_closing("2026-03-01"));
    stats_rig_tell(&stats, closed);
    stats_rig_run(&stats);
    happen(3, stats_order("paid", "2026-03-01", mugs(2), NULL));
    open = stats_rig_decide(&stats, 4, 4, stats_closing("2026-03-01"));
    stats_rig_run(&stats);
    (void)rebuild();
    stats_rig_tell(&stats, closed);
    stats_rig_run(&stats);
    assert_rows(stats.db, KEPT, "(2026-03-01,3,1,5,500)");
    stats_rig_tell(&stats, open);
    stats_rig_run(&stats);
    assert_rows(stats.db, KEPT, "(2026-03-01,3,2,7,700)");
    assert_int_equal(testdb_ask(stats.db, "select count(*) from day_closed"), 1);
}

static void test_rebuild_of_an_empty_journal_leaves_no_counter(void **state)
{
    struct rebuilt rebuilt;

    (void)state;
    testdb_run(stats.db, "insert into sales_total_daily values ('2026-03-01', 1, 1, 1)");
    rebuilt = rebuild();
    assert_int_equal(rebuilt.events, 0);
    assert_int_equal(rebuilt.rows, 0);
    assert_int_equal(stats_rig_rows(&stats).len, 0);
}

static void test_rebuild_of_a_journal_that_cannot_be_read_changes_nothing(void **state)
{
    struct rebuilt rebuilt;
    struct fc_str before;
    struct fc_err err;

    (void)state;
    happen_all();
    before = stats_rig_rows(&stats);
    (void)stats_rig_decide(&stats, 91, 91, stats_order("paid", "2026-03-01", "", NULL));
    assert_int_equal(stats_rebuild(other, &arena, &rebuilt, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_PARK);
    assert_str_contains(fc_str_of(err.text), "row 8 of the journal");
    assert_str_equal(stats_rig_rows(&stats), before.ptr);
    /* And nobody waits for it any more. */
    happen(92, stats_order("paid", "2026-03-01", mugs(1), NULL));
    stats_rig_run(&stats);
    assert_rows(stats.db, "select orders from sales_total_daily where day = '2026-03-01'", "(2)");
}

/* Held up by a statement of a worker's, it counts what that one leaves to it: no more, no less. */
static void test_rebuild_waits_for_a_worker_that_counts_and_workers_wait_for_it(void **state)
{
    struct fc_err err;
    struct fc_str before;

    (void)state;
    happen(1, stats_order("paid", "2026-03-01", mugs(5), NULL));
    stats_rig_run(&stats);
    before = stats_rig_rows(&stats);
    testdb_run(other, "set lock_timeout = '50ms'");
    testdb_run(stats.db, "begin");
    testdb_run(stats.db, "insert into counted_event values (gen_random_uuid())");
    struct rebuilt rebuilt;

    assert_int_equal(stats_rebuild(other, &arena, &rebuilt, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RETRY);
    testdb_run(stats.db, "rollback");
    testdb_run(stats.db, "set lock_timeout = '50ms'");
    testdb_run(other, "begin");
    testdb_run(other, sql_rebuild_lock.text);
    stats_rig_tell(&stats, stats_told(2, 2, stats_order("paid", "2026-03-01", mugs(1), NULL)));
    stats_rig_run_to(&stats, CYCLE_COMMIT);
    struct cycle_step step;

    assert_int_equal(cycle_do_step(&stats.cycle, worker_instant(0), &step, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RETRY);
    assert_str_equal(stats_rig_rows(&stats), before.ptr);
    testdb_run(other, "rollback");
    stats_rig_run(&stats);
    assert_rows(stats.db, "select quantity from sales_daily", "(6)");
}

/* More than are folded at once, more than are asked for at once. */
static void test_rebuild_of_thousands_of_orders(void **state)
{
    enum { ORDERS = 5000 };

    (void)state;
    testdb_run(stats.db,
               "insert into journal (command_id, type, partition, key, accepted_at, decided_at,"
               " body, result, events) select gen_random_uuid(), 'order.place', 1, 'user:7', now(),"
               " now(), '{}', '{}', '[{\"type\":\"order.paid\",\"subject\":\"order:x\",\"version\":"
               "1,\"data\":{\"day\":\"' || (date '2026-01-01' + n % 10) || '\",\"lines\":[{"
               "\"option_id\":' || (n % 7 + 1) || ',\"product_id\":1,\"quantity\":2,"
               "\"unit_price\":10}]}}]' from generate_series(1, 5000) n");
    struct rebuilt rebuilt = rebuild();

    assert_int_equal(rebuilt.events, ORDERS);
    assert_int_equal(rebuilt.rows, 10 + 70 + 10 + 10);
    assert_rows(
        stats.db,
        "select sum(orders), sum(quantity), sum(revenue), count(*), min(orders), max(orders)"
        " from sales_total_daily",
        "(5000,10000,100000,10,500,500)");
    assert_int_equal(testdb_ask(stats.db, "select sum(quantity)::bigint from sales_option_daily"),
                     2 * ORDERS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_rebuild_gives_the_very_rows_that_were_there),
        TEST(test_rebuild_repairs_what_was_damaged),
        TEST(test_rebuild_counts_what_is_told_after_it_once),
        TEST(test_rebuild_leaves_what_was_kept_when_days_were_closed),
        TEST(test_rebuild_neither_repeats_nor_swallows_a_closing),
        TEST(test_rebuild_of_an_empty_journal_leaves_no_counter),
        TEST(test_rebuild_of_a_journal_that_cannot_be_read_changes_nothing),
        TEST(test_rebuild_waits_for_a_worker_that_counts_and_workers_wait_for_it),
        TEST(test_rebuild_of_thousands_of_orders),
    };
    void *memory = aligned_alloc(4096, REBUILD_ARENA_BYTES); /* heap: at start */

    if (memory == NULL || !testdb_begin())
        return 77;
    fc_arena_init(&arena, memory, REBUILD_ARENA_BYTES);
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
