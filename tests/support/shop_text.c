#include "support/shop_text.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 4096

static int compare_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_wallets(const void *a, const void *b)
{
    const struct wallet *const *left = a;
    const struct wallet *const *right = b;

    return compare_i64((*left)->user_id, (*right)->user_id);
}

static int compare_products(const void *a, const void *b)
{
    const struct product *const *left = a;
    const struct product *const *right = b;

    return compare_i64((*left)->product_id, (*right)->product_id);
}

static int compare_options(const void *a, const void *b)
{
    const struct option *const *left = a;
    const struct option *const *right = b;

    return compare_i64((*left)->option_id, (*right)->option_id);
}

static int compare_templates(const void *a, const void *b)
{
    const struct coupon_template *const *left = a;
    const struct coupon_template *const *right = b;

    return compare_i64((*left)->template_id, (*right)->template_id);
}

static int compare_coupons(const void *a, const void *b)
{
    const struct coupon *const *left = a;
    const struct coupon *const *right = b;

    return fc_uuid_cmp(&(*left)->coupon_id, &(*right)->coupon_id);
}

static int compare_orders(const void *a, const void *b)
{
    const struct order *const *left = a;
    const struct order *const *right = b;

    return fc_uuid_cmp(&(*left)->terms.order_id, &(*right)->terms.order_id);
}

/* The table's rows in another order; overwritten by the next call. */
static void **sorted(const struct shop_table *table, int (*compare)(const void *, const void *))
{
    static void *rows[ROWS_MAX];

    FC_ASSERT(table->count <= ROWS_MAX);
    memcpy(rows, table->rows, (size_t)table->count * sizeof(*rows));
    qsort(rows, (size_t)table->count, sizeof(*rows), compare);
    return rows;
}

static void put_wallets(struct fc_buf *buf, const struct shop *shop)
{
    void **rows = sorted(&shop->wallets, compare_wallets);

    for (int32_t i = 0; i < shop->wallets.count; i++) {
        const struct wallet *wallet = rows[i];

        if (wallet->user.exists)
            fc_buf_put_fmt(buf, "user %" PRId64 "\n", wallet->user_id);
        if (wallet->row.exists)
            fc_buf_put_fmt(buf,
                           "wallet %" PRId64 " balance %" PRId64 " held %" PRId64
                           " version %" PRId64 "\n",
                           wallet->user_id, wallet->balance.won, wallet->held.won, wallet->version);
    }
}

static void put_products(struct fc_buf *buf, const struct shop *shop)
{
    void **rows = sorted(&shop->products, compare_products);

    for (int32_t i = 0; i < shop->products.count; i++) {
        const struct product *product = rows[i];

        if (!product->row.exists)
            continue;
        fc_buf_put_fmt(buf, "product %" PRId64 " \"" FC_STR_FMT "\" price %" PRId64,
                       product->product_id, FC_STR_ARG(product->name), product->price.won);
        fc_buf_put_fmt(buf, " category \"" FC_STR_FMT "\" status %d first_come %d version %" PRId64,
                       FC_STR_ARG(product->category), (int)product->status,
                       (int)product->first_come, product->version);
        fc_buf_put_char(buf, '\n');
    }
}

static void put_options(struct fc_buf *buf, const struct shop *shop)
{
    void **rows = sorted(&shop->options, compare_options);

    for (int32_t i = 0; i < shop->options.count; i++) {
        const struct option *option = rows[i];

        if (!option->row.exists)
            continue;
        fc_buf_put_fmt(
            buf, "option %" PRId64 " of %" PRId64 " \"" FC_STR_FMT "\" surcharge %" PRId64,
            option->option_id, option->product_id, FC_STR_ARG(option->name), option->surcharge.won);
        fc_buf_put_fmt(buf, " total %" PRId64 " reserved %" PRId64 " ordered %d\n", option->total,
                       option->reserved, (int)option->ordered);
    }
}

static void put_templates(struct fc_buf *buf, const struct shop *shop)
{
    void **rows = sorted(&shop->templates, compare_templates);

    for (int32_t i = 0; i < shop->templates.count; i++) {
        const struct coupon_template *row = rows[i];

        if (!row->row.exists)
            continue;
        fc_buf_put_fmt(buf, "template %" PRId64 " \"" FC_STR_FMT "\" discount %d:%" PRId64,
                       row->template_id, FC_STR_ARG(row->name), (int)row->discount.type,
                       row->discount.value);
        fc_buf_put_fmt(buf, " limited %d quantity %" PRId64 " issued %" PRId64, (int)row->limited,
                       row->quantity, row->issued);
        fc_buf_put_fmt(buf, " from %" PRId64 " until %" PRId64 " days %" PRId32, row->issue_from.us,
                       row->issue_until.us, row->valid_days);
        fc_buf_put_fmt(buf, " min %" PRId64 " version %" PRId64 "\n", row->min_total.won,
                       row->version);
    }
}

