#include "support/expect.h"

#include "producer/headers.h"

#include <string.h>

static void test_headers_prefer_finds_the_wait_among_other_preferences(void **state)
{
    static const struct {
        const char *text;
        int32_t wait_s; /* -1: none */
    } rows[] = {
        {"wait=5", 5},
        {"respond-async, wait=10", 10},
        {"WAIT = 7 ; foo=bar", 7},
        {"wait=\"3\"", 3},
        {"handling=\"a, wait=9\", wait=2", 2},
        {"wait=0", 0},
        {"wait=30", 30},
        {"wait=31", 30},
        {"wait=99999999999999999999", 30},
        {"wait", -1},
        {"wait=", -1},
        {"wait=-1", -1},
        {"wait=1.5", -1},
        {"waiting=5", -1},
        {"", -1},
        {"wait=x, wait=4", 4},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        int32_t wait_s = -1;

        if (header_prefer_wait(fc_str_of(rows[i].text), &wait_s) != (rows[i].wait_s >= 0) ||
            wait_s != rows[i].wait_s)
            fail_msg("%s: %d", rows[i].text, wait_s);
    }
}

static void test_headers_idempotency_key_is_a_string_or_a_bare_token(void **state)
{
    static const struct {
        const char *text;
        const char *key; /* NULL: refused */
    } rows[] = {
        {"\"abc\"", "abc"},
        {"abc", "abc"},
        {"  \"abc\"  ", "abc"},
        {"9f2c-11:/x", "9f2c-11:/x"},
        {"\"a\\\"b\\\\c\"", "a\"b\\c"},
        {"\"a,b;c\"", "a,b;c"},
        {"\"\"", NULL},
        {"", NULL},
        {"\"", NULL},
        {"\"abc", NULL},
        {"abc\"", NULL},
        {"a b", NULL},
        {"\"a b\"", NULL},
        {"\"a\"b\"", NULL},
        {"\"a\\b\"", NULL},
        {"\"a\\\"", NULL},
        {"a,b", NULL},
        {"\"\xc3\xa9\"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        char memory[IDEMPOTENCY_KEY_BYTES_MAX];
        struct fc_str key = FC_STR_NONE;
        bool good = header_idempotency_key(fc_str_of(rows[i].text), memory, &key);

        if (good != (rows[i].key != NULL) || (good && !fc_str_eq(key, fc_str_of(rows[i].key))))
            fail_msg("%s: " FC_STR_FMT, rows[i].text, FC_STR_ARG(key));
    }
}

static void test_headers_idempotency_key_is_of_at_most_255_characters(void **state)
{
    char memory[IDEMPOTENCY_KEY_BYTES_MAX];
    char text[300];
    struct fc_str key;

    (void)state;
    memset(text, 'k', sizeof(text));
    assert_true(header_idempotency_key((struct fc_str){text, 255}, memory, &key));
    assert_int_equal(key.len, 255);
    assert_false(header_idempotency_key((struct fc_str){text, 256}, memory, &key));
    text[0] = '"';
    text[256] = '"';
    assert_true(header_idempotency_key((struct fc_str){text, 257}, memory, &key));
    text[256] = 'k';
    text[257] = '"';
    assert_false(header_idempotency_key((struct fc_str){text, 258}, memory, &key));
}

static void test_headers_traceparent_is_version_00_with_ids_that_are_not_zero(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true},
        {"01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
        {"00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
        {"00-00000000000000000000000000000000-00f067aa0ba902b7-01", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g", false},
        {"00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        if (header_traceparent_is_valid(fc_str_of(rows[i].text)) != rows[i].good)
            fail_msg("%s", rows[i].text);
}

static void test_headers_json_is_application_json_in_utf_8(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"application/json", true},
        {"Application/JSON", true},
        {"application/json; charset=utf-8", true},
        {"application/json;charset=\"UTF-8\"", true},
        {"application/json; charset=latin1", false},
        {"application/json; q=1", false},
        {"application/jsonx", false},
        {"application/problem+json", false},
        {"text/json", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        if (header_is_json(fc_str_of(rows[i].text)) != rows[i].good)
            fail_msg("%s", rows[i].text);
}

static void test_headers_visible_text_has_no_blank_and_no_byte_beyond_ascii(void **state)
{
    (void)state;
    assert_true(header_is_visible(FC_STR("!~abc-123")));
    assert_false(header_is_visible(FC_STR("")));
    assert_false(header_is_visible(FC_STR("a b")));
    assert_false(header_is_visible(FC_STR("a\x7f")));
    assert_false(header_is_visible(FC_STR("\xff")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers_prefer_finds_the_wait_among_other_preferences),
        cmocka_unit_test(test_headers_idempotency_key_is_a_string_or_a_bare_token),
        cmocka_unit_test(test_headers_idempotency_key_is_of_at_most_255_characters),
        cmocka_unit_test(test_headers_traceparent_is_version_00_with_ids_that_are_not_zero),
        cmocka_unit_test(test_headers_json_is_application_json_in_utf_8),
        cmocka_unit_test(test_headers_visible_text_has_no_blank_and_no_byte_beyond_ascii),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
