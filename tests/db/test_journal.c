/*
 * Idempotency keys in the journal: two commands of one user with the same key are one command,
 * in a batch, over batches, and when two workers meet in the unique index.
 */
#include "skeleton/journal.h"

#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

static struct worker_rig one;
static struct worker_rig two;

#define KEY(key) ",\"idempotency_key\":\"" key "\""
#define KEY_OF(user, key) ",\"user_id\":" user KEY(key)
#define OWN "select command_id, actor_id, idempotency_key, verdict, replay_of from journal"

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&one, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&two, WIRE_FAMILY_ORDER, "order-2");
    worker_rows_clear(one.db);
    worker_rows_open_shop(one.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&one);
    worker_rig_close(&two);
    return 0;
}

static void charge(struct worker_rig *rig, int n, const char *body, const char *more)
{
    worker_rig_ask(rig, n, "wallet.charge", "user:7", body, more);
}

static void expect_replay(void)
{
    assert_rows(one.db, "select * from wallet", "(7,10005,5,0)\n(8,0,1,0)");
    assert_rows(one.db, OWN,
                "(" WORKER_ID_HEAD "1,7,k,,)\n(" WORKER_ID_HEAD "2,7,,," WORKER_ID_HEAD "1)");
    assert_rows(one.db,
                "select count(distinct result), count(distinct body), count(events)"
                " from journal",
                "(1,1,1)");
}

static void test_journal_key_repeated_in_a_batch_is_a_replay(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", KEY("k"));
    charge(&one, 2, "{\"user_id\":7,\"amount\":5}", KEY("k") ",\"reply_to\":\"a\"");
    worker_rig_run(&one);
    expect_replay();
    assert_str_contains(worker_rig_told(&one), "\"replay_of\":\"" WORKER_ID_HEAD "1\"");
}

static void test_journal_key_repeated_in_a_later_batch_is_a_replay(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", KEY("k"));
    worker_rig_run(&one);
    (void)worker_rig_told(&one);
    charge(&two, 2, "{\"amount\":5}", KEY("k") ",\"reply_to\":\"a\"");
    two.now = worker_instant(60);
    worker_rig_run(&two);
    expect_replay();
    assert_rows(one.db, "select decided_at from journal where replay_of is not null",
                "(\"2026-03-01 12:01:01+00\")");
    struct fc_str told = worker_rig_told(&two);

    assert_str_contains(told, "\"state\":\"succeeded\"");
    assert_str_contains(told, "\"result\":{\"user_id\":7,\"balance\":10005,\"amount\":5}");
    assert_str_contains(told, "\"replay_of\":\"" WORKER_ID_HEAD "1\"");
}

static void test_journal_replay_is_recalled_as_the_replay_it_was(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", KEY("k"));
    charge(&one, 2, "{\"amount\":5}", KEY("k") ",\"reply_to\":\"a\"");
    worker_rig_run_to(&one, CYCLE_SETTLE);
    static char first[65536];

    assert_true(fc_str_copy(worker_rig_told(&one), first, sizeof(first)));
    worker_rig_die(&one);
    one.now = worker_instant(60);
    worker_rig_run(&one);
    assert_str_equal(worker_rig_told(&one), first);
    expect_replay();
}

static void test_journal_key_with_another_body_is_refused(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", KEY("k"));
    charge(&one, 2, "{\"amount\":6}", KEY("k"));
    worker_rig_run(&one);
    charge(&one, 3, "{\"amount\":7}", KEY("k"));
    worker_rig_run(&one);
    assert_rows(one.db, OWN,
                "(" WORKER_ID_HEAD "1,7,k,,)\n"
                "(" WORKER_ID_HEAD "2,7,,idempotency_key_reused,)\n"
                "(" WORKER_ID_HEAD "3,7,,idempotency_key_reused,)");
    assert_rows(one.db, "select * from wallet", "(7,10005,5,0)\n(8,0,1,0)");
}

static void test_journal_key_with_another_type_is_refused(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", KEY_OF("7", "k"));
    worker_rig_ask(&one, 2, "user.register", "user:9", "{}", KEY_OF("7", "k"));
    worker_rig_run(&one);
    assert_rows(one.db, "select command_id, verdict from journal",
                "(" WORKER_ID_HEAD "1,)\n(" WORKER_ID_HEAD "2,idempotency_key_reused)");
}

/* The key is the asking user's: another's is another key, whoever the command is about. */
static void test_journal_keys_of_two_users_do_not_meet(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", KEY_OF("7", "k"));
    charge(&one, 2, "{\"amount\":5}", KEY_OF("8", "k"));
    charge(&one, 3, "{\"amount\":5}", KEY_OF("7", "K"));
    worker_rig_run(&one);
    assert_rows(one.db, "select actor_id, idempotency_key, user_id, replay_of from journal",
                "(7,K,7,)\n(7,k,7,)\n(8,k,7,)");
    assert_rows(one.db, "select * from wallet", "(7,10015,7,0)\n(8,0,1,0)");
}

/* A command that is about nobody and asked by nobody has no one whose key it could be. */
static void test_journal_key_of_nobody_is_passed_over(void **state)
{
    (void)state;
    for (int n = 1; n <= 2; n++)
        worker_rig_ask(&one, n, "option.restock", "product:3", "{\"option_id\":31,\"quantity\":1}",
                       KEY("k"));
    worker_rig_run(&one);
    assert_rows(one.db, "select actor_id, idempotency_key, replay_of from journal", "(,,)\n(,,)");
    assert_rows(one.db, "select total from product_option where option_id = 31", "(12)");
}

