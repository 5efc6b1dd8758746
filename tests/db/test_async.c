#include "db/conn.h"

#include "support/testdb.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ANSWERS_MAX (DB_PENDING_MAX + 16)
#define FAILED (-1)

static struct db *db;
static struct fc_err err;

/* What came, in the order in which it came. */
static struct {
    int64_t values[ANSWERS_MAX]; /* or FAILED */
    int32_t tags[ANSWERS_MAX];
    int32_t count;
    struct fc_err err; /* of the last that failed */
    bool again;        /* the answer queues one more */
} came;

static int32_t tags[ANSWERS_MAX];

static int setup(void **state)
{
    (void)state;
    db = testdb_open(NULL);
    memset(&came, 0, sizeof(came));
    for (int32_t i = 0; i < ANSWERS_MAX; i++)
        tags[i] = i;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static void answer(void *arg, const struct db_rows *rows, const struct fc_err *failure)
{
    assert_in_range(came.count, 0, ANSWERS_MAX - 1);
    assert_true((rows == NULL) == (failure != NULL));
    came.tags[came.count] = *(const int32_t *)arg;
    came.values[came.count] = rows != NULL ? db_i64(rows, 0, 0) : FAILED;
    if (failure != NULL)
        came.err = *failure;
    came.count++;
    if (came.again) {
        came.again = false;
        db_send_async(db, testdb_query("select 99::bigint"), NULL, answer, &tags[99]);
    }
}

static void ask(const char *text, int32_t tag)
{
    db_send_async(db, testdb_query(text), NULL, answer, &tags[tag]);
}

static void ask_i64(const char *text, int64_t value, int32_t tag)
{
    struct db_params params;

    db_params_init(&params, testdb_arena());
    db_param_i64(&params, value);
    db_send_async(db, testdb_query(text), &params, answer, &tags[tag]);
}

/* A loop's turns until nothing is pending or the connection fails. */
static enum fc_rc turn_until_answered(void)
{
    enum fc_rc rc = db_poll(db, &err);

    while (rc == FC_OK && db_pending(db) > 0) {
        short events = db_wants_write(db) ? POLLIN | POLLOUT : POLLIN;
        struct pollfd socket = {db_fd(db), events, 0};

        assert_true(socket.fd >= 0);
        assert_in_range(poll(&socket, 1, 30000), 1, 1);
        rc = db_poll(db, &err);
    }
    return rc;
}

/* --- order ------------------------------------------------------------------------------------ */

static void test_async_answers_come_in_the_order_of_sending(void **state)
{
    (void)state;
    for (int32_t i = 0; i < 5000; i++)
        ask_i64(i % 3 == 0 ? "select $1::bigint" : "select $1::bigint * 1", i, i);
    assert_int_equal(db_pending(db), 5000);
    assert_true(db_wants_write(db));
    assert_int_equal(turn_until_answered(), FC_OK);
    assert_int_equal(came.count, 5000);
    assert_false(db_wants_write(db));
    for (int32_t i = 0; i < 5000; i++) {
        assert_int_equal(came.tags[i], i);
        assert_int_equal(came.values[i], i);
    }
}

static void test_async_nothing_is_answered_before_poll(void **state)
{
    (void)state;
    ask("select 1::bigint", 0);
    assert_int_equal(came.count, 0);
    assert_int_equal(turn_until_answered(), FC_OK);
    assert_int_equal(came.count, 1);
}

static void test_async_poll_without_anything_pending_succeeds(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(db_poll(db, &err), FC_OK);
}

static void test_async_answer_may_queue_another(void **state)
{
    (void)state;
    came.again = true;
    ask("select 1::bigint", 0);
    ask("select 2::bigint", 1);
    assert_int_equal(turn_until_answered(), FC_OK);
    assert_int_equal(came.count, 3);
    assert_int_equal(came.tags[2], 99);
    assert_int_equal(came.values[2], 99);
}

static void test_async_large_answers_come_whole(void **state)
{
    (void)state;
    for (int32_t i = 0; i < 20; i++)
        ask_i64("select length(t)::bigint, t from (select repeat('x', $1::bigint::integer)) s (t)",
                1000000 + i, i);
    assert_int_equal(turn_until_answered(), FC_OK);
    assert_int_equal(came.count, 20);
    for (int32_t i = 0; i < 20; i++)
        assert_int_equal(came.values[i], 1000000 + i);
}

/* --- trouble of one --------------------------------------------------------------------------- */

static void test_async_failing_statement_does_not_touch_its_neighbours(void **state)
{
    (void)state;
    for (int32_t i = 0; i < 30; i++)
        ask_i64("select 10 / ($1::bigint - 15) * 0 + $1::bigint", i, i);
    assert_int_equal(turn_until_answered(), FC_OK);
    assert_int_equal(came.count, 30);
    for (int32_t i = 0; i < 30; i++)
        assert_int_equal(came.values[i], i == 15 ? FAILED : i);
    assert_string_equal(came.err.code, "22012");
    assert_int_equal(came.err.cure, FC_CURE_PARK);
}

static void test_async_preparation_that_failed_is_tried_again(void **state)
{
    (void)state;
    ask("select 1::bigint", 0);
    ask("select count(*) from async_later", 1);
    ask("select 2::bigint", 2);
    assert_int_equal(turn_until_answered(), FC_OK);
    assert_int_equal(came.values[1], FAILED);
    assert_string_equal(came.err.code, "42P01");
    assert_int_equal(came.values[2], 2);
    struct db *other = testdb_open(NULL);

    testdb_run(other, "create table async_later ()");
    db_close(other);
    ask("select count(*) from async_later", 3);
    assert_int_equal(turn_until_answered(), FC_OK);
    assert_int_equal(came.values[3], 0);
}

static void test_async_parameters_that_overflow_are_told_in_turn(void **state)
{
    struct db_params params;

    (void)state;
    db_params_init(&params, testdb_arena());
    params.overflow = true;
    ask("select 1::bigint", 0);
    db_send_async(db, testdb_query("select 2::bigint"), &params, answer, &tags[1]);
    ask("select 3::bigint", 2);
    assert_int_equal(turn_until_answered(), FC_OK);
    assert_int_equal(came.count, 3);
    assert_int_equal(came.values[0], 1);
    assert_int_equal(came.values[1], FAILED);
    assert_int_equal(came.tags[1], 1);
    assert_int_equal(came.err.cure, FC_CURE_RETRY);
    assert_int_equal(came.values[2], 3);
}

static void test_async_only_overflown_parameters_are_told_by_the_next_poll(void **state)
{
    struct db_params params;

    (void)state;
    db_params_init(&params, testdb_arena());
    params.overflow = true;
    db_send_async(db, testdb_query("select 2::bigint"), &params, answer, &tags[1]);
    assert_true(db_wants_write(db));
    assert_int_equal(db_poll(db, &err), FC_OK);
    assert_int_equal(came.count, 1);
    assert_int_equal(db_pending(db), 0);
}

static void test_async_above_the_limit_is_refused_at_once(void **state)
{
    (void)state;
    for (int32_t i = 0; i < DB_PENDING_MAX; i++)
        ask_i64("select $1::bigint", i, i);
    assert_int_equal(came.count, 0);
    ask("select 7::bigint", 7);
    assert_int_equal(came.count, 1);
    assert_int_equal(came.tags[0], 7);
    assert_int_equal(came.err.cure, FC_CURE_RETRY);
    assert_int_equal(turn_until_answered(), FC_OK);
    assert_int_equal(came.count, DB_PENDING_MAX + 1);
    assert_int_equal(came.values[DB_PENDING_MAX], DB_PENDING_MAX - 1);
}

/* --- trouble of the connection ---------------------------------------------------------------- */

/* Another session holds the first statement up until all are sent: the loss is met by reading. */
static void test_async_lost_connection_fails_all_pending_in_order(void **state)
{
    struct db *other = testdb_open(NULL);

    (void)state;
    db_send(other, testdb_query("select 1::bigint from pg_advisory_lock(7299)"), NULL);
    assert_int_equal(db_exchange(other, &err), FC_OK);
    ask("select 1::bigint from pg_advisory_lock_shared(7299)", 0);
    ask("select pg_terminate_backend(pg_backend_pid())::int::bigint", 1);
    for (int32_t i = 2; i < 10; i++)
        ask("select 2::bigint", i);
    while (db_wants_write(db))
        assert_int_equal(db_poll(db, &err), FC_OK);
    assert_int_equal(came.count, 0);
    db_close(other);
    assert_int_equal(turn_until_answered(), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_string_equal(err.code, "57P01");
    assert_int_equal(came.count, 10);
    assert_int_equal(came.values[0], 1);
    for (int32_t i = 0; i < 10; i++)
        assert_int_equal(came.tags[i], i);
    assert_int_equal(came.values[2], FAILED);
    assert_int_equal(came.values[9], FAILED);
    assert_int_equal(came.err.cure, FC_CURE_RECONNECT);
    assert_int_equal(db_pending(db), 0);
}

/* The loss may be met by writing, with answers under way: those fail too, and nobody waits. */
static void test_async_connection_lost_while_queuing_fails_all_pending_in_order(void **state)
{
    (void)state;
    ask("select pg_terminate_backend(pg_backend_pid())::int::bigint", 0);
    for (int32_t i = 1; i < 2000; i++)
        ask("select 2::bigint", i);
    assert_int_equal(turn_until_answered(), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_int_equal(came.count, 2000);
    for (int32_t i = 0; i < 2000; i++) {
        assert_int_equal(came.tags[i], i);
        assert_int_equal(came.values[i], FAILED);
    }
    assert_int_equal(db_pending(db), 0);
}

static void test_async_connection_lost_while_idle_is_told_by_poll(void **state)
{
    enum fc_rc rc = FC_OK;

    (void)state;
    ask("select pg_backend_pid()::bigint", 0);
    assert_int_equal(turn_until_answered(), FC_OK);
    struct db *other = testdb_open(NULL);
    struct db_params params;

    db_params_init(&params, testdb_arena());
    db_param_i32(&params, (int32_t)came.values[0]);
    db_send(other, testdb_query("select pg_terminate_backend($1::integer)"), &params);
    assert_int_equal(db_exchange(other, &err), FC_OK);
    db_close(other);
    while (rc == FC_OK) {
        struct pollfd socket = {db_fd(db), POLLIN, 0};

        assert_in_range(poll(&socket, 1, 30000), 1, 1);
        rc = db_poll(db, &err);
    }
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
}

static void test_async_statement_on_a_lost_connection_fails_at_the_next_poll(void **state)
{
    (void)state;
    ask("select pg_terminate_backend(pg_backend_pid())::int::bigint", 0);
    assert_int_equal(turn_until_answered(), FC_FAIL);
    int32_t before = came.count;

    ask("select 1::bigint", 5);
    assert_int_equal(came.count, before);
    assert_int_equal(db_poll(db, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_int_equal(came.count, before + 1);
    assert_int_equal(came.tags[before], 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_async_answers_come_in_the_order_of_sending),
        TEST(test_async_nothing_is_answered_before_poll),
        TEST(test_async_poll_without_anything_pending_succeeds),
        TEST(test_async_answer_may_queue_another),
        TEST(test_async_large_answers_come_whole),
        TEST(test_async_failing_statement_does_not_touch_its_neighbours),
        TEST(test_async_preparation_that_failed_is_tried_again),
        TEST(test_async_parameters_that_overflow_are_told_in_turn),
        TEST(test_async_only_overflown_parameters_are_told_by_the_next_poll),
        TEST(test_async_above_the_limit_is_refused_at_once),
        TEST(test_async_lost_connection_fails_all_pending_in_order),
        TEST(test_async_connection_lost_while_queuing_fails_all_pending_in_order),
        TEST(test_async_connection_lost_while_idle_is_told_by_poll),
        TEST(test_async_statement_on_a_lost_connection_fails_at_the_next_poll),
    };

    if (!testdb_begin())
        return 77;
    testdb_catch_asserts();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
