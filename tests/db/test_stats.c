/*
 * The stats worker's daily counters, from what the order worker really announces: every event once,
 * however often and in whatever company it is told.
 */
#include "stats/stats_job.h"

#include "skeleton/links.h"

#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS "select * from sales_daily"

static struct worker_rig order;
static struct sim_queue queue;
static struct stats_job job;
static struct cycle cycle;
static struct fc_arena arena;
static struct fc_err err;
static char message[4 * 1024 * 1024];

static enum fc_rc queue_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                             struct fc_err *ret_err)
{
    (void)arg;
    (void)ret_err;
    *ret_got = sim_queue_next(&queue, 0, ret_delivery);
    return FC_OK;
}

static enum fc_rc queue_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    (void)arg;
    (void)source;
    (void)ret_err;
    sim_queue_ack(&queue, tag);
    return FC_OK;
}

static int setup(void **state)
{
    const struct queue_port port = {NULL, queue_next, queue_ack};
    struct job_port stats = stats_job_port(&job);

    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    testdb_run(order.db, "update product_option set total = 1000000");
    testdb_run(order.db, "update wallet set balance = 1000000000");
    job = (struct stats_job){.db = testdb_open(LINKS_SESSION_OPTIONS), .worker = "stats-1"};
    cycle_init(&cycle, &port, &stats, &arena, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(job.db);
    sim_queue_reset(&queue);
    worker_rig_close(&order);
    return 0;
}

static void run_stats(void)
{
    struct cycle_step step;

    while (!sim_queue_is_empty(&queue) || !cycle_is_between(&cycle))
        if (cycle_do_step(&cycle, worker_instant(0), &step, &err) == FC_FAIL)
            fail_msg("%s: %s (%s)", err.where, err.text, err.code);
}

static void tell(const char *bytes)
{
    sim_queue_publish(&queue, fc_str_of(bytes));
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
    tell(order_events());
    run_stats();
    assert_rows(job.db, DAYS, "(2026-02-03,3,1,2,2000)\n(2026-02-04,3,1,3,3000)");
    assert_int_equal(job.counted, 2);
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
    tell(order_events());
    run_stats();
    assert_rows(job.db, DAYS, "(2026-02-03,3,2,4,3800)\n(2026-02-03,4,1,5,30)");
}

/* The revenue of a product is before the coupon: a discount is of the order, not of a product. */
static void test_stats_count_an_order_with_a_coupon_at_its_prices(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[" RED("2") "],\"coupon_id\":\"" WORKER_ID_HEAD "e\"}",
                   "");
    worker_rig_run(&order);
    tell(order_events());
    run_stats();
    assert_rows(job.db, DAYS, "(2026-03-01,3,1,2,2000)");
}

