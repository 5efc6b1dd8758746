#include "support/expect.h"
#include "support/scenario.h"

#include "core/order.h"

static void test_order_change_follows_in_stock_and_money(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "product 8 price 100 stock 9\n"
             "product 9 price 10 stock 9\n"
             "ask order u1 7x2 8x3 as c5 → succeeded\n"
             "batch\n"
             "ask change o5 9x4 8x1 7x3 → succeeded\n"
             "events wallet.used stock.taken stock.returned order.changed\n"
             "changed 3140 0 3140 70x3@1000 80x1@100 90x4@10\n"
             "difference 840\n"
             "moved stock.taken 70x1 90x4\n"
             "moved stock.returned 80x2\n"
             "state o5 paid version 2 70x3:0 80x1:0 90x4:0\n"
             "wallet u1 5860 version 3\n"
             "stock 70 6 delta -1\n"
             "stock 80 8 delta 2\n"
             "stock 90 5 delta -4 ordered\n"
             "ask change o5 9x1 → succeeded\n"
             "events wallet.refunded stock.returned order.changed\n"
             "difference -3130\n"
             "moved stock.returned 70x3 80x1 90x3\n"
             "state o5 paid version 3 90x1:0\n"
             "wallet u1 8990\n"
             "stock 70 9\n"
             "stock 80 9\n"
             "stock 90 8\n");
}

static void test_order_change_to_the_same_is_told_alone(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "ask order u1 7x2 as c5 → succeeded\n"
             "ask change o5 o70x1 7x1 → succeeded\n"
             "events order.changed\n"
             "changed 2000 0 2000 70x2@1000\n"
             "difference 0\n"
             "state o5 paid version 2\n");
}

static void test_order_change_of_equal_price_moves_stock_alone(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 2000\n"
             "product 7 price 1000 stock 9\n"
             "product 8 price 1000 stock 9\n"
             "ask order u1 7x2 as c5 → succeeded\n"
             "ask change o5 8x2 → succeeded\n"
             "events stock.taken stock.returned order.changed\n"
             "moved stock.taken 80x2\n"
             "moved stock.returned 70x2\n");
}

static void test_order_change_prices_anew_what_is_new_or_grows(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 category old price 1000 stock 9\n"
             "product 8 category old price 100 stock 9\n"
             "product 9 category old price 10 stock 9\n"
             "ask order u1 7x2 8x2 9x2 as c5 → succeeded\n"
             "paid 2220 0 2220\n"
             "ask product 7 category new price 1100 option o70 stock 7 → succeeded\n"
             "ask product 8 category new price 110 option o80 stock 7 → succeeded\n"
             "ask product 9 category new price 11 option o90 stock 7 → succeeded\n"
             "ask change o5 7x2 8x1 9x3 → succeeded\n"
             "changed 2133 0 2133 70x2@1000 80x1@100 90x3@11\n"
             "category 70 old\n"
             "category 80 old\n"
             "category 90 new\n"
             "difference -87\n");
}

static void test_order_change_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("policy balance_max 2000 refund_within no_change refuse_excess\n"
             "user u1 balance 3000\n"
             "product 5 stopped\n"
             "product 6 first_come stock 9\n"
             "product 7 price 1000 stock 3\n"
             "coupon c1 of 1 user u1 amount 600 min 600\n"
             "product 8 price 600 stock 9\n"
             "product 9 price 10 stock 9\n"
             "ask order u1 7x3 coupon c1 as c5 → succeeded\n"
             "wallet u1 600\n"
             "ask change o9 1x1 key p9 → unknown_order 0\n"
             "ask change o5 1x1 key u2 → misrouted 0\n"
             "ask change o5 1x1 key p1 → misrouted 0\n"
             "ask change o5 1x1 → order_not_changeable 0\n");
}

