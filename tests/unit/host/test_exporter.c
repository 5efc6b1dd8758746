#include "support/expect.h"

#include "host/exporter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Nothing here takes long: who waits longer has been forgotten. */
#define PATIENCE_MS 10000

struct program {
    bool ready;
    size_t text_bytes; /* of filler in /metrics */
};

static void put_metrics(void *arg, struct fc_buf *buf)
{
    const struct program *program = arg;

    fc_buf_put_text(buf, "firstcome_up 1\n");
    for (size_t i = 0; i < program->text_bytes; i++)
        fc_buf_put_char(buf, 'x');
}

static bool put_ready(void *arg, struct fc_buf *buf)
{
    const struct program *program = arg;

    fc_buf_put_text(buf, program->ready ? "{\"ready\":true}" : "{\"ready\":false}");
    return program->ready;
}

static struct sockaddr_in free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    (void)close(fd);
    return at;
}

static struct program program;
static struct fc_exporter *exporter;
static struct sockaddr_in exporter_at;
static char exporter_address[32];

static int start(void **state)
{
    struct fc_exporter_source source = {put_metrics, put_ready, &program};
    struct fc_err err;

    (void)state;
    program = (struct program){true, 0};
    exporter_at = free_port();
    (void)snprintf(exporter_address, sizeof(exporter_address), "127.0.0.1:%d",
                   ntohs(exporter_at.sin_port));
    return fc_exporter_open(exporter_address, &source, &exporter, &err) == FC_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    fc_exporter_close(exporter);
    exporter = NULL;
    return 0;
}

static int client_open(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&exporter_at, sizeof(exporter_at)), 0);
    return fd;
}

/* Turns the exporter, as a program's loop does, until it has closed the connection. */
static struct fc_str client_read_all(int fd)
{
    static char memory[1024 * 1024];
    size_t len = 0;

    for (;;) {
        struct pollfd wait[] = {{.fd = fc_exporter_fd(exporter), .events = POLLIN},
                                {.fd = fd, .events = POLLIN}};

        if (poll(wait, 2, PATIENCE_MS) <= 0)
            fail_msg("no answer after %d ms", PATIENCE_MS);
        if (wait[0].revents != 0)
            fc_exporter_turn(exporter);
        if (wait[1].revents == 0)
            continue;
        ssize_t count = read(fd, memory + len, sizeof(memory) - len);

        if (count <= 0)
            break;
        len += (size_t)count;
    }
    (void)close(fd);
    return (struct fc_str){memory, len};
}

static struct fc_str request(const char *text)
{
    int fd = client_open();

    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
    return client_read_all(fd);
}

#define HOST_AND_CLOSE " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

