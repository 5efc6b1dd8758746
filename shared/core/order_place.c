#include "core/order.h"

#include "base/assert.h"
#include "core/coupon.h"
#include "core/order_basket.h"
#include "core/order_terms.h"
#include "core/stock.h"
#include "core/wallet.h"

/* The rules about what is in the basket and under which key it stands in line. */
static enum verdict basket_check(const struct basket *basket, const struct command *command,
                                 int64_t *ret_culprit)
{
    const struct product *stopped = basket_not_on_sale(basket);
    const struct product *first_come = basket_first_come(basket, 0);
    const struct product *second =
        first_come != NULL ? basket_first_come(basket, first_come->product_id) : NULL;

    *ret_culprit = 0;
    if (stopped != NULL) {
        *ret_culprit = stopped->product_id;
        return VERDICT_PRODUCT_NOT_ON_SALE;
    }
    if (second != NULL) {
        *ret_culprit = second->product_id;
        return VERDICT_SEVERAL_FIRST_COME_PRODUCTS;
    }
    if (first_come != NULL) {
        *ret_culprit = first_come->product_id;
        if (!command_key_is(command, COMMAND_KEY_PRODUCT, first_come->product_id))
            return VERDICT_MISROUTED;
    } else if (!command_key_is(command, COMMAND_KEY_USER, command->body.order_place.user_id)) {
        return VERDICT_MISROUTED;
    }
    return VERDICT_SUCCEEDED;
}

/* The terms but for sums and lines. */
static struct order_terms terms_begin(const struct policy *policy, const struct command *command)
{
    const struct order_place *place = &command->body.order_place;
    bool transfer = place->payment == PAYMENT_BANK_TRANSFER;

    return (struct order_terms){
        .order_id = command->id,
        .user_id = place->user_id,
        .key = command->key,
        .has_coupon = place->has_coupon,
        .coupon_id = place->has_coupon ? place->coupon_id : (struct fc_uuid){{0}},
        .payment = place->payment,
        .transfer_rate = transfer ? policy->transfer_rate : 0,
        .ordered_at = place->has_ordered_at ? place->ordered_at : command->accepted_at,
    };
}

/* The last rules, on stock and money. */
static enum verdict terms_check(const struct policy *policy, const struct wallet *wallet,
                                const struct order_place *place, const struct order_terms *terms)
{
    if (order_terms_excess_refused(terms, policy))
        return VERDICT_DISCOUNT_EXCEEDS_TOTAL;
    if (krw_less(terms->from_balance, place->from_balance))
        return VERDICT_INVALID_REQUEST;
    if (krw_less(wallet_spendable(wallet), order_terms_from_balance(terms)))
        return VERDICT_INSUFFICIENT_BALANCE;
    return VERDICT_SUCCEEDED;
}

/* The events: paid at once when nothing has to be transferred, else under way. */
static struct decision place_succeeded(const struct shop *shop, const struct policy *policy,
                                       const struct order_terms *terms, struct fc_instant now)
{
    const struct wallet *wallet = wallet_of_user(shop, terms->user_id);
    struct krw from_balance = order_terms_from_balance(terms);
    bool paid = order_terms_transfer(terms).won == 0;
    struct decision decision = decision_succeeded(shop, 4);
    struct stock_moved moved = {
        .order_id = terms->order_id,
        .lines = order_stock_lines(shop, terms->lines, terms->line_count),
        .line_count = terms->line_count,
    };

    if (from_balance.won > 0 && paid)
        wallet_use(wallet, from_balance, &terms->order_id, &decision);
    else if (from_balance.won > 0)
        wallet_hold(wallet, from_balance, &terms->order_id, &decision);
    if (terms->has_coupon)
        coupon_use(shop_find_coupon(shop, &terms->coupon_id), &terms->order_id, &decision);
    stock_move(shop, paid ? EVENT_STOCK_TAKEN : EVENT_STOCK_RESERVED, &moved, &decision);
    if (paid) {
        struct event *event = decision_add(&decision, EVENT_ORDER_PAID, 1);

        event->data.order_paid = *terms;
        event->data.order_paid.paid_at = now;
        return decision;
    }
    FC_ASSERT(policy->transfer_expire_s > 0);
    decision_add(&decision, EVENT_ORDER_PLACED, 1)->data.order_placed = (struct order_placed){
        .terms = *terms,
        .expires_at = {now.us + policy->transfer_expire_s * FC_US_PER_S},
    };
    return decision;
}

struct decision order_decide_place(const struct shop *shop, const struct policy *policy,
                                   const struct command *command, struct fc_instant now)
{
    const struct order_place *place = &command->body.order_place;
    const struct wallet *wallet = wallet_of_user(shop, place->user_id);
    const struct coupon *coupon =
        place->has_coupon ? shop_find_coupon(shop, &place->coupon_id) : NULL;
    struct order_terms terms = terms_begin(policy, command);
    struct basket basket;
    enum verdict verdict;
    int64_t culprit;

    FC_ASSERT(place->payment == PAYMENT_BANK_TRANSFER || place->from_balance.won == 0);
    if (wallet == NULL)
        return decision_refused(VERDICT_UNKNOWN_USER, place->user_id);
    if (!wallet->row.exists)
        return decision_refused(VERDICT_UNKNOWN_WALLET, place->user_id);
    verdict = basket_fill(shop, place->lines, place->line_count, &basket, &culprit);
    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);
    verdict = basket_check(&basket, command, &culprit);
    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);
    if (place->payment == PAYMENT_BANK_TRANSFER && !policy->bank_transfer)
        return decision_refused(VERDICT_PAYMENT_METHOD_NOT_ALLOWED, 0);

    bool payable = basket_total(&basket, &terms.total);

    if (place->has_coupon) {
        verdict = coupon_usable(coupon, place->user_id, command->accepted_at, terms.total);
        if (verdict != VERDICT_SUCCEEDED)
            return decision_refused(verdict, 0);
    }
    const struct option *short_of = basket_out_of_stock(&basket);

    if (short_of != NULL)
        return decision_refused(VERDICT_INSUFFICIENT_STOCK, short_of->option_id);
    order_terms_price(&terms, coupon != NULL ? &coupon->discount : NULL, place->from_balance,
                      KRW(AMOUNT_KRW_MAX));
    verdict = terms_check(policy, wallet, place, &terms);
    if (verdict == VERDICT_SUCCEEDED && !payable)
        verdict = VERDICT_INSUFFICIENT_BALANCE;
    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict,
                                verdict == VERDICT_INSUFFICIENT_BALANCE ? place->user_id : 0);

    terms.lines = basket_sold(shop, &basket);
    terms.line_count = basket.count;
    return place_succeeded(shop, policy, &terms, now);
}
