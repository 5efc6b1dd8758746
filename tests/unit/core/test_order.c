#include "support/expect.h"
#include "support/scenario.h"

#include "base/limits.h"
#include "core/order.h"

#include <stdalign.h>

static void test_order_is_paid_from_the_balance(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 5000\n"
             "product 7 price 1000 stock 3\n"
             "product 8 price 300 stock 9\n"
             "ask order u1 8x2 7x3 → succeeded\n"
             "events wallet.used stock.taken order.paid\n"
             "paid 3600 0 3600 70x3 80x2\n"
             "wallet u1 1400 version 2\n"
             "stock 70 0 delta -3 ordered\n"
             "stock 80 7 delta -2 ordered\n"
             "ask order u1 7x1 → insufficient_stock 70\n");
}

static void test_order_verdicts_about_what_is_named_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "user u2 no_wallet\n"
             "product 5 bare\n"
             "product 6 stock 9\n"
             "option 61 of 6 stock 9\n"
             "product 7 stopped first_come\n"
             "product 8 first_come\n"
             "product 9 first_come\n"
             "ask order u9 1x1 7x1 bank coupon c1 → unknown_user 9\n"
             "ask order u2 1x1 7x1 bank coupon c1 → unknown_wallet 2\n"
             "ask order u1 7x1 1x1 bank coupon c1 → unknown_product 1\n"
             "ask order u1 1/70x1 → unknown_product 1\n"
             "ask order u1 0x1 → unknown_product 0\n"
             "ask order u1 7x1 o1x1 bank coupon c1 → unknown_option 1\n"
             "ask order u1 7/61x1 → unknown_option 61\n"
             "ask order u1 7/1x1 → unknown_option 1\n"
             "ask order u1 6x1 → unknown_option 6\n"
             "ask order u1 5x1 → unknown_option 5\n"
             "ask order u1 7x1 8x1 9x1 bank coupon c1 → product_not_on_sale 7\n"
             "ask order u1 8x1 9x1 bank coupon c1 → several_first_come_products 9\n"
             "ask order u1 8x1 bank coupon c1 → misrouted 8\n"
             "ask order u1 8x1 bank coupon c1 key p9 → misrouted 8\n"
             "ask order u1 8x1 bank coupon c1 key u8 → misrouted 8\n"
             "ask order u1 o60x1 bank coupon c1 key p6 → misrouted 0\n"
             "ask order u1 o60x1 bank coupon c1 key u2 → misrouted 0\n"
             "ask order u1 o60x1 bank coupon c1 → payment_method_not_allowed\n"
             "ask order u1 o60x1 coupon c1 → unknown_coupon\n");
}

static void test_order_verdicts_about_the_coupon_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("policy refuse_excess\n"
             "user u1\n"
             "product 7 price 1000 stock 1\n"
             "coupon c1 of 1 user u2 min 9000 expires 10 cancelled\n"
             "coupon c2 of 2 user u1 min 9000 expires 10 cancelled\n"
             "coupon c3 of 3 user u1 min 9000 expires 10 used\n"
             "coupon c4 of 4 user u1 min 9000 expires 99 expired\n"
             "coupon c5 of 5 user u1 min 9000 expires 10\n"
             "coupon c6 of 6 user u1 min 9000 expires 99\n"
             "coupon c7 of 7 user u1 min 1000 expires 99\n"
             "at 10\n"
             "ask order u1 7x2 coupon c9 → unknown_coupon\n"
             "ask order u1 7x2 coupon c1 → coupon_not_owned\n"
             "ask order u1 7x2 coupon c2 → coupon_revoked\n"
             "ask order u1 7x2 coupon c3 → coupon_used\n"
             "ask order u1 7x2 coupon c4 → coupon_expired\n"
             "ask order u1 7x2 coupon c5 → coupon_expired\n"
             "ask order u1 7x2 coupon c6 → coupon_minimum_not_reached\n"
             "ask order u1 7x2 coupon c7 → insufficient_stock 70\n"
             "ask order u1 7x1 coupon c7 → discount_exceeds_total\n"
             "ask order u1 7x1 → insufficient_balance 1\n"
             "status c7 available\n"
             "stock 70 1 delta 0\n"
             "wallet u1 0 version 1\n");
}

static void test_order_coupon_expires_by_the_instant_of_acceptance(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 9\n"
             "coupon c1 of 1 user u1 amount 100 expires 10\n"
             "at 10\n"
             "decided_at 5\n"
             "ask order u1 7x1 coupon c1 → coupon_expired\n"
             "at 9\n"
             "decided_at 99\n"
             "ask order u1 7x1 coupon c1 → succeeded\n"
             "events wallet.used coupon.used stock.taken order.paid\n"
             "paid 1000 100 900 70x1\n"
             "status c1 used\n"
             "ask order u1 7x1 coupon c1 → coupon_used\n");
}

static void test_order_coupon_minimum_is_reached_by_the_total_itself(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1 stock 5000\n"
             "coupon c1 of 1 user u1 amount 500 min 1000\n"
             "ask order u1 7x999 coupon c1 → coupon_minimum_not_reached\n"
             "ask order u1 7x1000 coupon c1 → succeeded\n"
             "paid 1000 500 500\n");
}

