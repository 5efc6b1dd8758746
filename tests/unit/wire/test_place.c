#include "support/expect.h"

#include "wire/place.h"

#include <string.h>

static void test_place_root_has_the_empty_pointer(void **state)
{
    struct wire_place root = {NULL, FC_STR_NONE, 0};
    char memory[WIRE_POINTER_BYTES_MAX];

    (void)state;
    assert_str_equal(wire_place_pointer(&root, memory), "");
}

static void test_place_names_members_and_elements(void **state)
{
    struct wire_place root = {NULL, FC_STR_NONE, 0};
    struct wire_place lines = {&root, FC_STR("lines"), 0};
    struct wire_place line = {&lines, FC_STR_NONE, 12};
    struct wire_place quantity = {&line, FC_STR("quantity"), 0};
    char memory[WIRE_POINTER_BYTES_MAX];

    (void)state;
    assert_str_equal(wire_place_pointer(&quantity, memory), "/lines/12/quantity");
    assert_str_equal(wire_place_pointer(&line, memory), "/lines/12");
}

static void test_place_escapes_tilde_and_slash(void **state)
{
    struct wire_place root = {NULL, FC_STR_NONE, 0};
    struct wire_place member = {&root, FC_STR("a/b~c"), 0};
    struct wire_place empty = {&member, FC_STR(""), 0};
    char memory[WIRE_POINTER_BYTES_MAX];

    (void)state;
    assert_str_equal(wire_place_pointer(&empty, memory), "/a~1b~0c/");
}

static void test_place_that_does_not_fit_names_its_ancestor(void **state)
{
    char name[WIRE_POINTER_BYTES_MAX];
    char memory[WIRE_POINTER_BYTES_MAX];
    struct wire_place root = {NULL, FC_STR_NONE, 0};
    struct wire_place body = {&root, FC_STR("body"), 0};
    struct wire_place lengthy = {&body, {name, sizeof(name)}, 0};
    struct wire_place below = {&lengthy, FC_STR("x"), 0};

    (void)state;
    memset(name, 'n', sizeof(name));
    assert_str_equal(wire_place_pointer(&lengthy, memory), "/body");
    assert_str_equal(wire_place_pointer(&below, memory), "/body");
    lengthy.name.len = WIRE_POINTER_BYTES_MAX - strlen("/body/");
    assert_int_equal(wire_place_pointer(&lengthy, memory).len, WIRE_POINTER_BYTES_MAX);
    assert_int_equal(wire_place_pointer(&below, memory).len, WIRE_POINTER_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_place_root_has_the_empty_pointer),
        cmocka_unit_test(test_place_names_members_and_elements),
        cmocka_unit_test(test_place_escapes_tilde_and_slash),
        cmocka_unit_test(test_place_that_does_not_fit_names_its_ancestor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
