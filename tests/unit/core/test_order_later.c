#include "support/expect.h"
#include "support/scenario.h"

#include "core/order.h"

#include <stdalign.h>

static void test_order_cancel_gives_everything_back(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 5000\n"
             "product 7 price 1000 stock 3\n"
             "product 8 price 300 stock 9\n"
             "coupon c1 of 1 user u1 amount 100 expires 100\n"
             "ask order u1 8x2 7x3 coupon c1 as c5 → succeeded\n"
             "wallet u1 1500\n"
             "at 99\n"
             "ask cancel o5 because changed_my_mind → succeeded\n"
             "events wallet.refunded coupon.returned stock.returned order.cancelled\n"
             "cancelled 3600 100 3500 70x3@1000 80x2@300\n"
             "state o5 cancelled version 2 refunded 3500 70x3 80x2\n"
             "wallet u1 5000 version 3\n"
             "status c1 available\n"
             "stock 70 3 delta 0\n"
             "stock 80 9 delta 0\n"
             "ask order u1 7x1 coupon c1 → succeeded\n");
}

static void test_order_cancel_of_an_order_of_another_batch(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 5000\n"
             "product 7 price 1000 stock 3\n"
             "coupon c1 of 1 user u1 amount 100\n"
             "ask order u1 7x3 coupon c1 as c5 → succeeded\n"
             "batch\n"
             "ask cancel o5 → succeeded\n"
             "state o5 cancelled version 2\n"
             "stock 70 3 delta 3\n"
             "batch\n"
             "state o5 cancelled version 2 refunded 2900 70x3:0\n"
             "ask cancel o5 → order_not_cancellable\n");
}

static void test_order_cancel_of_an_expired_coupon_expires_it(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 5000\n"
             "product 7 price 1000 stock 3\n"
             "coupon c1 of 1 user u1 amount 100 expires 10\n"
             "at 9\n"
             "ask order u1 7x1 coupon c1 as c5 → succeeded\n"
             "at 10\n"
             "decided_at 3\n"
             "ask cancel o5 → succeeded\n"
             "events wallet.refunded coupon.expired stock.returned order.cancelled\n"
             "status c1 expired\n"
             "ask lapse 1 c1 → succeeded\n"
             "events\n");
}

static void test_order_cancel_of_a_free_order_refunds_nothing(void **state)
{
    (void)state;
    SCENARIO("policy balance_max 10 refund_within\n"
             "user u1 balance 11\n"
             "product 7 price 1000 stock 3\n"
             "coupon c1 of 1 user u1 amount 1000\n"
             "ask order u1 7x1 coupon c1 as c5 → succeeded\n"
             "ask cancel o5 → succeeded\n"
             "events coupon.returned stock.returned order.cancelled\n"
             "state o5 cancelled refunded 0\n"
             "wallet u1 11 version 1\n");
}

static void test_order_cancel_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("policy no_cancel balance_max 1000 refund_within\n"
             "user u1 balance 2000\n"
             "product 7 price 1000 stock 1000000000\n"
             "ask order u1 7x1 as c5 → succeeded\n"
             "ask restock 70 1 → succeeded\n"
             "ask cancel o9 key p1 → unknown_order 0\n"
             "ask cancel o5 key u2 → misrouted 0\n"
             "ask cancel o5 key p1 → misrouted 0\n"
             "ask cancel o5 → order_not_cancellable 0\n"
             "state o5 paid version 1\n");
}

