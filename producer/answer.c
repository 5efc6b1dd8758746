#include "producer/answer.h"

#include "base/assert.h"
#include "base/index.h"
#include "host/fault.h"
#include "producer/headers.h"
#include "producer/ingress.h"
#include "producer/routes.h"
#include "wire/words.h"

#include <stdarg.h>
#include <stdio.h>

#define HEADERS_MAX 6
#define HEADER_BYTES_MAX 128

/* An answer in the making: its headers' values stay here until it is sent. */
struct draft {
    struct http_answer answer;
    struct http_header headers[HEADERS_MAX];
    char values[HEADERS_MAX][HEADER_BYTES_MAX];
};

static void draft_init(struct draft *draft, int32_t status, const char *content_type)
{
    draft->answer = (struct http_answer){.status = status, .content_type = content_type};
    draft->answer.headers = draft->headers;
}

FC_PRINTF(3, 4)

static void draft_header(struct draft *draft, const char *name, const char *format, ...)
{
    int32_t at = draft->answer.header_count++;
    va_list args;

    FC_ASSERT(at < HEADERS_MAX);
    va_start(args, format);
    (void)vsnprintf(draft->values[at], HEADER_BYTES_MAX, format, args);
    va_end(args);
    draft->headers[at] = (struct http_header){name, draft->values[at]};
}

static void draft_constant(struct draft *draft, const char *name, const char *value)
{
    int32_t at = draft->answer.header_count++;

    FC_ASSERT(at < HEADERS_MAX);
    draft->headers[at] = (struct http_header){name, value};
}

static void send_answer(struct ingress *ingress, struct request *request, struct draft *draft,
                        const struct fc_buf *body)
{
    if (body->overflow) {
        answer_unavailable(ingress, request, "The answer would be too long.");
        return;
    }
    draft->answer.body = fc_buf_str(body);
    http_answer(ingress->http, request, &draft->answer);
}

static void send_problem(struct ingress *ingress, struct request *request, struct draft *draft,
                         struct fc_str code, struct fc_str detail)
{
    const struct wire_problem *problem = wire_problem_named(code);
    struct fc_buf body = answer_begin(ingress);

    FC_ASSERT(problem != NULL);
    draft->answer.status = problem->status;
    wire_problem_put(&body, problem, detail, NULL);
    send_answer(ingress, request, draft, &body);
}

void answer_problem(struct ingress *ingress, struct request *request, const char *code,
                    const char *format, ...)
{
    char text[256];
    struct draft draft;
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    draft_init(&draft, 0, "application/problem+json");
    send_problem(ingress, request, &draft, fc_str_of(code), fc_str_of(text));
}

void answer_faults(struct ingress *ingress, struct request *request,
                   const struct wire_faults *faults)
{
    struct fc_str code = faults->no_json ? FC_STR("invalid_json") : FC_STR("invalid_request");
    const struct wire_problem *problem = wire_problem_named(code);
    struct fc_buf body = answer_begin(ingress);
    struct draft draft;
    char detail[64];

    FC_ASSERT(problem != NULL);
    (void)snprintf(detail, sizeof(detail), "%d fault%s found.", faults->count,
                   faults->count == 1 ? " was" : "s were");
    draft_init(&draft, problem->status, "application/problem+json");
    wire_problem_put(&body, problem, fc_str_of(detail), faults);
    send_answer(ingress, request, &draft, &body);
}

void answer_method_not_allowed(struct ingress *ingress, struct request *request, const char *allow)
{
    struct draft draft;

    draft_init(&draft, 0, "application/problem+json");
    draft_header(&draft, "Allow", "%s", allow);
    send_problem(ingress, request, &draft, FC_STR("method_not_allowed"),
                 FC_STR("The header Allow names the methods of this path."));
}

