/*
 * Two workers over one order, its coupon, its user's wallet or its stock: whatever one commits
 * between the other's load and store, what stays is what one after the other would have left.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"
#include "support/worker_shop.h"

#include <stdio.h>

#define FIRST WORKER_ID_HEAD "1"
#define ORDER "{\"order_id\":\"" FIRST "\""
#define REVOKE "{\"coupon_id\":\"" WORKER_SHOP_COUPON "\"}"
#define ONE_BLUE                                                                  \
    "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}],\"coupon_id\":" \
    "\"" WORKER_SHOP_COUPON "\"}"

/* Of the two that meet: command 2 of worker one, and command 3, which comes in between. */
#define VERDICTS "select verdict from journal where command_id = '" WORKER_ID_HEAD "2'"
#define OTHERS "select verdict from journal where command_id = '" WORKER_ID_HEAD "3'"
#define WALLET "select balance, held, version from wallet where user_id = 7"
#define STOCK "select option_id, total, reserved from product_option"
#define COUPON "select status, order_id, version from coupon"

static struct worker_rig one;
static struct worker_rig two;
static struct worker_rig coupon;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&one, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&two, WIRE_FAMILY_ORDER, "order-2");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    worker_rows_clear(one.db);
    worker_shop_found(&one, &coupon);
    for (int i = 0; i < 2; i++) {
        struct policy *policy = worker_rig_policy(i == 0 ? &one : &two);

        policy->bank_transfer = true;
        policy->transfer_expire_s = 3600;
    }
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

/* 2 red and 2 blue: 3,800; paid, or to be transferred but for 1,000. */
static void place(bool transfer)
{
    char body[256];

    (void)snprintf(body, sizeof(body),
                   "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":2},{\"option_id\":32,"
                   "\"quantity\":2}]%s}",
                   transfer ? ",\"payment\":{\"method\":\"bank_transfer\",\"from_balance\":1000}"
                            : "");
    worker_rig_ask(&one, 1, "order.place", "user:7", body, "");
    worker_rig_run(&one);
}

static void of_order(struct worker_rig *rig, int n, const char *type, const char *rest)
{
    char body[256];

    (void)snprintf(body, sizeof(body), ORDER "%s}", rest);
    worker_rig_ask(rig, n, type, "user:7", body, "");
}

static void meet(struct worker_rig *rig, struct worker_rig *other, const char *code)
{
    worker_rig_meet(rig, other);
    worker_rig_expect_conflict(rig, code);
    worker_shop_audit(one.db);
}

/* --- the order -------------------------------------------------------------------------------- */

/* Two owners of one partition there must not be; if there are, the order's version stands. */
static void test_shop_race_of_cancel_and_ship_refuses_to_cancel_what_is_shipped(void **state)
{
    (void)state;
    place(false);
    of_order(&one, 2, "order.cancel", "");
    of_order(&two, 3, "order.ship", ",\"lines\":[{\"option_id\":32,\"quantity\":1}]");
    meet(&one, &two, "40001");
    assert_rows(one.db, VERDICTS, "(order_not_cancellable)");
    assert_rows(one.db, "select status, version from orders", "(partly_shipped,2)");
    assert_rows(one.db, STOCK, "(31,8,0)\n(32,3,0)");
}

static void test_shop_race_of_ship_and_cancel_ships_nothing_of_what_is_cancelled(void **state)
{
    (void)state;
    place(false);
    of_order(&one, 2, "order.ship", ",\"lines\":[{\"option_id\":32,\"quantity\":1}]");
    of_order(&two, 3, "order.cancel", "");
    meet(&one, &two, "40001");
    assert_rows(one.db, VERDICTS, "(shipment_exceeds_order)");
    assert_rows(one.db, "select status, version from orders", "(cancelled,2)");
    assert_rows(one.db, "select shipped from order_line", "(0)\n(0)");
    assert_rows(one.db, WALLET, "(10000,0,4)");
}

static void test_shop_race_of_two_changes_makes_one_after_the_other(void **state)
{
    (void)state;
    place(false);
    of_order(&one, 2, "order.change", ",\"lines\":[{\"option_id\":31,\"quantity\":3}]");
    of_order(&two, 3, "order.change", ",\"lines\":[{\"option_id\":32,\"quantity\":4}]");
    meet(&one, &two, "40001");
    assert_rows(one.db, "select option_id, quantity from order_line", "(31,3)");
    assert_rows(one.db, "select total, version from orders", "(3000,3)");
    assert_rows(one.db, STOCK, "(31,7,0)\n(32,5,0)");
    assert_rows(one.db, WALLET, "(7000,0,5)");
}

