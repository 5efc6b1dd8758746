#include "wire/body.h"

#include "wire/words.h"

static const struct wire_range quantities = {1, QUANTITY_MAX};

/* A line that names an option or a product, or both. */
static void line_read(struct wire_list *list, int32_t index, struct order_line *line)
{
    struct wire_node node;

    wire_list_object(list, index, &node);
    int32_t before = node.faults->count;
    bool option = wire_read_i64(&node, "option_id", WIRE_OPTIONAL, WIRE_IDS, &line->option_id);
    bool product = wire_read_i64(&node, "product_id", WIRE_OPTIONAL, WIRE_IDS, &line->product_id);
    /* A member that is there but not good has a fault of its own; null is as good as none. */
    bool none = !option && !product && node.faults->count == before;

    (void)wire_read_i64(&node, "quantity", WIRE_REQUIRED, quantities, &line->quantity);
    if (none && node.object.ptr != NULL)
        wire_node_fault(&node, "option_id", "is required, or product_id");
    wire_node_end(&node);
}

/* A line of what is in the order by now: its option alone. */
static void shipped_line_read(struct wire_list *list, int32_t index, struct order_line *line)
{
    struct wire_node node;

    wire_list_object(list, index, &node);
    (void)wire_read_i64(&node, "option_id", WIRE_REQUIRED, WIRE_IDS, &line->option_id);
    (void)wire_read_i64(&node, "quantity", WIRE_REQUIRED, quantities, &line->quantity);
    wire_node_end(&node);
}

/* NULL when there are none; *ret_count stays 0 then. */
static struct order_line *lines_read(struct wire_node *node,
                                     void (*read)(struct wire_list *, int32_t, struct order_line *),
                                     int32_t *ret_count)
{
    struct wire_list list;
    struct order_line *lines = wire_read_items(
        node, "lines", (struct wire_range){1, ORDER_LINES_MAX}, sizeof(*lines), &list);

    for (int32_t i = 0; lines != NULL && i < list.count; i++)
        read(&list, i, &lines[i]);
    *ret_count = lines != NULL ? list.count : 0;
    return lines;
}

static void lines_put(struct wire_json *json, const struct order_line *lines, int32_t count)
{
    wire_json_key(json, "lines");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < count; i++) {
        wire_json_object_begin(json);
        if (lines[i].option_id != 0)
            wire_put_int(json, "option_id", lines[i].option_id);
        if (lines[i].product_id != 0)
            wire_put_int(json, "product_id", lines[i].product_id);
        wire_put_int(json, "quantity", lines[i].quantity);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
}

static void payment_read(struct wire_node *node, struct order_place *order)
{
    struct wire_node payment;
    int32_t method;

    if (!wire_read_object(node, "payment", WIRE_OPTIONAL, &payment))
        return;
    bool known = wire_read_word(&payment, "method", WIRE_REQUIRED, wire_payment_words, &method);

    if (known)
        order->payment = (enum payment_method)method;
    if (wire_read_i64(&payment, "from_balance", WIRE_OPTIONAL,
                      (struct wire_range){0, AMOUNT_KRW_MAX}, &order->from_balance.won) &&
        known && order->payment != PAYMENT_BANK_TRANSFER)
        wire_node_fault(&payment, "from_balance", "goes with a bank_transfer only");
    wire_node_end(&payment);
}

static void payment_put(struct wire_json *json, const struct order_place *order)
{
    if (order->payment == PAYMENT_BALANCE)
        return;
    wire_json_key(json, "payment");
    wire_json_object_begin(json);
    wire_put_word(json, "method", wire_payment_words[order->payment]);
    if (order->from_balance.won != 0)
        wire_put_int(json, "from_balance", order->from_balance.won);
    wire_json_object_end(json);
}

