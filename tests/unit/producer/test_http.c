#include "support/expect.h"

#include "producer/clients.h"
#include "producer/http.h"

#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of these, one in sixteen is for newcomers. */
#define CLIENTS 16

/* A handler that holds each request, watches its client, and answers nobody by itself. */
struct desk {
    struct http *http;
    struct request *held;
    int32_t gone;
    int32_t done;
};

static void on_ready(void *arg, struct request *request)
{
    struct desk *desk = arg;

    desk->held = request;
    http_hold(desk->http, request, true);
}

static void on_refused(void *arg, struct request *request, enum request_framing why)
{
    (void)arg;
    (void)request;
    fail_msg("refused: %d", (int)why);
}

static void on_gone(void *arg, struct request *request)
{
    struct desk *desk = arg;

    (void)request;
    desk->gone++;
}

static void on_done(void *arg, struct request *request)
{
    struct desk *desk = arg;

    (void)request;
    desk->done++;
}

static int listen_somewhere(struct sockaddr_in *ret_address)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    socklen_t size = sizeof(*ret_address);

    *ret_address = (struct sockaddr_in){.sin_family = AF_INET};
    ret_address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)ret_address, size), 0);
    assert_int_equal(listen(listener, 4), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)ret_address, &size), 0);
    return listener;
}

/* Turns until nothing is ready any more and nothing is owed; false when that never is. */
static bool comes_to_rest(struct http *http)
{
    for (int32_t i = 0; i < 1000; i++) {
        struct pollfd ready = {.fd = http_fd(http), .events = POLLIN};

        http_turn(http);
        if (http_wait_ms(http) != 0 && poll(&ready, 1, 20) == 0)
            return true;
    }
    return false;
}

static void test_http_a_client_that_says_no_more_waits_at_no_cost_and_is_answered(void **state)
{
    static const char asks[] = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";
    struct desk desk = {.http = NULL};
    struct http_settings settings = {.request_count_max = 2,
                                     .connection_count_max = 4,
                                     .handler = {on_ready, on_refused, on_gone, on_done, &desk}};
    struct http_answer answer = {.status = 204};
    struct sockaddr_in address;
    struct fc_err err;
    char text[256] = "";

    (void)state;
    settings.listener = listen_somewhere(&address);
    assert_int_equal(http_open(&settings, &desk.http, &err), FC_OK);
    int client = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(send(client, asks, strlen(asks), 0), (ssize_t)strlen(asks));
    assert_true(comes_to_rest(desk.http));
    assert_non_null(desk.held);
    assert_int_equal(shutdown(client, SHUT_WR), 0);
    /* Nobody answers it for now: the loop must not spin until somebody does. */
    assert_true(comes_to_rest(desk.http));
    assert_int_equal(desk.gone, 1);
    http_answer(desk.http, desk.held, &answer);
    assert_true(comes_to_rest(desk.http));
    assert_int_equal(desk.done, 1);
    assert_true(recv(client, text, sizeof(text) - 1, MSG_DONTWAIT) > 0);
    assert_non_null(strstr(text, "204"));
    (void)close(client);
    assert_true(comes_to_rest(desk.http));
    http_close(desk.http);
}

/* As many as can be connect and say nothing: whoever comes then is not even taken in. */
static void test_http_silent_clients_make_room_although_nobody_gets_in(void **state)
{
    struct desk desk = {.http = NULL};
    struct http_settings settings = {.request_count_max = 2,
                                     .connection_count_max = CLIENTS,
                                     .handler = {on_ready, on_refused, on_gone, on_done, &desk}};
    struct sockaddr_in address;
    struct fc_err err;
    int silent[CLIENTS];

    (void)state;
    settings.listener = listen_somewhere(&address);
    assert_int_equal(http_open(&settings, &desk.http, &err), FC_OK);
    for (int32_t i = 0; i < CLIENTS; i++) {
        silent[i] = socket(AF_INET, SOCK_STREAM, 0);
        assert_int_equal(connect(silent[i], (struct sockaddr *)&address, sizeof(address)), 0);
        assert_true(comes_to_rest(desk.http));
    }
    assert_int_equal(http_moved(desk.http), 0);
    struct fc_mono later = {fc_clock_mono().us + (CLIENT_SLOW_MS + 1) * 1000LL};

    http_sweep(desk.http, later);
    assert_int_equal(http_moved(desk.http), 1);
    for (int32_t i = 0; i < CLIENTS; i++)
        (void)close(silent[i]);
    assert_true(comes_to_rest(desk.http));
    http_close(desk.http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http_a_client_that_says_no_more_waits_at_no_cost_and_is_answered),
        cmocka_unit_test(test_http_silent_clients_make_room_although_nobody_gets_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
