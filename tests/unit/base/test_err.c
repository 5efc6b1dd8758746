#include "support/expect.h"

#include "base/err.h"

#include <errno.h>
#include <string.h>

static void test_err_set_fills_everything_and_fails(void **state)
{
    struct fc_err err;

    (void)state;
    memset(&err, 0xAA, sizeof(err));
    assert_int_equal(fc_err_set(&err, FC_CURE_PARK, "here", "line %d of %s", 7, "it"), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_PARK);
    assert_string_equal(err.where, "here");
    assert_string_equal(err.text, "line 7 of it");
    assert_string_equal(err.code, "");
    assert_int_equal(err.sys, 0);
}

static void test_err_text_is_one_line(void **state)
{
    struct fc_err err;

    (void)state;
    (void)fc_err_set(&err, FC_CURE_RETRY, "here", "%s", "one\r\ntwo\n");
    assert_string_equal(err.text, "one  two ");
}

static void test_err_text_is_cut_at_its_limit(void **state)
{
    char limit[sizeof(((struct fc_err *)NULL)->text)];
    char over[sizeof(limit) + 1];
    struct fc_err err;

    (void)state;
    memset(limit, 'x', sizeof(limit) - 1);
    limit[sizeof(limit) - 1] = '\0';
    memset(over, 'x', sizeof(over) - 1);
    over[sizeof(over) - 1] = '\0';
    (void)fc_err_set(&err, FC_CURE_RETRY, "here", "%s", limit);
    assert_string_equal(err.text, limit);
    (void)fc_err_set(&err, FC_CURE_RETRY, "here", "%s", over);
    assert_string_equal(err.text, limit);
}

static void test_err_may_be_wrapped_into_itself(void **state)
{
    struct fc_err err;

    (void)state;
    (void)fc_err_set(&err, FC_CURE_RETRY, "low", "no route");
    (void)fc_err_set(&err, FC_CURE_EXIT, "high", "cannot start: %s", err.text);
    assert_string_equal(err.text, "cannot start: no route");
    assert_int_equal(err.cure, FC_CURE_EXIT);
}

static void test_err_set_sys_keeps_the_number_and_says_it(void **state)
{
    struct fc_err err;

    (void)state;
    assert_int_equal(fc_err_set_sys(&err, FC_CURE_RECONNECT, "connect", ECONNREFUSED), FC_FAIL);
    assert_int_equal(err.sys, ECONNREFUSED);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_string_equal(err.text, "connect: Connection refused");
}

static void test_cure_every_value_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = 0; a < FC_CURE_COUNT; a++) {
        assert_true(strlen(fc_cure_name((enum fc_cure)a)) > 0);
        for (int b = 0; b < a; b++)
            assert_string_not_equal(fc_cure_name((enum fc_cure)a), fc_cure_name((enum fc_cure)b));
    }
}

static void test_cure_count_is_a_mistake(void **state)
{
    (void)state;
    EXPECT_ASSERT((void)fc_cure_name(FC_CURE_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_err_set_fills_everything_and_fails),
        cmocka_unit_test(test_err_text_is_one_line),
        cmocka_unit_test(test_err_text_is_cut_at_its_limit),
        cmocka_unit_test(test_err_may_be_wrapped_into_itself),
        cmocka_unit_test(test_err_set_sys_keeps_the_number_and_says_it),
        cmocka_unit_test(test_cure_every_value_has_a_name_of_its_own),
        cmocka_unit_test(test_cure_count_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
