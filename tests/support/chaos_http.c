#include "support/chaos_http.h"

#include "base/assert.h"
#include "producer/cli/urls.h"
#include "support/caller_headers.h"

#include <stdio.h>
#include <string.h>

#define ANSWER_BYTES (16 * 1024)
#define TOKEN_BYTES 1024
#define OTHERS_MAX 8
#define CONNECT_MS_MAX 2000L
/* Behind the time that the server may hold the answer. */
#define ANSWER_MS 10000

struct lane {
    CURL *easy;
    int32_t index;
    struct curl_slist *headers;
    char body[CHAOS_BODY_BYTES];
    size_t body_len;
    size_t body_sent;
    char memory[ANSWER_BYTES];
    struct fc_buf received;
    struct chaos_answer answer;
};

static struct {
    struct cli_urls urls;
    char token[TOKEN_BYTES]; /* empty: none */
    CURLM *multi;
    int32_t lane_count;
    int32_t free_count;
    int32_t free[CHAOS_LANES_MAX];
    struct lane lanes[CHAOS_LANES_MAX];
} http;

/* --- what libcurl calls ----------------------------------------------------------------------- */

static size_t on_read(char *bytes, size_t size, size_t count, void *arg)
{
    struct lane *lane = arg;
    size_t left = lane->body_len - lane->body_sent;
    size_t len = size * count < left ? size * count : left;

    memcpy(bytes, lane->body + lane->body_sent, len);
    lane->body_sent += len;
    return len;
}