static void test_order_cancel_stops_at_what_stock_and_wallet_can_take(void **state)
{
    (void)state;
    SCENARIO("policy balance_max 1000 refund_within\n"
             "user u1 balance 2001\n"
             "product 7 price 1000 stock 1000000000\n"
             "ask order u1 7x1 as c5 → succeeded\n"
             "ask restock 70 1 → succeeded\n"
             "ask cancel o5 → order_not_cancellable 70\n"
             "ask restock 70 -1 → succeeded\n"
             "ask cancel o5 → balance_limit_exceeded 1\n"
             "ask order u1 7x1 as c6 → succeeded\n"
             "ask restock 70 -9 → succeeded\n"
             "ask cancel o5 → balance_limit_exceeded 1\n"
             "wallet u1 1\n"
             "policy balance_max 1001\n"
             "ask cancel o5 → succeeded\n"
             "wallet u1 1001\n"
             "ask cancel o6 → balance_limit_exceeded 1\n");
}

static void test_order_cancel_refund_may_pass_the_ceiling(void **state)
{
    (void)state;
    SCENARIO("policy balance_max 1000\n"
             "user u1 balance 1000\n"
             "product 7 price 1000 stock 9\n"
             "ask order u1 7x1 as c5 → succeeded\n"
             "ask charge u1 1000 → succeeded\n"
             "ask cancel o5 → succeeded\n"
             "wallet u1 2000\n"
             "ask charge u1 1 → balance_limit_exceeded 1\n");
}

static void test_order_cancel_by_state(void **state)
{
    (void)state;
    SCENARIO("policy bank 0\n"
             "user u1 balance 9000\n"
             "product 7 stock 9\n"
             "ask order u1 7x2 bank as c1 → succeeded\n"
             "ask cancel o1 → order_not_cancellable 0\n"
             "ask settle o1 timed_out → succeeded\n"
             "ask cancel o1 → order_not_cancellable 0\n"
             "ask order u1 7x2 as c2 → succeeded\n"
             "ask ship o2 o70x1 → succeeded\n"
             "ask cancel o2 → order_not_cancellable 0\n"
             "ask ship o2 o70x1 → succeeded\n"
             "ask cancel o2 → order_not_cancellable 0\n"
             "ask order u1 7x2 as c3 → succeeded\n"
             "ask cancel o3 → succeeded\n"
             "ask cancel o3 → order_not_cancellable 0\n");
}

static void test_order_transfer_that_is_approved_is_paid(void **state)
{
    (void)state;
    SCENARIO("policy bank 500 bank_seconds 10\n"
             "user u1 balance 600\n"
             "product 7 price 1000 stock 9\n"
             "coupon c1 of 1 user u1 amount 100\n"
             "at 5\n"
             "ask order u1 7x1 coupon c1 bank from 500 as c5 → succeeded\n"
             "batch\n"
             "at 20\n"
             "decided_at 21\n"
             "ask settle o5 approved → succeeded\n"
             "events wallet.used stock.taken order.paid\n"
             "paid 1000 120 880 70x1@1000\n"
             "transfer 500 20\n"
             "ordered_at 5\n"
             "state o5 paid version 2 70x1:0\n"
             "wallet u1 100 held 0 version 3\n"
             "stock 70 8 reserved 0\n"
             "status c1 used\n"
             "ask cancel o5 → succeeded\n"
             "state o5 cancelled refunded 880\n"
             "wallet u1 980\n"
             "stock 70 9 reserved 0\n"
             "status c1 available\n");
}

static void test_order_transfer_that_fails_gives_everything_back(void **state)
{
    (void)state;
    SCENARIO("policy bank 500 balance_max 10 refund_within\n"
             "user u1 balance 600\n"
             "product 7 price 1000 stock 9\n"
             "coupon c1 of 1 user u1 amount 100 expires 50\n"
             "ask order u1 7x1 coupon c1 bank from 500 as c5 → succeeded\n"
             "batch\n"
             "at 49\n"
             "ask settle o5 declined → succeeded\n"
             "events wallet.released coupon.returned stock.released order.failed\n"
             "moved stock.released 70x1\n"
             "state o5 failed version 2 failure declined refunded 0\n"
             "wallet u1 600 held 0 version 3\n"
             "stock 70 9 reserved 0\n"
             "status c1 available\n"
             "ask order u1 7x1 coupon c1 bank from 500 as c6 → succeeded\n"
             "at 50\n"
             "ask settle o6 timed_out → succeeded\n"
             "events wallet.released coupon.expired stock.released order.failed\n"
             "state o6 failed failure timed_out\n"
             "status c1 expired\n"
             "ask order u1 7x1 bank as c8 → succeeded\n"
             "ask settle o8 declined → succeeded\n"
             "events stock.released order.failed\n");
}