static void test_shop_race_of_approval_and_expiry_settles_once(void **state)
{
    (void)state;
    place(true);
    of_order(&one, 2, "payment.settle", ",\"outcome\":\"approved\"");
    two.accepted_at = "2026-03-02T00:00:00Z";
    of_order(&two, 3, "order.expire", "");
    meet(&one, &two, "40001");
    assert_rows(one.db, VERDICTS, "(payment_timed_out)");
    assert_rows(one.db, "select status, failure from orders", "(failed,expired)");
    assert_rows(one.db, WALLET, "(10000,0,4)");
    assert_rows(one.db, STOCK, "(31,10,0)\n(32,5,0)");
}

/* --- the coupon: revoked and expired in its template's partition ------------------------------ */

static void test_shop_race_of_revoke_and_use_refuses_to_revoke_what_is_used(void **state)
{
    (void)state;
    worker_rig_ask(&coupon, 2, "coupon.revoke", "template:5", REVOKE, "");
    worker_rig_ask(&two, 3, "order.place", "user:7", ONE_BLUE, "");
    meet(&coupon, &two, "40001");
    assert_rows(one.db, VERDICTS, "(coupon_used)");
    assert_rows(one.db, COUPON, "(used," WORKER_ID_HEAD "3,2)");
}

static void test_shop_race_of_use_and_revoke_refuses_the_order(void **state)
{
    (void)state;
    worker_rig_ask(&one, 2, "order.place", "user:7", ONE_BLUE, "");
    worker_rig_ask(&coupon, 3, "coupon.revoke", "template:5", REVOKE, "");
    meet(&one, &coupon, "40001");
    assert_rows(one.db, VERDICTS, "(coupon_revoked)");
    assert_rows(one.db, COUPON, "(cancelled,,2)");
    assert_rows(one.db, WALLET, "(10000,0,2)");
    assert_rows(one.db, STOCK, "(31,10,0)\n(32,5,0)");
}

/* The order was asked for in the coupon's time; that it is decided later is nobody's fault. */
static void test_shop_race_of_expiry_and_use_leaves_the_coupon_used(void **state)
{
    (void)state;
    coupon.accepted_at = "2026-03-11T12:00:01Z";
    worker_rig_ask(&coupon, 2, "coupon.expire", "template:5",
                   "{\"coupon_ids\":[\"" WORKER_SHOP_COUPON "\"]}", "");
    worker_rig_ask(&two, 3, "order.place", "user:7", ONE_BLUE, "");
    meet(&coupon, &two, "40001");
    assert_rows(one.db, VERDICTS, "()");
    assert_rows(one.db, COUPON, "(used," WORKER_ID_HEAD "3,2)");
}

static void test_shop_race_of_cancel_and_revoke_gives_back_what_was_never_revoked(void **state)
{
    (void)state;
    worker_rig_ask(&one, 1, "order.place", "user:7", ONE_BLUE, "");
    worker_rig_run(&one);
    of_order(&one, 2, "order.cancel", "");
    worker_rig_ask(&coupon, 3, "coupon.revoke", "template:5", REVOKE, "");
    worker_rig_meet(&one, &coupon);
    assert_int_equal(one.retries, 0);
    assert_rows(one.db, OTHERS, "(coupon_used)");
    assert_rows(one.db, COUPON, "(available,,3)");
    worker_shop_audit(one.db);
}

/* --- the wallet ------------------------------------------------------------------------------- */

static void test_shop_race_of_approval_and_charge_keeps_both(void **state)
{
    (void)state;
    place(true);
    assert_rows(one.db, WALLET, "(10000,1000,3)");
    of_order(&one, 2, "payment.settle", ",\"outcome\":\"approved\"");
    worker_rig_ask(&two, 3, "wallet.charge", "user:7", "{\"amount\":50}", "");
    meet(&one, &two, "40001");
    assert_rows(one.db, WALLET, "(9050,0,5)");
}

static void test_shop_race_of_cancel_and_charge_keeps_both(void **state)
{
    (void)state;
    place(false);
    of_order(&one, 2, "order.cancel", "");
    worker_rig_ask(&two, 3, "wallet.charge", "user:7", "{\"amount\":50}", "");
    meet(&one, &two, "40001");
    assert_rows(one.db, WALLET, "(10050,0,5)");
}

static void test_shop_race_of_two_holds_holds_no_more_than_there_is(void **state)
{
    static const char body[] = "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":9}],"
                               "\"payment\":{\"method\":\"bank_transfer\",\"from_balance\":6000}}";

    (void)state;
    worker_rig_ask(&one, 2, "order.place", "user:7", body, "");
    worker_rig_ask(&two, 3, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":5}],\"payment\":"
                   "{\"method\":\"bank_transfer\",\"from_balance\":4100}}",
                   "");
    meet(&one, &two, "40001");
    assert_rows(one.db, VERDICTS, "(insufficient_balance)");
    assert_rows(one.db, WALLET, "(10000,4100,3)");
    assert_rows(one.db, STOCK, "(31,10,0)\n(32,5,5)");
}

/* --- stock ------------------------------------------------------------------------------------ */

