#include "shop/shop_load.h"

#include "base/assert.h"
#include "shop/load_orders.h"
#include "shop/texts.h"
#include "sql/queries.h"

static void put_list(struct db_params *params, const struct id_list *list)
{
    for (int32_t i = 0; i < list->count; i++)
        db_array_i64(params, list->ids[i]);
}

static void put_ids(struct db_params *params, const struct id_list *list)
{
    db_array_begin(params, DB_I64);
    put_list(params, list);
    db_array_end(params);
}

static void put_uuids(struct db_params *params, const struct uuid_list *list)
{
    db_array_begin(params, DB_UUID);
    for (int32_t i = 0; i < list->count; i++)
        db_array_uuid(params, &list->ids[i]);
    db_array_end(params);
}

/* Over one list of ids; -1 where there is none. */
static int32_t send_ids(struct exchange *exchange, const struct sql_query *query,
                        const struct id_list *list)
{
    struct db_params params;

    if (list->count == 0)
        return -1;
    db_params_init(&params, exchange->arena);
    put_ids(&params, list);
    return exchange_send(exchange, query, &params);
}

/* Over one list of ids and the orders; -1 where there is neither. */
static int32_t send_ids_and_orders(struct exchange *exchange, const struct sql_query *query,
                                   const struct id_list *list, const struct uuid_list *orders)
{
    struct db_params params;

    if (list->count + orders->count == 0)
        return -1;
    db_params_init(&params, exchange->arena);
    put_ids(&params, list);
    put_uuids(&params, orders);
    return exchange_send(exchange, query, &params);
}

static int32_t send_orders(struct exchange *exchange, const struct sql_query *query,
                           const struct uuid_list *orders)
{
    struct db_params params;

    if (orders->count == 0)
        return -1;
    db_params_init(&params, exchange->arena);
    put_uuids(&params, orders);
    return exchange_send(exchange, query, &params);
}

/* Where not all is asked for by option: the statement that brings products and options whatever
 * they are known by. */
static int32_t send_catalog(struct exchange *exchange, const struct shop_needs *needs)
{
    struct db_params params;

    if (needs->products.count + needs->sold.count + needs->name_count + needs->orders.count == 0)
        return -1;
    db_params_init(&params, exchange->arena);
    put_ids(&params, &needs->products);
    put_ids(&params, &needs->options);
    put_ids(&params, &needs->sold);
    db_array_begin(&params, DB_TEXT);
    for (int32_t i = 0; i < needs->name_count; i++)
        db_array_text(&params, needs->names[i]);
    db_array_end(&params);
    put_uuids(&params, &needs->orders);
    return exchange_send(exchange, &sql_load_catalog, &params);
}

static int32_t send_coupons(struct exchange *exchange, const struct shop_needs *needs)
{
    struct db_params params;

    if (needs->coupons.count + needs->holders.count + needs->orders.count == 0)
        return -1;
    db_params_init(&params, exchange->arena);
    put_uuids(&params, &needs->coupons);
    put_ids(&params, &needs->held_templates);
    put_ids(&params, &needs->holders);
    put_uuids(&params, &needs->orders);
    return exchange_send(exchange, &sql_load_coupons, &params);
}

static int32_t send_wallets(struct exchange *exchange, const struct shop_needs *needs)
{
    if (needs->orders.count == 0)
        return send_ids(exchange, &sql_load_wallets, &needs->users);
    return send_ids_and_orders(exchange, &sql_load_wallets_of_orders, &needs->users,
                               &needs->orders);
}

static void lock_coupons(struct exchange *exchange, const struct shop_needs *needs)
{
    struct db_params params;

    if (needs->coupons.count + needs->orders.count == 0)
        return;
    db_params_init(&params, exchange->arena);
    put_uuids(&params, &needs->coupons);
    put_uuids(&params, &needs->orders);
    (void)exchange_send(exchange, &sql_load_lock_coupons, &params);
}

static void lock_options(struct exchange *exchange, const struct shop_needs *needs)
{
    struct db_params params;

    if (needs->products.count + needs->options.count + needs->sold.count + needs->orders.count == 0)
        return;
    db_params_init(&params, exchange->arena);
    put_ids(&params, &needs->options);
    db_array_begin(&params, DB_I64);
    put_list(&params, &needs->products);
    put_list(&params, &needs->sold);
    db_array_end(&params);
    put_uuids(&params, &needs->orders);
    (void)exchange_send(exchange, &sql_load_lock_options, &params);
}

void shop_load_lock(const struct shop_needs *needs, struct exchange *exchange)
{
    (void)send_ids_and_orders(exchange, &sql_load_lock_wallets, &needs->users, &needs->orders);
    lock_coupons(exchange, needs);
    (void)send_orders(exchange, &sql_load_lock_orders, &needs->orders);
    lock_options(exchange, needs);
}

void shop_load_send(struct shop_load *load, const struct shop_needs *needs,
                    struct exchange *exchange)
{
    load->wallets = send_wallets(exchange, needs);
    load->templates = send_ids(exchange, &sql_load_templates, &needs->templates);
    load->coupons = send_coupons(exchange, needs);
    load->orders = send_orders(exchange, &sql_load_orders, &needs->orders);
    load->catalog = send_catalog(exchange, needs);
    load->options =
        load->catalog >= 0 ? -1 : send_ids(exchange, &sql_load_options, &needs->options);
}

static const struct row_mark mark_loaded = {true, true, false};

/* Rows of an answer die with the next exchange; the batch outlives it. */
static struct fc_str keep(struct shop *shop, struct fc_str text)
{
    struct fc_str copy;

