#include "support/expect.h"

#include "base/limits.h"
#include "host/backoff.h"

static void test_backoff_first_wait_is_short(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 1000; seed++) {
        struct fc_backoff backoff;

        fc_backoff_init(&backoff, seed);
        assert_in_range(fc_backoff_next_ms(&backoff), RETRY_SLEEP_MS_MIN, RETRY_SLEEP_MS_MIN * 3);
    }
}

static void test_backoff_waits_stay_in_bounds_and_reach_the_longest(void **state)
{
    struct fc_backoff backoff;
    int32_t last = RETRY_SLEEP_MS_MIN;
    int32_t longest = 0;

    (void)state;
    fc_backoff_init(&backoff, 7);
    for (int i = 0; i < 10000; i++) {
        int32_t next = fc_backoff_next_ms(&backoff);

        assert_in_range(next, RETRY_SLEEP_MS_MIN, RETRY_SLEEP_MS_MAX);
        assert_true(next <= last * 3);
        last = next;
        longest = next > longest ? next : longest;
    }
    assert_int_equal(longest, RETRY_SLEEP_MS_MAX);
}

static void test_backoff_is_short_again_after_a_success(void **state)
{
    struct fc_backoff backoff;

    (void)state;
    fc_backoff_init(&backoff, 7);
    for (int i = 0; i < 100 || backoff.last_ms <= RETRY_SLEEP_MS_MIN * 3; i++)
        (void)fc_backoff_next_ms(&backoff);
    fc_backoff_reset(&backoff);
    assert_in_range(fc_backoff_next_ms(&backoff), RETRY_SLEEP_MS_MIN, RETRY_SLEEP_MS_MIN * 3);
}

static void test_backoff_same_seed_same_waits_other_seed_other_waits(void **state)
{
    struct fc_backoff a;
    struct fc_backoff b;
    struct fc_backoff c;
    int different = 0;

    (void)state;
    fc_backoff_init(&a, 1);
    fc_backoff_init(&b, 1);
    fc_backoff_init(&c, 2);
    for (int i = 0; i < 20; i++) {
        int32_t ms = fc_backoff_next_ms(&a);

        assert_int_equal(fc_backoff_next_ms(&b), ms);
        different += fc_backoff_next_ms(&c) != ms ? 1 : 0;
    }
    assert_true(different > 0);
}

static void test_backoff_keeps_to_bounds_of_the_callers(void **state)
{
    struct fc_backoff backoff;
    int32_t longest = 0;

    (void)state;
    fc_backoff_init_between(&backoff, 500, 60000, 3);
    assert_in_range(fc_backoff_next_ms(&backoff), 500, 1500);
    for (int i = 0; i < 1000; i++) {
        int32_t next = fc_backoff_next_ms(&backoff);

        assert_in_range(next, 500, 60000);
        longest = next > longest ? next : longest;
    }
    assert_int_equal(longest, 60000);
    EXPECT_ASSERT(fc_backoff_init_between(&backoff, 0, 10, 3));
    EXPECT_ASSERT(fc_backoff_init_between(&backoff, 11, 10, 3));
    EXPECT_ASSERT(fc_backoff_init_between(&backoff, 1, 86400001, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backoff_first_wait_is_short),
        cmocka_unit_test(test_backoff_waits_stay_in_bounds_and_reach_the_longest),
        cmocka_unit_test(test_backoff_is_short_again_after_a_success),
        cmocka_unit_test(test_backoff_same_seed_same_waits_other_seed_other_waits),
        cmocka_unit_test(test_backoff_keeps_to_bounds_of_the_callers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
