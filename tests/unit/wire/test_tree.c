#include "support/bodies.h"
#include "support/expect.h"

#include "wire/read.h"
#include "wire/scan.h"

#include <string.h>

/* Opens a text that the scan let pass. */
static bool tree_opens(struct wire_tree *tree, struct fc_str text, struct wire_faults *faults)
{
    wire_faults_init(faults, body_arena());
    tree->root = NULL;
    return wire_scan(text, faults) && wire_tree_open(tree, text, faults);
}

static void test_tree_opens_whatever_the_scan_lets_pass(void **state)
{
    static const char *const rows[] = {"{}",      "[]",    "7",
                                       "-0.5e10", "\"x\"", "true",
                                       "null",    " [1] ", "[[[[[[[[[[[[[[[[7]]]]]]]]]]]]]]]]"};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct wire_faults faults;
        struct wire_tree tree;

        if (!tree_opens(&tree, fc_str_of(rows[i]), &faults))
            fail_msg("%s", rows[i]);
        assert_int_equal(faults.count, 0);
        wire_tree_close(&tree);
        assert_null(tree.root);
    }
}

static void test_tree_of_no_json_is_a_fault(void **state)
{
    struct wire_tree tree = {NULL};
    struct wire_faults faults;

    (void)state;
    wire_faults_init(&faults, body_arena());
    assert_false(wire_tree_open(&tree, FC_STR("{\"a\":"), &faults));
    assert_true(faults.no_json);
    assert_int_equal(faults.count, 1);
    wire_tree_close(&tree);
}

static void test_peek_json_writes_what_was_read(void **state)
{
    struct wire_faults faults;
    struct wire_node node;
    struct wire_tree tree;
    struct fc_str json;

    (void)state;
    assert_true(tree_opens(&tree, FC_STR("{ \"r\" : { \"a\" : [ 1 , \"x/y\" ] , \"n\" : null } }"),
                           &faults));
    wire_node_begin(&node, tree.root, &faults);
    assert_true(wire_peek_json(&node, "r", &json));
    assert_str_equal(json, "{\"a\":[1,\"x/y\"],\"n\":null}");
    assert_true(wire_peek_json(&node, "gone", &json));
    assert_int_equal(json.len, 0);
    wire_tree_close(&tree);
}

/* One line, and nothing of it changed: what was announced can be passed on. */
static void test_node_json_is_the_object_in_one_line(void **state)
{
    static const char want[] =
        "{\"t\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\xea\xb0\x80\",\"n\":-1,\"b\":"
        "[true,null,{}]}";
    static const char text[] = "\n{ \"t\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\x7f\xea\xb0\x80\" ,\n"
                               "\"n\": -1, \"b\":[true ,null,{ }] }";
    struct wire_faults faults;
    struct wire_node node;
    struct wire_tree tree;
    struct fc_str json;

    (void)state;
    assert_true(tree_opens(&tree, fc_str_of(text), &faults));
    wire_node_begin(&node, tree.root, &faults);
    assert_true(wire_node_json(&node, &json));
    assert_str_equal(json, want);
    faults.arena->size = faults.arena->used + strlen(want) - 1;
    assert_false(wire_node_json(&node, &json));
    wire_tree_close(&tree);
    node.object = NULL;
    EXPECT_ASSERT(assert_false(wire_node_json(&node, &json)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_opens_whatever_the_scan_lets_pass),
        cmocka_unit_test(test_tree_of_no_json_is_a_fault),
        cmocka_unit_test(test_peek_json_writes_what_was_read),
        cmocka_unit_test(test_node_json_is_the_object_in_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
