#include "shop/store_orders.h"

#include "shop/columns.h"
#include "shop/texts.h"
#include "sql/queries.h"
#include "wire/command.h"

static void put_keys(struct db_params *params, const struct row_set *set)
{
    db_array_begin(params, DB_TEXT);
    for (int32_t i = 0; i < set->count; i++) {
        const struct order *row = set->rows[i];
        char key[ROUTE_KEY_BYTES_MAX];
        struct fc_buf buf = fc_buf_of(key, sizeof(key));

        wire_command_key_put(&buf, row->paid->key);
        db_array_text(params, fc_buf_str(&buf));
    }
    db_array_end(params);
}

static void insert_orders(const struct row_set *set, struct exchange *exchange)
{
    struct db_params params;

    db_params_init(&params, exchange->arena);
    COLUMN_UUID(&params, struct order, set, &row->paid->order_id);
    COLUMN_I64(&params, struct order, set, row->paid->user_id);
    put_keys(&params, set);
    db_array_begin(&params, DB_TEXT);
    for (int32_t i = 0; i < set->count; i++)
        db_array_text(&params, FC_STR("paid"));
    db_array_end(&params);
    COLUMN_I64(&params, struct order, set, row->paid->total.won);
    COLUMN_I64(&params, struct order, set, row->paid->discount.won);
    COLUMN_I64(&params, struct order, set, row->paid->paid.won);
    db_array_begin(&params, DB_UUID);
    for (int32_t i = 0; i < set->count; i++) {
        const struct order *row = set->rows[i];

        if (row->paid->has_coupon)
            db_array_uuid(&params, &row->paid->coupon_id);
        else
            db_array_null(&params);
    }
    db_array_end(&params);
    COLUMN_TEXT(&params, struct order, set, text_of_payment(row->paid->payment));
    COLUMN_INSTANT(&params, struct order, set, row->paid->ordered_at);
    COLUMN_INSTANT(&params, struct order, set, row->paid->paid_at);
    COLUMN_I64(&params, struct order, set, row->version);
    (void)exchange_send(exchange, &sql_store_order_insert, &params);
}

/* One column over all lines of all orders: `order` and `line` are in scope of `put`. */
#define LINE_COLUMN(params, db_type, set, put)                            \
    do {                                                                  \
        db_array_begin(params, db_type);                                  \
        for (int32_t i = 0; i < (set)->count; i++) {                      \
            const struct order *order = (set)->rows[i];                   \
            const struct sold_line *line = order->paid->lines;            \
            const struct sold_line *end = line + order->paid->line_count; \
            for (; line < end; line++)                                    \
                put;                                                      \
        }                                                                 \
        db_array_end(params);                                             \
    } while (0)

static void insert_lines(const struct row_set *set, struct exchange *exchange)
{
    struct db_params params;

    db_params_init(&params, exchange->arena);
    LINE_COLUMN(&params, DB_UUID, set, db_array_uuid(&params, &order->paid->order_id));
    LINE_COLUMN(&params, DB_I64, set, db_array_i64(&params, line->option_id));
    LINE_COLUMN(&params, DB_I64, set, db_array_i64(&params, line->product_id));
    LINE_COLUMN(&params, DB_I32, set, db_array_i32(&params, (int32_t)line->quantity));
    LINE_COLUMN(&params, DB_I64, set, db_array_i64(&params, line->unit_price.won));
    (void)exchange_send(exchange, &sql_store_order_line_insert, &params);
}

void store_orders_send(const struct shop *shop, struct exchange *exchange)
{
    struct row_set set = {fc_arena_take(shop->arena, (size_t)shop->orders.count, sizeof(void *)),
                          shop->orders.count};

    if (set.count == 0)
        return;
    for (int32_t i = 0; i < set.count; i++)
        set.rows[i] = shop->orders.rows[i];
    insert_orders(&set, exchange);
    insert_lines(&set, exchange);
}
