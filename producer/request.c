#include "producer/request.h"

#include "base/assert.h"
#include "producer/headers.h"

#include <string.h>

#define NAME(text)               \
    {                            \
        (text), sizeof(text) - 1 \
    }

static const struct fc_str header_names[REQUEST_HEADER_COUNT] = {
    [REQUEST_CONTENT_LENGTH] = NAME("Content-Length"),
    [REQUEST_TRANSFER_ENCODING] = NAME("Transfer-Encoding"),
    [REQUEST_HOST] = NAME("Host"),
    [REQUEST_CONTENT_TYPE] = NAME("Content-Type"),
    [REQUEST_CONTENT_ENCODING] = NAME("Content-Encoding"),
    [REQUEST_USER_ID] = NAME("X-User-Id"),
    [REQUEST_ROLE] = NAME("X-Role"),
    [REQUEST_GATEWAY_TOKEN] = NAME("X-Gateway-Token"),
    [REQUEST_PREFER] = NAME("Prefer"),
    [REQUEST_IDEMPOTENCY_KEY] = NAME("Idempotency-Key"),
    [REQUEST_TRACEPARENT] = NAME("traceparent"),
    [REQUEST_REQUEST_ID] = NAME("X-Request-Id"),
    [REQUEST_IF_NONE_MATCH] = NAME("If-None-Match"),
    [REQUEST_LAST_EVENT_ID] = NAME("Last-Event-ID"),
};

static const char *const method_names[REQUEST_METHOD_COUNT] = {
    [REQUEST_GET] = "GET",     [REQUEST_POST] = "POST",     [REQUEST_PUT] = "PUT",
    [REQUEST_PATCH] = "PATCH", [REQUEST_DELETE] = "DELETE", [REQUEST_OTHER] = "OTHER",
};

enum request_method request_method_parse(struct fc_str name)
{
    if (fc_str_eq(name, FC_STR("HEAD")))
        return REQUEST_GET;
    for (int32_t i = 0; i < REQUEST_OTHER; i++)
        if (fc_str_eq(name, fc_str_of(method_names[i])))
            return (enum request_method)i;
    return REQUEST_OTHER;
}

const char *request_method_name(enum request_method method)
{
    FC_ASSERT(method < REQUEST_METHOD_COUNT);
    return method_names[method];
}

/* Control characters: the library lets them through, and others cut there. */
static bool is_clean(struct fc_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if ((c < 0x20 && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

void request_head_add(struct request_head *head, struct fc_str name, struct fc_str value)
{
    int32_t at = 0;

    if (!header_is_token(name) || !is_clean(value))
        head->malformed = true;
    while (at < REQUEST_HEADER_COUNT && !header_eq(name, header_names[at]))
        at++;
    if (at == REQUEST_HEADER_COUNT)
        return;
    /* A preference may stand in any of several lines, the first one counts. */
    if (at == REQUEST_PREFER && head->wait_s == 0 && !header_prefer_wait(value, &head->wait_s))
        head->wait_s = 0;
    if (head->counts[at]++ == 0)
        head->values[at] = header_trim(value);
}

enum request_framing request_head_framing(const struct request_head *head, bool http_1_1)
{
    const int32_t *counts = head->counts;
    int64_t length;

    if (head->malformed || counts[REQUEST_CONTENT_LENGTH] > 1 ||
        counts[REQUEST_TRANSFER_ENCODING] > 1)
        return REQUEST_MISFRAMED;
    if (counts[REQUEST_HOST] > 1 || (http_1_1 && counts[REQUEST_HOST] != 1))
        return REQUEST_MISFRAMED;
    if (counts[REQUEST_TRANSFER_ENCODING] == 1) {
        if (counts[REQUEST_CONTENT_LENGTH] > 0 || !http_1_1)
            return REQUEST_MISFRAMED;
        if (!header_eq(head->values[REQUEST_TRANSFER_ENCODING], FC_STR("chunked")))
            return REQUEST_MISFRAMED;
    }
    if (counts[REQUEST_CONTENT_LENGTH] == 0)
        return REQUEST_FRAMED;
    struct fc_str text = head->values[REQUEST_CONTENT_LENGTH];

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return REQUEST_MISFRAMED;
    if (text.len == 0)
        return REQUEST_MISFRAMED;
    if (!fc_str_to_i64(text, 0, HTTP_BODY_BYTES_MAX, &length))
        return REQUEST_TOO_LARGE;
    return REQUEST_FRAMED;
}

void request_id_set(struct request *request, uint64_t chance_a, uint64_t chance_b)
{
    static const char digits[] = "0123456789abcdef";
    struct fc_str given = request->head.values[REQUEST_REQUEST_ID];

    if (given.len <= REQUEST_ID_BYTES_MAX && header_is_visible(given)) {
        memcpy(request->id, given.ptr, given.len);
        request->id[given.len] = '\0';
        return;
    }
    for (size_t i = 0; i < 32; i++) {
        uint64_t *chance = i < 16 ? &chance_a : &chance_b;

        request->id[i] = digits[*chance & 15];
        *chance >>= 4;
    }
    request->id[32] = '\0';
}

bool request_identify(struct request *request)
{
    const struct request_head *head = &request->head;
    struct fc_str role = head->values[REQUEST_ROLE];

    request->identified = false;
    request->admin = false;
    request->user_id = 0;
    if (head->counts[REQUEST_USER_ID] == 0)
        return head->counts[REQUEST_ROLE] == 0;
    /* Two lines: one is the gateway's, and it is not said which. */
    if (head->counts[REQUEST_USER_ID] > 1 || head->counts[REQUEST_ROLE] > 1)
        return false;
    if (!fc_str_to_i64(head->values[REQUEST_USER_ID], 1, ID_MAX, &request->user_id))
        return false;
    if (head->counts[REQUEST_ROLE] == 1 && !fc_str_eq(role, FC_STR("user")) &&
        !fc_str_eq(role, FC_STR("admin")))
        return false;
    request->admin = fc_str_eq(role, FC_STR("admin"));
    request->identified = true;
    return true;
}
