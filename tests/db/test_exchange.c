#include "db/conn.h"

#include "sql/queries.h"
#include "support/testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BIG_BYTES (16U * 1024 * 1024)

static struct db *db;
static struct fc_err err;

static int setup(void **state)
{
    (void)state;
    db = testdb_open(NULL);
    testdb_run(db, "drop table if exists item, later");
    testdb_run(db, "create table item (id bigint primary key, stock bigint not null,"
                   " constraint item_stock check (stock >= 0))");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static void send(const char *text)
{
    db_send(db, testdb_query(text), NULL);
}

static void send_i64(const char *text, int64_t value)
{
    struct db_params params;

    db_params_init(&params, testdb_arena());
    db_param_i64(&params, value);
    db_send(db, testdb_query(text), &params);
}

/* --- plain ------------------------------------------------------------------------------------ */

static void test_exchange_answers_come_in_the_order_of_sending(void **state)
{
    (void)state;
    for (int64_t i = 0; i < DB_STATEMENTS_MAX; i++)
        send_i64(i % 2 == 0 ? "select $1::bigint * 10" : "select $1::bigint * 10 + 1", i);
    assert_int_equal(db_exchange(db, &err), FC_OK);
    for (int32_t i = 0; i < DB_STATEMENTS_MAX; i++)
        assert_int_equal(db_i64(db_rows(db, i), 0, 0), i * 10 + i % 2);
}

static void test_exchange_of_nothing_succeeds(void **state)
{
    (void)state;
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(db_exchange(db, &err), FC_OK);
}

static void test_exchange_tells_rows_touched(void **state)
{
    (void)state;
    send("insert into item select g, 1 from generate_series(1, 7) g");
    send("update item set stock = 2 where id <= 3");
    send("delete from item where id > 100");
    send("select id from item");
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(db_rows_touched(db_rows(db, 0)), 7);
    assert_int_equal(db_rows_touched(db_rows(db, 1)), 3);
    assert_int_equal(db_rows_touched(db_rows(db, 2)), 0);
    assert_int_equal(db_rows_count(db_rows(db, 3)), 7);
}

static void test_exchange_transaction_may_span_exchanges(void **state)
{
    struct db *other = testdb_open(NULL);

    (void)state;
    db_send(db, &sql_transaction_begin, NULL);
    send("insert into item values (1, 1)");
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(testdb_ask(other, "select count(*) from item"), 0);
    send("insert into item values (2, 1)");
    db_send(db, &sql_transaction_commit, NULL);
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(testdb_ask(other, "select count(*) from item"), 2);
    db_close(other);
}

static void test_exchange_rollback_forgets(void **state)
{
    (void)state;
    db_send(db, &sql_transaction_begin, NULL);
    send("insert into item values (1, 1)");
    db_send(db, &sql_transaction_rollback, NULL);
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(testdb_ask(db, "select count(*) from item"), 0);
}

static void test_exchange_session_has_its_settings(void **state)
{
    const struct db_settings settings = {
        testdb_conninfo(), "fc-name", "-c work_mem=5MB", 1234, 2345, 3456};
    struct db *own = NULL;

    (void)state;
    assert_int_equal(db_open(&settings, &own, &err), FC_OK);
    assert_int_equal(testdb_ask(own, "select (current_setting('TimeZone') = 'UTC'"
                                     " and current_setting('client_encoding') = 'UTF8'"
                                     " and current_setting('application_name') = 'fc-name'"
                                     " and current_setting('work_mem') = '5MB'"
                                     " and current_setting('statement_timeout') = '1234ms'"
                                     " and current_setting('idle_session_timeout') = '2345ms'"
                                     " and current_setting('idle_in_transaction_session_timeout')"
                                     "  = '3456ms' and current_schema like 'fc_test_%')::int"),
                     1);
    db_close(own);
}

/* --- large ------------------------------------------------------------------------------------ */

static void fill(char *bytes, size_t len, uint32_t seed)
{
    for (size_t i = 0; i < len; i++) {
        seed = seed * 1664525 + 1013904223;
        bytes[i] = (char)(seed >> 24);
    }
}

static void test_exchange_megabytes_go_both_ways(void **state)
{
    char *bytes = malloc(BIG_BYTES);
    struct db_params params;

    (void)state;
    assert_non_null(bytes);
    fill(bytes, BIG_BYTES, 1);
    /* Several: the server answers the first while we still write the others, and stops reading
     * when its answers are not taken. */
    for (int i = 0; i < 3; i++) {
        db_params_init(&params, testdb_arena());
        db_param_bytes(&params, (struct fc_str){bytes, BIG_BYTES});
        assert_false(params.overflow);
        db_send(db, testdb_query("select $1::bytea, $1::bytea"), &params);
    }
    assert_int_equal(db_exchange(db, &err), FC_OK);
    for (int32_t i = 0; i < 3; i++) {
        struct fc_str back = db_text(db_rows(db, i), 0, 1);

        assert_int_equal(back.len, BIG_BYTES);
        assert_int_equal(memcmp(back.ptr, bytes, BIG_BYTES), 0);
    }
    free(bytes);
}

static void test_exchange_large_array_is_inserted(void **state)
{
    struct db_params params;

    (void)state;
    db_params_init(&params, testdb_arena());
    db_array_begin(&params, DB_I64);
    for (int64_t i = 0; i < 100000; i++)
        db_array_i64(&params, i);
    db_array_end(&params);
    db_send(db, testdb_query("insert into item select u, u from unnest($1::bigint[]) u"), &params);
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(testdb_ask(db, "select sum(stock)::bigint from item"), 4999950000);
}

/* --- opening ---------------------------------------------------------------------------------- */

static void test_exchange_bad_connection_string_is_exit(void **state)
{
    const struct db_settings settings = {"no such = thing =", "firstcome-test", NULL, 0, 0, 0};
    struct db *own = NULL;

    (void)state;
    assert_int_equal(db_open(&settings, &own, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_EXIT);
    assert_null(own);
}

static void test_exchange_server_that_does_not_answer_is_reconnect(void **state)
{
    const struct db_settings settings = {"host=127.0.0.1 port=1", "firstcome-test", NULL, 0, 0, 0};
    struct db *own = NULL;

    (void)state;
    assert_int_equal(db_open(&settings, &own, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_null(own);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_exchange_answers_come_in_the_order_of_sending),
        TEST(test_exchange_of_nothing_succeeds),
        TEST(test_exchange_tells_rows_touched),
        TEST(test_exchange_transaction_may_span_exchanges),
        TEST(test_exchange_rollback_forgets),
        TEST(test_exchange_session_has_its_settings),
        TEST(test_exchange_megabytes_go_both_ways),
        TEST(test_exchange_large_array_is_inserted),
        TEST(test_exchange_bad_connection_string_is_exit),
        TEST(test_exchange_server_that_does_not_answer_is_reconnect),
    };

    if (!testdb_begin())
        return 77;
    testdb_catch_asserts();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
