#include "support/bodies.h"
#include "support/expect.h"
#include "support/reader.h"

#include "wire/read.h"

#include <stdio.h>
#include <string.h>

static void test_read_finds_what_is_there(void **state)
{
    struct reader reader;
    struct wire_node child;
    struct fc_str text = FC_STR_NONE;
    int64_t number = 0;
    bool flag = false;

    (void)state;
    reader_open(&reader, "{\"n\":5,\"t\":\"a\\u00e9\",\"b\":true,\"o\":{\"n\":6}}");
    assert_true(wire_read_i64(&reader.node, "n", WIRE_REQUIRED, RANGE(5, 5), &number));
    assert_int_equal(number, 5);
    assert_true(wire_read_text(&reader.node, "t", WIRE_REQUIRED, RANGE(3, 3), &text));
    assert_str_equal(text, "a\xc3\xa9");
    assert_true(wire_read_bool(&reader.node, "b", WIRE_REQUIRED, &flag));
    assert_true(flag);
    assert_true(wire_read_object(&reader.node, "o", WIRE_REQUIRED, &child));
    assert_true(wire_read_i64(&child, "n", WIRE_REQUIRED, RANGE(1, 9), &number));
    assert_int_equal(number, 6);
    wire_node_end(&child);
    wire_node_end(&reader.node);
    reader_close(&reader, "");
}

static void test_read_leaves_outputs_alone_on_failure(void **state)
{
    struct reader reader;
    struct fc_str text = FC_STR("kept");
    struct fc_uuid id = {{1}};
    struct fc_instant at = {1};
    int64_t number = 1;
    bool flag = true;

    (void)state;
    reader_open(&reader, "{\"n\":\"5\",\"t\":5,\"b\":0,\"u\":\"x\",\"i\":\"x\"}");
    assert_false(wire_read_i64(&reader.node, "n", WIRE_OPTIONAL, RANGE(0, 9), &number));
    assert_false(wire_read_text(&reader.node, "t", WIRE_OPTIONAL, RANGE(0, 9), &text));
    assert_false(wire_read_bool(&reader.node, "b", WIRE_OPTIONAL, &flag));
    assert_false(wire_read_uuid(&reader.node, "u", WIRE_OPTIONAL, &id));
    assert_false(wire_read_instant(&reader.node, "i", WIRE_OPTIONAL, &at));
    assert_false(wire_read_i64(&reader.node, "gone", WIRE_OPTIONAL, RANGE(0, 9), &number));
    assert_int_equal(number, 1);
    assert_str_equal(text, "kept");
    assert_true(flag);
    assert_int_equal(id.bytes[0], 1);
    assert_int_equal(at.us, 1);
    reader_close(&reader, "/n must be an integer; /t must be a string; /b must be true or false; "
                          "/u must be a UUID; /i must be an instant such as "
                          "2026-01-31T23:59:59.999999Z");
}

static void test_read_of_no_object_adds_no_fault_of_its_own(void **state)
{
    struct reader reader;
    int64_t number = 1;

    (void)state;
    reader_open(&reader, "7");
    assert_false(wire_read_i64(&reader.node, "n", WIRE_REQUIRED, RANGE(0, 9), &number));
    assert_int_equal(wire_peek_text(&reader.node, "n").len, 0);
    assert_false(wire_read_null(&reader.node, "n"));
    wire_node_end(&reader.node);
    reader_close(&reader, "must be an object");
}

static void test_read_asked_twice_counts_once(void **state)
{
    struct reader reader;
    int64_t number = 0;

    (void)state;
    reader_open(&reader, "{\"n\":5,\"x\":6}");
    assert_true(wire_read_i64(&reader.node, "n", WIRE_REQUIRED, RANGE(0, 9), &number));
    assert_true(wire_read_i64(&reader.node, "n", WIRE_REQUIRED, RANGE(0, 9), &number));
    wire_node_end(&reader.node);
    reader_close(&reader, "/x is no member of this object");
}