static void test_shop_race_of_change_and_order_sells_no_more_than_there_are(void **state)
{
    (void)state;
    place(false);
    worker_rig_ask(&one, 0xf10, "wallet.charge", "user:8", "{\"amount\":9000}", "");
    worker_rig_run(&one);
    of_order(&one, 2, "order.change", ",\"lines\":[{\"option_id\":32,\"quantity\":4}]");
    worker_rig_ask(&two, 3, "order.place", "user:8",
                   "{\"user_id\":8,\"lines\":[{\"option_id\":32,\"quantity\":2}]}", "");
    meet(&one, &two, "23514");
    assert_rows(one.db, VERDICTS, "(insufficient_stock)");
    assert_rows(one.db, STOCK, "(31,8,0)\n(32,1,0)");
}

static void test_shop_race_for_what_is_reserved_sells_none_of_it(void **state)
{
    (void)state;
    worker_rig_ask(&one, 0xf10, "wallet.charge", "user:8", "{\"amount\":9000}", "");
    worker_rig_run(&one);
    worker_rig_ask(&one, 2, "order.place", "user:8",
                   "{\"user_id\":8,\"lines\":[{\"option_id\":32,\"quantity\":2}]}", "");
    worker_rig_ask(&two, 3, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":4}],\"payment\":"
                   "{\"method\":\"bank_transfer\"}}",
                   "");
    meet(&one, &two, "23514");
    assert_rows(one.db, VERDICTS, "(insufficient_stock)");
    assert_rows(one.db, STOCK, "(31,10,0)\n(32,5,4)");
}

/* --- the second try --------------------------------------------------------------------------- */

static int64_t locked(const char *table, const char *where)
{
    char text[256];

    (void)snprintf(text, sizeof(text),
                   "select (select count(*) from %s where %s) - (select count(*) from (select from"
                   " %s where %s for no key update skip locked) free)",
                   table, where, table, where);
    return testdb_ask(coupon.db, text);
}

static void expect_locks(void *arg)
{
    (void)arg;
    assert_int_equal(locked("wallet", "user_id = 7"), 1);
    assert_int_equal(locked("wallet", "user_id = 8"), 0);
    assert_int_equal(locked("coupon", "true"), 1);
    assert_int_equal(locked("orders", "true"), 1);
    assert_int_equal(locked("product_option", "option_id < 40"), 2);
    assert_int_equal(locked("product_option", "option_id > 40"), 0);
}

/* Trouble comes from somewhere else, and is at an end. */
static void fall_over_the_wallet(void *arg)
{
    (void)arg;
    testdb_run(coupon.db, "update wallet set version = version + 1 where user_id = 7");
    one.step_in = expect_locks;
}

static void test_shop_second_try_of_a_cancel_has_all_that_hangs_on_the_order_locked(void **state)
{
    (void)state;
    worker_rig_ask(&one, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":1},{\"option_id\":32,"
                   "\"quantity\":1}],\"coupon_id\":\"" WORKER_SHOP_COUPON "\"}",
                   "");
    worker_rig_ask(&one, 0xf10, "product.put", "product:4",
                   "{\"name\":\"Cup\",\"price\":1,\"status\":\"on_sale\",\"first_come\":false,"
                   "\"options\":[{\"option_id\":41,\"name\":\"one\",\"surcharge\":0,\"stock\":1}]}",
                   "");
    worker_rig_run(&one);
    of_order(&one, 2, "order.cancel", "");
    one.step_in = fall_over_the_wallet;
    worker_rig_run(&one);
    assert_null(one.step_in);
    worker_rig_expect_conflict(&one, "40001");
    assert_rows(one.db, VERDICTS, "()");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_race_of_cancel_and_ship_refuses_to_cancel_what_is_shipped),
        TEST(test_shop_race_of_ship_and_cancel_ships_nothing_of_what_is_cancelled),
        TEST(test_shop_race_of_two_changes_makes_one_after_the_other),
        TEST(test_shop_race_of_approval_and_expiry_settles_once),
        TEST(test_shop_race_of_revoke_and_use_refuses_to_revoke_what_is_used),
        TEST(test_shop_race_of_use_and_revoke_refuses_the_order),
        TEST(test_shop_race_of_expiry_and_use_leaves_the_coupon_used),
        TEST(test_shop_race_of_cancel_and_revoke_gives_back_what_was_never_revoked),
        TEST(test_shop_race_of_approval_and_charge_keeps_both),
        TEST(test_shop_race_of_cancel_and_charge_keeps_both),
        TEST(test_shop_race_of_two_holds_holds_no_more_than_there_is),
        TEST(test_shop_race_of_change_and_order_sells_no_more_than_there_are),
        TEST(test_shop_race_for_what_is_reserved_sells_none_of_it),
        TEST(test_shop_second_try_of_a_cancel_has_all_that_hangs_on_the_order_locked),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