    if (!fc_arena_copy(shop->arena, text, &copy))
        FC_UNREACHABLE("the gather leaves room for what is loaded");
    return copy;
}

static void take_wallets(const struct db_rows *rows, struct shop *shop)
{
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        if (db_is_null(rows, row, 0))
            continue;
        struct wallet *wallet = shop_put_wallet(shop, db_i64(rows, row, 0));

        wallet->user = mark_loaded;
        if (db_is_null(rows, row, 3))
            continue;
        wallet->row = mark_loaded;
        wallet->balance = KRW(db_i64(rows, row, 1));
        wallet->held = KRW(db_i64(rows, row, 2));
        wallet->version = db_i64(rows, row, 3);
        wallet->version_loaded = wallet->version;
    }
}

/* Its name stands in `column`, what else there is of it behind that. */
static void take_product(const struct db_rows *rows, int32_t row, int32_t column, struct shop *shop)
{
    struct product *product =
        shop_put_product(shop, db_i64(rows, row, 0), keep(shop, db_text(rows, row, column)));

    product->row = mark_loaded;
    product->price = KRW(db_i64(rows, row, column + 1));
    product->category = keep(shop, db_text(rows, row, column + 2));
    product->status = product_status_of_text(db_text(rows, row, column + 3));
    product->first_come = db_bool(rows, row, column + 4);
    product->version = db_i64(rows, row, column + 5);
    product->version_loaded = product->version;
}

/* What moves of it stands from `column` on. */
static void take_option(const struct db_rows *rows, int32_t row, int32_t column, struct shop *shop)
{
    struct option *option = shop_put_option(shop, db_i64(rows, row, 1), db_i64(rows, row, 0));

    option->row = mark_loaded;
    option->name = keep(shop, db_text(rows, row, 2));
    option->surcharge = KRW(db_i64(rows, row, 3));
    option->ordered = db_bool(rows, row, column);
    option->total = db_i64(rows, row, column + 1);
    option->reserved = db_i64(rows, row, column + 2);
}

static void take_catalog(const struct db_rows *rows, struct shop *shop)
{
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        if (db_is_null(rows, row, 1))
            take_product(rows, row, 2, shop);
        else
            take_option(rows, row, 6, shop);
    }
}

static void take_options(const struct db_rows *rows, struct shop *shop)
{
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        if (shop_find_product(shop, db_i64(rows, row, 0)) == NULL)
            take_product(rows, row, 7, shop);
        take_option(rows, row, 4, shop);
    }
}

static void take_templates(const struct db_rows *rows, struct shop *shop)
{
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        struct coupon_template *template = shop_put_template(shop, db_i64(rows, row, 0));

        template->row = mark_loaded;
        template->name = keep(shop, db_text(rows, row, 1));
        template->discount.type = discount_of_text(db_text(rows, row, 2));
        template->discount.value = db_i64(rows, row, 3);
        template->limited = !db_is_null(rows, row, 4);
        template->quantity = db_i64(rows, row, 4);
        template->issued = db_i64(rows, row, 5);
        template->issue_from = db_instant(rows, row, 6);
        template->issue_until = db_instant(rows, row, 7);
        template->valid_days = (int32_t)db_i64(rows, row, 8);
        template->min_total = KRW(db_i64(rows, row, 9));
        template->version = db_i64(rows, row, 10);
        template->version_loaded = template->version;
    }
}

static void take_coupons(const struct db_rows *rows, struct shop *shop)
{
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        struct fc_uuid id = db_uuid(rows, row, 0);
        struct coupon *coupon =
            shop_put_coupon(shop, &id, db_i64(rows, row, 1), db_i64(rows, row, 2));

        coupon->row = mark_loaded;
        coupon->position = db_i64(rows, row, 3);
        coupon->status = coupon_status_of_text(db_text(rows, row, 4));
        coupon->discount.type = discount_of_text(db_text(rows, row, 5));
        coupon->discount.value = db_i64(rows, row, 6);
        coupon->min_total = KRW(db_i64(rows, row, 7));
        coupon->issued_at = db_instant(rows, row, 8);
        coupon->expires = !db_is_null(rows, row, 9);
        coupon->expires_at = db_instant(rows, row, 9);
        coupon->order_id = db_uuid(rows, row, 10);
        coupon->version = db_i64(rows, row, 11);
        coupon->version_loaded = coupon->version;
    }
}

void shop_load_take(const struct shop_load *load, const struct db *db, struct shop *shop)
{
    if (load->wallets >= 0)
        take_wallets(db_rows(db, load->wallets), shop);
    if (load->catalog >= 0)
        take_catalog(db_rows(db, load->catalog), shop);
    if (load->options >= 0)
        take_options(db_rows(db, load->options), shop);
    if (load->templates >= 0)
        take_templates(db_rows(db, load->templates), shop);
    if (load->coupons >= 0)
        take_coupons(db_rows(db, load->coupons), shop);
    if (load->orders >= 0)
        load_orders_take(db_rows(db, load->orders), shop);
}

int32_t shop_load_rows(const struct shop_load *load, const struct db *db)
{
    /* Orders are no more than there are commands; their lines are in no table of the shop's. */
    const int32_t places[] = {load->wallets, load->catalog, load->options, load->templates,
                              load->coupons};
    int32_t rows = 0;

    for (size_t i = 0; i < FC_ARRAY_COUNT(places); i++)
        if (places[i] >= 0 && db_rows_count(db_rows(db, places[i])) > rows)
            rows = db_rows_count(db_rows(db, places[i]));
    return rows;
}
