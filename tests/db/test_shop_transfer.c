/*
 * Orders whose payment is asked for elsewhere: what is reserved, held and used while it is under
 * way, and what each way of its end leaves of that.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"
#include "support/worker_shop.h"

#define FIRST WORKER_ID_HEAD "1"
#define NOW WORKER_NOW_ROW
#define IN_AN_HOUR "2026-03-01 13:00:01+00"

/* 2 red and 2 blue are 3,800; a tenth off 3,420; of these 420 from the balance, and 5 % off the
 * rest: 2,850 to be transferred. */
#define PLACE                                                                            \
    "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":2},{\"option_id\":31,"     \
    "\"quantity\":2}],\"coupon_id\":\"" WORKER_SHOP_COUPON "\",\"payment\":{\"method\":" \
    "\"bank_transfer\",\"from_balance\":420}}"

#define ORDERS                                                                                \
    "select order_id, status, total, discount, paid, from_balance, transfer_rate,"            \
    " transfer_discount, coupon_id, payment_method, paid_at, expires_at, failure, refunded, " \
    "version"                                                                                 \
    " from orders"
#define TERMS "3800,530,3270,420,500,150," WORKER_SHOP_COUPON ",bank_transfer"
#define WALLET "select balance, held, version from wallet where user_id = 7"
#define STOCK "select option_id, total, reserved, ordered from product_option"
#define COUPON "select status, order_id, version from coupon"
#define LINES                                                                         \
    "select order_id, option_id, product_id, quantity, unit_price, shipped, category" \
    " from order_line"
#define BOTH_LINES "(" FIRST ",31,3,2,1000,0,kitchen)\n(" FIRST ",32,3,2,900,0,kitchen)"
#define VERDICTS "select command_id, verdict, user_id from journal where seq > 6"

static struct worker_rig order;
static struct worker_rig coupon;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    worker_rows_clear(order.db);
    worker_shop_found(&order, &coupon);
    worker_rig_policy(&order)->bank_transfer = true;
    worker_rig_policy(&order)->transfer_rate = 500;
    worker_rig_policy(&order)->transfer_expire_s = 3600;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    worker_rig_close(&coupon);
    return 0;
}

static void place(void)
{
    worker_rig_ask(&order, 1, "order.place", "user:7", PLACE, "");
    worker_rig_run(&order);
}

static void settle(int n, const char *outcome)
{
    char body[128];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));

    fc_buf_put_fmt(&buf, "{\"order_id\":\"" FIRST "\",\"outcome\":\"%s\"}", outcome);
    fc_buf_put_char(&buf, '\0');
    worker_rig_ask(&order, n, "payment.settle", "user:7", body, "");
}

static void expire(int n, const char *at)
{
    order.accepted_at = at;
    worker_rig_ask(&order, n, "order.expire", "user:7", "{\"order_id\":\"" FIRST "\"}", "");
    order.accepted_at = NULL;
}

/* As it was before the order, but for versions, and that the options stand in one. */
static void expect_all_back(void)
{
    assert_rows(order.db, WALLET, "(10000,0,4)");
    assert_rows(order.db, STOCK, "(31,10,0,t)\n(32,5,0,t)");
    assert_rows(order.db, LINES, BOTH_LINES);
    worker_shop_audit(order.db);
}

static void test_shop_transfer_reserves_holds_and_uses_until_it_is_settled(void **state)
{
    (void)state;
    place();
    assert_rows(order.db, ORDERS, "(" FIRST ",pending_payment," TERMS ",,\"" IN_AN_HOUR "\",,0,1)");
    assert_rows(order.db, LINES, BOTH_LINES);
    assert_rows(order.db, WALLET, "(10000,420,3)");
    assert_rows(order.db, STOCK, "(31,10,2,t)\n(32,5,2,t)");
    assert_rows(order.db, COUPON, "(used," FIRST ",2)");
    assert_rows(order.db, "select kind, amount, balance from wallet_history",
                "(charge,10000,10000)");
    worker_shop_audit(order.db);
}

static void test_shop_transfer_approved_takes_what_was_reserved(void **state)
{
    (void)state;
    place();
    order.now = worker_instant(60);
    settle(2, "approved");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(" FIRST ",paid," TERMS ",\"2026-03-01 12:01:01+00\",,,0,2)");
    assert_rows(order.db, LINES, BOTH_LINES);
    assert_rows(order.db, WALLET, "(9580,0,4)");
    assert_rows(order.db, STOCK, "(31,8,0,t)\n(32,3,0,t)");
    assert_rows(order.db, COUPON, "(used," FIRST ",2)");
    assert_rows(order.db, VERDICTS, "(" FIRST ",,7)\n(" WORKER_ID_HEAD "2,,7)");
    worker_shop_audit(order.db);
}

