#include "support/expect.h"
#include "support/policies.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include "wire/policy.h"

#include <stdio.h>

/* Two workers of one shop. */
static struct worker_rig one;
static struct worker_rig two;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&one, WIRE_FAMILY_ORDER, "one");
    worker_rig_open(&two, WIRE_FAMILY_ORDER, "two");
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

/* --- what is asked ---------------------------------------------------------------------------- */

static void charge(struct worker_rig *rig, int n, int64_t amount)
{
    char body[64];

    (void)snprintf(body, sizeof(body), "{\"amount\":%lld}", (long long)amount);
    worker_rig_ask(rig, n, "wallet.charge", "user:7", body, "");
}

static void apply(struct worker_rig *rig, int n, const char *document)
{
    worker_rig_ask(rig, n, "policy.apply", "policy:1", document, "");
}

/* A shop in which a charge is at least so much. */
#define AT_LEAST(won) "{\"balance\":{\"charge_min\":" #won "}}"

#define VERDICTS "select command_id, verdict from journal"
#define ID(n) WORKER_ID_HEAD #n
#define LEAST "select version, document -> 'balance' ->> 'charge_min' from policy"

/* --- rules ------------------------------------------------------------------------------------ */

static void test_policy_holds_from_the_next_batch_on(void **state)
{
    (void)state;
    charge(&one, 1, 500);
    apply(&one, 2, AT_LEAST(1000));
    charge(&one, 3, 500);
    worker_rig_run(&one);
    charge(&one, 4, 500);
    charge(&one, 5, 1000);
    worker_rig_run(&one);
    assert_rows(
        one.db, VERDICTS,
        "(" ID(1) ",)\n(" ID(2) ",)\n(" ID(3) ",)\n(" ID(4) ",charge_not_allowed)\n(" ID(5) ",)");
    assert_rows(one.db, "select balance from wallet where user_id = 7", "(12000)");
}

static void test_policy_is_a_row_a_journal_entry_and_an_event(void **state)
{
    (void)state;
    apply(&one, 1, AT_LEAST(1000));
    worker_rig_run(&one);
    assert_rows(one.db,
                "select version, applied_at, document -> 'ranking' from policy"
                " where document -> 'balance' ->> 'charge_min' = '1000'",
                "(1,\"" WORKER_NOW_ROW "\",\"{'by': 'quantity', 'days': 3, 'refresh': 'live'}\")");
    assert_rows(one.db, "select type, key, user_id, verdict, result from journal",
                "(policy.apply,policy:1,,,\"{'version':1}\")");
    assert_rows(one.db,
                "select body::jsonb = document, events::jsonb -> 0 ->> 'type',"
                " events::jsonb -> 0 ->> 'version', events::jsonb -> 0 -> 'data' -> 'policy' ="
                " document from journal, policy",
                "(t,policy.applied,1,t)");
    struct fc_str told = worker_rig_told(&one);

    assert_str_contains(told, "firstcome.events|catalog|firstcome.events.v1|durable|");
    assert_str_contains(told, "\"type\":\"policy.applied\"");
}

/* Each version has its row, though nobody ever decided by the first. */
static void test_policy_two_of_a_batch_are_two_versions(void **state)
{
    (void)state;
    apply(&one, 1, AT_LEAST(1000));
    apply(&one, 2, AT_LEAST(2000));
    worker_rig_run(&one);
    charge(&one, 3, 1999);
    apply(&one, 4, AT_LEAST(3000));
    worker_rig_run(&one);
    assert_rows(one.db, LEAST, "(1,1000)\n(2,2000)\n(3,3000)");
    assert_rows(one.db, "select command_id, result from journal where type = 'policy.apply'",
                "(" ID(1) ",\"{'version':1}\")\n(" ID(2) ",\"{'version':2}\")\n(" ID(
                    4) ",\"{'version':3}\")");
    assert_rows(one.db, "select verdict from journal where type = 'wallet.charge'",
                "(charge_not_allowed)");
}

