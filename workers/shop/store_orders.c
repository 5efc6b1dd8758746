#include "shop/store_orders.h"

#include "base/assert.h"
#include "shop/columns.h"
#include "shop/texts.h"
#include "sql/queries.h"
#include "wire/command.h"

#include <stddef.h>

static void put_keys(struct db_params *params, const struct row_set *set)
{
    db_array_begin(params, DB_TEXT);
    for (int32_t i = 0; i < set->count; i++) {
        const struct order *row = set->rows[i];
        char key[ROUTE_KEY_BYTES_MAX];
        struct fc_buf buf = fc_buf_of(key, sizeof(key));

        wire_command_key_put(&buf, row->terms.key);
        db_array_text(params, fc_buf_str(&buf));
    }
    db_array_end(params);
}

static void put_coupon_ids(struct db_params *params, const struct row_set *set)
{
    db_array_begin(params, DB_UUID);
    for (int32_t i = 0; i < set->count; i++) {
        const struct order *row = set->rows[i];

        if (row->terms.has_coupon)
            db_array_uuid(params, &row->terms.coupon_id);
        else
            db_array_null(params);
    }
    db_array_end_sparse(params);
}

static void put_paid_at(struct db_params *params, const struct row_set *set)
{
    db_array_begin(params, DB_INSTANT);
    for (int32_t i = 0; i < set->count; i++) {
        const struct order *row = set->rows[i];

        if (row->terms.paid_at.us != 0)
            db_array_instant(params, row->terms.paid_at);
        else
            db_array_null(params);
    }
    db_array_end_sparse(params);
}

/* expires_at and failure: of an order whose payment is under way, and of one that failed. */
static void put_ends(struct db_params *params, const struct row_set *set)
{
    db_array_begin(params, DB_INSTANT);
    for (int32_t i = 0; i < set->count; i++) {
        const struct order *row = set->rows[i];

        if (row->expires)
            db_array_instant(params, row->expires_at);
        else
            db_array_null(params);
    }
    db_array_end_sparse(params);
    db_array_begin(params, DB_TEXT);
    for (int32_t i = 0; i < set->count; i++) {
        const struct order *row = set->rows[i];

        if (row->status == ORDER_FAILED)
            db_array_text(params, text_of_failure(row->failure));
        else
            db_array_null(params);
    }
    db_array_end_sparse(params);
}

/* Of a row that is born so, sql_store_order_insert_paid knows what the other columns are. */
static bool is_paid_plainly(const struct order *order)
{
    const struct order_terms *terms = &order->terms;

    return order->status == ORDER_PAID && order->version == 1 && !order->expires &&
           order->refunded.won == 0 && !terms->has_coupon && terms->payment == PAYMENT_BALANCE &&
           terms->discount.won == 0 && terms->from_balance.won == 0 && terms->transfer_rate == 0 &&
           terms->transfer_discount.won == 0;
}

static bool are_paid_plainly(const struct row_set *set)
{
    for (int32_t i = 0; i < set->count; i++)
        if (!is_paid_plainly(set->rows[i]))
            return false;
    return true;
}

static void insert_paid_orders(const struct row_set *set, struct exchange *exchange)
{
    struct db_params params;

    db_params_init(&params, exchange->arena);
    COLUMN_UUID(&params, struct order, set, &row->terms.order_id);
    COLUMN_I64(&params, struct order, set, row->terms.user_id);
    put_keys(&params, set);
    COLUMN_I64(&params, struct order, set, row->terms.total.won);
    COLUMN_INSTANT(&params, struct order, set, row->terms.ordered_at);
    COLUMN_INSTANT(&params, struct order, set, row->terms.paid_at);
    (void)exchange_send(exchange, &sql_store_order_insert_paid, &params);
}

static void insert_any_orders(const struct row_set *set, struct exchange *exchange)
{
    struct db_params params;

    db_params_init(&params, exchange->arena);
    COLUMN_UUID(&params, struct order, set, &row->terms.order_id);
    COLUMN_I64(&params, struct order, set, row->terms.user_id);
    put_keys(&params, set);
    COLUMN_TEXT(&params, struct order, set, text_of_order_status(row->status));
    COLUMN_I64(&params, struct order, set, row->terms.total.won);
    COLUMN_I64(&params, struct order, set, row->terms.discount.won);
    COLUMN_I64(&params, struct order, set, row->terms.paid.won);
    put_coupon_ids(&params, set);
    COLUMN_TEXT(&params, struct order, set, text_of_payment(row->terms.payment));
    COLUMN_INSTANT(&params, struct order, set, row->terms.ordered_at);
    put_paid_at(&params, set);
    COLUMN_I64(&params, struct order, set, row->version);
    COLUMN_I64(&params, struct order, set, row->terms.from_balance.won);
    COLUMN_I32(&params, struct order, set, row->terms.transfer_rate);
    COLUMN_I64(&params, struct order, set, row->terms.transfer_discount.won);
    COLUMN_I64(&params, struct order, set, row->refunded.won);
    put_ends(&params, set);
    (void)exchange_send(exchange, &sql_store_order_insert, &params);
}

