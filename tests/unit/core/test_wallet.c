#include "support/expect.h"
#include "support/scenario.h"

#include "base/limits.h"
#include "core/wallet.h"

#include <stdalign.h>

static void test_wallet_of_a_new_user_is_empty(void **state)
{
    (void)state;
    SCENARIO("gone user u1\n"
             "ask register u1 → succeeded\n"
             "events user.registered\n"
             "wallet u1 0 version 1\n");
}

static void test_wallet_register_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "user u2 no_wallet\n"
             "ask register u1 key u2 → misrouted 1\n"
             "ask register u1 key p1 → misrouted\n"
             "ask register u1 → user_exists 1\n"
             "ask register u2 → user_exists 2\n"
             "ask register u3 → succeeded\n"
             "ask register u3 → user_exists\n");
}

static void test_wallet_charges_add_up(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 500\n"
             "ask charge u1 1 → succeeded\n"
             "events wallet.charged\n"
             "wallet u1 501 version 2\n"
             "ask charge u1 1000 → succeeded\n"
             "wallet u1 1501 version 3\n"
             "ask register u2 → succeeded\n"
             "ask charge u2 7 → succeeded\n"
             "wallet u2 7 version 2\n"
             "wallet u1 1501\n");
}

static void test_wallet_charge_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("policy charge_min 10 charge_max 100 balance_max 500\n"
             "user u1 balance 490\n"
             "user u2 no_wallet\n"
             "ask charge u9 0 key u1 → misrouted 9\n"
             "ask charge u9 0 → unknown_user 9\n"
             "ask charge u2 0 → unknown_wallet 2\n"
             "ask charge u1 9 → charge_not_allowed 1\n"
             "ask charge u1 11 → balance_limit_exceeded 1\n"
             "wallet u1 490 version 1\n"
             "ask charge u1 10 → succeeded\n"
             "wallet u1 500\n");
}

static void test_wallet_charge_keeps_to_the_bounds_of_the_policy(void **state)
{
    (void)state;
    SCENARIO("policy charge_min 10000 charge_max 500000\n"
             "user u1\n"
             "ask charge u1 -10000 → charge_not_allowed\n"
             "ask charge u1 0 → charge_not_allowed\n"
             "ask charge u1 9999 → charge_not_allowed\n"
             "ask charge u1 10000 → succeeded\n"
             "ask charge u1 500000 → succeeded\n"
             "ask charge u1 500001 → charge_not_allowed\n"
             "ask charge u1 9223372036854775807 → charge_not_allowed\n"
             "wallet u1 510000\n");
}

static void test_wallet_charge_is_exactly_one_of_the_units(void **state)
{
    (void)state;
    SCENARIO("policy charge_min 10 charge_max 1000 unit 10 unit 50 unit 5000\n"
             "user u1\n"
             "ask charge u1 9 → charge_not_allowed\n"
             "ask charge u1 10 → succeeded\n"
             "ask charge u1 20 → charge_not_allowed\n"
             "ask charge u1 50 → succeeded\n"
             "ask charge u1 5000 → charge_not_allowed\n"
             "wallet u1 60\n");
}

static void test_wallet_balance_may_reach_its_limit(void **state)
{
    (void)state;
    SCENARIO("policy balance_max 1000\n"
             "user u1 balance 999\n"
             "ask charge u1 2 → balance_limit_exceeded\n"
             "ask charge u1 1 → succeeded\n"
             "ask charge u1 1 → balance_limit_exceeded\n"
             "wallet u1 1000\n");
}

static void test_wallet_charge_of_nothing_is_the_policys_choice(void **state)
{
    (void)state;
    SCENARIO("policy charge_min 0 balance_max 1000\n"
             "user u1 balance 1000\n"
             "ask charge u1 0 → succeeded\n"
             "wallet u1 1000 version 2\n"
             "ask charge u1 -1 → charge_not_allowed\n");
}

static void test_wallet_ceiling_is_of_the_balance_with_what_is_held(void **state)
{
    (void)state;
    SCENARIO("policy balance_max 1000\n"
             "user u1 balance 1000 held 1000\n"
             "ask charge u1 1 → balance_limit_exceeded 1\n"
             "user u2 balance 999 held 999\n"
             "ask charge u2 1 → succeeded\n"
             "wallet u2 1000 held 999\n");
}

static void test_wallet_charge_borders_of_the_option_stock_shop(void **state)
{
    (void)state;
    SCENARIO("policy charge_min 10000 charge_max 500000 balance_max 2000000\n"
             "policy unit 10000 unit 50000 unit 100000 unit 500000\n"
             "user u1 balance 1500000\n"
             "ask charge u1 9999 → charge_not_allowed\n"
             "ask charge u1 10001 → charge_not_allowed\n"
             "ask charge u1 500001 → charge_not_allowed\n"
             "ask charge u1 500000 → succeeded\n"
             "wallet u1 2000000\n"
             "ask charge u1 10000 → balance_limit_exceeded\n"
             "user u2 balance 1990001\n"
             "ask charge u2 10000 → balance_limit_exceeded\n"
             "user u3 balance 1990000\n"
             "ask charge u3 10000 → succeeded\n");
}

