#include "db/conn.h"

#include "sql/queries.h"
#include "support/testdb.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct db *db;
static struct db *other;
static struct fc_err err;
static int32_t pid;

static int setup(void **state)
{
    (void)state;
    db = testdb_open(NULL);
    other = testdb_open(NULL);
    pid = (int32_t)testdb_ask(db, "select pg_backend_pid()");
    testdb_run(db, "create table if not exists item (id bigint)");
    testdb_run(db, "truncate item");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    db_close(other);
    return 0;
}

/* Returns when the server has ended the session. */
static void terminate(void)
{
    struct db_params params;

    db_params_init(&params, testdb_arena());
    db_param_i32(&params, pid);
    db_send(other, testdb_query("select pg_terminate_backend($1::integer, 30000)::int"), &params);
    assert_int_equal(db_exchange(other, &err), FC_OK);
    assert_int_equal(db_i64(db_rows(other, 0), 0, 0), 1);
}

static void expect_loss(struct db *lost)
{
    db_send(lost, testdb_query("insert into item values (1)"), NULL);
    assert_int_equal(db_exchange(lost, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_true(err.text[0] != '\0');
}

static void await_end(struct db *lost)
{
    struct pollfd socket = {db_fd(lost), POLLIN, 0};

    assert_in_range(poll(&socket, 1, 30000), 1, 1);
}

static void test_loss_terminated_session_is_reconnect(void **state)
{
    (void)state;
    terminate();
    expect_loss(db);
    assert_int_equal(testdb_ask(other, "select count(*) from item"), 0);
}

static void test_loss_stays_until_the_connection_is_closed(void **state)
{
    (void)state;
    terminate();
    expect_loss(db);
    expect_loss(db);
    assert_int_equal(db_exchange(db, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    db_close(db);
    db = testdb_open(NULL);
    assert_int_equal(testdb_ask(db, "select 5"), 5);
}

static void test_loss_in_a_transaction_loses_the_transaction(void **state)
{
    (void)state;
    db_send(db, &sql_transaction_begin, NULL);
    db_send(db, testdb_query("insert into item values (2)"), NULL);
    assert_int_equal(db_exchange(db, &err), FC_OK);
    terminate();
    db_send(db, &sql_transaction_commit, NULL);
    assert_int_equal(db_exchange(db, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_int_equal(testdb_ask(other, "select count(*) from item"), 0);
}

static void test_loss_while_a_statement_runs_tells_the_servers_word(void **state)
{
    (void)state;
    db_send(db, testdb_query("select 1"), NULL);
    db_send(db, testdb_query("select pg_terminate_backend(pg_backend_pid())"), NULL);
    db_send(db, testdb_query("select pg_sleep(30)"), NULL);
    assert_int_equal(db_exchange(db, &err), FC_FAIL);
    assert_string_equal(err.code, "57P01");
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
}

static void test_loss_of_an_idle_session_is_reconnect(void **state)
{
    const struct db_settings settings = {testdb_conninfo(), "firstcome-test", NULL, 0, 50, 0};
    struct db *own = NULL;

    (void)state;
    assert_int_equal(db_open(&settings, &own, &err), FC_OK);
    assert_int_equal(testdb_ask(own, "select 1"), 1);
    await_end(own);
    expect_loss(own);
    db_close(own);
}

static void test_loss_of_a_session_idle_in_transaction_is_reconnect(void **state)
{
    const struct db_settings settings = {testdb_conninfo(), "firstcome-test", NULL, 0, 0, 50};
    struct db *own = NULL;

    (void)state;
    assert_int_equal(db_open(&settings, &own, &err), FC_OK);
    db_send(own, &sql_transaction_begin, NULL);
    assert_int_equal(db_exchange(own, &err), FC_OK);
    await_end(own);
    expect_loss(own);
    db_close(own);
}

static void test_loss_of_a_server_that_falls_silent_is_noticed(void **state)
{
    /* Our side is told of a timeout that the server then does not keep. */
    const struct db_settings settings = {
        testdb_conninfo(), "firstcome-test", "-c statement_timeout=0", 1, 0, 0};
    struct db *own = NULL;

    (void)state;
    assert_int_equal(db_open(&settings, &own, &err), FC_OK);
    pid = (int32_t)testdb_ask(own, "select pg_backend_pid()");
    db_send(own, testdb_query("select pg_sleep(100)"), NULL);
    assert_int_equal(db_exchange(own, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_non_null(strstr(err.text, "silent"));
    db_close(own);
    terminate();
}

static void test_loss_of_a_standby_turned_server_is_reconnect(void **state)
{
    struct db *own = testdb_open("-c default_transaction_read_only=on");

    (void)state;
    expect_loss(own);
    assert_string_equal(err.code, "25006");
    db_close(own);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_loss_terminated_session_is_reconnect),
        TEST(test_loss_stays_until_the_connection_is_closed),
        TEST(test_loss_in_a_transaction_loses_the_transaction),
        TEST(test_loss_while_a_statement_runs_tells_the_servers_word),
        TEST(test_loss_of_an_idle_session_is_reconnect),
        TEST(test_loss_of_a_session_idle_in_transaction_is_reconnect),
        TEST(test_loss_of_a_server_that_falls_silent_is_noticed),
        TEST(test_loss_of_a_standby_turned_server_is_reconnect),
    };

    if (!testdb_begin())
        return 77;
    testdb_catch_asserts();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
