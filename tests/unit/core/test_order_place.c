#include "support/expect.h"
#include "support/scenario.h"

#include "core/order.h"
#include "core/order_basket.h"

#include <stdalign.h>

/* Paying by bank transfer; test_order.c is about the rest of placing. */

static void test_order_by_transfer_reserves_and_waits(void **state)
{
    (void)state;
    SCENARIO("policy bank 500 bank_seconds 60\n"
             "user u1 balance 100\n"
             "product 7 price 1000 stock 3\n"
             "at 5\n"
             "decided_at 7\n"
             "ask order u1 7x2 bank as c5 → succeeded\n"
             "events stock.reserved order.placed\n"
             "placed 2000 100 1900 70x2@1000\n"
             "transfer 0 100\n"
             "moved stock.reserved 70x2\n"
             "state o5 pending_payment version 1 until 67 70x2:0\n"
             "wallet u1 100 held 0 version 1\n"
             "stock 70 3 reserved 2 ordered\n"
             "ask order u1 7x2 bank → insufficient_stock 70\n"
             "ask restock 70 -2 → insufficient_stock 70\n");
}

static void test_order_by_transfer_holds_the_balances_part(void **state)
{
    (void)state;
    SCENARIO("policy bank 500\n"
             "user u1 balance 600\n"
             "product 7 price 1000 stock 9\n"
             "coupon c1 of 1 user u1 amount 100\n"
             "ask order u1 7x1 coupon c1 bank from 500 as c5 → succeeded\n"
             "events wallet.held coupon.used stock.reserved order.placed\n"
             "placed 1000 120 880\n"
             "transfer 500 20\n"
             "wallet u1 600 held 500 version 2\n"
             "status c1 used\n"
             "ask order u1 7x1 bank from 101 → insufficient_balance 1\n"
             "ask order u1 7x1 → insufficient_balance 1\n"
             "ask order u1 7x1 bank from 100 → succeeded\n"
             "wallet u1 600 held 600 version 3\n"
             "ask order u1 7x1 bank from 1 → insufficient_balance 1\n"
             "ask order u1 7x1 bank → succeeded\n");
}

static void test_order_by_transfer_is_paid_at_once_when_nothing_is_to_be_transferred(void **state)
{
    (void)state;
    SCENARIO("policy bank 500\n"
             "user u1 balance 2000\n"
             "product 7 price 1000 stock 9\n"
             "coupon c1 of 1 user u1 amount 5000\n"
             "coupon c2 of 2 user u1 amount 100\n"
             "ask order u1 7x1 bank from 1000 as c5 → succeeded\n"
             "events wallet.used stock.taken order.paid\n"
             "paid 1000 0 1000\n"
             "transfer 1000 0\n"
             "wallet u1 1000 held 0\n"
             "state o5 paid version 1\n"
             "ask order u1 7x1 coupon c1 bank → succeeded\n"
             "events coupon.used stock.taken order.paid\n"
             "paid 1000 1000 0\n"
             "ask order u1 7x1 coupon c2 bank from 900 → succeeded\n"
             "events wallet.used coupon.used stock.taken order.paid\n"
             "paid 1000 100 900\n"
             "policy bank 10000\n"
             "ask order u1 7x1 bank → succeeded\n"
             "events stock.taken order.paid\n"
             "paid 1000 1000 0\n"
             "transfer 0 1000\n"
             "stock 70 5 reserved 0\n");
}

static void test_order_discount_of_a_transfer_is_rounded_down(void **state)
{
    (void)state;
    SCENARIO("policy bank 500\n"
             "user u1 balance 9\n"
             "product 7 price 19 stock 99\n"
             "product 8 price 20 stock 99\n"
             "ask order u1 7x1 bank → succeeded\n"
             "placed 19 0 19\n"
             "ask order u1 8x1 bank → succeeded\n"
             "placed 20 1 19\n"
             "ask order u1 8x1 bank from 1 → succeeded\n"
             "placed 20 0 20\n"
             "transfer 1 0\n"
             "ask order u1 7x1 8x1 bank → succeeded\n"
             "placed 39 1 38\n");
}

