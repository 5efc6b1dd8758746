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

static void test_json_names_of_others_are_escaped(void **state)
{
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct wire_json json;

    (void)state;
    wire_json_init(&json, &buf);
    wire_json_object_begin(&json);
    wire_json_name(&json, FC_STR("a\"b"));
    wire_json_i64(&json, 1);
    wire_json_key(&json, "");
    wire_json_i64(&json, 2);
    wire_json_object_end(&json);
    assert_str_equal(fc_buf_str(&buf), "{\"a\\\"b\":1,\"\":2}");
}

/* --- byte for byte what is plainly written ---------------------------------------------------- */

static uint64_t chance_state;

/* Xorshift64. */
static uint32_t chance(uint32_t below)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return (uint32_t)(chance_state >> 32) % below;
}

static void put_plainly(struct fc_buf *plain, struct fc_str text)
{
    fc_buf_put_fmt(plain, "\"");
    for (size_t i = 0; i < text.len; i++) {
        static const char letters[] = "\"\\bfnrt";
        static const char meanings[] = "\"\\\b\f\n\r\t";
        unsigned char c = (unsigned char)text.ptr[i];
        const char *found = c != 0 ? strchr(meanings, c) : NULL;

        if (found != NULL)
            fc_buf_put_fmt(plain, "\\%c", letters[found - meanings]);
        else
            fc_buf_put_fmt(plain, c < 0x20 ? "\\u%04x" : "%c", c);
    }
    fc_buf_put_fmt(plain, "\"");
}

/* Of 0 to 40 bytes, mostly those that stand for themselves; at any place in a word. */
static struct fc_str any_text(char text[64])
{
    static const char rare[] = "\"\\\x1f\x20\x7f\x80\xff\n";
    size_t at = chance(8);
    size_t len = chance(41);
    uint32_t rarely = 2 + chance(60);

    for (size_t i = at; i < at + len; i++) {
        if (chance(rarely) != 0)
            text[i] = (char)('!' + 1 + chance(50));
        else
            text[i] = chance(2) == 0 ? rare[chance(sizeof(rare) - 1)] : (char)chance(256);
    }
    return (struct fc_str){text + at, len};
}

static void put_uuid_plainly(struct fc_buf *plain, const struct fc_uuid *id)
{
    fc_buf_put_fmt(plain, "\"");
    for (size_t i = 0; i < sizeof(id->bytes); i++)
        fc_buf_put_fmt(plain, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                       id->bytes[i]);
    fc_buf_put_fmt(plain, "\"");
}

/* A member with any value, by both writers. */
static void put_member(struct wire_json *json, struct fc_buf *plain)
{
    static const char *const names[] = {"a", "version", "a_name_of_twenty_one_s"};
    const char *name = names[chance(3)];
    int64_t number = (int64_t)(chance_state >> chance(64));
    struct fc_uuid id;
    char text[64];

    fc_buf_put_fmt(plain, "%s\"%s\":", json->comma ? "," : "", name);
    wire_json_key(json, name);
    switch (chance(4)) {
    case 0:
        fc_buf_put_fmt(plain, "%lld", (long long)number);
        wire_json_i64(json, number);
        return;
    case 1:
        for (size_t i = 0; i < sizeof(id.bytes); i++)
            id.bytes[i] = (uint8_t)chance(256);
        put_uuid_plainly(plain, &id);
        wire_json_uuid(json, &id);
        return;
    default:
        break;
    }
    struct fc_str any = any_text(text);

    put_plainly(plain, any);
    wire_json_str(json, any);
}

/* The whole when it fits to the byte, and else a beginning of it. */
static void test_json_is_what_a_plain_writer_writes(void **state)
{
    static char wanted[1024];

    (void)state;
    for (uint64_t seed = 1; seed <= 20000; seed++) {
        uint32_t members = (uint32_t)(seed % 5);
        struct fc_buf plain = fc_buf_of(wanted, sizeof(wanted));
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
        struct wire_json json;

        for (int once = 0; once < 2; once++) {
            chance_state = seed * 0x9E3779B97F4A7C15u;
            plain.len = 0;
            wire_json_init(&json, &buf);
            fc_buf_put_fmt(&plain, "{");
            wire_json_object_begin(&json);
            for (uint32_t i = 0; i < members; i++)
                put_member(&json, &plain);
            fc_buf_put_fmt(&plain, "}");
            wire_json_object_end(&json);
            assert_false(plain.overflow);
            assert_true(buf.len <= plain.len);
            assert_memory_equal(buf.ptr, wanted, buf.len);
            assert_int_equal(buf.overflow, buf.size < plain.len);
            assert_true(buf.overflow || buf.len == plain.len);
            buf = fc_buf_of(memory, plain.len - seed % 3 * (once == 0 ? 1 : 0));
        }
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
        cmocka_unit_test(test_json_names_of_others_are_escaped),
        cmocka_unit_test(test_json_is_what_a_plain_writer_writes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
