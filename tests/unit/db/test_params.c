#include "db/params.h"

#include "base/assert.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static alignas(16) char memory[4096];
static struct fc_arena arena;
static struct db_params params;

static int setup(void **state)
{
    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    db_params_init(&params, &arena);
    return 0;
}

/* cmocka prints the sentence after the stack on which it stood is gone. */
static void on_assert(const char *text)
{
    static char kept[200];

    (void)fc_str_copy(fc_str_of(text), kept, sizeof(kept));
    mock_assert(0, kept, __FILE__, __LINE__);
}

#define ASSERT_ITEM(index, literal)                                                   \
    do {                                                                              \
        assert_false(params.overflow);                                                \
        assert_in_range((index), 0, params.count - 1);                                \
        assert_int_equal(params.items[index].len, sizeof(literal) - 1);               \
        assert_memory_equal(params.items[index].ptr, (literal), sizeof(literal) - 1); \
    } while (0)

static const struct fc_uuid uuid = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255}};
#define UUID_BYTES "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\377"

static void test_params_numbers_are_big_endian(void **state)
{
    (void)state;
    db_param_i64(&params, 0x0102030405060708);
    db_param_i64(&params, -2);
    db_param_i32(&params, 0x01020304);
    db_param_i32(&params, INT32_MIN);
    db_param_i16(&params, 0x0102);
    db_param_i16(&params, -1);
    db_param_bool(&params, true);
    db_param_bool(&params, false);
    ASSERT_ITEM(0, "\1\2\3\4\5\6\7\10");
    ASSERT_ITEM(1, "\377\377\377\377\377\377\377\376");
    ASSERT_ITEM(2, "\1\2\3\4");
    ASSERT_ITEM(3, "\200\0\0\0");
    ASSERT_ITEM(4, "\1\2");
    ASSERT_ITEM(5, "\377\377");
    ASSERT_ITEM(6, "\1");
    ASSERT_ITEM(7, "\0");
    assert_int_equal(params.count, 8);
}

static void test_params_text_bytes_and_ids_are_themselves(void **state)
{
    (void)state;
    db_param_text(&params, FC_STR("원"));
    db_param_bytes(&params, FC_STR("a\0b"));
    db_param_uuid(&params, &uuid);
    ASSERT_ITEM(0, "\xEC\x9B\x90");
    ASSERT_ITEM(1, "a\0b");
    ASSERT_ITEM(2, UUID_BYTES);
}

static void test_params_empty_text_is_not_null(void **state)
{
    (void)state;
    db_param_text(&params, FC_STR_NONE);
    db_param_null(&params);
    assert_non_null(params.items[0].ptr);
    assert_int_equal(params.items[0].len, 0);
    assert_null(params.items[1].ptr);
    assert_int_equal(params.count, 2);
}

static void test_params_calendar_begins_in_2000(void **state)
{
    (void)state;
    db_param_instant(&params, (struct fc_instant){946684800000000});
    db_param_instant(&params, (struct fc_instant){0});
    db_param_day(&params, (struct fc_day){10957});
    db_param_day(&params, (struct fc_day){10956});
    ASSERT_ITEM(0, "\0\0\0\0\0\0\0\0");
    ASSERT_ITEM(1, "\xFF\xFC\xA2\xFE\xC4\xC8\x20\x00");
    ASSERT_ITEM(2, "\0\0\0\0");
    ASSERT_ITEM(3, "\377\377\377\377");
}

static void test_params_ends_of_the_calendar_are_infinite(void **state)
{
    (void)state;
    db_param_instant(&params, (struct fc_instant){INT64_MAX});
    db_param_instant(&params, (struct fc_instant){INT64_MIN});
    db_param_day(&params, (struct fc_day){INT32_MAX});
    db_param_day(&params, (struct fc_day){INT32_MIN});
    ASSERT_ITEM(0, "\177\377\377\377\377\377\377\377");
    ASSERT_ITEM(1, "\200\0\0\0\0\0\0\0");
    ASSERT_ITEM(2, "\177\377\377\377");
    ASSERT_ITEM(3, "\200\0\0\0");
}

static void test_params_instant_before_the_calendar_is_a_mistake(void **state)
{
    (void)state;
    expect_assert_failure(db_param_instant(&params, (struct fc_instant){INT64_MIN + 1}));
}

