#include "payment/gateway.h"

#include "base/assert.h"
#include "base/limits.h"
#include "wire/json.h"
#include "wire/read.h"
#include "wire/scan.h"

static void put_url(struct fc_buf *buf, const struct gateway_settings *settings,
                    enum gateway_call call, const struct fc_uuid *order_id)
{
    fc_buf_put_text(buf, settings->url);
    fc_buf_put_text(buf, "/v1/payments");
    if (call == GATEWAY_ASK)
        return;
    fc_buf_put_char(buf, '/');
    fc_uuid_put(buf, order_id);
    if (call == GATEWAY_VOID)
        fc_buf_put_text(buf, "/void");
}

static void put_body(struct fc_buf *buf, const struct gateway_payment *payment)
{
    struct wire_json json;

    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    wire_json_key(&json, "order_id");
    wire_json_uuid(&json, &payment->order_id);
    wire_json_key(&json, "user_id");
    wire_json_i64(&json, payment->user_id);
    wire_json_key(&json, "amount");
    wire_json_i64(&json, payment->amount.won);
    wire_json_key(&json, "currency");
    wire_json_str(&json, FC_STR("KRW"));
    wire_json_object_end(&json);
}

static void add_header(struct outgoing_request *request, const char *header)
{
    FC_ASSERT(request->header_count < OUTGOING_HEADERS_MAX);
    request->headers[request->header_count++] = header;
}

static void end_text(struct fc_buf *buf)
{
    fc_buf_put_char(buf, '\0');
    FC_ASSERT(!buf->overflow);
}

void gateway_request(const struct gateway_settings *settings, enum gateway_call call,
                     const struct gateway_payment *payment, struct gateway_memory *memory,
                     struct outgoing_request *ret_request)
{
    struct fc_buf url = fc_buf_of(ret_request->url, sizeof(ret_request->url));
    struct fc_buf key = fc_buf_of(memory->key, sizeof(memory->key));
    struct fc_buf bearer = fc_buf_of(memory->bearer, sizeof(memory->bearer));
    struct fc_buf body = fc_buf_of(memory->body, sizeof(memory->body));

    ret_request->method = call == GATEWAY_LOOK ? OUTGOING_GET : OUTGOING_POST;
    ret_request->header_count = 0;
    ret_request->connect_ms = settings->connect_ms;
    ret_request->total_ms = settings->total_ms;
    put_url(&url, settings, call, &payment->order_id);
    end_text(&url);
    if (call != GATEWAY_LOOK) {
        fc_buf_put_text(&key, "Idempotency-Key: ");
        fc_uuid_put(&key, &payment->order_id);
        end_text(&key);
        add_header(ret_request, memory->key);
        add_header(ret_request, "Content-Type: application/json");
    }
    if (settings->token[0] != '\0') {
        fc_buf_put_text(&bearer, "Authorization: Bearer ");
        fc_buf_put_text(&bearer, settings->token);
        end_text(&bearer);
        add_header(ret_request, memory->bearer);
    }
    if (call == GATEWAY_ASK)
        put_body(&body, payment);
    FC_ASSERT(!body.overflow);
    ret_request->body = fc_buf_str(&body);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* A text of the gateway's that we keep: short and without control characters, else left out. */
static struct fc_str kept_text(struct wire_node *node, const char *name, struct fc_arena *arena)
{
    struct fc_str text = wire_peek_text(node, name);
    struct fc_str copy;

    if (text.len > NAME_BYTES_MAX || !fc_str_is_utf8(text))
        return FC_STR_NONE;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F)
            return FC_STR_NONE;
    return fc_arena_copy(arena, text, &copy) ? copy : FC_STR_NONE;
}

/* What a payment's status means; false for a word that the contract does not know. */
static bool says_of_status(struct fc_str status, enum gateway_says *ret_says)
{
    static const struct {
        struct fc_str word;
        enum gateway_says says;
    } words[] = {
        {FC_STR_INIT("approved"), GATEWAY_APPROVED}, {FC_STR_INIT("declined"), GATEWAY_DECLINED},
        {FC_STR_INIT("pending"), GATEWAY_PENDING},   {FC_STR_INIT("voided"), GATEWAY_VOIDED},
        {FC_STR_INIT("refunded"), GATEWAY_VOIDED},
    };

    for (size_t i = 0; i < FC_ARRAY_COUNT(words); i++) {
        if (fc_str_eq(status, words[i].word)) {
            *ret_says = words[i].says;
            return true;
        }
    }
    return false;
}