/* libcurl would go back to send a request once more in silence. */
static int on_seek(void *arg, curl_off_t offset, int origin)
{
    (void)arg;
    (void)offset;
    (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct lane *lane = arg;

    fc_buf_put(&lane->received, (struct fc_str){bytes, size * count});
    return lane->received.overflow ? 0 : size * count;
}

static void take_location(struct chaos_answer *answer, struct fc_str path)
{
    struct fc_str commands = FC_STR("/v1/commands/");

    if (!fc_str_starts_with(path, commands))
        return;
    path = (struct fc_str){path.ptr + commands.len, path.len - commands.len};
    answer->has_id = fc_uuid_parse(path, &answer->id);
}

static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
    struct chaos_answer *answer = &((struct lane *)arg)->answer;
    struct fc_str line = {bytes, size * count};
    struct fc_str value;
    int64_t seconds;

    if (caller_header_is(line, "Location", &value) ||
        caller_header_is(line, "Content-Location", &value))
        take_location(answer, value);
    else if (caller_header_is(line, "Idempotency-Replayed", &value))
        answer->replayed = fc_str_eq(value, FC_STR("true"));
    else if (caller_header_is(line, "Retry-After", &value) &&
             fc_str_to_i64(value, 0, INT32_MAX, &seconds))
        answer->retry_after_s = (int32_t)seconds;
    return size * count;
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool lane_open(struct lane *lane, int32_t index)
{
    lane->index = index;
    lane->easy = curl_easy_init();
    if (lane->easy == NULL)
        return false;
    (void)curl_easy_setopt(lane->easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(lane->easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(lane->easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS_MAX);
    (void)curl_easy_setopt(lane->easy, CURLOPT_READFUNCTION, on_read);
    (void)curl_easy_setopt(lane->easy, CURLOPT_READDATA, lane);
    (void)curl_easy_setopt(lane->easy, CURLOPT_SEEKFUNCTION, on_seek);
    (void)curl_easy_setopt(lane->easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(lane->easy, CURLOPT_WRITEDATA, lane);
    (void)curl_easy_setopt(lane->easy, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(lane->easy, CURLOPT_HEADERDATA, lane);
    (void)curl_easy_setopt(lane->easy, CURLOPT_PRIVATE, lane);
    return true;
}

enum fc_rc chaos_http_open(const char *urls, const char *token, int32_t lane_count,
                           struct fc_err *ret_err)
{
    FC_ASSERT(lane_count >= 1 && lane_count <= CHAOS_LANES_MAX);
    if (cli_urls_parse(fc_str_of(urls), &http.urls, ret_err) != FC_OK)
        return FC_FAIL;
    FC_ASSERT(fc_str_copy(fc_str_of(token), http.token, sizeof(http.token)));
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fc_err_set(ret_err, FC_CURE_RETRY, "curl_global_init", "out of memory");
    http.multi = curl_multi_init();
    for (int32_t i = lane_count - 1; i >= 0 && http.multi != NULL; i--) {
        if (!lane_open(&http.lanes[i], i))
            break;
        http.free[http.free_count++] = i;
    }
    http.lane_count = lane_count;
    if (http.free_count == lane_count)
        return FC_OK;
    chaos_http_close();
    return fc_err_set(ret_err, FC_CURE_RETRY, "libcurl", "out of memory");
}

void chaos_http_close(void)
{
    for (int32_t i = 0; i < http.lane_count; i++) {
        struct lane *lane = &http.lanes[i];

        if (lane->easy != NULL && http.multi != NULL)
            (void)curl_multi_remove_handle(http.multi, lane->easy);
        curl_slist_free_all(lane->headers);
        curl_easy_cleanup(lane->easy);
    }
    if (http.multi != NULL)
        (void)curl_multi_cleanup(http.multi);
    curl_global_cleanup();
    memset(&http, 0, sizeof(http));
}

int32_t chaos_http_url_count(void)
{
    return http.urls.count;
}

int32_t chaos_http_free_lane(void)
{
    return http.free_count > 0 ? http.free[http.free_count - 1] : -1;
}

/* --- one request ------------------------------------------------------------------------------ */

void chaos_http_send(int32_t index, const struct call *call, int32_t url)
{
    struct lane *lane = &http.lanes[index];
    char address[CLI_URL_BYTES + CALLER_PATH_BYTES];

    FC_ASSERT(index == chaos_http_free_lane() && url >= 0 && url < http.urls.count);
    FC_ASSERT(call->body.len <= sizeof(lane->body));
    http.free_count--;
    (void)snprintf(address, sizeof(address), "%s%s", http.urls.items[url], call->path);
    lane->answer = (struct chaos_answer){.status = 0};
    lane->received = fc_buf_of(lane->memory, sizeof(lane->memory));
    lane->body_sent = 0;
    lane->body_len = call->body.len;
    if (call->body.len > 0)
        memcpy(lane->body, call->body.ptr, call->body.len);
    curl_slist_free_all(lane->headers);
    lane->headers = caller_headers_make(call, http.token);
    (void)curl_easy_setopt(lane->easy, CURLOPT_URL, address);
    (void)curl_easy_setopt(lane->easy, CURLOPT_HTTPHEADER, lane->headers);
    (void)curl_easy_setopt(lane->easy, CURLOPT_TIMEOUT_MS, call->wait_s * 1000L + ANSWER_MS);
    if (strcmp(call->method, "POST") == 0) {
        (void)curl_easy_setopt(lane->easy, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(lane->easy, CURLOPT_POSTFIELDSIZE, (long)call->body.len);
    } else {
        (void)curl_easy_setopt(lane->easy, CURLOPT_HTTPGET, 1L);
    }
    (void)curl_multi_add_handle(http.multi, lane->easy);
}

/* --- a turn ----------------------------------------------------------------------------------- */

static void finish(struct lane *lane, CURLcode code, chaos_answered_fn *answered, void *arg)
{
    struct chaos_answer answer = lane->answer;
    long status = 0;

    (void)curl_multi_remove_handle(http.multi, lane->easy);
    (void)curl_easy_getinfo(lane->easy, CURLINFO_RESPONSE_CODE, &status);
    http.free[http.free_count++] = lane->index;
    answer.status = (int32_t)status;
    answer.body = fc_buf_str(&lane->received);
    answer.lost = code != CURLE_OK;
    answer.trouble = curl_easy_strerror(code);
    answered(arg, lane->index, &answer);
}

static void take_finished(chaos_answered_fn *answered, void *arg)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(http.multi, &left)) != NULL) {
        CURLcode code = message->data.result;
        char *lane = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &lane);
        FC_ASSERT(lane != NULL);
        finish((struct lane *)(void *)lane, code, answered, arg);
    }
}

void chaos_http_turn(struct pollfd *others, int32_t other_count, int32_t wait_ms,
                     chaos_answered_fn *answered, void *arg)
{
    struct curl_waitfd fds[OTHERS_MAX];
    int running;

    FC_ASSERT(other_count <= OTHERS_MAX);
    for (int32_t i = 0; i < other_count; i++) {
        fds[i] = (struct curl_waitfd){.fd = others[i].fd};
        fds[i].events |= (others[i].events & POLLIN) != 0 ? CURL_WAIT_POLLIN : 0;
        fds[i].events |= (others[i].events & POLLOUT) != 0 ? CURL_WAIT_POLLOUT : 0;
    }
    (void)curl_multi_perform(http.multi, &running);
    take_finished(answered, arg);
    (void)curl_multi_poll(http.multi, fds, (unsigned int)other_count, wait_ms, NULL);
    (void)curl_multi_perform(http.multi, &running);
    take_finished(answered, arg);
}
