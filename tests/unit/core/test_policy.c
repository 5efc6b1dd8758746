#include "support/expect.h"
#include "support/scenario.h"

#include "base/limits.h"
#include "core/policy.h"

static void test_policy_default_has_wide_limits(void **state)
{
    struct policy policy = policy_default();

    (void)state;
    assert_int_equal(policy.version, 1);
    assert_int_equal(policy.charge_min.won, 1);
    assert_true(policy.charge_max.won == AMOUNT_KRW_MAX);
    assert_int_equal(policy.charge_unit_count, 0);
    assert_true(policy.balance_max.won == AMOUNT_KRW_MAX);
    assert_int_equal(policy.price_step.won, 1);
    assert_int_equal(policy.coupon_excess, POLICY_EXCESS_STOPS_AT_TOTAL);
    assert_int_equal(policy.coupon_valid_days, 0);
    assert_int_equal(policy.product_options_max, PRODUCT_OPTIONS_MAX);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policy_default_has_wide_limits),
        cmocka_unit_test(test_policy_default_takes_the_whole_amount_in_one_charge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