static void test_order_change_verdicts_about_lines_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("policy balance_max 2000 refund_within refuse_excess\n"
             "user u1 balance 3000\n"
             "product 4 bare\n"
             "product 5 stopped\n"
             "product 6 price 1 first_come stock 9\n"
             "product 7 price 1000 stock 3\n"
             "product 8 price 600 stock 9\n"
             "product 9 price 10 stock 9\n"
             "coupon c1 of 1 user u1 amount 600 min 600\n"
             "ask order u1 7x3 coupon c1 as c5 → succeeded\n"
             "wallet u1 600\n"
             "ask change o5 6x1 5x1 1x1 → unknown_product 1\n"
             "ask change o5 6x1 5x1 4x1 → unknown_option 4\n"
             "ask change o5 6x1 5x1 o1x1 → unknown_option 1\n"
             "ask change o5 6x1 5x1 → product_not_on_sale 5\n"
             "ask change o5 6x1 → order_not_changeable 6\n"
             "ask change o5 9x11 → coupon_minimum_not_reached 0\n"
             "ask change o5 9x60 → insufficient_stock 90\n"
             "ask change o5 7x4 → insufficient_stock 70\n"
             "ask change o5 8x1 → discount_exceeds_total 0\n"
             "ask change o5 7x3 8x1 9x1 → insufficient_balance 1\n"
             "ask change o5 8x2 → balance_limit_exceeded 1\n"
             "wallet u1 600 version 2\n"
             "stock 70 0\n"
             "state o5 paid version 1 70x3\n"
             "ask change o5 7x3 8x1 → succeeded\n"
             "wallet u1 0\n"
             "ask change o5 7x2 8x1 → succeeded\n"
             "wallet u1 1000\n"
             "ask change o5 7x1 8x1 → succeeded\n"
             "wallet u1 2000\n"
             "ask change o5 7x1 → balance_limit_exceeded 1\n");
}

static void test_order_change_of_what_does_not_grow_asks_nothing_of_the_catalogue(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "ask order u1 7x2 as c5 → succeeded\n"
             "ask product 7 first_come stopped option o70 stock 0 → succeeded\n"
             "ask change o5 7x3 → product_not_on_sale 7\n"
             "ask change o5 7x2 → succeeded\n"
             "ask change o5 7x1 → succeeded\n"
             "ask product 7 first_come option o70 stock 9 → succeeded\n"
             "ask change o5 7x2 → order_not_changeable 7\n"
             "stock 70 9\n");
}

static void test_order_change_grows_what_is_first_come_under_its_own_key(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 stock 9 first_come\n"
             "product 8 stock 9 first_come\n"
             "ask order u1 7x1 key p7 as c5 → succeeded\n"
             "ask change o5 7x1 8x1 → order_not_changeable 8\n"
             "ask change o5 7x2 key u1 → misrouted\n"
             "ask change o5 7x2 → succeeded\n"
             "state o5 paid 70x2\n"
             "user u7 balance 9000\n"
             "product 9 stock 9\n"
             "ask order u7 9x1 as c6 → succeeded\n"
             "ask change o6 7x1 → order_not_changeable 7\n");
}

static void test_order_change_of_more_than_anybody_may_order_is_out_of_stock(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 2000000\n"
             "product 7 price 1 stock 1000000000\n"
             "ask order u1 7x1000000 as c5 → succeeded\n"
             "ask change o5 7x1000000 o70x1 → insufficient_stock 70\n"
             "ask change o5 7x999999 o70x1 → succeeded\n");
}

static void test_order_change_total_above_the_limit_is_more_than_any_balance(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 1000000000000000\n"
             "product 7 price 1000000000 stock 1000000000\n"
             "product 8 price 1 stock 9\n"
             "ask order u1 8x1 as c5 → succeeded\n"
             "ask charge u1 1 → succeeded\n"
             "ask change o5 7x1000000 8x1 → insufficient_balance 1\n"
             "ask change o5 7x1000000 → succeeded\n"
             "wallet u1 1\n");
}

static void test_order_change_spends_nothing_that_is_held(void **state)
{
    (void)state;
    SCENARIO("policy bank 0\n"
             "user u1 balance 1500\n"
             "product 7 price 500 stock 9\n"
             "ask order u1 7x1 as c5 → succeeded\n"
             "ask order u1 7x2 bank from 600 → succeeded\n"
             "wallet u1 1000 held 600\n"
             "ask change o5 7x2 → insufficient_balance 1\n"
             "ask charge u1 100 → succeeded\n"
             "ask change o5 7x2 → succeeded\n"
             "wallet u1 600 held 600\n");
}

static void test_order_change_checks_its_coupon_again(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "product 8 price 1 stock 9\n"
             "coupon c1 of 1 user u1 rate 1000 min 1000 expires 10\n"
             "ask order u1 7x2 coupon c1 as c5 → succeeded\n"
             "paid 2000 200 1800\n"
             "at 99\n"
             "ask change o5 8x9 → coupon_minimum_not_reached\n"
             "ask change o5 7x1 → succeeded\n"
             "changed 1000 100 900\n"
             "difference -900\n"
             "status c1 used\n"
             "ask change o5 7x1 8x9 → succeeded\n"
             "changed 1009 100 909\n"
             "difference 9\n");
}