static void test_policy_applied_twice_by_one_key_is_applied_once(void **state)
{
    static const char *const more = ",\"user_id\":1,\"idempotency_key\":\"policy-0-x\"";

    (void)state;
    worker_rig_ask(&one, 1, "policy.apply", "policy:1", AT_LEAST(1000), more);
    worker_rig_run(&one);
    worker_rig_ask(&one, 2, "policy.apply", "policy:1", AT_LEAST(1000), more);
    worker_rig_run(&one);
    assert_rows(one.db, LEAST, "(1,1000)");
    assert_rows(one.db, "select command_id, result, replay_of from journal",
                "(" ID(1) ",\"{'version':1}\",)\n(" ID(2) ",\"{'version':1}\"," ID(1) ")");
}

static void test_policy_that_is_none_is_set_aside_with_its_faults(void **state)
{
    (void)state;
    apply(&one, 1, "{\"balance\":{\"charge_min\":-1},\"ranking\":{\"days\":0}}");
    worker_rig_run(&one);
    assert_rows(one.db, "select * from policy", "");
    assert_rows(one.db, VERDICTS, "");
    assert_rows(one.db, "select reason like '%/balance/charge_min%/ranking/days%' from parked",
                "(t)");
}

/* --- several workers -------------------------------------------------------------------------- */

static void test_policy_reaches_every_worker(void **state)
{
    (void)state;
    charge(&two, 1, 500);
    worker_rig_run(&two);
    apply(&one, 2, AT_LEAST(1000));
    worker_rig_run(&one);
    charge(&two, 3, 500);
    worker_rig_run(&two);
    apply(&two, 4, AT_LEAST(100));
    worker_rig_run(&two);
    charge(&one, 5, 500);
    worker_rig_run(&one);
    assert_rows(
        one.db, VERDICTS,
        "(" ID(1) ",)\n(" ID(2) ",)\n(" ID(3) ",charge_not_allowed)\n(" ID(4) ",)\n(" ID(5) ",)");
}

static void test_policy_of_a_worker_that_starts_is_the_newest(void **state)
{
    struct worker_rig three;

    (void)state;
    apply(&one, 1, AT_LEAST(1000));
    worker_rig_run(&one);
    apply(&one, 2, AT_LEAST(2000));
    worker_rig_run(&one);
    worker_rig_open(&three, WIRE_FAMILY_ORDER, "three");
    charge(&three, 3, 1999);
    charge(&three, 4, 2000);
    worker_rig_run(&three);
    worker_rig_close(&three);
    assert_rows(one.db, VERDICTS " where type = 'wallet.charge'",
                "(" ID(3) ",charge_not_allowed)\n(" ID(4) ",)");
}

/* A batch that was loaded before is decided as if it had come before. */
static void test_policy_spares_the_batch_under_way(void **state)
{
    (void)state;
    apply(&two, 1, AT_LEAST(1000));
    charge(&one, 2, 500);
    worker_rig_meet(&one, &two);
    charge(&one, 3, 500);
    worker_rig_run(&one);
    assert_int_equal(one.retries, 0);
    assert_rows(one.db, VERDICTS, "(" ID(1) ",)\n(" ID(2) ",)\n(" ID(3) ",charge_not_allowed)");
}

static void test_policy_race_gives_each_a_version(void **state)
{
    (void)state;
    apply(&one, 1, AT_LEAST(1000));
    charge(&one, 2, 500);
    apply(&two, 3, AT_LEAST(2000));
    worker_rig_meet(&one, &two);
    worker_rig_expect_conflict(&one, "23505");
    assert_rows(one.db, LEAST, "(1,2000)\n(2,1000)");
    /* Decided again, behind the other: by its policy. */
    assert_rows(one.db, "select verdict from journal where command_id = '" ID(2) "'",
                "(charge_not_allowed)");
}

