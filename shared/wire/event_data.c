#include "wire/event_data.h"

#include "base/assert.h"
#include "wire/command.h"
#include "wire/words.h"

/* A value as key of a line: `kind` and an id between quotes that need no escapes. */
static void subject_id(struct wire_json *json, const char *kind, int64_t id)
{
    char memory[64];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    fc_buf_put_text(&buf, kind);
    fc_buf_put_i64(&buf, id);
    wire_json_str(json, fc_buf_str(&buf));
}

static void subject_uuid(struct wire_json *json, const char *kind, const struct fc_uuid *id)
{
    char memory[64];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    fc_buf_put_text(&buf, kind);
    fc_uuid_put(&buf, id);
    wire_json_str(json, fc_buf_str(&buf));
}

void wire_event_subject_put(struct wire_json *json, const struct event *event)
{
    switch (event->type) {
    case EVENT_USER_REGISTERED:
        subject_id(json, "user:", event->data.user_registered.user_id);
        return;
    case EVENT_WALLET_CHARGED:
    case EVENT_WALLET_USED:
        subject_id(json, "user:", event->data.wallet_moved.user_id);
        return;
    case EVENT_TEMPLATE_PUT:
        subject_id(json, "template:", event->data.template_put.template_id);
        return;
    case EVENT_TEMPLATE_DELETED:
        subject_id(json, "template:", event->data.template_deleted.template_id);
        return;
    case EVENT_COUPON_ISSUED:
        subject_uuid(json, "coupon:", &event->data.coupon_issued.coupon_id);
        return;
    case EVENT_COUPON_USED:
        subject_uuid(json, "coupon:", &event->data.coupon_used.coupon_id);
        return;
    case EVENT_PRODUCT_PUT:
        subject_id(json, "product:", event->data.product_put.product_id);
        return;
    case EVENT_PRODUCT_DELETED:
        subject_id(json, "product:", event->data.product_deleted.product_id);
        return;
    case EVENT_STOCK_RESTOCKED:
        subject_id(json, "option:", event->data.stock_restocked.option_id);
        return;
    case EVENT_STOCK_TAKEN:
        subject_uuid(json, "order:", &event->data.stock_taken.order_id);
        return;
    case EVENT_ORDER_PAID:
        subject_uuid(json, "order:", &event->data.order_paid.order_id);
        return;
    case EVENT_COUNT:
        break;
    }
    FC_UNREACHABLE("no such event");
}

static void wallet_put(struct wire_json *json, const struct wallet_moved *moved)
{
    wire_put_int(json, "user_id", moved->user_id);
    wire_put_int(json, "amount", moved->amount.won);
    wire_put_int(json, "balance", moved->balance.won);
    if (!fc_uuid_is_zero(&moved->order_id))
        wire_put_uuid(json, "order_id", &moved->order_id);
}

static void template_put(struct wire_json *json, const struct template_put *template)
{
    wire_template_members_put(json, template);
    wire_template_terms_put(json, template);
}

static void coupon_issued_put(struct wire_json *json, const struct coupon_issued *issued)
{
    wire_put_uuid(json, "coupon_id", &issued->coupon_id);
    wire_put_int(json, "template_id", issued->template_id);
    wire_put_int(json, "user_id", issued->user_id);
    wire_put_int(json, "position", issued->position);
    wire_json_key(json, "discount");
    wire_discount_put(json, &issued->discount);
    wire_put_int(json, "min_total", issued->min_total.won);
    wire_put_instant(json, "issued_at", issued->issued_at);
    wire_put_expiry(json, issued->expires, issued->expires_at);
}

static void coupon_used_put(struct wire_json *json, const struct coupon_used *used)
{
    wire_put_uuid(json, "coupon_id", &used->coupon_id);
    wire_put_int(json, "user_id", used->user_id);
    wire_put_uuid(json, "order_id", &used->order_id);
}

static void product_put(struct wire_json *json, const struct product_changed *product)
{
    wire_put_int(json, "product_id", product->product_id);
    wire_put_str(json, "name", product->name);
    wire_put_int(json, "price", product->price.won);
    wire_put_str(json, "category", product->category);
    wire_put_word(json, "status", wire_product_words[product->status]);
    wire_put_bool(json, "first_come", product->first_come);
    wire_json_key(json, "options");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < product->option_count; i++) {
        const struct option_state *option = &product->options[i];

        wire_json_object_begin(json);
        wire_put_int(json, "option_id", option->option_id);
        wire_put_str(json, "name", option->name);
        wire_put_int(json, "surcharge", option->surcharge.won);
        wire_put_bool(json, "is_new", option->is_new);
        if (option->is_new)
            wire_put_int(json, "stock", option->stock);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
}