static void test_order_change_with_a_coupon_larger_than_the_total_is_free(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "product 8 price 10 stock 9\n"
             "coupon c1 of 1 user u1 amount 500\n"
             "ask order u1 7x1 coupon c1 as c5 → succeeded\n"
             "ask change o5 8x1 → succeeded\n"
             "changed 10 10 0\n"
             "wallet u1 9000\n"
             "ask change o5 8x9 → succeeded\n"
             "events stock.taken order.changed\n"
             "changed 90 90 0\n");
}

static void test_order_change_adds_nothing_to_the_transfer(void **state)
{
    (void)state;
    SCENARIO("policy bank 500\n"
             "user u1 balance 5000\n"
             "product 7 price 1000 stock 9\n"
             "ask order u1 7x2 bank from 1500 as c5 → succeeded\n"
             "placed 2000 25 1975\n"
             "ask settle o5 approved → succeeded\n"
             "wallet u1 3500 held 0\n"
             "policy bank 0\n"
             "ask change o5 7x3 → succeeded\n"
             "changed 3000 25 2975\n"
             "transfer 2500 25\n"
             "difference 1000\n"
             "wallet u1 2500\n"
             "ask change o5 7x1 → succeeded\n"
             "changed 1000 25 975\n"
             "transfer 500 25\n"
             "difference -2000\n"
             "wallet u1 4500\n"
             "batch\n"
             "ask change o5 7x2 → succeeded\n"
             "changed 2000 25 1975\n"
             "transfer 1500 25\n");
}

static void test_order_change_that_would_overfill_the_stock_is_refused(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 6 price 1 stock 9\n"
             "product 7 stock 1000000000\n"
             "ask order u1 6x1 7x2 as c5 → succeeded\n"
             "ask restock 70 1 → succeeded\n"
             "ask change o5 6x1 → order_not_changeable 70\n"
             "ask change o5 6x1 7x1 → succeeded\n"
             "stock 70 1000000000\n");
}

static void test_order_change_by_state(void **state)
{
    (void)state;
    SCENARIO("policy bank 0\n"
             "user u1 balance 9000\n"
             "product 7 stock 9\n"
             "ask order u1 7x2 bank as c1 → succeeded\n"
             "ask change o1 7x1 → order_not_changeable\n"
             "ask settle o1 declined → succeeded\n"
             "ask change o1 7x1 → order_not_changeable\n"
             "ask order u1 7x2 as c2 → succeeded\n"
             "ask ship o2 o70x1 → succeeded\n"
             "ask change o2 7x1 → order_not_changeable\n"
             "ask ship o2 o70x1 → succeeded\n"
             "ask change o2 7x1 → order_not_changeable\n"
             "ask order u1 7x2 as c3 → succeeded\n"
             "ask cancel o3 → succeeded\n"
             "ask change o3 7x1 → order_not_changeable\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_change_follows_in_stock_and_money),
        cmocka_unit_test(test_order_change_to_the_same_is_told_alone),
        cmocka_unit_test(test_order_change_of_equal_price_moves_stock_alone),
        cmocka_unit_test(test_order_change_prices_anew_what_is_new_or_grows),
        cmocka_unit_test(test_order_change_verdicts_in_precedence_order),
        cmocka_unit_test(test_order_change_verdicts_about_lines_in_precedence_order),
        cmocka_unit_test(test_order_change_of_what_does_not_grow_asks_nothing_of_the_catalogue),
        cmocka_unit_test(test_order_change_grows_what_is_first_come_under_its_own_key),
        cmocka_unit_test(test_order_change_of_more_than_anybody_may_order_is_out_of_stock),
        cmocka_unit_test(test_order_change_total_above_the_limit_is_more_than_any_balance),
        cmocka_unit_test(test_order_change_spends_nothing_that_is_held),
        cmocka_unit_test(test_order_change_checks_its_coupon_again),
        cmocka_unit_test(test_order_change_with_a_coupon_larger_than_the_total_is_free),
        cmocka_unit_test(test_order_change_adds_nothing_to_the_transfer),
        cmocka_unit_test(test_order_change_that_would_overfill_the_stock_is_refused),
        cmocka_unit_test(test_order_change_by_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
