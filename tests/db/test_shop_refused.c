/*
 * Commands that the database will not have, however often they are decided: they are set aside,
 * alone, and the others are decided in order. A database that takes nothing at all is no such case.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>

static struct worker_rig order;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    testdb_run(order.db, "drop trigger if exists refuses on journal");
    testdb_run(order.db, "drop sequence if exists refusals");
    worker_rig_close(&order);
    return 0;
}

/* The journal's table raises the code for commands of that amount; 0: for all. */
static void refuse(const char *code, int won)
{
    char sql[512];

    (void)snprintf(sql, sizeof(sql),
                   "create or replace function refuses() returns trigger language plpgsql as $$"
                   " begin if %d in (0, (new.body::json ->> 'amount')::int) then"
                   " raise exception 'not this one' using errcode = '%s'; end if;"
                   " return new; end $$",
                   won, code);
    testdb_run(order.db, sql);
    testdb_run(order.db, "create trigger refuses before insert on journal"
                         " for each row execute function refuses()");
}

static void charge(int n, int won)
{
    char body[64];

    (void)snprintf(body, sizeof(body), "{\"amount\":%d}", won);
    worker_rig_ask(&order, n, "wallet.charge", "user:7", body, ",\"reply_to\":\"a\"");
}

static void expect_second_parked(void)
{
    assert_rows(order.db, "select command_id from (select * from journal order by seq) decided",
                "(" WORKER_ID_HEAD "1)\n(" WORKER_ID_HEAD "3)\n(" WORKER_ID_HEAD "4)");
    assert_rows(order.db, "select * from wallet", "(7,10013,7,0)\n(8,0,1,0)");
    assert_rows(order.db, "select command_id, reason like '%not this one%' from parked",
                "(" WORKER_ID_HEAD "2,t)");
    assert_str_contains(worker_rig_told(&order), "\"state\":\"parked\"");
    assert_int_equal(order.job.stats.parked, 1);
}

static void charge_four(void)
{
    charge(1, 1);
    charge(2, 2);
    charge(3, 4);
    charge(4, 8);
}

static void test_refused_value_is_parked_and_the_others_are_decided_in_order(void **state)
{
    (void)state;
    refuse("22003", 2);
    charge_four();
    worker_rig_run(&order);
    expect_second_parked();
}

static void test_refused_by_an_unknown_rule_is_parked(void **state)
{
    (void)state;
    refuse("23502", 2);
    charge_four();
    worker_rig_run(&order);
    expect_second_parked();
}

/* Guards are tried again, since another's change may have set them off; but not for ever. */
static void test_refused_by_a_guard_that_never_opens_is_parked(void **state)
{
    (void)state;
    refuse("23514", 2);
    charge_four();
    worker_rig_run(&order);
    expect_second_parked();
    assert_true(order.job.stats.conflicts >= REFUSED_TRIES_MAX);
}

/* What one was tried is not held against the next, which a guard refuses a few times only. */
static void test_refused_by_a_guard_that_opens_is_decided(void **state)
{
    (void)state;
    testdb_run(order.db, "create sequence refusals");
    testdb_run(order.db,
               "create or replace function refuses() returns trigger language plpgsql as $$"
               " declare won int := new.body::json ->> 'amount';"
               " begin if won = 2 or won = 4 and nextval('refusals') <= 3 then"
               " raise exception 'not this one' using errcode = '23514'; end if;"
               " return new; end $$");
    testdb_run(order.db, "create trigger refuses before insert on journal"
                         " for each row execute function refuses()");
    charge_four();
    worker_rig_run(&order);
    expect_second_parked();
}

static void test_refused_and_delivered_again_is_parked_again_and_nothing_else(void **state)
{
    (void)state;
    refuse("22003", 2);
    charge_four();
    worker_rig_run_to(&order, CYCLE_ANNOUNCE);
    worker_rig_die(&order);
    (void)worker_rig_told(&order);
    worker_rig_run(&order);
    assert_rows(order.db, "select times from parked", "(2)");
    assert_rows(order.db, "select * from wallet", "(7,10013,7,0)\n(8,0,1,0)");
}

