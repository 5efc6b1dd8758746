#include "clock/due.h"

#include "clock/task.h"
#include "db/migrate.h"
#include "skeleton/links.h"
#include "sql/queries.h"
#include "support/expect.h"
#include "support/testdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTITIONS 16

static struct db *db;
static struct fc_arena arena;
static struct fc_err err;
static struct fc_instant now;

/* What a run put, taken out of the messages again. */
struct sent {
    int32_t page_count;
    int32_t message_count;
    int32_t command_count;
};

static int setup(void **state)
{
    static void *memory;

    (void)state;
    if (memory == NULL)
        memory = malloc(DUE_ARENA_BYTES);
    assert_non_null(memory);
    fc_arena_init(&arena, memory, DUE_ARENA_BYTES);
    testdb_migrate(sql_migrations_count);
    db = testdb_open(LINKS_SESSION_OPTIONS);
    testdb_run(db, "delete from coupon");
    testdb_run(db, "delete from orders");
    testdb_run(db, "delete from schedule_run");
    assert_true(fc_instant_parse(FC_STR("2026-01-31T12:00:00Z"), &now));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

/* Coupons of a template, available: `count` of them, `ties` with each expiry, a second apart, the
 * last `before_s` seconds before now. */
static void coupons(int64_t template_id, int32_t count, int32_t ties, int32_t before_s)
{
    char text[800];

    (void)snprintf(text, sizeof(text),
                   "insert into coupon (coupon_id, template_id, user_id, position, status,"
                   " discount_type, discount_value, min_total, issued_at, expires_at, version)"
                   " select gen_random_uuid(), %lld, i, i, 'available', 'amount', 1000, 0,"
                   " timestamptz '2026-01-01 00:00Z', timestamptz '2026-01-31 12:00Z'"
                   " - interval '1 s' * (%d + (i - 1) / %d), 1 from generate_series(1, %d) i",
                   (long long)template_id, before_s, ties, count);
    testdb_run(db, text);
}

static int32_t occurrences(struct fc_str text, const char *word)
{
    int32_t count = 0;
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= text.len; i++)
        count += memcmp(text.ptr + i, word, len) == 0;
    return count;
}

/* Marks what a message names, so that nothing is named twice. */
static void mark(struct fc_str message, const char *table, const char *column)
{
    static char text[MESSAGE_BYTES_MAX + 400];

    (void)snprintf(text, sizeof(text),
                   "update %s set version = version + 1 where %s in (select i.id::uuid from"
                   " jsonb_array_elements('%.*s') c, lateral (select jsonb_array_elements_text("
                   "c -> 'body' -> 'coupon_ids') union all select c -> 'body' ->> 'order_id')"
                   " i (id) where i.id is not null)",
                   table, column, (int)message.len, message.ptr);
    testdb_run(db, text);
}

static struct sent run(struct due_run *due,
                       enum fc_rc (*page)(struct due_run *, struct db *, struct outbox *, bool *,
                                          struct fc_err *),
                       const char *table, const char *column)
{
    struct sent sent = {0};
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct fc_str message;
    bool more = true;

    while (more) {
        struct outbox outbox;

        fc_arena_reset(&arena);
        outbox_init(&outbox, &arena, PARTITIONS, DUE_PAGE_ROWS);
        if (page(due, db, &outbox, &more, &err) != FC_OK)
            fail_msg("%s", err.text);
        sent.page_count++;
        while (outbox_cut(&outbox, queue, &message)) {
            sent.message_count++;
            sent.command_count += occurrences(message, "\"type\":");
            mark(message, table, column);
        }
    }
    assert_int_equal(sent.command_count, (int32_t)due->command_count);
    return sent;
}

static struct sent run_coupons(struct fc_instant from)
{
    struct due_run due = due_run_of(FC_STR("coupon-expiry"), now, now, from);

    return run(&due, due_coupons, "coupon", "coupon_id");
}

