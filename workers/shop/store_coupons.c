#include "shop/store_coupons.h"

#include "base/id.h"
#include "shop/columns.h"
#include "shop/texts.h"
#include "sql/queries.h"

#include <stddef.h>

#define TEMPLATE struct coupon_template

static void put_template_columns(struct db_params *params, const struct row_set *set)
{
    COLUMN_I64(params, TEMPLATE, set, row->template_id);
    COLUMN_TEXT(params, TEMPLATE, set, row->name);
    COLUMN_TEXT(params, TEMPLATE, set, text_of_discount(row->discount.type));
    COLUMN_I64(params, TEMPLATE, set, row->discount.value);
    db_array_begin(params, DB_I64);
    for (int32_t i = 0; i < set->count; i++) {
        const TEMPLATE *row = set->rows[i];

        if (row->limited)
            db_array_i64(params, row->quantity);
        else
            db_array_null(params);
    }
    db_array_end(params);
    COLUMN_I64(params, TEMPLATE, set, row->issued);
    COLUMN_INSTANT(params, TEMPLATE, set, row->issue_from);
    COLUMN_INSTANT(params, TEMPLATE, set, row->issue_until);
    db_array_begin(params, DB_I32);
    for (int32_t i = 0; i < set->count; i++) {
        const TEMPLATE *row = set->rows[i];

        if (row->valid_days > 0)
            db_array_i32(params, row->valid_days);
        else
            db_array_null(params);
    }
    db_array_end(params);
    COLUMN_I64(params, TEMPLATE, set, row->min_total.won);
    COLUMN_I64(params, TEMPLATE, set, row->version);
}

static void store_templates(const struct shop *shop, struct exchange *exchange)
{
    struct row_set born = ROW_SET(shop, templates, TEMPLATE, row, ROW_BORN);
    struct row_set changed = ROW_SET(shop, templates, TEMPLATE, row, ROW_CHANGED);
    struct row_set gone = ROW_SET(shop, templates, TEMPLATE, row, ROW_GONE);
    struct db_params params;

    if (born.count > 0) {
        db_params_init(&params, exchange->arena);
        put_template_columns(&params, &born);
        (void)exchange_send(exchange, &sql_store_template_insert, &params);
    }
    if (changed.count > 0) {
        db_params_init(&params, exchange->arena);
        put_template_columns(&params, &changed);
        COLUMN_I64(&params, TEMPLATE, &changed, row->version_loaded);
        (void)exchange_send(exchange, &sql_store_template_update, &params);
    }
    if (gone.count > 0) {
        db_params_init(&params, exchange->arena);
        COLUMN_I64(&params, TEMPLATE, &gone, row->template_id);
        COLUMN_I64(&params, TEMPLATE, &gone, row->version_loaded);
        (void)exchange_send(exchange, &sql_store_template_delete, &params);
    }
}

static void put_order_ids(struct db_params *params, const struct row_set *set)
{
    db_array_begin(params, DB_UUID);
    for (int32_t i = 0; i < set->count; i++) {
        const struct coupon *row = set->rows[i];

        if (fc_uuid_is_zero(&row->order_id))
            db_array_null(params);
        else
            db_array_uuid(params, &row->order_id);
    }
    db_array_end_sparse(params);
}

static void insert_coupons(const struct row_set *born, struct exchange *exchange)
{
    struct db_params params;

    db_params_init(&params, exchange->arena);
    COLUMN_UUID(&params, struct coupon, born, &row->coupon_id);
    COLUMN_I64(&params, struct coupon, born, row->template_id);
    COLUMN_I64(&params, struct coupon, born, row->user_id);
    COLUMN_I64(&params, struct coupon, born, row->position);
    COLUMN_TEXT(&params, struct coupon, born, text_of_coupon_status(row->status));
    COLUMN_TEXT(&params, struct coupon, born, text_of_discount(row->discount.type));
    COLUMN_I64(&params, struct coupon, born, row->discount.value);
    COLUMN_I64(&params, struct coupon, born, row->min_total.won);
    COLUMN_INSTANT(&params, struct coupon, born, row->issued_at);
    db_array_begin(&params, DB_INSTANT);
    for (int32_t i = 0; i < born->count; i++) {
        const struct coupon *row = born->rows[i];

        if (row->expires)
            db_array_instant(&params, row->expires_at);
        else
            db_array_null(&params);
    }
    db_array_end_sparse(&params);
    put_order_ids(&params, born);
    COLUMN_I64(&params, struct coupon, born, row->version);
    (void)exchange_send(exchange, &sql_store_coupon_insert, &params);
}

static void update_coupons(struct row_set *changed, struct exchange *exchange)
{
    struct db_params params;

    row_set_sort_uuid(changed);
    db_params_init(&params, exchange->arena);
    COLUMN_UUID(&params, struct coupon, changed, &row->coupon_id);
    COLUMN_I64(&params, struct coupon, changed, row->version_loaded);
    COLUMN_I64(&params, struct coupon, changed, row->version);
    COLUMN_TEXT(&params, struct coupon, changed, text_of_coupon_status(row->status));
    put_order_ids(&params, changed);
    (void)exchange_send(exchange, &sql_store_coupon_update, &params);
}

void store_coupons_send(const struct shop *shop, struct exchange *exchange)
{
    struct row_set born = ROW_SET(shop, coupons, struct coupon, row, ROW_BORN);
    struct row_set changed = ROW_SET(shop, coupons, struct coupon, row, ROW_CHANGED);

    store_templates(shop, exchange);
    if (born.count > 0)
        insert_coupons(&born, exchange);
    if (changed.count > 0)
        update_coupons(&changed, exchange);
}