static void test_stats_count_an_event_once_over_batches(void **state)
{
    (void)state;
    place(1, 7, RED("2"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    const char *events = order_events();

    for (int i = 0; i < 3; i++) {
        tell(events);
        run_stats();
    }
    assert_rows(job.db, DAYS, "(2026-02-03,3,1,2,2000)");
    assert_int_equal(testdb_ask(job.db, "select count(*) from counted_event"), 1);
}

static void test_stats_count_an_event_once_within_a_batch(void **state)
{
    char twice[8192];

    (void)state;
    place(1, 7, RED("2") "," BLUE("1"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    const char *events = order_events();

    tell(events);
    tell(events);
    /* Both in one message. */
    (void)snprintf(twice, sizeof(twice), "[%.*s,%s", (int)strlen(events) - 2, events + 1,
                   events + 1);
    tell(twice);
    run_stats();
    assert_rows(job.db, DAYS, "(2026-02-03,3,1,3,2900)");
}

/* Some are new, one was counted before. */
static void test_stats_count_what_is_new_among_repeats(void **state)
{
    char first[8192];

    (void)state;
    place(1, 7, RED("1"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    assert_true(fc_str_copy(fc_str_of(order_events()), first, sizeof(first)));
    tell(first);
    run_stats();
    place(2, 8, RED("10"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    tell(first);
    tell(order_events());
    tell(first);
    run_stats();
    assert_rows(job.db, DAYS, "(2026-02-03,3,2,11,11000)");
}

/* Killed after the commit: delivered again, counted before. */
static void test_stats_that_die_before_the_ack_count_nothing_twice(void **state)
{
    struct cycle_step step;

    (void)state;
    place(1, 7, RED("2"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    tell(order_events());
    while (cycle.phase != CYCLE_ANNOUNCE)
        assert_int_equal(cycle_do_step(&cycle, worker_instant(0), &step, &err), FC_OK);
    cycle_drop(&cycle);
    sim_queue_return(&queue);
    run_stats();
    assert_rows(job.db, DAYS, "(2026-02-03,3,1,2,2000)");
}

static void test_stats_pass_over_events_of_another_kind(void **state)
{
    (void)state;
    tell("[{\"id\":\"" WORKER_ID_HEAD "1\",\"type\":\"order.cancelled\",\"at\":"
         "\"2026-02-03T00:00:00Z\",\"command_id\":\"" WORKER_ID_HEAD "2\",\"subject\":\"order:x\","
         "\"version\":2,\"data\":{}}]");
    run_stats();
    assert_rows(job.db, DAYS, "");
    assert_int_equal(testdb_ask(job.db, "select count(*) from parked"), 0);
}

static void test_stats_park_bytes_that_are_no_events(void **state)
{
    (void)state;
    place(1, 7, RED("2"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    for (int i = 0; i < 150; i++) {
        char bytes[32];

        (void)snprintf(bytes, sizeof(bytes), "no events %d", i);
        tell(bytes);
    }
    tell("no events 7");
    tell(order_events());
    tell("{\"id\":1}");
    run_stats();
    assert_rows(job.db, DAYS, "(2026-02-03,3,1,2,2000)");
    assert_int_equal(testdb_ask(job.db, "select count(*) from parked where queue = 'stats.0'"
                                        " and worker = 'stats-1' and command_id is null"
                                        " and reason <> ''"),
                     151);
    assert_rows(job.db, "select times from parked where bytes = 'no events 7'", "(2)");
    assert_int_equal(job.parked, 152);
}

/* Two of them, as after a partition changed hands too early: neither counts the other's again. */
static void test_stats_of_two_workers_meet_in_the_event_table(void **state)
{
    struct db *other = testdb_open(NULL);

    (void)state;
    place(1, 7, RED("2"), "2026-02-03T00:00:00Z");
    worker_rig_run(&order);
    const char *events = order_events();

    tell(events);
    run_stats();
    db_close(job.db);
    job.db = other;
    tell(events);
    run_stats();
    assert_rows(job.db, DAYS, "(2026-02-03,3,1,2,2000)");
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
    testdb_run(job.db, "set statement_timeout = 10000");
    for (int n = 1; n <= ORDERS; n++) {
        worker_rig_ask(&order, n, "order.place", "user:7", body, "");
        worker_rig_run(&order);
        tell(order_events());
    }
    run_stats();
    assert_rows(job.db, DAYS, "(2026-03-01,3,40,80000,72000000)");
    print_message("%zu of %d bytes of the arena were used\n", arena.used_max, BATCH_ARENA_BYTES);
    assert_in_range(arena.used_max, 1, BATCH_ARENA_BYTES / 2);
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
        TEST(test_stats_pass_over_events_of_another_kind),
        TEST(test_stats_park_bytes_that_are_no_events),
        TEST(test_stats_of_two_workers_meet_in_the_event_table),
        TEST(test_stats_count_a_batch_of_the_largest_orders),
    };
    void *memory = aligned_alloc(4096, BATCH_ARENA_BYTES); /* heap: at start */

    if (memory == NULL || !testdb_begin())
        return 77;
    fc_arena_init(&arena, memory, BATCH_ARENA_BYTES);
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
