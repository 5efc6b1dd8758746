/*
 * The lines of a history as they stand in its file.
 */
#include "support/expect.h"
#include "support/history.h"

#include <string.h>

#define ID "01a1fe6a-c7c0-8000-95a7-b1cc2f61ec92"

static char text[2 * HISTORY_LINE_BYTES];
static char long_body[2 * HISTORY_LINE_BYTES];

/* What the file has when the line is written, and nobody closed or flushed it. */
static void assert_written(const struct history_line *line, const char *wanted)
{
    FILE *file = tmpfile();
    FILE *reader;
    char path[64];

    assert_non_null(file);
    assert_true(history_write(file, line));
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(file));
    reader = fopen(path, "r");
    assert_non_null(reader);
    text[fread(text, 1, sizeof(text) - 1, reader)] = '\0';
    assert_string_equal(text, wanted);
    (void)fclose(reader);
    (void)fclose(file);
}

static struct history_line line_of(enum history_what what)
{
    struct history_line line = {.what = what, .t_us = 1234567, .op = 7, .attempt = 2};

    assert_true(fc_uuid_parse(FC_STR(ID), &line.id));
    return line;
}

static void test_history_sent_says_what_was_asked(void **state)
{
    struct history_line line = line_of(HISTORY_SENT);

    (void)state;
    (void)fc_str_copy(FC_STR("wallet.charge"), line.command, sizeof(line.command));
    (void)fc_str_copy(FC_STR("user:31"), line.key, sizeof(line.key));
    line.user_id = 31;
    line.amount = 5000;
    assert_written(&line, "{\"t\":1234567,\"op\":7,\"try\":2,\"what\":\"sent\",\"command\":"
                          "\"wallet.charge\",\"key\":\"user:31\",\"user\":31,\"idem\":\"\","
                          "\"amount\":5000}\n");
    (void)fc_str_copy(FC_STR("c1-5"), line.idempotency_key, sizeof(line.idempotency_key));
    line.copy_of = 5;
    line.has_id = true;
    assert_written(&line, "{\"t\":1234567,\"op\":7,\"try\":2,\"what\":\"sent\",\"command\":"
                          "\"wallet.charge\",\"key\":\"user:31\",\"user\":31,\"idem\":\"c1-5\","
                          "\"amount\":5000,\"copy_of\":5,\"id\":\"" ID "\"}\n");
}

static void test_history_answered_says_how(void **state)
{
    struct history_line line = line_of(HISTORY_ANSWERED);

    (void)state;
    line.status = 503;
    (void)fc_str_copy(FC_STR("unavailable"), line.code, sizeof(line.code));
    assert_written(&line, "{\"t\":1234567,\"op\":7,\"try\":2,\"what\":\"answered\",\"status\":503,"
                          "\"replayed\":false,\"code\":\"unavailable\"}\n");
    line.status = 202;
    line.code[0] = '\0';
    line.has_id = true;
    line.replayed = true;
    assert_written(&line, "{\"t\":1234567,\"op\":7,\"try\":2,\"what\":\"answered\",\"status\":202,"
                          "\"id\":\"" ID "\",\"replayed\":true}\n");
}

static void test_history_lost_says_no_more(void **state)
{
    struct history_line line = line_of(HISTORY_LOST);

    (void)state;
    line.has_id = true;
    assert_written(&line, "{\"t\":1234567,\"op\":7,\"try\":2,\"what\":\"lost\"}\n");
}

#define VERDICT "{\"t\":1234567,\"op\":7,\"try\":2,\"what\":\"verdict\",\"id\":\"" ID "\","

static void test_history_verdict_has_its_body_as_text(void **state)
{
    struct history_line line = line_of(HISTORY_VERDICT);

    (void)state;
    line.has_id = true;
    line.succeeded = true;
    line.body = FC_STR("{\"a\":\"\\n\"}");
    assert_written(&line, VERDICT "\"state\":\"succeeded\",\"code\":\"\","
                                  "\"body\":\"{\\\"a\\\":\\\"\\\\n\\\"}\"}\n");
    line.succeeded = false;
    line.body = FC_STR("{}");
    (void)fc_str_copy(FC_STR("coupon_sold_out"), line.code, sizeof(line.code));
    assert_written(&line,
                   VERDICT "\"state\":\"refused\",\"code\":\"coupon_sold_out\",\"body\":\"{}\"}\n");
}

static void test_history_leaves_out_a_body_that_is_no_text_or_too_long(void **state)
{
    struct history_line line = line_of(HISTORY_VERDICT);

    (void)state;
    line.has_id = true;
    line.body = FC_STR("\xff\xfe");
    assert_written(&line, VERDICT "\"state\":\"refused\",\"code\":\"\",\"body\":\"\"}\n");
    memset(long_body, 'x', sizeof(long_body));
    line.body = (struct fc_str){long_body, sizeof(long_body)};
    assert_written(&line, VERDICT "\"state\":\"refused\",\"code\":\"\",\"body\":\"\"}\n");
}

static void test_history_tells_trouble_of_the_disk(void **state)
{
    struct history_line line = line_of(HISTORY_LOST);
    FILE *file = fopen("/dev/full", "w");

    (void)state;
    assert_non_null(file);
    assert_false(history_write(file, &line));
    (void)fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history_sent_says_what_was_asked),
        cmocka_unit_test(test_history_answered_says_how),
        cmocka_unit_test(test_history_lost_says_no_more),
        cmocka_unit_test(test_history_verdict_has_its_body_as_text),
        cmocka_unit_test(test_history_leaves_out_a_body_that_is_no_text_or_too_long),
        cmocka_unit_test(test_history_tells_trouble_of_the_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