static void test_order_lines_of_one_option_are_added_up(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 5\n"
             "ask order u1 7x2 o70x2 7/70x2 → insufficient_stock 70\n"
             "ask order u1 7x2 o70x2 7/70x1 → succeeded\n"
             "paid 5000 0 5000 70x5\n"
             "stock 70 0\n");
}

static void test_order_takes_no_more_than_is_available(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1000 stock 5 reserved 3\n"
             "ask order u1 7x3 → insufficient_stock 70\n"
             "ask order u1 7x2 → succeeded\n"
             "stock 70 3 reserved 3\n"
             "ask order u1 7x1 → insufficient_stock 70\n");
}

static void test_order_names_the_first_option_that_is_short(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 stock 1\n"
             "product 8\n"
             "product 9\n"
             "ask order u1 9x1 7x1 8x1 → insufficient_stock 80\n");
}

static void test_order_of_more_than_anybody_may_order_is_out_of_stock(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 1000000\n"
             "product 7 price 1 stock 1000000000\n"
             "ask order u1 7x1000000 7x1 → insufficient_stock 70\n"
             "ask order u1 7x1000000 → succeeded\n"
             "wallet u1 0\n");
}

static void test_order_spends_the_balance_to_the_last_won(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 1999\n"
             "product 7 price 1000 stock 9\n"
             "ask order u1 7x2 → insufficient_balance 1\n"
             "ask charge u1 1 → succeeded\n"
             "ask order u1 7x2 → succeeded\n"
             "wallet u1 0 version 3\n"
             "ask order u1 7x1 → insufficient_balance\n");
}

static void test_order_total_above_the_limit_is_more_than_any_balance(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 1000000000000000\n"
             "product 7 price 1000000000 stock 1000000000\n"
             "product 8 price 1 stock 9\n"
             "coupon c1 of 1 user u1 rate 10000\n"
             "ask order u1 7x1000000 8x1 → insufficient_balance\n"
             "ask order u1 7x1000000 8x1 coupon c1 → insufficient_balance\n"
             "status c1 available\n"
             "ask order u1 7x1000000 → succeeded\n"
             "wallet u1 0\n");
}

static void test_order_with_a_coupon_larger_than_the_total_is_free(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 10\n"
             "product 7 price 999 stock 9\n"
             "coupon c1 of 1 user u1 amount 1000\n"
             "ask order u1 7x1 coupon c1 → succeeded\n"
             "events coupon.used stock.taken order.paid\n"
             "paid 999 999 0\n"
             "wallet u1 10 version 1\n"
             "status c1 used\n");
}

static void test_order_where_something_must_be_left_to_pay(void **state)
{
    (void)state;
    SCENARIO("policy refuse_excess\n"
             "user u1 balance 10\n"
             "product 7 price 500 stock 9\n"
             "product 8 price 1 stock 9\n"
             "coupon c1 of 1 user u1 amount 1000\n"
             "coupon c2 of 2 user u1 rate 10000\n"
             "ask order u1 7x1 coupon c1 → discount_exceeds_total\n"
             "ask order u1 7x2 coupon c1 → discount_exceeds_total\n"
             "ask order u1 7x2 coupon c2 → discount_exceeds_total\n"
             "ask order u1 7x2 8x1 coupon c1 → succeeded\n"
             "paid 1001 1000 1\n"
             "wallet u1 9\n");
}

static void test_order_discount_of_a_rate_is_rounded_down(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 1010 stock 9\n"
             "coupon c1 of 1 user u1 rate 500\n"
             "ask order u1 7x3 coupon c1 → succeeded\n"
             "paid 3030 151 2879\n"
             "wallet u1 6121\n");
}

static void test_order_with_a_first_come_product_stands_under_its_key(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 stock 2 first_come\n"
             "option 71 of 7 surcharge 50 stock 2\n"
             "product 8 stock 9\n"
             "ask order u1 o71x1 8x1 o70x1 → misrouted 7\n"
             "ask order u1 o71x1 8x1 o70x1 key p7 → succeeded\n"
             "paid 3050 0 3050 70x1 71x1 80x1\n"
             "ask product 7 option o70 stock 1 option o71 surcharge 50 stock 1 → succeeded\n"
             "ask order u1 o71x1 key p7 → misrouted 0\n"
             "ask order u1 o71x1 → succeeded\n");
}

static void test_order_belongs_to_the_instant_it_names(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 stock 9\n"
             "at 100\n"
             "decided_at 103\n"
             "ask order u1 7x1 → succeeded\n"
             "ordered_at 100\n"
             "ask order u1 7x1 ordered_at 7 → succeeded\n"
             "ordered_at 7\n");
}

static void test_order_of_what_was_deleted_in_the_batch_is_unknown(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 stock 9\n"
             "ask drop_product 7 → succeeded\n"
             "ask order u1 7x1 → unknown_product 7\n"
             "ask order u1 o70x1 → unknown_option 70\n");
}