/* Two statements would cost more than the columns of those that need none. */
static void insert_orders(const struct row_set *set, struct exchange *exchange)
{
    if (are_paid_plainly(set))
        insert_paid_orders(set, exchange);
    else
        insert_any_orders(set, exchange);
}

static void update_orders(const struct row_set *set, struct exchange *exchange)
{
    struct db_params params;

    db_params_init(&params, exchange->arena);
    COLUMN_UUID(&params, struct order, set, &row->terms.order_id);
    COLUMN_I64(&params, struct order, set, row->version_loaded);
    COLUMN_I64(&params, struct order, set, row->version);
    COLUMN_TEXT(&params, struct order, set, text_of_order_status(row->status));
    COLUMN_I64(&params, struct order, set, row->terms.total.won);
    COLUMN_I64(&params, struct order, set, row->terms.discount.won);
    COLUMN_I64(&params, struct order, set, row->terms.paid.won);
    COLUMN_I64(&params, struct order, set, row->terms.from_balance.won);
    COLUMN_I64(&params, struct order, set, row->terms.transfer_discount.won);
    COLUMN_I64(&params, struct order, set, row->refunded.won);
    put_paid_at(&params, set);
    put_ends(&params, set);
    (void)exchange_send(exchange, &sql_store_order_update, &params);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Those of the set whose lines the database does not have yet, or has otherwise. */
static struct row_set with_items_changed(const struct row_set *set, struct fc_arena *arena)
{
    struct row_set changed = {fc_arena_take(arena, (size_t)set->count, sizeof(void *)), 0};

    FC_ASSERT(changed.rows != NULL);
    for (int32_t i = 0; i < set->count; i++) {
        const struct order *order = set->rows[i];

        if (order->items_changed)
            changed.rows[changed.count++] = order;
    }
    return changed;
}

static void delete_lines(const struct row_set *set, struct exchange *exchange)
{
    struct db_params params;

    if (set->count == 0)
        return;
    db_params_init(&params, exchange->arena);
    COLUMN_UUID(&params, struct order, set, &row->terms.order_id);
    (void)exchange_send(exchange, &sql_store_order_line_delete, &params);
}

/* One column over all lines of all orders: `order` and `item` are in scope of `put`. */
#define LINE_COLUMN(params, db_type, set, put)                                       \
    do {                                                                             \
        db_array_begin(params, db_type);                                             \
        for (int32_t i = 0; i < (set)->count; i++) {                                 \
            const struct order *order = (set)->rows[i];                              \
            const struct order_item *end = order->items + order->item_count;         \
            for (const struct order_item *item = order->items; item < end; item++) { \
                put;                                                                 \
            }                                                                        \
        }                                                                            \
        db_array_end(params);                                                        \
    } while (0)

static void insert_lines(const struct row_set *set, struct exchange *exchange)
{
    struct db_params params;

    if (set->count == 0)
        return;
    db_params_init(&params, exchange->arena);
    LINE_COLUMN(&params, DB_UUID, set, db_array_uuid(&params, &order->terms.order_id));
    LINE_COLUMN(&params, DB_I64, set, db_array_i64(&params, item->sold.option_id));
    LINE_COLUMN(&params, DB_I64, set, db_array_i64(&params, item->sold.product_id));
    LINE_COLUMN(&params, DB_I32, set, db_array_i32(&params, (int32_t)item->sold.quantity));
    LINE_COLUMN(&params, DB_I64, set, db_array_i64(&params, item->sold.unit_price.won));
    LINE_COLUMN(&params, DB_I32, set, db_array_i32(&params, (int32_t)item->shipped));
    LINE_COLUMN(&params, DB_TEXT, set, db_array_text(&params, item->sold.category));
    (void)exchange_send(exchange, &sql_store_order_line_insert, &params);
}

void store_orders_send(const struct shop *shop, struct exchange *exchange)
{
    struct row_set born = ROW_SET(shop, orders, struct order, row, ROW_BORN);
    struct row_set changed = ROW_SET(shop, orders, struct order, row, ROW_CHANGED);
    struct row_set rewritten = with_items_changed(&changed, shop->arena);

    if (born.count > 0)
        insert_orders(&born, exchange);
    if (changed.count > 0)
        update_orders(&changed, exchange);
    delete_lines(&rewritten, exchange);
    insert_lines(&rewritten, exchange);
    insert_lines(&born, exchange);
}