void answer_later(struct ingress *ingress, struct request *request, int32_t retry_s,
                  const char *detail)
{
    struct draft draft;

    draft_init(&draft, 0, "application/problem+json");
    draft_header(&draft, "Retry-After", "%d", (int)retry_s);
    send_problem(ingress, request, &draft, FC_STR("unavailable"), fc_str_of(detail));
}

void answer_unavailable(struct ingress *ingress, struct request *request, const char *detail)
{
    answer_later(ingress, request, 1, detail);
}

struct fc_buf answer_begin(struct ingress *ingress)
{
    return fc_buf_of(ingress->out, INGRESS_OUT_BYTES);
}

void answer_text(struct ingress *ingress, struct request *request, const struct fc_buf *body,
                 int32_t status, const char *content_type)
{
    struct draft draft;

    draft_init(&draft, status, content_type);
    draft_constant(&draft, "Cache-Control", "no-store");
    send_answer(ingress, request, &draft, body);
}

void answer_json(struct ingress *ingress, struct request *request, const struct fc_buf *body)
{
    answer_text(ingress, request, body, 200, "application/json");
}

void answer_tagged(struct ingress *ingress, struct request *request, const struct fc_buf *body)
{
    struct fc_str asked = request->head.values[REQUEST_IF_NONE_MATCH];
    struct draft draft;
    char tag[24];

    (void)snprintf(tag, sizeof(tag), "\"%016llx\"",
                   (unsigned long long)fc_hash_str(fc_buf_str(body)));
    draft_init(&draft, 200, "application/json");
    draft_header(&draft, "ETag", "%s", tag);
    draft_constant(&draft, "Cache-Control", "no-cache");
    /* One tag or a list of them, weak or not: what matters is that ours is among them. */
    while (asked.len > 0 && draft.answer.status == 200) {
        struct fc_str one = header_trim(fc_str_cut(&asked, ','));

        if (fc_str_starts_with(one, FC_STR("W/")))
            one = (struct fc_str){one.ptr + 2, one.len - 2};
        if (fc_str_eq(one, fc_str_of(tag)) || fc_str_eq(one, FC_STR("*")))
            draft.answer.status = 304;
    }
    if (draft.answer.status == 200) {
        send_answer(ingress, request, &draft, body);
        return;
    }
    draft.answer.content_type = NULL;
    http_answer(ingress->http, request, &draft.answer);
}

static void uuid_text(const struct fc_uuid *id, char text[FC_UUID_TEXT_BYTES + 1])
{
    struct fc_buf buf = fc_buf_of(text, FC_UUID_TEXT_BYTES);

    fc_uuid_put(&buf, id);
    text[FC_UUID_TEXT_BYTES] = '\0';
}

void answer_accepted(struct ingress *ingress, struct request *request)
{
    struct fc_buf body = answer_begin(ingress);
    char id[FC_UUID_TEXT_BYTES + 1];
    struct wire_json json;
    struct draft draft;

    FC_ASSERT(request->confirmed);
    uuid_text(&request->command_id, id);
    draft_init(&draft, 202, "application/json");
    draft_header(&draft, "Location", "/v1/commands/%s", id);
    draft_constant(&draft, "Retry-After", "1");
    wire_json_init(&json, &body);
    wire_json_object_begin(&json);
    wire_put_uuid(&json, "command_id", &request->command_id);
    if (request->type == COMMAND_ORDER_PLACE)
        wire_put_uuid(&json, "order_id", &request->command_id);
    wire_put_word(&json, "state", wire_state_name(WIRE_ACCEPTED));
    wire_put_instant(&json, "accepted_at", request->at);
    wire_json_object_end(&json);
    send_answer(ingress, request, &draft, &body);
    FC_CRASH_POINT(INGRESS_ANSWERED);
}