static void test_order_transfer_expires_when_it_is_time(void **state)
{
    (void)state;
    SCENARIO("policy bank 500 bank_seconds 60\n"
             "user u1 balance 600\n"
             "product 7 price 1000 stock 9\n"
             "at 100\n"
             "ask order u1 7x1 bank from 500 as c5 → succeeded\n"
             "at 159\n"
             "decided_at 999\n"
             "ask expire o5 → payment_timed_out\n"
             "at 160\n"
             "decided_at 100\n"
             "ask expire o5 → succeeded\n"
             "events wallet.released stock.released order.failed\n"
             "state o5 failed failure expired\n"
             "wallet u1 600 held 0\n"
             "ask expire o5 → payment_timed_out\n");
}

static void test_order_settle_and_expire_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("policy bank 500 bank_seconds 60\n"
             "user u1 balance 9000\n"
             "product 7 price 1000 stock 9 first_come\n"
             "ask order u1 7x1 bank key p7 as c5 → succeeded\n"
             "ask settle o9 approved key p9 → unknown_order 0\n"
             "ask expire o9 key p9 → unknown_order 0\n"
             "ask settle o5 approved key u1 → misrouted 0\n"
             "ask settle o5 approved key p8 → misrouted 0\n"
             "ask expire o5 key u1 → misrouted 0\n"
             "ask expire o5 → payment_timed_out 0\n"
             "ask settle o5 approved → succeeded\n"
             "ask settle o5 approved → payment_timed_out 0\n"
             "ask settle o5 declined → payment_timed_out 0\n"
             "at 999\n"
             "ask expire o5 → payment_timed_out 0\n"
             "state o5 paid version 2\n");
}

static void test_order_that_expired_cannot_be_settled_any_more(void **state)
{
    (void)state;
    SCENARIO("policy bank 500 bank_seconds 60\n"
             "user u1\n"
             "product 7 price 1000 stock 1\n"
             "ask order u1 7x1 bank as c5 → succeeded\n"
             "at 60\n"
             "ask expire o5 → succeeded\n"
             "ask settle o5 approved → payment_timed_out\n"
             "state o5 failed version 2\n"
             "stock 70 1 reserved 0\n");
}

static void test_order_settle_of_no_outcome_is_a_mistake(void **state)
{
    static alignas(16) char memory[65536];
    struct fc_arena arena;
    struct shop shop;
    struct fc_uuid id = {{1}};
    struct command command = {.type = COMMAND_PAYMENT_SETTLE, .key = {COMMAND_KEY_USER, 1}};

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    shop_init(&shop, &arena, 4);
    struct order *order = shop_put_order(&shop, &id);

    order->row.exists = true;
    order->status = ORDER_PENDING_PAYMENT;
    order->terms.key = command.key;
    command.body.payment_settle.order_id = id;
    command.body.payment_settle.outcome = (enum payment_outcome)9;
    EXPECT_ASSERT(order_decide_settle(&shop, &command, (struct fc_instant){0}));
}

static void test_order_ships_in_parts(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "option 71 of 7 stock 9\n"
             "product 8 price 100 stock 9\n"
             "ask order u1 o70x2 o71x1 8x3 as c5 → succeeded\n"
             "ask ship o5 o80x1 o70x1 → succeeded\n"
             "events order.shipped\n"
             "shipped part 70x1 80x1\n"
             "state o5 partly_shipped version 2 70x2:1 71x1:0 80x3:1\n"
             "batch\n"
             "ask ship o5 o80x1 o80x1 o71x1 → succeeded\n"
             "shipped part 71x1 80x2\n"
             "state o5 partly_shipped version 3 70x2:1 71x1:1 80x3:3\n"
             "ask ship o5 o70x1 → succeeded\n"
             "shipped all 70x1\n"
             "state o5 shipped version 4 70x2:2 71x1:1 80x3:3\n"
             "ask ship o5 o70x1 → shipment_exceeds_order 0\n"
             "stock 70 7\n");
}

