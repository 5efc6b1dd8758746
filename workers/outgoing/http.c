#include "outgoing/http.h"

#include "base/assert.h"
#include "host/clock.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define AGENT_BYTES 64

struct call {
    CURL *easy;
    bool under_way;
    int64_t tag;
    struct curl_slist *headers;
    char *answer; /* OUTGOING_ANSWER_BYTES_MAX */
    size_t answer_len;
    char trouble[CURL_ERROR_SIZE];
};

struct outgoing {
    CURLM *multi;
    char agent[AGENT_BYTES];
    char *answers;
    char trouble[CURL_ERROR_SIZE]; /* of the call that is being reported */
    int32_t under_way;
    struct call calls[OUTGOING_CALLS_MAX];
};

/* --- opening and closing ---------------------------------------------------------------------- */

enum fc_rc outgoing_open(const char *agent, struct outgoing **ret_outgoing, struct fc_err *ret_err)
{
    struct outgoing *outgoing = calloc(1, sizeof(*outgoing)); /* heap: at start */

    if (outgoing == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        goto out;
    (void)fc_str_copy(fc_str_of(agent), outgoing->agent, sizeof(outgoing->agent));
    outgoing->answers = calloc(OUTGOING_CALLS_MAX, OUTGOING_ANSWER_BYTES_MAX); /* heap: at start */
    outgoing->multi = curl_multi_init();
    if (outgoing->answers == NULL || outgoing->multi == NULL)
        goto out;
    for (size_t i = 0; i < OUTGOING_CALLS_MAX; i++) {
        struct call *call = &outgoing->calls[i];

        call->answer = outgoing->answers + i * OUTGOING_ANSWER_BYTES_MAX;
        call->easy = curl_easy_init();
        if (call->easy == NULL)
            goto out;
    }
    *ret_outgoing = outgoing;
    return FC_OK;
out:
    outgoing_close(outgoing);
    return fc_err_set(ret_err, FC_CURE_RECONNECT, "outgoing_open", "no memory for an HTTP client");
}

void outgoing_close(struct outgoing *outgoing)
{
    if (outgoing == NULL)
        return;
    outgoing_abort(outgoing);
    for (size_t i = 0; i < OUTGOING_CALLS_MAX; i++)
        curl_easy_cleanup(outgoing->calls[i].easy);
    (void)curl_multi_cleanup(outgoing->multi);
    free(outgoing->answers);
    free(outgoing);
}

int32_t outgoing_free(const struct outgoing *outgoing)
{
    return OUTGOING_CALLS_MAX - outgoing->under_way;
}

int32_t outgoing_under_way(const struct outgoing *outgoing)
{
    return outgoing->under_way;
}

/* --- a call ----------------------------------------------------------------------------------- */

/* What is above the limit is read and dropped. */
static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct call *call = arg;
    size_t len = size * count;
    size_t room = OUTGOING_ANSWER_BYTES_MAX - call->answer_len;
    size_t taken = len < room ? len : room;

    memcpy(call->answer + call->answer_len, bytes, taken);
    call->answer_len += taken;
    return len;
}

