/*
 * The stats worker's daily counters, from what the order worker really announces: every event once,
 * however often and in whatever company it is told.
 */
#include "stats/rebuild.h"

#include "sql/queries.h"

#include "support/expect.h"
#include "support/stats_rig.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS "select day, product_id, orders, quantity, revenue from sales_daily"

static struct worker_rig order;
static struct stats_rig stats;
static char message[4 * 1024 * 1024];

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    testdb_run(order.db, "update product_option set total = 1000000");
    testdb_run(order.db, "update wallet set balance = 1000000000");
    stats_rig_open(&stats, "stats-1");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    stats_rig_close(&stats);
    worker_rig_close(&order);
    return 0;
}

/* The message of order events among what the order worker announced, in `message`. */
static const char *order_events(void)
{
    static const char head[] = "firstcome.events|order|firstcome.events.v1|durable|";
    struct fc_str told = worker_rig_told(&order);

    while (told.len > 0) {
        struct fc_str line = fc_str_cut(&told, '\n');

        if (!fc_str_starts_with(line, fc_str_of(head)))
            continue;
        line = (struct fc_str){line.ptr + sizeof(head) - 1, line.len - sizeof(head) + 1};
        assert_true(fc_str_copy(line, message, sizeof(message)));
        return message;
    }
    fail_msg("no order was announced");
    return "";
}

static void place(int n, int user, const char *lines, const char *ordered_at)
{
    char body[512];
    char key[32];

    (void)snprintf(body, sizeof(body), "{\"user_id\":%d,\"lines\":[%s],\"ordered_at\":\"%s\"}",
                   user, lines, ordered_at);
    (void)snprintf(key, sizeof(key), "user:%d", user);
    worker_rig_ask(&order, n, "order.place", key, body, "");
}

#define RED(n) "{\"option_id\":31,\"quantity\":" n "}"
#define BLUE(n) "{\"option_id\":32,\"quantity\":" n "}"

static void test_stats_count_an_order_under_its_day_in_seoul(void **state)
{
    (void)state;
    place(1, 7, RED("2"), "2026-02-03T14:59:59.999999Z");
    place(2, 8, RED("3"), "2026-02-03T15:00:00Z");
    worker_rig_run(&order);
    stats_rig_tell(&stats, order_events());
    stats_rig_run(&stats);
    assert_rows(stats.db, DAYS, "(2026-02-03,3,1,2,2000)\n(2026-02-04,3,1,3,3000)");
    assert_int_equal(stats.job.counted, 2);
}

