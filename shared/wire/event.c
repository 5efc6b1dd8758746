#include "wire/event.h"

#include "base/assert.h"
#include "wire/event_data.h"
#include "wire/words.h"

static const char *const type_names[EVENT_COUNT] = {
    [EVENT_USER_REGISTERED] = "user.registered", [EVENT_WALLET_CHARGED] = "wallet.charged",
    [EVENT_WALLET_USED] = "wallet.used",         [EVENT_WALLET_REFUNDED] = "wallet.refunded",
    [EVENT_WALLET_HELD] = "wallet.held",         [EVENT_WALLET_RELEASED] = "wallet.released",
    [EVENT_TEMPLATE_PUT] = "template.put",       [EVENT_TEMPLATE_DELETED] = "template.deleted",
    [EVENT_COUPON_ISSUED] = "coupon.issued",     [EVENT_COUPON_USED] = "coupon.used",
    [EVENT_COUPON_RETURNED] = "coupon.returned", [EVENT_COUPON_EXPIRED] = "coupon.expired",
    [EVENT_COUPON_REVOKED] = "coupon.revoked",   [EVENT_PRODUCT_PUT] = "product.put",
    [EVENT_PRODUCT_DELETED] = "product.deleted", [EVENT_STOCK_RESTOCKED] = "stock.restocked",
    [EVENT_STOCK_RESERVED] = "stock.reserved",   [EVENT_STOCK_RELEASED] = "stock.released",
    [EVENT_STOCK_TAKEN] = "stock.taken",         [EVENT_STOCK_RETURNED] = "stock.returned",
    [EVENT_ORDER_PLACED] = "order.placed",       [EVENT_ORDER_PAID] = "order.paid",
    [EVENT_ORDER_FAILED] = "order.failed",       [EVENT_ORDER_CANCELLED] = "order.cancelled",
    [EVENT_ORDER_CHANGED] = "order.changed",     [EVENT_ORDER_SHIPPED] = "order.shipped",
    [EVENT_POLICY_APPLIED] = "policy.applied",   [EVENT_DAY_CLOSED] = "day.closed",
};

static const char *const family_names[WIRE_EVENT_FAMILY_COUNT] = {
    [WIRE_EVENT_ORDER] = "order",   [WIRE_EVENT_COUPON] = "coupon",
    [WIRE_EVENT_WALLET] = "wallet", [WIRE_EVENT_CATALOG] = "catalog",
    [WIRE_EVENT_USER] = "user",
};

const char *wire_event_type_name(enum event_type type)
{
    FC_ASSERT(type >= 0 && type < EVENT_COUNT);
    return type_names[type];
}

const char *wire_event_family_name(enum wire_event_family family)
{
    FC_ASSERT(family >= 0 && family < WIRE_EVENT_FAMILY_COUNT);
    return family_names[family];
}

bool wire_event_family_of(struct fc_str type_name, enum wire_event_family *ret_family)
{
    static const struct {
        struct fc_str prefix;
        enum wire_event_family family;
    } prefixes[] = {
        {FC_STR_INIT("order."), WIRE_EVENT_ORDER},
        {FC_STR_INIT("coupon."), WIRE_EVENT_COUPON},
        {FC_STR_INIT("wallet."), WIRE_EVENT_WALLET},
        {FC_STR_INIT("user."), WIRE_EVENT_USER},
        {FC_STR_INIT("product."), WIRE_EVENT_CATALOG},
        {FC_STR_INIT("template."), WIRE_EVENT_CATALOG},
        {FC_STR_INIT("stock."), WIRE_EVENT_CATALOG},
        {FC_STR_INIT("policy."), WIRE_EVENT_CATALOG},
        {FC_STR_INIT("day."), WIRE_EVENT_ORDER},
    };

    for (size_t i = 0; i < FC_ARRAY_COUNT(prefixes); i++) {
        if (fc_str_starts_with(type_name, prefixes[i].prefix)) {
            *ret_family = prefixes[i].family;
            return true;
        }
    }
    return false;
}

void wire_events_put(struct fc_buf *buf, const struct event *events, int32_t count)
{
    fc_buf_put_char(buf, '[');
    for (int32_t i = 0; i < count; i++) {
        struct wire_json json;

        if (i > 0)
            fc_buf_put(buf, FC_STR(",\n"));
        wire_json_init(&json, buf);
        wire_json_object_begin(&json);
        wire_put_word(&json, "type", wire_event_type_name(events[i].type));
        wire_json_key(&json, "subject");
        wire_event_subject_put(&json, &events[i]);
        wire_put_int(&json, "version", events[i].version);
        wire_json_key(&json, "data");
        wire_event_data_put(&json, &events[i]);
        wire_json_object_end(&json);
    }
    fc_buf_put_char(buf, ']');
}

bool wire_events_next(struct fc_str *rest, struct fc_str *ret_short)
{
    /* A short form begins with a brace: a bracket is the array's own. */
    if (rest->len > 0 && rest->ptr[0] == '[') {
        rest->ptr++;
        rest->len--;
    }
    struct fc_str line = fc_str_cut(rest, '\n');

    /* The comma behind it, or the bracket behind the last. */
    if (line.len <= 1)
        return false;
    *ret_short = (struct fc_str){line.ptr, line.len - 1};
    return true;
}

struct fc_str wire_event_short_type(struct fc_str short_form)
{
    struct fc_str head = FC_STR("{\"type\":\"");

    if (!fc_str_starts_with(short_form, head))
        return FC_STR_NONE;
    struct fc_str rest = {short_form.ptr + head.len, short_form.len - head.len};
    struct fc_str type = fc_str_cut(&rest, '"');

    return rest.len > 0 ? type : FC_STR_NONE;
}

void wire_event_announce(struct fc_buf *buf, const struct wire_event_origin *origin, int32_t index,
                         struct fc_str short_form)
{
    struct fc_uuid id = fc_uuid_event(&origin->command_id, (uint32_t)index);
    struct wire_json json;

    FC_ASSERT(index >= 0);
    FC_ASSERT(short_form.len > 2 && short_form.ptr[0] == '{');
    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    wire_put_uuid(&json, "id", &id);
    wire_put_instant(&json, "at", origin->decided_at);
    wire_put_uuid(&json, "command_id", &origin->command_id);
    if (origin->traceparent.len > 0)
        wire_put_str(&json, "traceparent", origin->traceparent);
    /* The rest of the object is the short form behind its brace. */
    wire_json_raw(&json, (struct fc_str){short_form.ptr + 1, short_form.len - 1});
}
