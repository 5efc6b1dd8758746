#include "core/order.h"

#include "base/assert.h"
#include "core/order_terms.h"

const struct order *order_of_id(const struct shop *shop, const struct fc_uuid *order_id)
{
    const struct order *order = shop_find_order(shop, order_id);

    return order != NULL && order->row.exists ? order : NULL;
}

static struct order *order_must(struct shop *shop, const struct fc_uuid *order_id)
{
    struct order *order = shop_find_order(shop, order_id);

    FC_ASSERT(order != NULL);
    FC_ASSERT(order->row.exists);
    return order;
}

/* Every state of an order is reached here. */
static void order_move(struct order *order, enum order_step step, int64_t version)
{
    enum order_status to = ORDER_NONE;
    bool leads = order_step(order->status, step, &to);

    FC_ASSERT(leads);
    FC_ASSERT(version == order->version + 1);
    order->status = to;
    order->version = version;
    order->row.changed = true;
    order->expires = false;
    order->expires_at.us = 0;
}

/* The lines of the terms are what the order consists of from now on. */
static void order_hold(const struct shop *shop, struct order *order,
                       const struct order_terms *terms)
{
    order_terms_check(terms);
    order->terms = *terms;
    order->terms.lines = NULL;
    order->terms.line_count = 0;
    order->items = shop_take(shop, terms->line_count, sizeof(*order->items));
    order->item_count = terms->line_count;
    for (int32_t i = 0; i < terms->line_count; i++)
        order->items[i].sold = terms->lines[i];
    order->items_changed = true;
}

static struct order *order_be_born(struct shop *shop, const struct order_terms *terms)
{
    struct order *order = shop_put_order(shop, &terms->order_id);

    order->row.exists = true;
    order_hold(shop, order, terms);
    return order;
}

void order_apply_placed(struct shop *shop, const struct event *event)
{
    const struct order_placed *placed = &event->data.order_placed;
    struct order *order = order_be_born(shop, &placed->terms);

    FC_ASSERT(placed->terms.paid_at.us == 0);
    order_move(order, ORDER_STEP_PLACE, event->version);
    order->expires = true;
    order->expires_at = placed->expires_at;
}

void order_apply_paid(struct shop *shop, const struct event *event)
{
    const struct order_terms *terms = &event->data.order_paid;
    struct order *order;

    if (event->version == 1) {
        order = order_be_born(shop, terms);
    } else {
        order = order_must(shop, &terms->order_id);
        order_terms_check(terms);
        FC_ASSERT(terms->line_count == order->item_count);
        FC_ASSERT(krw_eq(terms->paid, order->terms.paid));
        order->terms.paid_at = terms->paid_at;
    }
    order_move(order, ORDER_STEP_PAY, event->version);
}

void order_apply_failed(struct shop *shop, const struct event *event)
{
    const struct order_failed *failed = &event->data.order_failed;
    struct order *order = order_must(shop, &failed->order_id);

    order_move(order, ORDER_STEP_FAIL, event->version);
    order->failure = failed->failure;
}

void order_apply_cancelled(struct shop *shop, const struct event *event)
{
    const struct order_cancelled *cancelled = &event->data.order_cancelled;
    struct order *order = order_must(shop, &cancelled->terms.order_id);

    FC_ASSERT(krw_eq(cancelled->refunded, order->terms.paid));
    order_move(order, ORDER_STEP_CANCEL, event->version);
    order->refunded = cancelled->refunded;
}

void order_apply_changed(struct shop *shop, const struct event *event)
{
    const struct order_changed *changed = &event->data.order_changed;
    struct order *order = order_must(shop, &changed->terms.order_id);

    FC_ASSERT(changed->difference.won == changed->terms.paid.won - order->terms.paid.won);
    order_hold(shop, order, &changed->terms);
    order_move(order, ORDER_STEP_CHANGE, event->version);
}

/* Ships what the lines say; what is left of the order then. */
static int64_t items_ship(struct order *order, const struct order_shipped *shipped)
{
    int32_t next = 0;
    int64_t left = 0;

    for (int32_t i = 0; i < order->item_count; i++) {
        struct order_item *item = &order->items[i];

        if (next < shipped->line_count && shipped->lines[next].option_id == item->sold.option_id)
            item->shipped += shipped->lines[next++].quantity;
        FC_ASSERT(item->shipped <= item->sold.quantity);
        left += item->sold.quantity - item->shipped;
    }
    FC_ASSERT(next == shipped->line_count);
    order->items_changed = true;
    return left;
}

void order_apply_shipped(struct shop *shop, const struct event *event)
{
    const struct order_shipped *shipped = &event->data.order_shipped;
    struct order *order = order_must(shop, &shipped->order_id);
    int64_t left = items_ship(order, shipped);

    FC_ASSERT(shipped->complete == (left == 0));
    order_move(order, shipped->complete ? ORDER_STEP_SHIP_REST : ORDER_STEP_SHIP_PART,
               event->version);
}