static void test_order_by_transfer_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "product 7 price 1000 stock 1\n"
             "coupon c1 of 1 user u1 amount 1000\n"
             "coupon c2 of 2 user u1 amount 999\n"
             "ask order u1 7x2 bank from 9999 coupon c9 → payment_method_not_allowed\n"
             "policy refuse_excess bank 10000\n"
             "ask order u1 7x2 bank from 9999 coupon c9 → unknown_coupon\n"
             "ask order u1 7x2 bank from 9999 coupon c1 → insufficient_stock 70\n"
             "ask order u1 7x1 bank from 9999 coupon c1 → discount_exceeds_total\n"
             "ask order u1 7x1 bank from 2 coupon c2 → invalid_request 0\n"
             "ask order u1 7x1 bank from 1001 → invalid_request 0\n"
             "ask order u1 7x1 bank from 1000 → insufficient_balance 1\n"
             "ask order u1 7x1 bank from 1 coupon c2 → insufficient_balance 1\n"
             "ask order u1 7x1 bank coupon c2 → succeeded\n"
             "paid 1000 1000 0\n");
}

static void test_order_by_transfer_of_more_than_anybody_has_is_refused(void **state)
{
    (void)state;
    SCENARIO("policy bank 500\n"
             "user u1 balance 5\n"
             "product 7 price 1000000000 stock 1000000000\n"
             "product 8 price 1 stock 9\n"
             "ask order u1 7x1000000 8x1 bank → insufficient_balance 1\n"
             "ask order u1 7x1000000 bank → succeeded\n"
             "placed 1000000000000000 50000000000000 950000000000000\n");
}

static alignas(16) char memory[65536];

static void test_order_asks_nothing_of_the_balance_but_with_a_transfer(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct policy policy = policy_default();
    struct order_line line = {.product_id = 7, .quantity = 1};
    struct command command = {.id = {{1}}, .type = COMMAND_ORDER_PLACE};

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    shop_init(&shop, &arena, 4);
    command.body.order_place =
        (struct order_place){.user_id = 1, .lines = &line, .line_count = 1, .from_balance = KRW(1)};
    EXPECT_ASSERT(order_decide_place(&shop, &policy, &command, (struct fc_instant){0}));
}

static void test_order_basket_of_lines_out_of_bounds_is_a_mistake(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct order_line line = {.option_id = 70, .quantity = 0};
    struct basket basket;

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    shop_init(&shop, &arena, 4);
    EXPECT_ASSERT(basket_gather(&shop, &line, 1, &basket));
    line.quantity = QUANTITY_MAX + 1;
    EXPECT_ASSERT(basket_gather(&shop, &line, 1, &basket));
    EXPECT_ASSERT(basket_gather(&shop, &line, 0, &basket));
    EXPECT_ASSERT(basket_gather(&shop, &line, ORDER_LINES_MAX + 1, &basket));
    line.quantity = QUANTITY_MAX;
    basket_gather(&shop, &line, 1, &basket);
    assert_int_equal(basket.count, 1);
    assert_int_equal(basket.items[0].added, QUANTITY_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_by_transfer_reserves_and_waits),
        cmocka_unit_test(test_order_by_transfer_holds_the_balances_part),
        cmocka_unit_test(test_order_by_transfer_is_paid_at_once_when_nothing_is_to_be_transferred),
        cmocka_unit_test(test_order_discount_of_a_transfer_is_rounded_down),
        cmocka_unit_test(test_order_by_transfer_verdicts_in_precedence_order),
        cmocka_unit_test(test_order_by_transfer_of_more_than_anybody_has_is_refused),
        cmocka_unit_test(test_order_asks_nothing_of_the_balance_but_with_a_transfer),
        cmocka_unit_test(test_order_basket_of_lines_out_of_bounds_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
