#include "producer/http.h"

#include "base/assert.h"
#include "host/process.h"
#include "producer/clients.h"
#include "producer/pool.h"
#include "producer/watch.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Request line and headers of a request; answers' headers are made in it, too. */
#define CONNECTION_BYTES 8192
/* Silence after which the library closes a connection; clients.h bounds the rest. */
#define SILENCE_S_MAX 30
/* A stream's text that its client has not yet taken. */
#define STREAM_BYTES_MAX (256 * 1024)
#define STREAM_BLOCK_BYTES 4096
#define GONE_MAX 64

struct http {
    struct MHD_Daemon *daemon;
    int watch; /* the library's epoll, and the clients that are watched */
    struct http_handler handler;
    struct request_pool pool;
    struct clients clients;
    struct request no_room;    /* stands for those that found the pool in use */
    struct fc_chances chances; /* for request ids */
    struct fc_mono now;        /* of this turn: the phases of clients are of seconds */
    bool resumed;              /* the library has work although no descriptor is ready */
    bool draining;             /* answers close their connections */
    bool lax;                  /* a library that needs producer/layout.h; 1.0 is strict */
};

static struct client *client_of(const struct request *request)
{
    struct MHD_Connection *connection = request->connection;

    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void resume(struct http *http, struct request *request)
{
    watch_end(client_of(request));
    if (!request->suspended)
        return;
    request->suspended = false;
    http->resumed = true;
    MHD_resume_connection(request->connection);
}

/* State first, then the suspension, and only then anybody may answer. */
static void suspend(struct http *http, struct request *request, bool watch)
{
    request->suspended = true;
    MHD_suspend_connection(request->connection);
    if (watch)
        watch_begin(http->watch, client_of(request), request);
}

/* Sends what was put into the stream; without any, the connection rests until there is. */
static ssize_t on_stream(void *arg, uint64_t position, char *memory, size_t size)
{
    struct request *request = arg;

    (void)position;
    if (request->gone)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (request->body_len > 0)
        return (ssize_t)request_body_give(request, memory, size);
    if (request->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    suspend(request->http, request, true);
    return 0;
}

static struct MHD_Response *make_response(struct request *request, const struct http_answer *answer)
{
    if (answer->stream) {
        request->body_len = 0;
        request->ended = !request_body_append(request, answer->body, STREAM_BYTES_MAX);
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK_BYTES, on_stream,
                                                 request, NULL);
    }
    char nothing = 0;
    void *body = &nothing;

    /* The library copies it, but its type does not say so. */
    if (answer->body.len > 0)
        memcpy(&body, &answer->body.ptr, sizeof(body));
    return MHD_create_response_from_buffer(answer->body.len, body, MHD_RESPMEM_MUST_COPY);
}

void http_answer(struct http *http, struct request *request, const struct http_answer *answer)
{
    struct MHD_Response *response = make_response(request, answer);

    FC_ASSERT(request->step == REQUEST_SERVING || request->step == REQUEST_HELD ||
              request->step == REQUEST_READING);
    FC_ASSERT(request->response == NULL);
    if (response != NULL) {
        if (answer->content_type != NULL)
            (void)MHD_add_response_header(response, "Content-Type", answer->content_type);
        for (int32_t i = 0; i < answer->header_count; i++)
            (void)MHD_add_response_header(response, answer->headers[i].name,
                                          answer->headers[i].value);
        if (request->id[0] != '\0')
            (void)MHD_add_response_header(response, "X-Request-Id", request->id);
        /* Also what is refused before its body was read: where it ends is in doubt. */
        if (http->draining || request->step == REQUEST_READING)
            (void)MHD_add_response_header(response, "Connection", "close");
    }
    request->response = response;
    request->status = answer->status;
    request->step = answer->stream ? REQUEST_STREAMING : REQUEST_ANSWERED;
    resume(http, request);
}

/* Hands the answer to the library; without memory for one the connection is cut. */
static enum MHD_Result queue_response(struct request *request)
{
    struct MHD_Response *response = request->response;
    enum MHD_Result result;