static void test_params_array_of_bigint(void **state)
{
    (void)state;
    db_array_begin(&params, DB_I64);
    db_array_i64(&params, 1);
    db_array_i64(&params, -1);
    db_array_end(&params);
    ASSERT_ITEM(0, "\0\0\0\1\0\0\0\0\0\0\0\24\0\0\0\2\0\0\0\1"
                   "\0\0\0\10\0\0\0\0\0\0\0\1"
                   "\0\0\0\10\377\377\377\377\377\377\377\377");
}

static void test_params_array_with_null_says_so(void **state)
{
    (void)state;
    db_array_begin(&params, DB_TEXT);
    db_array_text(&params, FC_STR("ab"));
    db_array_null(&params);
    db_array_text(&params, FC_STR_NONE);
    db_array_end(&params);
    ASSERT_ITEM(0, "\0\0\0\1\0\0\0\1\0\0\0\31\0\0\0\3\0\0\0\1"
                   "\0\0\0\2ab\377\377\377\377\0\0\0\0");
}

static void test_params_null_flag_does_not_reach_the_next_array(void **state)
{
    (void)state;
    db_array_begin(&params, DB_I16);
    db_array_null(&params);
    db_array_end(&params);
    db_array_begin(&params, DB_I16);
    db_array_i16(&params, 5);
    db_array_end(&params);
    ASSERT_ITEM(1, "\0\0\0\1\0\0\0\0\0\0\0\25\0\0\0\1\0\0\0\1\0\0\0\2\0\5");
}

static void test_params_empty_array_has_no_dimension(void **state)
{
    (void)state;
    db_array_begin(&params, DB_UUID);
    db_array_end(&params);
    ASSERT_ITEM(0, "\0\0\0\0\0\0\0\0\0\0\13\206");
}

static void test_params_array_of_nulls_alone_is_empty_where_it_may_be(void **state)
{
    (void)state;
    db_array_begin(&params, DB_UUID);
    db_array_null(&params);
    db_array_null(&params);
    db_array_end_sparse(&params);
    ASSERT_ITEM(0, "\0\0\0\0\0\0\0\0\0\0\x0b\x86");
    db_array_begin(&params, DB_I16);
    db_array_null(&params);
    db_array_i16(&params, 5);
    db_array_end_sparse(&params);
    ASSERT_ITEM(1, "\0\0\0\1\0\0\0\1\0\0\0\25\0\0\0\2\0\0\0\1\377\377\377\377\0\0\0\2\0\5");
}

static void put_one_of(enum db_type type)
{
    db_array_begin(&params, type);
    switch (type) {
    case DB_I16:
        db_array_i16(&params, 7);
        break;
    case DB_I32:
        db_array_i32(&params, 7);
        break;
    case DB_I64:
        db_array_i64(&params, 7);
        break;
    case DB_BOOL:
        db_array_bool(&params, true);
        break;
    case DB_UUID:
        db_array_uuid(&params, &uuid);
        break;
    case DB_TEXT:
        db_array_text(&params, FC_STR("x"));
        break;
    case DB_INSTANT:
        db_array_instant(&params, (struct fc_instant){946684800000007});
        break;
    case DB_DAY:
        db_array_day(&params, (struct fc_day){10964});
        break;
    case DB_BYTES:
        db_array_bytes(&params, FC_STR("\377"));
        break;
    }
    db_array_end(&params);
}

static void test_params_array_of_each_type(void **state)
{
    const struct {
        enum db_type type;
        uint32_t want_oid;
        struct fc_str want;
    } rows[] = {
        {DB_I16, 21, FC_STR("\0\0\0\2\0\7")},
        {DB_I32, 23, FC_STR("\0\0\0\4\0\0\0\7")},
        {DB_I64, 20, FC_STR("\0\0\0\10\0\0\0\0\0\0\0\7")},
        {DB_BOOL, 16, FC_STR("\0\0\0\1\1")},
        {DB_UUID, 2950, FC_STR("\0\0\0\20" UUID_BYTES)},
        {DB_TEXT, 25, FC_STR("\0\0\0\1x")},
        {DB_INSTANT, 1184, FC_STR("\0\0\0\10\0\0\0\0\0\0\0\7")},
        {DB_DAY, 1082, FC_STR("\0\0\0\4\0\0\0\7")},
        {DB_BYTES, 17, FC_STR("\0\0\0\1\377")},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        put_one_of(rows[i].type);
        const unsigned char *bytes = (const unsigned char *)params.items[i].ptr;

        assert_int_equal((uint32_t)bytes[10] << 8 | bytes[11], rows[i].want_oid);
        assert_int_equal(params.items[i].len, 20 + rows[i].want.len);
        assert_memory_equal(bytes + 20, rows[i].want.ptr, rows[i].want.len);
    }
}

