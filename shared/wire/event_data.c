#include "wire/event_data.h"

#include "base/assert.h"
#include "wire/policy.h"
#include "wire/words.h"

#include <string.h>

static void user_put(struct wire_json *json, const struct event *event)
{
    wire_put_int(json, "user_id", event->data.user_registered.user_id);
}

static void user_read(struct wire_node *data, struct event *event)
{
    (void)wire_read_i64(data, "user_id", WIRE_REQUIRED, WIRE_IDS,
                        &event->data.user_registered.user_id);
}

static void wallet_put(struct wire_json *json, const struct event *event)
{
    const struct wallet_moved *moved = &event->data.wallet_moved;

    wire_put_int(json, "user_id", moved->user_id);
    wire_put_int(json, "amount", moved->amount.won);
    wire_put_int(json, "balance", moved->balance.won);
    if (!fc_uuid_is_zero(&moved->order_id))
        wire_put_uuid(json, "order_id", &moved->order_id);
    if (moved->from_held)
        wire_put_bool(json, "from_held", true);
}

static void wallet_read(struct wire_node *data, struct event *event)
{
    struct wallet_moved *moved = &event->data.wallet_moved;

    (void)wire_read_i64(data, "user_id", WIRE_REQUIRED, WIRE_IDS, &moved->user_id);
    (void)wire_read_i64(data, "amount", WIRE_REQUIRED, WIRE_AMOUNTS, &moved->amount.won);
    (void)wire_read_i64(data, "balance", WIRE_REQUIRED, WIRE_AMOUNTS, &moved->balance.won);
    (void)wire_read_uuid(data, "order_id", WIRE_OPTIONAL, &moved->order_id);
    (void)wire_read_bool(data, "from_held", WIRE_OPTIONAL, &moved->from_held);
}

static void template_deleted_put(struct wire_json *json, const struct event *event)
{
    wire_put_int(json, "template_id", event->data.template_deleted.template_id);
}

static void template_deleted_read(struct wire_node *data, struct event *event)
{
    (void)wire_read_i64(data, "template_id", WIRE_REQUIRED, WIRE_IDS,
                        &event->data.template_deleted.template_id);
}

static void policy_put(struct wire_json *json, const struct event *event)
{
    FC_ASSERT(event->data.policy_applied.document.len > 0);
    wire_json_key(json, "policy");
    wire_json_raw(json, event->data.policy_applied.document);
}

/* The document stays as it was written: a setting that came later is not in it. */
static void policy_read(struct wire_node *data, struct event *event)
{
    struct policy_apply *applied = &event->data.policy_applied;
    struct wire_node policy;

    if (!wire_read_object(data, "policy", WIRE_REQUIRED, &policy))
        return;
    wire_policy_read(&policy, &applied->policy);
    if (!wire_peek_json(data, "policy", &applied->document))
        data->faults->arena_full = true;
}

static void day_put(struct wire_json *json, const struct event *event)
{
    wire_put_day(json, "day", event->data.day_closed.day);
}

static void day_read(struct wire_node *data, struct event *event)
{
    (void)wire_read_day(data, "day", WIRE_REQUIRED, &event->data.day_closed.day);
}

/* By what the thing is named that an event is about. */
enum subject_kind { SUBJECT_ID, SUBJECT_UUID, SUBJECT_POLICY, SUBJECT_DAY };

struct event_form {
    const char *subject;
    enum subject_kind kind;
    size_t offset; /* of the id or UUID in an event */
    void (*put)(struct wire_json *json, const struct event *event);
    void (*read)(struct wire_node *data, struct event *event);
};

#define FORM(subject, kind, member, name)                                               \
    {                                                                                   \
        subject ":", kind, offsetof(struct event, data.member), name##_put, name##_read \
    }
#define WALLET FORM("user", SUBJECT_ID, wallet_moved.user_id, wallet)
#define COUPON FORM("coupon", SUBJECT_UUID, coupon_moved.coupon_id, wire_event_coupon)
#define STOCK FORM("order", SUBJECT_UUID, stock_moved.order_id, wire_event_stock)

