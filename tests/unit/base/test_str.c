#include "support/expect.h"

#include "base/str.h"

#include <stdio.h>
#include <string.h>

static void test_str_of_null_is_empty(void **state)
{
    (void)state;
    assert_int_equal(fc_str_of(NULL).len, 0);
    assert_int_equal(fc_str_of("").len, 0);
    assert_str_equal(fc_str_of("abc"), "abc");
    assert_int_equal(FC_STR("a\0b").len, 3);
}

static void test_str_eq_compares_bytes_and_length(void **state)
{
    (void)state;
    assert_true(fc_str_eq(FC_STR_NONE, FC_STR("")));
    assert_true(fc_str_eq(FC_STR("ab"), FC_STR("ab")));
    assert_false(fc_str_eq(FC_STR("ab"), FC_STR("ac")));
    assert_false(fc_str_eq(FC_STR("ab"), FC_STR("abc")));
    assert_false(fc_str_eq(FC_STR("a\0b"), FC_STR("a\0c")));
}

static void test_str_cmp_orders_bytewise_shorter_first(void **state)
{
    static const struct fc_str rows[] = {{NULL, 0}, {"a", 1}, {"ab", 2}, {"b", 1}, {"\xc3\xa9", 2}};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        assert_int_equal(fc_str_cmp(rows[i], rows[i]), 0);
        for (size_t j = 0; j < i; j++) {
            assert_true(fc_str_cmp(rows[j], rows[i]) < 0);
            assert_true(fc_str_cmp(rows[i], rows[j]) > 0);
        }
    }
}

static void test_str_starts_with(void **state)
{
    (void)state;
    assert_true(fc_str_starts_with(FC_STR("user:7"), FC_STR("user:")));
    assert_true(fc_str_starts_with(FC_STR("user:"), FC_STR("user:")));
    assert_true(fc_str_starts_with(FC_STR_NONE, FC_STR_NONE));
    assert_false(fc_str_starts_with(FC_STR("user"), FC_STR("user:")));
    assert_false(fc_str_starts_with(FC_STR("xuser:"), FC_STR("user:")));
}

static void test_str_cut_gives_the_pieces(void **state)
{
    struct fc_str text = FC_STR("a,,bc");

    (void)state;
    assert_str_equal(fc_str_cut(&text, ','), "a");
    assert_str_equal(text, ",bc");
    assert_str_equal(fc_str_cut(&text, ','), "");
    assert_str_equal(fc_str_cut(&text, ','), "bc");
    assert_str_equal(text, "");
    assert_str_equal(fc_str_cut(&text, ','), "");
}

static void test_str_cut_of_nothing_is_nothing(void **state)
{
    struct fc_str text = FC_STR_NONE;

    (void)state;
    assert_str_equal(fc_str_cut(&text, ','), "");
    assert_int_equal(text.len, 0);
}

static void test_str_cut_at_the_ends(void **state)
{
    struct fc_str head = FC_STR(",x");
    struct fc_str tail = FC_STR("x,");

    (void)state;
    assert_str_equal(fc_str_cut(&head, ','), "");
    assert_str_equal(head, "x");
    assert_str_equal(fc_str_cut(&tail, ','), "x");
    assert_str_equal(tail, "");
}