/* Where the new thing is; false for a command that makes none. */
static bool put_location(struct ingress *ingress, const struct request *request,
                         const struct wire_document *document, struct draft *draft)
{
    static const struct {
        enum route_name route;
        const char *path;
        const char *member;
        bool uuid;
    } places[] = {
        {ROUTE_USER_REGISTER, "/v1/users/", "user_id", false},
        {ROUTE_COUPON_ISSUE, "/v1/coupons/", "coupon_id", true},
        {ROUTE_ORDER_PLACE, "/v1/orders/", "order_id", true},
        {ROUTE_PRODUCT_POST, "/v1/products/", "product_id", false},
        {ROUTE_TEMPLATE_POST, "/v1/coupon-templates/", "template_id", false},
    };

    int64_t number;

    for (size_t i = 0; i < FC_ARRAY_COUNT(places); i++) {
        if (places[i].route != request->route->name)
            continue;
        if (places[i].uuid) {
            struct fc_str id =
                wire_member_text(document->result, places[i].member, &ingress->scratch);

            if (id.len != FC_UUID_TEXT_BYTES)
                return false;
            draft_header(draft, "Location", "%s" FC_STR_FMT, places[i].path, FC_STR_ARG(id));
            return true;
        }
        if (!wire_member_i64(document->result, places[i].member, &number))
            return false;
        draft_header(draft, "Location", "%s%lld", places[i].path, (long long)number);
        return true;
    }
    return false;
}

void answer_verdict(struct ingress *ingress, struct request *request,
                    const struct wire_document *document)
{
    struct fc_buf body = answer_begin(ingress);
    char id[FC_UUID_TEXT_BYTES + 1];
    struct draft draft;
    int64_t status = 200;

    uuid_text(&document->command_id, id);
    draft_init(&draft, 200, "application/json");
    draft_header(&draft, "Content-Location", "/v1/commands/%s", id);
    draft_header(&draft, "Preference-Applied", "wait=%d", request->head.wait_s);
    if (document->is_replay)
        draft_constant(&draft, "Idempotency-Replayed", "true");
    if (document->state == WIRE_SUCCEEDED) {
        if (put_location(ingress, request, document, &draft))
            draft.answer.status = 201;
        wire_document_put(&body, document);
    } else if (document->state == WIRE_REFUSED &&
               wire_member_i64(document->result, "status", &status) && status >= 400 &&
               status <= 599) {
        draft.answer.status = (int32_t)status;
        draft.answer.content_type = "application/problem+json";
        fc_buf_put(&body, document->result);
    } else {
        draft.answer.content_type = "application/problem+json";
        send_problem(ingress, request, &draft, FC_STR("unavailable"),
                     FC_STR("The command was set aside; its document tells about it."));
        return;
    }
    send_answer(ingress, request, &draft, &body);
}

static void begin_document(struct draft *draft, const struct request *request, bool is_replay)
{
    draft_init(draft, 200, "application/json");
    draft_constant(draft, "Cache-Control", "no-store");
    if (request->head.wait_s > 0)
        draft_header(draft, "Preference-Applied", "wait=%d", request->head.wait_s);
    if (is_replay)
        draft_constant(draft, "Idempotency-Replayed", "true");
}

void answer_document_text(struct ingress *ingress, struct request *request,
                          const struct fc_buf *body, const struct wire_document *document)
{
    struct draft draft;

    begin_document(&draft, request, document->is_replay);
    if (document->state == WIRE_ACCEPTED)
        draft_constant(&draft, "Retry-After", "1");
    send_answer(ingress, request, &draft, body);
}

void answer_document(struct ingress *ingress, struct request *request,
                     const struct wire_document *document)
{
    struct fc_buf body = answer_begin(ingress);

    wire_document_put(&body, document);
    answer_document_text(ingress, request, &body, document);
}

void answer_decided(struct ingress *ingress, struct request *request,
                    const struct decided_entry *entry)
{
    struct draft draft;

    begin_document(&draft, request, entry->facts.is_replay);
    draft.answer.body = (struct fc_str){entry->text, entry->len};
    http_answer(ingress->http, request, &draft.answer);
}
