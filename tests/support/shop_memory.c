#include "support/shop_memory.h"

#include "base/assert.h"

static const struct row_mark mark_loaded = {.exists = true, .loaded = true};

static void load_wallets(const struct shop *memory, struct shop *shop)
{
    for (int32_t i = 0; i < memory->wallets.count; i++) {
        const struct wallet *from = memory->wallets.rows[i];

        if (!from->user.exists)
            continue;
        struct wallet *to = shop_put_wallet(shop, from->user_id);

        *to = *from;
        to->user = mark_loaded;
        to->row = from->row.exists ? mark_loaded : (struct row_mark){0};
        to->version_loaded = to->version;
    }
}

static void load_catalogue(const struct shop *memory, struct shop *shop)
{
    for (int32_t i = 0; i < memory->products.count; i++) {
        const struct product *from = memory->products.rows[i];

        if (!from->row.exists)
            continue;
        struct product *to = shop_put_product(shop, from->product_id, from->name);

        *to = *from;
        to->row = mark_loaded;
        to->version_loaded = to->version;
    }
    for (int32_t i = 0; i < memory->options.count; i++) {
        const struct option *from = memory->options.rows[i];

        if (!from->row.exists)
            continue;
        struct option *to = shop_put_option(shop, from->option_id, from->product_id);

        *to = *from;
        to->row = mark_loaded;
        to->total_delta = to->reserved_delta = 0;
        to->ordered_changed = false;
    }
}

static void load_coupons(const struct shop *memory, struct shop *shop)
{
    for (int32_t i = 0; i < memory->templates.count; i++) {
        const struct coupon_template *from = memory->templates.rows[i];

        if (!from->row.exists)
            continue;
        struct coupon_template *to = shop_put_template(shop, from->template_id);

        *to = *from;
        to->row = mark_loaded;
        to->version_loaded = to->version;
    }
    for (int32_t i = 0; i < memory->coupons.count; i++) {
        const struct coupon *from = memory->coupons.rows[i];
        struct coupon *to =
            shop_put_coupon(shop, &from->coupon_id, from->template_id, from->user_id);

        *to = *from;
        to->row = mark_loaded;
        to->version_loaded = to->version;
    }
}

/* The items are the order's own. */
static void copy_items(const struct shop *shop, const struct order *from, struct order *to)
{
    to->items = shop_take(shop, from->item_count, sizeof(*to->items));
    to->item_count = from->item_count;
    for (int32_t i = 0; i < from->item_count; i++)
        to->items[i] = from->items[i];
}

static void load_orders(const struct shop *memory, struct shop *shop)
{
    for (int32_t i = 0; i < memory->orders.count; i++) {
        const struct order *from = memory->orders.rows[i];
        struct order *to = shop_put_order(shop, &from->terms.order_id);

        *to = *from;
        to->row = mark_loaded;
        to->items_changed = false;
        to->version_loaded = to->version;
        copy_items(shop, from, to);
    }
}

void shop_memory_load(const struct shop *memory, struct shop *shop)
{
    load_wallets(memory, shop);
    load_catalogue(memory, shop);
    load_coupons(memory, shop);
    load_orders(memory, shop);
    shop->policy.version = shop->policy.version_loaded = memory->policy.version;
}

/* The row's new mark in memory; false when there is nothing to write but perhaps that. */
static bool mark_store(struct row_mark *memory, const struct row_mark *row)
{
    FC_ASSERT(memory->exists == row->loaded);
    if (!row->changed)
        FC_ASSERT(row->exists == row->loaded);
    memory->exists = row->exists;
    return row->exists && row->changed;
}

static void store_wallets(struct shop *memory, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->wallets.count; i++) {
        const struct wallet *from = shop->wallets.rows[i];
        struct wallet *to = shop_find_wallet(memory, from->user_id);

        if (to == NULL)
            to = shop_put_wallet(memory, from->user_id);
        (void)mark_store(&to->user, &from->user);
        if (!mark_store(&to->row, &from->row))
            continue;
        FC_ASSERT(!from->row.loaded || to->version == from->version_loaded);
        to->balance = from->balance;
        to->held = from->held;
        to->version = from->version;
    }
}

