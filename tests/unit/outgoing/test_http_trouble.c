/*
 * The HTTP client and servers that are not there, do not answer, or answer too much; and calls that
 * are given up.
 */
#include "support/expect.h"
#include "support/outgoing_rig.h"

#include <stdio.h>
#include <string.h>

static struct outgoing_rig rig;

static int begin(void **state)
{
    (void)state;
    outgoing_rig_open(&rig);
    return 0;
}

static int end(void **state)
{
    (void)state;
    outgoing_rig_close(&rig);
    return 0;
}

static void test_http_a_port_where_nobody_listens_was_not_sent_to(void **state)
{
    struct outgoing_request request;
    char url[64];

    (void)state;
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%d", (int)scripted_closed_port());
    request = outgoing_rig_request(url);
    outgoing_start(rig.outgoing, &request, 5);
    outgoing_rig_await(&rig, 1);
    assert_int_equal(rig.told[0].tag, 5);
    assert_int_equal(rig.told[0].fate, OUTGOING_NOT_SENT);
    assert_true(strlen(rig.told[0].trouble) > 0);
}

static void test_http_an_address_that_is_none_was_not_sent_to(void **state)
{
    struct outgoing_request request = outgoing_rig_request("ftp://127.0.0.1/x");

    (void)state;
    outgoing_start(rig.outgoing, &request, 1);
    outgoing_rig_await(&rig, 1);
    assert_int_equal(rig.told[0].fate, OUTGOING_NOT_SENT);
}

static void hang(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)number;
    (void)request;
    reply->manner = SCRIPTED_HANG;
}

static void test_http_who_does_not_answer_in_time_may_have_acted(void **state)
{
    struct outgoing_request request;

    (void)state;
    outgoing_rig_serve(&rig, hang);
    request = outgoing_rig_request(rig.server.url);
    request.total_ms = 100;
    outgoing_start(rig.outgoing, &request, 1);
    outgoing_rig_await(&rig, 1);
    assert_int_equal(rig.told[0].fate, OUTGOING_NO_ANSWER);
    assert_true(strlen(rig.told[0].trouble) > 0);
}

static void cut(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)request;
    if (number == 0) {
        reply->manner = SCRIPTED_RESET;
        return;
    }
    if (number == 1) {
        reply->manner = SCRIPTED_SAY_CLOSE;
        return;
    }
    fc_buf_put_text(&reply->text, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it");
    reply->manner = SCRIPTED_SAY_CLOSE;
}

static void test_http_who_hangs_up_may_have_acted(void **state)
{
    (void)state;
    outgoing_rig_serve(&rig, cut);
    for (int32_t i = 0; i < 3; i++) {
        outgoing_rig_start(&rig, i);
        outgoing_rig_await(&rig, i + 1);
        assert_int_equal(rig.told[i].fate, OUTGOING_NO_ANSWER);
        assert_true(strlen(rig.told[i].trouble) > 0);
    }
}

static void say_large(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    int32_t bytes = OUTGOING_ANSWER_BYTES_MAX + (number == 0 ? 0 : 5000);

    (void)request;
    fc_buf_put_fmt(&reply->text, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", (int)bytes);
    for (int32_t i = 0; i < bytes; i++)
        fc_buf_put_char(&reply->text, 'x');
}

static void test_http_an_answer_above_the_limit_is_cut(void **state)
{
    (void)state;
    outgoing_rig_serve(&rig, say_large);
    for (int32_t i = 0; i < 2; i++) {
        outgoing_rig_start(&rig, i);
        outgoing_rig_await(&rig, i + 1);
        assert_int_equal(rig.told[i].fate, OUTGOING_ANSWERED);
        assert_int_equal(rig.told[i].body_len, OUTGOING_ANSWER_BYTES_MAX);
    }
}

/* Two answers to one request: the second must not become that of the next request. */
static void say_twice(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    char json[32];

    (void)request;
    (void)snprintf(json, sizeof(json), "{\"n\":%d}", (int)number);
    scripted_json(reply, 200, json);
    scripted_json(reply, 200, json);
}

static void test_http_a_second_answer_is_nobodys(void **state)
{
    char want[32];

    (void)state;
    outgoing_rig_serve(&rig, say_twice);
    for (int32_t i = 0; i < 5; i++) {
        outgoing_rig_start(&rig, i);
        outgoing_rig_await(&rig, i + 1);
        (void)snprintf(want, sizeof(want), "{\"n\":%d}", (int)i);
        assert_string_equal(rig.told[i].body, want);
    }
}

static void test_http_aborted_calls_are_not_heard_of_again(void **state)
{
    (void)state;
    outgoing_rig_serve(&rig, hang);
    for (int32_t i = 0; i < 10; i++)
        outgoing_rig_start(&rig, i);
    while (!scripted_was_asked(&rig.server))
        outgoing_turn(rig.outgoing, 20, outgoing_rig_hear, &rig);
    outgoing_abort(rig.outgoing);
    assert_int_equal(outgoing_under_way(rig.outgoing), 0);
    /* What would be told of them now. */
    scripted_stop(&rig.server);
    rig.serves = false;
    outgoing_turn(rig.outgoing, 50, outgoing_rig_hear, &rig);
    assert_int_equal(rig.told_count, 0);
    outgoing_abort(rig.outgoing);
}

static void test_http_close_accepts_none_and_calls_under_way(void **state)
{
    struct outgoing *other;
    struct fc_err err;
    struct outgoing_request request;

    (void)state;
    outgoing_close(NULL);
    outgoing_rig_serve(&rig, hang);
    assert_int_equal(outgoing_open("x", &other, &err), FC_OK);
    request = outgoing_rig_request(rig.server.url);
    outgoing_start(other, &request, 1);
    outgoing_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(test_http_a_port_where_nobody_listens_was_not_sent_to),
        TEST(test_http_an_address_that_is_none_was_not_sent_to),
        TEST(test_http_who_does_not_answer_in_time_may_have_acted),
        TEST(test_http_who_hangs_up_may_have_acted),
        TEST(test_http_an_answer_above_the_limit_is_cut),
        TEST(test_http_a_second_answer_is_nobodys),
        TEST(test_http_aborted_calls_are_not_heard_of_again),
        TEST(test_http_close_accepts_none_and_calls_under_way),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