static void test_order_lines_bear_the_category_of_that_moment(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 category toys stock 9\n"
             "product 8 stock 9\n"
             "ask order u1 7x1 8x1 as c5 → succeeded\n"
             "category 70 toys\n"
             "category 80\n"
             "ask product 7 category books option o70 stock 8 → succeeded\n"
             "ask order u1 7x1 → succeeded\n"
             "category 70 books\n"
             "ask cancel o5 → succeeded\n"
             "category 70 toys\n");
}

static void test_order_of_the_last_piece_is_the_first_ones(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "user u2 balance 9000\n"
             "product 7 first_come stock 1\n"
             "ask order u2 7x1 key p7 → succeeded\n"
             "ask order u1 7x1 key p7 → insufficient_stock 70\n"
             "stock 70 0\n");
}

static alignas(16) char big[1024 * 1024];

/* A shop of ORDER_LINES_MAX products, each with one option, and a rich user. */
static void big_shop(struct shop *shop, struct fc_arena *arena)
{
    fc_arena_init(arena, big, sizeof(big));
    shop_init(shop, arena, ORDER_LINES_MAX);
    struct wallet *wallet = shop_put_wallet(shop, 1);

    wallet->user.exists = wallet->row.exists = true;
    wallet->balance = KRW(AMOUNT_KRW_MAX);
}

static void test_order_of_the_most_lines_in_any_order_is_sorted(void **state)
{
    static struct order_line lines[ORDER_LINES_MAX];
    struct fc_arena arena;
    struct shop shop;
    struct policy policy = policy_default();
    struct command command = {.id = {{1}}, .type = COMMAND_ORDER_PLACE};

    (void)state;
    big_shop(&shop, &arena);
    for (int32_t i = 0; i < 100; i++) {
        struct product *product = shop_put_product(&shop, i + 1, FC_STR("p"));
        struct option *option = shop_put_option(&shop, 1000 - i, i + 1);

        product->row.exists = option->row.exists = true;
        product->price = KRW(i + 1);
        option->total = 1000;
    }
    /* 7 and 2,000 have no common divisor with 100 but 1 and 100: each product stands 20 times. */
    for (int32_t i = 0; i < ORDER_LINES_MAX; i++)
        lines[i] = (struct order_line){.product_id = i * 7 % 100 + 1, .quantity = i % 3 + 1};
    command.key = (struct command_key){COMMAND_KEY_USER, 1};
    command.body.order_place =
        (struct order_place){.user_id = 1, .lines = lines, .line_count = ORDER_LINES_MAX};
    struct decision decision = order_decide_place(&shop, &policy, &command, (struct fc_instant){0});

    assert_int_equal(decision.verdict, VERDICT_SUCCEEDED);
    const struct order_terms *paid = &decision.events[2].data.order_paid;
    int64_t pieces = 0;
    int64_t won = 0;

    assert_int_equal(paid->line_count, 100);
    for (int32_t i = 0; i < 100; i++) {
        assert_int_equal(paid->lines[i].option_id, 901 + i);
        assert_int_equal(paid->lines[i].product_id, 100 - i);
        pieces += paid->lines[i].quantity;
        won += paid->lines[i].quantity * (100 - i);
    }
    assert_int_equal(pieces, 3999);
    assert_int_equal(paid->total.won, won);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_paid_from_the_balance),
        cmocka_unit_test(test_order_verdicts_about_what_is_named_in_precedence_order),
        cmocka_unit_test(test_order_verdicts_about_the_coupon_in_precedence_order),
        cmocka_unit_test(test_order_coupon_expires_by_the_instant_of_acceptance),
        cmocka_unit_test(test_order_coupon_minimum_is_reached_by_the_total_itself),
        cmocka_unit_test(test_order_lines_of_one_option_are_added_up),
        cmocka_unit_test(test_order_takes_no_more_than_is_available),
        cmocka_unit_test(test_order_names_the_first_option_that_is_short),
        cmocka_unit_test(test_order_of_more_than_anybody_may_order_is_out_of_stock),
        cmocka_unit_test(test_order_spends_the_balance_to_the_last_won),
        cmocka_unit_test(test_order_total_above_the_limit_is_more_than_any_balance),
        cmocka_unit_test(test_order_with_a_coupon_larger_than_the_total_is_free),
        cmocka_unit_test(test_order_where_something_must_be_left_to_pay),
        cmocka_unit_test(test_order_discount_of_a_rate_is_rounded_down),
        cmocka_unit_test(test_order_with_a_first_come_product_stands_under_its_key),
        cmocka_unit_test(test_order_belongs_to_the_instant_it_names),
        cmocka_unit_test(test_order_of_what_was_deleted_in_the_batch_is_unknown),
        cmocka_unit_test(test_order_lines_bear_the_category_of_that_moment),
        cmocka_unit_test(test_order_of_the_last_piece_is_the_first_ones),
        cmocka_unit_test(test_order_of_the_most_lines_in_any_order_is_sorted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
