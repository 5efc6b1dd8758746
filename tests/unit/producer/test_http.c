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

static const char asks[] = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";

/* One client of a desk. */
struct visit {
    struct desk desk;
    int client;
};

static void visit_begin(struct visit *visit)
{
    struct http_settings settings = {
        .request_count_max = 2,
        .connection_count_max = 4,
        .handler = {on_ready, on_refused, on_gone, on_done, &visit->desk}};
    struct sockaddr_in address;
    struct fc_err err;

    visit->desk = (struct desk){.http = NULL};
    settings.listener = listen_somewhere(&address);
    assert_int_equal(http_open(&settings, &visit->desk.http, &err), FC_OK);
    visit->client = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(visit->client, (struct sockaddr *)&address, sizeof(address)), 0);
}

static void visit_end(struct visit *visit)
{
    (void)close(visit->client);
    assert_true(comes_to_rest(visit->desk.http));
    http_close(visit->desk.http);
}

static void say(const struct visit *visit, const char *text, size_t len)
{
    assert_int_equal(send(visit->client, text, len, 0), (ssize_t)len);
}

static void answer_held(struct visit *visit)
{
    struct http_answer answer = {.status = 204};
    char text[256] = "";

    assert_non_null(visit->desk.held);
    http_answer(visit->desk.http, visit->desk.held, &answer);
    visit->desk.held = NULL;
    assert_true(comes_to_rest(visit->desk.http));
    assert_true(recv(visit->client, text, sizeof(text) - 1, MSG_DONTWAIT) > 0);
    assert_non_null(strstr(text, "204"));
}

static void test_http_a_client_that_says_no_more_waits_at_no_cost_and_is_answered(void **state)
{
    struct visit visit;

    (void)state;
    visit_begin(&visit);
    say(&visit, asks, strlen(asks));
    assert_true(comes_to_rest(visit.desk.http));
    assert_non_null(visit.desk.held);
    assert_int_equal(shutdown(visit.client, SHUT_WR), 0);
    /* Nobody answers it for now: the loop must not spin until somebody does. */
    assert_true(comes_to_rest(visit.desk.http));
    assert_int_equal(visit.desk.gone, 1);
    answer_held(&visit);
    assert_int_equal(visit.desk.done, 1);
    visit_end(&visit);
}

static void test_http_a_client_that_leaves_at_its_second_request_is_missed_as_well(void **state)
{
    struct visit visit;

    (void)state;
    visit_begin(&visit);
    for (int32_t i = 0; i < 3; i++) {
        say(&visit, asks, strlen(asks));
        assert_true(comes_to_rest(visit.desk.http));
        assert_int_equal(visit.desk.done, i);
        answer_held(&visit);
    }
    say(&visit, asks, strlen(asks));
    assert_true(comes_to_rest(visit.desk.http));
    assert_int_equal(visit.desk.gone, 0);
    assert_int_equal(shutdown(visit.client, SHUT_WR), 0);
    assert_true(comes_to_rest(visit.desk.http));
    assert_int_equal(visit.desk.gone, 1);
    answer_held(&visit);
    visit_end(&visit);
}

/* The watch tells its leaving once, and here at a time when nobody wants to know. */
static void test_http_a_client_that_has_left_before_it_is_held_is_missed(void **state)
{
    struct visit visit;

    (void)state;
    visit_begin(&visit);
    say(&visit, asks, strlen(asks));
    assert_true(comes_to_rest(visit.desk.http));
    answer_held(&visit);
    say(&visit, asks, 7);
    assert_true(comes_to_rest(visit.desk.http));
    say(&visit, asks + 7, strlen(asks) - 7);
    assert_int_equal(shutdown(visit.client, SHUT_WR), 0);
    http_turn(visit.desk.http);
    assert_int_equal(visit.desk.gone, 0);
    assert_non_null(visit.desk.held);
    assert_true(comes_to_rest(visit.desk.http));
    assert_int_equal(visit.desk.gone, 1);
    answer_held(&visit);
    assert_int_equal(visit.desk.done, 2);
    visit_end(&visit);
}

/* Its place is taken by another client, whose leaving is told as if nobody had been there. */
static void test_http_the_next_client_in_a_place_is_watched_anew(void **state)
{
    struct sockaddr_in address;
    socklen_t size = sizeof(address);
    struct visit visit;

    (void)state;
    visit_begin(&visit);
    say(&visit, asks, strlen(asks));
    assert_true(comes_to_rest(visit.desk.http));
    answer_held(&visit);
    assert_int_equal(getpeername(visit.client, (struct sockaddr *)&address, &size), 0);
    (void)close(visit.client);
    assert_true(comes_to_rest(visit.desk.http));
    visit.client = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(visit.client, (struct sockaddr *)&address, sizeof(address)), 0);
    say(&visit, asks, strlen(asks));
    assert_true(comes_to_rest(visit.desk.http));
    assert_int_equal(visit.desk.gone, 0);
    assert_int_equal(shutdown(visit.client, SHUT_WR), 0);
    assert_true(comes_to_rest(visit.desk.http));
    assert_int_equal(visit.desk.gone, 1);
    answer_held(&visit);
    visit_end(&visit);
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
        cmocka_unit_test(test_http_a_client_that_leaves_at_its_second_request_is_missed_as_well),
        cmocka_unit_test(test_http_a_client_that_has_left_before_it_is_held_is_missed),
        cmocka_unit_test(test_http_the_next_client_in_a_place_is_watched_anew),
        cmocka_unit_test(test_http_silent_clients_make_room_although_nobody_gets_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
