/*
 * The daily counters: every order that is told is in them once, however often and in however many
 * messages it is told; what cannot be counted is set aside and stops nobody.
 */
#include "support/expect.h"
#include "support/sim_queue.h"
#include "support/worker_rows.h"

#include "skeleton/links.h"
#include "stats/stats_job.h"

#include <stdio.h>
#include <stdlib.h>

#define SALES "select day, product_id, orders, quantity, revenue from sales_daily"

static struct sim_queue queue;
static struct stats_job stats;
static struct cycle cycle;
static struct fc_arena arena;

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
    void *memory = aligned_alloc(4096, BATCH_ARENA_BYTES); /* heap: at start */
    struct queue_port port = {NULL, queue_next, queue_ack};

    (void)state;
    assert_non_null(memory);
    fc_arena_init(&arena, memory, BATCH_ARENA_BYTES);
    stats = (struct stats_job){.db = testdb_open(LINKS_SESSION_OPTIONS), .worker = "stats-1"};
    struct job_port job = stats_job_port(&stats);

    cycle_init(&cycle, &port, &job, &arena, 1);
    worker_rows_clear(stats.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(stats.db);
    sim_queue_reset(&queue);
    free(arena.ptr);
    return 0;
}

/* --- telling ---------------------------------------------------------------------------------- */

/* The n-th order.paid, of the 1st of March; `lines` as JSON. Valid until the call after next. */
static const char *order(int n, const char *lines)
{
    static char texts[2][8192];
    static int next;
    char *text = texts[next++ % 2];
    int len = snprintf(text, sizeof(texts[0]),
                       "{\"id\":\"" WORKER_ID_FMT "\",\"command_id\":\"" WORKER_ID_FMT "\","
                       "\"type\":\"order.paid\",\"data\":{\"day\":\"2026-03-01\",\"lines\":[%s]}}",
                       (unsigned)n, (unsigned)n, lines);

    assert_in_range(len, 1, sizeof(texts[0]) - 1);
    return text;
}

static const char *line(int option, int product, long long quantity, long long unit_price)
{
    static char texts[4][256];
    static int next;
    char *text = texts[next++ % 4];

    (void)snprintf(text, sizeof(texts[0]),
                   "{\"option_id\":%d,\"product_id\":%d,\"quantity\":%lld,\"unit_price\":%lld}",
                   option, product, quantity, unit_price);
    return text;
}

/* One message of one event or two. */
static void tell(const char *first, const char *second)
{
    char text[32768];
    int len = snprintf(text, sizeof(text), "[%s%s%s]", first, second != NULL ? "," : "",
                       second != NULL ? second : "");

    assert_in_range(len, 1, sizeof(text) - 1);
    sim_queue_publish(&queue, fc_str_of(text));
}

static void step(void)
{
    struct cycle_step done;
    struct fc_err err;

    if (cycle_do_step(&cycle, worker_instant(0), &done, &err) == FC_FAIL)
        fail_msg("%s: %s (%s)", err.where, err.text, err.code);
}

static void run(void)
{
    while (!sim_queue_is_empty(&queue) || !cycle_is_between(&cycle))
        step();
}

/* --- counting --------------------------------------------------------------------------------- */

static void test_stats_order_of_two_options_of_a_product_is_one_order(void **state)
{
    char lines[512];

    (void)state;
    (void)snprintf(lines, sizeof(lines), "%s,%s,%s", line(1, 3, 2, 100), line(2, 3, 1, 50),
                   line(9, 4, 5, 10));
    tell(order(1, lines), order(2, line(1, 3, 1, 100)));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,2,4,350)\n(2026-03-01,4,1,5,50)");
}

static void test_stats_order_told_twice_in_a_batch_counts_once(void **state)
{
    (void)state;
    tell(order(1, line(1, 3, 2, 100)), NULL);
    tell(order(1, line(1, 3, 2, 100)), order(2, line(1, 3, 1, 100)));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,2,3,300)");
}

static void test_stats_order_told_twice_in_a_message_counts_once(void **state)
{
    (void)state;
    tell(order(1, line(1, 3, 2, 100)), order(1, line(1, 3, 2, 100)));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,1,2,200)");
}

static void test_stats_order_told_again_later_adds_nothing(void **state)
{
    (void)state;
    tell(order(1, line(1, 3, 2, 100)), NULL);
    run();
    tell(order(1, line(1, 3, 2, 100)), order(2, line(1, 3, 1, 100)));
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,2,3,300)");
}

static void test_stats_batch_that_was_committed_and_comes_again_adds_nothing(void **state)
{
    (void)state;
    tell(order(1, line(1, 3, 2, 100)), NULL);
    while (cycle.phase != CYCLE_SETTLE)
        step();
    cycle_drop(&cycle);
    sim_queue_return(&queue);
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,1,2,200)");
}

/* --- what cannot be counted ------------------------------------------------------------------- */

static void test_stats_message_that_is_no_event_is_parked_alone(void **state)
{
    (void)state;
    tell(order(1, line(1, 3, 2, 100)), NULL);
    sim_queue_publish(&queue, FC_STR("{\"type\":\"order.paid\"}"));
    tell(order(2, line(1, 3, 1, 100)), NULL);
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,2,3,300)");
    assert_rows(stats.db, "select queue, reason, times from parked",
                "(stats.0,\"the message is no JSON array\",1)");
}

/* Nobody's order, as no core decides it: it must not be the end of every worker that meets it. */
static void test_stats_amount_beyond_all_bounds_is_parked(void **state)
{
    (void)state;
    tell(order(1, line(1, 3, 2000000000LL, 1000000000000000LL)), NULL);
    tell(order(2, line(1, 3, 1, 100)), NULL);
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,1,1,100)");
    assert_int_equal(testdb_ask(stats.db, "select count(*) from parked"), 1);
}

static void test_stats_largest_line_counts(void **state)
{
    (void)state;
    tell(order(1, line(1, 3, QUANTITY_MAX, PRICE_KRW_MAX)), NULL);
    run();
    assert_rows(stats.db, SALES, "(2026-03-01,3,1,1000000,1000000000000000)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stats_order_of_two_options_of_a_product_is_one_order),
        TEST(test_stats_order_told_twice_in_a_batch_counts_once),
        TEST(test_stats_order_told_twice_in_a_message_counts_once),
        TEST(test_stats_order_told_again_later_adds_nothing),
        TEST(test_stats_batch_that_was_committed_and_comes_again_adds_nothing),
        TEST(test_stats_message_that_is_no_event_is_parked_alone),
        TEST(test_stats_amount_beyond_all_bounds_is_parked),
        TEST(test_stats_largest_line_counts),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
