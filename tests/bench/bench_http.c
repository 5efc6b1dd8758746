/*
 * The bare rate of the HTTP library: libmicrohttpd as producer/http.c drives it (an epoll of its
 * own within ours, one thread), and nothing behind it. A POST is read whole and answered 202, all
 * else 200, with headers and bodies of the size of the ingress' 202 and of the document of a
 * command. Nothing is parsed, looked up or logged, and no deadline is watched.
 *
 *   bench_http PORT [--made]
 *
 * The two answers are made once and sent again and again, the least that the library can do; with
 * --made each is made anew, headers and all, as a program must whose answers differ. Listens on
 * 127.0.0.1 until SIGTERM; then prints one line of JSON, with the rate between the first and the
 * last request.
 */
#include "base/assert.h"
#include "base/str.h"
#include "host/address.h"
#include "host/clock.h"
#include "host/process.h"
#include "host/process_stat.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define CONNECTION_BYTES 8192
#define CONNECTION_COUNT_MAX 20000
#define HEADERS_MAX 4

#define ID "01a1ff15-c527-7839-84aa-258f7c49b68c"

struct bare_header {
    const char *name;
    const char *value;
};

/* What is answered: a row is a status. */
struct bare_answer {
    unsigned int status;
    char body[512];
    struct bare_header headers[HEADERS_MAX]; /* ends at the first without a name */
};

struct bare {
    struct MHD_Daemon *daemon;
    struct MHD_Response *accepted;
    struct MHD_Response *found;
    bool made;
    int64_t requests;
    struct fc_mono first;
    struct fc_mono last;
};

static struct bare_answer answer_accepted = {
    202,
    "{\"command_id\":\"" ID "\",\"order_id\":\"" ID "\",\"state\":\"accepted\","
    "\"accepted_at\":\"2026-11-21T09:02:50.726475Z\"}",
    {{"Content-Type", "application/json"},
     {"Location", "/v1/commands/" ID},
     {"Retry-After", "1"},
     {"X-Request-Id", "0123456789abcdef0123456789abcdef"}},
};

static struct bare_answer answer_found = {
    200,
    "{\"command_id\":\"" ID "\",\"type\":\"order.place\",\"state\":\"succeeded\","
    "\"accepted_at\":\"2026-11-21T09:02:50.726475Z\",\"decided_at\":\"2026-11-21T09:02:50."
    "731506Z\",\"result\":{\"order_id\":\"" ID "\",\"status\":\"paid\",\"total\":2000,"
    "\"discount\":0,\"paid\":2000,\"balance\":999998000,"
    "\"paid_at\":\"2026-11-21T09:02:50.731506Z\"}}",
    {{"Content-Type", "application/json"},
     {"Cache-Control", "no-store"},
     {"X-Request-Id", "0123456789abcdef0123456789abcdef"}},
};

static struct MHD_Response *response_make(struct bare_answer *answer, enum MHD_ResponseMemoryMode m)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(answer->body), answer->body, m);

    FC_ASSERT(response != NULL);
    for (int i = 0; i < HEADERS_MAX && answer->headers[i].name != NULL; i++)
        (void)MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    return response;
}

static enum MHD_Result respond(struct bare *bare, struct MHD_Connection *connection, bool is_post)
{
    struct bare_answer *answer = is_post ? &answer_accepted : &answer_found;
    struct MHD_Response *response = is_post ? bare->accepted : bare->found;
    enum MHD_Result result;

    if (!bare->made)
        return MHD_queue_response(connection, answer->status, response);
    response = response_make(answer, MHD_RESPMEM_MUST_COPY);
    result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

/* First with the headers, then with each piece of the body, then without one. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **context)
{
    static int begun;
    struct bare *bare = arg;

    (void)url;
    (void)version;
    (void)data;
    if (*context == NULL) {
        *context = &begun;
        return MHD_YES;
    }
    if (*size > 0) {
        *size = 0;
        return MHD_YES;
    }
    *context = NULL;
    bare->requests++;
    return respond(bare, connection, strcmp(method, "POST") == 0);
}

static void bare_open(struct bare *bare, const char *port)
{
    char address[32];
    struct fc_err err;
    int listener;

    (void)snprintf(address, sizeof(address), "127.0.0.1:%s", port);
    if (fc_address_listen(address, false, &listener, &err) != FC_OK) {
        (void)fprintf(stderr, "bench_http: %s: %s\n", address, err.text);
        _exit(FC_EXIT_LATER);
    }
    bare->accepted = response_make(&answer_accepted, MHD_RESPMEM_PERSISTENT);
    bare->found = response_make(&answer_found, MHD_RESPMEM_PERSISTENT);
    bare->daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, on_request, bare, MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTION_COUNT_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
    FC_ASSERT(bare->daemon != NULL);
}

static int bare_epoll(const struct bare *bare, int signal_fd)
{
    const int fds[] = {
        MHD_get_daemon_info(bare->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
        signal_fd,
    };
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    FC_ASSERT(epoll >= 0);
    for (size_t i = 0; i < FC_ARRAY_COUNT(fds); i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fds[i]};

        FC_ASSERT(epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event) == 0);
    }
    return epoll;
}

static void bare_turn(struct bare *bare, int epoll)
{
    struct epoll_event events[2];
    MHD_UNSIGNED_LONG_LONG ms;
    int64_t before = bare->requests;
    int wait_ms = -1;

    if (MHD_get_timeout(bare->daemon, &ms) == MHD_YES)
        wait_ms = ms < 500 ? (int)ms : 500;
    (void)epoll_wait(epoll, events, 2, wait_ms);
    (void)MHD_run(bare->daemon);
    if (bare->requests == before)
        return;
    bare->last = fc_clock_mono();
    if (before == 0)
        bare->first = bare->last;
}

static void report(const struct bare *bare)
{
    double seconds = (double)(bare->last.us - bare->first.us) / 1e6;
    double per_s = seconds > 0 ? (double)bare->requests / seconds : 0;
    struct fc_process_stat stat = {0};

    (void)!fc_process_stat_read(&stat);
    (void)printf("{\"name\":\"http\",\"library\":\"libmicrohttpd %s\",\"made\":%s,"
                 "\"requests\":%lld,\"per_s\":%.0f,\"seconds\":%.3f,\"cpu_s\":%.3f}\n",
                 MHD_get_version(), bare->made ? "true" : "false", (long long)bare->requests, per_s,
                 seconds, (double)stat.cpu_us / 1e6);
}

int main(int argc, char **argv)
{
    struct bare bare = {0};
    struct fc_err err;
    int signal_fd;

    bare.made = argc == 3 && strcmp(argv[2], "--made") == 0;
    if (argc != (bare.made ? 3 : 2)) {
        (void)fputs("Usage: bench_http PORT [--made]\n", stderr);
        return FC_EXIT_USAGE;
    }
    if (fc_process_signals(&signal_fd, &err) != FC_OK)
        return FC_EXIT_LATER;
    bare_open(&bare, argv[1]);
    int epoll = bare_epoll(&bare, signal_fd);

    while (!fc_process_stopping())
        bare_turn(&bare, epoll);
    MHD_stop_daemon(bare.daemon);
    MHD_destroy_response(bare.accepted);
    MHD_destroy_response(bare.found);
    (void)close(epoll);
    report(&bare);
    return FC_EXIT_OK;
}
