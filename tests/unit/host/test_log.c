#include "support/capture.h"
#include "support/expect.h"

#include "host/clock.h"
#include "host/log.h"

#include <json-c/json.h>
#include <string.h>
#include <unistd.h>

static struct capture capture;

static void log_as(bool json)
{
    struct fc_log_settings settings = {FC_LOG_INFO, json, "order-2"};

    fc_log_init(&settings);
}

/* One line with one value, as it reached stderr. */
static struct fc_str logged(struct fc_str value)
{
    struct fc_log_line line;

    capture_begin(&capture, STDERR_FILENO);
    fc_log_begin(&line, FC_LOG_INFO, "batch stored");
    fc_log_str(&line, "value", value);
    fc_log_end(&line);
    return capture_end(&capture);
}

/* What follows `time=…Z `, the time having been looked at. */
static struct fc_str after_time(struct fc_str text)
{
    struct fc_str time = fc_str_cut(&text, ' ');
    struct fc_str key = fc_str_cut(&time, '=');
    struct fc_instant at;
    int64_t now_us = fc_clock_now().us;

    assert_str_equal(key, "time");
    assert_int_equal(time.len, FC_INSTANT_TEXT_BYTES);
    assert_true(fc_instant_parse(time, &at));
    assert_true(at.us <= now_us && at.us > now_us - 600 * FC_US_PER_S);
    return text;
}

static void test_log_line_has_time_level_instance_sentence_and_pairs(void **state)
{
    struct fc_log_line line;
    struct fc_uuid id;

    (void)state;
    log_as(false);
    assert_true(fc_uuid_parse(FC_STR("01234567-89ab-8def-8123-456789abcdef"), &id));
    capture_begin(&capture, STDERR_FILENO);
    fc_log_begin(&line, FC_LOG_WARN, "batch stored");
    fc_log_text(&line, "queue", "order.3");
    fc_log_i64(&line, "commands", -17);
    fc_log_uuid(&line, "first", &id);
    fc_log_end(&line);
    assert_str_equal(after_time(capture_end(&capture)),
                     "level=warn instance=order-2 text=\"batch stored\" queue=order.3 commands=-17 "
                     "first=01234567-89ab-8def-8123-456789abcdef\n");
}

