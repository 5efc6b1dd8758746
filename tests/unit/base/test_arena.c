#include "support/expect.h"

#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#define BLOCK_BYTES 256

static alignas(16) char block[BLOCK_BYTES];

static struct fc_arena arena_of_block(void)
{
    struct fc_arena arena;

    memset(block, 0x5A, sizeof(block));
    fc_arena_init(&arena, block, sizeof(block));
    return arena;
}

static void test_arena_take_is_zeroed_and_aligned(void **state)
{
    struct fc_arena arena = arena_of_block();
    char *one = fc_arena_take(&arena, 1, 1);
    char *three = fc_arena_take(&arena, 3, 8);

    (void)state;
    assert_ptr_equal(one, block);
    assert_int_equal(*one, 0);
    assert_ptr_equal(three, block + 16);
    for (size_t i = 0; i < 24; i++)
        assert_int_equal(three[i], 0);
    assert_int_equal(three[24], 0x5A);
    assert_int_equal(arena.used, 40);
}

static void test_arena_take_unset_is_aligned_and_as_it_was(void **state)
{
    struct fc_arena arena = arena_of_block();

    (void)state;
    assert_non_null(fc_arena_take(&arena, 1, 1));
    char *two = fc_arena_take_unset(&arena, 2, 1);

    assert_ptr_equal(two, block + 16);
    assert_int_equal(two[1], 0x5A);
    assert_int_equal(arena.used, 18);
    assert_null(fc_arena_take_unset(&arena, 1, BLOCK_BYTES));
    assert_null(fc_arena_take_unset(&arena, SIZE_MAX, 2));
    assert_int_equal(arena.used, 18);
}

static void test_arena_take_of_all_fits_and_one_more_is_refused(void **state)
{
    struct fc_arena arena = arena_of_block();

    (void)state;
    assert_non_null(fc_arena_take(&arena, 1, BLOCK_BYTES));
    assert_null(fc_arena_take(&arena, 1, 1));
    fc_arena_reset(&arena);
    assert_null(fc_arena_take(&arena, 1, BLOCK_BYTES + 1));
    assert_non_null(fc_arena_take(&arena, BLOCK_BYTES, 1));
}

static void test_arena_refused_take_changes_nothing(void **state)
{
    struct fc_arena arena = arena_of_block();

    (void)state;
    assert_non_null(fc_arena_take(&arena, 1, 100));
    assert_null(fc_arena_take(&arena, 1, BLOCK_BYTES));
    assert_int_equal(arena.used, 100);
    assert_int_equal(arena.used_max, 100);
    assert_int_equal(block[112], 0x5A);
}

static void test_arena_take_whose_size_overflows_is_refused(void **state)
{
    struct fc_arena arena = arena_of_block();

    (void)state;
    assert_null(fc_arena_take(&arena, SIZE_MAX, 2));
    assert_null(fc_arena_take(&arena, 2, SIZE_MAX / 2 + 1));
    assert_null(fc_arena_take(&arena, 1, SIZE_MAX));
    assert_int_equal(arena.used, 0);
}

static void test_arena_last_bytes_too_few_to_align_are_refused(void **state)
{
    static alignas(16) char odd[20];
    struct fc_arena arena;

    (void)state;
    fc_arena_init(&arena, odd, sizeof(odd));
    assert_non_null(fc_arena_take(&arena, 1, 17));
    /* Aligned up, 32 is behind the end. */
    assert_null(fc_arena_take(&arena, 1, 1));
    assert_null(fc_arena_take(&arena, 1, 0));
}

static void test_arena_reset_keeps_the_high_water_mark(void **state)
{
    struct fc_arena arena = arena_of_block();

    (void)state;
    assert_non_null(fc_arena_take(&arena, 1, 200));
    fc_arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    assert_non_null(fc_arena_take(&arena, 1, 10));
    assert_int_equal(arena.used_max, 200);
}

static void test_arena_rewind_gives_back_what_came_after_the_mark(void **state)
{
    struct fc_arena arena = arena_of_block();

    (void)state;
    assert_non_null(fc_arena_take(&arena, 1, 32));
    size_t mark = fc_arena_mark(&arena);

    assert_non_null(fc_arena_take(&arena, 1, 100));
    fc_arena_rewind(&arena, mark);
    assert_ptr_equal(fc_arena_take(&arena, 1, 1), block + 32);
}