    if (response == NULL)
        return MHD_NO;
    client_enter(&request->http->clients, client_of(request),
                 request->step == REQUEST_STREAMING ? CLIENT_SERVED : CLIENT_SENDING,
                 request->http->now);
    result = MHD_queue_response(request->connection, (unsigned int)request->status, response);
    MHD_destroy_response(response);
    request->response = NULL;
    return result;
}

void http_hold(struct http *http, struct request *request, bool watch)
{
    FC_ASSERT(request->step == REQUEST_SERVING);
    request->step = REQUEST_HELD;
    suspend(http, request, watch);
}

void http_stream_put(struct http *http, struct request *request, struct fc_str text, bool end)
{
    FC_ASSERT(request->step == REQUEST_STREAMING);
    if (!request_body_append(request, text, STREAM_BYTES_MAX))
        end = true;
    request->ended = request->ended || end;
    resume(http, request);
}

static enum MHD_Result on_value(void *arg, enum MHD_ValueKind kind, const char *key,
                                size_t key_size, const char *value, size_t value_size)
{
    struct request *request = arg;
    struct fc_str name = {key, key_size};
    struct fc_str text = {value, value == NULL ? 0 : value_size};

    if (kind == MHD_HEADER_KIND) {
        layout_add(&request->layout, name, text);
        request_head_add(&request->head, name, text);
    } else if (request->arg_count++ < REQUEST_ARGS_MAX)
        request->args[request->arg_count - 1] = (struct request_arg){name, text};
    return MHD_YES;
}

/* The headers are complete, no byte of the body was read: an answer queued here closes the
 * connection, so that nothing of a doubtful body is taken for a request. */
static enum MHD_Result begin(struct http *http, struct request *request, const char *version)
{
    const union MHD_ConnectionInfo *info;
    enum request_framing framing;

    request->http = http;
    request->since = fc_clock_mono();
    request->at = fc_clock_now();
    (void)MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND | MHD_GET_ARGUMENT_KIND,
                                      on_value, request);
    request_id_set(request, fc_chances_next(&http->chances), fc_chances_next(&http->chances));
    info = MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (http->lax && !layout_is_whole(&request->layout, info->header_size))
        request->head.malformed = true;
    framing = request_head_framing(&request->head, strcmp(version, "HTTP/1.1") == 0);
    if (request == &http->no_room)
        framing = REQUEST_NO_ROOM;
    if (framing == REQUEST_FRAMED)
        return MHD_YES;
    http->handler.refused(http->handler.arg, request, framing);
    return queue_response(request);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **context)
{
    struct http *http = arg;
    struct request *request = *context;

    if (request == NULL) {
        request = request_take(&http->pool);
        *context = request;
        if (request == NULL) {
            request = &http->no_room;
            *request = (struct request){.id = ""};
        }
        request->connection = connection;
        request->method = request_method_parse(fc_str_of(method));
        request->path = fc_str_of(url);
        layout_begin(&request->layout, method, client_of(request)->target, version);
        return begin(http, request, version);
    }
    if (*size > 0) {
        struct fc_str bytes = {data, *size};

        *size = 0;
        return request_body_take(request, bytes) ? MHD_YES : MHD_NO;
    }
    if (request->step == REQUEST_READING) {
        client_enter(&http->clients, client_of(request), CLIENT_SERVED, http->now);
        request->step = REQUEST_SERVING;
        if (request->oversized)
            http->handler.refused(http->handler.arg, request, REQUEST_TOO_LARGE);
        else
            http->handler.ready(http->handler.arg, request);
    }
    FC_ASSERT(request->step != REQUEST_SERVING);
    return request->step == REQUEST_HELD ? MHD_YES : queue_response(request);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct http *http = arg;
    struct request *request = *context;

    (void)connection;
    (void)code;
    if (request == NULL)
        return;
    *context = NULL;
    watch_end(client_of(request));
    http->handler.done(http->handler.arg, request);
    if (request->response != NULL)
        MHD_destroy_response(request->response);
    client_enter(&http->clients, client_of(request), CLIENT_IDLE, http->now);
    request_give(&http->pool, request);
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http *http = arg;

    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        client_give(&http->clients, *socket_context);
        return;
    }
    *socket_context = client_take(
        &http->clients,
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
        http->now);
    FC_ASSERT(*socket_context != NULL);
    clients_make_room(&http->clients, http->now);
}

