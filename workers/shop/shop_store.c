#include "shop/shop_store.h"

#include "shop/columns.h"
#include "shop/store_catalog.h"
#include "shop/store_coupons.h"
#include "shop/store_orders.h"
#include "sql/queries.h"

#include <stddef.h>

static void insert_customers(const struct shop *shop, struct fc_instant now,
                             struct exchange *exchange)
{
    struct row_set set = ROW_SET(shop, wallets, struct wallet, user, ROW_BORN);
    struct db_params params;

    if (set.count == 0)
        return;
    db_params_init(&params, exchange->arena);
    COLUMN_I64(&params, struct wallet, &set, row->user_id);
    db_param_instant(&params, now);
    (void)exchange_send(exchange, &sql_store_customer_insert, &params);
}

static void insert_wallets(const struct shop *shop, struct exchange *exchange)
{
    struct row_set set = ROW_SET(shop, wallets, struct wallet, row, ROW_BORN);
    struct db_params params;

    if (set.count == 0)
        return;
    db_params_init(&params, exchange->arena);
    COLUMN_I64(&params, struct wallet, &set, row->user_id);
    COLUMN_I64(&params, struct wallet, &set, row->balance.won);
    COLUMN_I64(&params, struct wallet, &set, row->held.won);
    COLUMN_I64(&params, struct wallet, &set, row->version);
    (void)exchange_send(exchange, &sql_store_wallet_insert, &params);
}

static void update_wallets(const struct shop *shop, struct exchange *exchange)
{
    struct row_set set = ROW_SET(shop, wallets, struct wallet, row, ROW_CHANGED);
    struct db_params params;

    if (set.count == 0)
        return;
    row_set_sort_i64(&set);
    db_params_init(&params, exchange->arena);
    COLUMN_I64(&params, struct wallet, &set, row->user_id);
    COLUMN_I64(&params, struct wallet, &set, row->version_loaded);
    COLUMN_I64(&params, struct wallet, &set, row->version);
    COLUMN_I64(&params, struct wallet, &set, row->balance.won);
    COLUMN_I64(&params, struct wallet, &set, row->held.won);
    (void)exchange_send(exchange, &sql_store_wallet_update, &params);
}

void shop_store_send(const struct shop *shop, struct fc_instant now, struct exchange *exchange)
{
    insert_customers(shop, now, exchange);
    insert_wallets(shop, exchange);
    update_wallets(shop, exchange);
    store_coupons_send(shop, exchange);
    store_orders_send(shop, exchange);
    store_catalog_send(shop, now, exchange);
}
