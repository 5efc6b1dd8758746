#include "core/order_terms.h"

#include "base/assert.h"
#include "core/price.h"
#include "core/wallet.h"

void order_terms_price(struct order_terms *terms, const struct discount *coupon,
                       struct krw from_balance, struct krw transferred_max)
{
    struct krw off = coupon != NULL ? price_discount(coupon, terms->total) : KRW(0);
    struct krw due = KRW(terms->total.won - off.won);
    bool transfer = terms->payment == PAYMENT_BANK_TRANSFER;

    FC_ASSERT(from_balance.won >= 0);
    FC_ASSERT(transfer || terms->transfer_rate == 0);
    FC_ASSERT(transfer || from_balance.won == 0);
    struct krw rest = KRW(due.won - krw_min(from_balance, due).won);
    struct krw transferred = transfer ? krw_min(rest, transferred_max) : KRW(0);

    terms->from_balance = KRW(transfer ? due.won - transferred.won : 0);
    terms->transfer_discount = krw_rate(transferred, terms->transfer_rate);
    terms->discount = KRW(off.won + terms->transfer_discount.won);
    terms->paid = KRW(terms->total.won - terms->discount.won);
    FC_ASSERT(terms->from_balance.won <= terms->paid.won);
}

bool order_terms_excess_refused(const struct order_terms *terms, const struct policy *policy)
{
    struct krw off = KRW(terms->discount.won - terms->transfer_discount.won);

    return price_excess_refused(policy, terms->total, off);
}

struct krw order_terms_from_balance(const struct order_terms *terms)
{
    return terms->payment == PAYMENT_BALANCE ? terms->paid : terms->from_balance;
}

struct krw order_terms_transfer(const struct order_terms *terms)
{
    return KRW(terms->paid.won - order_terms_from_balance(terms).won);
}

struct order_terms order_terms_of(const struct shop *shop, const struct order *order)
{
    struct order_terms terms = order->terms;

    terms.lines = shop_take(shop, order->item_count, sizeof(*terms.lines));
    terms.line_count = order->item_count;
    for (int32_t i = 0; i < order->item_count; i++)
        terms.lines[i] = order->items[i].sold;
    return terms;
}

struct stock_line *order_stock_lines(const struct shop *shop, const struct sold_line *lines,
                                     int32_t line_count)
{
    struct stock_line *moved = shop_take(shop, line_count, sizeof(*moved));

    for (int32_t i = 0; i < line_count; i++)
        moved[i] = (struct stock_line){lines[i].option_id, lines[i].quantity};
    return moved;
}

void order_terms_check(const struct order_terms *terms)
{
    struct krw total = KRW(0);

    FC_ASSERT(terms->line_count > 0);
    for (int32_t i = 0; i < terms->line_count; i++) {
        bool fits = price_add(terms->lines[i].unit_price, terms->lines[i].quantity, &total);

        FC_ASSERT(fits);
        FC_ASSERT(i == 0 || terms->lines[i - 1].option_id < terms->lines[i].option_id);
    }
    FC_ASSERT(krw_eq(total, terms->total));
    FC_ASSERT(terms->discount.won >= 0);
    FC_ASSERT(terms->paid.won >= 0);
    FC_ASSERT(terms->discount.won + terms->paid.won == terms->total.won);
    FC_ASSERT(terms->from_balance.won >= 0);
    FC_ASSERT(terms->from_balance.won <= terms->paid.won);
    FC_ASSERT(terms->transfer_discount.won >= 0);
    FC_ASSERT(terms->transfer_discount.won <= terms->discount.won);
}

enum verdict order_addressed(const struct shop *shop, const struct command *command,
                             const struct order **ret_order, int64_t *ret_culprit)
{
    const struct order *order = order_of_id(shop, command_order_id(command));

    *ret_culprit = 0;
    if (order == NULL)
        return VERDICT_UNKNOWN_ORDER;
    if (!command_key_is(command, order->terms.key.kind, order->terms.key.id))
        return VERDICT_MISROUTED;
    *ret_order = order;
    return VERDICT_SUCCEEDED;
}

const struct wallet *order_wallet(const struct shop *shop, const struct order *order)
{
    const struct wallet *wallet = wallet_of_user(shop, order->terms.user_id);

    FC_ASSERT(wallet != NULL);
    FC_ASSERT(wallet->row.exists);
    return wallet;
}

const struct coupon *order_coupon(const struct shop *shop, const struct order *order)
{
    if (!order->terms.has_coupon)
        return NULL;
    const struct coupon *coupon = shop_find_coupon(shop, &order->terms.coupon_id);

    FC_ASSERT(coupon != NULL);
    FC_ASSERT(coupon->status == COUPON_USED);
    FC_ASSERT(fc_uuid_eq(&coupon->order_id, &order->terms.order_id));
    return coupon;
}
