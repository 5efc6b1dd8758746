#include "core/order.h"

#include "base/assert.h"
#include "core/coupon.h"
#include "core/price.h"
#include "core/product.h"
#include "core/stock.h"
#include "core/wallet.h"

struct item {
    const struct option *option;
    const struct product *product;
    int64_t quantity;
};

/* What is ordered: items ascending by option, each option once. */
struct basket {
    struct item *items;
    int32_t count;
    struct krw total;
    bool payable; /* false: the total is above what anybody can have */
};

/* The product's only option, or NULL when it has none or several. */
static const struct option *option_only(const struct shop *shop, int64_t product_id)
{
    uint32_t cursor = 0;
    const struct option *only = shop_next_option(shop, product_id, &cursor);

    return shop_next_option(shop, product_id, &cursor) == NULL ? only : NULL;
}

static enum verdict item_find(const struct shop *shop, const struct order_line *line,
                              struct item *ret_item, int64_t *ret_culprit)
{
    const struct product *product = product_of_id(shop, line->product_id);
    const struct option *option = line->option_id != 0 ? stock_of_option(shop, line->option_id)
                                                       : option_only(shop, line->product_id);

    FC_ASSERT(line->quantity > 0);
    FC_ASSERT(line->quantity <= QUANTITY_MAX);
    *ret_culprit = line->product_id;
    if (product == NULL && (line->product_id != 0 || line->option_id == 0))
        return VERDICT_UNKNOWN_PRODUCT;
    if (line->option_id != 0)
        *ret_culprit = line->option_id;
    if (option == NULL || (product != NULL && option->product_id != product->product_id))
        return VERDICT_UNKNOWN_OPTION;
    ret_item->option = option;
    ret_item->product = product_of_id(shop, option->product_id);
    ret_item->quantity = line->quantity;
    FC_ASSERT(ret_item->product != NULL);
    return VERDICT_SUCCEEDED;
}

static void items_sift(struct item *items, int32_t root, int32_t count)
{
    for (int32_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count &&
            items[child].option->option_id < items[child + 1].option->option_id)
            child++;
        if (items[root].option->option_id >= items[child].option->option_id)
            return;
        struct item item = items[root];

        items[root] = items[child];
        items[child] = item;
        root = child;
    }
}

/* Heapsort: in place, and no order of lines makes it slow. */
static void items_sort(struct item *items, int32_t count)
{
    for (int32_t root = count / 2 - 1; root >= 0; root--)
        items_sift(items, root, count);
    for (int32_t last = count - 1; last > 0; last--) {
        struct item item = items[0];

        items[0] = items[last];
        items[last] = item;
        items_sift(items, 0, last);
    }
}

/* Adds up the items of one option, which stand side by side; returns how many are left. */
static int32_t items_merge(struct item *items, int32_t count)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < count; i++) {
        if (kept > 0 && items[kept - 1].option == items[i].option)
            items[kept - 1].quantity += items[i].quantity;
        else
            items[kept++] = items[i];
    }
    return kept;
}

static struct krw item_unit(const struct item *item)
{
    return price_unit(item->product->price, item->option->surcharge);
}

static enum verdict basket_fill(const struct shop *shop, const struct order_place *place,
                                struct basket *ret_basket, int64_t *ret_culprit)
{
    struct item *items = shop_take(shop, place->line_count, sizeof(*items));

    FC_ASSERT(place->line_count > 0);
    FC_ASSERT(place->line_count <= ORDER_LINES_MAX);
    for (int32_t i = 0; i < place->line_count; i++) {
        enum verdict verdict = item_find(shop, &place->lines[i], &items[i], ret_culprit);

        if (verdict != VERDICT_SUCCEEDED)
            return verdict;
    }
    items_sort(items, place->line_count);
    *ret_basket = (struct basket){
        .items = items,
        .count = items_merge(items, place->line_count),
        .payable = true,
    };
    for (int32_t i = 0; i < ret_basket->count && ret_basket->payable; i++)
        ret_basket->payable =
            price_add(item_unit(&items[i]), items[i].quantity, &ret_basket->total);
    return VERDICT_SUCCEEDED;
}

static const struct product *basket_not_on_sale(const struct basket *basket)
{
    for (int32_t i = 0; i < basket->count; i++)
        if (basket->items[i].product->status != PRODUCT_ON_SALE)
            return basket->items[i].product;
    return NULL;
}

/* The first-come product that is not `other`, or NULL. */
static const struct product *basket_first_come(const struct basket *basket,
                                               const struct product *other)
{
    for (int32_t i = 0; i < basket->count; i++)
        if (basket->items[i].product->first_come && basket->items[i].product != other)
            return basket->items[i].product;
    return NULL;
}

static const struct item *basket_out_of_stock(const struct basket *basket)
{
    for (int32_t i = 0; i < basket->count; i++) {
        const struct item *item = &basket->items[i];

        if (item->quantity > stock_available(item->option) || item->quantity > QUANTITY_MAX)
            return item;
    }
    return NULL;
}

