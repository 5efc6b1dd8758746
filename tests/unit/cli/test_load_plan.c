#include "support/expect.h"

#include "producer/cli/load_plan.h"

#define PLANNED 200000

static void test_load_plan_even_is_as_many_a_second_as_asked_for(void **state)
{
    static const int64_t rates[] = {1, 3, 400, 9999, 60000, LOAD_RATE_MAX};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rates); i++) {
        struct load_plan plan;
        int64_t before = 0;

        load_plan_init(&plan, rates[i], true, 1);
        for (int64_t n = 1; n <= rates[i]; n++) {
            int64_t gap = load_plan_us(&plan) - before;

            before = load_plan_us(&plan);
            assert_in_range(gap, 1000000 / rates[i] - (rates[i] > 1), 1000000 / rates[i] + 1);
            load_plan_advance(&plan);
        }
        /* The last of the first second is at its end. */
        assert_in_range(before, 999990, 1000000);
    }
}

static void test_load_plan_exponential_is_the_logarithm(void **state)
{
    /* x / 2^64 and -ln of it in 1/65536. */
    static const struct {
        uint64_t x;
        int64_t want;
    } rows[] = {
        {UINT64_MAX, 0},
        {UINT64_C(1) << 63, 45426},             /* 1/2: ln 2 */
        {UINT64_C(1) << 62, 90852},             /* 1/4 */
        {UINT64_C(0xC000000000000000), 18854},  /* 3/4: 0.28768 */
        {UINT64_C(0x5E2D58D8B3BCDF1A), 65536},  /* 1/e */
        {UINT64_C(0x028F5C28F5C28F5C), 301804}, /* 1/100: 4.60517 */
        {0, 64 * 45426},                        /* as 1/2^64 */
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        int64_t found = (int64_t)load_plan_exponential(rows[i].x);

        assert_in_range(found - rows[i].want + 4 + rows[i].want / 10000, 0,
                        8 + rows[i].want / 5000);
    }
}

static void test_load_plan_gaps_are_exponential(void **state)
{
    struct load_plan plan;
    int64_t before = 0;
    int64_t below_mean = 0;
    int64_t above_three = 0;
    const int64_t mean_us = 1000;

    (void)state;
    load_plan_init(&plan, 1000000 / mean_us, false, 7);
    for (int64_t i = 0; i < PLANNED; i++) {
        int64_t gap = load_plan_us(&plan) - before;

        assert_true(gap >= 0);
        before += gap;
        below_mean += gap < mean_us;
        above_three += gap > 3 * mean_us;
        load_plan_advance(&plan);
    }
    /* The mean within 1 %, 1 - 1/e of them below it, 1/e^3 above three times it. */
    assert_in_range(before / PLANNED, mean_us - mean_us / 100, mean_us + mean_us / 100);
    assert_in_range(below_mean, PLANNED * 627 / 1000, PLANNED * 637 / 1000);
    assert_in_range(above_three, PLANNED * 475 / 10000, PLANNED * 521 / 10000);
}

static void test_load_plan_of_one_seed_is_one_plan(void **state)
{
    struct load_plan plan;
    struct load_plan same;
    struct load_plan other;
    int64_t differ = 0;

    (void)state;
    load_plan_init(&plan, 1000, false, 1);
    load_plan_init(&same, 1000, false, 1);
    load_plan_init(&other, 1000, false, 2);
    for (int32_t i = 0; i < 100; i++) {
        assert_int_equal(load_plan_us(&plan), load_plan_us(&same));
        differ += load_plan_us(&plan) != load_plan_us(&other);
        load_plan_advance(&plan);
        load_plan_advance(&same);
        load_plan_advance(&other);
    }
    assert_true(differ > 90);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load_plan_even_is_as_many_a_second_as_asked_for),
        cmocka_unit_test(test_load_plan_exponential_is_the_logarithm),
        cmocka_unit_test(test_load_plan_gaps_are_exponential),
        cmocka_unit_test(test_load_plan_of_one_seed_is_one_plan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
