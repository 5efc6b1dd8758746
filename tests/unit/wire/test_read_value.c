#include "support/bodies.h"
#include "support/expect.h"

#include "wire/read_value.h"

static struct wire_faults fresh(void)
{
    struct wire_faults faults;

    wire_faults_init(&faults, body_arena());
    return faults;
}

static void test_value_i64_in_its_range(void **state)
{
    static const struct {
        const char *text;
        int64_t want; /* -1: a fault */
    } rows[] = {
        {"0", 0}, {"-0", 0}, {"9", 9}, {"10", -1}, {"-1", -1}, {"99999999999999999999", -1},
    };
    struct wire_place place = {NULL, FC_STR_NONE, 0};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct wire_faults faults = fresh();
        int64_t value = -1;

        assert_int_equal(wire_value_i64(&faults, &place, fc_str_of(rows[i].text),
                                        (struct wire_range){0, 9}, &value),
                         rows[i].want >= 0);
        assert_int_equal(value, rows[i].want);
        assert_int_equal(faults.count, rows[i].want < 0);
    }
}

static void test_value_text_is_a_view_or_in_the_arena(void **state)
{
    struct fc_str plain = FC_STR("\"plain\"");
    struct wire_faults faults = fresh();
    struct fc_str text;

    (void)state;
    assert_true(wire_value_text(&faults, plain, &text));
    assert_ptr_equal(text.ptr, plain.ptr + 1);
    assert_str_equal(text, "plain");
    assert_int_equal(fc_arena_mark(faults.arena), 0);
    assert_true(wire_value_text(&faults, FC_STR("\"\\u0061\\n\""), &text));
    assert_str_equal(text, "a\n");
    assert_ptr_equal(text.ptr, faults.arena->ptr);
    assert_int_equal(fc_arena_mark(faults.arena), 2);
}

static void test_value_text_that_does_not_fit_says_so(void **state)
{
    static _Alignas(16) char memory[16];
    struct fc_arena arena;
    struct wire_faults faults;
    struct fc_str text;

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    wire_faults_init(&faults, &arena);
    assert_false(wire_value_text(&faults, FC_STR("\"\\n0123456789abcdef\""), &text));
    assert_true(faults.arena_full);
    assert_int_equal(faults.count, 0);
    assert_int_equal(wire_value_peek(&faults, FC_STR("\"\\n0123456789abcdef\"")).len, 0);
}

static void test_value_peek_of_no_string_is_empty(void **state)
{
    struct wire_faults faults = fresh();

    (void)state;
    assert_str_equal(wire_value_peek(&faults, FC_STR("\"x\"")), "x");
    assert_int_equal(wire_value_peek(&faults, FC_STR("7")).len, 0);
    assert_int_equal(wire_value_peek(&faults, FC_STR("null")).len, 0);
    assert_int_equal(wire_value_peek(&faults, FC_STR_NONE).len, 0);
    assert_int_equal(faults.count, 0);
}

static void test_value_uuid(void **state)
{
    struct fc_uuid id = {{0}};

    (void)state;
    assert_true(wire_value_uuid(FC_STR("\"0198f3a2-7c11-8abc-9def-0123456789ab\""), &id));
    assert_int_equal(id.bytes[15], 0xab);
    assert_true(wire_value_uuid(FC_STR("\"\\u0030198f3a2-7c11-8abc-9def-0123456789ac\""), &id));
    assert_int_equal(id.bytes[15], 0xac);
    assert_false(wire_value_uuid(FC_STR("\"0198f3a2-7c11-8abc-9def-0123456789a\""), &id));
    assert_false(wire_value_uuid(
        FC_STR("\"\\u0030198f3a2-7c11-8abc-9def-0123456789ac and more than is ever a UUID\""),
        &id));
    assert_int_equal(id.bytes[15], 0xac);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_value_i64_in_its_range),
        cmocka_unit_test(test_value_text_is_a_view_or_in_the_arena),
        cmocka_unit_test(test_value_text_that_does_not_fit_says_so),
        cmocka_unit_test(test_value_peek_of_no_string_is_empty),
        cmocka_unit_test(test_value_uuid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