static void add_stock_taken(const struct shop *shop, const struct command *command,
                            const struct basket *basket, struct decision *decision)
{
    struct stock_line *lines = shop_take(shop, basket->count, sizeof(*lines));

    for (int32_t i = 0; i < basket->count; i++)
        lines[i] =
            (struct stock_line){basket->items[i].option->option_id, basket->items[i].quantity};
    decision_add(decision, EVENT_STOCK_TAKEN, 0)->data.stock_taken = (struct stock_taken){
        .order_id = command->id,
        .lines = lines,
        .line_count = basket->count,
    };
}

static void add_order_paid(const struct shop *shop, const struct command *command,
                           const struct basket *basket, struct order_paid *paid,
                           struct decision *decision)
{
    const struct order_place *place = &command->body.order_place;
    struct sold_line *lines = shop_take(shop, basket->count, sizeof(*lines));

    for (int32_t i = 0; i < basket->count; i++) {
        const struct item *item = &basket->items[i];

        lines[i] = (struct sold_line){
            .option_id = item->option->option_id,
            .product_id = item->product->product_id,
            .quantity = item->quantity,
            .unit_price = item_unit(item),
        };
    }
    paid->order_id = command->id;
    paid->user_id = place->user_id;
    paid->key = command->key;
    paid->has_coupon = place->has_coupon;
    if (place->has_coupon)
        paid->coupon_id = place->coupon_id;
    paid->payment = place->payment;
    paid->ordered_at = place->has_ordered_at ? place->ordered_at : command->accepted_at;
    paid->lines = lines;
    paid->line_count = basket->count;
    decision_add(decision, EVENT_ORDER_PAID, 1)->data.order_paid = *paid;
}

/* The rules about what is in the basket and under which key it stands in line. */
static enum verdict basket_check(const struct basket *basket, const struct command *command,
                                 int64_t *ret_culprit)
{
    const struct product *stopped = basket_not_on_sale(basket);
    const struct product *first_come = basket_first_come(basket, NULL);
    const struct product *second =
        first_come != NULL ? basket_first_come(basket, first_come) : NULL;

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

struct decision order_decide_place(const struct shop *shop, const struct policy *policy,
                                   const struct command *command, struct fc_instant now)
{
    const struct order_place *place = &command->body.order_place;
    const struct wallet *wallet = wallet_of_user(shop, place->user_id);
    const struct coupon *coupon =
        place->has_coupon ? shop_find_coupon(shop, &place->coupon_id) : NULL;
    struct order_paid paid = {.paid_at = now};
    struct basket basket;
    enum verdict verdict;
    int64_t culprit;

    if (wallet == NULL)
        return decision_refused(VERDICT_UNKNOWN_USER, place->user_id);
    if (!wallet->row.exists)
        return decision_refused(VERDICT_UNKNOWN_WALLET, place->user_id);
    verdict = basket_fill(shop, place, &basket, &culprit);
    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);
    verdict = basket_check(&basket, command, &culprit);
    if (verdict != VERDICT_SUCCEEDED)
        return decision_refused(verdict, culprit);
    if (place->payment != PAYMENT_BALANCE)
        return decision_refused(VERDICT_PAYMENT_METHOD_NOT_ALLOWED, 0);

    paid.total = basket.total;
    if (place->has_coupon) {
        verdict = coupon_usable(coupon, place->user_id, command->accepted_at, paid.total);
        if (verdict != VERDICT_SUCCEEDED)
            return decision_refused(verdict, 0);
        paid.discount = price_discount(&coupon->discount, paid.total);
    }
    paid.paid = KRW(paid.total.won - paid.discount.won);

    const struct item *short_of = basket_out_of_stock(&basket);

    if (short_of != NULL)
        return decision_refused(VERDICT_INSUFFICIENT_STOCK, short_of->option->option_id);
    if (place->has_coupon && price_excess_refused(policy, paid.total, paid.discount))
        return decision_refused(VERDICT_DISCOUNT_EXCEEDS_TOTAL, 0);
    if (!basket.payable || krw_less(wallet->balance, paid.paid))
        return decision_refused(VERDICT_INSUFFICIENT_BALANCE, place->user_id);

    struct decision decision = decision_succeeded(shop, 4);

    if (paid.paid.won > 0)
        wallet_use(wallet, paid.paid, &command->id, &decision);
    if (place->has_coupon)
        coupon_use(coupon, &command->id, &decision);
    add_stock_taken(shop, command, &basket, &decision);
    add_order_paid(shop, command, &basket, &paid, &decision);
    return decision;
}

/* The sums of a paid order agree with its lines. */
static void paid_check(const struct order_paid *paid)
{
    struct krw total = KRW(0);

    FC_ASSERT(paid->line_count > 0);
    for (int32_t i = 0; i < paid->line_count; i++) {
        bool fits = price_add(paid->lines[i].unit_price, paid->lines[i].quantity, &total);

        FC_ASSERT(fits);
    }
    FC_ASSERT(krw_eq(total, paid->total));
    FC_ASSERT(paid->discount.won >= 0);
    FC_ASSERT(paid->paid.won >= 0);
    FC_ASSERT(paid->discount.won + paid->paid.won == paid->total.won);
}

void order_apply_paid(struct shop *shop, const struct event *event)
{
    FC_ASSERT(event->version == 1);
    paid_check(&event->data.order_paid);
    shop_put_order(shop, &event->data.order_paid)->version = event->version;
}
