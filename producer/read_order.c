#include "producer/read_parts.h"

#include "producer/request.h"
#include "sql/queries.h"
#include "wire/words.h"

/* The columns of read/user_orders.sql and read/order.sql: a row a line. */
enum column {
    COLUMN_ORDER_ID,
    COLUMN_USER_ID,
    COLUMN_STATUS,
    COLUMN_TOTAL,
    COLUMN_DISCOUNT,
    COLUMN_PAID,
    COLUMN_COUPON_ID,
    COLUMN_PAYMENT_METHOD,
    COLUMN_ORDERED_AT,
    COLUMN_PAID_AT,
    COLUMN_OPTION_ID,
    COLUMN_PRODUCT_ID,
    COLUMN_QUANTITY,
    COLUMN_UNIT_PRICE,
    COLUMN_FETCHED
};

const struct sql_query *read_ask_orders(struct request *request, struct query *query,
                                        struct db_params *params)
{
    struct page page;

    page_read(query, request, &page);
    db_param_i64(params, request->path_id);
    if (page.continues)
        db_param_uuid(params, &page.cursor.uuid);
    else
        db_param_null(params);
    db_param_i64(params, page.limit + 1);
    db_param_i64(params, READ_LINES_MAX);
    return &sql_read_user_orders;
}

static void put_line(struct wire_json *json, const struct db_rows *rows, int32_t row)
{
    int64_t quantity = db_i64(rows, row, COLUMN_QUANTITY);
    int64_t unit_price = db_i64(rows, row, COLUMN_UNIT_PRICE);

    wire_json_object_begin(json);
    wire_put_int(json, "option_id", db_i64(rows, row, COLUMN_OPTION_ID));
    wire_put_int(json, "product_id", db_i64(rows, row, COLUMN_PRODUCT_ID));
    wire_put_int(json, "quantity", quantity);
    wire_put_int(json, "unit_price", unit_price);
    wire_put_int(json, "amount", quantity * unit_price);
    wire_json_object_end(json);
}

/* Writes the order that begins at `row`; the row behind its last line. */
static int32_t put_order(struct wire_json *json, const struct db_rows *rows, int32_t row)
{
    struct fc_uuid order_id = db_uuid(rows, row, COLUMN_ORDER_ID);
    int32_t count = db_rows_count(rows);
    int32_t first = row;

    wire_json_object_begin(json);
    wire_put_uuid(json, "order_id", &order_id);
    wire_put_int(json, "user_id", db_i64(rows, row, COLUMN_USER_ID));
    wire_put_str(json, "status", db_text(rows, row, COLUMN_STATUS));
    wire_json_key(json, "lines");
    wire_json_array_begin(json);
    for (; row < count; row++) {
        struct fc_uuid line_order_id = db_uuid(rows, row, COLUMN_ORDER_ID);

        if (!fc_uuid_eq(&line_order_id, &order_id))
            break;
        if (!db_is_null(rows, row, COLUMN_OPTION_ID))
            put_line(json, rows, row);
    }
    wire_json_array_end(json);
    wire_put_int(json, "total", db_i64(rows, first, COLUMN_TOTAL));
    wire_put_int(json, "discount", db_i64(rows, first, COLUMN_DISCOUNT));
    wire_put_int(json, "paid", db_i64(rows, first, COLUMN_PAID));
    if (!db_is_null(rows, first, COLUMN_COUPON_ID)) {
        struct fc_uuid coupon_id = db_uuid(rows, first, COLUMN_COUPON_ID);

        wire_put_uuid(json, "coupon_id", &coupon_id);
    }
    wire_json_key(json, "payment");
    wire_json_object_begin(json);
    wire_put_str(json, "method", db_text(rows, first, COLUMN_PAYMENT_METHOD));
    wire_json_object_end(json);
    wire_put_instant(json, "ordered_at", db_instant(rows, first, COLUMN_ORDERED_AT));
    if (!db_is_null(rows, first, COLUMN_PAID_AT))
        wire_put_instant(json, "paid_at", db_instant(rows, first, COLUMN_PAID_AT));
    wire_json_object_end(json);
    return row;
}

enum read_found read_write_orders(const struct request *request, const struct db_rows *rows,
                                  struct wire_json *json)
{
    int32_t count = db_rows_count(rows);
    struct cursor last = {.number = 0};
    int64_t fetched = 0;
    int64_t written = 0;
    int32_t row = 0;

    if (count == 0)
        return READ_UNKNOWN;
    page_begin(json);
    while (row < count && written < request->page_limit &&
           !db_is_null(rows, row, COLUMN_ORDER_ID)) {
        fetched = db_i64(rows, row, COLUMN_FETCHED);
        last.uuid = db_uuid(rows, row, COLUMN_ORDER_ID);
        row = put_order(json, rows, row);
        written++;
    }
    page_end(json, request, written < fetched ? &last : NULL);
    return READ_FOUND;
}

enum read_found read_write_order(const struct request *request, const struct db_rows *rows,
                                 struct wire_json *json)
{
    if (db_rows_count(rows) == 0)
        return READ_UNKNOWN;
    if (!request->admin && db_i64(rows, 0, COLUMN_USER_ID) != request->user_id)
        return READ_FORBIDDEN;
    (void)put_order(json, rows, 0);
    return READ_FOUND;
}