/* --- coupons ---------------------------------------------------------------------------------- */

static void test_clock_nothing_due_is_no_command(void **state)
{
    struct sent sent = run_coupons(due_always);

    (void)state;
    assert_int_equal(sent.command_count, 0);
    assert_int_equal(sent.page_count, 1);
}

/* Only what is available and past its expiry: at the very instant it is not yet. */
static void test_clock_coupons_past_their_expiry_alone_are_due(void **state)
{
    (void)state;
    coupons(1, 3, 1, 1);
    coupons(2, 1, 1, 0);
    coupons(3, 2, 1, -60);
    coupons(4, 2, 1, 1);
    testdb_run(db, "update coupon set status = 'cancelled' where template_id = 4");
    coupons(5, 2, 1, 1);
    testdb_run(db, "update coupon set expires_at = null where template_id = 5");

    struct sent sent = run_coupons(due_always);

    assert_int_equal(sent.command_count, 1);
    assert_int_equal(testdb_ask(db, "select count(*) from coupon where version = 2"), 3);
    assert_int_equal(
        testdb_ask(db, "select count(*) from coupon where version = 2 and template_id = 1"), 3);
}

/* Three pages, with ties across their borders: each coupon is named once, in commands that are
 * full but for the last of each template on a page. */
static void test_clock_coupons_of_many_pages_are_each_named_once(void **state)
{
    (void)state;
    coupons(1, 6001, 7, 1);
    coupons(2, 5000, 5000, 100);
    coupons(0, 400, 1, 1);

    struct sent sent = run_coupons(due_always);

    assert_int_equal(sent.page_count, 3);
    assert_int_equal(testdb_ask(db, "select count(*) from coupon where version <> 2"), 0);
    assert_true(sent.command_count >= 11401 / COUPON_EXPIRE_MAX);
    assert_true(sent.command_count <= 11401 / COUPON_EXPIRE_MAX + 1 + 3 * 3);
}

/* A page that is exactly full is followed by one that is empty. */
static void test_clock_coupons_of_one_page_exactly(void **state)
{
    (void)state;
    coupons(1, DUE_PAGE_ROWS, 1, 1);

    struct sent sent = run_coupons(due_always);

    assert_int_equal(sent.page_count, 2);
    assert_int_equal(sent.command_count, DUE_PAGE_ROWS / COUPON_EXPIRE_MAX);
    assert_int_equal(testdb_ask(db, "select count(*) from coupon where version <> 2"), 0);
}

static void test_clock_coupons_that_were_sent_before_are_left_out(void **state)
{
    (void)state;
    coupons(1, 1, 1, 10);
    coupons(2, 1, 1, 11);
    run_coupons((struct fc_instant){now.us - 10 * FC_US_PER_S});
    assert_int_equal(testdb_ask(db, "select template_id from coupon where version = 2"), 1);
    assert_int_equal(testdb_ask(db, "select count(*) from coupon where version = 2"), 1);
}

/* --- orders ----------------------------------------------------------------------------------- */

static void test_clock_orders_expire_under_their_own_key(void **state)
{
    struct due_run due = due_run_of(FC_STR("order-expiry"), now, now, due_always);
    struct outbox outbox;
    char queue[WIRE_QUEUE_TEXT_MAX];
    char expected[WIRE_QUEUE_TEXT_MAX];
    struct fc_str message;
    bool more;

    (void)state;
    testdb_run(db,
               "insert into orders (order_id, user_id, key, status, total, discount, paid,"
               " payment_method, ordered_at, version, expires_at) select"
               " ('00000000-0000-8000-8000-00000000000' || i)::uuid, 7, 'product:' || i,"
               " 'pending_payment', 10, 0, 10, 'bank_transfer', timestamptz '2026-01-31 11:00Z', 1,"
               " timestamptz '2026-01-31 12:00Z' + interval '1 s' * (i - 3)"
               " from generate_series(1, 4) i");
    outbox_init(&outbox, &arena, PARTITIONS, DUE_PAGE_ROWS);
    assert_int_equal(due_orders(&due, db, &outbox, &more, &err), FC_OK);
    assert_false(more);
    assert_int_equal(due.command_count, 2);
    assert_true(outbox_cut(&outbox, queue, &message));
    wire_route_queue(WIRE_FAMILY_ORDER, wire_route_partition(FC_STR("product:1"), PARTITIONS),
                     expected);
    assert_string_equal(queue, expected);
    assert_str_contains(message, "\"key\":\"product:1\"");
    assert_str_contains(message, "\"order_id\":\"00000000-0000-8000-8000-000000000001\"");
    assert_str_contains(message, "\"accepted_at\":\"2026-01-31T12:00:00.000000Z\"");
    assert_str_contains(message, "\"type\":\"order.expire\"");
}