void wire_body_order_read(struct wire_node *node, struct command *command)
{
    struct order_place *order = &command->body.order_place;
    int64_t keyed_user = wire_body_key_id(command, COMMAND_KEY_USER);

    *order = (struct order_place){.payment = PAYMENT_BALANCE};
    /* The path of an order names no user: the body does, whatever the key. */
    if (wire_read_i64(node, "user_id", WIRE_REQUIRED, WIRE_IDS, &order->user_id) &&
        keyed_user != 0 && order->user_id != keyed_user)
        wire_node_fault(node, "user_id", "must be the user that the key names");
    order->lines = lines_read(node, line_read, &order->line_count);
    order->has_coupon = wire_read_uuid(node, "coupon_id", WIRE_OPTIONAL, &order->coupon_id);
    payment_read(node, order);
    order->has_ordered_at =
        wire_read_instant(node, "ordered_at", WIRE_OPTIONAL, &order->ordered_at);
}

void wire_body_order_put(struct wire_json *json, const struct order_place *order)
{
    wire_put_int(json, "user_id", order->user_id);
    lines_put(json, order->lines, order->line_count);
    if (order->has_coupon)
        wire_put_uuid(json, "coupon_id", &order->coupon_id);
    payment_put(json, order);
    if (order->has_ordered_at)
        wire_put_instant(json, "ordered_at", order->ordered_at);
}

void wire_body_cancel_read(struct wire_node *node, struct command *command)
{
    struct order_cancel *cancel = &command->body.order_cancel;

    cancel->reason = FC_STR_NONE;
    wire_body_uuid(node, "order_id", &cancel->order_id);
    (void)wire_read_text(node, "reason", WIRE_OPTIONAL, (struct wire_range){0, REASON_BYTES_MAX},
                         &cancel->reason);
}

void wire_body_cancel_put(struct wire_json *json, const struct order_cancel *cancel)
{
    wire_put_uuid(json, "order_id", &cancel->order_id);
    if (cancel->reason.len > 0)
        wire_put_str(json, "reason", cancel->reason);
}

void wire_body_change_read(struct wire_node *node, struct command *command)
{
    struct order_change *change = &command->body.order_change;

    wire_body_uuid(node, "order_id", &change->order_id);
    change->lines = lines_read(node, line_read, &change->line_count);
}

void wire_body_change_put(struct wire_json *json, const struct order_change *change)
{
    wire_put_uuid(json, "order_id", &change->order_id);
    lines_put(json, change->lines, change->line_count);
}

void wire_body_ship_read(struct wire_node *node, struct command *command)
{
    struct order_ship *ship = &command->body.order_ship;

    wire_body_uuid(node, "order_id", &ship->order_id);
    ship->lines = lines_read(node, shipped_line_read, &ship->line_count);
}

void wire_body_ship_put(struct wire_json *json, const struct order_ship *ship)
{
    wire_put_uuid(json, "order_id", &ship->order_id);
    lines_put(json, ship->lines, ship->line_count);
}

void wire_body_settle_read(struct wire_node *node, struct command *command)
{
    struct payment_settle *settle = &command->body.payment_settle;
    int32_t outcome = PAYMENT_APPROVED;

    settle->payment_id = FC_STR_NONE;
    wire_body_uuid(node, "order_id", &settle->order_id);
    (void)wire_read_word(node, "outcome", WIRE_REQUIRED, wire_outcome_words, &outcome);
    settle->outcome = (enum payment_outcome)outcome;
    (void)wire_read_text(node, "payment_id", WIRE_OPTIONAL, (struct wire_range){0, NAME_BYTES_MAX},
                         &settle->payment_id);
}

void wire_body_settle_put(struct wire_json *json, const struct payment_settle *settle)
{
    wire_put_uuid(json, "order_id", &settle->order_id);
    wire_put_word(json, "outcome", wire_outcome_words[settle->outcome]);
    if (settle->payment_id.len > 0)
        wire_put_str(json, "payment_id", settle->payment_id);
}
