#include "db/lease.h"

#include "support/testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define PARTITIONS 8

static struct db *one;
static struct db *two;
static struct fc_err err;
/* Advisory locks belong to the whole database: a class of this program's own. */
static int32_t lock_class;

static int setup(void **state)
{
    (void)state;
    lock_class = 100000 + getpid() % 1000000000;
    one = testdb_open(NULL);
    two = testdb_open(NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(one);
    db_close(two);
    return 0;
}

static void enroll(struct db *db)
{
    if (db_lease_enroll(db, lock_class, &err) != FC_OK)
        fail_msg("%s", err.text);
}

static bool take(struct db *db, int32_t partition)
{
    bool taken = false;

    if (db_lease_take(db, lock_class, partition, &taken, &err) != FC_OK)
        fail_msg("%s", err.text);
    return taken;
}

static void give(struct db *db, int32_t partition)
{
    if (db_lease_give(db, lock_class, partition, &err) != FC_OK)
        fail_msg("%s", err.text);
}

static struct db_lease_view look(struct db *db)
{
    struct db_lease_view view;

    if (db_lease_look(db, lock_class, PARTITIONS, &view, &err) != FC_OK)
        fail_msg("%s", err.text);
    return view;
}

static int32_t pid_of(struct db *db)
{
    return (int32_t)testdb_ask(db, "select pg_backend_pid()");
}

/* A closed session ends a moment later on the server. */
static void close_and_await(struct db **db, struct db *watcher)
{
    static char text[100];

    (void)snprintf(text, sizeof(text), "select (count(*) = 0)::int from pg_locks where pid = %d",
                   pid_of(*db));
    db_close(*db);
    *db = NULL;
    testdb_await(watcher, text);
}

/* --- the roll --------------------------------------------------------------------------------- */

static void test_lease_roll_counts_live_sessions(void **state)
{
    (void)state;
    enroll(one);
    assert_int_equal(look(one).workers, 1);
    assert_int_equal(look(one).rank, 0);
    assert_int_equal(look(one).me, pid_of(one));
    enroll(two);
    assert_int_equal(look(one).workers, 2);
    assert_int_equal(look(two).workers, 2);
    close_and_await(&two, one);
    assert_int_equal(look(one).workers, 1);
}

static void test_lease_rank_follows_the_backends(void **state)
{
    (void)state;
    enroll(one);
    enroll(two);
    bool ascending = pid_of(one) < pid_of(two);

    assert_int_equal(look(one).rank, ascending ? 0 : 1);
    assert_int_equal(look(two).rank, ascending ? 1 : 0);
}

static void test_lease_families_do_not_see_each_other(void **state)
{
    struct db_lease_view view;

    (void)state;
    enroll(one);
    assert_true(take(one, 3));
    assert_int_equal(db_lease_enroll(two, lock_class + 1, &err), FC_OK);
    assert_int_equal(db_lease_look(two, lock_class + 1, PARTITIONS, &view, &err), FC_OK);
    assert_int_equal(view.workers, 1);
    assert_int_equal(view.held_by[3], 0);
    bool taken = false;

    assert_int_equal(db_lease_take(two, lock_class + 1, 3, &taken, &err), FC_OK);
    assert_true(taken);
}

static void test_lease_look_without_enrolling_is_a_mistake(void **state)
{
    struct db_lease_view view;

    (void)state;
    expect_assert_failure(
        assert_int_equal(db_lease_look(one, lock_class, PARTITIONS, &view, &err), FC_OK));
}

/* --- partitions ------------------------------------------------------------------------------- */

static void test_lease_partition_has_one_holder(void **state)
{
    (void)state;
    enroll(one);
    enroll(two);
    assert_true(take(one, 0));
    assert_false(take(two, 0));
    assert_true(take(two, PARTITIONS - 1));
    struct db_lease_view view = look(two);

    assert_int_equal(view.held_by[0], pid_of(one));
    assert_int_equal(view.held_by[PARTITIONS - 1], pid_of(two));
    for (int32_t i = 1; i < PARTITIONS - 1; i++)
        assert_int_equal(view.held_by[i], 0);
}

static void test_lease_partition_given_is_free(void **state)
{
    (void)state;
    enroll(one);
    enroll(two);
    assert_true(take(one, 2));
    give(one, 2);
    assert_int_equal(look(two).held_by[2], 0);
    assert_true(take(two, 2));
}

static void test_lease_giving_what_is_not_held_is_a_mistake(void **state)
{
    (void)state;
    assert_true(take(two, 4));
    expect_assert_failure(assert_int_equal(db_lease_give(one, lock_class, 4, &err), FC_OK));
}

static void test_lease_partitions_of_a_dead_session_are_free(void **state)
{
    (void)state;
    enroll(one);
    enroll(two);
    assert_true(take(two, 5));
    assert_false(take(one, 5));
    close_and_await(&two, one);
    assert_int_equal(look(one).held_by[5], 0);
    assert_true(take(one, 5));
}

static void test_lease_outlives_transactions(void **state)
{
    (void)state;
    enroll(one);
    testdb_run(one, "begin");
    assert_true(take(one, 6));
    testdb_run(one, "rollback");
    assert_false(take(two, 6));
}

static void test_lease_of_a_lost_session_is_reconnect(void **state)
{
    bool taken = true;

    (void)state;
    enroll(one);
    db_send(one, testdb_query("select pg_terminate_backend(pg_backend_pid())"), NULL);
    db_send(one, testdb_query("select 1"), NULL);
    assert_int_equal(db_exchange(one, &err), FC_FAIL);
    assert_int_equal(db_lease_take(one, lock_class, 1, &taken, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_true(taken);
}

/* --- the plan over real sessions -------------------------------------------------------------- */

static int32_t carry_out(struct db *db)
{
    struct db_lease_view view = look(db);
    struct db_lease_plan plan;
    int32_t moves = 0;

    db_lease_plan(&view, &plan);
    for (int32_t i = 0; i < plan.take_count; i++)
        moves += take(db, plan.take[i]);
    for (int32_t i = 0; i < plan.give_count; i++, moves++)
        give(db, plan.give[i]);
    return moves;
}

static int32_t held(struct db *db)
{
    struct db_lease_view view = look(db);
    int32_t count = 0;

    for (int32_t i = 0; i < PARTITIONS; i++)
        count += view.held_by[i] == view.me;
    return count;
}

static void test_lease_sessions_share_as_they_come_and_go(void **state)
{
    (void)state;
    enroll(one);
    assert_int_equal(carry_out(one), PARTITIONS);
    enroll(two);
    (void)carry_out(one);
    (void)carry_out(two);
    assert_int_equal(held(one), PARTITIONS / 2);
    assert_int_equal(held(two), PARTITIONS / 2);
    assert_int_equal(carry_out(one) + carry_out(two), 0);
    close_and_await(&one, two);
    (void)carry_out(two);
    assert_int_equal(held(two), PARTITIONS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lease_roll_counts_live_sessions),
        TEST(test_lease_rank_follows_the_backends),
        TEST(test_lease_families_do_not_see_each_other),
        TEST(test_lease_look_without_enrolling_is_a_mistake),
        TEST(test_lease_partition_has_one_holder),
        TEST(test_lease_partition_given_is_free),
        TEST(test_lease_giving_what_is_not_held_is_a_mistake),
        TEST(test_lease_partitions_of_a_dead_session_are_free),
        TEST(test_lease_outlives_transactions),
        TEST(test_lease_of_a_lost_session_is_reconnect),
        TEST(test_lease_sessions_share_as_they_come_and_go),
    };

    if (!testdb_begin())
        return 77;
    testdb_catch_asserts();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
