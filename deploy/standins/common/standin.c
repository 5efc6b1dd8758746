#include "common/standin.h"

#include "base/assert.h"
#include "common/held.h"
#include "host/address.h"
#include "host/clock.h"
#include "host/log.h"
#include "host/process.h"

#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)64 * 1024 * 1024)
#define BODY_BYTES_FIRST ((size_t)16 * 1024)
#define CONNECTIONS_MAX 1024
#define AGAIN_HEAD_BYTES 256
#define TURN_MS_MAX 1000
#define SETTINGS_COUNT (4 + FC_COMMON_SETTINGS_COUNT)

#define ROW(name, kind, member, value, min, max, sentence)                               \
    {                                                                                    \
        name, kind, offsetof(struct standin_settings, member),                           \
            sizeof(((struct standin_settings *)NULL)->member), value, min, max, sentence \
    }

static const struct fc_setting own_rows[] = {
    ROW("FIRSTCOME_STANDIN_LISTEN", FC_SETTING_ADDRESS, listen, NULL, 0, 0,
        "host:port that it is asked at"),
    ROW("FIRSTCOME_STANDIN_BEHAVIOUR", FC_SETTING_TEXT, behaviour, "{}", 0, 0,
        "JSON: how it behaves at first, as PUT /behaviour takes it"),
    ROW("FIRSTCOME_STANDIN_FILE", FC_SETTING_TEXT, file, "", 0, 0,
        "file that keeps what it was told; empty: in memory only"),
    ROW("FIRSTCOME_STANDIN_SEED", FC_SETTING_I32, seed, "1", 0, INT32_MAX, "seed of its chance"),
};

/* A request that is being read, and then its answer. */
struct exchange {
    char *body;
    size_t len;
    size_t size;
    char *again; /* NULL: it is answered once */
    size_t again_len;
    bool too_large;
    bool handled;
    struct held held;
};

struct standin {
    const struct standin_program *program;
    struct standin_settings settings;
    struct MHD_Daemon *daemon;
    int epoll_fd;
    int signal_fd;
    struct held_list list;
    int32_t count; /* requests that are being read or held */
    struct fc_arena arena;
    char *answer; /* STANDIN_ANSWER_BYTES_MAX */
};

/* --- a request -------------------------------------------------------------------------------- */

static struct fc_str lookup(const struct standin_request *request, enum MHD_ValueKind kind,
                            const char *name)
{
    struct MHD_Connection *connection = request->connection;

    return fc_str_of(MHD_lookup_connection_value(connection, kind, name));
}

struct fc_str standin_header(const struct standin_request *request, const char *name)
{
    return lookup(request, MHD_HEADER_KIND, name);
}

struct fc_str standin_arg(const struct standin_request *request, const char *name)
{
    return lookup(request, MHD_GET_ARGUMENT_KIND, name);
}

void standin_refuse(struct fc_buf *body, struct standin_answer *answer, int32_t status,
                    const char *sentence)
{
    fc_buf_put_fmt(body, "{\"error\":\"%s\"}", sentence);
    answer->status = status;
}

static enum standin_method method_of(const char *name)
{
    static const char *const names[] = {"GET", "POST", "PUT", "DELETE"};

    for (int i = 0; i < STANDIN_OTHER; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum standin_method)i;
    return STANDIN_OTHER;
}

static bool take_body(struct exchange *exchange, const char *data, size_t len)
{
    if (exchange->len + len > STANDIN_BODY_BYTES_MAX) {
        exchange->too_large = true;
        return true;
    }
    if (exchange->len + len > exchange->size) {
        size_t size = exchange->size > 0 ? exchange->size : BODY_BYTES_FIRST;

        while (size < exchange->len + len)
            size *= 2;
        char *body = realloc(exchange->body, size); /* heap: bodies of a test's clients, bounded */

        if (body == NULL)
            return false;
        exchange->body = body;
        exchange->size = size;
    }
    memcpy(exchange->body + exchange->len, data, len);
    exchange->len += len;
    return true;
}

static void put_number(char text[16], int64_t number)
{
    struct fc_buf buf = fc_buf_of(text, 15);

    fc_buf_put_i64(&buf, number);
    text[buf.len] = '\0';
}

