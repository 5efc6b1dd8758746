#include "core/shop.h"

#include "base/assert.h"

void *shop_take(const struct shop *shop, int32_t count, size_t size)
{
    FC_ASSERT(count >= 0);
    void *memory = fc_arena_take(shop->arena, (size_t)count, size);

    FC_ASSERT(memory != NULL);
    return memory;
}

static void table_init(const struct shop *shop, struct shop_table *table, int32_t rows_max)
{
    table->rows = fc_arena_take_unset(shop->arena, (size_t)rows_max, sizeof(*table->rows));
    FC_ASSERT(table->rows != NULL);
    table->count = 0;
    table->count_max = rows_max;
}

static void index_init(const struct shop *shop, struct fc_index *index, int32_t count_max)
{
    bool fits = fc_index_init(index, shop->arena, count_max);

    FC_ASSERT(fits);
}

void shop_init(struct shop *shop, struct fc_arena *arena, int32_t rows_max)
{
    FC_ASSERT(rows_max > 0);
    *shop = (struct shop){.arena = arena};
    table_init(shop, &shop->wallets, rows_max);
    table_init(shop, &shop->products, rows_max);
    table_init(shop, &shop->options, rows_max);
    table_init(shop, &shop->templates, rows_max);
    table_init(shop, &shop->coupons, rows_max);
    table_init(shop, &shop->orders, rows_max);
    index_init(shop, &shop->by_user, rows_max);
    index_init(shop, &shop->by_product, rows_max);
    index_init(shop, &shop->by_product_name, rows_max);
    index_init(shop, &shop->by_option, rows_max);
    index_init(shop, &shop->by_option_product, rows_max);
    index_init(shop, &shop->by_template, rows_max);
    index_init(shop, &shop->by_coupon, rows_max);
    index_init(shop, &shop->by_holder, rows_max);
    index_init(shop, &shop->by_order, rows_max);
}

/* A row of `size` zeroed bytes at the end of `table`, at position count - 1. */
static void *table_put(const struct shop *shop, struct shop_table *table, size_t size)
{
    if (table->count == table->count_max) {
        void **rows = shop_take(shop, table->count_max * 2, sizeof(*rows));

        for (int32_t i = 0; i < table->count; i++)
            rows[i] = table->rows[i];
        table->rows = rows;
        table->count_max *= 2;
    }
    FC_ASSERT(table->count < table->count_max);
    return table->rows[table->count++] = shop_take(shop, 1, size);
}

static void *table_at(const struct shop_table *table, int32_t position)
{
    if (position == FC_INDEX_NONE)
        return NULL;
    FC_ASSERT(position < table->count);
    return table->rows[position];
}

/*
 * Twice the room. Equal keys keep their order: the copy starts behind a free slot, so that no run
 * of slots is entered in its middle.
 */
static void index_grow(const struct shop *shop, struct fc_index *index)
{
    struct fc_index bigger;
    uint32_t start = 0;

    index_init(shop, &bigger, index->count_max * 2);
    while (index->slots[start].position != FC_INDEX_NONE)
        start++;
    for (uint32_t i = 0; i <= index->mask; i++) {
        const struct fc_index_slot *slot = &index->slots[(start + i) & index->mask];

        if (slot->position != FC_INDEX_NONE)
            fc_index_add(&bigger, slot->key, slot->position);
    }
    FC_ASSERT(bigger.count == index->count);
    *index = bigger;
}

static void index_add(const struct shop *shop, struct fc_index *index, uint64_t key,
                      int32_t position)
{
    if (index->count == index->count_max)
        index_grow(shop, index);
    fc_index_add(index, key, position);
}

static int32_t position_last(const struct shop_table *table)
{
    return table->count - 1;
}

/* Of a row that may stand anywhere in its table. */
static int32_t position_by_id(const struct fc_index *index, int64_t id)
{
    int32_t position = fc_index_find(index, (uint64_t)id);

    FC_ASSERT(position != FC_INDEX_NONE);
    return position;
}

/* Going back to an old name or product finds its entry still there. */
static void index_add_once(const struct shop *shop, struct fc_index *index, uint64_t key,
                           int32_t position)
{
    uint32_t cursor = 0;
    int32_t found;

    while ((found = fc_index_next(index, key, &cursor)) != FC_INDEX_NONE)
        if (found == position)
            return;
    index_add(shop, index, key, position);
}

struct wallet *shop_put_wallet(struct shop *shop, int64_t user_id)
{
    FC_ASSERT(user_id > 0);
    FC_ASSERT(shop_find_wallet(shop, user_id) == NULL);
    struct wallet *wallet = table_put(shop, &shop->wallets, sizeof(*wallet));

    wallet->user_id = user_id;
    index_add(shop, &shop->by_user, (uint64_t)user_id, position_last(&shop->wallets));
    return wallet;
}

struct product *shop_put_product(struct shop *shop, int64_t product_id, struct fc_str name)
{
    FC_ASSERT(product_id > 0);
    FC_ASSERT(shop_find_product(shop, product_id) == NULL);
    struct product *product = table_put(shop, &shop->products, sizeof(*product));
    int32_t position = position_last(&shop->products);

    product->product_id = product_id;
    product->name = name;
    index_add(shop, &shop->by_product, (uint64_t)product_id, position);
    index_add(shop, &shop->by_product_name, fc_hash_str(name), position);
    return product;
}

struct option *shop_put_option(struct shop *shop, int64_t option_id, int64_t product_id)
{
    FC_ASSERT(option_id > 0);
    FC_ASSERT(product_id > 0);
    FC_ASSERT(shop_find_option(shop, option_id) == NULL);
    struct option *option = table_put(shop, &shop->options, sizeof(*option));
    int32_t position = position_last(&shop->options);

