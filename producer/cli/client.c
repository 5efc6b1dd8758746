#include "producer/cli/client.h"

#include "base/assert.h"
#include "producer/cli/cli.h"
#include "producer/cli/urls.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_MAX 64
#define CONNECT_MS_MAX 5000
/* Beyond the wait that was asked for: a slow machine, a database that is being restarted. */
#define ANSWER_MS_EXTRA 15000

struct lane {
    CURL *easy;
    int32_t index;
    bool flying;
    struct curl_slist *headers;
    char *body;   /* HTTP_BODY_BYTES_MAX */
    char *answer; /* CLI_ANSWER_BYTES_MAX */
    size_t answer_len;
    bool answer_cut;
    bool replayed;
    char trouble[CURL_ERROR_SIZE];
};

struct cli_client {
    struct cli_urls urls;
    char token_header[CLI_SETTING_BYTES + 32]; /* empty: none */
    CURLM *multi;
    int epoll;
    int wake_fd; /* -1: none, or it has woken */
    bool has_timer;
    struct fc_mono timer;
    struct lane *lanes;
    int32_t lane_count;
};

/* --- what libcurl calls ----------------------------------------------------------------------- */

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct lane *lane = arg;
    size_t len = size * count;
    size_t room = CLI_ANSWER_BYTES_MAX - lane->answer_len;
    size_t taken = len < room ? len : room;

    memcpy(lane->answer + lane->answer_len, bytes, taken);
    lane->answer_len += taken;
    lane->answer_cut = lane->answer_cut || taken < len;
    return len;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
    static const char replayed[] = "idempotency-replayed: true";
    struct lane *lane = arg;
    size_t len = size * count;

    if (len < sizeof(replayed) - 1)
        return len;
    for (size_t i = 0; i < sizeof(replayed) - 1; i++)
        if ((bytes[i] | 0x20) != (replayed[i] | 0x20))
            return len;
    lane->replayed = true;
    return len;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
    struct cli_client *client = arg;
    struct epoll_event event = {.data.fd = fd};

    (void)easy;
    (void)socket_arg;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(client->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    event.events |= what == CURL_POLL_IN || what == CURL_POLL_INOUT ? (uint32_t)EPOLLIN : 0;
    event.events |= what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? (uint32_t)EPOLLOUT : 0;
    if (epoll_ctl(client->epoll, EPOLL_CTL_MOD, fd, &event) != 0 && errno == ENOENT)
        (void)epoll_ctl(client->epoll, EPOLL_CTL_ADD, fd, &event);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *arg)
{
    struct cli_client *client = arg;

    (void)multi;
    client->has_timer = timeout_ms >= 0;
    client->timer.us = fc_clock_mono().us + timeout_ms * 1000;
    return 0;
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool lane_open(struct cli_client *client, int32_t index)
{
    struct lane *lane = &client->lanes[index];

    *lane = (struct lane){.index = index};
    lane->easy = curl_easy_init();
    lane->body = cli_memory(HTTP_BODY_BYTES_MAX);
    lane->answer = cli_memory(CLI_ANSWER_BYTES_MAX);
    if (lane->easy == NULL || lane->body == NULL || lane->answer == NULL)
        return false;
    (void)curl_easy_setopt(lane->easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(lane->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(lane->easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(lane->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(lane->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS_MAX);
    (void)curl_easy_setopt(lane->easy, CURLOPT_USERAGENT, "firstcome/" FC_VERSION);
    (void)curl_easy_setopt(lane->easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(lane->easy, CURLOPT_WRITEDATA, lane);
    (void)curl_easy_setopt(lane->easy, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(lane->easy, CURLOPT_HEADERDATA, lane);
    (void)curl_easy_setopt(lane->easy, CURLOPT_ERRORBUFFER, lane->trouble);
    (void)curl_easy_setopt(lane->easy, CURLOPT_PRIVATE, lane);
    return true;
}

static enum fc_rc multi_open(struct cli_client *client, struct fc_err *ret_err)
{
    struct epoll_event wake = {.events = EPOLLIN, .data.fd = client->wake_fd};

    client->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (client->epoll < 0)
        return fc_err_set_sys(ret_err, FC_CURE_RETRY, "epoll_create1", errno);
    if (client->wake_fd >= 0 &&
        epoll_ctl(client->epoll, EPOLL_CTL_ADD, client->wake_fd, &wake) != 0)
        return fc_err_set_sys(ret_err, FC_CURE_RETRY, "epoll_ctl", errno);
    client->multi = curl_multi_init();
    if (client->multi == NULL)
        return fc_err_set(ret_err, FC_CURE_RETRY, "curl_multi_init", "out of memory");
    (void)curl_multi_setopt(client->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(client->multi, CURLMOPT_SOCKETDATA, client);
    (void)curl_multi_setopt(client->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    (void)curl_multi_setopt(client->multi, CURLMOPT_TIMERDATA, client);
    (void)curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS,
                            (long)client->lane_count * client->urls.count);
    return FC_OK;
}

enum fc_rc cli_client_open(const struct cli_client_settings *settings,
                           struct cli_client **ret_client, struct fc_err *ret_err)
{
    struct cli_client *client = cli_memory(sizeof(*client));
    struct lane *lanes = cli_memory((size_t)settings->lane_count * sizeof(*lanes));
    struct fc_buf header;

    FC_ASSERT(settings->lane_count >= 1 && settings->lane_count <= CLI_LANES_MAX);
    if (client == NULL || lanes == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fc_err_set(ret_err, FC_CURE_RETRY, "client", "out of memory");
    *client = (struct cli_client){.lanes = lanes, .epoll = -1, .wake_fd = settings->wake_fd};
    if (settings->gateway_token[0] != '\0') {
        header = fc_buf_of(client->token_header, sizeof(client->token_header) - 1);
        fc_buf_put_text(&header, "X-Gateway-Token: ");
        fc_buf_put_text(&header, settings->gateway_token);
    }
    if (cli_urls_parse(fc_str_of(settings->urls), &client->urls, ret_err) != FC_OK)
        goto out;
    while (client->lane_count < settings->lane_count) {
        bool opened = lane_open(client, client->lane_count++);

        if (!opened) {
            (void)fc_err_set(ret_err, FC_CURE_RETRY, "client", "out of memory");
            goto out;
        }
    }
    if (multi_open(client, ret_err) != FC_OK)
        goto out;
    *ret_client = client;
    return FC_OK;
out:
    cli_client_close(client);
    return FC_FAIL;
}

void cli_client_close(struct cli_client *client)
{
    if (client == NULL)
        return;
    for (int32_t i = 0; i < client->lane_count; i++) {
        struct lane *lane = &client->lanes[i];

        if (lane->flying)
            (void)curl_multi_remove_handle(client->multi, lane->easy);
        curl_slist_free_all(lane->headers);
        curl_easy_cleanup(lane->easy);
    }
    if (client->multi != NULL)
        (void)curl_multi_cleanup(client->multi);
    if (client->epoll >= 0)
        (void)close(client->epoll);
}

int32_t cli_client_url_count(const struct cli_client *client)
{
    return client->urls.count;
}

int32_t cli_client_lane_count(const struct cli_client *client)
{
    return client->lane_count;
}

struct fc_buf cli_client_body(const struct cli_client *client, int32_t lane)
{
    return fc_buf_of(client->lanes[lane].body, HTTP_BODY_BYTES_MAX);
}

/* --- one request ------------------------------------------------------------------------------ */

FC_PRINTF(2, 3) static void header_add(struct lane *lane, const char *format, ...)
{
    char line[CLI_SETTING_BYTES + 64];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(line, sizeof(line), format, args);

    va_end(args);
    FC_ASSERT(len > 0 && (size_t)len < sizeof(line));
    lane->headers = curl_slist_append(lane->headers, line);
}

static void headers_make(const struct cli_client *client, struct lane *lane,
                         const struct cli_request *request)
{
    curl_slist_free_all(lane->headers);
    lane->headers = NULL;
    header_add(lane, "Expect:");
    header_add(lane, "Accept: application/json");
    if (request->method == CLI_POST || request->method == CLI_PUT)
        header_add(lane, "Content-Type: application/json");
    if (client->token_header[0] != '\0')
        header_add(lane, "%s", client->token_header);
    if (request->user_id != 0) {
        header_add(lane, "X-User-Id: %lld", (long long)request->user_id);
        header_add(lane, "X-Role: %s", request->admin ? "admin" : "user");
    }
    if (request->idempotency_key[0] != '\0')
        header_add(lane, "Idempotency-Key: \"%s\"", request->idempotency_key);
    if (request->wait_s > 0)
        header_add(lane, "Prefer: wait=%d", (int)request->wait_s);
}

static void method_set(CURL *easy, const struct cli_request *request)
{
    bool has_body = request->method == CLI_POST || request->method == CLI_PUT;

    (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, NULL);
    if (has_body) {
        (void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.ptr);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)request->body.len);
        if (request->method == CLI_PUT)
            (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT");
        return;
    }
    (void)curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    if (request->method == CLI_DELETE)
        (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "DELETE");
}

struct fc_mono cli_client_send(struct cli_client *client, int32_t index,
                               const struct cli_request *request)
{
    struct lane *lane = &client->lanes[index];
    char url[CLI_URL_BYTES + CLI_PATH_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(url, sizeof(url) - 1);

    FC_ASSERT(index >= 0 && index < client->lane_count);
    FC_ASSERT(!lane->flying);
    FC_ASSERT(!request->body.overflow);
    FC_ASSERT(request->url >= 0);
    fc_buf_put_text(&buf, client->urls.items[request->url % client->urls.count]);
    fc_buf_put_text(&buf, request->path);
    url[buf.len] = '\0';
    headers_make(client, lane, request);
    method_set(lane->easy, request);
    (void)curl_easy_setopt(lane->easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(lane->easy, CURLOPT_HTTPHEADER, lane->headers);
    (void)curl_easy_setopt(lane->easy, CURLOPT_TIMEOUT_MS,
                           (long)(request->wait_s * 1000 + ANSWER_MS_EXTRA));
    lane->answer_len = 0;
    lane->answer_cut = false;
    lane->replayed = false;
    lane->trouble[0] = '\0';
    lane->flying = true;
    struct fc_mono sent = fc_clock_mono();

    (void)curl_multi_add_handle(client->multi, lane->easy);
    return sent;
}

void cli_client_abort(struct cli_client *client, int32_t index)
{
    struct lane *lane = &client->lanes[index];

    FC_ASSERT(lane->flying);
    lane->flying = false;
    (void)curl_multi_remove_handle(client->multi, lane->easy);
}

/* --- a turn ----------------------------------------------------------------------------------- */

static void lane_finish(struct cli_client *client, struct lane *lane, CURLcode code,
                        struct cli_answer *ret_answer)
{
    struct cli_answer answer = {.fate = CLI_ANSWERED, .answered = fc_clock_mono()};
    long status = 0;

    (void)curl_multi_remove_handle(client->multi, lane->easy);
    lane->flying = false;
    (void)curl_easy_getinfo(lane->easy, CURLINFO_RESPONSE_CODE, &status);
    answer.status = (int32_t)status;
    answer.body = (struct fc_str){lane->answer, lane->answer_len};
    answer.replayed = lane->replayed;
    if (code != CURLE_OK) {
        answer.fate = CLI_FAILED;
        answer.trouble = lane->trouble[0] != '\0' ? lane->trouble : curl_easy_strerror(code);
    } else if (lane->answer_cut) {
        answer.fate = CLI_FAILED;
        answer.trouble = "the answer is longer than what is kept of one";
    }
    *ret_answer = answer;
}

static void finished_take(struct cli_client *client, cli_finished_fn *finished, void *arg)
{
    int left;
    CURLMsg *message;

    while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
        char *private = NULL;
        CURLcode code = message->data.result;
        struct cli_answer answer;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        FC_ASSERT(private != NULL);
        struct lane *lane = (struct lane *)(void *)private;

        lane_finish(client, lane, code, &answer);
        finished(arg, lane->index, &answer);
    }
}

static void socket_turn(struct cli_client *client, const struct epoll_event *event)
{
    int running;
    int what = 0;

    if (event->data.fd == client->wake_fd) {
        /* Once is enough: whoever runs the turns asks fc_process_stopping. */
        (void)epoll_ctl(client->epoll, EPOLL_CTL_DEL, client->wake_fd, NULL);
        client->wake_fd = -1;
        return;
    }
    what |= (event->events & (uint32_t)EPOLLIN) != 0 ? CURL_CSELECT_IN : 0;
    what |= (event->events & (uint32_t)EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0;
    what |= (event->events & (uint32_t)(EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0;
    (void)curl_multi_socket_action(client->multi, event->data.fd, what, &running);
}

void cli_client_turn(struct cli_client *client, struct fc_mono until, cli_finished_fn *finished,
                     void *arg)
{
    struct epoll_event events[EVENTS_MAX];
    int running;

    if (client->has_timer && client->timer.us < until.us)
        until = client->timer;
    int64_t us = until.us - fc_clock_mono().us;
    int count =
        epoll_wait(client->epoll, events, EVENTS_MAX, us > 0 ? (int)((us + 999) / 1000) : 0);

    for (int i = 0; i < count; i++)
        socket_turn(client, &events[i]);
    if (client->has_timer && client->timer.us <= fc_clock_mono().us) {
        client->has_timer = false;
        (void)curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    finished_take(client, finished, arg);
}