static void test_params_full_arena_overflows_and_stays_so(void **state)
{
    static char big[sizeof(memory)];

    (void)state;
    db_param_i64(&params, 1);
    db_param_text(&params, (struct fc_str){big, sizeof(big)});
    assert_true(params.overflow);
    db_param_i64(&params, 2);
    db_array_begin(&params, DB_I64);
    db_array_i64(&params, 3);
    db_array_end(&params);
    assert_true(params.overflow);
}

static void test_params_array_that_fills_the_arena_overflows(void **state)
{
    (void)state;
    db_array_begin(&params, DB_I64);
    for (int64_t i = 0; i < (int64_t)sizeof(memory) / 12; i++)
        db_array_i64(&params, i);
    db_array_end(&params);
    assert_true(params.overflow);
}

static void test_params_array_that_just_fits_is_kept(void **state)
{
    int64_t count = (sizeof(memory) - 20) / 12;

    (void)state;
    db_array_begin(&params, DB_I64);
    for (int64_t i = 0; i < count; i++)
        db_array_i64(&params, i);
    db_array_end(&params);
    assert_false(params.overflow);
    assert_int_equal(params.items[0].len, 20 + 12 * count);
}

static void test_params_above_the_limit_overflow(void **state)
{
    (void)state;
    for (int i = 0; i < DB_PARAMS_MAX; i++)
        db_param_null(&params);
    assert_false(params.overflow);
    db_param_null(&params);
    assert_true(params.overflow);
    assert_int_equal(params.count, DB_PARAMS_MAX);
}

static void test_params_init_forgets_an_overflow(void **state)
{
    (void)state;
    for (int i = 0; i <= DB_PARAMS_MAX; i++)
        db_param_null(&params);
    db_params_init(&params, &arena);
    assert_false(params.overflow);
    assert_int_equal(params.count, 0);
}

static void test_params_element_of_another_type_is_a_mistake(void **state)
{
    (void)state;
    db_array_begin(&params, DB_I64);
    expect_assert_failure(db_array_i32(&params, 1));
}

static void test_params_element_without_array_is_a_mistake(void **state)
{
    (void)state;
    expect_assert_failure(db_array_i64(&params, 1));
    expect_assert_failure(db_array_end(&params));
}

static void test_params_value_inside_an_array_is_a_mistake(void **state)
{
    (void)state;
    db_array_begin(&params, DB_I64);
    expect_assert_failure(db_param_i64(&params, 1));
    expect_assert_failure(db_array_begin(&params, DB_I64));
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_params_numbers_are_big_endian),
        TEST(test_params_text_bytes_and_ids_are_themselves),
        TEST(test_params_empty_text_is_not_null),
        TEST(test_params_calendar_begins_in_2000),
        TEST(test_params_ends_of_the_calendar_are_infinite),
        TEST(test_params_instant_before_the_calendar_is_a_mistake),
        TEST(test_params_array_of_bigint),
        TEST(test_params_array_with_null_says_so),
        TEST(test_params_null_flag_does_not_reach_the_next_array),
        TEST(test_params_empty_array_has_no_dimension),
        TEST(test_params_array_of_nulls_alone_is_empty_where_it_may_be),
        TEST(test_params_array_of_each_type),
        TEST(test_params_full_arena_overflows_and_stays_so),
        TEST(test_params_array_that_fills_the_arena_overflows),
        TEST(test_params_array_that_just_fits_is_kept),
        TEST(test_params_above_the_limit_overflow),
        TEST(test_params_init_forgets_an_overflow),
        TEST(test_params_element_of_another_type_is_a_mistake),
        TEST(test_params_element_without_array_is_a_mistake),
        TEST(test_params_value_inside_an_array_is_a_mistake),
    };

    fc_assert_hook_set(on_assert);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
