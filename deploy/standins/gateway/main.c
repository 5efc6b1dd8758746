/*
 * A payment gateway as docs/payment-gateway.md has it, for demonstrations and tests: one that can
 * be told to be slow, to fail, to hang, to answer twice and to say yes long after nobody waits any
 * more. GET /ledger shows its books, GET and PUT /behaviour how it behaves.
 */
#include "base/assert.h"
#include "common/standin.h"
#include "gateway/behaviour.h"
#include "gateway/ledger.h"
#include "wire/scan.h"

#include <string.h>

#define PAYMENTS "/v1/payments"

struct gateway {
    struct behaviour behaviour;
    struct ledger ledger;
    int32_t seed;
};

static void handle_behaviour(struct gateway *gateway, const struct standin_request *request,
                             struct fc_buf *body, struct standin_answer *answer)
{
    struct behaviour behaviour;
    struct fc_str reason;

    if (request->method == STANDIN_PUT) {
        if (!behaviour_parse(request->body, request->arena, &behaviour, &reason)) {
            standin_refuse(body, answer, 400, "no behaviour: a member or value is not known");
            return;
        }
        gateway->behaviour = behaviour;
    }
    behaviour_put(body, &gateway->behaviour);
}

/* --- the contract ----------------------------------------------------------------------------- */

static void put_payment(struct fc_buf *body, struct standin_answer *answer,
                        const struct ledger_entry *entry)
{
    char id[FC_UUID_TEXT_BYTES + 8];
    struct fc_buf payment_id = fc_buf_of(id, sizeof(id));
    struct wire_json json;

    fc_buf_put_text(&payment_id, "pay-");
    fc_uuid_put(&payment_id, &entry->order_id);
    answer->status = entry->status == LEDGER_PENDING ? 202 : 200;
    wire_json_init(&json, body);
    wire_json_object_begin(&json);
    wire_json_key(&json, "order_id");
    wire_json_uuid(&json, &entry->order_id);
    wire_json_key(&json, "payment_id");
    wire_json_str(&json, fc_buf_str(&payment_id));
    wire_json_key(&json, "status");
    wire_json_str(&json, fc_str_of(ledger_status_name(entry->status)));
    if (entry->status == LEDGER_DECLINED) {
        wire_json_key(&json, "reason");
        wire_json_str(&json, FC_STR("the bank says no"));
    }
    wire_json_object_end(&json);
}

/* NULL when it was answered already: the books are full. */
static struct ledger_entry *entry_of(struct gateway *gateway, const struct standin_request *request,
                                     const struct fc_uuid *order_id, struct fc_buf *body,
                                     struct standin_answer *answer)
{
    struct ledger_entry *entry = ledger_of(&gateway->ledger, order_id, request->at);

    if (entry == NULL)
        standin_refuse(body, answer, 507, "the books are full");
    return entry;
}

/* Draws what happens to this call; attempts count by order and call. */
static enum nasty_fate draw(const struct gateway *gateway, enum only call,
                            const struct ledger_entry *entry, int32_t attempt, struct fc_buf *body,
                            struct standin_answer *answer)
{
    const struct behaviour *behaviour = &gateway->behaviour;
    char text[FC_UUID_TEXT_BYTES + 8];
    struct fc_buf thing = fc_buf_of(text, sizeof(text));

    if (behaviour->only != ONLY_ALL && behaviour->only != call)
        return NASTY_NOT;
    fc_uuid_put(&thing, &entry->order_id);
    fc_buf_put_text(&thing, behaviour_only_name(call));
    return nasty_draw(&behaviour->nasty, gateway->seed, fc_buf_str(&thing), attempt, body, answer);
}

