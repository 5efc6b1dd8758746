#include "support/expect.h"
#include "support/scenario.h"

#include "core/coupon.h"

#include <stdalign.h>

/* How coupons end unused, and those that no template issued; test_coupon.c is about the rest. */

static alignas(16) char memory[16384];

static void test_coupon_revoke_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("coupon c1 of 9 user u1 cancelled expires 1\n"
             "coupon c2 of 9 user u2 used expires 1\n"
             "coupon c3 of 9 user u3 expired expires 1\n"
             "coupon c4 of 9 user u4 expires 1\n"
             "at 10\n"
             "ask revoke c9 key u1 → unknown_coupon\n"
             "ask revoke c1 key t8 → misrouted 9\n"
             "ask revoke c1 key p9 → misrouted 9\n"
             "ask revoke c1 → coupon_revoked\n"
             "ask revoke c2 → coupon_used\n"
             "ask revoke c3 → coupon_expired\n"
             "ask revoke c4 → succeeded\n"
             "events coupon.revoked\n"
             "status c4 cancelled\n"
             "ask revoke c4 → coupon_revoked\n"
             "status c2 used\n");
}

static void test_coupon_that_was_revoked_cannot_be_used(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 stock 9\n"
             "template 9\n"
             "ask issue u1 9 as c5 → succeeded\n"
             "ask revoke c5 → succeeded\n"
             "ask order u1 7x1 coupon c5 → coupon_revoked\n"
             "ask issue u1 9 → coupon_already_issued\n");
}

static void test_coupon_expires_from_its_instant_on(void **state)
{
    (void)state;
    SCENARIO("coupon c1 of 9 user u1 expires 10\n"
             "at 9\n"
             "decided_at 99\n"
             "ask lapse 9 c1 → succeeded\n"
             "events\n"
             "status c1 available\n"
             "at 10\n"
             "decided_at 5\n"
             "ask lapse 9 c1 → succeeded\n"
             "events coupon.expired\n"
             "status c1 expired\n"
             "ask lapse 9 c1 → succeeded\n"
             "events\n");
}

static void test_coupon_expiry_passes_over_what_does_not_expire(void **state)
{
    (void)state;
    SCENARIO("coupon c1 of 9 user u1 expires 5\n"
             "coupon c2 of 9 user u2 expires 5 used\n"
             "coupon c3 of 9 user u3 expires 5 cancelled\n"
             "coupon c4 of 9 user u4 expires 5 expired\n"
             "coupon c5 of 9 user u5 expires 11\n"
             "coupon c6 of 9 user u6\n"
             "coupon c7 of 8 user u7 expires 5\n"
             "coupon c8 of 9 user u8 expires 10\n"
             "at 10\n"
             "ask lapse 9 c1 key u9 → misrouted\n"
             "ask lapse 9 c1 c2 c3 c4 c5 c6 c7 c8 c1 c99 → succeeded\n"
             "events coupon.expired coupon.expired\n"
             "status c1 expired\n"
             "status c2 used\n"
             "status c3 cancelled\n"
             "status c5 available\n"
             "status c6 available\n"
             "status c7 available\n"
             "status c8 expired\n");
}

static void test_coupon_of_the_policy_stands_under_the_key_of_no_template(void **state)
{
    (void)state;
    SCENARIO("coupon c1 of 0 user u1 expires 5\n"
             "coupon c2 of 0 user u2\n"
             "user u3\n"
             "at 10\n"
             "ask lapse 0 c1 c2 → succeeded\n"
             "status c1 expired\n"
             "ask revoke c2 key t1 → misrouted 0\n"
             "ask revoke c2 → succeeded\n"
             "ask issue u3 0 → unknown_template 0\n");
}

static void test_coupon_welcome_is_of_the_policy_and_can_be_used(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct policy policy = policy_default();
    struct command command = {.id = {{1}}, .type = COMMAND_USER_REGISTER};
    struct fc_instant now = {FC_US_PER_S};

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    shop_init(&shop, &arena, 4);
    policy.welcome = true;
    policy.welcome_discount = (struct discount){DISCOUNT_RATE, 500};
    command.body.user_register.user_id = 3;
    struct decision decision = decision_succeeded(&shop, 2);

    decision_add(&decision, EVENT_USER_REGISTERED, 1);
    coupon_welcome(&policy, &command, now, &decision);
    coupon_apply_issued(&shop, &decision.events[1]);
    const struct coupon *coupon = shop_find_coupon(&shop, &command.id);

    assert_non_null(coupon);
    assert_ptr_equal(shop_find_holding(&shop, WELCOME_TEMPLATE_ID, 3), coupon);
    assert_int_equal(coupon->position, 1);
    assert_int_equal(coupon->discount.value, 500);
    assert_true(coupon->row.exists && coupon->row.changed && !coupon->row.loaded);
    assert_int_equal(coupon_usable(coupon, 3, now, KRW(1)), VERDICT_SUCCEEDED);
    policy.welcome = false;
    EXPECT_ASSERT(coupon_welcome(&policy, &command, now, &decision));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coupon_revoke_verdicts_in_precedence_order),
        cmocka_unit_test(test_coupon_that_was_revoked_cannot_be_used),
        cmocka_unit_test(test_coupon_expires_from_its_instant_on),
        cmocka_unit_test(test_coupon_expiry_passes_over_what_does_not_expire),
        cmocka_unit_test(test_coupon_of_the_policy_stands_under_the_key_of_no_template),
        cmocka_unit_test(test_coupon_welcome_is_of_the_policy_and_can_be_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
