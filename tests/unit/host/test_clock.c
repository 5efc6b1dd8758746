#include "support/expect.h"

#include "host/clock.h"

static void test_clock_now_is_in_this_century(void **state)
{
    struct fc_instant low;
    struct fc_instant high;
    struct fc_instant now = fc_clock_now();

    (void)state;
    assert_true(fc_instant_parse(FC_STR("2020-01-01T00:00:00Z"), &low));
    assert_true(fc_instant_parse(FC_STR("2100-01-01T00:00:00Z"), &high));
    assert_true(now.us > low.us && now.us < high.us);
}

static void test_clock_mono_never_goes_back(void **state)
{
    struct fc_mono last = fc_clock_mono();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        struct fc_mono next = fc_clock_mono();

        assert_true(next.us >= last.us);
        last = next;
    }
}

static void test_clock_ms_since_counts_whole_milliseconds_and_never_below_zero(void **state)
{
    struct fc_mono now = fc_clock_mono();
    struct fc_mono earlier = {now.us - 5000999};
    struct fc_mono later = {now.us + 3600 * FC_US_PER_S};

    (void)state;
    assert_true(fc_clock_ms_since(earlier) >= 5000);
    assert_int_equal(fc_clock_ms_since(later), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock_now_is_in_this_century),
        cmocka_unit_test(test_clock_mono_never_goes_back),
        cmocka_unit_test(test_clock_ms_since_counts_whole_milliseconds_and_never_below_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
