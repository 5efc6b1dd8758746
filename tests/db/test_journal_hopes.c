/*
 * Repeats that the journal was not asked for: its unique indexes refuse them, and the batch is done
 * again with asking. What comes of it is what would have come of asking first.
 */
#include "db/conn.h"
#include "sql/queries.h"
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

static struct worker_rig one;
static struct worker_rig two;
static struct worker_rig coupon;

#define KEY ",\"idempotency_key\":\"k\""
#define TOLD ",\"reply_to\":\"a\""
#define ID(n) "(" WORKER_ID_HEAD n
#define OWN "select command_id, idempotency_key, verdict, replay_of from journal"
#define ONE_CHARGE "(7,10005,5,0)\n(8,0,1,0)"

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&one, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&two, WIRE_FAMILY_ORDER, "order-2");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    worker_rows_clear(one.db);
    worker_rows_open_shop(one.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&one);
    worker_rig_close(&two);
    worker_rig_close(&coupon);
    return 0;
}

static void charge(struct worker_rig *rig, int n, const char *body, const char *more)
{
    worker_rig_ask(rig, n, "wallet.charge", "user:7", body, more);
}

/* One after the other, each done again within its commit: no trouble for anybody to see. */
static void expect_hopes_lost(const struct worker_rig *rig, int64_t count)
{
    assert_int_equal(rig->job.stats.hopes_lost, count);
    assert_int_equal(rig->job.stats.conflicts, 0);
    assert_int_equal(rig->retries, 0);
}

static void test_hopeful_batch_without_repeats_asks_for_none(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", KEY);
    worker_rig_run(&one);
    expect_hopes_lost(&one, 0);
    assert_int_equal(one.job.hoped, 1);
    assert_int_equal(testdb_ask(one.db, "select count(*) from pg_prepared_statements"
                                        " where name in ('journal_recall',"
                                        " 'journal_recall_keys')"),
                     0);
    assert_rows(one.db, "select * from wallet", ONE_CHARGE);
}

static void test_hopeful_repeat_of_an_id_is_recalled_to_the_byte(void **state)
{
    static char first[65536];

    (void)state;
    charge(&one, 1, "{\"amount\":5}", KEY TOLD);
    worker_rig_run(&one);
    assert_true(fc_str_copy(worker_rig_told(&one), first, sizeof(first)));
    one.now = worker_instant(3600);
    charge(&one, 1, "{\"amount\":5}", KEY TOLD);
    worker_rig_run(&one);
    expect_hopes_lost(&one, 1);
    assert_str_equal(worker_rig_told(&one), first);
    assert_rows(one.db, "select * from wallet", ONE_CHARGE);
    assert_rows(one.db, OWN, ID("1") ",k,,)");
}

static void test_hopeful_repeat_of_a_key_is_a_replay_and_another_body_is_refused(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", KEY);
    worker_rig_run(&one);
    charge(&one, 2, "{\"amount\":5}", KEY);
    worker_rig_run(&one);
    one.job.asks_left = 0;
    charge(&one, 3, "{\"amount\":6}", KEY);
    worker_rig_run(&one);
    expect_hopes_lost(&one, 2);
    assert_rows(one.db, OWN,
                ID("1") ",k,,)\n" ID("2") ",,," WORKER_ID_HEAD "1)\n" //
                ID("3") ",,idempotency_key_reused,)");
    assert_rows(one.db, "select * from wallet", ONE_CHARGE);
}

/* Its neighbours are new, and are decided on what was before the batch. */
static void test_hopeful_batch_with_new_and_repeated_commands_keeps_their_order(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", "");
    worker_rig_run(&one);
    worker_rig_publish(&one, "no command");
    charge(&one, 2, "{\"amount\":10}", KEY);
    charge(&one, 1, "{\"amount\":5}", "");
    charge(&one, 3, "{\"amount\":10}", KEY);
    charge(&one, 2, "{\"amount\":10}", KEY);
    charge(&one, 4, "{\"amount\":20}", "");
    worker_rig_run(&one);
    expect_hopes_lost(&one, 1);
    assert_rows(one.db, "select command_id, replay_of from journal order by seq",
                ID("1") ",)\n" ID("2") ",)\n" ID("3") "," WORKER_ID_HEAD "2)\n" ID("4") ",)");
    assert_rows(one.db, "select * from wallet", "(7,10035,7,0)\n(8,0,1,0)");
    assert_rows(one.db, "select times from parked", "(1)");
}