static void test_shop_transfer_declined_gives_all_back(void **state)
{
    (void)state;
    place();
    settle(2, "declined");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(" FIRST ",failed," TERMS ",,,declined,0,2)");
    assert_rows(order.db, COUPON, "(available,,3)");
    expect_all_back();
}

/* The coupon was valid for ten days; what comes back after that is expired. */
static void test_shop_transfer_timed_out_after_the_coupons_time_gives_no_coupon_back(void **state)
{
    (void)state;
    place();
    order.accepted_at = "2026-03-11T12:00:01Z";
    settle(2, "timed_out");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(" FIRST ",failed," TERMS ",,,timed_out,0,2)");
    assert_rows(order.db, COUPON, "(expired,,3)");
    expect_all_back();
}

static void test_shop_transfer_expires_in_its_time_and_not_before(void **state)
{
    (void)state;
    place();
    expire(2, "2026-03-01T13:00:00.999999Z");
    worker_rig_run(&order);
    assert_rows(order.db, STOCK, "(31,10,2,t)\n(32,5,2,t)");
    expire(3, "2026-03-01T13:00:01Z");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(" FIRST ",failed," TERMS ",,,expired,0,2)");
    assert_rows(order.db, VERDICTS,
                "(" FIRST ",,7)\n(" WORKER_ID_HEAD "2,payment_timed_out,7)\n"
                "(" WORKER_ID_HEAD "3,,7)");
    expect_all_back();
}

static void test_shop_transfer_settled_twice_is_settled_once(void **state)
{
    (void)state;
    place();
    settle(2, "approved");
    settle(3, "declined");
    expire(4, "2026-03-02T00:00:00Z");
    worker_rig_run(&order);
    settle(5, "approved");
    worker_rig_run(&order);
    assert_rows(order.db, VERDICTS,
                "(" FIRST ",,7)\n(" WORKER_ID_HEAD "2,,7)\n"
                "(" WORKER_ID_HEAD "3,payment_timed_out,7)\n"
                "(" WORKER_ID_HEAD "4,payment_timed_out,7)\n"
                "(" WORKER_ID_HEAD "5,payment_timed_out,7)");
    assert_rows(order.db, WALLET, "(9580,0,4)");
    worker_shop_audit(order.db);
}

static void test_shop_transfer_placed_and_approved_in_one_batch_is_one_paid_order(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "order.place", "user:7", PLACE, "");
    settle(2, "approved");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(" FIRST ",paid," TERMS ",\"" NOW "\",,,0,2)");
    assert_rows(order.db, LINES, BOTH_LINES);
    assert_rows(order.db, WALLET, "(9580,0,4)");
    assert_rows(order.db, STOCK, "(31,8,0,t)\n(32,3,0,t)");
    worker_shop_audit(order.db);
}

static void test_shop_transfer_placed_and_declined_in_one_batch_leaves_no_trace_but_itself(
    void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "order.place", "user:7", PLACE, "");
    settle(2, "declined");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(" FIRST ",failed," TERMS ",,,declined,0,2)");
    assert_rows(order.db, COUPON, "(available,,3)");
    expect_all_back();
}

static void test_shop_transfer_of_nothing_is_paid_at_once(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":2}],\"payment\":"
                   "{\"method\":\"bank_transfer\",\"from_balance\":1800}}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS,
                "(" FIRST ",paid,1800,0,1800,1800,500,0,,bank_transfer,\"" NOW "\",,,0,1)");
    assert_rows(order.db, WALLET, "(8200,0,3)");
    worker_shop_audit(order.db);
}

static void test_shop_transfer_without_the_balance_leaves_the_wallet_alone(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "order.place", "user:8",
                   "{\"user_id\":8,\"lines\":[{\"option_id\":32,\"quantity\":1}],\"payment\":"
                   "{\"method\":\"bank_transfer\"}}",
                   "");
    worker_rig_ask(&order, 2, "payment.settle", "user:8",
                   "{\"order_id\":\"" FIRST "\",\"outcome\":\"approved\",\"payment_id\":\"p\"}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, "select status, discount, paid, from_balance from orders",
                "(paid,45,855,0)");
    assert_rows(order.db, "select * from wallet where user_id = 8", "(8,0,1,0)");
    worker_shop_audit(order.db);
}

/* All of what is transferred comes back to the balance. */
static void test_shop_transfer_that_is_cancelled_is_refunded_to_the_balance(void **state)
{
    (void)state;
    place();
    settle(2, "approved");
    worker_rig_run(&order);
    worker_rig_ask(&order, 3, "order.cancel", "user:7", "{\"order_id\":\"" FIRST "\"}", "");
    worker_rig_run(&order);
    assert_rows(order.db, "select status, paid, refunded, version from orders",
                "(cancelled,3270,3270,3)");
    assert_rows(order.db, WALLET, "(12850,0,5)");
    assert_rows(order.db, COUPON, "(available,,3)");
    worker_shop_audit(order.db);
}

