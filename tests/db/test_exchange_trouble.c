#include "db/conn.h"

#include "sql/queries.h"
#include "support/testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

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

static int64_t items(void)
{
    return testdb_ask(db, "select count(*) from item");
}

static void expect_failure(const char *code, enum fc_cure cure)
{
    assert_int_equal(db_exchange(db, &err), FC_FAIL);
    assert_string_equal(err.code, code);
    assert_int_equal(err.cure, cure);
}

/* --- trouble ---------------------------------------------------------------------------------- */

static void test_exchange_error_in_the_middle_rolls_back(void **state)
{
    (void)state;
    db_send(db, &sql_transaction_begin, NULL);
    send("insert into item values (1, 1)");
    send("insert into item values (1, 2)");
    send("insert into item values (2, 1)");
    db_send(db, &sql_transaction_commit, NULL);
    expect_failure("23505", FC_CURE_RETRY);
    assert_non_null(strstr(err.text, "item_pkey"));
    assert_int_equal(items(), 0);
    send("insert into item values (3, 1)");
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(items(), 1);
}

static void test_exchange_first_error_is_told(void **state)
{
    (void)state;
    send("insert into item values (1, -1)");
    send("select 1 / 0");
    expect_failure("23514", FC_CURE_RETRY);
    assert_non_null(strstr(err.text, "item_stock"));
    assert_true(db_err_is(&err, "23514"));
}

static void test_exchange_error_at_commit_is_told(void **state)
{
    (void)state;
    testdb_run(db, "alter table item add foreign key (stock) references item (id)"
                   " deferrable initially deferred");
    db_send(db, &sql_transaction_begin, NULL);
    send("insert into item values (1, 9)");
    db_send(db, &sql_transaction_commit, NULL);
    expect_failure("23503", FC_CURE_PARK);
    assert_int_equal(items(), 0);
}

static void test_exchange_transaction_of_an_earlier_exchange_is_rolled_back_too(void **state)
{
    (void)state;
    db_send(db, &sql_transaction_begin, NULL);
    send("insert into item values (1, 1)");
    assert_int_equal(db_exchange(db, &err), FC_OK);
    send("select 1 / (select 0 from item)");
    expect_failure("22012", FC_CURE_PARK);
    assert_int_equal(items(), 0);
    assert_int_equal(testdb_ask(db, "select (pg_current_xact_id_if_assigned() is null)::int"), 1);
}

static void test_exchange_statement_whose_preparation_was_skipped_is_prepared_again(void **state)
{
    (void)state;
    send("select 1 / (select count(*) from item)");
    send("select 4711");
    expect_failure("22012", FC_CURE_PARK);
    assert_int_equal(testdb_ask(db, "select 4711"), 4711);
}

static void test_exchange_statement_whose_preparation_failed_is_prepared_again(void **state)
{
    (void)state;
    send("select count(*) from later");
    expect_failure("42P01", FC_CURE_EXIT);
    testdb_run(db, "create table later ()");
    assert_int_equal(testdb_ask(db, "select count(*) from later"), 0);
}

static void test_exchange_statement_that_failed_to_run_stays_prepared(void **state)
{
    (void)state;
    send_i64("select 10 / $1::bigint", 0);
    expect_failure("22012", FC_CURE_PARK);
    send_i64("select 10 / $1::bigint", 2);
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(db_i64(db_rows(db, 0), 0, 0), 5);
}

static void test_exchange_statement_timeout_is_retry(void **state)
{
    const struct db_settings settings = {testdb_conninfo(), "firstcome-test", NULL, 50, 0, 0};
    struct db *own = NULL;

    (void)state;
    assert_int_equal(db_open(&settings, &own, &err), FC_OK);
    db_send(own, testdb_query("select pg_sleep(30)"), NULL);
    assert_int_equal(db_exchange(own, &err), FC_FAIL);
    assert_string_equal(err.code, "57014");
    assert_int_equal(err.cure, FC_CURE_RETRY);
    assert_int_equal(testdb_ask(own, "select 1"), 1);
    db_close(own);
}

