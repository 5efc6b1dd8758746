/*
 * Whatever a worker dies of, and whenever: each command has one verdict and one effect, and what is
 * announced again is what was announced, to the byte.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <string.h>

static struct worker_rig order;
static struct worker_rig coupon;

#define TRACE "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
#define JOURNAL "select * from journal"

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    worker_rig_close(&coupon);
    return 0;
}

#define ALL 16
#define OF(order) "{\"order_id\":\"" WORKER_ID_HEAD order "\""

/* An order that is changed and shipped in part, one that is cancelled, one whose transfer is
 * declined, and what runs the shop. */
static void ask_later(void)
{
    worker_rig_ask(&order, 8, "order.change", "user:7",
                   OF("4") ",\"lines\":[{\"option_id\":31,\"quantity\":1},{\"option_id\":32,"
                           "\"quantity\":1}]}",
                   ",\"reply_to\":\"a\"");
    worker_rig_ask(&order, 9, "order.ship", "user:7",
                   OF("4") ",\"lines\":[{\"option_id\":31,\"quantity\":1}]}", "");
    worker_rig_ask(&order, 10, "order.cancel", "user:7", OF("4") "}", ",\"reply_to\":\"b\"");
    worker_rig_ask(&order, 11, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}]}", "");
    worker_rig_ask(&order, 12, "order.cancel", "user:7", OF("b") ",\"reason\":\"r\"}",
                   ",\"reply_to\":\"a\"");
    worker_rig_ask(&order, 13, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}],\"payment\":"
                   "{\"method\":\"bank_transfer\",\"from_balance\":9}}",
                   ",\"reply_to\":\"a\"");
    worker_rig_ask(&order, 14, "payment.settle", "user:7", OF("d") ",\"outcome\":\"declined\"}",
                   "");
    worker_rig_ask(&order, 15, "day.close", "day:20511", "{\"day\":\"2026-02-27\"}", "");
    worker_rig_ask(&order, 16, "policy.apply", "policy:1", "{}", "");
}

/* Commands of every kind, two clients, refusals, and some that nobody waits for. */
static void ask_all(void)
{
    worker_rig_policy(&order)->bank_transfer = true;
    worker_rig_ask(&order, 1, "user.register", "user:9", "{}", ",\"reply_to\":\"a\"");
    worker_rig_ask(&order, 2, "wallet.charge", "user:7", "{\"amount\":5}",
                   ",\"reply_to\":\"b\",\"traceparent\":\"" TRACE "\"");
    worker_rig_ask(&order, 3, "wallet.charge", "user:6", "{\"amount\":5}", ",\"reply_to\":\"a\"");
    worker_rig_ask(&order, 4, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":2}],"
                   "\"coupon_id\":\"" WORKER_ID_HEAD "e\"}",
                   ",\"reply_to\":\"a\"");
    worker_rig_ask(&order, 5, "option.restock", "product:3", "{\"option_id\":31,\"quantity\":1}",
                   "");
    worker_rig_ask(&order, 6, "product.put", "product:4",
                   "{\"name\":\"Cup\",\"price\":1,\"status\":\"on_sale\",\"first_come\":false,"
                   "\"options\":[{\"name\":\"one\",\"surcharge\":0,\"stock\":1}]}",
                   "");
    worker_rig_ask(&order, 7, "product.delete", "product:4", "{}", "");
    ask_later();
}

static void assert_verdicts_only(struct fc_str told, struct fc_str again)
{
    struct fc_str rest = told;
    struct fc_str line;

    assert_true(told.len > 0);
    assert_true(fc_str_starts_with(again, told));
    while ((line = fc_str_cut(&rest, '\n')).len > 0)
        assert_false(fc_str_starts_with(line, FC_STR("firstcome.events|")));
}

