#include "support/caller.h"

#include "base/assert.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define HEADER_BYTES 160
/* Behind the time that the server may hold the answer. */
#define ANSWER_S 30

static struct {
    CURL *easy;
    char url[CALLER_PATH_BYTES];
    void (*waiting)(void);
    struct curl_slist *headers;
    char trouble[CURL_ERROR_SIZE];
    struct fc_buf body;
    struct answer answer;
} caller;

static char memory[CALLER_ANSWER_BYTES];

/* "Name: value" with its line's end, when it is this one. */
static bool header_value(struct fc_str line, const char *name, struct fc_str *ret_value)
{
    size_t len = strlen(name);

    if (line.len <= len || line.ptr[len] != ':' || !curl_strnequal(line.ptr, name, len))
        return false;
    line = (struct fc_str){line.ptr + len + 1, line.len - len - 1};
    while (line.len > 0 && line.ptr[0] == ' ')
        line = (struct fc_str){line.ptr + 1, line.len - 1};
    *ret_value = fc_str_cut(&line, '\r');
    return true;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
    struct answer *answer = &caller.answer;
    struct fc_str line = {bytes, size * count};
    struct fc_str value;

    (void)arg;
    if (header_value(line, "Location", &value))
        (void)fc_str_copy(value, answer->location, sizeof(answer->location));
    else if (header_value(line, "Content-Location", &value))
        (void)fc_str_copy(value, answer->content_location, sizeof(answer->content_location));
    else if (header_value(line, "Idempotency-Replayed", &value))
        answer->replayed = fc_str_eq(value, FC_STR("true"));
    return size * count;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    (void)arg;
    fc_buf_put(&caller.body, (struct fc_str){bytes, size * count});
    return caller.body.overflow ? 0 : size * count;
}

static int on_turn(void *arg, curl_off_t download_max, curl_off_t download, curl_off_t upload_max,
                   curl_off_t upload)
{
    (void)arg;
    (void)download_max;
    (void)download;
    (void)upload_max;
    (void)upload;
    if (caller.waiting != NULL)
        caller.waiting();
    return 0;
}

bool caller_open(const char *url, void (*waiting)(void))
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return false;
    caller.easy = curl_easy_init();
    if (caller.easy == NULL)
        return false;
    FC_ASSERT(fc_str_copy(fc_str_of(url), caller.url, sizeof(caller.url)));
    (void)curl_easy_setopt(caller.easy, CURLOPT_ERRORBUFFER, caller.trouble);
    (void)curl_easy_setopt(caller.easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(caller.easy, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(caller.easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(caller.easy, CURLOPT_XFERINFOFUNCTION, on_turn);
    (void)curl_easy_setopt(caller.easy, CURLOPT_NOPROGRESS, 0L);
    caller.waiting = waiting;
    return true;
}

void caller_close(void)
{
    curl_slist_free_all(caller.headers);
    curl_easy_cleanup(caller.easy);
    curl_global_cleanup();
    memset(&caller, 0, sizeof(caller));
}

FC_PRINTF(1, 2) static void header_add(const char *format, ...)
{
    char line[HEADER_BYTES];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(line, sizeof(line), format, args);

    va_end(args);
    FC_ASSERT(len > 0 && (size_t)len < sizeof(line));
    caller.headers = curl_slist_append(caller.headers, line);
}

static void headers_make(const struct call *call)
{
    curl_slist_free_all(caller.headers);
    caller.headers = NULL;
    header_add("Expect:");
    if (call->body.len > 0)
        header_add("Content-Type: application/json");
    if (call->user_id != 0) {
        header_add("X-User-Id: %lld", (long long)call->user_id);
        header_add("X-Role: %s", call->admin ? "admin" : "user");
    }
    if (call->idempotency_key[0] != '\0')
        header_add("Idempotency-Key: \"%s\"", call->idempotency_key);
    if (call->wait_s > 0)
        header_add("Prefer: wait=%d", (int)call->wait_s);
}

bool caller_ask(const struct call *call, struct answer *ret_answer, const char **ret_trouble)
{
    char url[2 * CALLER_PATH_BYTES];
    bool has_body = call->body.len > 0;
    long status = 0;

    (void)snprintf(url, sizeof(url), "%s%s", caller.url, call->path);
    headers_make(call);
    caller.answer = (struct answer){.status = 0};
    caller.body = fc_buf_of(memory, sizeof(memory));
    caller.trouble[0] = '\0';
    (void)curl_easy_setopt(caller.easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(caller.easy, CURLOPT_HTTPHEADER, caller.headers);
    (void)curl_easy_setopt(caller.easy, CURLOPT_TIMEOUT, (long)call->wait_s + ANSWER_S);
    (void)curl_easy_setopt(caller.easy, CURLOPT_HTTPGET, 1L);
    if (has_body) {
        (void)curl_easy_setopt(caller.easy, CURLOPT_POSTFIELDS, call->body.ptr);
        (void)curl_easy_setopt(caller.easy, CURLOPT_POSTFIELDSIZE, (long)call->body.len);
    }
    (void)curl_easy_setopt(caller.easy, CURLOPT_CUSTOMREQUEST, call->method);
    CURLcode code = curl_easy_perform(caller.easy);

    *ret_trouble = caller.trouble[0] != '\0' ? caller.trouble : curl_easy_strerror(code);
    (void)curl_easy_getinfo(caller.easy, CURLINFO_RESPONSE_CODE, &status);
    caller.answer.status = (int32_t)status;
    caller.answer.body = fc_buf_str(&caller.body);
    *ret_answer = caller.answer;
    return code == CURLE_OK;
}
