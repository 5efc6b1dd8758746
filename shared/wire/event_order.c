#include "wire/event_data.h"

#include "wire/command.h"
#include "wire/words.h"

/* A price and a surcharge. */
#define UNIT_PRICE_KRW_MAX (2 * PRICE_KRW_MAX)

static_assert(1LL * QUANTITY_MAX * UNIT_PRICE_KRW_MAX <= 9223372036854775807LL / ORDER_LINES_MAX,
              "what is read of an order can be added up");

void wire_sold_lines_put(struct wire_json *json, const char *name, const struct sold_line *lines,
                         int32_t count)
{
    wire_json_key(json, name);
    wire_json_array_begin(json);
    for (int32_t i = 0; i < count; i++) {
        wire_json_object_begin(json);
        wire_put_int(json, "option_id", lines[i].option_id);
        wire_put_int(json, "product_id", lines[i].product_id);
        wire_put_int(json, "quantity", lines[i].quantity);
        wire_put_int(json, "unit_price", lines[i].unit_price.won);
        if (lines[i].category.len > 0)
            wire_put_str(json, "category", lines[i].category);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
}

static void sold_line_read(struct wire_list *list, int32_t index, struct sold_line *line)
{
    struct wire_node node;

    wire_list_object(list, index, &node);
    (void)wire_read_i64(&node, "option_id", WIRE_REQUIRED, WIRE_IDS, &line->option_id);
    (void)wire_read_i64(&node, "product_id", WIRE_REQUIRED, WIRE_IDS, &line->product_id);
    (void)wire_read_i64(&node, "quantity", WIRE_REQUIRED, (struct wire_range){1, QUANTITY_MAX},
                        &line->quantity);
    (void)wire_read_i64(&node, "unit_price", WIRE_REQUIRED,
                        (struct wire_range){0, UNIT_PRICE_KRW_MAX}, &line->unit_price.won);
    (void)wire_read_text(&node, "category", WIRE_OPTIONAL, (struct wire_range){0, NAME_BYTES_MAX},
                         &line->category);
}

struct sold_line *wire_sold_lines_read(struct wire_node *data, const char *name, int32_t *ret_count)
{
    struct wire_list list;
    struct sold_line *lines =
        wire_read_items(data, name, (struct wire_range){1, ORDER_LINES_MAX}, sizeof(*lines), &list);

    *ret_count = lines != NULL ? list.count : 0;
    for (int32_t i = 0; i < *ret_count; i++)
        sold_line_read(&list, i, &lines[i]);
    return lines;
}

static void payment_put(struct wire_json *json, const struct order_terms *terms)
{
    wire_json_key(json, "payment");
    wire_json_object_begin(json);
    wire_put_word(json, "method", wire_payment_words[terms->payment]);
    if (terms->payment == PAYMENT_BANK_TRANSFER) {
        wire_put_int(json, "from_balance", terms->from_balance.won);
        wire_put_int(json, "transfer_rate", terms->transfer_rate);
        wire_put_int(json, "transfer_discount", terms->transfer_discount.won);
    }
    wire_json_object_end(json);
}

void wire_event_payment_read(struct wire_node *data, struct order_terms *terms)
{
    int32_t method = PAYMENT_BALANCE;
    struct wire_node payment;
    int64_t rate = 0;

    (void)wire_read_object(data, "payment", WIRE_REQUIRED, &payment);
    (void)wire_read_word(&payment, "method", WIRE_REQUIRED, wire_payment_words, &method);
    terms->payment = (enum payment_method)method;
    (void)wire_read_i64(&payment, "from_balance", WIRE_OPTIONAL, WIRE_AMOUNTS,
                        &terms->from_balance.won);
    (void)wire_read_i64(&payment, "transfer_rate", WIRE_OPTIONAL,
                        (struct wire_range){0, BASIS_POINTS}, &rate);
    terms->transfer_rate = (int32_t)rate;
    (void)wire_read_i64(&payment, "transfer_discount", WIRE_OPTIONAL, WIRE_AMOUNTS,
                        &terms->transfer_discount.won);
}

static void terms_put(struct wire_json *json, const struct order_terms *terms)
{
    char memory[ROUTE_KEY_BYTES_MAX];
    struct fc_buf key = fc_buf_of(memory, sizeof(memory));

    wire_command_key_put(&key, terms->key);
    wire_put_uuid(json, "order_id", &terms->order_id);
    wire_put_int(json, "user_id", terms->user_id);
    wire_put_str(json, "key", fc_buf_str(&key));
    wire_put_int(json, "total", terms->total.won);
    wire_put_int(json, "discount", terms->discount.won);
    wire_put_int(json, "paid", terms->paid.won);
    if (terms->has_coupon)
        wire_put_uuid(json, "coupon_id", &terms->coupon_id);
    payment_put(json, terms);
    wire_put_instant(json, "ordered_at", terms->ordered_at);
    wire_put_day(json, "day", fc_day_seoul(terms->ordered_at));
    if (terms->paid_at.us != 0)
        wire_put_instant(json, "paid_at", terms->paid_at);
    wire_sold_lines_put(json, "lines", terms->lines, terms->line_count);
}

void wire_event_key_read(struct wire_node *data, struct command_key *key)
{
    struct fc_str text;

    if (wire_read_text(data, "key", WIRE_REQUIRED, (struct wire_range){1, ROUTE_KEY_BYTES_MAX},
                       &text) &&
        !wire_command_key_parse(text, key))
        wire_node_fault(data, "key", "is no key");
}

static void terms_read(struct wire_node *data, struct order_terms *terms)
{
    (void)wire_read_uuid(data, "order_id", WIRE_REQUIRED, &terms->order_id);
    (void)wire_read_i64(data, "user_id", WIRE_REQUIRED, WIRE_IDS, &terms->user_id);
    wire_event_key_read(data, &terms->key);
    (void)wire_read_i64(data, "total", WIRE_REQUIRED, WIRE_AMOUNTS, &terms->total.won);
    (void)wire_read_i64(data, "discount", WIRE_REQUIRED, WIRE_AMOUNTS, &terms->discount.won);
    (void)wire_read_i64(data, "paid", WIRE_REQUIRED, WIRE_AMOUNTS, &terms->paid.won);
    terms->has_coupon = wire_read_uuid(data, "coupon_id", WIRE_OPTIONAL, &terms->coupon_id);
    wire_event_payment_read(data, terms);
    /* The day is ordered_at's, and written for readers alone. */
    (void)wire_read_instant(data, "ordered_at", WIRE_REQUIRED, &terms->ordered_at);
    (void)wire_read_instant(data, "paid_at", WIRE_OPTIONAL, &terms->paid_at);
    terms->lines = wire_sold_lines_read(data, "lines", &terms->line_count);
}

void wire_event_paid_put(struct wire_json *json, const struct event *event)
{
    terms_put(json, &event->data.order_paid);
}

void wire_event_paid_read(struct wire_node *data, struct event *event)
{
    terms_read(data, &event->data.order_paid);
}

void wire_event_placed_put(struct wire_json *json, const struct event *event)
{
    const struct order_placed *placed = &event->data.order_placed;

    terms_put(json, &placed->terms);
    wire_put_instant(json, "expires_at", placed->expires_at);
}

void wire_event_placed_read(struct wire_node *data, struct event *event)
{
    struct order_placed *placed = &event->data.order_placed;

    terms_read(data, &placed->terms);
    (void)wire_read_instant(data, "expires_at", WIRE_REQUIRED, &placed->expires_at);
}

void wire_event_failed_put(struct wire_json *json, const struct event *event)
{
    const struct order_failed *failed = &event->data.order_failed;

    wire_put_uuid(json, "order_id", &failed->order_id);
    wire_put_int(json, "user_id", failed->user_id);
    wire_json_key(json, "payment");
    wire_json_object_begin(json);
    wire_put_word(json, "method", wire_payment_words[failed->payment]);
    wire_json_object_end(json);
    wire_put_word(json, "failure", wire_failure_words[failed->failure]);
}

void wire_event_failed_read(struct wire_node *data, struct event *event)
{
    struct order_failed *failed = &event->data.order_failed;
    struct order_terms terms = {.payment = PAYMENT_BALANCE};
    int32_t failure = ORDER_DECLINED;

    (void)wire_read_uuid(data, "order_id", WIRE_REQUIRED, &failed->order_id);
    (void)wire_read_i64(data, "user_id", WIRE_REQUIRED, WIRE_IDS, &failed->user_id);
    wire_event_payment_read(data, &terms);
    failed->payment = terms.payment;
    (void)wire_read_word(data, "failure", WIRE_REQUIRED, wire_failure_words, &failure);
    failed->failure = (enum order_failure)failure;
}

void wire_event_cancelled_put(struct wire_json *json, const struct event *event)
{
    const struct order_cancelled *cancelled = &event->data.order_cancelled;

    terms_put(json, &cancelled->terms);
    wire_put_int(json, "refunded", cancelled->refunded.won);
    if (cancelled->reason.len > 0)
        wire_put_str(json, "reason", cancelled->reason);
}

void wire_event_cancelled_read(struct wire_node *data, struct event *event)
{
    struct order_cancelled *cancelled = &event->data.order_cancelled;

    terms_read(data, &cancelled->terms);
    (void)wire_read_i64(data, "refunded", WIRE_REQUIRED, WIRE_AMOUNTS, &cancelled->refunded.won);
    (void)wire_read_text(data, "reason", WIRE_OPTIONAL, (struct wire_range){0, REASON_BYTES_MAX},
                         &cancelled->reason);
}

void wire_event_changed_put(struct wire_json *json, const struct event *event)
{
    const struct order_changed *changed = &event->data.order_changed;

    terms_put(json, &changed->terms);
    wire_put_int(json, "difference", changed->difference.won);
    wire_sold_lines_put(json, "previous", changed->previous, changed->previous_count);
}

void wire_event_changed_read(struct wire_node *data, struct event *event)
{
    struct order_changed *changed = &event->data.order_changed;

    terms_read(data, &changed->terms);
    (void)wire_read_i64(data, "difference", WIRE_REQUIRED,
                        (struct wire_range){-AMOUNT_KRW_MAX, AMOUNT_KRW_MAX},
                        &changed->difference.won);
    changed->previous = wire_sold_lines_read(data, "previous", &changed->previous_count);
}

void wire_event_shipped_put(struct wire_json *json, const struct event *event)
{
    const struct order_shipped *shipped = &event->data.order_shipped;

    wire_put_uuid(json, "order_id", &shipped->order_id);
    wire_put_int(json, "user_id", shipped->user_id);
    wire_put_bool(json, "complete", shipped->complete);
    wire_stock_lines_put(json, shipped->lines, shipped->line_count);
}

void wire_event_shipped_read(struct wire_node *data, struct event *event)
{
    struct order_shipped *shipped = &event->data.order_shipped;

    (void)wire_read_uuid(data, "order_id", WIRE_REQUIRED, &shipped->order_id);
    (void)wire_read_i64(data, "user_id", WIRE_REQUIRED, WIRE_IDS, &shipped->user_id);
    (void)wire_read_bool(data, "complete", WIRE_REQUIRED, &shipped->complete);
    shipped->lines = wire_stock_lines_read(data, &shipped->line_count);
}