static void test_exporter_metrics_are_prometheus_text(void **state)
{
    struct fc_str answer = request("GET /metrics" HOST_AND_CLOSE);

    (void)state;
    assert_true(fc_str_starts_with(answer, FC_STR("HTTP/1.1 200 ")));
    assert_str_contains(answer, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
    assert_str_contains(answer, "\r\n\r\nfirstcome_up 1\n");
}

static void test_exporter_large_answer_is_whole_and_too_large_is_an_error(void **state)
{
    (void)state;
    program.text_bytes = 400000;
    assert_true(request("GET /metrics" HOST_AND_CLOSE).len > 400000);
    program.text_bytes = 600000;
    assert_true(
        fc_str_starts_with(request("GET /metrics" HOST_AND_CLOSE), FC_STR("HTTP/1.1 500 ")));
}

static void test_exporter_readiness_follows_the_program(void **state)
{
    struct fc_str answer = request("GET /readyz" HOST_AND_CLOSE);

    (void)state;
    assert_true(fc_str_starts_with(answer, FC_STR("HTTP/1.1 200 ")));
    assert_str_contains(answer, "Content-Type: application/json\r\n");
    assert_str_contains(answer, "{\"ready\":true}");
    program.ready = false;
    answer = request("GET /readyz" HOST_AND_CLOSE);
    assert_true(fc_str_starts_with(answer, FC_STR("HTTP/1.1 503 ")));
    assert_str_contains(answer, "{\"ready\":false}");
}

static void test_exporter_is_alive_even_when_not_ready(void **state)
{
    (void)state;
    program.ready = false;
    assert_true(fc_str_starts_with(request("GET /livez" HOST_AND_CLOSE), FC_STR("HTTP/1.1 200 ")));
}

static void test_exporter_head_has_no_body(void **state)
{
    struct fc_str answer = request("HEAD /metrics" HOST_AND_CLOSE);

    (void)state;
    assert_true(fc_str_starts_with(answer, FC_STR("HTTP/1.1 200 ")));
    answer.ptr += answer.len - 4;
    answer.len = 4;
    assert_str_equal(answer, "\r\n\r\n");
}

static void test_exporter_unknown_path_and_method(void **state)
{
    struct fc_str answer;

    (void)state;
    assert_true(
        fc_str_starts_with(request("GET /metrics/" HOST_AND_CLOSE), FC_STR("HTTP/1.1 404 ")));
    answer = request("DELETE /metrics" HOST_AND_CLOSE);
    assert_true(fc_str_starts_with(answer, FC_STR("HTTP/1.1 405 ")));
    assert_str_contains(answer, "Allow: GET, HEAD\r\n");
}

static void test_exporter_request_with_a_body_is_refused_and_cut(void **state)
{
    struct fc_str answer = request("GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 34\r\n\r\n"
                                   "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");

    (void)state;
    assert_true(fc_str_starts_with(answer, FC_STR("HTTP/1.1 400 ")));
    /* What stood in the body was not taken for a request. */
    struct fc_str rest = {answer.ptr + 1, answer.len - 1};

    while (rest.len > 0) {
        assert_false(fc_str_starts_with(rest, FC_STR("HTTP/1.1 ")));
        rest.ptr++;
        rest.len--;
    }
}

static void test_exporter_kept_connection_answers_again(void **state)
{
    struct fc_str answer =
        request("GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz" HOST_AND_CLOSE);

    (void)state;
    assert_str_contains(answer, "{\"status\":\"alive\"}");
    assert_str_contains(answer, "{\"ready\":true}");
}

static void test_exporter_answers_others_while_one_says_nothing(void **state)
{
    int silent = client_open();

    (void)state;
    assert_int_equal(send(silent, "GET /me", 7, MSG_NOSIGNAL), 7);
    assert_true(fc_str_starts_with(request("GET /livez" HOST_AND_CLOSE), FC_STR("HTTP/1.1 200 ")));
    assert_int_equal(
        send(silent, "trics" HOST_AND_CLOSE, strlen("trics" HOST_AND_CLOSE), MSG_NOSIGNAL),
        (ssize_t)strlen("trics" HOST_AND_CLOSE));
    assert_true(fc_str_starts_with(client_read_all(silent), FC_STR("HTTP/1.1 200 ")));
}

static void test_exporter_turn_with_nothing_to_do_does_not_wait(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        fc_exporter_turn(exporter);
}

static void test_exporter_port_in_use_is_trouble_for_later(void **state)
{
    struct fc_exporter_source source = {put_metrics, put_ready, &program};
    struct fc_exporter *second = NULL;
    struct fc_err err;

    (void)state;
    assert_int_equal(fc_exporter_open(exporter_address, &source, &second, &err), FC_FAIL);
    assert_null(second);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_int_equal(err.sys, EADDRINUSE);
    assert_str_contains(fc_str_of(err.text), exporter_address);
}

static void test_exporter_without_an_address_is_none(void **state)
{
    struct fc_exporter_source source = {put_metrics, put_ready, &program};
    struct fc_exporter *none = exporter;
    struct fc_err err;

    (void)state;
    assert_int_equal(fc_exporter_open("", &source, &none, &err), FC_OK);
    assert_null(none);
    assert_int_equal(fc_exporter_fd(none), -1);
    fc_exporter_turn(none);
    fc_exporter_close(none);
}

#define EXPORTER_TEST(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXPORTER_TEST(test_exporter_metrics_are_prometheus_text),
        EXPORTER_TEST(test_exporter_large_answer_is_whole_and_too_large_is_an_error),
        EXPORTER_TEST(test_exporter_readiness_follows_the_program),
        EXPORTER_TEST(test_exporter_is_alive_even_when_not_ready),
        EXPORTER_TEST(test_exporter_head_has_no_body),
        EXPORTER_TEST(test_exporter_unknown_path_and_method),
        EXPORTER_TEST(test_exporter_request_with_a_body_is_refused_and_cut),
        EXPORTER_TEST(test_exporter_kept_connection_answers_again),
        EXPORTER_TEST(test_exporter_answers_others_while_one_says_nothing),
        EXPORTER_TEST(test_exporter_turn_with_nothing_to_do_does_not_wait),
        EXPORTER_TEST(test_exporter_port_in_use_is_trouble_for_later),
        cmocka_unit_test(test_exporter_without_an_address_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
