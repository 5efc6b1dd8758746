#include "support/expect.h"

#include "base/krw.h"
#include "base/limits.h"

/* Wider than any product of two amounts: what the results are held against. */
__extension__ typedef __int128 wide;

static const int64_t amounts[] = {
    INT64_MIN, INT64_MIN + 1, -AMOUNT_KRW_MAX, -10001,        -1,        0, 1, 2, 9999, 10000,
    10001,     1000000007,    AMOUNT_KRW_MAX,  INT64_MAX - 1, INT64_MAX,
};

static bool fits(wide value)
{
    return value >= INT64_MIN && value <= INT64_MAX;
}

static void check_result(bool fitted, struct krw result, wide wanted)
{
    assert_int_equal(fitted, fits(wanted));
    if (fitted)
        assert_true(result.won == wanted);
    else
        assert_int_equal(result.won, 42);
}

static void test_krw_sums_and_products_say_whether_they_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(amounts); i++) {
        for (size_t j = 0; j < FC_ARRAY_COUNT(amounts); j++) {
            wide a = amounts[i];
            wide b = amounts[j];
            struct krw sum = KRW(42);
            struct krw difference = KRW(42);
            struct krw product = KRW(42);
            bool added = krw_add(KRW(amounts[i]), KRW(amounts[j]), &sum);
            bool subtracted = krw_sub(KRW(amounts[i]), KRW(amounts[j]), &difference);
            bool multiplied = krw_times(KRW(amounts[i]), amounts[j], &product);

            check_result(added, sum, a + b);
            check_result(subtracted, difference, a - b);
            check_result(multiplied, product, a * b);
        }
    }
}

static void test_krw_rate_is_rounded_down(void **state)
{
    static const struct {
        int64_t amount;
        int32_t rate_bp;
        int64_t wanted;
    } rows[] = {
        {0, 10000, 0},
        {1, 9999, 0},
        {1, 10000, 1},
        {9999, 1, 0},
        {10000, 1, 1},
        {19999, 1, 1},
        {10001, 9999, 9999},
        {3333, 1000, 333},
        {3339, 1000, 333},
        {12345, 0, 0},
        {15000, 1500, 2250},
        {99, 3333, 32},
        {AMOUNT_KRW_MAX, 10000, AMOUNT_KRW_MAX},
        {INT64_MAX, 10000, INT64_MAX},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        assert_int_equal(krw_rate(KRW(rows[i].amount), rows[i].rate_bp).won, rows[i].wanted);
}

static void test_krw_rate_equals_the_wide_product_everywhere(void **state)
{
    static const int32_t rates[] = {0, 1, 3, 777, 1000, 3333, 4999, 5000, 5001, 9999, 10000};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(amounts); i++) {
        for (size_t j = 0; j < FC_ARRAY_COUNT(rates); j++) {
            if (amounts[i] < 0)
                continue;
            wide wanted = (wide)amounts[i] * rates[j] / BASIS_POINTS;

            assert_true(krw_rate(KRW(amounts[i]), rates[j]).won == wanted);
        }
    }
}

static void test_krw_rate_out_of_bounds_is_a_mistake(void **state)
{
    (void)state;
    EXPECT_ASSERT((void)krw_rate(KRW(-1), 100));
    EXPECT_ASSERT((void)krw_rate(KRW(1), -1));
    EXPECT_ASSERT((void)krw_rate(KRW(1), 10001));
}

static void test_krw_compares(void **state)
{
    (void)state;
    assert_true(krw_less(KRW(-1), KRW(0)));
    assert_false(krw_less(KRW(5), KRW(5)));
    assert_false(krw_less(KRW(6), KRW(5)));
    assert_true(krw_eq(KRW(5), KRW(5)));
    assert_false(krw_eq(KRW(5), KRW(-5)));
    assert_int_equal(krw_min(KRW(3), KRW(4)).won, 3);
    assert_int_equal(krw_min(KRW(4), KRW(3)).won, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_krw_sums_and_products_say_whether_they_fit),
        cmocka_unit_test(test_krw_rate_is_rounded_down),
        cmocka_unit_test(test_krw_rate_equals_the_wide_product_everywhere),
        cmocka_unit_test(test_krw_rate_out_of_bounds_is_a_mistake),
        cmocka_unit_test(test_krw_compares),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