static bool asked_parse(const struct standin_request *request, struct ledger_entry *ret_entry)
{
    static const char *const currencies[] = {"KRW", NULL};
    struct wire_faults faults;
    struct wire_node node;
    struct fc_uuid key;
    int32_t currency;

    wire_faults_init(&faults, request->arena);
    if (wire_scan(request->body, &faults)) {
        wire_node_begin(&node, request->body, &faults);
        (void)wire_read_uuid(&node, "order_id", WIRE_REQUIRED, &ret_entry->order_id);
        (void)wire_read_i64(&node, "user_id", WIRE_REQUIRED, WIRE_IDS, &ret_entry->user_id);
        (void)wire_read_i64(&node, "amount", WIRE_REQUIRED, (struct wire_range){1, AMOUNT_KRW_MAX},
                            &ret_entry->amount.won);
        (void)wire_read_word(&node, "currency", WIRE_REQUIRED, currencies, &currency);
        wire_node_end(&node);
    }
    return faults.count == 0 && fc_uuid_parse(standin_header(request, "Idempotency-Key"), &key) &&
           fc_uuid_eq(&key, &ret_entry->order_id);
}

static bool declines(const struct gateway *gateway, const struct ledger_entry *entry)
{
    const struct behaviour *behaviour = &gateway->behaviour;
    struct fc_str thing = {(const char *)entry->order_id.bytes, sizeof(entry->order_id.bytes)};

    return (behaviour->decline_above >= 0 && entry->amount.won > behaviour->decline_above) ||
           nasty_chance(gateway->seed, thing, 0) < behaviour->decline_rate;
}

/* From now on it is a payment, decided as it was told to decide. */
static void take(struct gateway *gateway, struct ledger_entry *entry,
                 const struct ledger_entry *asked, struct fc_instant now)
{
    const struct behaviour *behaviour = &gateway->behaviour;
    int32_t wait_ms = behaviour->late_ms > 0 ? behaviour->late_ms : behaviour->pending_ms;

    entry->user_id = asked->user_id;
    entry->amount = asked->amount;
    entry->declines = declines(gateway, entry);
    entry->late = behaviour->late_ms > 0;
    entry->decide_at.us = now.us + 1000LL * wait_ms;
    ledger_ask(&gateway->ledger, entry, now);
}

/* The answer that comes when it is decided, which is what it will be then. */
static void put_late(struct fc_buf *body, struct standin_answer *answer,
                     const struct ledger_entry *entry, struct fc_instant now)
{
    struct ledger_entry later = *entry;

    later.status = entry->declines ? LEDGER_DECLINED : LEDGER_APPROVED;
    answer->delay_ms += (int32_t)((entry->decide_at.us - now.us) / 1000);
    put_payment(body, answer, &later);
}

static void handle_ask(struct gateway *gateway, const struct standin_request *request,
                       struct fc_buf *body, struct standin_answer *answer)
{
    struct ledger_entry asked = {.approvals = 0};

    if (!asked_parse(request, &asked)) {
        standin_refuse(body, answer, 400, "no payment, or another Idempotency-Key");
        return;
    }
    struct ledger_entry *entry = entry_of(gateway, request, &asked.order_id, body, answer);

    if (entry == NULL)
        return;
    entry->asked++;
    if (draw(gateway, ONLY_ASK, entry, entry->asked, body, answer) == NASTY_FAIL)
        return;
    if (entry->status == LEDGER_UNKNOWN) {
        take(gateway, entry, &asked, request->at);
    } else if (entry->amount.won > 0 && !krw_eq(entry->amount, asked.amount)) {
        standin_refuse(body, answer, 422, "the order is known with another amount");
        return;
    }
    if (entry->status == LEDGER_PENDING && entry->late)
        put_late(body, answer, entry, request->at);
    else
        put_payment(body, answer, entry);
    answer->twice = gateway->behaviour.twice;
}

static void handle_look(struct gateway *gateway, const struct standin_request *request,
                        const struct fc_uuid *order_id, struct fc_buf *body,
                        struct standin_answer *answer)
{
    struct ledger_entry *entry = entry_of(gateway, request, order_id, body, answer);