#define FATES                                                                              \
    "select command_id, p.resolution, j.replay_of from parked p full join journal j using" \
    " (command_id) order by command_id"

/* One fate: what was set aside and is decided after all is set aside no longer. */
static void test_refused_comes_again_and_is_decided_then(void **state)
{
    (void)state;
    refuse("22003", 2);
    charge_four();
    worker_rig_run(&order);
    expect_second_parked();
    testdb_run(order.db, "drop trigger refuses on journal");
    charge(2, 2);
    worker_rig_run(&order);
    assert_rows(order.db, FATES,
                "(" WORKER_ID_HEAD "1,,)\n(" WORKER_ID_HEAD "2,decided,)\n(" WORKER_ID_HEAD
                "3,,)\n(" WORKER_ID_HEAD "4,,)");
    assert_rows(order.db, "select * from wallet", "(7,10015,8,0)\n(8,0,1,0)");
}

/* The client has asked again under its idempotency key: that answers the copy of the first. */
static void test_refused_comes_again_when_its_key_is_taken(void **state)
{
    static const char keyed[] = ",\"idempotency_key\":\"k\"";

    (void)state;
    refuse("22003", 2);
    worker_rig_ask(&order, 1, "wallet.charge", "user:7", "{\"amount\":2}", keyed);
    worker_rig_run(&order);
    assert_rows(order.db, FATES, "(" WORKER_ID_HEAD "1,,)");
    testdb_run(order.db, "drop trigger refuses on journal");
    worker_rig_ask(&order, 2, "wallet.charge", "user:7", "{\"amount\":2}", keyed);
    worker_rig_ask(&order, 1, "wallet.charge", "user:7", "{\"amount\":2}", keyed);
    worker_rig_run(&order);
    assert_rows(order.db, FATES,
                "(" WORKER_ID_HEAD "1,decided," WORKER_ID_HEAD "2)\n(" WORKER_ID_HEAD "2,,)");
    assert_rows(order.db, "select * from wallet", "(7,10002,5,0)\n(8,0,1,0)");
}

/* Only those in a row speak against the database: not those between which something is decided. */
static void test_refused_now_and_then_are_all_parked(void **state)
{
    const int count = REFUSED_IN_A_ROW_MAX + 4;

    (void)state;
    refuse("22003", 2);
    for (int n = 1; n <= 2 * count; n++)
        charge(n, n % 2 + 1);
    worker_rig_run(&order);
    for (int n = 2 * count + 1; n <= 4 * count; n++) {
        charge(n, n % 2 + 1);
        worker_rig_run(&order);
    }
    assert_int_equal(testdb_ask(order.db, "select count(*) from parked"), 2 * count);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 2 * count);
}

/* Schema and core disagree: the queue is kept as it is for whoever mends that. */
static void test_refused_are_all_and_the_worker_stops(void **state)
{
    (void)state;
    refuse("22003", 0);
    for (int n = 1; n <= REFUSED_IN_A_ROW_MAX + 8; n++)
        charge(n, n);
    /* The batch as a whole, then one after the other. */
    for (int i = 0; i <= REFUSED_IN_A_ROW_MAX; i++)
        worker_rig_run_into(&order, FC_CURE_RETRY);
    worker_rig_run_into(&order, FC_CURE_EXIT);
    assert_int_equal(testdb_ask(order.db, "select count(*) from parked"), REFUSED_IN_A_ROW_MAX);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_refused_value_is_parked_and_the_others_are_decided_in_order),
        TEST(test_refused_by_an_unknown_rule_is_parked),
        TEST(test_refused_by_a_guard_that_never_opens_is_parked),
        TEST(test_refused_by_a_guard_that_opens_is_decided),
        TEST(test_refused_and_delivered_again_is_parked_again_and_nothing_else),
        TEST(test_refused_comes_again_and_is_decided_then),
        TEST(test_refused_comes_again_when_its_key_is_taken),
        TEST(test_refused_now_and_then_are_all_parked),
        TEST(test_refused_are_all_and_the_worker_stops),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
