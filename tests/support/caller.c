#include "support/caller.h"

#include "base/assert.h"
#include "support/caller_headers.h"

#include <stdio.h>
#include <string.h>

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

static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
    struct answer *answer = &caller.answer;
    struct fc_str line = {bytes, size * count};
    struct fc_str value;

    (void)arg;
    if (caller_header_is(line, "Location", &value))
        (void)fc_str_copy(value, answer->location, sizeof(answer->location));
    else if (caller_header_is(line, "Content-Location", &value))
        (void)fc_str_copy(value, answer->content_location, sizeof(answer->content_location));
    else if (caller_header_is(line, "Idempotency-Replayed", &value))
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

bool caller_ask(const struct call *call, struct answer *ret_answer, const char **ret_trouble)
{
    char url[2 * CALLER_PATH_BYTES];
    bool has_body = call->body.len > 0;
    long status = 0;

    (void)snprintf(url, sizeof(url), "%s%s", caller.url, call->path);
    curl_slist_free_all(caller.headers);
    caller.headers = caller_headers_make(call, "");
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