/* The request line of a further request has come: its time runs from now. */
static void *on_line(void *arg, const char *uri, struct MHD_Connection *connection)
{
    struct http *http = arg;
    struct client *client =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

    client->target = layout_target(uri);
    if (client->phase != CLIENT_READING)
        client_enter(&http->clients, client, CLIENT_READING, http->now);
    return NULL;
}

/* Paths stay as they came: what is percent-encoded in them is no path of ours. */
static size_t on_unescape(void *arg, struct MHD_Connection *connection, char *text)
{
    (void)arg;
    (void)connection;
    return strlen(text);
}

void http_sweep(struct http *http, struct fc_mono now)
{
    clients_cut_late(&http->clients, now);
    /* With as many as can be nobody comes in whose coming would do it. */
    clients_make_room(&http->clients, now);
}

static enum fc_rc start(struct http *http, const struct http_settings *settings,
                        struct fc_err *ret_err)
{
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, http,
        MHD_OPTION_LISTEN_SOCKET, settings->listener, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        http, MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_URI_LOG_CALLBACK,
        on_line, http, MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, http, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned int)settings->connection_count_max, MHD_OPTION_CONNECTION_TIMEOUT, SILENCE_S_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
    if (http->daemon == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "MHD_start_daemon", "would not start");
    http->watch = watch_open(MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd);
    if (http->watch < 0)
        return fc_err_set_sys(ret_err, FC_CURE_EXIT, "epoll", errno);
    return FC_OK;
}

enum fc_rc http_open(const struct http_settings *settings, struct http **ret_http,
                     struct fc_err *ret_err)
{
    struct http *http = calloc(1, sizeof(*http)); /* heap: at open */

    if (http == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "http_open", "no memory");
    http->watch = -1;
    http->lax = strncmp(MHD_get_version(), "0.", 2) == 0;
    http->handler = settings->handler;
    if (request_pool_open(&http->pool, settings->request_count_max, ret_err) != FC_OK ||
        clients_open(&http->clients, settings->connection_count_max, ret_err) != FC_OK ||
        start(http, settings, ret_err) != FC_OK)
        goto out;
    *ret_http = http;
    return FC_OK;
out:
    http_close(http);
    return FC_FAIL;
}

void http_close(struct http *http)
{
    if (http == NULL)
        return;
    MHD_stop_daemon(http->daemon);
    if (http->watch >= 0)
        (void)close(http->watch);
    clients_close(&http->clients);
    request_pool_close(&http->pool);
    free(http);
}

int http_fd(const struct http *http)
{
    return http->watch;
}

int32_t http_wait_ms(const struct http *http)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;

    if (!http->resumed && MHD_get_timeout(http->daemon, &ms) != MHD_YES)
        return -1;
    return ms < INT32_MAX ? (int32_t)ms : INT32_MAX;
}

void http_turn(struct http *http)
{
    struct request *gone[GONE_MAX];
    int32_t count = watch_gone(http->watch, gone, GONE_MAX);

    for (int32_t i = 0; i < count; i++) {
        gone[i]->gone = true;
        http->handler.gone(http->handler.arg, gone[i]);
        /* Held still, it rests until its answer: the library would ask for that without a pause. */
        if (gone[i]->step != REQUEST_HELD)
            resume(http, gone[i]);
    }
    http->resumed = false;
    http->now = fc_clock_mono();
    (void)MHD_run(http->daemon);
}

void http_quiesce(struct http *http)
{
    MHD_socket listener;

    /* Whoever is in the kernel's queue is let in first: closing the socket would cut him off. */
    (void)MHD_run(http->daemon);
    http->draining = true;
    listener = MHD_quiesce_daemon(http->daemon);
    if (listener != MHD_INVALID_SOCKET)
        (void)close(listener);
}

int64_t http_moved(const struct http *http)
{
    return http->clients.count_moved;
}

void http_count(const struct http *http, int32_t *ret_requests, int32_t *ret_connections)
{
    *ret_requests = http->pool.count;
    *ret_connections = http->clients.count;
}