static void test_wallet_charge_borders_of_the_ledger_shop(void **state)
{
    (void)state;
    SCENARIO("policy charge_min 10000 balance_max 9999999\n"
             "user u1\n"
             "ask charge u1 9999 → charge_not_allowed\n"
             "ask charge u1 10000 → succeeded\n"
             "ask charge u1 10001 → succeeded\n"
             "ask charge u1 9979999 → balance_limit_exceeded\n"
             "ask charge u1 9979998 → succeeded\n"
             "wallet u1 9999999\n");
}

static void test_wallet_of_a_new_user_may_come_with_a_coupon(void **state)
{
    (void)state;
    SCENARIO("policy welcome 500\n"
             "at 100\n"
             "decided_at 101\n"
             "ask register u1 → succeeded\n"
             "events user.registered coupon.issued\n"
             "position 1\n"
             "never\n"
             "policy valid_days 2\n"
             "ask register u2 → succeeded\n"
             "expires 172901\n"
             "policy welcome_days 1\n"
             "ask register u3 → succeeded\n"
             "expires 86501\n"
             "ask register u3 → user_exists 3\n");
}

static alignas(16) char memory[16384];

static struct wallet_moved moved(int64_t amount, int64_t balance)
{
    return (struct wallet_moved){.user_id = 1, .amount = KRW(amount), .balance = KRW(balance)};
}

static struct shop shop_of_one(struct fc_arena *arena, int64_t balance, int64_t held)
{
    struct shop shop;

    fc_arena_init(arena, memory, sizeof(memory));
    shop_init(&shop, arena, 4);
    struct wallet *wallet = shop_put_wallet(&shop, 1);

    wallet->user = wallet->row = (struct row_mark){.exists = true, .loaded = true};
    wallet->version = wallet->version_loaded = 5;
    wallet->balance = KRW(balance);
    wallet->held = KRW(held);
    return shop;
}

static void test_wallet_moves_for_orders(void **state)
{
    static const struct {
        void (*add)(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                    struct decision *decision);
        enum event_type type;
        bool from_held;
        int64_t balance;
        int64_t held;
    } rows[] = {
        {wallet_use, EVENT_WALLET_USED, false, 70, 40},
        {wallet_refund, EVENT_WALLET_REFUNDED, false, 130, 40},
        {wallet_hold, EVENT_WALLET_HELD, false, 100, 70},
        {wallet_release, EVENT_WALLET_RELEASED, false, 100, 10},
        {wallet_use_held, EVENT_WALLET_USED, true, 70, 10},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_arena arena;
        struct shop shop = shop_of_one(&arena, 100, 40);
        const struct wallet *wallet = wallet_of_user(&shop, 1);
        struct decision decision = decision_succeeded(&shop, 1);
        struct fc_uuid order_id = {{7}};

        rows[i].add(wallet, KRW(30), &order_id, &decision);
        assert_int_equal(decision.event_count, 1);
        const struct event *event = &decision.events[0];

        assert_int_equal(event->type, rows[i].type);
        assert_int_equal(event->version, 6);
        assert_int_equal(event->data.wallet_moved.from_held, rows[i].from_held);
        assert_int_equal(event->data.wallet_moved.amount.won, 30);
        assert_int_equal(event->data.wallet_moved.balance.won, rows[i].balance);
        assert_true(fc_uuid_eq(&event->data.wallet_moved.order_id, &order_id));
        if (rows[i].type == EVENT_WALLET_USED)
            wallet_apply_used(&shop, event);
        else if (rows[i].type == EVENT_WALLET_REFUNDED)
            wallet_apply_refunded(&shop, event);
        else if (rows[i].type == EVENT_WALLET_HELD)
            wallet_apply_held(&shop, event);
        else
            wallet_apply_released(&shop, event);
        assert_int_equal(wallet->balance.won, rows[i].balance);
        assert_int_equal(wallet->held.won, rows[i].held);
        assert_int_equal(wallet->version, 6);
        assert_true(wallet->row.changed);
    }
}

static void test_wallet_spends_nothing_that_is_held(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of_one(&arena, 100, 40);
    struct wallet *wallet = shop_find_wallet(&shop, 1);
    struct decision decision = decision_succeeded(&shop, 9);
    struct fc_uuid id = {{7}};

    (void)state;
    assert_int_equal(wallet_spendable(wallet).won, 60);
    EXPECT_ASSERT(wallet_use(wallet, KRW(61), &id, &decision));
    EXPECT_ASSERT(wallet_hold(wallet, KRW(61), &id, &decision));
    wallet_use(wallet, KRW(60), &id, &decision);
    wallet_hold(wallet, KRW(60), &id, &decision);
    EXPECT_ASSERT(wallet_use_held(wallet, KRW(41), &id, &decision));
    EXPECT_ASSERT(wallet_release(wallet, KRW(41), &id, &decision));
    EXPECT_ASSERT(wallet_refund(wallet, KRW(AMOUNT_KRW_MAX - 99), &id, &decision));
    EXPECT_ASSERT(wallet_refund(wallet, KRW(0), &id, &decision));
    wallet->held = KRW(101);
    EXPECT_ASSERT((void)wallet_spendable(wallet));
    wallet->held = KRW(-1);
    EXPECT_ASSERT((void)wallet_spendable(wallet));
}