static const struct event_form forms[EVENT_COUNT] = {
    [EVENT_USER_REGISTERED] = FORM("user", SUBJECT_ID, user_registered.user_id, user),
    [EVENT_WALLET_CHARGED] = WALLET,
    [EVENT_WALLET_USED] = WALLET,
    [EVENT_WALLET_REFUNDED] = WALLET,
    [EVENT_WALLET_HELD] = WALLET,
    [EVENT_WALLET_RELEASED] = WALLET,
    [EVENT_TEMPLATE_PUT] =
        FORM("template", SUBJECT_ID, template_put.template_id, wire_event_template),
    [EVENT_TEMPLATE_DELETED] =
        FORM("template", SUBJECT_ID, template_deleted.template_id, template_deleted),
    [EVENT_COUPON_ISSUED] =
        FORM("coupon", SUBJECT_UUID, coupon_issued.coupon_id, wire_event_issued),
    [EVENT_COUPON_USED] = COUPON,
    [EVENT_COUPON_RETURNED] = COUPON,
    [EVENT_COUPON_EXPIRED] = COUPON,
    [EVENT_COUPON_REVOKED] = COUPON,
    [EVENT_PRODUCT_PUT] = FORM("product", SUBJECT_ID, product_put.product_id, wire_event_product),
    [EVENT_PRODUCT_DELETED] =
        FORM("product", SUBJECT_ID, product_deleted.product_id, wire_event_deleted),
    [EVENT_STOCK_RESTOCKED] =
        FORM("option", SUBJECT_ID, stock_restocked.option_id, wire_event_restocked),
    [EVENT_STOCK_RESERVED] = STOCK,
    [EVENT_STOCK_RELEASED] = STOCK,
    [EVENT_STOCK_TAKEN] = STOCK,
    [EVENT_STOCK_RETURNED] = STOCK,
    [EVENT_ORDER_PLACED] =
        FORM("order", SUBJECT_UUID, order_placed.terms.order_id, wire_event_placed),
    [EVENT_ORDER_PAID] = FORM("order", SUBJECT_UUID, order_paid.order_id, wire_event_paid),
    [EVENT_ORDER_FAILED] = FORM("order", SUBJECT_UUID, order_failed.order_id, wire_event_failed),
    [EVENT_ORDER_CANCELLED] =
        FORM("order", SUBJECT_UUID, order_cancelled.terms.order_id, wire_event_cancelled),
    [EVENT_ORDER_CHANGED] =
        FORM("order", SUBJECT_UUID, order_changed.terms.order_id, wire_event_changed),
    [EVENT_ORDER_SHIPPED] = FORM("order", SUBJECT_UUID, order_shipped.order_id, wire_event_shipped),
    [EVENT_POLICY_APPLIED] = {"policy:", SUBJECT_POLICY, 0, policy_put, policy_read},
    [EVENT_DAY_CLOSED] = {"day:", SUBJECT_DAY, 0, day_put, day_read},
};

static const struct event_form *form_of(const struct event *event)
{
    FC_ASSERT(event->type >= 0 && event->type < EVENT_COUNT);
    return &forms[event->type];
}

static void subject_put(struct fc_buf *buf, const struct event_form *form,
                        const struct event *event)
{
    const char *at = (const char *)event + form->offset;
    struct fc_uuid uuid;
    int64_t id;

    switch (form->kind) {
    case SUBJECT_ID:
        memcpy(&id, at, sizeof(id));
        fc_buf_put_i64(buf, id);
        return;
    case SUBJECT_UUID:
        memcpy(&uuid, at, sizeof(uuid));
        fc_uuid_put(buf, &uuid);
        return;
    case SUBJECT_POLICY:
        fc_buf_put_i64(buf, POLICY_KEY_ID);
        return;
    case SUBJECT_DAY:
        fc_buf_put_i64(buf, event->data.day_closed.day.days);
        return;
    }
    FC_UNREACHABLE("no such kind of subject");
}

void wire_event_subject_put(struct wire_json *json, const struct event *event)
{
    const struct event_form *form = form_of(event);
    char memory[64];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    fc_buf_put_text(&buf, form->subject);
    subject_put(&buf, form, event);
    wire_json_str(json, fc_buf_str(&buf));
}

void wire_event_data_put(struct wire_json *json, const struct event *event)
{
    const struct event_form *form = form_of(event);

    wire_json_object_begin(json);
    form->put(json, event);
    wire_json_object_end(json);
}

void wire_event_data_read(struct wire_node *data, struct event *event)
{
    form_of(event)->read(data, event);
}