static void put_coupons(struct fc_buf *buf, const struct shop *shop)
{
    void **rows = sorted(&shop->coupons, compare_coupons);

    for (int32_t i = 0; i < shop->coupons.count; i++) {
        const struct coupon *coupon = rows[i];

        if (!coupon->row.exists)
            continue;
        fc_buf_put_text(buf, "coupon ");
        fc_uuid_put(buf, &coupon->coupon_id);
        fc_buf_put_fmt(buf, " of %" PRId64 " user %" PRId64 " position %" PRId64 " status %d",
                       coupon->template_id, coupon->user_id, coupon->position, (int)coupon->status);
        fc_buf_put_fmt(buf, " discount %d:%" PRId64 " min %" PRId64, (int)coupon->discount.type,
                       coupon->discount.value, coupon->min_total.won);
        fc_buf_put_fmt(buf, " issued %" PRId64 " expires %d:%" PRId64 " order ",
                       coupon->issued_at.us, (int)coupon->expires, coupon->expires_at.us);
        fc_uuid_put(buf, &coupon->order_id);
        fc_buf_put_fmt(buf, " version %" PRId64 "\n", coupon->version);
    }
}

static void put_terms(struct fc_buf *buf, const struct order_terms *terms)
{
    fc_buf_put_fmt(buf, " user %" PRId64 " key %d:%" PRId64 " total %" PRId64, terms->user_id,
                   (int)terms->key.kind, terms->key.id, terms->total.won);
    fc_buf_put_fmt(buf, " discount %" PRId64 " paid %" PRId64 " coupon ", terms->discount.won,
                   terms->paid.won);
    fc_uuid_put(buf, &terms->coupon_id);
    fc_buf_put_fmt(buf, " payment %d from %" PRId64 " rate %" PRId32 " off %" PRId64,
                   (int)terms->payment, terms->from_balance.won, terms->transfer_rate,
                   terms->transfer_discount.won);
    fc_buf_put_fmt(buf, " ordered %" PRId64 " paid %" PRId64, terms->ordered_at.us,
                   terms->paid_at.us);
}

static void put_orders(struct fc_buf *buf, const struct shop *shop)
{
    void **rows = sorted(&shop->orders, compare_orders);

    for (int32_t i = 0; i < shop->orders.count; i++) {
        const struct order *order = rows[i];

        if (!order->row.exists)
            continue;
        fc_buf_put_text(buf, "order ");
        fc_uuid_put(buf, &order->terms.order_id);
        put_terms(buf, &order->terms);
        fc_buf_put_fmt(buf, " %s failure %d expires %d:%" PRId64 " refunded %" PRId64,
                       order_status_name(order->status), (int)order->failure, (int)order->expires,
                       order->expires_at.us, order->refunded.won);
        for (int32_t k = 0; k < order->item_count; k++) {
            const struct order_item *item = &order->items[k];

            fc_buf_put_fmt(buf, " [%" PRId64 " of %" PRId64 " %" PRId64 "x%" PRId64,
                           item->sold.option_id, item->sold.product_id, item->sold.quantity,
                           item->sold.unit_price.won);
            fc_buf_put_fmt(buf, " \"" FC_STR_FMT "\" shipped %" PRId64 "]",
                           FC_STR_ARG(item->sold.category), item->shipped);
        }
        fc_buf_put_fmt(buf, " version %" PRId64 "\n", order->version);
    }
}

void shop_text_put(struct fc_buf *buf, const struct shop *shop)
{
    put_wallets(buf, shop);
    put_products(buf, shop);
    put_options(buf, shop);
    put_templates(buf, shop);
    put_coupons(buf, shop);
    put_orders(buf, shop);
    fc_buf_put_fmt(buf, "policy version %" PRId64 "\n", shop->policy.version);
}

static void hash_bytes(uint64_t *hash, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++)
        *hash = (*hash ^ at[i]) * 1099511628211u;
}

static void hash_table(uint64_t *hash, const struct shop_table *table, size_t row_bytes)
{
    hash_bytes(hash, table->rows, (size_t)table->count * sizeof(*table->rows));
    for (int32_t i = 0; i < table->count; i++)
        hash_bytes(hash, table->rows[i], row_bytes);
}

static void hash_index(uint64_t *hash, const struct fc_index *index)
{
    hash_bytes(hash, index->slots, ((size_t)index->mask + 1) * sizeof(*index->slots));
}

uint64_t shop_bytes_hash(const struct shop *shop)
{
    uint64_t hash = 14695981039346656037u;

    hash_bytes(&hash, shop, sizeof(*shop));
    hash_table(&hash, &shop->wallets, sizeof(struct wallet));
    hash_table(&hash, &shop->products, sizeof(struct product));
    hash_table(&hash, &shop->options, sizeof(struct option));
    hash_table(&hash, &shop->templates, sizeof(struct coupon_template));
    hash_table(&hash, &shop->coupons, sizeof(struct coupon));
    hash_table(&hash, &shop->orders, sizeof(struct order));
    hash_index(&hash, &shop->by_user);
    hash_index(&hash, &shop->by_product);
    hash_index(&hash, &shop->by_product_name);
    hash_index(&hash, &shop->by_option);
    hash_index(&hash, &shop->by_option_product);
    hash_index(&hash, &shop->by_template);
    hash_index(&hash, &shop->by_coupon);
    hash_index(&hash, &shop->by_holder);
    hash_index(&hash, &shop->by_order);
    for (int32_t i = 0; i < shop->orders.count; i++) {
        const struct order *order = shop->orders.rows[i];

        hash_bytes(&hash, order->items, (size_t)order->item_count * sizeof(*order->items));
    }
    return hash;
}