static void product_deleted_put(struct wire_json *json, const struct product_deleted *product)
{
    wire_put_int(json, "product_id", product->product_id);
    wire_json_key(json, "option_ids");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < product->option_count; i++)
        wire_json_i64(json, product->option_ids[i]);
    wire_json_array_end(json);
}

static void restocked_put(struct wire_json *json, const struct stock_restocked *restocked)
{
    wire_put_int(json, "option_id", restocked->option_id);
    wire_put_int(json, "product_id", restocked->product_id);
    wire_put_int(json, "quantity", restocked->quantity);
}

static void taken_put(struct wire_json *json, const struct stock_taken *taken)
{
    wire_put_uuid(json, "order_id", &taken->order_id);
    wire_json_key(json, "lines");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < taken->line_count; i++) {
        wire_json_object_begin(json);
        wire_put_int(json, "option_id", taken->lines[i].option_id);
        wire_put_int(json, "quantity", taken->lines[i].quantity);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
}

static void sold_lines_put(struct wire_json *json, const struct order_paid *order)
{
    wire_json_array_begin(json);
    for (int32_t i = 0; i < order->line_count; i++) {
        const struct sold_line *line = &order->lines[i];

        wire_json_object_begin(json);
        wire_put_int(json, "option_id", line->option_id);
        wire_put_int(json, "product_id", line->product_id);
        wire_put_int(json, "quantity", line->quantity);
        wire_put_int(json, "unit_price", line->unit_price.won);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
}

static void order_paid_put(struct wire_json *json, const struct order_paid *order)
{
    char memory[ROUTE_KEY_BYTES_MAX];
    struct fc_buf key = fc_buf_of(memory, sizeof(memory));

    wire_command_key_put(&key, order->key);
    wire_put_uuid(json, "order_id", &order->order_id);
    wire_put_int(json, "user_id", order->user_id);
    wire_put_str(json, "key", fc_buf_str(&key));
    wire_put_int(json, "total", order->total.won);
    wire_put_int(json, "discount", order->discount.won);
    wire_put_int(json, "paid", order->paid.won);
    if (order->has_coupon)
        wire_put_uuid(json, "coupon_id", &order->coupon_id);
    wire_json_key(json, "payment");
    wire_json_object_begin(json);
    wire_put_word(json, "method", wire_payment_words[order->payment]);
    wire_json_object_end(json);
    wire_put_instant(json, "ordered_at", order->ordered_at);
    wire_json_key(json, "day");
    wire_json_day(json, fc_day_seoul(order->ordered_at));
    wire_put_instant(json, "paid_at", order->paid_at);
    wire_json_key(json, "lines");
    sold_lines_put(json, order);
}

static void members_put(struct wire_json *json, const struct event *event)
{
    switch (event->type) {
    case EVENT_USER_REGISTERED:
        wire_put_int(json, "user_id", event->data.user_registered.user_id);
        return;
    case EVENT_WALLET_CHARGED:
    case EVENT_WALLET_USED:
        wallet_put(json, &event->data.wallet_moved);
        return;
    case EVENT_TEMPLATE_PUT:
        template_put(json, &event->data.template_put);
        return;
    case EVENT_TEMPLATE_DELETED:
        wire_put_int(json, "template_id", event->data.template_deleted.template_id);
        return;
    case EVENT_COUPON_ISSUED:
        coupon_issued_put(json, &event->data.coupon_issued);
        return;
    case EVENT_COUPON_USED:
        coupon_used_put(json, &event->data.coupon_used);
        return;
    case EVENT_PRODUCT_PUT:
        product_put(json, &event->data.product_put);
        return;
    case EVENT_PRODUCT_DELETED:
        product_deleted_put(json, &event->data.product_deleted);
        return;
    case EVENT_STOCK_RESTOCKED:
        restocked_put(json, &event->data.stock_restocked);
        return;
    case EVENT_STOCK_TAKEN:
        taken_put(json, &event->data.stock_taken);
        return;
    case EVENT_ORDER_PAID:
        order_paid_put(json, &event->data.order_paid);
        return;
    case EVENT_COUNT:
        break;
    }
    FC_UNREACHABLE("no such event");
}

void wire_event_data_put(struct wire_json *json, const struct event *event)
{
    wire_json_object_begin(json);
    members_put(json, event);
    wire_json_object_end(json);
}