    option->option_id = option_id;
    option->product_id = product_id;
    index_add(shop, &shop->by_option, (uint64_t)option_id, position);
    index_add(shop, &shop->by_option_product, (uint64_t)product_id, position);
    return option;
}

struct coupon_template *shop_put_template(struct shop *shop, int64_t template_id)
{
    FC_ASSERT(template_id > 0);
    FC_ASSERT(shop_find_template(shop, template_id) == NULL);
    struct coupon_template *template = table_put(shop, &shop->templates, sizeof(*template));

    template->template_id = template_id;
    index_add(shop, &shop->by_template, (uint64_t)template_id, position_last(&shop->templates));
    return template;
}

struct coupon *shop_put_coupon(struct shop *shop, const struct fc_uuid *coupon_id,
                               int64_t template_id, int64_t user_id)
{
    FC_ASSERT(!fc_uuid_is_zero(coupon_id));
    FC_ASSERT(shop_find_coupon(shop, coupon_id) == NULL);
    struct coupon *coupon = table_put(shop, &shop->coupons, sizeof(*coupon));
    int32_t position = position_last(&shop->coupons);

    coupon->coupon_id = *coupon_id;
    coupon->template_id = template_id;
    coupon->user_id = user_id;
    index_add(shop, &shop->by_coupon, fc_hash_uuid(coupon_id), position);
    index_add(shop, &shop->by_holder, fc_hash_pair(template_id, user_id), position);
    return coupon;
}

struct order *shop_put_order(struct shop *shop, const struct fc_uuid *order_id)
{
    FC_ASSERT(!fc_uuid_is_zero(order_id));
    FC_ASSERT(shop_find_order(shop, order_id) == NULL);
    struct order *order = table_put(shop, &shop->orders, sizeof(*order));

    order->terms.order_id = *order_id;
    index_add(shop, &shop->by_order, fc_hash_uuid(order_id), position_last(&shop->orders));
    return order;
}

void shop_rename_product(struct shop *shop, struct product *product, struct fc_str name)
{
    int32_t position = position_by_id(&shop->by_product, product->product_id);

    FC_ASSERT(table_at(&shop->products, position) == product);
    product->name = name;
    index_add_once(shop, &shop->by_product_name, fc_hash_str(name), position);
}

void shop_move_option(struct shop *shop, struct option *option, int64_t product_id)
{
    int32_t position = position_by_id(&shop->by_option, option->option_id);

    FC_ASSERT(table_at(&shop->options, position) == option);
    option->product_id = product_id;
    index_add_once(shop, &shop->by_option_product, (uint64_t)product_id, position);
}

struct wallet *shop_find_wallet(const struct shop *shop, int64_t user_id)
{
    return table_at(&shop->wallets, fc_index_find(&shop->by_user, (uint64_t)user_id));
}

struct product *shop_find_product(const struct shop *shop, int64_t product_id)
{
    return table_at(&shop->products, fc_index_find(&shop->by_product, (uint64_t)product_id));
}

struct option *shop_find_option(const struct shop *shop, int64_t option_id)
{
    return table_at(&shop->options, fc_index_find(&shop->by_option, (uint64_t)option_id));
}

struct coupon_template *shop_find_template(const struct shop *shop, int64_t template_id)
{
    return table_at(&shop->templates, fc_index_find(&shop->by_template, (uint64_t)template_id));
}

struct coupon *shop_find_coupon(const struct shop *shop, const struct fc_uuid *coupon_id)
{
    uint64_t key = fc_hash_uuid(coupon_id);
    uint32_t cursor = 0;
    struct coupon *coupon;

    do
        coupon = table_at(&shop->coupons, fc_index_next(&shop->by_coupon, key, &cursor));
    while (coupon != NULL && !fc_uuid_eq(&coupon->coupon_id, coupon_id));
    return coupon;
}

struct order *shop_find_order(const struct shop *shop, const struct fc_uuid *order_id)
{
    uint64_t key = fc_hash_uuid(order_id);
    uint32_t cursor = 0;
    struct order *order;

    do
        order = table_at(&shop->orders, fc_index_next(&shop->by_order, key, &cursor));
    while (order != NULL && !fc_uuid_eq(&order->terms.order_id, order_id));
    return order;
}

struct product *shop_find_product_named(const struct shop *shop, struct fc_str name)
{
    uint64_t key = fc_hash_str(name);
    uint32_t cursor = 0;
    struct product *product;

    do
        product = table_at(&shop->products, fc_index_next(&shop->by_product_name, key, &cursor));
    while (product != NULL && (!product->row.exists || !fc_str_eq(product->name, name)));
    return product;
}

struct coupon *shop_find_holding(const struct shop *shop, int64_t template_id, int64_t user_id)
{
    uint64_t key = fc_hash_pair(template_id, user_id);
    uint32_t cursor = 0;
    struct coupon *coupon;

    do
        coupon = table_at(&shop->coupons, fc_index_next(&shop->by_holder, key, &cursor));
    while (coupon != NULL && (!coupon->row.exists || coupon->template_id != template_id ||
                              coupon->user_id != user_id));
    return coupon;
}

struct option *shop_next_option(const struct shop *shop, int64_t product_id, uint32_t *cursor)
{
    uint64_t key = (uint64_t)product_id;
    struct option *option;

    do
        option = table_at(&shop->options, fc_index_next(&shop->by_option_product, key, cursor));
    while (option != NULL && (!option->row.exists || option->product_id != product_id));
    return option;
}
