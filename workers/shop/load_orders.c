#include "shop/load_orders.h"

#include "base/assert.h"
#include "shop/columns.h"
#include "shop/texts.h"
#include "wire/command.h"

/* Columns of sql_load_orders: an order's row, and what those columns are in a line's row. */
enum {
    ORDER_ID,
    OPTION_ID,
    USER_ID,
    KEY,
    TOTAL,
    PAID,
    REFUNDED,
    DISCOUNT,
    STATUS,
    COUPON_ID,
    PAYMENT,
    FROM_BALANCE,
    TRANSFER_RATE,
    TRANSFER_DISCOUNT,
    ORDERED_AT,
    PAID_AT,
    EXPIRES_AT,
    FAILURE,
    VERSION,
    LINE_PRODUCT_ID = USER_ID,
    LINE_CATEGORY = KEY,
    LINE_QUANTITY = TOTAL,
    LINE_UNIT_PRICE = PAID,
    LINE_SHIPPED = REFUNDED
};

static void take_terms(const struct db_rows *rows, int32_t row, struct order_terms *terms)
{
    terms->user_id = db_i64(rows, row, USER_ID);
    if (!wire_command_key_parse(db_text(rows, row, KEY), &terms->key))
        FC_UNREACHABLE("an order's key was written by wire_command_key_put");
    terms->total = KRW(db_i64(rows, row, TOTAL));
    terms->discount = KRW(db_i64(rows, row, DISCOUNT));
    terms->paid = KRW(db_i64(rows, row, PAID));
    terms->has_coupon = !db_is_null(rows, row, COUPON_ID);
    terms->coupon_id = db_uuid(rows, row, COUPON_ID);
    terms->payment = payment_of_text(db_text(rows, row, PAYMENT));
    terms->from_balance = KRW(db_i64(rows, row, FROM_BALANCE));
    terms->transfer_rate = (int32_t)db_i64(rows, row, TRANSFER_RATE);
    terms->transfer_discount = KRW(db_i64(rows, row, TRANSFER_DISCOUNT));
    terms->ordered_at = db_instant(rows, row, ORDERED_AT);
    terms->paid_at = db_instant(rows, row, PAID_AT);
}

static struct order *take_order(const struct db_rows *rows, int32_t row, struct shop *shop)
{
    struct fc_uuid id = db_uuid(rows, row, ORDER_ID);
    struct order *order = shop_put_order(shop, &id);

    order->row = (struct row_mark){.exists = true, .loaded = true};
    take_terms(rows, row, &order->terms);
    order->status = order_status_of_text(db_text(rows, row, STATUS));
    if (!db_is_null(rows, row, FAILURE))
        order->failure = failure_of_text(db_text(rows, row, FAILURE));
    order->expires = !db_is_null(rows, row, EXPIRES_AT);
    order->expires_at = db_instant(rows, row, EXPIRES_AT);
    order->refunded = KRW(db_i64(rows, row, REFUNDED));
    order->version = db_i64(rows, row, VERSION);
    order->version_loaded = order->version;
    return order;
}

static void take_item(const struct db_rows *rows, int32_t row, struct fc_str category,
                      struct order_item *item)
{
    item->sold = (struct sold_line){
        .option_id = db_i64(rows, row, OPTION_ID),
        .product_id = db_i64(rows, row, LINE_PRODUCT_ID),
        .quantity = db_i64(rows, row, LINE_QUANTITY),
        .unit_price = KRW(db_i64(rows, row, LINE_UNIT_PRICE)),
        .category = category,
    };
    item->shipped = db_i64(rows, row, LINE_SHIPPED);
}

/* The lines of an order, from `row` on up to the next order; how many. */
static int32_t count_lines(const struct db_rows *rows, int32_t row)
{
    int32_t at = row;

    while (at < db_rows_count(rows) && !db_is_null(rows, at, OPTION_ID))
        at++;
    return at - row;
}

static void take_items(const struct db_rows *rows, int32_t row, struct shop *shop,
                       struct order *order)
{
    struct fc_str category = FC_STR("");

    order->item_count = count_lines(rows, row);
    order->items = shop_take(shop, order->item_count, sizeof(*order->items));
    for (int32_t i = 0; i < order->item_count; i++) {
        struct fc_str text = db_text(rows, row + i, LINE_CATEGORY);

        /* Things of one category stand side by side mostly. */
        if (!fc_str_eq(text, category) && !fc_arena_copy(shop->arena, text, &category))
            FC_UNREACHABLE("the gather leaves room for what is loaded");
        take_item(rows, row + i, category, &order->items[i]);
    }
}

void load_orders_take(const struct db_rows *rows, struct shop *shop)
{
    for (int32_t row = 0; row < db_rows_count(rows);) {
        struct order *order = take_order(rows, row, shop);

        take_items(rows, row + 1, shop, order);
        row += 1 + order->item_count;
    }
}
