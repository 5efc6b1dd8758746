#include "support/bodies.h"
#include "support/expect.h"
#include "support/reader.h"

#include "wire/read.h"

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
    assert_non_null(item.object.ptr);
    assert_false(wire_list_i64(&list, 2, RANGE(0, 9), &number));
    assert_false(wire_list_i64(&list, 3, RANGE(0, 9), &number));
    wire_list_object(&list, 3, &item);
    assert_null(item.object.ptr);
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

/* The same whether one element is asked for behind the other or not. */
static void test_read_lists_in_any_order(void **state)
{
    static const int32_t order[] = {0, 0, 1, 1, 3, 2, 0, 3, 3, 1};
    static const char *const wants[] = {"", "one", "", "th\nree"};
    struct reader reader;
    struct wire_list list;

    (void)state;
    reader_open(&reader, "{\"l\":[0,\"one\",[\"two\"],\"th\\nree\"]}");
    assert_true(wire_read_list(&reader.node, "l", WIRE_REQUIRED, RANGE(4, 4), &list));
    for (size_t i = 0; i < FC_ARRAY_COUNT(order); i++)
        assert_str_equal(wire_list_peek_text(&list, order[i]), wants[order[i]]);
    EXPECT_ASSERT((void)wire_list_peek_text(&list, 4));
    EXPECT_ASSERT((void)wire_list_peek_text(&list, -1));
    reader_close(&reader, "");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_lists),
        cmocka_unit_test(test_read_lists_of_uuids_and_of_items),
        cmocka_unit_test(test_read_lists_in_any_order),
        cmocka_unit_test(test_read_items_that_do_not_fit_are_no_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
