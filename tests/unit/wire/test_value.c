#include "support/expect.h"
#include "support/json_oracle.h"

#include "base/limits.h"
#include "wire/value.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static void test_value_kinds(void **state)
{
    static const struct {
        const char *text;
        enum wire_kind kind;
    } rows[] = {
        {"null", WIRE_NULL},    {"true", WIRE_BOOL},     {" false ", WIRE_BOOL},
        {"0", WIRE_INTEGER},    {"-12\n", WIRE_INTEGER}, {"1.5", WIRE_FRACTION},
        {"1e3", WIRE_FRACTION}, {"2E1", WIRE_FRACTION},  {"\"1\"", WIRE_STRING},
        {"[1.5]", WIRE_ARRAY},  {"\t{}", WIRE_OBJECT},   {"18446744073709551616", WIRE_INTEGER},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        assert_int_equal(wire_value_kind(wire_value_of(fc_str_of(rows[i].text))), rows[i].kind);
    assert_int_equal(wire_value_kind(FC_STR_NONE), WIRE_NONE);
}

static void test_walk_over_members(void **state)
{
    static const struct {
        const char *name;
        const char *value;
        bool escaped;
    } wants[] = {
        {"a", "1", false},       {"b", "{\"a\":[2,{}]}", false}, {"", "\"}]\\\\\"", false},
        {"\\u0061", "[]", true}, {"c\\\"", "-0.5e1", true},
    };
    struct fc_str text = FC_STR(
        " {\"a\":1 ,\"b\" : {\"a\":[2,{}]},\n\"\":\"}]\\\\\",\"\\u0061\":[],\"c\\\"\": -0.5e1 } ");
    struct wire_member member;
    struct wire_walk walk;

    (void)state;
    wire_walk_begin(&walk, wire_value_of(text));
    for (size_t i = 0; i < FC_ARRAY_COUNT(wants); i++) {
        assert_true(wire_walk_member(&walk, &member));
        assert_str_equal(member.name, wants[i].name);
        assert_str_equal(member.value, wants[i].value);
        assert_int_equal(member.escaped, wants[i].escaped);
    }
    assert_false(wire_walk_member(&walk, &member));
    assert_false(wire_walk_member(&walk, &member));
}

static void test_walk_over_elements(void **state)
{
    static const char *const wants[] = {"1", "\"a,]\"", "[2,[3]]", "null", "{\"x\":[]}"};
    struct wire_walk walk;
    struct fc_str value;

    (void)state;
    wire_walk_begin(&walk, wire_value_of(FC_STR("[1 , \"a,]\",[2,[3]],null\t,\r\n{\"x\":[]} ]")));
    for (size_t i = 0; i < FC_ARRAY_COUNT(wants); i++) {
        assert_true(wire_walk_element(&walk, &value));
        assert_str_equal(value, wants[i]);
    }
    assert_false(wire_walk_element(&walk, &value));
    wire_walk_begin(&walk, FC_STR("[ ]"));
    assert_false(wire_walk_element(&walk, &value));
    wire_walk_begin(&walk, FC_STR("{}"));
    assert_false(wire_walk_element(&walk, &value));
    EXPECT_ASSERT(wire_walk_begin(&walk, FC_STR("17")));
}

static struct wire_member first_member(const char *object)
{
    struct wire_member member;
    struct wire_walk walk;

    wire_walk_begin(&walk, fc_str_of(object));
    assert_true(wire_walk_member(&walk, &member));
    return member;
}

static void test_member_is_named_by_what_its_name_means(void **state)
{
    static const struct {
        const char *object;
        const char *name;
        bool same;
    } rows[] = {
        {"{\"type\":1}", "type", true},
        {"{\"type\":1}", "typ", false},
        {"{\"type\":1}", "types", false},
        {"{\"t\\u0079pe\":1}", "type", true},
        {"{\"\\u0074\\u0079\\u0070\\u0065\":1}", "type", true},
        {"{\"t\\u0059pe\":1}", "type", false},
        {"{\"a\\/b\":1}", "a/b", true},
        {"{\"\\ud83d\\ude00\":1}", "\xf0\x9f\x98\x80", true},
        {"{\"\\ud83d\":1}", "\xf0\x9f\x98\x80", false},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct wire_member member = first_member(rows[i].object);

        assert_int_equal(wire_member_is(&member, fc_str_of(rows[i].name)), rows[i].same);
    }
}

static void test_member_name_that_means_nothing_stays_as_it_stands(void **state)
{
    static const struct {
        const char *object;
        const char *want;
    } rows[] = {
        {"{\"a\":1}", "a"},
        {"{\"\\u0061\":1}", "a"},
        {"{\"\\ud83d\":1}", "\\ud83d"},
        {"{\"\\u0000\":1}", "\\u0000"},
        {"{\"\\u0061bcdefghi\":1}", "\\u0061bcdefghi"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct wire_member member = first_member(rows[i].object);
        char memory[8];
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

        assert_str_equal(wire_member_name(&member, &buf), rows[i].want);
    }
}

static void test_value_of_a_string(void **state)
{
    struct fc_str plain = FC_STR("\"plain\"");
    char memory[4];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    assert_ptr_equal(wire_value_string(plain, &buf).ptr, plain.ptr + 1);
    assert_str_equal(wire_value_string(plain, &buf), "plain");
    assert_str_equal(wire_value_string(FC_STR("\"\""), &buf), "");
    assert_int_equal(buf.len, 0);
    assert_str_equal(wire_value_string(FC_STR("\"\\na\\u00e9\""), &buf), "\na\xc3\xa9");
    assert_ptr_equal(buf.ptr, memory);
    assert_int_equal(buf.len, 4);
    buf = fc_buf_of(memory, sizeof(memory));
    assert_int_equal(wire_value_string(FC_STR("\"\\nabcd\""), &buf).len, 0);
    assert_true(buf.overflow);
    buf = fc_buf_of(memory, sizeof(memory));
    EXPECT_ASSERT((void)wire_value_string(FC_STR("17"), &buf));
}

/* One line, and nothing of it changed: what was announced can be passed on. */
static void test_value_in_one_line(void **state)
{
    static const char want[] =
        "{\"t\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\xea\xb0\x80 \",\"n\":-1,"
        "\"b\":[true,null,{}]}";
    static const char text[] = "\n{ \"t\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\xea\xb0\x80 \" ,\n"
                               "\"n\": -1, \"b\":[true ,null,{ }] }";
    char memory[256];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    wire_value_put(&buf, wire_value_of(FC_STR(text)));
    assert_str_equal(fc_buf_str(&buf), want);
    buf = fc_buf_of(memory, sizeof(want) - 2);
    wire_value_put(&buf, wire_value_of(FC_STR(text)));
    assert_true(buf.overflow);
}

/* --- against json-c --------------------------------------------------------------------------- */

static void agree(struct fc_str text)
{
    char *exact = malloc(text.len > 0 ? text.len : 1);

    assert_non_null(exact);
    for (size_t i = 0; i < text.len; i++)
        exact[i] = text.ptr[i];
    if (!json_oracle_agrees((struct fc_str){exact, text.len}))
        fail_msg(FC_STR_FMT, FC_STR_ARG(text));
    free(exact);
}

/* Below `bound`. */
static uint32_t roll(uint64_t *seed, uint32_t bound)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33) % bound;
}

