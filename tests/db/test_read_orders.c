/*
 * Orders as the ingress reads them: in every state they can be in, and their history out of the
 * journal.
 */
#include "support/expect.h"
#include "support/reads.h"
#include "support/testdb.h"
#include "support/worker_rows.h"

#include "sql/queries.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#define ID(digit) WORKER_ID_HEAD digit
#define ORDER(digit) "/v1/orders/" ID(digit)

static struct db *db;

static int setup(void **state)
{
    (void)state;
    worker_rows_migrate();
    db = testdb_open(NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

/* --- orders ----------------------------------------------------------------------------------- */

static void put_order(const char *id, const char *rest)
{
    char text[1024];

    (void)snprintf(text, sizeof(text),
                   "insert into orders (order_id, user_id, key, ordered_at, version, status, total,"
                   " discount, paid, payment_method, from_balance, transfer_rate,"
                   " transfer_discount, refunded, paid_at, expires_at, failure, coupon_id)"
                   " values ('%s', 7, 'user:7', '2026-03-01', 1, %s)",
                   id, rest);
    testdb_run(db, text);
    (void)snprintf(text, sizeof(text),
                   "insert into order_line (order_id, option_id, product_id, quantity, unit_price,"
                   " shipped) values ('%s', 31, 3, 2, 1000, 1), ('%s', 32, 3, 1, 900, 0)",
                   id, id);
    testdb_run(db, text);
}

static void put_orders(void)
{
    worker_rows_clear(db);
    worker_rows_open_shop(db);
    put_order(ID("1"), "'partly_shipped', 2900, 0, 2900, 'balance', 0, 0, 0, 0,"
                       " '2026-03-01 00:00:01', null, null, null");
    put_order(ID("2"), "'pending_payment', 2900, 500, 2400, 'bank_transfer', 900, 500, 100, 0,"
                       " null, '2026-03-01 00:30:00', null, '" ID("e") "'");
    put_order(ID("3"), "'failed', 2900, 100, 2800, 'bank_transfer', 900, 500, 100, 0, null, null,"
                       " 'declined', null");
    put_order(ID("4"), "'failed', 2900, 0, 2900, 'bank_transfer', 0, 0, 0, 0, null, null,"
                       " 'expired', null");
    put_order(ID("5"), "'cancelled', 2900, 0, 2900, 'balance', 0, 0, 0, 2900,"
                       " '2026-03-01 00:00:01', null, null, null");
    put_order(ID("6"), "'failed', 2900, 0, 2900, 'bank_transfer', 0, 0, 0, 0, null, null,"
                       " 'timed_out', null");
    put_order(ID("7"), "'paid', 2900, 100, 2800, 'bank_transfer', 900, 500, 100, 0,"
                       " '2026-03-01 00:00:01', null, null, null");
}

static void test_read_orders_a_paid_one_tells_what_was_shipped(void **state)
{
    (void)state;
    put_orders();
    READS_CHECK(db, ORDER("1"), 7, {"/order_id", "\"" ID("1") "\""}, {"/user_id", "7"},
                {"/status", "\"partly_shipped\""},
                {"/lines", "[{\"option_id\":31,\"product_id\":3,\"quantity\":2,\"unit_price\":1000,"
                           "\"amount\":2000,\"shipped\":1},{\"option_id\":32,\"product_id\":3,"
                           "\"quantity\":1,\"unit_price\":900,\"amount\":900,\"shipped\":0}]"},
                {"/total", "2900"}, {"/discount", "0"}, {"/paid", "2900"},
                {"/payment", "{\"method\":\"balance\"}"},
                {"/ordered_at", "\"2026-03-01T00:00:00.000000Z\""},
                {"/paid_at", "\"2026-03-01T00:00:01.000000Z\""}, {"/expires_at", ""},
                {"/problem", ""}, {"/refunded", ""}, {"/coupon_id", ""});
}

static void test_read_orders_a_pending_one_is_not_paid_and_tells_until_when_it_waits(void **state)
{
    (void)state;
    put_orders();
    READS_CHECK(db, ORDER("2"), 7, {"/status", "\"pending_payment\""}, {"/total", "2900"},
                {"/discount", "500"}, {"/paid", "0"}, {"/coupon_id", "\"" ID("e") "\""},
                {"/payment", "{\"method\":\"bank_transfer\",\"from_balance\":900,\"transfer\":1500,"
                             "\"discount\":100}"},
                {"/expires_at", "\"2026-03-01T00:30:00.000000Z\""}, {"/paid_at", ""},
                {"/problem", ""});
}

static void test_read_orders_a_transfer_that_came_counts_as_paid(void **state)
{
    (void)state;
    put_orders();
    READS_CHECK(db, ORDER("7"), 7, {"/paid", "2800"}, {"/payment/transfer", "1900"},
                {"/payment/from_balance", "900"}, {"/payment/discount", "100"});
}

static void test_read_orders_a_failed_one_tells_why(void **state)
{
    (void)state;
    put_orders();
    READS_CHECK(db, ORDER("3"), 7, {"/status", "\"failed\""}, {"/paid", "0"},
                {"/problem/code", "\"payment_declined\""}, {"/problem/status", "422"},
                {"/problem/type", "\"urn:firstcome:problem:payment_declined\""},
                {"/expires_at", ""}, {"/paid_at", ""});
    READS_CHECK(db, ORDER("4"), 7, {"/paid", "0"}, {"/problem/code", "\"payment_timed_out\""});
    READS_CHECK(db, ORDER("6"), 7, {"/paid", "0"}, {"/problem/code", "\"payment_timed_out\""});
}

static void test_read_orders_a_cancelled_one_tells_what_was_given_back(void **state)
{
    (void)state;
    put_orders();
    READS_CHECK(db, ORDER("5"), 7, {"/status", "\"cancelled\""}, {"/paid", "2900"},
                {"/refunded", "2900"}, {"/problem", ""});
}

static void test_read_orders_of_a_user_are_the_same_documents(void **state)
{
    (void)state;
    put_orders();
    struct json_object *list = reads_get(db, "/v1/users/7/orders", 7);

    for (size_t i = 0; i < 7; i++) {
        char pointer[16];
        char target[64];
        char *alone;

        (void)snprintf(target, sizeof(target), "/v1/orders/" WORKER_ID_HEAD "%zu", 7 - i);
        (void)snprintf(pointer, sizeof(pointer), "/items/%zu", i);
        struct json_object *order = reads_get(db, target, 7);

        alone = strdup(reads_text(order, "/"));
        assert_string_equal(reads_text(list, pointer), alone);
        free(alone);
        json_object_put(order);
    }
    assert_string_equal(reads_text(list, "/next_cursor"), "null");
    json_object_put(list);
    READS_CHECK(db, "/v1/users/8/orders", 8, {"/items", "[]"}, {"/next_cursor", "null"});
}

static void test_read_orders_are_their_users_and_administrators(void **state)
{
    (void)state;
    put_orders();
    assert_int_equal(reads_found(db, ORDER("1"), 7), READ_FOUND);
    assert_int_equal(reads_found(db, ORDER("1"), READS_ADMIN), READ_FOUND);
    assert_int_equal(reads_found(db, ORDER("1"), 8), READ_FORBIDDEN);
    assert_int_equal(reads_found(db, ORDER("9"), 7), READ_UNKNOWN);
    assert_int_equal(reads_found(db, ORDER("1") "/history", 8), READ_FORBIDDEN);
    assert_int_equal(reads_found(db, ORDER("9") "/history", 7), READ_UNKNOWN);
}

/* --- history ---------------------------------------------------------------------------------- */

static void put_journal(const char *id, const char *type, const char *order_id, const char *events)
{
    char text[4096];

    (void)snprintf(text, sizeof(text),
                   "insert into journal (command_id, type, partition, key, accepted_at, decided_at,"
                   " body, result, events, order_id, traceparent) values ('%s', '%s', 7, 'user:7',"
                   " '2026-03-01', '2026-03-01 00:00:0%c', '{}', '{}', %s, %s, 'secret')",
                   id, type, id[strlen(id) - 1], events, order_id);
    testdb_run(db, text);
}

static void put_history(void)
{
    put_orders();
    put_journal(ID("1"), "order.place", "null",
                "'[{\"type\":\"stock.taken\",\"subject\":\"order:x\",\"version\":0,\"data\":"
                "{\"z\":1,\"a\":2}},\n{\"type\":\"order.paid\",\"subject\":\"order:x\","
                "\"version\":1,\"data\":{}}]'");
    put_journal(ID("2"), "order.place", "null",
                "'[{\"type\":\"order.paid\",\"subject\":\"order:y\",\"version\":1,\"data\":{}}]'");
    put_journal(ID("8"), "order.ship", "'" ID("1") "'",
                "'[{\"type\":\"order.shipped\",\"subject\":\"order:x\",\"version\":2,\"data\":"
                "{}}]'");
    put_journal(ID("9"), "order.cancel", "'" ID("1") "'", "null");
}

static void test_read_orders_history_is_every_event_of_its_commands_in_order(void **state)
{
    (void)state;
    put_history();
    READS_CHECK(db, ORDER("1") "/history", 7, {"/items/0/type", "\"stock.taken\""},
                {"/items/1/type", "\"order.paid\""}, {"/items/2/type", "\"order.shipped\""},
                {"/items/3", ""}, {"/next_cursor", "null"},
                {"/items/0/at", "\"2026-03-01T00:00:01.000000Z\""},
                {"/items/0/command_id", "\"" ID("1") "\""},
                {"/items/2/command_id", "\"" ID("8") "\""}, {"/items/0/data", "{\"z\":1,\"a\":2}"},
                {"/items/0/subject", "\"order:x\""}, {"/items/0/traceparent", ""});
    READS_CHECK(db, ORDER("2") "/history", 7, {"/items/0/subject", "\"order:y\""},
                {"/items/1", ""});
}

/* The id that the event had when it was announced. */
static void test_read_orders_history_has_the_ids_of_the_events(void **state)
{
    char id[FC_UUID_TEXT_BYTES + 3] = "\"";
    struct fc_buf buf = fc_buf_of(id + 1, sizeof(id) - 1);
    struct fc_uuid command_id;

    (void)state;
    put_history();
    assert_true(fc_uuid_parse(FC_STR(ID("1")), &command_id));
    struct fc_uuid event_id = fc_uuid_event(&command_id, 1);

    fc_uuid_put(&buf, &event_id);
    fc_buf_put_text(&buf, "\"");
    id[FC_UUID_TEXT_BYTES + 2] = '\0';
    struct json_object *answer = reads_get(db, ORDER("1") "/history", 7);

    assert_string_equal(reads_text(answer, "/items/1/id"), id);
    json_object_put(answer);
}

static void test_read_orders_history_comes_in_pages(void **state)
{
    static const char *const types[] = {"\"stock.taken\"", "\"order.paid\"", "\"order.shipped\""};
    char target[512] = ORDER("1") "/history?limit=1";

    (void)state;
    put_history();
    for (size_t i = 0; i < FC_ARRAY_COUNT(types); i++) {
        struct json_object *page = reads_get(db, target, 7);
        struct json_object *cursor = NULL;

        assert_string_equal(reads_text(page, "/items/0/type"), types[i]);
        assert_string_equal(reads_text(page, "/items/1"), "");
        (void)json_object_object_get_ex(page, "next_cursor", &cursor);
        assert_int_equal(cursor == NULL, i + 1 == FC_ARRAY_COUNT(types));
        (void)snprintf(target, sizeof(target), ORDER("1") "/history?limit=1&cursor=%s",
                       json_object_get_string(cursor));
        json_object_put(page);
    }
}

/* An event of half a megabyte ends a page, and nothing is lost. */
static void test_read_orders_history_of_large_events_comes_in_short_pages(void **state)
{
    (void)state;
    put_history();
    testdb_run(db, "update journal set events = '[{\"type\":\"a.b\",\"data\":\"'"
                   " || repeat('x', 600000) || '\"},\n{\"type\":\"c.d\",\"data\":{}}]'"
                   " where command_id = '" ID("1") "'");
    char target[512] = ORDER("1") "/history";
    struct json_object *page = reads_get(db, target, 7);

    assert_string_equal(reads_text(page, "/items/0/type"), "\"a.b\"");
    assert_string_equal(reads_text(page, "/items/1"), "");
    struct json_object *cursor = NULL;

    (void)json_object_object_get_ex(page, "next_cursor", &cursor);
    assert_non_null(cursor);
    (void)snprintf(target, sizeof(target), ORDER("1") "/history?cursor=%s",
                   json_object_get_string(cursor));
    json_object_put(page);
    READS_CHECK(db, target, 7, {"/items/0/type", "\"c.d\""}, {"/items/1/type", "\"order.shipped\""},
                {"/items/2", ""}, {"/next_cursor", "null"});
}

/* --- keys ------------------------------------------------------------------------------------- */

static void test_read_orders_keys_tell_what_is_absent_from_what_is_undecided(void **state)
{
    (void)state;
    put_history();
    assert_rows(db, "select o.key, o.user_id from orders o where o.order_id = '" ID("1") "'",
                "(user:7,7)");

    const struct {
        const struct sql_query *query;
        const char *id;
        const char *key; /* NULL: none */
        bool decided;
    } rows[] = {
        {&sql_read_order_key, ID("1"), "user:7", true},
        {&sql_read_order_key, ID("8"), NULL, true},
        {&sql_read_order_key, ID("f"), NULL, false},
        {&sql_read_coupon_key, ID("e"), "template:5", false},
        {&sql_read_coupon_key, ID("8"), NULL, true},
        {&sql_read_coupon_key, ID("f"), NULL, false},
    };

    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct db_params params;
        struct fc_uuid id;
        struct fc_err err;

        assert_true(fc_uuid_parse(fc_str_of(rows[i].id), &id));
        db_params_init(&params, testdb_arena());
        db_param_uuid(&params, &id);
        db_send(db, rows[i].query, &params);
        assert_int_equal(db_exchange(db, &err), FC_OK);
        assert_int_equal(db_rows_count(db_rows(db, 0)), 1);
        assert_int_equal(db_is_null(db_rows(db, 0), 0, 0), rows[i].key == NULL);
        if (rows[i].key != NULL) {
            assert_str_equal(db_text(db_rows(db, 0), 0, 0), rows[i].key);
            assert_int_equal(db_i64(db_rows(db, 0), 0, 1), 7);
        }
        assert_int_equal(db_bool(db_rows(db, 0), 0, 2), rows[i].decided);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_orders_a_paid_one_tells_what_was_shipped),
        cmocka_unit_test(test_read_orders_a_pending_one_is_not_paid_and_tells_until_when_it_waits),
        cmocka_unit_test(test_read_orders_a_transfer_that_came_counts_as_paid),
        cmocka_unit_test(test_read_orders_a_failed_one_tells_why),
        cmocka_unit_test(test_read_orders_a_cancelled_one_tells_what_was_given_back),
        cmocka_unit_test(test_read_orders_of_a_user_are_the_same_documents),
        cmocka_unit_test(test_read_orders_are_their_users_and_administrators),
        cmocka_unit_test(test_read_orders_history_is_every_event_of_its_commands_in_order),
        cmocka_unit_test(test_read_orders_history_has_the_ids_of_the_events),
        cmocka_unit_test(test_read_orders_history_comes_in_pages),
        cmocka_unit_test(test_read_orders_history_of_large_events_comes_in_short_pages),
        cmocka_unit_test(test_read_orders_keys_tell_what_is_absent_from_what_is_undecided),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