/* --- days ------------------------------------------------------------------------------------- */

static void test_clock_midnight_closes_the_day_before(void **state)
{
    struct due_run due;
    struct outbox outbox;
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct fc_str message;
    bool more;

    (void)state;
    assert_true(fc_instant_parse(FC_STR("2026-03-01T00:00:00+09:00"), &now));
    due = due_run_of(FC_STR("day-close"), now, now, due_always);
    outbox_init(&outbox, &arena, PARTITIONS, DUE_PAGE_ROWS);
    assert_int_equal(due_day(&due, db, &outbox, &more, &err), FC_OK);
    assert_false(more);
    assert_true(outbox_cut(&outbox, queue, &message));
    assert_str_contains(message, "\"type\":\"day.close\"");
    assert_str_contains(message, "\"key\":\"day:20512\"");
    assert_str_contains(message, "\"day\":\"2026-02-28\"");
    assert_false(outbox_cut(&outbox, queue, &message));
}

/* --- what is remembered ----------------------------------------------------------------------- */

static void test_clock_a_run_is_noted_once_and_forgotten_but_the_newest(void **state)
{
    struct contact contact = {.db = db};
    struct task_tools tools = {&contact, &arena, PARTITIONS};
    struct task tasks[TASK_COUNT];
    const struct task_settings settings = {60, 10};
    struct due_run due;
    struct db_params params;

    (void)state;
    assert_true(fc_instant_parse(FC_STR("2020-01-31T12:00:00Z"), &now));
    due = due_run_of(FC_STR("day-close"), now, now, due_always);
    task_table(&settings, tasks);
    assert_int_equal(task_record(&tasks[TASK_DAY_CLOSE], &tools, &due, &err), FC_OK);
    due.command_count = 9;
    assert_int_equal(task_record(&tasks[TASK_DAY_CLOSE], &tools, &due, &err), FC_OK);
    due.at.us -= FC_US_PER_DAY;
    assert_int_equal(task_record(&tasks[TASK_DAY_CLOSE], &tools, &due, &err), FC_OK);
    assert_int_equal(testdb_ask(db, "select count(*) from schedule_run"), 2);
    assert_int_equal(testdb_ask(db, "select sum(commands)::bigint from schedule_run"), 9);
    db_params_init(&params, testdb_arena());
    db_param_i32(&params, 7);
    db_send(db, &sql_clock_prune_runs, &params);
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(testdb_ask(db, "select count(*) from schedule_run where due_at ="
                                    " timestamptz '2020-01-31 12:00Z'"),
                     1);
    assert_int_equal(testdb_ask(db, "select count(*) from schedule_run"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_clock_nothing_due_is_no_command, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clock_coupons_past_their_expiry_alone_are_due, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_clock_coupons_of_many_pages_are_each_named_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_clock_coupons_of_one_page_exactly, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clock_coupons_that_were_sent_before_are_left_out,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_clock_orders_expire_under_their_own_key, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_clock_midnight_closes_the_day_before, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clock_a_run_is_noted_once_and_forgotten_but_the_newest,
                                        setup, teardown),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
