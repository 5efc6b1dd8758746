#include "wire/result.h"

#include "base/assert.h"
#include "wire/words.h"

static const struct order *order_of(const struct command *command, const struct shop *shop)
{
    const struct fc_uuid *order_id = command_order_id(command);
    /* Placing: the order's id is the command's. */
    const struct order *order = shop_find_order(shop, order_id != NULL ? order_id : &command->id);

    FC_ASSERT(order != NULL);
    return order;
}

static void head_put(struct wire_json *json, const struct order *order)
{
    wire_put_uuid(json, "order_id", &order->terms.order_id);
    wire_put_word(json, "status", order_status_name(order->status));
}

/* As it was placed: what a change adds or takes goes by the balance. */
static void payment_put(struct wire_json *json, const struct order_terms *terms)
{
    wire_json_key(json, "payment");
    wire_json_object_begin(json);
    wire_put_word(json, "method", wire_payment_words[terms->payment]);
    wire_put_int(json, "from_balance", terms->from_balance.won);
    wire_put_int(json, "transfer", terms->paid.won - terms->from_balance.won);
    wire_put_int(json, "discount", terms->transfer_discount.won);
    wire_json_object_end(json);
}

/* What was placed, changed or is waited for. Nothing is paid while the payment is under way. */
static void terms_put(struct wire_json *json, const struct order *order, const struct shop *shop)
{
    const struct order_terms *terms = &order->terms;
    bool pending = order->status == ORDER_PENDING_PAYMENT;

    wire_put_int(json, "total", terms->total.won);
    wire_put_int(json, "discount", terms->discount.won);
    wire_put_int(json, "paid", pending ? 0 : terms->paid.won);
    wire_result_balance_put(json, shop, terms->user_id);
    wire_json_key(json, "paid_at");
    if (pending)
        wire_json_null(json);
    else
        wire_json_instant(json, terms->paid_at);
    if (pending)
        wire_put_instant(json, "expires_at", order->expires_at);
}

static void items_put(struct wire_json *json, const struct order *order)
{
    wire_json_key(json, "lines");
    wire_json_array_begin(json);
    for (int32_t i = 0; i < order->item_count; i++) {
        wire_json_object_begin(json);
        wire_put_int(json, "option_id", order->items[i].sold.option_id);
        wire_put_int(json, "quantity", order->items[i].sold.quantity);
        wire_put_int(json, "shipped", order->items[i].shipped);
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
}

void wire_result_order_put(struct wire_json *json, const struct command *command,
                           const struct decision *decision, const struct shop *shop)
{
    const struct order *order = order_of(command, shop);

    head_put(json, order);
    if (command->type == COMMAND_ORDER_PLACE) {
        terms_put(json, order, shop);
        if (order->terms.payment == PAYMENT_BANK_TRANSFER)
            payment_put(json, &order->terms);
    } else if (command->type == COMMAND_ORDER_CHANGE) {
        const struct event *changed = wire_result_must(decision, EVENT_ORDER_CHANGED);

        terms_put(json, order, shop);
        wire_put_int(json, "difference", changed->data.order_changed.difference.won);
    } else if (command->type == COMMAND_ORDER_CANCEL) {
        wire_put_int(json, "refunded", order->refunded.won);
        wire_result_balance_put(json, shop, order->terms.user_id);
    } else if (command->type == COMMAND_ORDER_SHIP) {
        items_put(json, order);
    }
    /* Of payment.settle and order.expire the status says all. */
}