/* Dies when `phase` is next; what it had announced by then, and what it announces after. */
static void die_at(enum cycle_phase phase)
{
    static char first[1024 * 1024];
    struct fc_buf kept = fc_buf_of(first, sizeof(first));

    ask_all();
    worker_rig_run_to(&order, phase);
    fc_buf_put(&kept, worker_rig_told(&order));
    struct fc_str state = worker_rows_state(order.db);
    struct fc_str journal = worker_rows_text(order.db, JOURNAL);

    worker_rig_die(&order);
    order.now = worker_instant(100);
    worker_rig_run(&order);
    assert_int_equal(order.job.stats.recalled, ALL);
    assert_true(fc_str_eq(worker_rows_text(order.db, JOURNAL), journal));
    assert_true(fc_str_eq(worker_rows_state(order.db), state));
    struct fc_str again = worker_rig_told(&order);

    assert_true(again.len > 0);
    if (phase == CYCLE_SETTLE)
        assert_true(fc_str_eq(fc_buf_str(&kept), again));
    else /* who waits has heard the verdict with the commit; nobody an event */
        assert_verdicts_only(fc_buf_str(&kept), again);
}

static void test_shop_announced_but_not_settled_is_announced_again_to_the_byte(void **state)
{
    (void)state;
    die_at(CYCLE_SETTLE);
}

static void test_shop_committed_but_not_announced_is_announced_by_the_next(void **state)
{
    (void)state;
    die_at(CYCLE_ANNOUNCE);
    assert_rows(order.db, "select command_id, verdict from journal where verdict is not null",
                "(" WORKER_ID_HEAD "3,unknown_user)\n(" WORKER_ID_HEAD "a,order_not_cancellable)");
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), ALL);
}

static void test_shop_lost_before_the_commit_is_decided_anew(void **state)
{
    (void)state;
    struct fc_str before = worker_rows_state(order.db);

    ask_all();
    order.lost_stores = 1;
    worker_rig_run_into(&order, FC_CURE_RECONNECT);
    worker_rig_die(&order);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 0);
    assert_true(fc_str_eq(worker_rows_state(order.db), before));
    worker_rig_run(&order);
    assert_int_equal(order.job.stats.recalled, 0);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), ALL);
}

/* A server that ends the session in the middle: nothing was written, nothing is skipped. */
static void end_session(void *arg)
{
    (void)arg;
    testdb_run(coupon.db, "select pg_terminate_backend(pid) from pg_stat_activity"
                          " where state = 'idle in transaction'"
                          " and application_name = 'firstcome-test'");
    testdb_await(coupon.db, "select (count(*) = 0)::int from pg_stat_activity"
                            " where state = 'idle in transaction'"
                            " and application_name = 'firstcome-test'");
}

static void test_shop_session_ended_by_the_server_is_no_loss(void **state)
{
    (void)state;
    ask_all();
    order.step_in = end_session;
    worker_rig_run_into(&order, FC_CURE_RECONNECT);
    worker_rig_die(&order);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 0);
    worker_rig_run(&order);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), ALL);
}

static void test_shop_issue_that_is_delivered_again_takes_no_second_place(void **state)
{
    (void)state;
    worker_rig_ask(&coupon, 1, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_run_to(&coupon, CYCLE_ANNOUNCE);
    worker_rig_die(&coupon);
    worker_rig_run(&coupon);
    assert_rows(coupon.db, "select issued, version from coupon_template", "(2,3)");
    assert_int_equal(testdb_ask(coupon.db, "select count(*) from coupon"), 2);
}

/* The one whole text of this file: what listeners and the client get of one charge. */
static void test_shop_announces_the_verdict_to_the_client_and_the_event_to_all(void **state)
{
    char want[2048];
    struct fc_buf buf = fc_buf_of(want, sizeof(want));
    struct fc_uuid id;

    (void)state;
    assert_true(fc_uuid_parse(FC_STR(WORKER_ID_HEAD "2"), &id));
    id = fc_uuid_event(&id, 0);
    fc_buf_put_text(
        &buf, "|b|firstcome.verdicts.v1|transient|[{\"command_id\":\"" WORKER_ID_HEAD "2\","
              "\"type\":\"wallet.charge\",\"state\":\"succeeded\",\"accepted_at\":"
              "\"2026-03-01T12:00:00.000001Z\",\"decided_at\":\"2026-03-01T12:00:01.000000Z\","
              "\"result\":{\"user_id\":7,\"balance\":10005,\"amount\":5}}]\n"
              "firstcome.events|wallet|firstcome.events.v1|durable|[{\"id\":\"");
    fc_uuid_put(&buf, &id);
    fc_buf_put_text(
        &buf, "\",\"at\":\"2026-03-01T12:00:01.000000Z\",\"command_id\":\"" WORKER_ID_HEAD "2\","
              "\"traceparent\":\"" TRACE "\",\"type\":\"wallet.charged\",\"subject\":"
              "\"user:7\",\"version\":5,\"data\":{\"user_id\":7,\"amount\":5,\"balance\":"
              "10005}}]\n");
    fc_buf_put_char(&buf, '\0');
    worker_rig_ask(&order, 2, "wallet.charge", "user:7", "{\"amount\":5}",
                   ",\"reply_to\":\"b\",\"traceparent\":\"" TRACE "\"");
    worker_rig_run(&order);
    assert_str_equal(worker_rig_told(&order), want);
}

static int32_t count_in(struct fc_str text, const char *part)
{
    size_t len = strlen(part);
    int32_t count = 0;

    for (size_t at = 0; at + len <= text.len; at++)
        if (memcmp(text.ptr + at, part, len) == 0)
            count++;
    return count;
}

static void test_shop_same_id_twice_in_a_batch_is_one_command(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        worker_rig_ask(&order, 1, "wallet.charge", "user:7", "{\"amount\":5}",
                       ",\"reply_to\":\"a\"");
    worker_rig_ask(&order, 2, "wallet.charge", "user:7", "{\"amount\":1}", "");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from wallet", "(7,10006,6,0)\n(8,0,1,0)");
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 2);
    struct fc_str told = worker_rig_told(&order);

    /* Each delivery is answered, the event is one. */
    assert_int_equal(count_in(told, "\"state\":\"succeeded\""), 3);
    assert_int_equal(count_in(told, "\"type\":\"wallet.charged\""), 2);
}

