#include "support/expect.h"
#include "support/scenario.h"

#include "base/limits.h"
#include "core/policy.h"

static void test_policy_default_has_wide_limits(void **state)
{
    struct policy policy = policy_default();

    (void)state;
    assert_int_equal(policy.version, 0);
    assert_int_equal(policy.charge_min.won, 1);
    assert_true(policy.charge_max.won == AMOUNT_KRW_MAX);
    assert_int_equal(policy.charge_unit_count, 0);
    assert_true(policy.balance_max.won == AMOUNT_KRW_MAX);
    assert_int_equal(policy.price_step.won, 1);
    assert_int_equal(policy.coupon_excess, POLICY_EXCESS_STOPS_AT_TOTAL);
    assert_int_equal(policy.coupon_valid_days, 0);
    assert_int_equal(policy.product_options_max, PRODUCT_OPTIONS_MAX);
    assert_true(policy.refund_above_max);
    assert_int_equal(policy.products_min, 0);
    assert_true(policy.template_names_days);
    assert_false(policy.welcome);
    assert_true(policy.order_cancel);
    assert_true(policy.order_change);
    assert_false(policy.bank_transfer);
    assert_int_equal(policy.ranking_by, POLICY_RANK_QUANTITY);
    assert_false(policy.ranking_closed);
    assert_int_equal(policy.ranking_days, 3);
}

static void test_policy_default_takes_the_whole_amount_in_one_charge(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "ask charge u1 1000000000000001 → charge_not_allowed\n"
             "ask charge u1 1000000000000000 → succeeded\n"
             "wallet u1 1000000000000000\n"
             "ask charge u1 1 → balance_limit_exceeded\n");
}

/* A document that only switches an offer on gets one that can be had. */
static void test_policy_default_of_what_is_switched_off_makes_sense(void **state)
{
    struct policy policy = policy_default();

    (void)state;
    assert_int_equal(policy.welcome_discount.type, DISCOUNT_RATE);
    assert_true(policy.welcome_discount.value > 0);
    assert_true(policy.transfer_expire_s > 0);
    assert_true(policy.transfer_expire_s <= TRANSFER_EXPIRE_S_MAX);
    assert_int_equal(policy.transfer_rate, 0);
}

static void test_policy_says_which_discounts_may_be_offered(void **state)
{
    struct policy policy = policy_default();

    (void)state;
    assert_true(policy_discount_allowed(&policy, DISCOUNT_AMOUNT));
    assert_true(policy_discount_allowed(&policy, DISCOUNT_RATE));
    policy.discount_amount = false;
    assert_false(policy_discount_allowed(&policy, DISCOUNT_AMOUNT));
    assert_true(policy_discount_allowed(&policy, DISCOUNT_RATE));
    policy.discount_rate = false;
    assert_false(policy_discount_allowed(&policy, DISCOUNT_RATE));
    EXPECT_ASSERT((void)policy_discount_allowed(&policy, (enum discount_type)9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policy_default_has_wide_limits),
        cmocka_unit_test(test_policy_default_of_what_is_switched_off_makes_sense),
        cmocka_unit_test(test_policy_says_which_discounts_may_be_offered),
        cmocka_unit_test(test_policy_default_takes_the_whole_amount_in_one_charge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
