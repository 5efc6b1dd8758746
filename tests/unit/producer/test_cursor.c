#include "support/expect.h"

#include "producer/cursor.h"

#include <string.h>

static struct cursor sample(size_t text_len)
{
    struct cursor cursor = {.number = 5, .id = ID_MAX, .text_len = text_len};

    memset(cursor.uuid.bytes, 0xAB, sizeof(cursor.uuid.bytes));
    memset(cursor.text, 'n', text_len);
    return cursor;
}

static void test_cursor_comes_back_as_it_was_put(void **state)
{
    (void)state;
    for (size_t len = 0; len <= NAME_BYTES_MAX; len++) {
        struct cursor cursor = sample(len);
        struct cursor back;
        char text[CURSOR_TEXT_MAX];
        struct fc_buf buf = fc_buf_of(text, sizeof(text));

        cursor_put(&buf, &cursor, 42);
        assert_false(buf.overflow);
        assert_true(cursor_parse(fc_buf_str(&buf), 42, &back));
        assert_int_equal(back.number, 5);
        assert_int_equal(back.id, ID_MAX);
        assert_memory_equal(back.uuid.bytes, cursor.uuid.bytes, 16);
        assert_int_equal(back.text_len, len);
        assert_memory_equal(back.text, cursor.text, len);
    }
}

static void test_cursor_of_another_list_is_none(void **state)
{
    struct cursor cursor = sample(3);
    struct cursor back;
    char text[CURSOR_TEXT_MAX];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    (void)state;
    cursor_put(&buf, &cursor, 42);
    assert_false(cursor_parse(fc_buf_str(&buf), 43, &back));
}

static void test_cursor_changed_anywhere_is_none(void **state)
{
    struct cursor cursor = sample(4);
    char text[CURSOR_TEXT_MAX];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    (void)state;
    cursor_put(&buf, &cursor, 42);
    for (size_t i = 0; i < buf.len; i++) {
        struct cursor back;
        char old = text[i];

        text[i] = old == 'A' ? 'B' : 'A';
        if (cursor_parse(fc_buf_str(&buf), 42, &back))
            fail_msg("changed at %zu", i);
        text[i] = '+';
        assert_false(cursor_parse(fc_buf_str(&buf), 42, &back));
        text[i] = old;
    }
}

static void test_cursor_cut_or_lengthened_is_none(void **state)
{
    struct cursor cursor = sample(NAME_BYTES_MAX);
    struct cursor back;
    char text[CURSOR_TEXT_MAX + 8];
    struct fc_buf buf = fc_buf_of(text, CURSOR_TEXT_MAX);

    (void)state;
    cursor_put(&buf, &cursor, 42);
    for (size_t len = 0; len < buf.len; len++)
        assert_false(cursor_parse((struct fc_str){text, len}, 42, &back));
    memset(text + buf.len, 'A', sizeof(text) - buf.len);
    for (size_t len = buf.len + 1; len <= sizeof(text); len++)
        assert_false(cursor_parse((struct fc_str){text, len}, 42, &back));
}

/* Found by fuzzing: anybody can compute the sum, and PostgreSQL answers such a position with an
 * error, which is none of a client's to cause. */
static void test_cursor_that_no_list_gives_out_is_none(void **state)
{
    static const struct cursor forged[] = {
        {.number = -1},
        {.number = INT64_MIN},
        {.number = ID_MAX + 1},
        {.id = -1},
        {.id = INT64_MAX},
        {.text = "a\xff", .text_len = 2},
        {.text = "a\0b", .text_len = 3},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(forged); i++) {
        char text[CURSOR_TEXT_MAX];
        struct fc_buf buf = fc_buf_of(text, sizeof(text));
        struct cursor back;

        cursor_put(&buf, &forged[i], 42);
        assert_false(cursor_parse(fc_buf_str(&buf), 42, &back));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cursor_comes_back_as_it_was_put),
        cmocka_unit_test(test_cursor_of_another_list_is_none),
        cmocka_unit_test(test_cursor_that_no_list_gives_out_is_none),
        cmocka_unit_test(test_cursor_changed_anywhere_is_none),
        cmocka_unit_test(test_cursor_cut_or_lengthened_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
