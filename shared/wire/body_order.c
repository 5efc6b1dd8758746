#include "wire/body.h"

#include "wire/words.h"

static void line_read(const struct wire_list *list, int32_t index, struct order_line *line)
{
    struct wire_node node;

    wire_list_object(list, index, &node);
    bool option = wire_read_i64(&node, "option_id", WIRE_OPTIONAL, WIRE_IDS, &line->option_id);
    bool product = wire_read_i64(&node, "product_id", WIRE_OPTIONAL, WIRE_IDS, &line->product_id);

    (void)wire_read_i64(&node, "quantity", WIRE_REQUIRED, (struct wire_range){1, QUANTITY_MAX},
                        &line->quantity);
    /* A member that is there but not good has a fault of its own. */
    if (!option && !product && node.object != NULL && node.found_count <= 1)
        wire_node_fault(&node, "option_id", "is required, or product_id");
    wire_node_end(&node);
}

static void lines_read(struct wire_node *node, struct order_place *order)
{
    struct wire_list list;

    if (!wire_read_list(node, "lines", WIRE_REQUIRED, (struct wire_range){1, ORDER_LINES_MAX},
                        &list))
        return;
    order->lines = fc_arena_take(node->faults->arena, (size_t)list.count, sizeof(*order->lines));
    if (order->lines == NULL) {
        node->faults->arena_full = true;
        return;
    }
    order->line_count = list.count;
    for (int32_t i = 0; i < list.count; i++)
        line_read(&list, i, &order->lines[i]);
}

void wire_body_order_read(struct wire_node *node, struct command *command)
{
    struct order_place *order = &command->body.order_place;
    int64_t keyed_user = wire_body_key_id(command, COMMAND_KEY_USER);
    struct wire_node payment;
    int32_t method;

    *order = (struct order_place){.payment = PAYMENT_BALANCE};
    /* The path of an order names no user: the body does, whatever the key. */
    if (wire_read_i64(node, "user_id", WIRE_REQUIRED, WIRE_IDS, &order->user_id) &&
        keyed_user != 0 && order->user_id != keyed_user)
        wire_node_fault(node, "user_id", "must be the user that the key names");
    lines_read(node, order);
    order->has_coupon = wire_read_uuid(node, "coupon_id", WIRE_OPTIONAL, &order->coupon_id);
    if (wire_read_object(node, "payment", WIRE_OPTIONAL, &payment)) {
        if (wire_read_word(&payment, "method", WIRE_REQUIRED, wire_payment_words, &method))
            order->payment = (enum payment_method)method;
        wire_node_end(&payment);
    }
    order->has_ordered_at =
        wire_read_instant(node, "ordered_at", WIRE_OPTIONAL, &order->ordered_at);
}

void wire_body_order_put(struct wire_json *json, const struct order_place *order)
{
    wire_put_int(json, "user_id", order->user_id);
    wire_json_key(json, "lines");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < order->line_count; i++) {
        const struct order_line *line = &order->lines[i];

        wire_json_object_begin(json);
        if (line->option_id != 0)
            wire_put_int(json, "option_id", line->option_id);
        if (line->product_id != 0)
            wire_put_int(json, "product_id", line->product_id);
        wire_put_int(json, "quantity", line->quantity);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
    if (order->has_coupon)
        wire_put_uuid(json, "coupon_id", &order->coupon_id);
    if (order->payment != PAYMENT_BALANCE) {
        wire_json_key(json, "payment");
        wire_json_object_begin(json);
        wire_put_word(json, "method", wire_payment_words[order->payment]);
        wire_json_object_end(json);
    }
    if (order->has_ordered_at)
        wire_put_instant(json, "ordered_at", order->ordered_at);
}
