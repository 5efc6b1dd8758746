/* "METHOD path", then headers, "Name: value" each: what a request is taken for. */
#include "support/fuzz.h"

#include "producer/headers.h"
#include "producer/request.h"
#include "producer/routes.h"

#include <string.h>

static void check_route(struct fc_str line)
{
    enum request_method method = request_method_parse(fc_str_cut(&line, ' '));
    struct route_match match;
    struct route_match other;

    switch (route_find(method, line, &match)) {
    case ROUTE_FOUND:
        FC_ASSERT(match.route->method == method);
        FC_ASSERT(line.len > 1 && line.ptr[0] == '/' && line.ptr[line.len - 1] != '/');
        FC_ASSERT(match.bad_id || (match.id >= 0 && match.id <= ID_MAX));
        FC_ASSERT(!match.bad_id || match.route->unknown != NULL);
        break;
    case ROUTE_NO_METHOD:
        FC_ASSERT(match.route == NULL && match.allow[0] != '\0');
        FC_ASSERT(strlen(match.allow) < sizeof(match.allow));
        FC_ASSERT(route_find(REQUEST_OTHER, line, &other) == ROUTE_NO_METHOD);
        break;
    case ROUTE_NO_PATH:
        for (int32_t i = 0; i < REQUEST_METHOD_COUNT; i++)
            FC_ASSERT(route_find((enum request_method)i, line, &other) == ROUTE_NO_PATH);
        break;
    }
}

/* What is framed has one length, said once, and no other word on where it ends. */
static void check_framing(const struct request_head *head, bool http_1_1)
{
    struct fc_str length = head->values[REQUEST_CONTENT_LENGTH];
    bool chunked = head->counts[REQUEST_TRANSFER_ENCODING] > 0;
    int64_t count;

    if (request_head_framing(head, http_1_1) != REQUEST_FRAMED)
        return;
    FC_ASSERT(!head->malformed);
    FC_ASSERT(head->counts[REQUEST_CONTENT_LENGTH] + head->counts[REQUEST_TRANSFER_ENCODING] <= 1);
    FC_ASSERT(head->counts[REQUEST_HOST] == 1 || (!http_1_1 && head->counts[REQUEST_HOST] == 0));
    FC_ASSERT(!chunked || http_1_1);
    FC_ASSERT(!chunked || head->values[REQUEST_TRANSFER_ENCODING].len == strlen("chunked"));
    if (head->counts[REQUEST_CONTENT_LENGTH] == 1)
        FC_ASSERT(fc_str_to_i64(length, 0, HTTP_BODY_BYTES_MAX, &count) && length.ptr[0] != '-');
}

static void check_identity(struct request *request)
{
    const struct request_head *head = &request->head;

    if (!request_identify(request)) {
        FC_ASSERT(!request->identified && !request->admin);
        return;
    }
    FC_ASSERT(!request->admin || fc_str_eq(head->values[REQUEST_ROLE], FC_STR("admin")));
    FC_ASSERT(!request->admin || request->identified);
    FC_ASSERT(request->identified == (head->counts[REQUEST_USER_ID] == 1));
    if (request->identified)
        FC_ASSERT(request->user_id >= 1 && request->user_id <= ID_MAX);
}

/* A key written as the structured field's string is the same key. */
static void check_key(struct fc_str value)
{
    char memory[IDEMPOTENCY_KEY_BYTES_MAX];
    char again_memory[IDEMPOTENCY_KEY_BYTES_MAX];
    char quoted[2 * IDEMPOTENCY_KEY_BYTES_MAX + 2];
    struct fc_buf buf = fc_buf_of(quoted, sizeof(quoted));
    struct fc_str key;
    struct fc_str again;

    if (!header_idempotency_key(value, memory, &key))
        return;
    FC_ASSERT(key.len >= 1 && key.len <= IDEMPOTENCY_KEY_BYTES_MAX && header_is_visible(key));
    fc_buf_put_char(&buf, '"');
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '"' || key.ptr[i] == '\\')
            fc_buf_put_char(&buf, '\\');
        fc_buf_put_char(&buf, key.ptr[i]);
    }
    fc_buf_put_char(&buf, '"');
    FC_ASSERT(header_idempotency_key(fc_buf_str(&buf), again_memory, &again));
    FC_ASSERT(fc_str_eq(key, again));
}

static void check_values(struct request *request)
{
    const struct request_head *head = &request->head;
    struct fc_str parent = head->values[REQUEST_TRACEPARENT];
    struct fc_str given = head->values[REQUEST_REQUEST_ID];

    check_key(head->values[REQUEST_IDEMPOTENCY_KEY]);
    FC_ASSERT(head->wait_s >= 0 && head->wait_s <= HTTP_WAIT_S_MAX);
    if (header_traceparent_is_valid(parent))
        FC_ASSERT(parent.len == TRACEPARENT_BYTES && header_is_visible(parent));
    if (header_is_json(head->values[REQUEST_CONTENT_TYPE]))
        FC_ASSERT(head->values[REQUEST_CONTENT_TYPE].len >= strlen("application/json"));
    request_id_set(request, 1, 2);
    size_t id_len = strlen(request->id);

    FC_ASSERT(id_len >= 1 && id_len <= REQUEST_ID_BYTES_MAX);
    FC_ASSERT(header_is_visible(fc_str_of(request->id)));
    if (header_is_visible(given) && given.len <= REQUEST_ID_BYTES_MAX)
        FC_ASSERT(fc_str_eq(given, fc_str_of(request->id)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct request request;
    struct fc_str text = fuzz_text(data, size);

    memset(&request, 0, sizeof(request));
    check_route(fuzz_word(&text));
    while (text.len > 0) {
        struct fc_str value = fc_str_cut(&text, '\n');
        struct fc_str name = fc_str_cut(&value, ':');

        request_head_add(&request.head, name, value);
    }
    check_framing(&request.head, true);
    check_framing(&request.head, false);
    check_identity(&request);
    check_values(&request);
    return 0;
}