/* A guard would refuse it as well: the coupon is used by now. The repeat is what is told. */
static void test_hopeful_repeat_that_no_guard_would_let_in_is_no_conflict(void **state)
{
    static const char order[] = "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":2}],"
                                "\"coupon_id\":\"" WORKER_ID_HEAD "e\"}";

    (void)state;
    for (int i = 0; i < 2; i++) {
        worker_rig_ask(&one, 1, "order.place", "user:7", order, KEY);
        worker_rig_run(&one);
    }
    expect_hopes_lost(&one, 1);
    assert_int_equal(one.job.stats.recalled, 1);
    assert_rows(one.db, OWN, ID("1") ",k,,)");
    assert_int_equal(testdb_ask(one.db, "select count(*) from orders"), 1);
}

/* It is no new order, although nothing but its own id says so before the journal does. */
static void test_hopeful_repeat_beside_a_command_on_its_order_is_recalled(void **state)
{
    static const char order[] = "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":2}]}";

    (void)state;
    worker_rig_ask(&one, 1, "order.place", "user:7", order, "");
    worker_rig_run(&one);
    worker_rig_ask(&one, 2, "order.cancel", "user:7", "{\"order_id\":\"" WORKER_ID_HEAD "1\"}", "");
    worker_rig_ask(&one, 1, "order.place", "user:7", order, "");
    worker_rig_run(&one);
    expect_hopes_lost(&one, 1);
    assert_rows(one.db, "select status from orders", "(cancelled)");
    assert_rows(one.db, OWN, ID("1") ",,,)\n" ID("2") ",,,)");
}

