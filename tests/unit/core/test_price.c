#include "support/expect.h"

#include "base/limits.h"
#include "core/price.h"

static void test_price_of_a_piece_is_price_and_surcharge(void **state)
{
    (void)state;
    assert_int_equal(price_unit(KRW(1000), KRW(200)).won, 1200);
    assert_int_equal(price_unit(KRW(1000), KRW(0)).won, 1000);
    assert_int_equal(price_unit(KRW(1000), KRW(-200)).won, 800);
    EXPECT_ASSERT((void)price_unit(KRW(INT64_MAX), KRW(1)));
}

static void test_price_base_is_a_multiple_of_the_step(void **state)
{
    struct policy policy = policy_default();

    (void)state;
    assert_true(price_allowed(&policy, KRW(0)));
    assert_true(price_allowed(&policy, KRW(1)));
    assert_false(price_allowed(&policy, KRW(-1)));
    policy.price_step = KRW(100);
    assert_true(price_allowed(&policy, KRW(0)));
    assert_false(price_allowed(&policy, KRW(99)));
    assert_true(price_allowed(&policy, KRW(100)));
    assert_false(price_allowed(&policy, KRW(101)));
    assert_false(price_allowed(&policy, KRW(-100)));
}

static void test_price_of_a_piece_is_above_nothing_and_below_the_limit(void **state)
{
    struct policy policy = policy_default();

    (void)state;
    assert_false(price_unit_allowed(&policy, KRW(-1)));
    assert_false(price_unit_allowed(&policy, KRW(0)));
    assert_true(price_unit_allowed(&policy, KRW(1)));
    assert_true(price_unit_allowed(&policy, KRW(PRICE_KRW_MAX)));
    assert_false(price_unit_allowed(&policy, KRW(PRICE_KRW_MAX + 1)));
    policy.price_step = KRW(100);
    assert_false(price_unit_allowed(&policy, KRW(150)));
}

static void test_price_lines_add_up(void **state)
{
    struct krw total = KRW(0);

    (void)state;
    assert_true(price_add(KRW(1000), 3, &total));
    assert_int_equal(total.won, 3000);
    assert_true(price_add(KRW(1), 1, &total));
    assert_int_equal(total.won, 3001);
}

static void test_price_total_stops_at_what_anybody_can_have(void **state)
{
    struct krw total = KRW(0);

    (void)state;
    assert_true(price_add(KRW(PRICE_KRW_MAX), QUANTITY_MAX, &total));
    assert_true(total.won == AMOUNT_KRW_MAX);
    assert_false(price_add(KRW(1), 1, &total));
    assert_true(total.won == AMOUNT_KRW_MAX);

    total = KRW(1);
    assert_false(price_add(KRW(PRICE_KRW_MAX), QUANTITY_MAX, &total));
    assert_true(total.won == AMOUNT_KRW_MAX);

    total = KRW(0);
    assert_false(price_add(KRW(INT64_MAX), 2, &total));
    assert_true(total.won == AMOUNT_KRW_MAX);
}

static void test_price_discount_of_an_amount_stops_at_the_total(void **state)
{
    struct discount discount = {DISCOUNT_AMOUNT, 1000};

    (void)state;
    assert_int_equal(price_discount(&discount, KRW(1001)).won, 1000);
    assert_int_equal(price_discount(&discount, KRW(1000)).won, 1000);
    assert_int_equal(price_discount(&discount, KRW(999)).won, 999);
    assert_int_equal(price_discount(&discount, KRW(1)).won, 1);
}

static void test_price_discount_of_a_rate_is_rounded_down(void **state)
{
    static const struct {
        int64_t rate_bp;
        int64_t total;
        int64_t want_discount;
    } rows[] = {
        {1, 9999, 0},
        {1, 10000, 1},
        {500, 19, 0},
        {500, 20, 1},
        {500, 39, 1},
        {3333, 10, 3},
        {9999, 1, 0},
        {10000, 1, 1},
        {10000, 12345, 12345},
        {5000, 1000000001, 500000000},
        {10000, AMOUNT_KRW_MAX, AMOUNT_KRW_MAX},
        {9999, AMOUNT_KRW_MAX, AMOUNT_KRW_MAX / 10000 * 9999},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct discount discount = {DISCOUNT_RATE, rows[i].rate_bp};

        if (price_discount(&discount, KRW(rows[i].total)).won != rows[i].want_discount)
            fail_msg("row %zu", i);
    }
}

static void test_price_discount_outside_its_bounds_is_a_mistake(void **state)
{
    struct discount none = {DISCOUNT_AMOUNT, 0};
    struct discount above = {DISCOUNT_RATE, BASIS_POINTS + 1};
    struct discount strange = {(enum discount_type)7, 1};

    (void)state;
    EXPECT_ASSERT((void)price_discount(&none, KRW(1000)));
    EXPECT_ASSERT((void)price_discount(&above, KRW(1000)));
    EXPECT_ASSERT((void)price_discount(&strange, KRW(1000)));
}

static void test_price_excess_is_refused_by_policy_only(void **state)
{
    struct policy policy = policy_default();

    (void)state;
    assert_false(price_excess_refused(&policy, KRW(1000), KRW(1000)));
    policy.coupon_excess = POLICY_EXCESS_IS_REFUSED;
    assert_true(price_excess_refused(&policy, KRW(1000), KRW(1000)));
    assert_false(price_excess_refused(&policy, KRW(1000), KRW(999)));
    policy.coupon_excess = (enum policy_excess)7;
    EXPECT_ASSERT((void)price_excess_refused(&policy, KRW(1000), KRW(1000)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_price_of_a_piece_is_price_and_surcharge),
        cmocka_unit_test(test_price_base_is_a_multiple_of_the_step),
        cmocka_unit_test(test_price_of_a_piece_is_above_nothing_and_below_the_limit),
        cmocka_unit_test(test_price_lines_add_up),
        cmocka_unit_test(test_price_total_stops_at_what_anybody_can_have),
        cmocka_unit_test(test_price_discount_of_an_amount_stops_at_the_total),
        cmocka_unit_test(test_price_discount_of_a_rate_is_rounded_down),
        cmocka_unit_test(test_price_discount_outside_its_bounds_is_a_mistake),
        cmocka_unit_test(test_price_excess_is_refused_by_policy_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
