#include "host/exporter.h"

#include "base/assert.h"
#include "host/address.h"
#include "host/clock.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A scraper, a probe or two, somebody who looks: more have come by mistake. */
#define EXPORTER_CONNECTIONS_MAX 32
/* From the first byte to the last: the library's own time-out only sees silence. */
#define EXPORTER_DEADLINE_MS 10000
/* The largest table of metrics is a tenth of it. */
#define EXPORTER_TEXT_BYTES ((size_t)512 * 1024)
/* The library says at the first of them, as a rule, that nothing is left. */
#define EXPORTER_RUNS_MAX 16

struct exporter_client {
    int fd; /* -1: free */
    struct fc_mono since;
};

struct fc_exporter {
    struct fc_exporter_source source;
    struct MHD_Daemon *daemon;
    int fd;
    char *text; /* EXPORTER_TEXT_BYTES */
    struct exporter_client clients[EXPORTER_CONNECTIONS_MAX];
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status,
                              const char *content_type, struct fc_str body)
{
    char empty[] = "";
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.len, body.len > 0 ? (void *)(uintptr_t)body.ptr : empty, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result result = MHD_NO;

    if (response == NULL)
        return MHD_NO;
    if (MHD_add_response_header(response, "Content-Type", content_type) == MHD_YES &&
        MHD_add_response_header(response, "Cache-Control", "no-store") == MHD_YES &&
        (status != MHD_HTTP_METHOD_NOT_ALLOWED ||
         MHD_add_response_header(response, "Allow", "GET, HEAD") == MHD_YES))
        result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned status,
                                   const char *text)
{
    return answer(connection, status, "text/plain; charset=utf-8", fc_str_of(text));
}

static enum MHD_Result answer_source(struct fc_exporter *exporter,
                                     struct MHD_Connection *connection, bool metrics)
{
    struct fc_buf buf = fc_buf_of(exporter->text, EXPORTER_TEXT_BYTES);
    const struct fc_exporter_source *source = &exporter->source;
    unsigned status = MHD_HTTP_OK;

    if (metrics)
        source->metrics(source->arg, &buf);
    else if (!source->ready(source->arg, &buf))
        status = MHD_HTTP_SERVICE_UNAVAILABLE;
    if (buf.overflow)
        return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR,
                           "the answer is larger than the endpoint's buffer\n");
    return answer(connection, status,
                  metrics ? "text/plain; version=0.0.4; charset=utf-8" : "application/json",
                  fc_buf_str(&buf));
}

static bool has_body(struct MHD_Connection *connection)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length") != NULL ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_size, void **request)
{
    static char seen;
    struct fc_exporter *exporter = cls;

    (void)version;
    (void)data;
    (void)data_size;
    if (*request == NULL) {
        *request = &seen;
        /* Answered here, before a body is read, the connection is closed behind the answer. */
        if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
            return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        if (has_body(connection))
            return answer_text(connection, MHD_HTTP_BAD_REQUEST, "a GET has no body\n");
        return MHD_YES;
    }
    if (strcmp(url, "/metrics") == 0)
        return answer_source(exporter, connection, true);
    if (strcmp(url, "/readyz") == 0)
        return answer_source(exporter, connection, false);
    if (strcmp(url, "/livez") == 0)
        return answer(connection, MHD_HTTP_OK, "application/json",
                      FC_STR("{\"status\":\"alive\"}\n"));
    return answer_text(connection, MHD_HTTP_NOT_FOUND, "/metrics /livez /readyz\n");
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct fc_exporter *exporter = cls;
    struct exporter_client *client = *context;

    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (client != NULL)
            client->fd = -1;
        return;
    }
    for (size_t i = 0; i < EXPORTER_CONNECTIONS_MAX; i++) {
        client = &exporter->clients[i];
        if (client->fd >= 0)
            continue;
        client->fd =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        client->since = fc_clock_mono();
        *context = client;
        return;
    }
}

/* A scraper that keeps its connection starts anew with each request. */
static void on_completed(void *cls, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code)
{
    struct exporter_client *client =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

    (void)cls;
    (void)request;
    (void)code;
    if (client != NULL)
        client->since = fc_clock_mono();
}

static enum fc_rc daemon_start(struct fc_exporter *exporter, int listen_fd, struct fc_err *ret_err)
{
    exporter->daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, on_request, exporter, MHD_OPTION_LISTEN_SOCKET, listen_fd,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, exporter, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, exporter, MHD_OPTION_CONNECTION_LIMIT, (unsigned)EXPORTER_CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(EXPORTER_DEADLINE_MS / 1000),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)8192, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    if (exporter->daemon == NULL)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "MHD_start_daemon",
                          "the HTTP library could not be started");
    exporter->fd = MHD_get_daemon_info(exporter->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    FC_ASSERT(exporter->fd >= 0);
    return FC_OK;
}

enum fc_rc fc_exporter_open(const char *address, const struct fc_exporter_source *source,
                            struct fc_exporter **ret_exporter, struct fc_err *ret_err)
{
    int listen_fd;

    if (address[0] == '\0') {
        *ret_exporter = NULL;
        return FC_OK;
    }
    FC_ASSERT(source->metrics != NULL && source->ready != NULL);
    struct fc_exporter *exporter = calloc(1, sizeof(*exporter)); /* heap: at start */
    char *text = calloc(1, EXPORTER_TEXT_BYTES);                 /* heap: at start */

    if (exporter == NULL || text == NULL) {
        (void)fc_err_set(ret_err, FC_CURE_RECONNECT, "fc_exporter_open", "no memory");
        goto out;
    }
    if (fc_address_listen(address, false, &listen_fd, ret_err) != FC_OK)
        goto out;
    exporter->source = *source;
    exporter->text = text;
    for (size_t i = 0; i < EXPORTER_CONNECTIONS_MAX; i++)
        exporter->clients[i].fd = -1;
    /* Nothing closes the socket when this fails: the library may have done so already. */
    if (daemon_start(exporter, listen_fd, ret_err) != FC_OK)
        goto out;
    *ret_exporter = exporter;
    return FC_OK;
out:
    free(exporter);
    free(text);
    return FC_FAIL;
}

int fc_exporter_fd(const struct fc_exporter *exporter)
{
    return exporter != NULL ? exporter->fd : -1;
}

void fc_exporter_turn(struct fc_exporter *exporter)
{
    unsigned MHD_LONG_LONG wait_ms = 0;

    if (exporter == NULL)
        return;
    for (size_t i = 0; i < EXPORTER_CONNECTIONS_MAX; i++) {
        const struct exporter_client *client = &exporter->clients[i];

        if (client->fd >= 0 && fc_clock_ms_since(client->since) > EXPORTER_DEADLINE_MS)
            (void)shutdown(client->fd, SHUT_RDWR);
    }
    /* What it knows to be ready already does not wake its descriptor once more. */
    for (int i = 0; i < EXPORTER_RUNS_MAX; i++) {
        (void)MHD_run(exporter->daemon);
        if (MHD_get_timeout(exporter->daemon, &wait_ms) != MHD_YES || wait_ms > 0)
            return;
    }
}

void fc_exporter_close(struct fc_exporter *exporter)
{
    if (exporter == NULL)
        return;
    MHD_stop_daemon(exporter->daemon);
    free(exporter->text);
    free(exporter);
}
