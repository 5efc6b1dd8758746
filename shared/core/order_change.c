#include "core/order.h"

#include "base/assert.h"
#include "core/order_basket.h"
#include "core/order_terms.h"
#include "core/stock.h"
#include "core/wallet.h"

/* What stock has to give and what goes back to it; ascending by option. */
struct difference {
    struct stock_line *taken;
    int32_t taken_count;
    struct stock_line *returned;
    int32_t returned_count;
};

/* What the order has of it already: a line that does not grow keeps what it was sold for. */
static void item_compare(struct basket_item *item, const struct sold_line *had)
{
    item->added = item->sold.quantity - had->quantity;
    if (item->added > 0)
        return;
    item->sold.unit_price = had->unit_price;
    item->sold.category = had->category;
}

static void give_back(struct difference *difference, int64_t option_id, int64_t quantity)
{
    difference->returned[difference->returned_count++] = (struct stock_line){option_id, quantity};
}

/* Walks the order's items and the new ones side by side. */
static struct difference basket_compare(const struct shop *shop, const struct order *order,
                                        struct basket *basket)
{
    struct difference difference = {
        .taken = shop_take(shop, basket->count, sizeof(struct stock_line)),
        .returned = shop_take(shop, order->item_count, sizeof(struct stock_line)),
    };
    int32_t at = 0;

    for (int32_t i = 0; i < basket->count; i++) {
        struct basket_item *item = &basket->items[i];
        int64_t option_id = item->sold.option_id;

        for (; at < order->item_count && order->items[at].sold.option_id < option_id; at++)
            give_back(&difference, order->items[at].sold.option_id, order->items[at].sold.quantity);
        if (at < order->item_count && order->items[at].sold.option_id == option_id)
            item_compare(item, &order->items[at++].sold);
        if (item->added > 0)
            difference.taken[difference.taken_count++] =
                (struct stock_line){option_id, item->added};
        else if (item->added < 0)
            give_back(&difference, option_id, -item->added);
    }
    for (; at < order->item_count; at++)
        give_back(&difference, order->items[at].sold.option_id, order->items[at].sold.quantity);
    return difference;
}

/* The rules about lines that are new or grow, and about what goes back. */
static enum verdict basket_check(const struct shop *shop, const struct basket *basket,
                                 const struct difference *difference, struct command_key key,
                                 int64_t *ret_culprit)
{
    const struct product *stopped = basket_not_on_sale(basket);
    const struct product *first_come =
        basket_first_come(basket, key.kind == COMMAND_KEY_PRODUCT ? key.id : 0);

    if (stopped != NULL) {
        *ret_culprit = stopped->product_id;
        return VERDICT_PRODUCT_NOT_ON_SALE;
    }
    if (first_come != NULL) {
        *ret_culprit = first_come->product_id;
        return VERDICT_ORDER_NOT_CHANGEABLE;
    }
    *ret_culprit = stock_no_room(shop, difference->returned, difference->returned_count);
    return *ret_culprit != 0 ? VERDICT_ORDER_NOT_CHANGEABLE : VERDICT_SUCCEEDED;
}

static enum verdict money_check(const struct policy *policy, const struct wallet *wallet,
                                const struct order_terms *terms, struct krw difference)
{
    if (order_terms_excess_refused(terms, policy))
        return VERDICT_DISCOUNT_EXCEEDS_TOTAL;
    if (difference.won > wallet_spendable(wallet).won)
        return VERDICT_INSUFFICIENT_BALANCE;
    if (difference.won < 0 && !wallet_refund_allowed(wallet, policy, KRW(-difference.won)))
        return VERDICT_BALANCE_LIMIT_EXCEEDED;
    return VERDICT_SUCCEEDED;
}

static struct decision change_succeeded(const struct shop *shop, const struct order *order,
                                        const struct order_terms *terms,
                                        const struct difference *difference)
{
    const struct wallet *wallet = order_wallet(shop, order);
    struct order_terms before = order_terms_of(shop, order);
    struct krw more = KRW(terms->paid.won - before.paid.won);
    struct decision decision = decision_succeeded(shop, 4);
    struct stock_moved moved = {.order_id = terms->order_id};

    if (more.won > 0)
        wallet_use(wallet, more, &terms->order_id, &decision);
    else if (more.won < 0)
        wallet_refund(wallet, KRW(-more.won), &terms->order_id, &decision);
    if (difference->taken_count > 0) {
        moved.lines = difference->taken;
        moved.line_count = difference->taken_count;
        stock_move(shop, EVENT_STOCK_TAKEN, &moved, &decision);
    }
    if (difference->returned_count > 0) {
        moved.lines = difference->returned;
        moved.line_count = difference->returned_count;
        stock_move(shop, EVENT_STOCK_RETURNED, &moved, &decision);
    }
    decision_add(&decision, EVENT_ORDER_CHANGED, order->version + 1)->data.order_changed =
        (struct order_changed){
            .terms = *terms,
            .difference = more,
            .previous = before.lines,
            .previous_count = before.line_count,
        };
    return decision;
}

struct decision order_decide_change(const struct shop *shop, const struct policy *policy,
                                    const struct command *command)
{
    const struct order_change *change = &command->body.order_change;
    const struct order *order;
    enum order_status to;
    struct basket basket;
    int64_t culprit;
    enum verdict verdict = order_addressed(shop, command, &order, &culprit);

    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);
    if (!policy->order_change || !order_step(order->status, ORDER_STEP_CHANGE, &to))
        return decision_refused(VERDICT_ORDER_NOT_CHANGEABLE, 0);
    verdict = basket_fill(shop, change->lines, change->line_count, &basket, &culprit);
    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);

    struct difference difference = basket_compare(shop, order, &basket);

    verdict = basket_check(shop, &basket, &difference, order->terms.key, &culprit);
    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);

    const struct wallet *wallet = order_wallet(shop, order);
    const struct coupon *coupon = order_coupon(shop, order);
    const struct option *short_of = basket_out_of_stock(&basket);
    struct order_terms terms = order->terms;
    bool payable = basket_total(&basket, &terms.total);

    if (coupon != NULL && krw_less(terms.total, coupon->min_total))
        return decision_refused(VERDICT_COUPON_MINIMUM_NOT_REACHED, 0);
    if (short_of != NULL)
        return decision_refused(VERDICT_INSUFFICIENT_STOCK, short_of->option_id);
    order_terms_price(
        &terms, coupon != NULL ? &coupon->discount : NULL, KRW(0),
        KRW(order_terms_transfer(&order->terms).won + order->terms.transfer_discount.won));
    verdict = money_check(policy, wallet, &terms, KRW(terms.paid.won - order->terms.paid.won));
    if (verdict == VERDICT_SUCCEEDED && !payable)
        verdict = VERDICT_INSUFFICIENT_BALANCE;
    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(
            verdict, verdict == VERDICT_DISCOUNT_EXCEEDS_TOTAL ? 0 : order->terms.user_id);

    terms.lines = basket_sold(shop, &basket);
    terms.line_count = basket.count;
    return change_succeeded(shop, order, &terms, &difference);
}
