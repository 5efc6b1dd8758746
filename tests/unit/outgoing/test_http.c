/*
 * The HTTP client: what is sent, what comes back, many at once.
 */
#include "support/expect.h"
#include "support/outgoing_rig.h"

#include "host/clock.h"

#include <stdio.h>
#include <string.h>

/* Nothing here takes long: who waits longer has been forgotten. */
#define PATIENCE_MS 20000

static struct outgoing_rig rig;
static char asked[SCRIPTED_REQUEST_BYTES_MAX];

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

static void say_ok(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)number;
    (void)request;
    scripted_json(reply, 200, "{\"good\":true}");
}

static void test_http_post_arrives_whole_and_its_answer_comes_back(void **state)
{
    struct outgoing_request request;

    (void)state;
    outgoing_rig_serve(&rig, say_ok);
    request = outgoing_rig_request(rig.server.url);
    (void)snprintf(request.url, sizeof(request.url), "%s/a/b?c=d", rig.server.url);
    request.method = OUTGOING_POST;
    request.headers[0] = "Idempotency-Key: k1";
    request.headers[1] = "Content-Type: application/json";
    request.header_count = 2;
    request.body = FC_STR("{\"n\":1}");
    outgoing_start(rig.outgoing, &request, 42);
    memset(request.url, 'x', sizeof(request.url));
    assert_int_equal(outgoing_under_way(rig.outgoing), 1);
    assert_int_equal(outgoing_free(rig.outgoing), OUTGOING_CALLS_MAX - 1);
    outgoing_rig_await(&rig, 1);
    assert_int_equal(rig.told[0].tag, 42);
    assert_int_equal(rig.told[0].fate, OUTGOING_ANSWERED);
    assert_int_equal(rig.told[0].status, 200);
    assert_int_equal(rig.told[0].retry_after_s, -1);
    assert_string_equal(rig.told[0].body, "{\"good\":true}");
    assert_string_equal(rig.told[0].trouble, "");
    assert_int_equal(outgoing_under_way(rig.outgoing), 0);
    scripted_asked(&rig.server, asked);
    assert_ptr_equal(strstr(asked, "POST /a/b?c=d HTTP/1.1\r\n"), asked);
    assert_non_null(strstr(asked, "\r\nUser-Agent: firstcome-test/1\r\n"));
    assert_non_null(strstr(asked, "\r\nIdempotency-Key: k1\r\n"));
    assert_non_null(strstr(asked, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(asked, "\r\n\r\n{\"n\":1}"));
    assert_null(strstr(asked, "Expect:"));
}

static void test_http_get_has_no_body_of_the_call_before(void **state)
{
    struct outgoing_request request;

    (void)state;
    outgoing_rig_serve(&rig, say_ok);
    request = outgoing_rig_request(rig.server.url);
    request.method = OUTGOING_POST;
    request.headers[0] = "X-One: 1";
    request.header_count = 1;
    request.body = FC_STR("of the first");
    outgoing_start(rig.outgoing, &request, 1);
    outgoing_rig_await(&rig, 1);
    outgoing_rig_start(&rig, 2);
    outgoing_rig_await(&rig, 2);
    scripted_asked(&rig.server, asked);
    scripted_asked(&rig.server, asked);
    assert_ptr_equal(strstr(asked, "GET / HTTP/1.1\r\n"), asked);
    assert_null(strstr(asked, "X-One"));
    assert_null(strstr(asked, "of the first"));
}

static void say_status(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    static const char *const answers[] = {
        "HTTP/1.1 503 Away\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Elsewhere\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 404 None\r\nContent-Length: 4\r\n\r\nnone",
        "HTTP/1.1 429 Slow\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n",
    };

    (void)request;
    fc_buf_put_text(&reply->text, answers[number]);
}

static void test_http_every_status_is_an_answer_and_no_redirection_is_followed(void **state)
{
    static const int32_t statuses[] = {503, 302, 404, 429};

    (void)state;
    outgoing_rig_serve(&rig, say_status);
    for (int32_t i = 0; i < 4; i++) {
        outgoing_rig_start(&rig, i);
        outgoing_rig_await(&rig, i + 1);
        assert_int_equal(rig.told[i].fate, OUTGOING_ANSWERED);
        assert_int_equal(rig.told[i].status, statuses[i]);
    }
    assert_int_equal(rig.told[0].retry_after_s, 7);
    assert_int_equal(rig.told[1].retry_after_s, -1);
    assert_string_equal(rig.told[2].body, "none");
    assert_int_equal(rig.told[3].retry_after_s, -1);
}

/* The one in the path comes back, so that answers cannot be mixed up. */
static void echo(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    struct fc_str rest = request;
    char json[64];

    (void)number;
    (void)fc_str_cut(&rest, '/');
    (void)fc_str_copy(fc_str_cut(&rest, ' '), json, sizeof(json));
    scripted_json(reply, 200, json);
}

static void test_http_as_many_calls_as_there_are_go_on_at_once(void **state)
{
    (void)state;
    outgoing_rig_serve(&rig, echo);
    for (int32_t i = 0; i < OUTGOING_CALLS_MAX; i++) {
        struct outgoing_request request = outgoing_rig_request(rig.server.url);

        (void)snprintf(request.url, sizeof(request.url), "%s/%d", rig.server.url, (int)i);
        outgoing_start(rig.outgoing, &request, i);
    }
    assert_int_equal(outgoing_free(rig.outgoing), 0);
    EXPECT_ASSERT(outgoing_rig_start(&rig, 99));
    outgoing_rig_await(&rig, OUTGOING_CALLS_MAX);
    for (int32_t i = 0; i < OUTGOING_CALLS_MAX; i++) {
        char want[32];

        (void)snprintf(want, sizeof(want), "%d", (int)rig.told[i].tag);
        assert_string_equal(rig.told[i].body, want);
    }
}

static void hear_and_start_another(void *arg, int64_t tag, const struct outgoing_answer *answer)
{
    outgoing_rig_hear(arg, tag, answer);
    if (tag < 3)
        outgoing_rig_start(&rig, tag + 1);
}

static void test_http_a_call_may_be_started_while_another_is_reported(void **state)
{
    struct fc_mono since = fc_clock_mono();

    (void)state;
    outgoing_rig_serve(&rig, say_ok);
    outgoing_rig_start(&rig, 0);
    while (rig.told_count < 4) {
        assert_true(fc_clock_ms_since(since) < PATIENCE_MS);
        outgoing_turn(rig.outgoing, 1000, hear_and_start_another, &rig);
    }
    for (int32_t i = 0; i < 4; i++)
        assert_int_equal(rig.told[i].tag, i);
}

static void test_http_turn_waits_its_time_out_with_nothing_under_way(void **state)
{
    struct fc_mono since = fc_clock_mono();

    (void)state;
    outgoing_turn(rig.outgoing, 60, outgoing_rig_hear, &rig);
    assert_true(fc_clock_ms_since(since) >= 60);
    outgoing_turn(rig.outgoing, 0, outgoing_rig_hear, &rig);
    assert_int_equal(rig.told_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
        TEST(test_http_post_arrives_whole_and_its_answer_comes_back),
        TEST(test_http_get_has_no_body_of_the_call_before),
        TEST(test_http_every_status_is_an_answer_and_no_redirection_is_followed),
        TEST(test_http_as_many_calls_as_there_are_go_on_at_once),
        TEST(test_http_a_call_may_be_started_while_another_is_reported),
        TEST(test_http_turn_waits_its_time_out_with_nothing_under_way),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
