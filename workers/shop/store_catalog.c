#include "shop/store_catalog.h"

#include "base/assert.h"
#include "shop/columns.h"
#include "shop/texts.h"
#include "sql/queries.h"

#include <stddef.h>

static void put_product_columns(struct db_params *params, const struct row_set *set)
{
    COLUMN_I64(params, struct product, set, row->product_id);
    COLUMN_TEXT(params, struct product, set, row->name);
    COLUMN_I64(params, struct product, set, row->price.won);
    COLUMN_TEXT(params, struct product, set, row->category);
    COLUMN_TEXT(params, struct product, set, text_of_product_status(row->status));
    COLUMN_BOOL(params, struct product, set, row->first_come);
    COLUMN_I64(params, struct product, set, row->version);
}

static void put_products(const struct shop *shop, struct fc_instant now, struct exchange *exchange)
{
    struct row_set born = ROW_SET(shop, products, struct product, row, ROW_BORN);
    struct row_set changed = ROW_SET(shop, products, struct product, row, ROW_CHANGED);
    struct db_params params;

    if (born.count > 0) {
        db_params_init(&params, exchange->arena);
        put_product_columns(&params, &born);
        db_param_instant(&params, now);
        (void)exchange_send(exchange, &sql_store_product_insert, &params);
    }
    if (changed.count > 0) {
        db_params_init(&params, exchange->arena);
        put_product_columns(&params, &changed);
        COLUMN_I64(&params, struct product, &changed, row->version_loaded);
        (void)exchange_send(exchange, &sql_store_product_update, &params);
    }
}

static void put_options(const struct shop *shop, struct exchange *exchange)
{
    struct row_set born = ROW_SET(shop, options, struct option, row, ROW_BORN);
    struct row_set changed = ROW_SET(shop, options, struct option, row, ROW_CHANGED);
    struct db_params params;

    if (born.count > 0) {
        db_params_init(&params, exchange->arena);
        COLUMN_I64(&params, struct option, &born, row->option_id);
        COLUMN_I64(&params, struct option, &born, row->product_id);
        COLUMN_TEXT(&params, struct option, &born, row->name);
        COLUMN_I64(&params, struct option, &born, row->surcharge.won);
        COLUMN_I64(&params, struct option, &born, row->total);
        COLUMN_I64(&params, struct option, &born, row->reserved);
        COLUMN_BOOL(&params, struct option, &born, row->ordered);
        (void)exchange_send(exchange, &sql_store_option_insert, &params);
    }
    if (changed.count > 0) {
        db_params_init(&params, exchange->arena);
        COLUMN_I64(&params, struct option, &changed, row->option_id);
        COLUMN_I64(&params, struct option, &changed, row->product_id);
        COLUMN_TEXT(&params, struct option, &changed, row->name);
        COLUMN_I64(&params, struct option, &changed, row->surcharge.won);
        (void)exchange_send(exchange, &sql_store_option_update, &params);
    }
}

static void delete_options(const struct shop *shop, struct exchange *exchange)
{
    struct row_set gone = ROW_SET(shop, options, struct option, row, ROW_GONE);
    struct db_params params;

    if (gone.count == 0)
        return;
    db_params_init(&params, exchange->arena);
    COLUMN_I64(&params, struct option, &gone, row->option_id);
    (void)exchange_send(exchange, &sql_store_option_delete, &params);
}

static void delete_products(const struct shop *shop, struct exchange *exchange)
{
    struct row_set gone = ROW_SET(shop, products, struct product, row, ROW_GONE);
    struct db_params params;

    if (gone.count == 0)
        return;
    db_params_init(&params, exchange->arena);
    COLUMN_I64(&params, struct product, &gone, row->product_id);
    COLUMN_I64(&params, struct product, &gone, row->version_loaded);
    (void)exchange_send(exchange, &sql_store_product_delete, &params);
}

/* Options that stood before and whose counts moved; a new one's counts went with its insert. */
static struct row_set moved_options(const struct shop *shop)
{
    const struct shop_table *table = &shop->options;
    struct row_set set = {fc_arena_take(shop->arena, (size_t)table->count, sizeof(void *)), 0};

    FC_ASSERT(set.rows != NULL);
    for (int32_t i = 0; i < table->count; i++) {
        const struct option *option = table->rows[i];
        bool moved =
            option->total_delta != 0 || option->reserved_delta != 0 || option->ordered_changed;

        if (moved && option->row.loaded && option->row.exists)
            set.rows[set.count++] = option;
    }
    return set;
}

static void move_stock(const struct shop *shop, struct exchange *exchange)
{
    struct row_set set = moved_options(shop);
    struct db_params params;

    if (set.count == 0)
        return;
    row_set_sort_i64(&set);
    db_params_init(&params, exchange->arena);
    COLUMN_I64(&params, struct option, &set, row->option_id);
    COLUMN_I64(&params, struct option, &set, row->total_delta);
    COLUMN_I64(&params, struct option, &set, row->reserved_delta);
    COLUMN_BOOL(&params, struct option, &set, row->ordered);
    (void)exchange_send(exchange, &sql_store_option_move, &params);
}

void store_catalog_send(const struct shop *shop, struct fc_instant now, struct exchange *exchange)
{
    /* Options refer to their products: products come first and go last. */
    put_products(shop, now, exchange);
    delete_options(shop, exchange);
    put_options(shop, exchange);
    delete_products(shop, exchange);
    move_stock(shop, exchange);
}