static void put_blanks(struct fc_buf *buf, uint64_t *seed)
{
    static const char blanks[] = " \n\t\r";

    while (roll(seed, 4) == 0)
        fc_buf_put_char(buf, blanks[roll(seed, 4)]);
}

static void put_string(struct fc_buf *buf, uint64_t *seed)
{
    static const char *const parts[] = {
        "a",   "type", " ",       "{[,:]}",  "\\\"",         "\\\\",           "\\/",
        "\\n", "0",    "\\u0041", "\\u00e9", "\xea\xb0\x80", "\\ud83d\\ude00", "\xf0\x9f\x98\x80",
    };

    fc_buf_put_char(buf, '"');
    while (roll(seed, 4) != 0)
        fc_buf_put_text(buf, parts[roll(seed, FC_ARRAY_COUNT(parts))]);
    fc_buf_put_char(buf, '"');
}

static void put_value(struct fc_buf *buf, uint64_t *seed, int32_t depth);

/* Of the same name now and then, which the scan does not let pass without a fault. */
static void put_many(struct fc_buf *buf, uint64_t *seed, int32_t depth, bool object)
{
    bool more = roll(seed, 4) != 0;

    fc_buf_put_char(buf, object ? '{' : '[');
    put_blanks(buf, seed);
    while (more) {
        if (object) {
            put_string(buf, seed);
            put_blanks(buf, seed);
            fc_buf_put_char(buf, ':');
            put_blanks(buf, seed);
        }
        put_value(buf, seed, depth - 1);
        put_blanks(buf, seed);
        more = roll(seed, 3) != 0;
        if (more)
            fc_buf_put_char(buf, ',');
        put_blanks(buf, seed);
    }
    fc_buf_put_char(buf, object ? '}' : ']');
}

