#include "support/expect.h"

#include "producer/cli/load_scan.h"

#include <string.h>

static void assert_member(const char *object, const char *name, const char *value)
{
    struct fc_str found;

    if (!load_scan_member(fc_str_of(object), fc_str_of(name), &found))
        fail_msg("no %s in %s", name, object);
    assert_str_equal(found, value);
}

static void assert_none(const char *object, const char *name)
{
    struct fc_str found;

    if (load_scan_member(fc_str_of(object), fc_str_of(name), &found))
        fail_msg("%s found in %s", name, object);
}

static void test_load_scan_finds_members_of_each_kind(void **state)
{
    const char *object = " { \"s\" : \"text\" , \"n\":-12,\"t\":true ,\"o\":{\"a\":[1,{}]},"
                         "\"l\":[\"]\",2] , \"e\":\"\", \"z\":null } ";

    (void)state;
    assert_member(object, "s", "text");
    assert_member(object, "n", "-12");
    assert_member(object, "t", "true");
    assert_member(object, "o", "{\"a\":[1,{}]}");
    assert_member(object, "l", "[\"]\",2]");
    assert_member(object, "e", "");
    assert_member(object, "z", "null");
    assert_none(object, "a");
    assert_none(object, "text");
}

static void test_load_scan_is_not_led_astray_by_strings(void **state)
{
    const char *object = "{\"detail\":\"\\\"code\\\":\\\"no\\\",{[\",\"x\":{\"code\":\"inner\"},"
                         "\"code\":\"coupon_sold_out\"}";

    (void)state;
    assert_member(object, "code", "coupon_sold_out");
    assert_member(object, "detail", "\\\"code\\\":\\\"no\\\",{[");
}

static void test_load_scan_of_what_is_no_object_finds_nothing(void **state)
{
    static const char *const texts[] = {"",           "{",
                                        "}",          "[]",
                                        "null",       "{code}",
                                        "{\"a",       "{\"code\"",
                                        "{\"code\":", "{\"code\":\"x",
                                        "{,}",        "\"a\"",
                                        "{\"a\":1",   "{\"a\":[\"x\"",
                                        "{\"a\":\"\\"};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(texts); i++)
        assert_none(texts[i], "code");
    assert_none("{}", "code");
}

static void test_load_scan_cut_at_each_byte_stays_within(void **state)
{
    const char *object = "{\"a\":{\"b\":[1,\"x\\\\\\\"\"]},\"code\":\"name_taken\"}";
    size_t whole = strlen(object);

    (void)state;
    for (size_t len = 0; len < whole; len++) {
        struct fc_str value = FC_STR_NONE;
        bool found = load_scan_member((struct fc_str){object, len}, FC_STR("code"), &value);

        /* All that is missing of the longest is the brace at the end. */
        assert_int_equal(found, len == whole - 1);
        if (found)
            assert_true(value.ptr + value.len <= object + len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load_scan_finds_members_of_each_kind),
        cmocka_unit_test(test_load_scan_is_not_led_astray_by_strings),
        cmocka_unit_test(test_load_scan_of_what_is_no_object_finds_nothing),
        cmocka_unit_test(test_load_scan_cut_at_each_byte_stays_within),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