static void test_order_ships_at_once(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "ask order u1 7x2 as c5 → succeeded\n"
             "ask ship o5 o70x1 o70x1 → succeeded\n"
             "shipped all 70x2\n"
             "state o5 shipped version 2\n");
}

static void test_order_ship_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("policy bank 0\n"
             "user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "product 8 price 1000 stock 9\n"
             "ask order u1 7x2 8x2 as c5 → succeeded\n"
             "ask ship o9 o70x9 key p1 → unknown_order 0\n"
             "ask ship o5 o70x9 key p1 → misrouted 0\n"
             "ask ship o5 o60x1 o70x1 → shipment_exceeds_order 60\n"
             "ask ship o5 o70x1 o75x1 o80x1 → shipment_exceeds_order 75\n"
             "ask ship o5 o70x1 o90x1 → shipment_exceeds_order 90\n"
             "ask ship o5 o70x3 → shipment_exceeds_order 70\n"
             "ask ship o5 o70x2 o80x1 o80x2 → shipment_exceeds_order 80\n"
             "ask ship o5 o70x1 → succeeded\n"
             "ask ship o5 o70x2 → shipment_exceeds_order 70\n"
             "ask order u1 7x1 bank as c6 → succeeded\n"
             "ask ship o6 o70x1 → shipment_exceeds_order 0\n"
             "ask settle o6 declined → succeeded\n"
             "ask ship o6 o70x1 → shipment_exceeds_order 0\n"
             "ask order u1 7x1 as c7 → succeeded\n"
             "ask cancel o7 → succeeded\n"
             "ask ship o7 o70x1 → shipment_exceeds_order 0\n");
}

static void test_order_ships_what_was_changed(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "product 8 price 1000 stock 9\n"
             "ask order u1 7x2 as c5 → succeeded\n"
             "ask change o5 8x1 → succeeded\n"
             "ask ship o5 o70x1 → shipment_exceeds_order 70\n"
             "ask ship o5 o80x1 → succeeded\n"
             "state o5 shipped version 3 80x1:1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_cancel_gives_everything_back),
        cmocka_unit_test(test_order_cancel_of_an_order_of_another_batch),
        cmocka_unit_test(test_order_cancel_of_an_expired_coupon_expires_it),
        cmocka_unit_test(test_order_cancel_of_a_free_order_refunds_nothing),
        cmocka_unit_test(test_order_cancel_verdicts_in_precedence_order),
        cmocka_unit_test(test_order_cancel_stops_at_what_stock_and_wallet_can_take),
        cmocka_unit_test(test_order_cancel_refund_may_pass_the_ceiling),
        cmocka_unit_test(test_order_cancel_by_state),
        cmocka_unit_test(test_order_transfer_that_is_approved_is_paid),
        cmocka_unit_test(test_order_transfer_that_fails_gives_everything_back),
        cmocka_unit_test(test_order_transfer_expires_when_it_is_time),
        cmocka_unit_test(test_order_settle_and_expire_verdicts_in_precedence_order),
        cmocka_unit_test(test_order_that_expired_cannot_be_settled_any_more),
        cmocka_unit_test(test_order_settle_of_no_outcome_is_a_mistake),
        cmocka_unit_test(test_order_ships_in_parts),
        cmocka_unit_test(test_order_ships_at_once),
        cmocka_unit_test(test_order_ship_verdicts_in_precedence_order),
        cmocka_unit_test(test_order_ships_what_was_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