static void put_value(struct fc_buf *buf, uint64_t *seed, int32_t depth)
{
    static const char *const scalars[] = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "7",
        "-9223372036854775808",
        "9223372036854775807",
        "9223372036854775808",
        "1.5",
        "-1e3",
        "0.0",
        "18446744073709551616",
    };

    switch (roll(seed, depth > 0 ? 4 : 2)) {
    case 0:
        put_string(buf, seed);
        return;
    case 1:
        fc_buf_put_text(buf, scalars[roll(seed, FC_ARRAY_COUNT(scalars))]);
        return;
    default:
        put_many(buf, seed, depth, roll(seed, 2) == 0);
        return;
    }
}

static void test_values_of_any_text_are_those_of_another_reader(void **state)
{
    static char memory[1024 * 1024];
    uint64_t seed = 5;

    (void)state;
    for (int32_t i = 0; i < 20000; i++) {
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

        put_blanks(&buf, &seed);
        put_value(&buf, &seed, 6);
        put_blanks(&buf, &seed);
        if (!buf.overflow)
            agree(fc_buf_str(&buf));
    }
}

static int32_t agree_over_folder(const char *path)
{
    static char text[MESSAGE_BYTES_MAX];
    DIR *folder = opendir(path);
    int32_t count = 0;
    char name[1024];

    assert_non_null(folder);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        FILE *file = fopen(name, "rb");

        assert_non_null(file);
        agree((struct fc_str){text, fread(text, 1, sizeof(text), file)});
        (void)fclose(file);
        count++;
    }
    (void)closedir(folder);
    return count;
}

static void test_values_of_the_corpus_are_those_of_another_reader(void **state)
{
    static const char *const parsers[] = {"announced", "answer",  "body",   "gateway",
                                          "journal",   "message", "policy", "json"};
    const char *source = getenv("FIRSTCOME_SOURCE");
    char path[512];

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(parsers); i++) {
        (void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", source ? source : ".",
                       parsers[i]);
        assert_in_range(agree_over_folder(path), 1, 100000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value_kinds),
        cmocka_unit_test(test_walk_over_members),
        cmocka_unit_test(test_walk_over_elements),
        cmocka_unit_test(test_member_is_named_by_what_its_name_means),
        cmocka_unit_test(test_member_name_that_means_nothing_stays_as_it_stands),
        cmocka_unit_test(test_value_of_a_string),
        cmocka_unit_test(test_value_in_one_line),
        cmocka_unit_test(test_values_of_any_text_are_those_of_another_reader),
        cmocka_unit_test(test_values_of_the_corpus_are_those_of_another_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