/* Two answers on one connection, and the second would be taken for the next order's. */
static bool is_about(struct wire_node *node, const struct fc_uuid *order_id)
{
    struct fc_uuid id;

    return fc_uuid_parse(wire_peek_text(node, "order_id"), &id) && fc_uuid_eq(&id, order_id);
}

static void read_document(struct wire_node *node, const struct fc_uuid *order_id,
                          struct fc_arena *arena, struct gateway_answer *ret_answer)
{
    if (!is_about(node, order_id)) {
        ret_answer->trouble = FC_STR("its answer is about another order");
        return;
    }
    if (!says_of_status(wire_peek_text(node, "status"), &ret_answer->says)) {
        ret_answer->trouble = FC_STR("its answer names no status of the contract");
        return;
    }
    ret_answer->payment_id = kept_text(node, "payment_id", arena);
    ret_answer->reason = kept_text(node, "reason", arena);
}

/* 2xx: the document decides, whichever of them it is. */
static void read_body(struct fc_str body, const struct fc_uuid *order_id, struct fc_arena *arena,
                      struct gateway_answer *ret_answer)
{
    struct wire_faults faults;
    struct wire_node node;

    wire_faults_init(&faults, arena);
    ret_answer->says = GATEWAY_SILENT;
    ret_answer->trouble = FC_STR("its answer is no JSON object");
    if (wire_scan(body, &faults)) {
        wire_node_begin(&node, body, &faults);
        if (node.object.ptr != NULL) {
            ret_answer->trouble = FC_STR_NONE;
            read_document(&node, order_id, arena, ret_answer);
        }
    }
}

/* What speaks of our credentials, of the address or of the moment says nothing against a payment:
 * a wrong setting must not decline a day's orders. */
static enum gateway_says says_of_error(enum gateway_call call, int32_t status)
{
    if (status == 404)
        return call == GATEWAY_LOOK ? GATEWAY_UNKNOWN : GATEWAY_LATER;
    if (status < 400 || status >= 500 || status == 401 || status == 403 || status == 405 ||
        status == 407 || status == 408 || status == 409 || status == 425 || status == 429)
        return GATEWAY_LATER;
    return GATEWAY_REFUSED;
}

struct gateway_answer gateway_answer_read(enum gateway_call call, const struct fc_uuid *order_id,
                                          const struct outgoing_answer *answer,
                                          struct fc_arena *arena)
{
    struct gateway_answer read = {.retry_after_s = answer->retry_after_s};

    switch (answer->fate) {
    case OUTGOING_NOT_SENT:
        read.says = GATEWAY_AWAY;
        read.trouble = fc_str_of(answer->trouble);
        return read;
    case OUTGOING_NO_ANSWER:
        read.says = GATEWAY_SILENT;
        read.trouble = fc_str_of(answer->trouble);
        return read;
    case OUTGOING_ANSWERED:
        if (answer->status >= 200 && answer->status < 300)
            read_body(answer->body, order_id, arena, &read);
        else
            read.says = says_of_error(call, answer->status);
        return read;
    }
    FC_UNREACHABLE("no such fate");
}

const char *gateway_call_name(enum gateway_call call)
{
    switch (call) {
    case GATEWAY_ASK:
        return "ask";
    case GATEWAY_LOOK:
        return "look";
    case GATEWAY_VOID:
        return "void";
    case GATEWAY_CALL_COUNT:
        break;
    }
    FC_UNREACHABLE("no such call");
}

const char *gateway_says_name(enum gateway_says says)
{
    static const char *const names[GATEWAY_SAYS_COUNT] = {
        "approved", "declined", "pending", "voided", "unknown",
        "refused",  "later",    "silent",  "away",
    };

    FC_ASSERT(says >= 0 && says < GATEWAY_SAYS_COUNT);
    return names[says];
}
