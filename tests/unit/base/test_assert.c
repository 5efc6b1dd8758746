#include "support/expect.h"

#include "base/err.h"

static void test_assert_true_condition_goes_on(void **state)
{
    (void)state;
    FC_ASSERT(1 + 1 == 2);
}

static void test_assert_false_condition_names_file_and_condition(void **state)
{
    struct fc_str text;

    (void)state;
    EXPECT_ASSERT(FC_ASSERT(1 + 1 == 3));
    text = fc_str_of(expect_assert_text());
    assert_str_contains(text, "test_assert.c:");
    assert_str_contains(text, "assertion failed: 1 + 1 == 3");
}

static void test_assert_unreachable_names_its_reason(void **state)
{
    (void)state;
    EXPECT_ASSERT(FC_UNREACHABLE("no such thing"));
    assert_str_contains(fc_str_of(expect_assert_text()), "unreachable: no such thing");
}

static void test_assert_sentence_has_no_quote_to_end_the_log_value(void **state)
{
    (void)state;
    EXPECT_ASSERT(FC_ASSERT(fc_str_eq(fc_str_of("a"), fc_str_of("b"))));
    assert_str_contains(fc_str_of(expect_assert_text()), "fc_str_of('a')");
}

static int asked_count;

static bool asked(void)
{
    asked_count++;
    return true;
}

static void test_assert_condition_is_evaluated_once(void **state)
{
    (void)state;
    asked_count = 0;
    FC_ASSERT(asked());
    assert_int_equal(asked_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_assert_true_condition_goes_on),
        cmocka_unit_test(test_assert_false_condition_names_file_and_condition),
        cmocka_unit_test(test_assert_unreachable_names_its_reason),
        cmocka_unit_test(test_assert_sentence_has_no_quote_to_end_the_log_value),
        cmocka_unit_test(test_assert_condition_is_evaluated_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