static void test_shop_transfer_that_is_changed_keeps_its_rate_and_moves_the_balance(void **state)
{
    (void)state;
    place();
    settle(2, "approved");
    worker_rig_run(&order);
    worker_rig_ask(&order, 3, "order.change", "user:7",
                   "{\"order_id\":\"" FIRST "\",\"lines\":[{\"option_id\":31,\"quantity\":1}]}",
                   "");
    worker_rig_policy(&order)->transfer_rate = 0;
    worker_rig_run(&order);
    /* 1,000, a tenth off, 5 % off 900, all transferred: 855. What the balance paid is back. */
    assert_rows(order.db, ORDERS,
                "(" FIRST ",paid,1000,145,855,0,500,45," WORKER_SHOP_COUPON ",bank_transfer,\"" NOW
                "\",,,0,3)");
    assert_rows(order.db, WALLET, "(11995,0,5)");
    assert_rows(order.db, LINES, "(" FIRST ",31,3,1,1000,0,kitchen)");
    assert_rows(order.db, STOCK, "(31,9,0,t)\n(32,5,0,t)");
    worker_shop_audit(order.db);
}

/* What a change adds the balance pays, and the next change knows that share. */
static void test_shop_transfer_that_grew_is_known_by_the_share_of_the_balance(void **state)
{
    (void)state;
    place();
    settle(2, "approved");
    worker_rig_run(&order);
    worker_rig_ask(&order, 3, "order.change", "user:7",
                   "{\"order_id\":\"" FIRST "\",\"lines\":[{\"option_id\":31,\"quantity\":5}]}",
                   "");
    worker_rig_run(&order);
    /* 5,000, a tenth off: 3,000 were transferred, the balance pays 1,080 more. */
    assert_rows(order.db, ORDERS,
                "(" FIRST ",paid,5000,650,4350,1500,500,150," WORKER_SHOP_COUPON
                ",bank_transfer,\"" NOW "\",,,0,3)");
    assert_rows(order.db, WALLET, "(8500,0,5)");
    worker_rig_ask(&order, 4, "order.change", "user:7",
                   "{\"order_id\":\"" FIRST "\",\"lines\":[{\"option_id\":31,\"quantity\":1}]}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS,
                "(" FIRST ",paid,1000,145,855,0,500,45," WORKER_SHOP_COUPON ",bank_transfer,\"" NOW
                "\",,,0,4)");
    assert_rows(order.db, WALLET, "(11995,0,6)");
    worker_shop_audit(order.db);
}

static void test_shop_transfer_holds_what_nobody_else_can_spend(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":10}],\"payment\":"
                   "{\"method\":\"bank_transfer\",\"from_balance\":9500}}",
                   "");
    worker_rig_ask(&order, 2, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}]}", "");
    worker_rig_run(&order);
    assert_rows(order.db, VERDICTS, "(" FIRST ",,7)\n(" WORKER_ID_HEAD "2,insufficient_balance,7)");
    assert_rows(order.db, WALLET, "(10000,9500,3)");
    worker_rig_ask(&order, 3, "wallet.charge", "user:7", "{\"amount\":400}", "");
    worker_rig_ask(&order, 4, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}]}", "");
    worker_rig_run(&order);
    assert_rows(order.db, WALLET, "(9500,9500,5)");
    worker_shop_audit(order.db);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_transfer_reserves_holds_and_uses_until_it_is_settled),
        TEST(test_shop_transfer_approved_takes_what_was_reserved),
        TEST(test_shop_transfer_declined_gives_all_back),
        TEST(test_shop_transfer_timed_out_after_the_coupons_time_gives_no_coupon_back),
        TEST(test_shop_transfer_expires_in_its_time_and_not_before),
        TEST(test_shop_transfer_settled_twice_is_settled_once),
        TEST(test_shop_transfer_placed_and_approved_in_one_batch_is_one_paid_order),
        TEST(test_shop_transfer_placed_and_declined_in_one_batch_leaves_no_trace_but_itself),
        TEST(test_shop_transfer_of_nothing_is_paid_at_once),
        TEST(test_shop_transfer_without_the_balance_leaves_the_wallet_alone),
        TEST(test_shop_transfer_that_is_cancelled_is_refunded_to_the_balance),
        TEST(test_shop_transfer_that_is_changed_keeps_its_rate_and_moves_the_balance),
        TEST(test_shop_transfer_that_grew_is_known_by_the_share_of_the_balance),
        TEST(test_shop_transfer_holds_what_nobody_else_can_spend),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
