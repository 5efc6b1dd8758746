#include "producer/read_parts.h"

#include "base/assert.h"
#include "producer/request.h"
#include "sql/queries.h"
#include "wire/event.h"
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
    COLUMN_FROM_BALANCE,
    COLUMN_TRANSFER_DISCOUNT,
    COLUMN_REFUNDED,
    COLUMN_FAILURE,
    COLUMN_ORDERED_AT,
    COLUMN_PAID_AT,
    COLUMN_EXPIRES_AT,
    COLUMN_OPTION_ID,
    COLUMN_PRODUCT_ID,
    COLUMN_QUANTITY,
    COLUMN_UNIT_PRICE,
    COLUMN_SHIPPED,
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
    wire_put_int(json, "shipped", db_i64(rows, row, COLUMN_SHIPPED));
    wire_json_object_end(json);
}

/* Writes the lines from `row` on that are the same order's; the row behind the last. */
static int32_t put_lines(struct wire_json *json, const struct db_rows *rows, int32_t row)
{
    struct fc_uuid order_id = db_uuid(rows, row, COLUMN_ORDER_ID);
    int32_t count = db_rows_count(rows);

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
    return row;
}

/* What it costs is `paid` once it is paid; until then, and when nothing came of it, nothing is. */
static void put_amounts(struct wire_json *json, const struct db_rows *rows, int32_t row)
{
    struct fc_str status = db_text(rows, row, COLUMN_STATUS);
    struct fc_str method = db_text(rows, row, COLUMN_PAYMENT_METHOD);
    int64_t cost = db_i64(rows, row, COLUMN_PAID);
    int64_t from_balance = db_i64(rows, row, COLUMN_FROM_BALANCE);

    wire_put_int(json, "total", db_i64(rows, row, COLUMN_TOTAL));
    wire_put_int(json, "discount", db_i64(rows, row, COLUMN_DISCOUNT));
    wire_put_int(json, "paid", db_is_null(rows, row, COLUMN_PAID_AT) ? 0 : cost);
    if (fc_str_eq(status, FC_STR("cancelled")))
        wire_put_int(json, "refunded", db_i64(rows, row, COLUMN_REFUNDED));
    if (!db_is_null(rows, row, COLUMN_COUPON_ID)) {
        struct fc_uuid coupon_id = db_uuid(rows, row, COLUMN_COUPON_ID);

        wire_put_uuid(json, "coupon_id", &coupon_id);
    }
    wire_json_key(json, "payment");
    wire_json_object_begin(json);
    wire_put_str(json, "method", method);
    if (fc_str_eq(method, fc_str_of(wire_payment_words[PAYMENT_BANK_TRANSFER]))) {
        wire_put_int(json, "from_balance", from_balance);
        wire_put_int(json, "transfer", cost - from_balance);
        wire_put_int(json, "discount", db_i64(rows, row, COLUMN_TRANSFER_DISCOUNT));
    }
    wire_json_object_end(json);
}

/* Why a failed order failed. One whose payment was never settled is as good as timed out. */
static void put_problem(struct wire_json *json, struct fc_str failure)
{
    bool declined = fc_str_eq(failure, fc_str_of(wire_failure_words[ORDER_DECLINED]));
    enum verdict verdict = declined ? VERDICT_PAYMENT_DECLINED : VERDICT_PAYMENT_TIMED_OUT;
    char sentence[128];
    char text[512];
    struct fc_buf detail = fc_buf_of(sentence, sizeof(sentence));
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    wire_problem_detail(&detail, verdict, 0);
    wire_problem_put(&buf, wire_problem_of(verdict), fc_buf_str(&detail), NULL);
    FC_ASSERT(!detail.overflow && !buf.overflow);
    wire_json_key(json, "problem");
    wire_json_raw(json, fc_buf_str(&buf));
}

static void put_optional_instant(struct wire_json *json, const char *key,
                                 const struct db_rows *rows, int32_t row, int32_t column)
{
    if (!db_is_null(rows, row, column))
        wire_put_instant(json, key, db_instant(rows, row, column));
}

/* Writes the order that begins at `row`; the row behind its last line. */
static int32_t put_order(struct wire_json *json, const struct db_rows *rows, int32_t row)
{
    struct fc_uuid order_id = db_uuid(rows, row, COLUMN_ORDER_ID);

    wire_json_object_begin(json);
    wire_put_uuid(json, "order_id", &order_id);
    wire_put_int(json, "user_id", db_i64(rows, row, COLUMN_USER_ID));
    wire_put_str(json, "status", db_text(rows, row, COLUMN_STATUS));
    int32_t end = put_lines(json, rows, row);

    put_amounts(json, rows, row);
    wire_put_instant(json, "ordered_at", db_instant(rows, row, COLUMN_ORDERED_AT));
    put_optional_instant(json, "paid_at", rows, row, COLUMN_PAID_AT);
    put_optional_instant(json, "expires_at", rows, row, COLUMN_EXPIRES_AT);
    if (!db_is_null(rows, row, COLUMN_FAILURE))
        put_problem(json, db_text(rows, row, COLUMN_FAILURE));
    wire_json_object_end(json);
    return end;
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
    if (!read_may_see(request, rows, COLUMN_USER_ID))
        return READ_FORBIDDEN;
    (void)put_order(json, rows, 0);
    return READ_FOUND;
}

/* --- history ---------------------------------------------------------------------------------- */

/* The columns of read/order_history.sql: a row an event. */
enum history_column {
    HISTORY_USER_ID,
    HISTORY_SEQ,
    HISTORY_PLACE,
    HISTORY_AT,
    HISTORY_COMMAND_ID,
    HISTORY_EVENT,
    HISTORY_FETCHED
};

const struct sql_query *read_ask_order_history(struct request *request, struct query *query,
                                               struct db_params *params)
{
    struct page page;

    page_read(query, request, &page);
    db_param_uuid(params, &request->path_uuid);
    page_put_position(params, &page);
    db_param_i64(params, page.limit + 1);
    db_param_i64(params, READ_HISTORY_BYTES_MAX);
    return &sql_read_order_history;
}

/* Each as it was announced. */
enum read_found read_write_order_history(const struct request *request, const struct db_rows *rows,
                                         struct wire_json *json)
{
    int32_t count = db_rows_count(rows);
    struct cursor last = {.number = 0};
    int64_t fetched = 0;
    int32_t row = 0;

    if (count == 0)
        return READ_UNKNOWN;
    if (!read_may_see(request, rows, HISTORY_USER_ID))
        return READ_FORBIDDEN;
    page_begin(json);
    for (; row < count && row < request->page_limit && !db_is_null(rows, row, HISTORY_SEQ); row++) {
        struct wire_event_origin origin = {.command_id = db_uuid(rows, row, HISTORY_COMMAND_ID),
                                           .decided_at = db_instant(rows, row, HISTORY_AT)};
        int64_t place = db_i64(rows, row, HISTORY_PLACE);

        wire_json_raw(json, FC_STR_NONE); /* the comma */
        wire_event_announce(json->buf, &origin, (int32_t)place - 1,
                            db_text(rows, row, HISTORY_EVENT));
        last = (struct cursor){.number = db_i64(rows, row, HISTORY_SEQ), .id = place};
        fetched = db_i64(rows, row, HISTORY_FETCHED);
    }
    page_end(json, request, row < fetched ? &last : NULL);
    return READ_FOUND;
}