    if (entry == NULL)
        return;
    entry->looked++;
    if (draw(gateway, ONLY_LOOK, entry, entry->looked, body, answer) == NASTY_FAIL)
        return;
    if (entry->status == LEDGER_UNKNOWN || (entry->status == LEDGER_PENDING && entry->late)) {
        standin_refuse(body, answer, 404, "no such payment");
        return;
    }
    put_payment(body, answer, entry);
    answer->twice = gateway->behaviour.twice;
}

/* A payment that it never heard of is void, too, from now on. */
static void handle_void(struct gateway *gateway, const struct standin_request *request,
                        const struct fc_uuid *order_id, struct fc_buf *body,
                        struct standin_answer *answer)
{
    struct ledger_entry *entry = entry_of(gateway, request, order_id, body, answer);

    if (entry == NULL)
        return;
    entry->voids++;
    if (draw(gateway, ONLY_VOID, entry, entry->voids, body, answer) == NASTY_FAIL)
        return;
    ledger_void(&gateway->ledger, entry);
    put_payment(body, answer, entry);
    answer->twice = gateway->behaviour.twice;
}

/* --- paths ------------------------------------------------------------------------------------ */

static void handle_payment(struct gateway *gateway, const struct standin_request *request,
                           struct fc_str rest, struct fc_buf *body, struct standin_answer *answer)
{
    struct fc_str id = fc_str_cut(&rest, '/');
    struct fc_uuid order_id;

    if (!fc_uuid_parse(id, &order_id))
        standin_refuse(body, answer, 404, "no such payment");
    else if (request->method == STANDIN_GET && rest.len == 0)
        handle_look(gateway, request, &order_id, body, answer);
    else if (request->method == STANDIN_POST && fc_str_eq(rest, FC_STR("void")))
        handle_void(gateway, request, &order_id, body, answer);
    else
        standin_refuse(body, answer, 404, "no such path");
}

static void handle(void *arg, const struct standin_request *request, struct fc_buf *body,
                   struct standin_answer *ret_answer)
{
    struct gateway *gateway = arg;
    struct fc_str path = request->path;

    if (fc_str_eq(path, FC_STR(PAYMENTS)) && request->method == STANDIN_POST) {
        handle_ask(gateway, request, body, ret_answer);
    } else if (fc_str_starts_with(path, FC_STR(PAYMENTS "/"))) {
        path.ptr += strlen(PAYMENTS "/");
        path.len -= strlen(PAYMENTS "/");
        handle_payment(gateway, request, path, body, ret_answer);
    } else if (fc_str_eq(path, FC_STR("/behaviour"))) {
        handle_behaviour(gateway, request, body, ret_answer);
    } else if (fc_str_eq(path, FC_STR("/ledger")) && request->method == STANDIN_GET) {
        struct wire_json json;

        wire_json_init(&json, body);
        ledger_put(&gateway->ledger, &json, request->at);
    } else {
        standin_refuse(body, ret_answer, 404, "/v1/payments /behaviour /ledger");
    }
}

static enum fc_rc start(void *arg, const struct standin_settings *settings, struct fc_err *ret_err)
{
    struct gateway *gateway = arg;
    static char memory[65536];
    struct fc_arena arena;
    struct fc_str reason;

    fc_arena_init(&arena, memory, sizeof(memory));
    gateway->seed = settings->seed;
    if (!behaviour_parse(fc_str_of(settings->behaviour), &arena, &gateway->behaviour, &reason))
        return fc_err_set(ret_err, FC_CURE_EXIT, "settings",
                          "FIRSTCOME_STANDIN_BEHAVIOUR: " FC_STR_FMT, FC_STR_ARG(reason));
    return ledger_open(&gateway->ledger, settings->file, ret_err);
}

int main(int argc, char **argv)
{
    static struct gateway gateway;
    const struct standin_program program = {
        .name = "firstcome-standin-gateway",
        .sentence = "Plays a payment gateway, as well behaved or nasty as it is told to be.",
        .arg = &gateway,
        .start = start,
        .handle = handle,
    };

    return standin_main(argc, argv, &program);
}