static void test_read_integers_at_the_ends_of_64_bits(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"{\"n\":9223372036854775806}", true},
        {"{\"n\":9223372036854775807}", false},
        {"{\"n\":9223372036854775808}", false},
        {"{\"n\":18446744073709551615}", false},
        {"{\"n\":18446744073709551616}", false},
        {"{\"n\":-9223372036854775807}", true},
        {"{\"n\":-9223372036854775808}", false},
        {"{\"n\":-9223372036854775809}", false},
        {"{\"n\":-0}", true},
        {"{\"n\":1.0}", false},
        {"{\"n\":1e3}", false},
        {"{\"n\":1e999}", false},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct reader reader;
        int64_t number = 0;

        reader_open(&reader, rows[i].text);
        assert_int_equal(wire_read_i64(&reader.node, "n", WIRE_REQUIRED,
                                       RANGE(INT64_MIN + 1, INT64_MAX - 1), &number),
                         rows[i].good);
    }
}

/* Members may be asked for in any order, by names with escapes too. */
static void test_read_members_in_any_order(void **state)
{
    static const char *const order[] = {"c", "a", "c", "d", "b", "a"};
    struct reader reader;
    int64_t number = 0;

    (void)state;
    reader_open(&reader, "{\"a\":0,\"\\u0062\":1,\"c\":2,\"\\u0064\":3,\"x\\/y\":4}");
    for (size_t i = 0; i < FC_ARRAY_COUNT(order); i++) {
        assert_true(wire_read_i64(&reader.node, order[i], WIRE_REQUIRED, RANGE(0, 9), &number));
        assert_int_equal(number, order[i][0] - 'a');
    }
    wire_node_end(&reader.node);
    reader_close(&reader, "/x~1y is no member of this object");
}

/* "{"m0":0,"m1":1,…}" */
static void many_members(char *text, size_t size, int32_t count)
{
    struct fc_buf buf = fc_buf_of(text, size - 1);

    memset(text, 0, size);
    for (int32_t i = 0; i < count; i++)
        fc_buf_put_fmt(&buf, "%s\"m%d\":%d", i == 0 ? "{" : ",", (int)i, (int)i);
    fc_buf_put_char(&buf, '}');
    assert_false(buf.overflow);
}

/* More than a node remembers: all are found, in any order, and told from those not asked for. */
static void test_read_of_many_members(void **state)
{
    static char text[4096];
    struct reader reader;
    char name[8];

    (void)state;
    many_members(text, sizeof(text), WIRE_MEMBERS_MAX);
    reader_open(&reader, text);
    for (int32_t i = 0; i < WIRE_MEMBERS_MAX; i++) {
        int32_t at = i * 37 % WIRE_MEMBERS_MAX;
        int64_t number = -1;

        (void)snprintf(name, sizeof(name), "m%d", (int)at);
        if (at == 5 || at == 50)
            continue;
        assert_true(wire_read_i64(&reader.node, name, WIRE_REQUIRED, RANGE(0, 99), &number));
        assert_int_equal(number, at);
    }
    assert_false(wire_read_null(&reader.node, "m64"));
    wire_node_end(&reader.node);
    reader_close(&reader, "/m5 is no member of this object; /m50 is no member of this object");
}

/* The scan has one fault for that; nothing is harmed. */
static void test_read_of_too_many_members(void **state)
{
    static char text[4096];
    struct reader reader;
    int64_t number = -1;

    (void)state;
    many_members(text, sizeof(text), WIRE_MEMBERS_MAX + 2);
    reader_open(&reader, text);
    assert_int_equal(reader.faults.count, 1);
    assert_true(wire_read_i64(&reader.node, "m65", WIRE_REQUIRED, RANGE(0, 99), &number));
    assert_int_equal(number, 65);
    wire_node_end(&reader.node);
    assert_int_equal(reader.faults.count, 1 + WIRE_MEMBERS_MAX);
}