static void test_stats_count_one_order_of_a_product_in_several_options(void **state)
{
    (void)state;
    testdb_run(order.db,
               "insert into product values (4, 'Cup', 6, '', 'on_sale', false, 1, now())");
    testdb_run(order.db, "insert into product_option values (41, 4, 'one', 0, 9, 0, false)");
    place(1, 7, RED("2") "," BLUE("1") ",{\"option_id\":41,\"quantity\":5}",
          "2026-02-03T00:00:00Z");
    place(2, 8, BLUE("1"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    stats_rig_tell(&stats, order_events());
    stats_rig_run(&stats);
    assert_rows(stats.db, DAYS, "(2026-02-03,3,2,4,3800)\n(2026-02-03,4,1,5,30)");
}

/* The revenue of a product is before the coupon: a discount is of the order, not of a product. */
static void test_stats_count_an_order_with_a_coupon_at_its_prices(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[" RED("2") "],\"coupon_id\":\"" WORKER_ID_HEAD "e\"}",
                   "");
    worker_rig_run(&order);
    stats_rig_tell(&stats, order_events());
    stats_rig_run(&stats);
    assert_rows(stats.db, DAYS, "(2026-03-01,3,1,2,2000)");
}

static void test_stats_count_an_event_once_over_batches(void **state)
{
    (void)state;
    place(1, 7, RED("2"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    const char *events = order_events();

    for (int i = 0; i < 3; i++) {
        stats_rig_tell(&stats, events);
        stats_rig_run(&stats);
    }
    assert_rows(stats.db, DAYS, "(2026-02-03,3,1,2,2000)");
    assert_int_equal(testdb_ask(stats.db, "select count(*) from counted_event"), 1);
}

static void test_stats_count_an_event_once_within_a_batch(void **state)
{
    char twice[8192];

    (void)state;
    place(1, 7, RED("2") "," BLUE("1"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    const char *events = order_events();

    stats_rig_tell(&stats, events);
    stats_rig_tell(&stats, events);
    /* Both in one message. */
    (void)snprintf(twice, sizeof(twice), "[%.*s,%s", (int)strlen(events) - 2, events + 1,
                   events + 1);
    stats_rig_tell(&stats, twice);
    stats_rig_run(&stats);
    assert_rows(stats.db, DAYS, "(2026-02-03,3,1,3,2900)");
}

/* Some are new, one was counted before. */
static void test_stats_count_what_is_new_among_repeats(void **state)
{
    char first[8192];

    (void)state;
    place(1, 7, RED("1"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    assert_true(fc_str_copy(fc_str_of(order_events()), first, sizeof(first)));
    stats_rig_tell(&stats, first);
    stats_rig_run(&stats);
    place(2, 8, RED("10"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    stats_rig_tell(&stats, first);
    stats_rig_tell(&stats, order_events());
    stats_rig_tell(&stats, first);
    stats_rig_run(&stats);
    assert_rows(stats.db, DAYS, "(2026-02-03,3,2,11,11000)");
}

/* Killed after the commit: delivered again, counted before. */
static void test_stats_that_die_before_the_ack_count_nothing_twice(void **state)
{
    (void)state;
    place(1, 7, RED("2"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    stats_rig_tell(&stats, order_events());
    stats_rig_run_to(&stats, CYCLE_ANNOUNCE);
    stats_rig_die(&stats);
    stats_rig_run(&stats);
    assert_rows(stats.db, DAYS, "(2026-02-03,3,1,2,2000)");
}

/* Of the order that the n-th command placed. */
static void ask_about(int n, int order_n, const char *type, const char *more)
{
    char body[512];

    (void)snprintf(body, sizeof(body), "{\"order_id\":\"" WORKER_ID_FMT "\"%s}", (unsigned)order_n,
                   more);
    worker_rig_ask(&order, n, type, "user:7", body, "");
}

#define CLOSED "select * from sales_closed"

/* The very rows come of the journal that came of what was told. */
static void expect_same_when_rebuilt(void)
{
    void *memory = aligned_alloc(4096, REBUILD_ARENA_BYTES); /* heap: at start */
    struct fc_str told = stats_rig_rows(&stats);
    struct fc_str closed = worker_rows_text(stats.db, CLOSED);
    struct rebuilt rebuilt;
    struct fc_arena arena;
    struct fc_err err;

    assert_non_null(memory);
    fc_arena_init(&arena, memory, REBUILD_ARENA_BYTES);
    if (stats_rebuild(order.db, &arena, &rebuilt, &err) == FC_FAIL)
        fail_msg("%s: %s", err.where, err.text);
    assert_str_equal(stats_rig_rows(&stats), told.ptr);
    assert_str_equal(worker_rows_text(stats.db, CLOSED), closed.ptr);
    free(memory);
}

/* From the worker's mouth: cancelled and changed days later, closed in between. */
static void test_stats_of_orders_cancelled_changed_and_of_a_day_closed(void **state)
{
    (void)state;
    place(1, 7, RED("2") "," BLUE("1"), "2026-02-03T14:59:59.999999Z");
    place(2, 7, RED("3"), "2026-02-03T15:00:00Z");
    place(3, 7, BLUE("4"), "2026-02-03T00:00:00Z");
    ask_about(4, 3, "order.change", ",\"lines\":[" RED("1") "," BLUE("2") "]");
    worker_rig_ask(&order, 5, "day.close", "day:20487", "{\"day\":\"2026-02-03\"}", "");
    ask_about(6, 1, "order.cancel", ",\"reason\":\"too late\"");
    worker_rig_run(&order);
    stats_rig_tell(&stats, order_events());
    stats_rig_run(&stats);
    assert_rows(stats.db, "select * from sales_daily",
                "(2026-02-03,3,2,6,5700,1,3,2900)\n(2026-02-04,3,1,3,3000,0,0,0)");
    assert_rows(stats.db, "select * from sales_category_daily",
                "(2026-02-03,kitchen,2,6,5700,1,3,2900)\n(2026-02-04,kitchen,1,3,3000,0,0,0)");
    assert_rows(stats.db, CLOSED, "(2026-02-03,3,2,6,5700)");
    /* What `firstcome audit --wait` waits for: as many events counted as there are. */
    testdb_run(stats.db, sql_cli_progress.text);
    assert_int_equal(db_i64(db_rows(stats.db, 0), 0, 0), 6);
    assert_int_equal(db_i64(db_rows(stats.db, 0), 0, 1), 6);
    expect_same_when_rebuilt();
}

static void test_stats_pass_over_events_of_another_kind(void **state)
{
    (void)state;
    stats_rig_tell(&stats, "[{\"id\":\"" WORKER_ID_HEAD "1\",\"type\":\"order.shipped\",\"at\":"
                           "\"2026-02-03T00:00:00Z\",\"command_id\":\"" WORKER_ID_HEAD
                           "2\",\"subject\":\"order:x\","
                           "\"version\":2,\"data\":{}}]");
    stats_rig_run(&stats);
    assert_rows(stats.db, DAYS, "");
    assert_int_equal(testdb_ask(stats.db, "select count(*) from parked"), 0);
}

static void test_stats_park_bytes_that_are_no_events(void **state)
{
    (void)state;
    place(1, 7, RED("2"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    for (int i = 0; i < 150; i++) {
        char bytes[32];

        (void)snprintf(bytes, sizeof(bytes), "no events %d", i);
        stats_rig_tell(&stats, bytes);
    }
    stats_rig_tell(&stats, "no events 7");
    stats_rig_tell(&stats, order_events());
    stats_rig_tell(&stats, "{\"id\":1}");
    stats_rig_run(&stats);
    assert_rows(stats.db, DAYS, "(2026-02-03,3,1,2,2000)");
    assert_int_equal(testdb_ask(stats.db, "select count(*) from parked where queue = 'stats.0'"
                                          " and worker = 'stats-1' and command_id is null"
                                          " and reason <> ''"),
                     151);
    assert_rows(stats.db, "select times from parked where bytes = 'no events 7'", "(2)");
    assert_int_equal(stats.job.parked, 152);
}

/* Two of them, as after a partition changed hands too early: neither counts the other's again. */
static void test_stats_of_two_workers_meet_in_the_event_table(void **state)
{
    struct stats_rig other;

    (void)state;
    stats_rig_open(&other, "stats-2");
    place(1, 7, RED("2"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    const char *events = order_events();

    stats_rig_tell(&stats, events);
    stats_rig_run(&stats);
    stats_rig_tell(&other, events);
    stats_rig_run(&other);
    stats_rig_close(&other);
    assert_rows(stats.db, DAYS, "(2026-02-03,3,1,2,2000)");
}

/* As many events of the largest orders as a gather takes: the time grows with the lines, not with
 * lines times events (statement_timeout is a worker's). */
static void test_stats_count_a_batch_of_the_largest_orders(void **state)
{
    enum { ORDERS = 40 };

    static char body[256 * 1024];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));

    (void)state;
    testdb_run(order.db, "insert into product_option select n, 3, 'o' || n, 0, 100, 0, false"
                         " from generate_series(1001, 3000) n");
    fc_buf_put_text(&buf, "{\"user_id\":7,\"lines\":[");
    for (int i = 0; i < ORDER_LINES_MAX; i++)
        fc_buf_put_fmt(&buf, "%s{\"option_id\":%d,\"quantity\":1}", i == 0 ? "" : ",", 1001 + i);
    fc_buf_put_text(&buf, "]}");
    fc_buf_put_char(&buf, '\0');
    assert_false(buf.overflow);
    testdb_run(stats.db, "set statement_timeout = 10000");
    for (int n = 1; n <= ORDERS; n++) {
        worker_rig_ask(&order, n, "order.place", "user:7", body, "");
        worker_rig_run(&order);
        stats_rig_tell(&stats, order_events());
    }
    stats_rig_run(&stats);
    assert_rows(stats.db, DAYS, "(2026-03-01,3,40,80000,72000000)");
    print_message("%zu of %d bytes of the arena were used\n", stats.arena.used_max,
                  BATCH_ARENA_BYTES);
    assert_in_range(stats.arena.used_max, 1, BATCH_ARENA_BYTES / 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stats_count_an_order_under_its_day_in_seoul),
        TEST(test_stats_count_one_order_of_a_product_in_several_options),
        TEST(test_stats_count_an_order_with_a_coupon_at_its_prices),
        TEST(test_stats_count_an_event_once_over_batches),
        TEST(test_stats_count_an_event_once_within_a_batch),
        TEST(test_stats_count_what_is_new_among_repeats),
        TEST(test_stats_that_die_before_the_ack_count_nothing_twice),
        TEST(test_stats_of_orders_cancelled_changed_and_of_a_day_closed),
        TEST(test_stats_pass_over_events_of_another_kind),
        TEST(test_stats_park_bytes_that_are_no_events),
        TEST(test_stats_of_two_workers_meet_in_the_event_table),
        TEST(test_stats_count_a_batch_of_the_largest_orders),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
