#include "support/expect.h"
#include "support/scenario.h"

#include "core/decide.h"

#include <stdalign.h>

static alignas(16) char memory[65536];

static struct shop shop_empty(struct fc_arena *arena)
{
    struct shop shop;

    fc_arena_init(arena, memory, sizeof(memory));
    shop_init(&shop, arena, 4);
    return shop;
}

static void test_decide_life_of_a_shop(void **state)
{
    (void)state;
    SCENARIO("ask register u1 → succeeded\n"
             "ask register u2 → succeeded\n"
             "ask charge u1 50000 → succeeded\n"
             "ask charge u2 50000 → succeeded\n"
             "ask product 7 name ticket price 20000 first_come option seat id 70 stock 3"
             " → succeeded\n"
             "ask template 9 rate 1000 quantity 1 → succeeded\n"
             "ask issue u2 9 as c5 → succeeded\n"
             "ask issue u1 9 → coupon_sold_out\n"
             "ask order u1 7x2 key p7 → succeeded\n"
             "ask order u2 7x1 coupon c5 key p7 → succeeded\n"
             "paid 20000 2000 18000 70x1\n"
             "ask order u2 7x1 key p7 → insufficient_stock 70\n"
             "ask restock 70 1 → succeeded\n"
             "ask order u1 7x1 key p7 → insufficient_balance\n"
             "ask order u2 7x1 key p7 → succeeded\n"
             "wallet u1 10000\n"
             "wallet u2 12000\n"
             "stock 70 0\n"
             "status c5 used\n"
             "ask drop_product 7 → product_in_use\n"
             "ask drop_template 9 → template_in_use\n");
}

static void test_decide_refusal_takes_nothing_from_the_arena(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct policy policy = policy_default();
    struct order_line line = {.product_id = 7, .quantity = 1};
    struct command command = {.id = {{1}}, .type = COMMAND_ORDER_PLACE};
    struct decision decision;

    (void)state;
    shop_put_wallet(&shop, 1)->user.exists = true;
    shop_find_wallet(&shop, 1)->row.exists = true;
    command.body.order_place = (struct order_place){.user_id = 1, .lines = &line, .line_count = 1};
    size_t used = arena.used;

    shop_decide(&shop, &policy, &command, (struct fc_instant){0}, &decision);
    assert_int_equal(decision.verdict, VERDICT_UNKNOWN_PRODUCT);
    assert_int_equal(arena.used, used);
    assert_null(decision.events);
}

static void test_decide_of_no_type_is_a_mistake(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct policy policy = policy_default();
    struct command command = {.type = COMMAND_COUNT};
    struct event event = {.type = EVENT_COUNT};
    struct decision decision;

    (void)state;
    EXPECT_ASSERT(shop_decide(&shop, &policy, &command, (struct fc_instant){0}, &decision));
    EXPECT_ASSERT(shop_apply(&shop, &event));
}

static void test_decide_success_may_carry_no_event(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct policy policy = policy_default();
    struct fc_uuid id = {{1}};
    struct command command = {.type = COMMAND_COUPON_EXPIRE, .key = {COMMAND_KEY_TEMPLATE, 9}};
    struct decision decision;

    (void)state;
    command.body.coupon_expire = (struct coupon_expire){&id, 1};
    shop_decide(&shop, &policy, &command, (struct fc_instant){0}, &decision);
    assert_int_equal(decision.verdict, VERDICT_SUCCEEDED);
    assert_int_equal(decision.event_count, 0);
}

static void test_decide_user_of_a_command_on_an_order_is_its_owner(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct fc_uuid id = {{1}};
    struct order *order = shop_put_order(&shop, &id);
    struct command command = {.type = COMMAND_ORDER_CANCEL};

    (void)state;
    order->terms.user_id = 5;
    command.body.order_cancel.order_id = id;
    assert_int_equal(shop_user_id(&shop, &command), 0);
    order->row.exists = true;
    assert_int_equal(shop_user_id(&shop, &command), 5);
    command.body.order_cancel.order_id.bytes[0] = 2;
    assert_int_equal(shop_user_id(&shop, &command), 0);
    command = (struct command){.type = COMMAND_WALLET_CHARGE};
    command.body.wallet_charge.user_id = 6;
    assert_int_equal(shop_user_id(&shop, &command), 6);
    command = (struct command){.type = COMMAND_DAY_CLOSE};
    assert_int_equal(shop_user_id(&shop, &command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decide_life_of_a_shop),
        cmocka_unit_test(test_decide_refusal_takes_nothing_from_the_arena),
        cmocka_unit_test(test_decide_success_may_carry_no_event),
        cmocka_unit_test(test_decide_user_of_a_command_on_an_order_is_its_owner),
        cmocka_unit_test(test_decide_of_no_type_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
