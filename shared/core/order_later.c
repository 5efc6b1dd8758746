#include "core/order.h"

#include "base/assert.h"
#include "core/coupon.h"
#include "core/order_basket.h"
#include "core/order_terms.h"
#include "core/stock.h"
#include "core/wallet.h"

/* All that the order has, as a stock event moves it. */
static struct stock_moved all_moved(const struct shop *shop, const struct order_terms *terms)
{
    return (struct stock_moved){
        .order_id = terms->order_id,
        .lines = order_stock_lines(shop, terms->lines, terms->line_count),
        .line_count = terms->line_count,
    };
}

struct decision order_decide_cancel(const struct shop *shop, const struct policy *policy,
                                    const struct command *command)
{
    const struct order *order;
    enum order_status to;
    int64_t culprit;
    enum verdict verdict = order_addressed(shop, command, &order, &culprit);

    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);
    if (!policy->order_cancel || !order_step(order->status, ORDER_STEP_CANCEL, &to))
        return decision_refused(VERDICT_ORDER_NOT_CANCELLABLE, 0);

    const struct wallet *wallet = order_wallet(shop, order);
    const struct coupon *coupon = order_coupon(shop, order);
    struct order_terms terms = order_terms_of(shop, order);
    struct stock_moved returned = all_moved(shop, &terms);
    int64_t no_room = stock_no_room(shop, returned.lines, returned.line_count);

    if (no_room != 0)
        return decision_refused(VERDICT_ORDER_NOT_CANCELLABLE, no_room);
    if (!wallet_refund_allowed(wallet, policy, terms.paid))
        return decision_refused(VERDICT_BALANCE_LIMIT_EXCEEDED, terms.user_id);

    struct decision decision = decision_succeeded(shop, 4);

    if (terms.paid.won > 0)
        wallet_refund(wallet, terms.paid, &terms.order_id, &decision);
    if (coupon != NULL)
        coupon_return(coupon, command->accepted_at, &decision);
    stock_move(shop, EVENT_STOCK_RETURNED, &returned, &decision);
    decision_add(&decision, EVENT_ORDER_CANCELLED, order->version + 1)->data.order_cancelled =
        (struct order_cancelled){
            .terms = terms,
            .refunded = terms.paid,
            .reason = command->body.order_cancel.reason,
        };
    return decision;
}

static struct decision order_approve(const struct shop *shop, const struct order *order,
                                     struct fc_instant now)
{
    struct order_terms terms = order_terms_of(shop, order);
    struct stock_moved taken = all_moved(shop, &terms);
    struct decision decision = decision_succeeded(shop, 3);

    if (terms.from_balance.won > 0)
        wallet_use_held(order_wallet(shop, order), terms.from_balance, &terms.order_id, &decision);
    taken.from_reserved = true;
    stock_move(shop, EVENT_STOCK_TAKEN, &taken, &decision);
    terms.paid_at = now;
    decision_add(&decision, EVENT_ORDER_PAID, order->version + 1)->data.order_paid = terms;
    return decision;
}

/* Gives back all that was reserved for the order. */
static struct decision order_fail(const struct shop *shop, const struct order *order,
                                  enum order_failure failure, struct fc_instant at)
{
    const struct coupon *coupon = order_coupon(shop, order);
    struct order_terms terms = order_terms_of(shop, order);
    struct stock_moved released = all_moved(shop, &terms);
    struct decision decision = decision_succeeded(shop, 4);

    if (terms.from_balance.won > 0)
        wallet_release(order_wallet(shop, order), terms.from_balance, &terms.order_id, &decision);
    if (coupon != NULL)
        coupon_return(coupon, at, &decision);
    stock_move(shop, EVENT_STOCK_RELEASED, &released, &decision);
    decision_add(&decision, EVENT_ORDER_FAILED, order->version + 1)->data.order_failed =
        (struct order_failed){
            .order_id = terms.order_id,
            .user_id = terms.user_id,
            .payment = terms.payment,
            .failure = failure,
        };
    return decision;
}

struct decision order_decide_settle(const struct shop *shop, const struct command *command,
                                    struct fc_instant now)
{
    const struct order *order;
    int64_t culprit;
    enum verdict verdict = order_addressed(shop, command, &order, &culprit);

    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);
    if (order->status != ORDER_PENDING_PAYMENT)
        return decision_refused(VERDICT_PAYMENT_TIMED_OUT, 0);
    switch (command->body.payment_settle.outcome) {
    case PAYMENT_APPROVED:
        return order_approve(shop, order, now);
    case PAYMENT_DECLINED:
        return order_fail(shop, order, ORDER_DECLINED, command->accepted_at);
    case PAYMENT_TIMED_OUT:
        return order_fail(shop, order, ORDER_TIMED_OUT, command->accepted_at);
    }
    FC_UNREACHABLE("no such outcome");
}

struct decision order_decide_expire(const struct shop *shop, const struct command *command)
{
    const struct order *order;
    int64_t culprit;
    enum verdict verdict = order_addressed(shop, command, &order, &culprit);

    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);
    if (order->status != ORDER_PENDING_PAYMENT)
        return decision_refused(VERDICT_PAYMENT_TIMED_OUT, 0);
    if (command->accepted_at.us < order->expires_at.us)
        return decision_refused(VERDICT_PAYMENT_TIMED_OUT, 0);
    return order_fail(shop, order, ORDER_EXPIRED, command->accepted_at);
}

/* The option of which more is to be shipped than is left, or 0; with what is left after it all. */
static int64_t ship_exceeds(const struct order *order, const struct basket *basket,
                            int64_t *ret_left)
{
    int32_t next = 0;

    *ret_left = 0;
    for (int32_t at = 0; at < order->item_count; at++) {
        const struct order_item *item = &order->items[at];
        int64_t left = item->sold.quantity - item->shipped;

        /* Both ascend: one that is passed is none of the order's. */
        if (next < basket->count && basket->items[next].sold.option_id < item->sold.option_id)
            break;
        if (next < basket->count && basket->items[next].sold.option_id == item->sold.option_id)
            left -= basket->items[next++].sold.quantity;
        if (left < 0)
            return item->sold.option_id;
        *ret_left += left;
    }
    return next < basket->count ? basket->items[next].sold.option_id : 0;
}

struct decision order_decide_ship(const struct shop *shop, const struct command *command)
{
    const struct order_ship *ship = &command->body.order_ship;
    const struct order *order;
    enum order_status to;
    struct basket basket;
    int64_t culprit;
    int64_t left;
    enum verdict verdict = order_addressed(shop, command, &order, &culprit);

    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);
    if (!order_step(order->status, ORDER_STEP_SHIP_PART, &to))
        return decision_refused(VERDICT_SHIPMENT_EXCEEDS_ORDER, 0);
    basket_gather(shop, ship->lines, ship->line_count, &basket);
    culprit = ship_exceeds(order, &basket, &left);
    if (culprit != 0)
        return decision_refused(VERDICT_SHIPMENT_EXCEEDS_ORDER, culprit);

    struct decision decision = decision_succeeded(shop, 1);
    struct event *event = decision_add(&decision, EVENT_ORDER_SHIPPED, order->version + 1);

    event->data.order_shipped = (struct order_shipped){
        .order_id = order->terms.order_id,
        .user_id = order->terms.user_id,
        .complete = left == 0,
        .lines = order_stock_lines(shop, basket_sold(shop, &basket), basket.count),
        .line_count = basket.count,
    };
    return decision;
}
