/*
 * A worker that freezes while the server waits for the rest of its statements, or for it to read
 * answers, is out of reach of the server's timeouts: the others end its session.
 */
#include "db/lease.h"
#include "support/expect.h"
#include "support/testdb.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct db *frozen;
static struct db *other;
static int32_t lock_class;

static int setup(void **state)
{
    const struct db_settings settings = {
        testdb_conninfo(), "firstcome-test", NULL, DB_STATEMENT_MS_MAX, 50, 50};
    struct fc_err err;
    bool taken = false;

    (void)state;
    lock_class = 100000 + getpid() % 1000000000;
    other = testdb_open(NULL);
    assert_int_equal(db_open(&settings, &frozen, &err), FC_OK);
    assert_int_equal(db_lease_enroll(frozen, lock_class, &err), FC_OK);
    assert_int_equal(db_lease_take(frozen, lock_class, 3, &taken, &err), FC_OK);
    assert_true(taken);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(frozen);
    db_close(other);
    return 0;
}

/* Queued statements of which the first are sent before anything is asked to be. */
static void begin_exchange(void)
{
    static char text[200 * 1024];
    struct db_params params;

    memset(text, 'x', sizeof(text));
    db_send(frozen, testdb_query("begin"), NULL);
    db_params_init(&params, testdb_arena());
    db_param_text(&params, (struct fc_str){text, sizeof(text)});
    db_send(frozen, testdb_query("select length($1::text)"), &params);
}

static void await_wait(const char *event)
{
    char text[400];

    (void)snprintf(text, sizeof(text),
                   "select count(*) from pg_stat_activity a join pg_locks l using (pid)"
                   " where a.state = 'active' and a.wait_event = '%s' and l.locktype = 'advisory'"
                   " and l.classid = %d and l.objid = 3",
                   event, (int)lock_class);
    testdb_await(other, text);
}

static int32_t evict(int32_t silent_ms)
{
    int32_t count = -1;
    struct fc_err err;

    if (db_lease_evict(other, lock_class, silent_ms, &count, &err) != FC_OK)
        fail_msg("%s", err.text);
    return count;
}

static void await_free(void)
{
    char text[200];

    (void)snprintf(text, sizeof(text),
                   "select (count(*) = 0)::int from pg_locks where locktype = 'advisory'"
                   " and classid = %d",
                   (int)lock_class);
    testdb_await(other, text);
}

static void test_lease_of_a_worker_that_froze_while_sending_is_freed(void **state)
{
    struct fc_err err;

    (void)state;
    begin_exchange();
    await_wait("ClientRead");
    assert_int_equal(evict(0), 1);
    await_free();
    /* It wakes, and can do nothing. */
    assert_int_equal(db_exchange(frozen, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
}

static void test_lease_of_a_worker_that_froze_while_it_was_answered_is_freed(void **state)
{
    (void)state;
    begin_exchange();
    /* More than the buffers between the two hold. */
    db_send(frozen, testdb_query("select repeat('x', 100000000)"), NULL);
    begin_exchange();
    await_wait("ClientWrite");
    assert_int_equal(evict(0), 1);
    await_free();
}

static void test_lease_of_a_worker_that_is_silent_for_a_moment_is_left_alone(void **state)
{
    struct fc_err err;

    (void)state;
    begin_exchange();
    await_wait("ClientRead");
    assert_int_equal(evict(DB_LEASE_SILENT_MS_MAX), 0);
    assert_int_equal(db_exchange(frozen, &err), FC_OK);
}

static void test_lease_of_another_family_is_left_alone(void **state)
{
    (void)state;
    begin_exchange();
    await_wait("ClientRead");
    lock_class++;
    assert_int_equal(evict(0), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lease_of_a_worker_that_froze_while_sending_is_freed),
        TEST(test_lease_of_a_worker_that_froze_while_it_was_answered_is_freed),
        TEST(test_lease_of_a_worker_that_is_silent_for_a_moment_is_left_alone),
        TEST(test_lease_of_another_family_is_left_alone),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