static void test_wallet_refund_passes_the_ceiling_where_the_policy_lets_it(void **state)
{
    struct policy policy = policy_default();
    struct wallet wallet = {.balance = KRW(900)};

    (void)state;
    policy.balance_max = KRW(1000);
    assert_true(wallet_refund_allowed(&wallet, &policy, KRW(101)));
    assert_true(wallet_refund_allowed(&wallet, &policy, KRW(AMOUNT_KRW_MAX - 900)));
    assert_false(wallet_refund_allowed(&wallet, &policy, KRW(AMOUNT_KRW_MAX - 899)));
    policy.refund_above_max = false;
    assert_true(wallet_refund_allowed(&wallet, &policy, KRW(100)));
    assert_false(wallet_refund_allowed(&wallet, &policy, KRW(101)));
    /* A ceiling that came down later: what is above it stays, more does not come. */
    wallet.balance = KRW(1001);
    assert_true(wallet_refund_allowed(&wallet, &policy, KRW(0)));
    assert_false(wallet_refund_allowed(&wallet, &policy, KRW(1)));
}

static void test_wallet_events_that_break_a_promise_are_mistakes(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct event event = {.type = EVENT_USER_REGISTERED, .version = 1};

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    shop_init(&shop, &arena, 4);
    event.data.user_registered.user_id = 1;
    wallet_apply_registered(&shop, &event);
    EXPECT_ASSERT(wallet_apply_registered(&shop, &event));

    event.version = 2;
    event.data.wallet_moved = (struct wallet_moved){.user_id = 2, .balance = KRW(0)};
    EXPECT_ASSERT(wallet_apply_charged(&shop, &event));
    event.data.wallet_moved = moved(10, 9);
    EXPECT_ASSERT(wallet_apply_charged(&shop, &event));
    event.data.wallet_moved = moved(10, -10);
    EXPECT_ASSERT(wallet_apply_used(&shop, &event));
    event.data.wallet_moved = moved(10, 10);
    event.version = 3;
    EXPECT_ASSERT(wallet_apply_charged(&shop, &event));
    event.version = 2;
    wallet_apply_charged(&shop, &event);
    assert_int_equal(wallet_of_user(&shop, 1)->balance.won, 10);
    event.version = 3;
    event.data.wallet_moved = moved(11, 10);
    EXPECT_ASSERT(wallet_apply_held(&shop, &event));
}

static void test_wallet_marks_what_has_to_be_stored(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of_one(&arena, 0, 0);
    struct event event = {.type = EVENT_WALLET_CHARGED, .version = 6};
    const struct wallet *wallet = wallet_of_user(&shop, 1);

    (void)state;
    event.data.wallet_moved = moved(10, 10);
    wallet_apply_charged(&shop, &event);
    assert_true(wallet->row.changed);
    assert_false(wallet->user.changed);
    assert_int_equal(wallet->version, 6);
    assert_int_equal(wallet->version_loaded, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wallet_of_a_new_user_is_empty),
        cmocka_unit_test(test_wallet_register_verdicts_in_precedence_order),
        cmocka_unit_test(test_wallet_charges_add_up),
        cmocka_unit_test(test_wallet_charge_verdicts_in_precedence_order),
        cmocka_unit_test(test_wallet_charge_keeps_to_the_bounds_of_the_policy),
        cmocka_unit_test(test_wallet_charge_is_exactly_one_of_the_units),
        cmocka_unit_test(test_wallet_balance_may_reach_its_limit),
        cmocka_unit_test(test_wallet_charge_of_nothing_is_the_policys_choice),
        cmocka_unit_test(test_wallet_ceiling_is_of_the_balance_with_what_is_held),
        cmocka_unit_test(test_wallet_charge_borders_of_the_option_stock_shop),
        cmocka_unit_test(test_wallet_charge_borders_of_the_ledger_shop),
        cmocka_unit_test(test_wallet_of_a_new_user_may_come_with_a_coupon),
        cmocka_unit_test(test_wallet_moves_for_orders),
        cmocka_unit_test(test_wallet_spends_nothing_that_is_held),
        cmocka_unit_test(test_wallet_refund_passes_the_ceiling_where_the_policy_lets_it),
        cmocka_unit_test(test_wallet_events_that_break_a_promise_are_mistakes),
        cmocka_unit_test(test_wallet_marks_what_has_to_be_stored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
