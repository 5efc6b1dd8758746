#include "wire/announced.h"
#include "wire/event.h"
#include "wire/event_data.h"
#include "wire/words.h"

enum { PAYMENT_PLACED, PAYMENT_FAILED };

static const struct announced_type payment_types[] = {
    [PAYMENT_PLACED] = {"order.placed", ANNOUNCED_SPOILED("an order.placed")},
    [PAYMENT_FAILED] = {"order.failed", ANNOUNCED_SPOILED("an order.failed")},
};

/* What wire/json.h wrote has no blanks: it is kept to the byte. */
static void json_keep(struct wire_node *event, struct fc_str *ret_json)
{
    if (!wire_node_json(event, ret_json))
        event->faults->arena_full = true;
}

static void placed_read(struct wire_node *event, struct wire_node *data, struct krw from_balance,
                        struct wire_payment_event *payment)
{
    int64_t paid = 0;

    payment->placed = true;
    wire_event_key_read(data, &payment->key);
    if (wire_read_i64(data, "paid", WIRE_REQUIRED, WIRE_AMOUNTS, &paid) && from_balance.won > paid)
        wire_node_fault(data, "paid", "must not be below from_balance");
    payment->amount = KRW(paid - from_balance.won);
    (void)wire_read_instant(data, "expires_at", WIRE_REQUIRED, &payment->expires_at);
    (void)wire_read_text(event, "traceparent", WIRE_OPTIONAL,
                         (struct wire_range){1, TRACEPARENT_BYTES}, &payment->traceparent);
}

static bool payment_read(struct wire_node *event, int32_t type, void *item)
{
    struct wire_payment_event *payment = item;
    struct order_terms terms = {.payment = PAYMENT_BALANCE};
    int32_t failure = ORDER_DECLINED;
    struct wire_node data;

    (void)wire_read_object(event, "data", WIRE_REQUIRED, &data);
    wire_event_payment_read(&data, &terms);
    if (terms.payment != PAYMENT_BANK_TRANSFER)
        return false;
    (void)wire_read_uuid(&data, "order_id", WIRE_REQUIRED, &payment->order_id);
    (void)wire_read_i64(&data, "user_id", WIRE_REQUIRED, WIRE_IDS, &payment->user_id);
    if (type == PAYMENT_PLACED)
        placed_read(event, &data, terms.from_balance, payment);
    else
        (void)wire_read_word(&data, "failure", WIRE_REQUIRED, wire_failure_words, &failure);
    payment->failure = (enum order_failure)failure;
    (void)wire_read_bool(event, "postponed", WIRE_OPTIONAL, &payment->postponed);
    json_keep(event, &payment->json);
    return true;
}

bool wire_payment_events_parse(struct fc_str bytes, struct fc_arena *arena,
                               struct wire_payment_event **ret_events, int32_t *ret_count,
                               const char **ret_reason)
{
    static const struct announced payments = {payment_types, FC_ARRAY_COUNT(payment_types),
                                              sizeof(struct wire_payment_event), payment_read};
    void *items;

    if (!wire_announced_read(&payments, bytes, arena, &items, ret_count, ret_reason))
        return false;
    *ret_events = items;
    return true;
}

void wire_payment_postponed_put(struct fc_buf *buf, const struct wire_payment_event *event)
{
    struct fc_str json = event->json;

    if (!event->postponed) {
        fc_buf_put(buf, FC_STR("{\"postponed\":true,"));
        json = (struct fc_str){json.ptr + 1, json.len - 1};
    }
    fc_buf_put(buf, json);
}

static const struct announced_type told_types[] = {
    {"order.paid", ANNOUNCED_SPOILED("an order.paid")},
    {"order.cancelled", ANNOUNCED_SPOILED("an order.cancelled")},
};

static bool told_read(struct wire_node *event, int32_t type, void *item)
{
    struct wire_told_event *told = item;
    struct wire_node data;

    (void)type;
    (void)wire_read_uuid(event, "id", WIRE_REQUIRED, &told->event_id);
    (void)wire_read_object(event, "data", WIRE_REQUIRED, &data);
    (void)wire_read_uuid(&data, "order_id", WIRE_REQUIRED, &told->order_id);
    json_keep(event, &told->json);
    return true;
}

bool wire_told_events_parse(struct fc_str bytes, struct fc_arena *arena,
                            struct wire_told_event **ret_events, int32_t *ret_count,
                            const char **ret_reason)
{
    static const struct announced tellings = {told_types, FC_ARRAY_COUNT(told_types),
                                              sizeof(struct wire_told_event), told_read};
    void *items;

    if (!wire_announced_read(&tellings, bytes, arena, &items, ret_count, ret_reason))
        return false;
    *ret_events = items;
    return true;
}