/* A producer that gives an id twice: whatever it asks, the first was meant. */
static void test_hopeful_second_command_of_a_coupons_id_is_recalled(void **state)
{
    (void)state;
    worker_rig_ask(&coupon, 1, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_run(&coupon);
    int64_t coupons = testdb_ask(one.db, "select count(*) from coupon");

    worker_rig_ask(&coupon, 2, "coupon.revoke", "template:5",
                   "{\"coupon_id\":\"" WORKER_ID_HEAD "1\"}", "");
    testdb_run(one.db, "insert into customer (user_id, registered_at) values (9, now())");
    worker_rig_ask(&coupon, 1, "coupon.issue", "template:5", "{\"user_id\":9}", "");
    worker_rig_run(&coupon);
    expect_hopes_lost(&coupon, 1);
    assert_int_equal(coupon.job.stats.recalled, 1);
    assert_int_equal(testdb_ask(one.db, "select count(*) from coupon"), coupons);
    assert_rows(one.db, OWN, ID("1") ",,,)\n" ID("2") ",,,)");
}

/* A misrouted command owns no key that an index could refuse, but its key has an owner. */
static void test_hopeful_repeat_of_a_key_by_the_wrong_way_is_a_replay(void **state)
{
    static const char order[] = "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}]}";

    (void)state;
    worker_rig_ask(&one, 1, "order.place", "user:7", order, KEY);
    worker_rig_run(&one);
    worker_rig_ask(&one, 2, "order.place", "product:3", order, KEY);
    worker_rig_run(&one);
    expect_hopes_lost(&one, 1);
    assert_rows(one.db, OWN, ID("1") ",k,,)\n" ID("2") ",,," WORKER_ID_HEAD "1)");
}

/* Nobody has owned it: misrouted is the answer, and the key is still free. */
static void test_hopeful_misrouted_command_is_asked_for_and_takes_no_key(void **state)
{
    static const char order[] = "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}]}";

    (void)state;
    worker_rig_ask(&one, 1, "order.place", "product:3", order, KEY);
    worker_rig_run(&one);
    worker_rig_ask(&one, 2, "order.place", "user:7", order, KEY);
    worker_rig_run(&one);
    expect_hopes_lost(&one, 1);
    assert_rows(one.db, OWN, ID("1") ",,misrouted,)\n" ID("2") ",k,,)");
}

/* Both have loaded; the index lets one in, and the other is done again at once. */
static void test_hopeful_race_of_two_workers_for_a_key_ends_as_a_replay(void **state)
{
    (void)state;
    charge(&two, 1, "{\"amount\":5}", KEY);
    worker_rig_ask(&one, 3, "wallet.charge", "user:8", "{\"amount\":9}", "");
    charge(&one, 2, "{\"amount\":5}", KEY);
    worker_rig_meet(&one, &two);
    expect_hopes_lost(&one, 1);
    expect_hopes_lost(&two, 0);
    assert_rows(one.db, OWN " where command_id <> '" WORKER_ID_HEAD "3'",
                ID("1") ",k,,)\n" ID("2") ",,," WORKER_ID_HEAD "1)");
    assert_rows(one.db, "select * from wallet", "(7,10005,5,0)\n(8,9,2,0)");
}

static void test_hopeful_race_of_two_workers_for_an_id_ends_as_a_recall(void **state)
{
    (void)state;
    charge(&two, 1, "{\"amount\":5}", TOLD);
    charge(&one, 1, "{\"amount\":5}", TOLD);
    worker_rig_meet(&one, &two);
    expect_hopes_lost(&one, 1);
    assert_rows(one.db, "select * from wallet", ONE_CHARGE);
    assert_true(fc_str_eq(worker_rig_told(&one), worker_rig_told(&two)));
}

/* What came again is asked for before, whatever else there is. */
static void test_redelivered_batch_asks_and_is_not_hopeful(void **state)
{
    (void)state;
    charge(&one, 1, "{\"amount\":5}", "");
    worker_rig_run_to(&one, CYCLE_ANNOUNCE);
    worker_rig_die(&one);
    worker_rig_run(&one);
    expect_hopes_lost(&one, 0);
    assert_int_equal(one.job.stats.recalled, 1);
    assert_int_equal(one.job.asks_left, 0);
}

/* A conflict of guards is one: the other's change is seen by locking, and asking comes with it. */
static void test_hopeful_batch_that_a_guard_refuses_is_a_conflict_as_ever(void **state)
{
    (void)state;
    charge(&two, 1, "{\"amount\":5}", "");
    charge(&one, 2, "{\"amount\":10}", "");
    worker_rig_meet(&one, &two);
    assert_int_equal(one.job.stats.hopes_lost, 0);
    worker_rig_expect_conflict(&one, "40001");
    assert_rows(one.db, "select * from wallet", "(7,10015,6,0)\n(8,0,1,0)");
}

/* Other tables have keys, too: only the journal's tell of repeats. */
static void test_trouble_is_known_by_its_statement(void **state)
{
    struct fc_err err;

    (void)state;
    (void)fc_err_set(&err, FC_CURE_RETRY, "t", "%s: duplicate", sql_journal_record.name);
    assert_true(db_err_of(&err, &sql_journal_record));
    assert_false(db_err_of(&err, &sql_journal_recall));
    (void)fc_err_set(&err, FC_CURE_RETRY, "t", "%sx: duplicate", sql_journal_record.name);
    assert_false(db_err_of(&err, &sql_journal_record));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_hopeful_batch_without_repeats_asks_for_none),
        TEST(test_hopeful_repeat_of_an_id_is_recalled_to_the_byte),
        TEST(test_hopeful_repeat_of_a_key_is_a_replay_and_another_body_is_refused),
        TEST(test_hopeful_batch_with_new_and_repeated_commands_keeps_their_order),
        TEST(test_hopeful_repeat_that_no_guard_would_let_in_is_no_conflict),
        TEST(test_hopeful_repeat_beside_a_command_on_its_order_is_recalled),
        TEST(test_hopeful_second_command_of_a_coupons_id_is_recalled),
        TEST(test_hopeful_repeat_of_a_key_by_the_wrong_way_is_a_replay),
        TEST(test_hopeful_misrouted_command_is_asked_for_and_takes_no_key),
        TEST(test_hopeful_race_of_two_workers_for_a_key_ends_as_a_replay),
        TEST(test_hopeful_race_of_two_workers_for_an_id_ends_as_a_recall),
        TEST(test_redelivered_batch_asks_and_is_not_hopeful),
        TEST(test_hopeful_batch_that_a_guard_refuses_is_a_conflict_as_ever),
        TEST(test_trouble_is_known_by_its_statement),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