static void test_journal_refusal_is_replayed_too(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":0}", KEY("k"));
    worker_rig_run(&one);
    charge(&one, 2, "{\"amount\":0}", KEY("k"));
    worker_rig_run(&one);
    assert_rows(one.db, OWN,
                "(" WORKER_ID_HEAD "1,7,k,charge_not_allowed,)\n"
                "(" WORKER_ID_HEAD "2,7,,charge_not_allowed," WORKER_ID_HEAD "1)");
}

/* It is sent once more by the right way, with the same key. */
static void test_journal_misrouted_command_takes_no_key(void **state)
{
    (void)state;
    const char *body = "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}]}";

    worker_rig_ask(&one, 1, "order.place", "product:3", body, KEY("k"));
    worker_rig_run(&one);
    worker_rig_ask(&one, 2, "order.place", "user:7", body, KEY("k"));
    worker_rig_run(&one);
    assert_rows(one.db, OWN, "(" WORKER_ID_HEAD "1,7,,misrouted,)\n(" WORKER_ID_HEAD "2,7,k,,)");
}

/* In a partition that its key does not hash to, and in the other family's queue. */
static void test_journal_command_in_a_wrong_queue_is_misrouted(void **state)
{
    (void)state;
    one.job.partitions = 16;
    one.source = (wire_route_partition(FC_STR("user:7"), 16) + 1) % 16;
    charge(&one, 1, "{\"amount\":5}", KEY("k") ",\"reply_to\":\"a\"");
    worker_rig_run(&one);
    assert_str_contains(worker_rig_told(&one), "\"code\":\"misrouted\"");
    one.job.partitions = 1;
    one.source = 0;
    worker_rig_ask(&one, 2, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_run(&one);
    assert_rows(one.db, "select command_id, partition, verdict, idempotency_key from journal",
                "(" WORKER_ID_HEAD "1,8,misrouted,)\n(" WORKER_ID_HEAD "2,0,misrouted,)");
    assert_rows(one.db, "select * from wallet", "(7,10000,4,0)\n(8,0,1,0)");
    assert_int_equal(testdb_ask(one.db, "select count(*) from coupon"), 1);
}

static void run_two(void *arg)
{
    (void)arg;
    worker_rig_run(&two);
}

/* Both have found the key free; the unique index lets one in, the other is decided again. */
static void test_journal_key_race_of_two_workers_ends_as_a_replay(void **state)
{
    (void)state;
    one.job.asks_left = 1;
    charge(&two, 1, "{\"amount\":5}", KEY("k"));
    worker_rig_ask(&one, 3, "wallet.charge", "user:8", "{\"amount\":9}", "");
    charge(&one, 2, "{\"amount\":5}", KEY("k"));
    one.step_in = run_two;
    worker_rig_run(&one);
    assert_int_equal(one.retries, 1);
    assert_true(db_err_is(&one.err, "23505"));
    assert_int_equal(one.job.stats.conflicts, 1);
    assert_rows(one.db, OWN " where command_id <> '" WORKER_ID_HEAD "3'",
                "(" WORKER_ID_HEAD "1,7,k,,)\n(" WORKER_ID_HEAD "2,7,,," WORKER_ID_HEAD "1)");
    assert_rows(one.db, "select * from wallet", "(7,10005,5,0)\n(8,9,2,0)");
}

/* The same command delivered to two workers at once (the first was thought dead): the journal's
 * key lets one in, the other recalls. */
static void test_journal_id_race_of_two_workers_ends_as_a_recall(void **state)
{
    (void)state;
    one.job.asks_left = 1;
    charge(&two, 1, "{\"amount\":5}", "");
    charge(&one, 1, "{\"amount\":5}", "");
    one.step_in = run_two;
    worker_rig_run(&one);
    assert_int_equal(one.retries, 1);
    assert_true(db_err_is(&one.err, "23505"));
    assert_int_equal(one.job.stats.recalled, 1);
    assert_rows(one.db, "select * from wallet", "(7,10005,5,0)\n(8,0,1,0)");
    assert_int_equal(testdb_ask(one.db, "select count(*) from journal"), 1);
    assert_true(fc_str_eq(worker_rig_told(&one), worker_rig_told(&two)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_journal_key_repeated_in_a_batch_is_a_replay),
        TEST(test_journal_key_repeated_in_a_later_batch_is_a_replay),
        TEST(test_journal_replay_is_recalled_as_the_replay_it_was),
        TEST(test_journal_key_with_another_body_is_refused),
        TEST(test_journal_key_with_another_type_is_refused),
        TEST(test_journal_keys_of_two_users_do_not_meet),
        TEST(test_journal_key_of_nobody_is_passed_over),
        TEST(test_journal_refusal_is_replayed_too),
        TEST(test_journal_misrouted_command_takes_no_key),
        TEST(test_journal_command_in_a_wrong_queue_is_misrouted),
        TEST(test_journal_key_race_of_two_workers_ends_as_a_replay),
        TEST(test_journal_id_race_of_two_workers_ends_as_a_recall),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