/* Short values are read whatever escapes they are written with; what is too long is none. */
static void test_read_values_with_escapes(void **state)
{
    static const char *const words[] = {"one", "two", NULL};
    struct reader reader;
    struct fc_instant at = {0};
    struct fc_uuid id = {{0}};
    int32_t word = -1;

    (void)state;
    reader_open(&reader, "{\"u\":\"\\u0030198f3a2-7c11-8abc-9def-0123456789ab\","
                         "\"i\":\"2026-01-31T23:59:59\\u005a\",\"w\":\"t\\u0077o\",\"l\":\""
                         "\\n2345678901234567890123456789012345678901234567890123456789012345\"}");
    assert_true(wire_read_uuid(&reader.node, "u", WIRE_REQUIRED, &id));
    assert_true(wire_read_instant(&reader.node, "i", WIRE_REQUIRED, &at));
    assert_int_equal(at.us, 1769903999000000);
    assert_true(wire_read_word(&reader.node, "w", WIRE_REQUIRED, words, &word));
    assert_int_equal(word, 1);
    assert_false(wire_read_word(&reader.node, "l", WIRE_REQUIRED, words, &word));
    assert_false(wire_read_uuid(&reader.node, "l", WIRE_REQUIRED, &id));
    reader_close(&reader, "/l must be one of one, two; /l must be a UUID");
}

static void test_peek_json_writes_what_was_read(void **state)
{
    struct reader reader;
    struct fc_str json;

    (void)state;
    reader_open(&reader, "{ \"r\" : { \"a\" : [ 1 , \"x/y z\" ] , \"n\" : null }, \"z\":null }");
    assert_true(wire_peek_json(&reader.node, "r", &json));
    assert_str_equal(json, "{\"a\":[1,\"x/y z\"],\"n\":null}");
    assert_true(wire_peek_json(&reader.node, "z", &json));
    assert_str_equal(json, "null");
    assert_true(wire_peek_json(&reader.node, "gone", &json));
    assert_int_equal(json.len, 0);
    assert_true(wire_node_json(&reader.node, &json));
    assert_str_equal(json, "{\"r\":{\"a\":[1,\"x/y z\"],\"n\":null},\"z\":null}");
    reader.arena->size = reader.arena->used + json.len - 1;
    assert_false(wire_node_json(&reader.node, &json));
    reader.node.object = FC_STR_NONE;
    EXPECT_ASSERT(assert_false(wire_node_json(&reader.node, &json)));
}

static void test_read_days(void **state)
{
    struct reader reader;
    struct fc_day day = {1};

    (void)state;
    reader_open(&reader, "{\"d\":\"2026-01-31\",\"t\":\"2026-1-31\",\"n\":20484,\"z\":null}");
    assert_false(wire_read_day(&reader.node, "t", WIRE_OPTIONAL, &day));
    assert_false(wire_read_day(&reader.node, "n", WIRE_OPTIONAL, &day));
    assert_false(wire_read_day(&reader.node, "z", WIRE_OPTIONAL, &day));
    assert_false(wire_read_day(&reader.node, "gone", WIRE_REQUIRED, &day));
    assert_int_equal(day.days, 1);
    assert_true(wire_read_day(&reader.node, "d", WIRE_REQUIRED, &day));
    assert_int_equal(day.days, 20484);
    reader_close(&reader, "/t must be a day such as 2026-01-31; /n must be a day such as "
                          "2026-01-31; /gone is required");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_finds_what_is_there),
        cmocka_unit_test(test_read_leaves_outputs_alone_on_failure),
        cmocka_unit_test(test_read_of_no_object_adds_no_fault_of_its_own),
        cmocka_unit_test(test_read_asked_twice_counts_once),
        cmocka_unit_test(test_read_integers_at_the_ends_of_64_bits),
        cmocka_unit_test(test_read_members_in_any_order),
        cmocka_unit_test(test_read_of_many_members),
        cmocka_unit_test(test_read_of_too_many_members),
        cmocka_unit_test(test_read_values_with_escapes),
        cmocka_unit_test(test_peek_json_writes_what_was_read),
        cmocka_unit_test(test_read_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