static void test_log_values_cannot_forge_a_line(void **state)
{
    static const struct {
        struct fc_str value;
        const char *logfmt;
        const char *json;
    } rows[] = {
        {{"plain", 5}, "plain", "plain"},
        {{"a/b:c.d-e_f@g,h", 15}, "a/b:c.d-e_f@g,h", "a/b:c.d-e_f@g,h"},
        {{"", 0}, "\"\"", ""},
        {{NULL, 0}, "\"\"", ""},
        {{"two words", 9}, "\"two words\"", "two words"},
        {{"a=b", 3}, "\"a=b\"", "a=b"},
        {{"say \"hi\"", 8}, "\"say \\\"hi\\\"\"", "say \"hi\""},
        {{"\"", 1}, "\"\\\"\"", "\""},
        {{"back\\slash", 10}, "\"back\\\\slash\"", "back\\slash"},
        {{"one\ntwo\r\tx", 10}, "\"one\\ntwo\\r\\tx\"", "one\ntwo\r\tx"},
        {{"nul\0end", 7}, "\"nul\\x00end\"", "nul\\x00end"},
        {{"\x1b[31m", 5}, "\"\\x1b[31m\"", "\\x1b[31m"},
        {{"del\x7f", 4}, "\"del\\x7f\"", "del\\x7f"},
        {{"\xed\x95\x9c\xea\xb8\x80", 6},
         "\"\xed\x95\x9c\xea\xb8\x80\"",
         "\xed\x95\x9c\xea\xb8\x80"},
        {{"\xf0\x9f\x98\x80", 4}, "\"\xf0\x9f\x98\x80\"", "\xf0\x9f\x98\x80"},
        {{"\xc2\x9b", 2}, "\"\\xc2\\x9b\"", "\\xc2\\x9b"}, /* a terminal's one-byte escape */
        {{"\xff", 1}, "\"\\xff\"", "\\xff"},
        {{"a\xc3", 2}, "\"a\\xc3\"", "a\\xc3"},
        {{"\xc0\x8a", 2}, "\"\\xc0\\x8a\"", "\\xc0\\x8a"}, /* a newline the long way */
        {{"\xed\xa0\x80", 3}, "\"\\xed\\xa0\\x80\"", "\\xed\\xa0\\x80"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        char wanted[200];
        struct fc_buf buf = fc_buf_of(wanted, sizeof(wanted));

        log_as(false);
        fc_buf_put_fmt(&buf, "level=info instance=order-2 text=\"batch stored\" value=%s\n",
                       rows[i].logfmt);
        wanted[buf.len] = '\0';
        assert_str_equal(after_time(logged(rows[i].value)), wanted);

        log_as(true);
        struct fc_str text = logged(rows[i].value);

        assert_int_equal(text.ptr[text.len - 1], '\n');
        assert_ptr_equal(memchr(text.ptr, '\n', text.len), text.ptr + text.len - 1);
        capture.text[text.len] = '\0';
        struct json_object *json = json_tokener_parse(capture.text);

        assert_non_null(json);
        assert_string_equal(json_object_get_string(json_object_object_get(json, "value")),
                            rows[i].json);
        json_object_put(json);
    }
}

static void test_log_json_line_has_the_same_members(void **state)
{
    struct fc_log_line line;

    (void)state;
    log_as(true);
    capture_begin(&capture, STDERR_FILENO);
    fc_log_begin(&line, FC_LOG_ERROR, "batch lost");
    fc_log_i64(&line, "commands", INT64_MAX);
    fc_log_text(&line, "queue", "order.3");
    fc_log_end(&line);
    struct fc_str text = capture_end(&capture);

    assert_str_contains(text, "{\"time\":\"20");
    fc_str_cut(&text, 'Z');
    assert_str_equal(text,
                     "\",\"level\":\"error\",\"instance\":\"order-2\",\"text\":\"batch lost\","
                     "\"commands\":9223372036854775807,\"queue\":\"order.3\"}\n");
}

static void test_log_trouble_tells_where_code_cure_and_text(void **state)
{
    struct fc_log_line line;
    struct fc_err err;

    (void)state;
    log_as(false);
    (void)fc_err_set(&err, FC_CURE_RETRY, "PQexec", "deadlock detected");
    capture_begin(&capture, STDERR_FILENO);
    fc_log_begin(&line, FC_LOG_WARN, "trouble");
    fc_log_err(&line, &err);
    fc_log_end(&line);
    (void)fc_str_copy(FC_STR("40P01"), err.code, sizeof(err.code));
    fc_log_begin(&line, FC_LOG_WARN, "trouble");
    fc_log_err(&line, &err);
    fc_log_end(&line);
    struct fc_str text = capture_end(&capture);

    assert_str_contains(fc_str_cut(&text, '\n'),
                        "text=trouble where=PQexec cure=retry error=\"deadlock detected\"");
    assert_str_contains(text, "where=PQexec code=40P01 cure=retry error=\"deadlock detected\"");
}

static void test_log_lines_below_the_level_are_dropped(void **state)
{
    struct fc_log_settings settings = {FC_LOG_WARN, false, "order-2"};
    struct fc_log_line line;
    struct fc_str text;

    (void)state;
    fc_log_init(&settings);
    capture_begin(&capture, STDERR_FILENO);
    for (enum fc_log_level level = FC_LOG_DEBUG; level <= FC_LOG_FATAL; level++) {
        fc_log_begin(&line, level, "line");
        fc_log_i64(&line, "n", 1);
        fc_log_text(&line, "k", "v");
        fc_log_end(&line);
    }
    text = capture_end(&capture);
    assert_str_contains(fc_str_cut(&text, '\n'), "level=warn");
    assert_str_contains(fc_str_cut(&text, '\n'), "level=error");
    assert_str_contains(fc_str_cut(&text, '\n'), "level=fatal");
    assert_int_equal(text.len, 0);
}

static void test_log_level_names_are_read(void **state)
{
    static const char *const names[] = {"debug", "info", "warn", "error", "fatal"};
    enum fc_log_level level = FC_LOG_FATAL;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(names); i++) {
        assert_true(fc_log_level_parse(fc_str_of(names[i]), &level));
        assert_int_equal(level, i);
    }
    assert_false(fc_log_level_parse(FC_STR("INFO"), &level));
    assert_false(fc_log_level_parse(FC_STR(""), &level));
    assert_false(fc_log_level_parse(FC_STR("warning"), &level));
    assert_int_equal(level, FC_LOG_FATAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_line_has_time_level_instance_sentence_and_pairs),
        cmocka_unit_test(test_log_values_cannot_forge_a_line),
        cmocka_unit_test(test_log_json_line_has_the_same_members),
        cmocka_unit_test(test_log_trouble_tells_where_code_cure_and_text),
        cmocka_unit_test(test_log_lines_below_the_level_are_dropped),
        cmocka_unit_test(test_log_level_names_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