static void test_shop_same_id_in_a_later_batch_is_recalled(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "wallet.charge", "user:7", "{\"amount\":5}", "");
    worker_rig_run(&order);
    static char first[65536];

    assert_true(fc_str_copy(worker_rig_told(&order), first, sizeof(first)));
    order.now = worker_instant(3600);
    worker_rig_ask(&order, 1, "wallet.charge", "user:7", "{\"amount\":5}", "");
    worker_rig_run(&order);
    assert_str_equal(worker_rig_told(&order), first);
    assert_rows(order.db, "select * from wallet", "(7,10005,5,0)\n(8,0,1,0)");
}

/* A batch in which recalled, repeated and new commands stand mixed; each keeps its own verdict. */
static void test_shop_recalled_and_new_commands_share_a_batch(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "wallet.charge", "user:7", "{\"amount\":10}", "");
    worker_rig_ask(&order, 2, "wallet.charge", "user:6", "{\"amount\":20}", "");
    worker_rig_run(&order);
    /* A hopeful batch that is lost takes numbers of the journal with it. */
    order.job.asks_left = 1;
    worker_rig_ask(&order, 3, "wallet.charge", "user:7", "{\"amount\":30}", "");
    worker_rig_ask(&order, 2, "wallet.charge", "user:6", "{\"amount\":20}", "");
    worker_rig_ask(&order, 1, "wallet.charge", "user:7", "{\"amount\":10}", "");
    worker_rig_ask(&order, 3, "wallet.charge", "user:7", "{\"amount\":30}", "");
    worker_rig_run(&order);
    assert_rows(order.db, "select seq, command_id, verdict from journal",
                "(1," WORKER_ID_HEAD "1,)\n(2," WORKER_ID_HEAD "2,unknown_user)\n"
                "(3," WORKER_ID_HEAD "3,)");
    assert_rows(order.db, "select * from wallet", "(7,10040,6,0)\n(8,0,1,0)");
    assert_int_equal(order.job.stats.recalled, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_announced_but_not_settled_is_announced_again_to_the_byte),
        TEST(test_shop_committed_but_not_announced_is_announced_by_the_next),
        TEST(test_shop_lost_before_the_commit_is_decided_anew),
        TEST(test_shop_session_ended_by_the_server_is_no_loss),
        TEST(test_shop_issue_that_is_delivered_again_takes_no_second_place),
        TEST(test_shop_announces_the_verdict_to_the_client_and_the_event_to_all),
        TEST(test_shop_same_id_twice_in_a_batch_is_one_command),
        TEST(test_shop_same_id_in_a_later_batch_is_recalled),
        TEST(test_shop_recalled_and_new_commands_share_a_batch),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
