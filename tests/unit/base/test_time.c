#include "support/expect.h"

#include "base/time.h"

static struct fc_instant instant_of(const char *text)
{
    struct fc_instant at = {0};

    if (!fc_instant_parse(fc_str_of(text), &at))
        fail_msg("\"%s\" was refused", text);
    return at;
}

static struct fc_str instant_text(struct fc_instant at, char memory[FC_INSTANT_TEXT_BYTES])
{
    struct fc_buf buf = fc_buf_of(memory, FC_INSTANT_TEXT_BYTES);

    fc_instant_put(&buf, at);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static struct fc_str day_text(struct fc_day day, char memory[FC_DAY_TEXT_BYTES])
{
    struct fc_buf buf = fc_buf_of(memory, FC_DAY_TEXT_BYTES);

    fc_day_put(&buf, day);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static void test_instant_is_written_in_utc_with_microseconds(void **state)
{
    static const struct {
        int64_t us;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000000Z"},
        {-1, "1969-12-31T23:59:59.999999Z"},
        {1, "1970-01-01T00:00:00.000001Z"},
        {951782399999999, "2000-02-28T23:59:59.999999Z"},
        {951782400000000, "2000-02-29T00:00:00.000000Z"},
        {4107542400000000, "2100-03-01T00:00:00.000000Z"},
        {1767225599123456, "2025-12-31T23:59:59.123456Z"},
        {-62167219200000000, "0000-01-01T00:00:00.000000Z"},
        {253402300799999999, "9999-12-31T23:59:59.999999Z"},
    };

    char memory[FC_INSTANT_TEXT_BYTES];

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        assert_str_equal(instant_text((struct fc_instant){rows[i].us}, memory), rows[i].text);
}

static void test_instant_rfc_3339_forms_are_read(void **state)
{
    static const struct {
        const char *text;
        const char *utc;
    } rows[] = {
        {"1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520000Z"},
        {"1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000000Z"},
        {"1990-12-31T23:59:60Z", "1990-12-31T23:59:59.000000Z"},
        {"1990-12-31T15:59:60-08:00", "1990-12-31T23:59:59.000000Z"},
        {"1990-12-31T23:59:60.75Z", "1990-12-31T23:59:59.750000Z"},
        {"1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870000Z"},
        {"2026-01-31T00:00:00+09:00", "2026-01-30T15:00:00.000000Z"},
        {"2026-01-31t01:02:03z", "2026-01-31T01:02:03.000000Z"},
        {"2026-01-31 01:02:03Z", "2026-01-31T01:02:03.000000Z"},
        {"2026-01-31T01:02:03-00:00", "2026-01-31T01:02:03.000000Z"},
        {"2026-01-31T01:02:03.1Z", "2026-01-31T01:02:03.100000Z"},
        {"2026-01-31T01:02:03.1234567Z", "2026-01-31T01:02:03.123456Z"},
        {"2026-01-31T01:02:03.999999999999999999999999Z", "2026-01-31T01:02:03.999999Z"},
        {"2026-01-31T01:02:03+23:59", "2026-01-30T01:03:03.000000Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"},
        {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z"},
        {"0001-01-01T23:59:00+23:59", "0001-01-01T00:00:00.000000Z"},
        {"9999-12-31T23:59:59.999999+09:00", "9999-12-31T14:59:59.999999Z"},
    };

    char memory[FC_INSTANT_TEXT_BYTES];

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        assert_str_equal(instant_text(instant_of(rows[i].text), memory), rows[i].utc);
}

static void test_instant_anything_else_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "2026-01-31",
        "2026-01-31T01:02:03",
        "2026-01-31T01:02Z",
        "2026-01-31T01:02:03.Z",
        "2026-01-31T01:02:03,5Z",
        "2026-01-31T01:02:03Zx",
        "2026-01-31T01:02:03Z ",
        " 2026-01-31T01:02:03Z",
        "2026-01-31T01:02:03+0900",
        "2026-01-31T01:02:03+09",
        "2026-01-31T01:02:03+24:00",
        "2026-01-31T01:02:03+09:60",
        "2026-01-31T01:02:03 +09:00",
        "2026-01-31T24:00:00Z",
        "2026-01-31T23:60:00Z",
        "2026-01-31T23:59:61Z",
        "2026-1-31T01:02:03Z",
        "26-01-31T01:02:03Z",
        "2026-00-31T01:02:03Z",
        "2026-13-01T01:02:03Z",
        "2026-01-00T01:02:03Z",
        "2026-01-32T01:02:03Z",
        "2026-04-31T01:02:03Z",
        "2026-02-29T01:02:03Z",
        "2100-02-29T01:02:03Z",
        "2026-01-31T-1:02:03Z",
        "-026-01-31T01:02:03Z",
        "+026-01-31T01:02:03Z",
        "20260131T010203Z",
        "2026-01-31_01:02:03Z",
        "2026-01-31T01:02:03.-1Z",
        "0000-12-31T23:59:59Z",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_instant at = {42};

        if (fc_instant_parse(fc_str_of(rows[i]), &at) || at.us != 42)
            fail_msg("\"%s\" was taken", rows[i]);
    }
}

static void test_instant_that_no_four_digits_can_date_is_refused(void **state)
{
    struct fc_instant at;

    (void)state;
    assert_false(fc_instant_parse(FC_STR("9999-12-31T23:59:59-00:01"), &at));
    /* The year 0000, which could be written, but not read again. */
    assert_false(fc_instant_parse(FC_STR("0001-01-01T23:58:59.999999+23:59"), &at));
    /* The year 10000 in Seoul. */
    assert_false(fc_instant_parse(FC_STR("9999-12-31T15:00:00Z"), &at));
}

static void test_day_in_seoul_begins_at_fifteen_utc(void **state)
{
    static const struct {
        const char *at;
        const char *day;
    } rows[] = {
        {"2026-01-30T14:59:59.999999Z", "2026-01-30"},
        {"2026-01-30T15:00:00.000000Z", "2026-01-31"},
        {"2026-01-31T14:59:59.999999Z", "2026-01-31"},
        {"2026-01-31T15:00:00.000000Z", "2026-02-01"},
        {"2024-02-28T15:00:00Z", "2024-02-29"},
        {"2025-12-31T14:59:59Z", "2025-12-31"},
        {"2025-12-31T15:00:00Z", "2026-01-01"},
        {"1969-12-31T14:59:59.999999Z", "1969-12-31"},
        {"1969-12-31T15:00:00Z", "1970-01-01"},
        {"2026-07-31T15:00:00Z", "2026-08-01"},
    };

    char memory[FC_DAY_TEXT_BYTES];

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        assert_str_equal(day_text(fc_day_seoul(instant_of(rows[i].at)), memory), rows[i].day);
}

static void test_day_begins_where_the_one_before_ends(void **state)
{
    (void)state;
    for (int32_t days = -1000; days <= 40000; days += 37) {
        struct fc_instant begin = fc_day_seoul_begin((struct fc_day){days});
        struct fc_instant before = {begin.us - 1};

        assert_int_equal(fc_day_seoul(begin).days, days);
        assert_int_equal(fc_day_seoul(before).days, days - 1);
    }
}

static void test_day_text_comes_back_over_four_centuries(void **state)
{
    char memory[FC_DAY_TEXT_BYTES];
    struct fc_day day;

    (void)state;
    for (int32_t days = -141427; days <= 146097; days++) {
        assert_true(fc_day_parse(day_text((struct fc_day){days}, memory), &day));
        assert_int_equal(day.days, days);
    }
}

static void test_instant_text_comes_back(void **state)
{
    char memory[FC_INSTANT_TEXT_BYTES];
    struct fc_instant back;

    (void)state;
    /* Nothing that divides a day, so that every place runs through its digits. */
    for (int64_t us = -62135596800000000; us < 253402268399999999; us += 3153600000017777) {
        for (int64_t more = 0; more < 10 * FC_US_PER_DAY; more += 7123456789) {
            struct fc_str text = instant_text((struct fc_instant){us + more}, memory);

            assert_int_equal(text.len, FC_INSTANT_TEXT_BYTES);
            assert_true(fc_instant_parse(text, &back));
            assert_int_equal(back.us, us + more);
        }
    }
}

static void test_day_known_dates(void **state)
{
    static const struct {
        const char *text;
        int32_t days;
    } rows[] = {
        {"1970-01-01", 0},     {"1969-12-31", -1},      {"2000-02-29", 11016},
        {"2026-01-31", 20484}, {"0001-01-01", -719162}, {"9999-12-31", 2932896},
    };

    char memory[FC_DAY_TEXT_BYTES];
    struct fc_day day;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        assert_true(fc_day_parse(fc_str_of(rows[i].text), &day));
        assert_int_equal(day.days, rows[i].days);
        assert_str_equal(day_text(day, memory), rows[i].text);
    }
}

static void test_day_anything_else_is_refused(void **state)
{
    static const char *const rows[] = {
        "",           "2026-01",    "2026-01-31T", "2026-01-31 ", "2026/01/31", "2026-02-30",
        "2026-06-31", "2023-02-29", "1900-02-29",  "2026-01-0",   "2026-1-01",  "0000-01-01",
        "2026-01--1", "20260131",   "2026-00-01",  "2026-13-01",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_day day = {42};

        if (fc_day_parse(fc_str_of(rows[i]), &day) || day.days != 42)
            fail_msg("\"%s\" was taken", rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instant_is_written_in_utc_with_microseconds),
        cmocka_unit_test(test_instant_rfc_3339_forms_are_read),
        cmocka_unit_test(test_instant_anything_else_is_refused),
        cmocka_unit_test(test_instant_that_no_four_digits_can_date_is_refused),
        cmocka_unit_test(test_day_in_seoul_begins_at_fifteen_utc),
        cmocka_unit_test(test_day_begins_where_the_one_before_ends),
        cmocka_unit_test(test_day_text_comes_back_over_four_centuries),
        cmocka_unit_test(test_instant_text_comes_back),
        cmocka_unit_test(test_day_known_dates),
        cmocka_unit_test(test_day_anything_else_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