/* --- rows that nobody can decide by ----------------------------------------------------------- */

static void stop_by(const char *document, const char *reason)
{
    char insert[512];

    (void)snprintf(insert, sizeof(insert), "insert into policy values (9, '%s', now())", document);
    testdb_run(two.db, insert);
    charge(&one, 2, 500);
    worker_rig_run_into(&one, FC_CURE_EXIT);
    assert_string_equal(one.err.where, "policy");
    assert_str_contains(fc_str_of(one.err.text), reason);
    assert_rows(two.db, "select * from journal where command_id = '" ID(2) "'", "");
    /* Somebody saw to it. */
    testdb_run(two.db, "delete from policy where version = 9");
    worker_rig_reconnect(&one);
    worker_rig_run(&one);
}

static void test_policy_that_cannot_be_read_stops_the_worker(void **state)
{
    (void)state;
    stop_by("{\"balance\":{\"charge_min\":-1},\"weather\":1}",
            "version 9 cannot be decided by: /balance/charge_min must be from 0 to "
            "1000000000000000; 2 faults in all");
    assert_rows(one.db, VERDICTS, "(" ID(2) ",)");
}

static void test_policy_that_is_no_object_stops_the_worker(void **state)
{
    (void)state;
    stop_by("[]", "version 9 cannot be decided by: must be an object; 1 faults in all");
}

/* The one that was good does not go on holding. */
static void test_policy_that_cannot_be_read_stops_whoever_has_one(void **state)
{
    (void)state;
    apply(&one, 1, AT_LEAST(400));
    worker_rig_run(&one);
    charge(&one, 3, 399);
    worker_rig_run(&one);
    stop_by("{\"balance\":{\"charge_min\":600,\"charge_max\":599}}", "must not be above");
    assert_rows(one.db, VERDICTS, "(" ID(1) ",)\n(" ID(2) ",)\n(" ID(3) ",charge_not_allowed)");
}

/* --- the documents that ship ------------------------------------------------------------------ */

static void test_policy_documents_come_out_of_the_table_as_they_went_in(void **state)
{
    (void)state;
    for (int i = 0; policy_names[i] != NULL; i++) {
        struct policy wanted = policy_of(policy_names[i]);
        char documents[2][WIRE_POLICY_BYTES_MAX];
        struct fc_buf in = fc_buf_of(documents[0], WIRE_POLICY_BYTES_MAX - 1);
        struct fc_buf out = fc_buf_of(documents[1], WIRE_POLICY_BYTES_MAX - 1);

        wire_policy_put(&in, &wanted);
        documents[0][in.len] = '\0';
        apply(&one, i + 1, documents[0]);
        worker_rig_run(&one);
        charge(&two, 0x100 + i, 1);
        worker_rig_run(&two);
        assert_int_equal(worker_rig_policy(&two)->version, i + 1);
        wire_policy_put(&out, worker_rig_policy(&two));
        documents[1][out.len] = '\0';
        assert_string_equal(documents[1], documents[0]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_policy_holds_from_the_next_batch_on),
        TEST(test_policy_is_a_row_a_journal_entry_and_an_event),
        TEST(test_policy_two_of_a_batch_are_two_versions),
        TEST(test_policy_applied_twice_by_one_key_is_applied_once),
        TEST(test_policy_that_is_none_is_set_aside_with_its_faults),
        TEST(test_policy_reaches_every_worker),
        TEST(test_policy_of_a_worker_that_starts_is_the_newest),
        TEST(test_policy_spares_the_batch_under_way),
        TEST(test_policy_race_gives_each_a_version),
        TEST(test_policy_that_cannot_be_read_stops_the_worker),
        TEST(test_policy_that_is_no_object_stops_the_worker),
        TEST(test_policy_that_cannot_be_read_stops_whoever_has_one),
        TEST(test_policy_documents_come_out_of_the_table_as_they_went_in),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
