#include "support/bodies.h"
#include "support/expect.h"

#include "base/limits.h"
#include "wire/scan.h"
#include "wire/token.h"

#include <stdlib.h>
#include <string.h>

/* What the scan says of a text: "" for nothing, else the faults as one text. The text stands in
 * memory of exactly its size, so that a sanitizer sees a read beyond it. */
static struct fc_str scan_said(const char *bytes, size_t len)
{
    struct fc_arena *arena = body_arena();
    struct wire_faults faults;
    struct fc_str said;
    char *exact = malloc(len > 0 ? len : 1);

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    wire_faults_init(&faults, arena);
    bool json = wire_scan((struct fc_str){exact, len}, &faults);

    free(exact);
    assert_int_equal(json, !faults.no_json);
    struct fc_buf buf = fc_arena_buf_begin(arena);

    faults_text_put(&buf, &faults);
    assert_true(fc_arena_buf_end(arena, &buf, &said));
    return said;
}

static void test_scan_takes_what_is_json(void **state)
{
    static const char *const rows[] = {
        "{}",
        "[]",
        "null",
        "true",
        "false",
        "0",
        "-0",
        "12",
        "-1",
        "1.5",
        "-0.25",
        "1e3",
        "1E+3",
        "2e-7",
        "10.0e0",
        "99999999999999999999999999",
        "\"\"",
        "\"a\"",
        " \t\r\n{ } \n",
        "[1,2 , 3]",
        "{\"a\":1,\"b\":[{}],\"c\":{\"a\":1}}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\xed\x95\x9c\xf0\x9f\x98\x80\"",
        "\"\x7f\"",
        "{\"\":0}",
        "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        assert_str_equal(scan_said(rows[i], strlen(rows[i])), "");
}

static void test_scan_refuses_what_is_none(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } rows[] = {
        {"", "the text ends where a value belongs (byte 0)"},
        {"  ", "the text ends where a value belongs (byte 2)"},
        {"{} x", "the text has something behind the value (byte 3)"},
        {"{}{}", "the text has something behind the value (byte 2)"},
        {"{", "the text has no name where a member belongs (byte 1)"},
        {"{a:1}", "the text has no name where a member belongs (byte 1)"},
        {"{'a':1}", "the text has no name where a member belongs (byte 1)"},
        {"{\"a\" 1}", "the text has no colon behind a member's name (byte 5)"},
        {"{\"a\":}", "the text has a character where a value belongs (byte 5)"},
        {"{\"a\":1", "the text has an object that is not closed (byte 6)"},
        {"{\"a\":1]", "the text has an object that is not closed (byte 6)"},
        {"{\"a\":1,}", "the text has no name where a member belongs (byte 7)"},
        {"[1,]", "the text has a character where a value belongs (byte 3)"},
        {"[1 2]", "the text has an array that is not closed (byte 3)"},
        {"[1", "the text has an array that is not closed (byte 2)"},
        {"01", "the text has a number with a leading zero (byte 2)"},
        {"-01", "the text has a number with a leading zero (byte 3)"},
        {"-", "the text has a number without a digit (byte 1)"},
        {"1.", "the text has a number without a digit (byte 2)"},
        {".5", "the text has a character where a value belongs (byte 0)"},
        {"+1", "the text has a character where a value belongs (byte 0)"},
        {"1e", "the text has a number without a digit (byte 2)"},
        {"1e+", "the text has a number without a digit (byte 3)"},
        {"0x10", "the text has something behind the value (byte 1)"},
        {"NaN", "the text has a character where a value belongs (byte 0)"},
        {"Infinity", "the text has a character where a value belongs (byte 0)"},
        {"True", "the text has a character where a value belongs (byte 0)"},
        {"nul", "the text has a character where a value belongs (byte 0)"},
        {"'a'", "the text has a character where a value belongs (byte 0)"},
        {"/* a */ {}", "the text has a character where a value belongs (byte 0)"},
        {"\"a", "the text ends within a string (byte 2)"},
        {"\"a\\", "the text ends within a string (byte 3)"},
        {"\"a\nb\"", "the text has a control character in a string (byte 2)"},
        {"\"\\x\"", "the text has an escape that JSON does not know (byte 3)"},
        {"\"\\u12\"", "the text ends within an escape (byte 3)"},
        {"\"\\u12g4\"", "the text has an escape without four hexadecimal digits (byte 6)"},
        {"\"\xff\"", "the text is not UTF-8, or holds a NUL (byte 0)"},
        {"\"\xed\xa0\x80\"", "the text is not UTF-8, or holds a NUL (byte 0)"},
        {"\v{}", "the text has a character where a value belongs (byte 0)"},
        {"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
         "the text is nested deeper than 16 levels (byte 17)"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        assert_str_equal(scan_said(rows[i].text, strlen(rows[i].text)), rows[i].why);
    assert_str_equal(scan_said("{}\0", 3), "the text is not UTF-8, or holds a NUL (byte 0)");
}

static void test_scan_names_what_json_leaves_open(void **state)
{
    static const struct {
        const char *text;
        const char *faults;
    } rows[] = {
        {"{\"a\":1,\"a\":2}", "/a must be named once"},
        {"{\"a\":1,\"\\u0061\":2}", "/\\u0061 must be named once"},
        {"{\"\\u00e9\":1,\"\xc3\xa9\":2}", "/\xc3\xa9 must be named once"},
        {"{\"\\ud55c\":1,\"\xed\x95\x9c\":2}", "/\xed\x95\x9c must be named once"},
        {"{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}", "/\xf0\x9f\x98\x80 must be named once"},
        {"{\"l\":[{},{\"q\":1,\"q\":1,\"q\":2}]}",
         "/l/1/q must be named once; /l/1/q must be named once"},
        {"{\"a\":{\"b\":1},\"b\":{\"a\":1}}", ""},
        {"{\"n\":\"a\\u0000b\"}", "/n must not hold a NUL"},
        {"{\"n\\u0000\":1}", "must not hold a NUL"},
        {"[\"\\ud800\"]", "/0 must not hold half a surrogate pair"},
        {"[\"\\ud800\\n\"]", "/0 must not hold half a surrogate pair"},
        {"[\"\\ud800\\ud800\"]", "/0 must not hold half a surrogate pair"},
        {"[\"\\udc00\"]", "/0 must not hold half a surrogate pair"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        assert_str_equal(scan_said(rows[i].text, strlen(rows[i].text)), rows[i].faults);
}

/* An object of that many members, all different. */
static struct fc_str object_of(int32_t members, char *memory, size_t size)
{
    struct fc_buf buf = fc_buf_of(memory, size);

    fc_buf_put_char(&buf, '{');
    for (int32_t i = 0; i < members; i++)
        fc_buf_put_fmt(&buf, "%s\"m%d\":%d", i > 0 ? "," : "", (int)i, (int)i);
    fc_buf_put_char(&buf, '}');
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static void test_scan_bounds_the_members_of_an_object(void **state)
{
    char memory[4096];
    struct fc_str text = object_of(WIRE_MEMBERS_MAX, memory, sizeof(memory));

    (void)state;
    assert_str_equal(scan_said(text.ptr, text.len), "");
    text = object_of(WIRE_MEMBERS_MAX + 1, memory, sizeof(memory));
    assert_str_equal(scan_said(text.ptr, text.len), "must not hold so many members");
    text = object_of(WIRE_MEMBERS_MAX + 50, memory, sizeof(memory));
    assert_str_equal(scan_said(text.ptr, text.len), "must not hold so many members");
}

/* Names are told apart by a hash: none of many of one look may be taken for another. */
static void test_scan_takes_names_that_differ_for_different(void **state)
{
    static const char *const fronts[] = {"",          "a",         "member_",          "12345678",
                                         "123456789", "option_id", "the_same_16_byte", "\\u00e9"};
    static char text[8192];

    (void)state;
    for (size_t front = 0; front < FC_ARRAY_COUNT(fronts); front++)
        for (int32_t first = 0; first < 6400; first += WIRE_MEMBERS_MAX) {
            struct fc_buf buf = fc_buf_of(text, sizeof(text));

            for (int32_t i = 0; i < WIRE_MEMBERS_MAX; i++)
                fc_buf_put_fmt(&buf, "%c\"%s%d%s\":1", i == 0 ? '{' : ',', fronts[front],
                               (int)(first + i), first % 128 == 0 ? "" : "_behind_it");
            fc_buf_put_char(&buf, '}');
            assert_false(buf.overflow);
            assert_str_equal(scan_said(text, buf.len), "");
        }
}

static void test_scan_bounds_the_bytes(void **state)
{
    char *bytes = malloc(MESSAGE_BYTES_MAX + 1);

    (void)state;
    assert_non_null(bytes);
    memset(bytes, 'a', MESSAGE_BYTES_MAX + 1);
    bytes[0] = '"';
    bytes[MESSAGE_BYTES_MAX - 1] = '"';
    assert_str_equal(scan_said(bytes, MESSAGE_BYTES_MAX), "");
    bytes[MESSAGE_BYTES_MAX] = ' ';
    assert_str_equal(scan_said(bytes, MESSAGE_BYTES_MAX + 1),
                     "the text is longer than 1048576 bytes (byte 0)");
    free(bytes);
}

static void test_scan_survives_a_depth_bomb(void **state)
{
    char *bytes = malloc(MESSAGE_BYTES_MAX);

    (void)state;
    assert_non_null(bytes);
    memset(bytes, '[', MESSAGE_BYTES_MAX);
    assert_str_contains(scan_said(bytes, MESSAGE_BYTES_MAX), "nested deeper");
    struct fc_buf buf = fc_buf_of(bytes, MESSAGE_BYTES_MAX);

    while (!buf.overflow)
        fc_buf_put(&buf, FC_STR("{\"a\":"));
    assert_str_contains(scan_said(bytes, MESSAGE_BYTES_MAX), "nested deeper");
    free(bytes);
}

static void test_scan_elements_are_cut_and_marked(void **state)
{
    struct wire_element elements[4];
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    assert_int_equal(wire_scan_elements(FC_STR(" [ {\"a\":1} ,{\"b\":1,\"b\":2}, 3 ] "), elements,
                                        4, &count, &reason),
                     WIRE_SCAN_ARRAY);
    assert_int_equal(count, 3);
    assert_str_equal(elements[0].text, "{\"a\":1}");
    assert_false(elements[0].faulty);
    assert_str_equal(elements[1].text, "{\"b\":1,\"b\":2}");
    assert_true(elements[1].faulty);
    assert_str_equal(elements[2].text, "3");
    assert_false(elements[2].faulty);
    assert_int_equal(wire_scan_elements(FC_STR("[]"), elements, 4, &count, &reason),
                     WIRE_SCAN_ARRAY);
    assert_int_equal(count, 0);
    assert_int_equal(wire_scan_elements(FC_STR(" {} "), elements, 4, &count, &reason),
                     WIRE_SCAN_VALUE);
    assert_int_equal(count, 1);
    assert_str_equal(elements[0].text, "{}");
}

static void test_scan_elements_at_the_bound(void **state)
{
    struct wire_element elements[2];
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    assert_int_equal(wire_scan_elements(FC_STR("[1,2]"), elements, 2, &count, &reason),
                     WIRE_SCAN_ARRAY);
    assert_int_equal(count, 2);
    assert_int_equal(wire_scan_elements(FC_STR("[1,2,3]"), elements, 2, &count, &reason),
                     WIRE_SCAN_TOO_MANY);
}

static void test_scan_elements_of_no_json(void **state)
{
    static const char *const rows[] = {"",     "[", "[1",  "[1,", "[1,]",
                                       "[1]]", "{", "[1}", "nul", "\xff"};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct wire_element elements[4];
        const char *reason = NULL;
        int32_t count = 0;

        assert_int_equal(wire_scan_elements(fc_str_of(rows[i]), elements, 4, &count, &reason),
                         WIRE_SCAN_NO_JSON);
        assert_non_null(reason);
    }
}

static void test_scan_list_lives_in_the_arena(void **state)
{
    static const char text[] = " [1, {\"a\":1,\"a\":2} ,\"x\"]";
    static _Alignas(16) char memory[3 * sizeof(struct wire_element) + 64];
    struct wire_element *elements;
    struct fc_arena arena;
    struct fc_str copy;
    int32_t count;

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    assert_int_equal(wire_scan_list(FC_STR(text), &arena, &elements, &count), WIRE_SCAN_ARRAY);
    assert_int_equal(count, 3);
    assert_ptr_equal(elements, memory);
    assert_in_range(fc_arena_mark(&arena), 3 * sizeof(*elements), sizeof(memory));
    assert_str_equal(elements[0].text, "1");
    assert_str_equal(elements[1].text, "{\"a\":1,\"a\":2}");
    assert_str_equal(elements[2].text, "\"x\"");
    assert_true(!elements[0].faulty && elements[1].faulty && !elements[2].faulty);
    for (size_t size = 0; size < 3 * sizeof(struct wire_element); size += 8) {
        fc_arena_init(&arena, memory, size);
        assert_int_equal(wire_scan_list(FC_STR(text), &arena, &elements, &count),
                         WIRE_SCAN_TOO_MANY);
    }
    /* Behind what is not aligned. */
    fc_arena_init(&arena, memory, sizeof(memory));
    assert_true(fc_arena_copy(&arena, FC_STR("x"), &copy));
    assert_int_equal(wire_scan_list(FC_STR("[7]"), &arena, &elements, &count), WIRE_SCAN_ARRAY);
    assert_ptr_equal(elements, memory + 16);
    assert_str_equal(elements[0].text, "7");
    fc_arena_init(&arena, memory, sizeof(memory));
    assert_int_equal(wire_scan_list(FC_STR("[]"), &arena, &elements, &count), WIRE_SCAN_ARRAY);
    assert_int_equal(count, 0);
    assert_int_equal(wire_scan_list(FC_STR("7"), &arena, &elements, &count), WIRE_SCAN_VALUE);
    assert_int_equal(wire_scan_list(FC_STR("[7"), &arena, &elements, &count), WIRE_SCAN_NO_JSON);
    assert_int_equal(wire_scan_list(FC_STR(""), &arena, &elements, &count), WIRE_SCAN_NO_JSON);
}

static void test_token_string_decodes_escapes(void **state)
{
    char text[] = "\"a\\n\\u0041\\u00e9\\ud55c\\ud83d\\ude00z\"";
    struct wire_place root = {NULL, FC_STR_NONE, 0};
    struct wire_scan scan = {.begin = text, .at = text, .end = text + strlen(text)};
    char memory[64];
    struct fc_buf decoded = fc_buf_of(memory, sizeof(memory));

    (void)state;
    assert_true(wire_token_string(&scan, &root, &decoded));
    assert_ptr_equal(scan.at, scan.end);
    assert_false(scan.faulty);
    assert_str_equal(fc_buf_str(&decoded), "a\nA\xc3\xa9\xed\x95\x9c\xf0\x9f\x98\x80z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scan_takes_what_is_json),
        cmocka_unit_test(test_scan_refuses_what_is_none),
        cmocka_unit_test(test_scan_names_what_json_leaves_open),
        cmocka_unit_test(test_scan_bounds_the_members_of_an_object),
        cmocka_unit_test(test_scan_takes_names_that_differ_for_different),
        cmocka_unit_test(test_scan_bounds_the_bytes),
        cmocka_unit_test(test_scan_survives_a_depth_bomb),
        cmocka_unit_test(test_scan_elements_are_cut_and_marked),
        cmocka_unit_test(test_scan_elements_at_the_bound),
        cmocka_unit_test(test_scan_elements_of_no_json),
        cmocka_unit_test(test_scan_list_lives_in_the_arena),
        cmocka_unit_test(test_token_string_decodes_escapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