static void store_products(struct shop *memory, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->products.count; i++) {
        const struct product *from = shop->products.rows[i];
        struct product *to = shop_find_product(memory, from->product_id);

        if (to == NULL)
            to = shop_put_product(memory, from->product_id, from->name);
        if (!mark_store(&to->row, &from->row))
            continue;
        FC_ASSERT(!from->row.loaded || to->version == from->version_loaded);
        shop_rename_product(memory, to, from->name);
        to->price = from->price;
        to->category = from->category;
        to->status = from->status;
        to->first_come = from->first_come;
        to->version = from->version;
    }
}

static void store_options(struct shop *memory, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->options.count; i++) {
        const struct option *from = shop->options.rows[i];
        struct option *to = shop_find_option(memory, from->option_id);

        if (to == NULL)
            to = shop_put_option(memory, from->option_id, from->product_id);
        if (mark_store(&to->row, &from->row)) {
            shop_move_option(memory, to, from->product_id);
            to->name = from->name;
            to->surcharge = from->surcharge;
        }
        /* A deleted row's counts are gone with it: here they come down to nothing. */
        to->total += from->total_delta;
        to->reserved += from->reserved_delta;
        if (from->ordered_changed)
            to->ordered = from->ordered;
        FC_ASSERT(to->total == from->total);
        FC_ASSERT(to->reserved == from->reserved);
        FC_ASSERT(to->ordered == from->ordered);
    }
}

static void store_templates(struct shop *memory, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->templates.count; i++) {
        const struct coupon_template *from = shop->templates.rows[i];
        struct coupon_template *to = shop_find_template(memory, from->template_id);

        if (to == NULL)
            to = shop_put_template(memory, from->template_id);
        if (!mark_store(&to->row, &from->row))
            continue;
        FC_ASSERT(!from->row.loaded || to->version == from->version_loaded);
        struct row_mark mark = to->row;

        *to = *from;
        to->row = mark;
    }
}

static void store_coupons(struct shop *memory, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->coupons.count; i++) {
        const struct coupon *from = shop->coupons.rows[i];
        struct coupon *to = shop_find_coupon(memory, &from->coupon_id);

        if (to == NULL)
            to = shop_put_coupon(memory, &from->coupon_id, from->template_id, from->user_id);
        if (!mark_store(&to->row, &from->row))
            continue;
        FC_ASSERT(!from->row.loaded || to->version == from->version_loaded);
        struct row_mark mark = to->row;

        *to = *from;
        to->row = mark;
    }
}

static void check_items_kept(const struct order *from, const struct order *to)
{
    FC_ASSERT(from->item_count == to->item_count);
    for (int32_t i = 0; i < from->item_count; i++) {
        FC_ASSERT(from->items[i].sold.option_id == to->items[i].sold.option_id);
        FC_ASSERT(from->items[i].sold.quantity == to->items[i].sold.quantity);
        FC_ASSERT(krw_eq(from->items[i].sold.unit_price, to->items[i].sold.unit_price));
        FC_ASSERT(from->items[i].shipped == to->items[i].shipped);
    }
}

static void store_orders(struct shop *memory, const struct shop *shop)
{
    for (int32_t i = 0; i < shop->orders.count; i++) {
        const struct order *from = shop->orders.rows[i];
        struct order *to = shop_find_order(memory, &from->terms.order_id);

        FC_ASSERT((to != NULL) == from->row.loaded);
        if (to == NULL)
            to = shop_put_order(memory, &from->terms.order_id);
        if (!mark_store(&to->row, &from->row))
            continue;
        FC_ASSERT(!from->row.loaded || to->version == from->version_loaded);
        FC_ASSERT(from->row.loaded || from->items_changed);
        struct order before = *to;

        *to = *from;
        to->row = before.row;
        to->items = before.items;
        to->item_count = before.item_count;
        if (from->items_changed)
            copy_items(memory, from, to);
        check_items_kept(from, to);
    }
}

void shop_memory_store(struct shop *memory, const struct shop *shop)
{
    store_wallets(memory, shop);
    store_products(memory, shop);
    store_options(memory, shop);
    store_templates(memory, shop);
    store_coupons(memory, shop);
    store_orders(memory, shop);
    FC_ASSERT(memory->policy.version == shop->policy.version_loaded);
    FC_ASSERT((shop->policy.document.len > 0) ==
              (shop->policy.version > shop->policy.version_loaded));
    memory->policy.version = shop->policy.version;
}