/* The library fails to set an option only without memory, or when it does not know it. */
#define SET(call, option, value)                                                    \
    do {                                                                            \
        CURLcode code_ = curl_easy_setopt((call)->easy, CURLOPT_##option, (value)); \
        FC_ASSERT(code_ == CURLE_OK);                                               \
    } while (0)

static void add_header(struct call *call, const char *header)
{
    struct curl_slist *longer = curl_slist_append(call->headers, header);

    FC_ASSERT(longer != NULL);
    call->headers = longer;
}

/* Proxies out of the environment are left aside: the address is what was set. Redirections are
 * answers like others, and what the library would ask before it sends a body costs a turn. */
static void set_up(struct outgoing *outgoing, struct call *call,
                   const struct outgoing_request *request)
{
    curl_easy_reset(call->easy);
    add_header(call, "Expect:");
    for (int32_t i = 0; i < request->header_count; i++)
        add_header(call, request->headers[i]);
    SET(call, URL, request->url);
    SET(call, PROTOCOLS_STR, "http,https");
    SET(call, PROXY, "");
    SET(call, HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(call, NOSIGNAL, 1L);
    SET(call, USERAGENT, outgoing->agent);
    SET(call, HTTPHEADER, call->headers);
    SET(call, CONNECTTIMEOUT_MS, (long)request->connect_ms);
    SET(call, TIMEOUT_MS, (long)request->total_ms);
    SET(call, WRITEFUNCTION, on_body);
    SET(call, WRITEDATA, call);
    SET(call, ERRORBUFFER, call->trouble);
    SET(call, PRIVATE, call);
    if (request->method == OUTGOING_POST) {
        SET(call, POST, 1L);
        SET(call, POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        SET(call, POSTFIELDS, request->body.len > 0 ? request->body.ptr : "");
    }
}

void outgoing_start(struct outgoing *outgoing, const struct outgoing_request *request, int64_t tag)
{
    struct call *call = outgoing->calls;

    FC_ASSERT(outgoing_free(outgoing) > 0);
    FC_ASSERT(request->connect_ms > 0);
    FC_ASSERT(request->total_ms > 0);
    FC_ASSERT(request->header_count <= OUTGOING_HEADERS_MAX);
    while (call->under_way)
        call++;
    call->tag = tag;
    call->answer_len = 0;
    call->trouble[0] = '\0';
    set_up(outgoing, call, request);
    CURLMcode code = curl_multi_add_handle(outgoing->multi, call->easy);

    FC_ASSERT(code == CURLM_OK);
    call->under_way = true;
    outgoing->under_way++;
}

static void call_end(struct outgoing *outgoing, struct call *call)
{
    (void)curl_multi_remove_handle(outgoing->multi, call->easy);
    curl_slist_free_all(call->headers);
    call->headers = NULL;
    call->under_way = false;
    outgoing->under_way--;
}

void outgoing_abort(struct outgoing *outgoing)
{
    for (size_t i = 0; i < OUTGOING_CALLS_MAX; i++)
        if (outgoing->calls[i].under_way)
            call_end(outgoing, &outgoing->calls[i]);
    FC_ASSERT(outgoing->under_way == 0);
}

/* --- what came of it -------------------------------------------------------------------------- */

/* Only what is certain counts as not sent. */
static enum outgoing_fate fate_of(CURL *easy, CURLcode code)
{
    long sent_bytes = 1;

    if (code == CURLE_OK)
        return OUTGOING_ANSWERED;
    if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
        code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
        code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION)
        return OUTGOING_NOT_SENT;
    (void)curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent_bytes);
    return code == CURLE_OPERATION_TIMEDOUT && sent_bytes == 0 ? OUTGOING_NOT_SENT
                                                               : OUTGOING_NO_ANSWER;
}

static struct outgoing_answer answer_of(struct outgoing *outgoing, const struct call *call,
                                        CURLcode code)
{
    struct outgoing_answer answer = {.fate = fate_of(call->easy, code), .retry_after_s = -1};
    curl_off_t retry_after_s = 0;
    long status = 0;

    if (answer.fate != OUTGOING_ANSWERED) {
        const char *trouble = call->trouble[0] != '\0' ? call->trouble : curl_easy_strerror(code);

        (void)fc_str_copy(fc_str_of(trouble), outgoing->trouble, sizeof(outgoing->trouble));
        answer.trouble = outgoing->trouble;
        return answer;
    }
    (void)curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    answer.status = (int32_t)status;
    answer.body = (struct fc_str){call->answer, call->answer_len};
    answer.trouble = "";
    if (retry_after_s > 0)
        answer.retry_after_s = retry_after_s < INT32_MAX ? (int32_t)retry_after_s : INT32_MAX;
    return answer;
}

/* Reports what is over; the place is free again before anybody is called. */
static int32_t report(struct outgoing *outgoing, outgoing_finished_fn *finished, void *arg)
{
    int32_t count = 0;
    int left;
    const CURLMsg *message;

    while ((message = curl_multi_info_read(outgoing->multi, &left)) != NULL) {
        struct call *call = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        FC_ASSERT(call != NULL);
        struct outgoing_answer answer = answer_of(outgoing, call, message->data.result);

        call_end(outgoing, call);
        finished(arg, call->tag, &answer);
        count++;
    }
    return count;
}

void outgoing_turn(struct outgoing *outgoing, int32_t wait_ms, outgoing_finished_fn *finished,
                   void *arg)
{
    struct fc_mono since = fc_clock_mono();

    FC_ASSERT(wait_ms >= 0);
    for (;;) {
        int running;
        CURLMcode code = curl_multi_perform(outgoing->multi, &running);

        FC_ASSERT(code == CURLM_OK);
        if (report(outgoing, finished, arg) > 0)
            return;
        int64_t left_ms = wait_ms - fc_clock_ms_since(since);

        if (left_ms <= 0)
            return;
        code = curl_multi_poll(outgoing->multi, NULL, 0, (int)left_ms, NULL);
        FC_ASSERT(code == CURLM_OK);
    }
}