static struct MHD_Response *response_of(const struct fc_buf *body,
                                        const struct standin_answer *answer)
{
    char nothing = 0;
    char number[16];
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body->len, body->len > 0 ? body->ptr : &nothing, MHD_RESPMEM_MUST_COPY);

    if (response == NULL)
        return NULL;
    (void)MHD_add_response_header(response, "Content-Type", answer->content_type);
    if (answer->retry_after_s >= 0) {
        put_number(number, answer->retry_after_s);
        (void)MHD_add_response_header(response, "Retry-After", number);
    }
    return response;
}

/* The same answer once more, for the time when the first has left; nothing without memory. */
static void keep_again(struct exchange *exchange, struct fc_str body,
                       const struct standin_answer *answer)
{
    size_t size = body.len + AGAIN_HEAD_BYTES;

    exchange->again = malloc(size); /* heap: of a test's clients, bounded */
    if (exchange->again == NULL)
        return;
    struct fc_buf buf = fc_buf_of(exchange->again, size);

    fc_buf_put_fmt(&buf, "HTTP/1.1 %d Again\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                   (int)answer->status, answer->content_type, body.len);
    fc_buf_put(&buf, body);
    exchange->again_len = buf.overflow ? 0 : buf.len;
}

/* Asks the program, and keeps what it says until it is time. */
static void handle(struct standin *standin, struct exchange *exchange,
                   const struct standin_request *request)
{
    struct fc_buf body = fc_buf_of(standin->answer, STANDIN_ANSWER_BYTES_MAX);
    struct standin_answer answer = {
        .status = 200, .content_type = "application/json", .retry_after_s = -1};

    fc_arena_reset(&standin->arena);
    if (exchange->too_large)
        standin_refuse(&body, &answer, 413, "the body is too large");
    else if (request->method == STANDIN_GET && fc_str_eq(request->path, FC_STR("/livez")))
        fc_buf_put_text(&body, "{\"status\":\"alive\"}");
    else
        standin->program->handle(standin->program->arg, request, &body, &answer);
    if (body.overflow) {
        body = fc_buf_of(standin->answer, STANDIN_ANSWER_BYTES_MAX);
        standin_refuse(&body, &answer, 500, "the answer is too large");
    }
    exchange->handled = true;
    if (answer.twice)
        keep_again(exchange, fc_buf_str(&body), &answer);
    exchange->held = (struct held){
        .connection = request->connection,
        .status = answer.status,
        .response = answer.manner == STANDIN_ANSWER ? response_of(&body, &answer) : NULL,
        .wait_ms = answer.manner == STANDIN_HANG ? STANDIN_HANG_MS : answer.delay_ms,
    };
}

/* --- what the library calls ------------------------------------------------------------------- */

static enum MHD_Result begin(struct standin *standin, void **context)
{
    struct exchange *exchange = NULL;

    if (standin->count < STANDIN_REQUESTS_MAX)
        exchange = calloc(1, sizeof(*exchange)); /* heap: of a test's clients, bounded */
    if (exchange == NULL)
        return MHD_NO;
    standin->count++;
    *context = exchange;
    return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **context)
{
    struct standin *standin = arg;
    struct exchange *exchange = *context;

    (void)version;
    if (exchange == NULL)
        return begin(standin, context);
    if (*size > 0) {
        size_t len = *size;

        *size = 0;
        return take_body(exchange, data, len) ? MHD_YES : MHD_NO;
    }
    if (!exchange->handled) {
        const struct standin_request request = {
            .method = method_of(method),
            .path = fc_str_of(url),
            .body = {exchange->body, exchange->len},
            .at = fc_clock_now(),
            .arena = &standin->arena,
            .connection = connection,
        };

        handle(standin, exchange, &request);
    }
    return held_turn(&standin->list, &exchange->held) ? MHD_YES : MHD_NO;
}

/* Past the library, which would not do such a thing. */
static void send_again(struct MHD_Connection *connection, const struct exchange *exchange)
{
    int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;

    (void)send(fd, exchange->again, exchange->again_len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    struct standin *standin = arg;
    struct exchange *exchange = *context;

    if (exchange == NULL)
        return;
    *context = NULL;
    if (exchange->again != NULL && code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        send_again(connection, exchange);
    free(exchange->again);
    held_end(&standin->list, &exchange->held);
    free(exchange->body);
    free(exchange);
    standin->count--;
}

/* --- the process ------------------------------------------------------------------------------ */

static enum fc_rc prepare(struct standin *standin, struct fc_err *ret_err)
{
    char *memory = malloc(ARENA_BYTES); /* heap: at start */

    standin->answer = malloc(STANDIN_ANSWER_BYTES_MAX); /* heap: at start */
    if (memory == NULL || standin->answer == NULL)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "standin", "no memory");
    fc_arena_init(&standin->arena, memory, ARENA_BYTES);
    return standin->program->start(standin->program->arg, &standin->settings, ret_err);
}

static enum fc_rc listen_up(struct standin *standin, struct fc_err *ret_err)
{
    int fd;

    if (fc_process_signals(&standin->signal_fd, ret_err) == FC_FAIL ||
        fc_address_listen(standin->settings.listen, false, &fd, ret_err) == FC_FAIL)
        return FC_FAIL;
    standin->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, standin,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED, on_completed, standin,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_END);
    if (standin->daemon == NULL)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "MHD_start_daemon", "would not start");
    standin->epoll_fd = MHD_get_daemon_info(standin->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return FC_OK;
}

static void turn(struct standin *standin)
{
    struct pollfd fds[] = {{standin->signal_fd, POLLIN, 0}, {standin->epoll_fd, POLLIN, 0}};
    int32_t wait_ms = held_due_ms(&standin->list, TURN_MS_MAX);
    MHD_UNSIGNED_LONG_LONG library_ms;

    if (MHD_get_timeout(standin->daemon, &library_ms) == MHD_YES &&
        library_ms < (MHD_UNSIGNED_LONG_LONG)wait_ms)
        wait_ms = (int32_t)library_ms;
    /* An error or a signal is a wake like any other. */
    (void)poll(fds, FC_ARRAY_COUNT(fds), wait_ms);
    held_resume_due(&standin->list);
    (void)MHD_run(standin->daemon);
}

static int fail(const struct fc_err *err)
{
    struct fc_log_line line;

    fc_log_begin(&line, FC_LOG_FATAL, "cannot start");
    fc_log_err(&line, err);
    fc_log_end(&line);
    return err->cure == FC_CURE_EXIT ? FC_EXIT_PERMANENT : FC_EXIT_LATER;
}

static void log_listening(const struct standin *standin)
{
    struct fc_log_line line;

    fc_log_begin(&line, FC_LOG_INFO, "listening");
    fc_log_text(&line, "address", standin->settings.listen);
    fc_log_end(&line);
}

static int serve(struct standin *standin)
{
    struct fc_err err;

    if (listen_up(standin, &err) == FC_FAIL)
        return fail(&err);
    log_listening(standin);
    while (!fc_process_stopping())
        turn(standin);
    held_resume_all(&standin->list);
    (void)MHD_run(standin->daemon);
    MHD_stop_daemon(standin->daemon);
    return FC_EXIT_OK;
}

extern char **environ;

int standin_main(int argc, char **argv, const struct standin_program *program)
{
    static struct standin standin;
    struct fc_setting table[SETTINGS_COUNT];
    struct fc_err err;
    int code = FC_EXIT_OK;
    enum fc_process_word word =
        fc_process_words(argc, argv, program->name, program->sentence, &code);

    if (word == FC_WORD_DONE)
        return code;
    standin.program = program;
    memcpy(table, own_rows, sizeof(own_rows));
    fc_config_common_rows(offsetof(struct standin_settings, common),
                          &table[FC_ARRAY_COUNT(own_rows)]);
    if (fc_config_read(table, SETTINGS_COUNT, environ, &standin.settings, &err) == FC_FAIL ||
        fc_config_apply_log(&standin.settings.common, program->name, &err) == FC_FAIL)
        return fail(&err);
    if (word == FC_WORD_PRINT_CONFIG) {
        fc_config_print(table, SETTINGS_COUNT, &standin.settings, STDOUT_FILENO);
        return FC_EXIT_OK;
    }
    if (prepare(&standin, &err) == FC_FAIL)
        return fail(&err);
    code = word == FC_WORD_CHECK ? FC_EXIT_OK : serve(&standin);
    free(standin.answer);
    free(standin.arena.ptr);
    return code;
}