static void test_arena_copy_is_of_its_own(void **state)
{
    struct fc_arena arena = arena_of_block();
    char text[] = "word";
    struct fc_str copy = FC_STR_NONE;

    (void)state;
    assert_true(fc_arena_copy(&arena, fc_str_of(text), &copy));
    text[0] = 'l';
    assert_str_equal(copy, "word");
    assert_true(fc_arena_copy(&arena, FC_STR_NONE, &copy));
    assert_int_equal(copy.len, 0);
    assert_int_equal(arena.used, 4);
}

static void test_arena_copy_at_the_limit_and_one_beyond(void **state)
{
    static char text[BLOCK_BYTES + 1];
    struct fc_arena arena = arena_of_block();
    struct fc_str copy = FC_STR("untouched");

    (void)state;
    memset(text, 'x', sizeof(text));
    assert_false(fc_arena_copy(&arena, (struct fc_str){text, BLOCK_BYTES + 1}, &copy));
    assert_str_equal(copy, "untouched");
    assert_int_equal(arena.used, 0);
    assert_true(fc_arena_copy(&arena, (struct fc_str){text, BLOCK_BYTES}, &copy));
    assert_int_equal(copy.len, BLOCK_BYTES);
}

static void test_arena_buf_keeps_what_was_written(void **state)
{
    struct fc_arena arena = arena_of_block();
    struct fc_str text;

    (void)state;
    assert_non_null(fc_arena_take(&arena, 1, 3));
    struct fc_buf buf = fc_arena_buf_begin(&arena);

    assert_int_equal(buf.size, BLOCK_BYTES - 3);
    fc_buf_put_text(&buf, "kept");
    assert_true(fc_arena_buf_end(&arena, &buf, &text));
    assert_str_equal(text, "kept");
    assert_int_equal(arena.used, 7);
    assert_int_equal(arena.used_max, 7);
}

static void test_arena_buf_that_overflowed_keeps_nothing(void **state)
{
    struct fc_arena arena = arena_of_block();
    struct fc_str text = FC_STR("untouched");
    struct fc_buf buf = fc_arena_buf_begin(&arena);

    (void)state;
    for (int i = 0; i < BLOCK_BYTES + 1; i++)
        fc_buf_put_char(&buf, 'x');
    assert_false(fc_arena_buf_end(&arena, &buf, &text));
    assert_str_equal(text, "untouched");
    assert_int_equal(arena.used, 0);
}

static void test_arena_misuse_is_a_mistake(void **state)
{
    struct fc_arena arena = arena_of_block();
    struct fc_buf buf = fc_arena_buf_begin(&arena);
    struct fc_str text;

    (void)state;
    EXPECT_ASSERT(fc_arena_init(&arena, NULL, 16));
    EXPECT_ASSERT(fc_arena_init(&arena, block + 1, 16));
    EXPECT_ASSERT(fc_arena_rewind(&arena, 1));
    assert_non_null(fc_arena_take(&arena, 1, 1));
    EXPECT_ASSERT(assert_true(fc_arena_buf_end(&arena, &buf, &text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_take_is_zeroed_and_aligned),
        cmocka_unit_test(test_arena_take_unset_is_aligned_and_as_it_was),
        cmocka_unit_test(test_arena_take_of_all_fits_and_one_more_is_refused),
        cmocka_unit_test(test_arena_refused_take_changes_nothing),
        cmocka_unit_test(test_arena_take_whose_size_overflows_is_refused),
        cmocka_unit_test(test_arena_last_bytes_too_few_to_align_are_refused),
        cmocka_unit_test(test_arena_reset_keeps_the_high_water_mark),
        cmocka_unit_test(test_arena_rewind_gives_back_what_came_after_the_mark),
        cmocka_unit_test(test_arena_copy_is_of_its_own),
        cmocka_unit_test(test_arena_copy_at_the_limit_and_one_beyond),
        cmocka_unit_test(test_arena_buf_keeps_what_was_written),
        cmocka_unit_test(test_arena_buf_that_overflowed_keeps_nothing),
        cmocka_unit_test(test_arena_misuse_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
