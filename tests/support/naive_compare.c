#include "support/naive.h"

#include <inttypes.h>
#include <stdio.h>

#define SAME(condition, ...)                           \
    do {                                               \
        if (!(condition)) {                            \
            (void)snprintf(ret_why, 256, __VA_ARGS__); \
            return true;                               \
        }                                              \
    } while (0)

/* The things that a table of the core holds now. */
static int32_t count_of(const struct shop_table *table, size_t mark_offset)
{
    int32_t count = 0;

    for (int32_t i = 0; i < table->count; i++) {
        const char *row = table->rows[i];
        const struct row_mark *mark = (const void *)(row + mark_offset);

        count += mark->exists;
    }
    return count;
}

static bool users_differ(const struct naive_shop *naive, const struct shop *shop, char ret_why[256])
{
    SAME(naive->user_count == count_of(&shop->wallets, offsetof(struct wallet, user)), "users");
    for (int32_t i = 0; i < naive->user_count; i++) {
        const struct naive_user *user = &naive->users[i];
        const struct wallet *wallet = shop_find_wallet(shop, user->id);

        SAME(wallet != NULL && wallet->user.exists, "user %" PRId64 " is not there", user->id);
        SAME(wallet->row.exists == user->wallet, "wallet %" PRId64, user->id);
        SAME(wallet->balance.won == user->balance && wallet->held.won == user->held,
             "wallet %" PRId64 ": %" PRId64 " (%" PRId64 " held), by hand %" PRId64 " (%" PRId64
             ")",
             user->id, wallet->balance.won, wallet->held.won, user->balance, user->held);
    }
    return false;
}

static bool products_differ(const struct naive_shop *naive, const struct shop *shop,
                            char ret_why[256])
{
    SAME(naive->product_count == count_of(&shop->products, offsetof(struct product, row)),
         "products");
    for (int32_t i = 0; i < naive->product_count; i++) {
        const struct naive_product *hand = &naive->products[i];
        const struct product *product = shop_find_product(shop, hand->id);

        SAME(product != NULL && product->row.exists, "product %" PRId64 " is not there", hand->id);
        SAME(naive_text_is(hand->name, product->name) &&
                 naive_text_is(hand->category, product->category) &&
                 hand->price == product->price.won &&
                 hand->stopped == (product->status == PRODUCT_STOPPED) &&
                 hand->first_come == product->first_come,
             "product %" PRId64, hand->id);
    }
    return false;
}

static bool options_differ(const struct naive_shop *naive, const struct shop *shop,
                           char ret_why[256])
{
    SAME(naive->option_count == count_of(&shop->options, offsetof(struct option, row)), "options");
    for (int32_t i = 0; i < naive->option_count; i++) {
        const struct naive_option *hand = &naive->options[i];
        const struct option *option = shop_find_option(shop, hand->id);

        SAME(option != NULL && option->row.exists, "option %" PRId64 " is not there", hand->id);
        SAME(naive_text_is(hand->name, option->name) && hand->product == option->product_id &&
                 hand->surcharge == option->surcharge.won && hand->ordered == option->ordered,
             "option %" PRId64, hand->id);
        SAME(hand->total == option->total && hand->reserved == option->reserved,
             "option %" PRId64 ": %" PRId64 "/%" PRId64 ", by hand %" PRId64 "/%" PRId64, hand->id,
             option->reserved, option->total, hand->reserved, hand->total);
    }
    return false;
}

static bool templates_differ(const struct naive_shop *naive, const struct shop *shop,
                             char ret_why[256])
{
    SAME(naive->template_count == count_of(&shop->templates, offsetof(struct coupon_template, row)),
         "templates");
    for (int32_t i = 0; i < naive->template_count; i++) {
        const struct naive_template *hand = &naive->templates[i];
        const struct coupon_template *row = shop_find_template(shop, hand->id);

        SAME(row != NULL && row->row.exists && row->issued == hand->issued &&
                 row->limited == hand->limited &&
                 (!hand->limited || row->quantity == hand->quantity),
             "template %" PRId64, hand->id);
    }
    return false;
}

static bool coupons_differ(const struct naive_shop *naive, const struct shop *shop,
                           char ret_why[256])
{
    SAME(naive->coupon_count == count_of(&shop->coupons, offsetof(struct coupon, row)), "coupons");
    for (int32_t i = 0; i < naive->coupon_count; i++) {
        const struct naive_coupon *hand = &naive->coupons[i];
        const struct coupon *coupon = shop_find_coupon(shop, &hand->id);

        SAME(coupon != NULL && coupon->row.exists, "coupon %d is not there", (int)i);
        SAME(coupon->status == hand->status, "coupon %d: status %d, by hand %d", (int)i,
             (int)coupon->status, (int)hand->status);
        SAME(coupon->template_id == hand->template_id && coupon->user_id == hand->user &&
                 coupon->position == hand->position && coupon->expires == hand->expires &&
                 (!hand->expires || coupon->expires_at.us == hand->expires_us),
             "coupon %d", (int)i);
    }
    return false;
}

static bool lines_differ(const struct naive_order *hand, const struct order *order)
{
    if (hand->line_count != order->item_count)
        return true;
    for (int32_t i = 0; i < hand->line_count; i++) {
        const struct order_item *item = &order->items[i];
        const struct naive_line *line = &hand->lines[i];

        if (line->option != item->sold.option_id || line->product != item->sold.product_id ||
            line->quantity != item->sold.quantity || line->unit != item->sold.unit_price.won ||
            line->shipped != item->shipped)
            return true;
    }
    return false;
}

static bool orders_differ(const struct naive_shop *naive, const struct shop *shop,
                          char ret_why[256])
{
    SAME(naive->order_count == count_of(&shop->orders, offsetof(struct order, row)), "orders");
    for (int32_t i = 0; i < naive->order_count; i++) {
        const struct naive_order *hand = &naive->orders[i];
        const struct order *order = shop_find_order(shop, &hand->id);

        SAME(order != NULL && order->row.exists, "order %d is not there", (int)i);
        SAME(order->status == hand->status, "order %d: %s, by hand %s", (int)i,
             order_status_name(order->status), order_status_name(hand->status));
        SAME(order->terms.total.won == hand->total && order->terms.discount.won == hand->discount &&
                 order->terms.paid.won == hand->paid && order->refunded.won == hand->refunded &&
                 order->terms.from_balance.won == hand->from_balance,
             "order %d: %" PRId64 " - %" PRId64 " = %" PRId64 ", by hand %" PRId64 " - %" PRId64
             " = %" PRId64,
             (int)i, order->terms.total.won, order->terms.discount.won, order->terms.paid.won,
             hand->total, hand->discount, hand->paid);
        SAME(!lines_differ(hand, order), "lines of order %d", (int)i);
    }
    return false;
}

bool naive_differs(const struct naive_shop *naive, const struct shop *shop, char ret_why[256])
{
    return users_differ(naive, shop, ret_why) || products_differ(naive, shop, ret_why) ||
           options_differ(naive, shop, ret_why) || templates_differ(naive, shop, ret_why) ||
           coupons_differ(naive, shop, ret_why) || orders_differ(naive, shop, ret_why);
}
