#include "support/expect.h"

#include "producer/cli/load_head.h"

#include <string.h>

static enum load_parse parse(const char *text, struct load_head *ret_head)
{
    return load_head_parse(fc_str_of(text), ret_head);
}

static void assert_bad(const char *text)
{
    struct load_head head;

    if (parse(text, &head) != LOAD_PARSE_BAD)
        fail_msg("taken: %s", text);
    assert_non_null(head.trouble);
}

static void test_load_head_says_status_length_and_what_we_look_at(void **state)
{
    const char *text = "HTTP/1.1 202 Accepted\r\n"
                       "Date: Sat, 21 Nov 2026 16:00:00 GMT\r\n"
                       "Content-Type: application/json\r\n"
                       "Location: /v1/commands/17\r\n"
                       "Retry-After: 1\r\n"
                       "Idempotency-Replayed: true\r\n"
                       "Content-Length: 12\r\n"
                       "\r\n"
                       "{\"state\":1}\n";
    struct load_head head;

    (void)state;
    assert_int_equal(parse(text, &head), LOAD_PARSE_DONE);
    assert_int_equal(head.status, 202);
    assert_int_equal(head.body_bytes, 12);
    assert_int_equal(head.bytes, strlen(text) - 12);
    assert_str_equal(head.location, "/v1/commands/17");
    assert_true(head.has_retry_after);
    assert_true(head.replayed);
    assert_false(head.close);
}

static void test_load_head_cut_at_each_byte_is_incomplete_until_its_end(void **state)
{
    const char *text = "HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
    size_t whole = strlen(text);

    (void)state;
    for (size_t len = 0; len <= whole; len++) {
        struct load_head head;
        enum load_parse parsed = load_head_parse((struct fc_str){text, len}, &head);

        assert_int_equal(parsed, len < whole ? LOAD_PARSE_MORE : LOAD_PARSE_DONE);
        if (len == whole) {
            assert_int_equal(head.status, 409);
            assert_true(head.close);
        }
    }
}

static void test_load_head_names_are_of_any_case_and_values_trimmed(void **state)
{
    struct load_head head;

    (void)state;
    assert_int_equal(
        parse("HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh:\t7 \r\nCONNECTION:Close\r\n\r\n", &head),
        LOAD_PARSE_DONE);
    assert_int_equal(head.body_bytes, 7);
    assert_true(head.close);
}

static void test_load_head_without_reason_or_body_is_taken(void **state)
{
    struct load_head head;

    (void)state;
    assert_int_equal(parse("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", &head), LOAD_PARSE_DONE);
    assert_int_equal(parse("HTTP/1.1 204 No Content\r\n\r\n", &head), LOAD_PARSE_DONE);
    assert_int_equal(head.body_bytes, 0);
    assert_int_equal(parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", &head),
                     LOAD_PARSE_DONE);
    assert_int_equal(head.body_bytes, 0);
}

static void test_load_head_of_http_1_0_closes(void **state)
{
    struct load_head head;

    (void)state;
    assert_int_equal(parse("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", &head), LOAD_PARSE_DONE);
    assert_true(head.close);
}

static void test_load_head_that_is_none_is_bad(void **state)
{
    (void)state;
    assert_bad("HTTP/2.0 200 OK\r\n");
    assert_bad("HTTP/1.1 2000 OK\r\n");
    assert_bad("HTTP/1.1 20\r\n");
    assert_bad("HTTP/1.1 abc\r\n");
    assert_bad("HTTP/1.1 600 No\r\n");
    assert_bad("HTTP/1.1 100 Continue\r\n");
    assert_bad("GET / HTTP/1.1\r\n");
    assert_bad("\r\n");
    assert_bad("HTTP/1.1 200 OK\n");
    assert_bad("HTTP/1.1 200 OK\r\nContent-Length: 1\n");
    assert_bad("HTTP/1.1 200 OK\r\nno name\r\n");
    assert_bad("HTTP/1.1 200 OK\r\n: nothing\r\n");
    assert_bad("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n");
    assert_bad("HTTP/1.1 200 OK\r\nContent-Length : 1\r\n");
}

static void test_load_head_whose_body_has_no_sure_end_is_bad(void **state)
{
    (void)state;
    assert_bad("HTTP/1.1 200 OK\r\n\r\n");
    assert_bad("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n");
    assert_bad("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n");
    assert_bad("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n");
    assert_bad("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n");
    assert_bad("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n");
}

static void test_load_head_of_more_than_8_kib_is_bad(void **state)
{
    static char text[LOAD_HEAD_BYTES_MAX + 32];
    struct load_head head;

    (void)state;
    memset(text, 'x', sizeof(text));
    memcpy(text, "HTTP/1.1 200 OK\r\nA: ", 20);
    assert_int_equal(load_head_parse((struct fc_str){text, LOAD_HEAD_BYTES_MAX - 1}, &head),
                     LOAD_PARSE_MORE);
    assert_int_equal(load_head_parse((struct fc_str){text, LOAD_HEAD_BYTES_MAX}, &head),
                     LOAD_PARSE_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load_head_says_status_length_and_what_we_look_at),
        cmocka_unit_test(test_load_head_cut_at_each_byte_is_incomplete_until_its_end),
        cmocka_unit_test(test_load_head_names_are_of_any_case_and_values_trimmed),
        cmocka_unit_test(test_load_head_without_reason_or_body_is_taken),
        cmocka_unit_test(test_load_head_of_http_1_0_closes),
        cmocka_unit_test(test_load_head_that_is_none_is_bad),
        cmocka_unit_test(test_load_head_whose_body_has_no_sure_end_is_bad),
        cmocka_unit_test(test_load_head_of_more_than_8_kib_is_bad),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