static void test_exchange_deadlock_is_retry_for_one_of_the_two(void **state)
{
    struct db *other = testdb_open(NULL);
    static char big[200000];
    struct db_params params;
    struct fc_err other_err;
    char waiting[200];

    (void)state;
    (void)snprintf(waiting, sizeof(waiting),
                   "select count(*) from pg_locks where pid = %d and not granted",
                   (int)testdb_ask(db, "select pg_backend_pid()"));
    testdb_run(db, "insert into item values (1, 1), (2, 1)");
    db_send(db, &sql_transaction_begin, NULL);
    send("update item set stock = 5 where id = 1");
    assert_int_equal(db_exchange(db, &err), FC_OK);
    db_send(other, &sql_transaction_begin, NULL);
    db_send(other, testdb_query("update item set stock = 6 where id = 2"), NULL);
    assert_int_equal(db_exchange(other, &other_err), FC_OK);
    /* The last one is large enough that libpq sends what stands before it at once. */
    send("update item set stock = 5 where id = 2");
    db_params_init(&params, testdb_arena());
    db_param_bytes(&params, (struct fc_str){big, sizeof(big)});
    db_send(db, testdb_query("select length($1::bytea)"), &params);
    testdb_await(other, waiting);
    db_send(other, testdb_query("update item set stock = 6 where id = 1"), NULL);
    enum fc_rc other_rc = db_exchange(other, &other_err);
    enum fc_rc rc = db_exchange(db, &err);

    assert_true((rc == FC_FAIL) != (other_rc == FC_FAIL));
    assert_string_equal(rc == FC_FAIL ? err.code : other_err.code, "40P01");
    assert_int_equal(rc == FC_FAIL ? err.cure : other_err.cure, FC_CURE_RETRY);
    db_close(other);
}

/* --- what cannot be sent ---------------------------------------------------------------------- */

static void test_exchange_parameters_that_overflow_undo_what_was_queued(void **state)
{
    struct db_params params;

    (void)state;
    db_params_init(&params, testdb_arena());
    for (int i = 0; i <= DB_PARAMS_MAX; i++)
        db_param_i64(&params, i);
    send("insert into item values (1, 1)");
    db_send(db, testdb_query("insert into item values ($1, $1)"), &params);
    send("insert into item values (2, 1)");
    expect_failure("", FC_CURE_RETRY);
    assert_int_equal(items(), 0);
    send("insert into item values (3, 1)");
    assert_int_equal(db_exchange(db, &err), FC_OK);
    assert_int_equal(items(), 1);
}

static void test_exchange_what_was_remembered_first_is_told(void **state)
{
    struct db_params params;

    (void)state;
    db_params_init(&params, testdb_arena());
    params.overflow = true;
    send("select 1 / 0");
    db_send(db, testdb_query("select 1"), &params);
    expect_failure("", FC_CURE_RETRY);
}

static void test_exchange_overflow_in_a_transaction_rolls_it_back(void **state)
{
    struct db_params params;

    (void)state;
    db_send(db, &sql_transaction_begin, NULL);
    send("insert into item values (1, 1)");
    assert_int_equal(db_exchange(db, &err), FC_OK);
    db_params_init(&params, testdb_arena());
    params.overflow = true;
    db_send(db, testdb_query("select 1"), &params);
    expect_failure("", FC_CURE_RETRY);
    assert_int_equal(items(), 0);
}

static void test_exchange_above_the_limit_is_refused(void **state)
{
    (void)state;
    send("insert into item values (1, 1)");
    for (int i = 0; i < DB_STATEMENTS_MAX; i++)
        send("select 1");
    expect_failure("", FC_CURE_RETRY);
    assert_int_equal(items(), 0);
}

static void test_exchange_rows_beyond_the_statements_are_a_mistake(void **state)
{
    (void)state;
    send("select 1");
    expect_assert_failure((void)db_rows(db, 0));
    assert_int_equal(db_exchange(db, &err), FC_OK);
    expect_assert_failure((void)db_rows(db, 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_exchange_error_in_the_middle_rolls_back),
        TEST(test_exchange_first_error_is_told),
        TEST(test_exchange_error_at_commit_is_told),
        TEST(test_exchange_transaction_of_an_earlier_exchange_is_rolled_back_too),
        TEST(test_exchange_statement_whose_preparation_was_skipped_is_prepared_again),
        TEST(test_exchange_statement_whose_preparation_failed_is_prepared_again),
        TEST(test_exchange_statement_that_failed_to_run_stays_prepared),
        TEST(test_exchange_statement_timeout_is_retry),
        TEST(test_exchange_deadlock_is_retry_for_one_of_the_two),
        TEST(test_exchange_parameters_that_overflow_undo_what_was_queued),
        TEST(test_exchange_what_was_remembered_first_is_told),
        TEST(test_exchange_overflow_in_a_transaction_rolls_it_back),
        TEST(test_exchange_above_the_limit_is_refused),
        TEST(test_exchange_rows_beyond_the_statements_are_a_mistake),
    };

    if (!testdb_begin())
        return 77;
    testdb_catch_asserts();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
