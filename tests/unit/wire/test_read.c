#include "support/bodies.h"
#include "support/expect.h"

#include "wire/read.h"
#include "wire/scan.h"

/* A text opened for reading; reader_close says what faults there were. */
struct reader {
    struct fc_arena *arena;
    struct wire_faults faults;
    struct wire_tree tree;
    struct wire_node node;
};

static void reader_open(struct reader *reader, const char *text)
{
    reader->arena = body_arena();
    wire_faults_init(&reader->faults, reader->arena);
    assert_true(wire_scan(fc_str_of(text), &reader->faults));
    assert_true(wire_tree_open(&reader->tree, fc_str_of(text), &reader->faults));
    wire_node_begin(&reader->node, reader->tree.root, &reader->faults);
}

static void reader_close(struct reader *reader, const char *want)
{
    struct fc_buf buf = fc_arena_buf_begin(reader->arena);

    faults_text_put(&buf, &reader->faults);
    assert_false(buf.overflow);
    assert_str_equal(fc_buf_str(&buf), want);
    wire_tree_close(&reader->tree);
    assert_null(reader->tree.root);
    wire_tree_close(&reader->tree);
}

#define RANGE(min, max) ((struct wire_range){(min), (max)})

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
        wire_tree_close(&reader.tree);
    }
    struct reader reader;
    int64_t number = 0;

    reader_open(&reader, "{\"n\":1}");
    EXPECT_ASSERT(
        (void)wire_read_i64(&reader.node, "n", WIRE_REQUIRED, RANGE(0, INT64_MAX), &number));
    wire_tree_close(&reader.tree);
}

static void test_read_lists(void **state)
{
    struct reader reader;
    struct wire_list list;
    struct wire_node item;
    int64_t number = 0;

    (void)state;
    reader_open(&reader, "{\"l\":[5,{},\"x\",99]}");
    assert_true(wire_read_list(&reader.node, "l", WIRE_REQUIRED, RANGE(4, 4), &list));
    assert_int_equal(list.count, 4);
    assert_true(wire_list_i64(&list, 0, RANGE(5, 5), &number));
    assert_int_equal(number, 5);
    wire_list_object(&list, 1, &item);
    assert_non_null(item.object);
    assert_false(wire_list_i64(&list, 2, RANGE(0, 9), &number));
    assert_false(wire_list_i64(&list, 3, RANGE(0, 9), &number));
    wire_list_object(&list, 3, &item);
    assert_null(item.object);
    EXPECT_ASSERT(wire_list_object(&list, 4, &item));
    assert_false(wire_read_list(&reader.node, "l", WIRE_REQUIRED, RANGE(0, 3), &list));
    reader_close(&reader, "/l/2 must be an integer; /l/3 must be from 0 to 9; /l/3 must be an "
                          "object; /l must have 0 to 3 elements");
}

static void test_read_lists_of_uuids_and_of_items(void **state)
{
    struct fc_uuid id = {{7}};
    struct reader reader;
    struct wire_list list;

    (void)state;
    reader_open(&reader, "{\"l\":[\"0198f3a2-7c11-8abc-9def-0123456789ab\",\"x\",5]}");
    int64_t *items = wire_read_items(&reader.node, "l", RANGE(1, 3), sizeof(*items), &list);

    assert_non_null(items);
    assert_int_equal(list.count, 3);
    assert_int_equal(items[0] + items[1] + items[2], 0);
    assert_true(wire_list_uuid(&list, 0, &id));
    assert_int_equal(id.bytes[15], 0xab);
    assert_false(wire_list_uuid(&list, 1, &id));
    assert_false(wire_list_uuid(&list, 2, &id));
    assert_int_equal(id.bytes[15], 0xab);
    wire_list_fault(&list, 0, "is odd");
    EXPECT_ASSERT((void)wire_list_uuid(&list, 3, &id));
    assert_null(wire_read_items(&reader.node, "l", RANGE(1, 2), 1, &list));
    assert_null(wire_read_items(&reader.node, "gone", RANGE(1, 2), 1, &list));
    reader_close(&reader, "/l/1 must be a UUID; /l/2 must be a UUID; /l/0 is odd; /l must have 1 "
                          "to 2 elements; /gone is required");
}

static void test_read_items_that_do_not_fit_are_no_fault(void **state)
{
    struct reader reader;
    struct wire_list list;

    (void)state;
    reader_open(&reader, "{\"l\":[1,2]}");
    assert_null(wire_read_items(&reader.node, "l", RANGE(1, 2), SIZE_MAX / 2, &list));
    assert_true(reader.faults.arena_full);
    reader_close(&reader, "");
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

static void test_read_root_list_and_its_elements(void **state)
{
    struct reader reader;
    struct wire_list list;

    (void)state;
    reader_open(&reader, "[[],{}]");
    reader.faults.count = 0;
    assert_true(wire_list_begin(&list, reader.tree.root, &reader.faults));
    assert_int_equal(list.count, 2);
    assert_ptr_not_equal(wire_tree_element(&reader.tree, 0), wire_tree_element(&reader.tree, 1));
    reader_close(&reader, "");
    reader_open(&reader, "{}");
    assert_ptr_equal(wire_tree_element(&reader.tree, 0), reader.tree.root);
    assert_false(wire_list_begin(&list, reader.tree.root, &reader.faults));
    reader_close(&reader, "must be an array");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_finds_what_is_there),
        cmocka_unit_test(test_read_leaves_outputs_alone_on_failure),
        cmocka_unit_test(test_read_of_no_object_adds_no_fault_of_its_own),
        cmocka_unit_test(test_read_asked_twice_counts_once),
        cmocka_unit_test(test_read_integers_at_the_ends_of_64_bits),
        cmocka_unit_test(test_read_lists),
        cmocka_unit_test(test_read_lists_of_uuids_and_of_items),
        cmocka_unit_test(test_read_items_that_do_not_fit_are_no_fault),
        cmocka_unit_test(test_read_days),
        cmocka_unit_test(test_read_root_list_and_its_elements),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