static void test_str_to_i64_reads_decimals_in_bounds(void **state)
{
    static const struct {
        const char *text;
        int64_t min, max;
        bool fits;
        int64_t value;
    } rows[] = {
        {"0", 0, 0, true, 0},
        {"-0", 0, 0, true, 0},
        {"007", 0, 10, true, 7},
        {"1", 1, 5, true, 1},
        {"5", 1, 5, true, 5},
        {"0", 1, 5, false, 0},
        {"6", 1, 5, false, 0},
        {"-5", -5, 5, true, -5},
        {"-6", -5, 5, false, 0},
        {"9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX},
        {"9223372036854775808", INT64_MIN, INT64_MAX, false, 0},
        {"-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN},
        {"-9223372036854775809", INT64_MIN, INT64_MAX, false, 0},
        {"99999999999999999999999", INT64_MIN, INT64_MAX, false, 0},
        {"18446744073709551617", INT64_MIN, INT64_MAX, false, 0},
        {"", INT64_MIN, INT64_MAX, false, 0},
        {"-", INT64_MIN, INT64_MAX, false, 0},
        {"--1", INT64_MIN, INT64_MAX, false, 0},
        {"+1", INT64_MIN, INT64_MAX, false, 0},
        {" 1", INT64_MIN, INT64_MAX, false, 0},
        {"1 ", INT64_MIN, INT64_MAX, false, 0},
        {"1.0", INT64_MIN, INT64_MAX, false, 0},
        {"1e3", INT64_MIN, INT64_MAX, false, 0},
        {"0x10", INT64_MIN, INT64_MAX, false, 0},
        {"1-", INT64_MIN, INT64_MAX, false, 0},
        {"\xef\xbc\x91", INT64_MIN, INT64_MAX, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        int64_t value = 42;
        bool fits = fc_str_to_i64(fc_str_of(rows[i].text), rows[i].min, rows[i].max, &value);

        if (fits != rows[i].fits || value != (rows[i].fits ? rows[i].value : 42))
            fail_msg("\"%s\" gave %d and %lld", rows[i].text, fits, (long long)value);
    }
}

static void test_str_to_i64_does_not_stop_at_a_nul(void **state)
{
    int64_t value;

    (void)state;
    assert_false(fc_str_to_i64(FC_STR("1\0"), 0, 9, &value));
    assert_false(fc_str_to_i64(FC_STR_NONE, 0, 9, &value));
}

static void test_str_copy_says_when_it_cuts(void **state)
{
    char text[4] = "???";

    (void)state;
    assert_true(fc_str_copy(FC_STR_NONE, text, sizeof(text)));
    assert_string_equal(text, "");
    assert_true(fc_str_copy(FC_STR("abc"), text, sizeof(text)));
    assert_string_equal(text, "abc");
    assert_false(fc_str_copy(FC_STR("wxyz"), text, sizeof(text)));
    assert_string_equal(text, "wxy");
    EXPECT_ASSERT((void)fc_str_copy(FC_STR("a"), text, 0));
}

/* The same wherever it stands in a longer text, which is passed over in words. */
static bool is_utf8_anywhere(struct fc_str text, bool want)
{
    char memory[64];

    for (size_t before = 0; before <= 17; before++)
        for (size_t behind = 0; behind <= 17; behind++) {
            struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

            fc_buf_put(&buf, (struct fc_str){"abcdefghijklmnopq", before});
            fc_buf_put(&buf, text);
            fc_buf_put(&buf, (struct fc_str){"ABCDEFGHIJKLMNOPQ", behind});
            assert_false(buf.overflow);
            if (fc_str_is_utf8(fc_buf_str(&buf)) != want)
                return !want;
        }
    return want;
}

static void test_str_utf8_well_formed(void **state)
{
    static const char *const rows[] = {
        "",
        "plain ~\x7f",
        "\xc2\x80",
        "\xdf\xbf",
        "\xe0\xa0\x80",
        "\xed\x9f\xbf",
        "\xee\x80\x80",
        "\xef\xbf\xbf",
        "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf",
        "\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4",
        "a\xc3\xa9z",
        "\x01\x1f",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        if (!is_utf8_anywhere(fc_str_of(rows[i]), true))
            fail_msg("row %zu was refused", i);
    assert_true(fc_str_is_utf8(FC_STR_NONE));
}

static void test_str_utf8_ill_formed(void **state)
{
    static const struct fc_str rows[] = {
        {"\0", 1}, /* NUL is allowed nowhere */
        {"a\0b", 3},
        {"\x80", 1}, /* continues nothing */
        {"\xc3", 1}, /* cut short */
        {"\xe2\x82", 2},
        {"\xf0\x9f\x98", 3},
        {"\xc3(", 2}, /* not continued */
        {"\xe2\x82(", 3},
        {"\xf0\x9f\x98(", 4},
        {"\xc0\x80", 2}, /* NUL the long way */
        {"\xc0\xaf", 2}, /* a slash the long way */
        {"\xc1\xbf", 2},
        {"\xe0\x9f\xbf", 3},     /* three bytes for what takes two */
        {"\xf0\x8f\xbf\xbf", 4}, /* four for what takes three */
        {"\xed\xa0\x80", 3},     /* surrogates */
        {"\xed\xbf\xbf", 3},
        {"\xf4\x90\x80\x80", 4}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", 4},
        {"\xf8\x88\x80\x80\x80", 5},
        {"\xfe", 1},
        {"\xff", 1},
        {"ok\xc3\xa9\xff", 5},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        if (is_utf8_anywhere(rows[i], false))
            fail_msg("row %zu was taken", i);
}

static void test_buf_puts_follow_each_other(void **state)
{
    char memory[64];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    fc_buf_put_text(&buf, "n=");
    fc_buf_put_i64(&buf, -17);
    fc_buf_put_char(&buf, ' ');
    fc_buf_put_fmt(&buf, "%s/%d", "x", 3);
    fc_buf_put(&buf, FC_STR_NONE);
    fc_buf_put_text(&buf, NULL);
    assert_str_equal(fc_buf_str(&buf), "n=-17 x/3");
    assert_false(buf.overflow);
}

static void test_buf_numbers_at_the_ends(void **state)
{
    char memory[64];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    fc_buf_put_i64(&buf, INT64_MIN);
    fc_buf_put_char(&buf, ' ');
    fc_buf_put_i64(&buf, INT64_MAX);
    fc_buf_put_char(&buf, ' ');
    fc_buf_put_i64(&buf, 0);
    assert_str_equal(fc_buf_str(&buf), "-9223372036854775808 9223372036854775807 0");
}

static void number_is_written(int64_t number)
{
    char memory[24];
    char want[24];
    size_t len = (size_t)snprintf(want, sizeof(want), "%lld", (long long)number);
    struct fc_buf buf = fc_buf_of(memory, len);

    fc_buf_put_i64(&buf, number);
    assert_false(buf.overflow);
    assert_str_equal(fc_buf_str(&buf), want);
    buf = fc_buf_of(memory, len - 1);
    fc_buf_put_i64(&buf, number);
    assert_true(buf.overflow);
    assert_int_equal(buf.len, 0);
}

static void test_buf_numbers_of_every_length(void **state)
{
    int64_t power = 1;

    (void)state;
    for (int digits = 1; digits <= 19; digits++) {
        number_is_written(power - 1);
        number_is_written(power);
        number_is_written(-power);
        number_is_written(1 - power);
        power *= digits < 19 ? 10 : 1;
    }
    number_is_written(INT64_MIN);
    number_is_written(INT64_MAX);
}

static void test_buf_takes_what_the_caller_fills(void **state)
{
    char memory[4];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    memcpy(fc_buf_take(&buf, 3), "abc", 3);
    assert_str_equal(fc_buf_str(&buf), "abc");
    assert_null(fc_buf_take(&buf, 2));
    assert_true(buf.overflow);
    assert_null(fc_buf_take(&buf, 1));
    assert_str_equal(fc_buf_str(&buf), "abc");
    EXPECT_ASSERT((void)fc_buf_take(&buf, 0));
}

static void test_buf_exactly_full_is_no_overflow(void **state)
{
    char memory[4];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    fc_buf_put_text(&buf, "abcd");
    assert_false(buf.overflow);
    fc_buf_put(&buf, FC_STR_NONE);
    assert_false(buf.overflow);
    fc_buf_put_char(&buf, 'e');
    assert_true(buf.overflow);
    assert_str_equal(fc_buf_str(&buf), "abcd");
}

static void test_buf_overflow_is_sticky_and_writes_nothing_more(void **state)
{
    char memory[8] = "........";
    struct fc_buf buf = fc_buf_of(memory, 4);

    (void)state;
    fc_buf_put_text(&buf, "ab");
    fc_buf_put_text(&buf, "cde");
    assert_true(buf.overflow);
    /* These would fit, and stay out all the same. */
    fc_buf_put_char(&buf, 'x');
    fc_buf_put_i64(&buf, 1);
    fc_buf_put_fmt(&buf, "%d", 1);
    fc_buf_put(&buf, FC_STR("y"));
    assert_str_equal(fc_buf_str(&buf), "ab");
    assert_memory_equal(memory + 4, "....", 4);
}

static void test_buf_fmt_needs_room_for_its_nul(void **state)
{
    char memory[4];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    fc_buf_put_fmt(&buf, "%s", "abc");
    assert_false(buf.overflow);
    assert_int_equal(buf.len, 3);
    buf = fc_buf_of(memory, sizeof(memory));
    fc_buf_put_fmt(&buf, "%s", "abcd");
    assert_true(buf.overflow);
    assert_int_equal(buf.len, 0);
}

static void test_buf_of_nothing_refuses_everything(void **state)
{
    struct fc_buf buf = fc_buf_of(NULL, 0);

    (void)state;
    fc_buf_put(&buf, FC_STR_NONE);
    assert_false(buf.overflow);
    fc_buf_put_fmt(&buf, "%s", "");
    assert_true(buf.overflow);
    assert_int_equal(fc_buf_str(&buf).len, 0);
    EXPECT_ASSERT((void)fc_buf_of(NULL, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_str_of_null_is_empty),
        cmocka_unit_test(test_str_eq_compares_bytes_and_length),
        cmocka_unit_test(test_str_cmp_orders_bytewise_shorter_first),
        cmocka_unit_test(test_str_starts_with),
        cmocka_unit_test(test_str_cut_gives_the_pieces),
        cmocka_unit_test(test_str_cut_of_nothing_is_nothing),
        cmocka_unit_test(test_str_cut_at_the_ends),
        cmocka_unit_test(test_str_to_i64_reads_decimals_in_bounds),
        cmocka_unit_test(test_str_to_i64_does_not_stop_at_a_nul),
        cmocka_unit_test(test_str_copy_says_when_it_cuts),
        cmocka_unit_test(test_str_utf8_well_formed),
        cmocka_unit_test(test_str_utf8_ill_formed),
        cmocka_unit_test(test_buf_puts_follow_each_other),
        cmocka_unit_test(test_buf_numbers_at_the_ends),
        cmocka_unit_test(test_buf_numbers_of_every_length),
        cmocka_unit_test(test_buf_takes_what_the_caller_fills),
        cmocka_unit_test(test_buf_exactly_full_is_no_overflow),
        cmocka_unit_test(test_buf_overflow_is_sticky_and_writes_nothing_more),
        cmocka_unit_test(test_buf_fmt_needs_room_for_its_nul),
        cmocka_unit_test(test_buf_of_nothing_refuses_everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
