#include "support/expect.h"
#include "support/scenario.h"

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

static alignas(16) char memory[16384];

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
    event.data.wallet_moved = (struct wallet_moved){1, KRW(10), KRW(9), {{0}}};
    EXPECT_ASSERT(wallet_apply_charged(&shop, &event));
    event.data.wallet_moved = (struct wallet_moved){1, KRW(10), KRW(-10), {{0}}};
    EXPECT_ASSERT(wallet_apply_used(&shop, &event));
    event.data.wallet_moved = (struct wallet_moved){1, KRW(10), KRW(10), {{0}}};
    event.version = 3;
    EXPECT_ASSERT(wallet_apply_charged(&shop, &event));
    event.version = 2;
    wallet_apply_charged(&shop, &event);
    assert_int_equal(wallet_of_user(&shop, 1)->balance.won, 10);
}

static void test_wallet_marks_what_has_to_be_stored(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct event event = {.type = EVENT_WALLET_CHARGED, .version = 6};

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    shop_init(&shop, &arena, 4);
    struct wallet *wallet = shop_put_wallet(&shop, 1);

    wallet->user = wallet->row = (struct row_mark){.exists = true, .loaded = true};
    wallet->version = wallet->version_loaded = 5;
    event.data.wallet_moved = (struct wallet_moved){1, KRW(10), KRW(10), {{0}}};
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
        cmocka_unit_test(test_wallet_events_that_break_a_promise_are_mistakes),
        cmocka_unit_test(test_wallet_marks_what_has_to_be_stored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
