/* The lines of a history: what is written is read, and what is none is told so. */
#include "support/expect.h"
#include "support/history.h"

#include <stdlib.h>
#include <string.h>

static struct history_line line;

static void expect_read(const char *text)
{
    char why[256];

    memset(&line, 0x5a, sizeof(line));
    if (!history_read(fc_str_of(text), &line, why))
        fail_msg("%s: %s", text, why);
}

static void expect_refused(const char *text)
{
    char why[256];

    if (history_read(fc_str_of(text), &line, why))
        fail_msg("was read: %s", text);
    assert_true(strlen(why) > 0);
}

#define ID "0198f3a2-7c11-8abc-9def-012345678931"

static void test_history_line_sent(void **state)
{
    (void)state;
    expect_read("{\"t\":12,\"op\":7,\"try\":2,\"what\":\"sent\",\"command\":\"wallet.charge\","
                "\"key\":\"user:31\",\"user\":31,\"idem\":\"c1-7\",\"amount\":500,\"copy_of\":3}");
    assert_int_equal(line.what, HISTORY_SENT);
    assert_int_equal(line.t_us, 12);
    assert_int_equal(line.op, 7);
    assert_int_equal(line.attempt, 2);
    assert_string_equal(line.command, "wallet.charge");
    assert_string_equal(line.key, "user:31");
    assert_string_equal(line.idempotency_key, "c1-7");
    assert_int_equal(line.user_id, 31);
    assert_int_equal(line.amount, 500);
    assert_int_equal(line.copy_of, 3);
    assert_false(line.has_id);
    expect_read("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"sent\",\"command\":\"x\",\"id\":\"" ID
                "\"}");
    assert_true(line.has_id);
    assert_string_equal(line.key, "");
    assert_string_equal(line.idempotency_key, "");
}

static void test_history_line_answered_and_lost(void **state)
{
    (void)state;
    expect_read("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"answered\",\"status\":202,\"id\":\"" ID
                "\",\"replayed\":true}");
    assert_int_equal(line.status, 202);
    assert_true(line.replayed);
    expect_read("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"answered\",\"status\":409,"
                "\"code\":\"coupon_sold_out\"}");
    assert_string_equal(line.code, "coupon_sold_out");
    assert_false(line.has_id);
    expect_read("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"lost\"}");
    assert_int_equal(line.what, HISTORY_LOST);
}

static void test_history_line_verdict(void **state)
{
    (void)state;
    expect_read("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"verdict\",\"id\":\"" ID
                "\",\"state\":\"refused\",\"code\":\"x\",\"body\":\"{\\\"a\\\":\\n1}\"}");
    assert_false(line.succeeded);
    assert_string_equal(line.code, "x");
    assert_str_equal(line.body, "{\"a\":\n1}");
    expect_read("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"verdict\",\"id\":\"" ID
                "\",\"state\":\"parked\"}");
    assert_string_equal(line.code, "parked");
    expect_read("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"verdict\",\"id\":\"" ID
                "\",\"state\":\"succeeded\",\"body\":\"{}\"}");
    assert_true(line.succeeded);
}

static void test_history_line_that_is_none_is_refused(void **state)
{
    (void)state;
    expect_refused("");
    expect_refused("[]");
    expect_refused("{\"t\":1,\"op\":1,\"tr");
    expect_refused("{\"op\":1,\"try\":1,\"what\":\"lost\"}");
    expect_refused("{\"t\":1,\"op\":1,\"try\":0,\"what\":\"lost\"}");
    expect_refused("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"found\"}");
    expect_refused("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"sent\"}");
    expect_refused("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"answered\"}");
    expect_refused("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"answered\",\"status\":\"202\"}");
    expect_refused("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"verdict\",\"state\":\"refused\"}");
    expect_refused("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"verdict\",\"id\":\"" ID "\"}");
    expect_refused("{\"t\":1,\"op\":1,\"try\":1,\"what\":\"lost\",\"id\":\"7\"}");
}

static void test_history_line_is_read_as_it_was_written(void **state)
{
    const struct history_line wrote = {.what = HISTORY_VERDICT,
                                       .t_us = 99,
                                       .op = 4,
                                       .attempt = 3,
                                       .has_id = true,
                                       .id = {{1, 2, 3}},
                                       .code = "coupon_closed",
                                       .body = FC_STR_INIT("{\"detail\":\"\xea\xb0\x80\\n\\\"\"}")};
    char *text = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&text, &len);

    (void)state;
    assert_non_null(file);
    assert_true(history_write(file, &wrote));
    assert_int_equal(fclose(file), 0);
    text[strcspn(text, "\n")] = '\0';
    expect_read(text);
    assert_true(fc_uuid_eq(&line.id, &wrote.id));
    assert_true(fc_str_eq(line.body, wrote.body));
    assert_string_equal(line.code, wrote.code);
    assert_int_equal(line.attempt, 3);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history_line_sent),
        cmocka_unit_test(test_history_line_answered_and_lost),
        cmocka_unit_test(test_history_line_verdict),
        cmocka_unit_test(test_history_line_that_is_none_is_refused),
        cmocka_unit_test(test_history_line_is_read_as_it_was_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
