#include "support/expect.h"

#include "wire/json.h"

#include <json-c/json.h>
#include <string.h>

static char memory[1024];

static void test_json_commas_stand_between(void **state)
{
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct wire_json json;

    (void)state;
    wire_json_init(&json, &buf);
    wire_json_object_begin(&json);
    wire_json_key(&json, "empty");
    wire_json_object_begin(&json);
    wire_json_object_end(&json);
    wire_json_key(&json, "list");
    wire_json_array_begin(&json);
    wire_json_i64(&json, 1);
    wire_json_array_begin(&json);
    wire_json_array_end(&json);
    wire_json_null(&json);
    wire_json_bool(&json, true);
    wire_json_bool(&json, false);
    wire_json_raw(&json, FC_STR("{\"a\":2}"));
    wire_json_array_end(&json);
    wire_json_key(&json, "last");
    wire_json_str(&json, FC_STR("x"));
    wire_json_object_end(&json);
    assert_str_equal(fc_buf_str(&buf), "{\"empty\":{},\"list\":[1,[],null,true,false,{\"a\":2}],"
                                       "\"last\":\"x\"}");
}

static void test_json_values_have_the_form_of_the_contract(void **state)
{
    static const struct fc_uuid id = {{0x01, 0x98, 0xf3, 0xa2, 0x7c, 0x11, 0x8a, 0xbc, 0x9d, 0xef,
                                       0x01, 0x23, 0x45, 0x67, 0x89, 0xab}};
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct wire_json json;

    (void)state;
    wire_json_init(&json, &buf);
    wire_json_array_begin(&json);
    wire_json_uuid(&json, &id);
    wire_json_instant(&json, (struct fc_instant){1769903999999999});
    wire_json_day(&json, (struct fc_day){20484});
    wire_json_i64(&json, INT64_MIN);
    wire_json_i64(&json, INT64_MAX);
    wire_json_array_end(&json);
    assert_str_equal(fc_buf_str(&buf),
                     "[\"0198f3a2-7c11-8abc-9def-0123456789ab\",\"2026-01-31T23:59:59.999999Z\","
                     "\"2026-01-31\",-9223372036854775808,9223372036854775807]");
}

static void test_json_strings_are_escaped(void **state)
{
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"\"", "\"\\\"\""},
        {"a\\b\"c", "\"a\\\\b\\\"c\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\""},
        {"a/b", "\"a/b\""},
        {"\xed\x95\x9c\xea\xb8\x80", "\"\xed\x95\x9c\xea\xb8\x80\""},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
        struct wire_json json;

        wire_json_init(&json, &buf);
        wire_json_str(&json, fc_str_of(rows[i].text));
        assert_str_equal(fc_buf_str(&buf), rows[i].want);
    }
}

static void test_json_every_byte_comes_back(void **state)
{
    char text[128];

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)i;
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct wire_json json;

    wire_json_init(&json, &buf);
    wire_json_array_begin(&json);
    wire_json_str(&json, (struct fc_str){text, sizeof(text)});
    wire_json_array_end(&json);
    fc_buf_put_char(&buf, '\0');
    struct json_object *root = json_tokener_parse(memory);
    struct json_object *string = json_object_array_get_idx(root, 0);

    assert_int_equal(json_object_get_string_len(string), sizeof(text));
    assert_memory_equal(json_object_get_string(string), text, sizeof(text));
    json_object_put(root);
}

static void test_json_overflow_is_the_buffers(void **state)
{
    (void)state;
    for (size_t size = 0; size < 9; size++) {
        struct fc_buf buf = fc_buf_of(memory, size);
        struct wire_json json;

        wire_json_init(&json, &buf);
        wire_json_array_begin(&json);
        wire_json_str(&json, FC_STR("a\nb"));
        wire_json_array_end(&json);
        assert_int_equal(buf.overflow, size < 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_commas_stand_between),
        cmocka_unit_test(test_json_values_have_the_form_of_the_contract),
        cmocka_unit_test(test_json_strings_are_escaped),
        cmocka_unit_test(test_json_every_byte_comes_back),
        cmocka_unit_test(test_json_overflow_is_the_buffers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
