#include "producer/read_parts.h"

#include "producer/request.h"
#include "sql/queries.h"
#include "wire/words.h"

static const char *const coupon_words[] = {"available", "used", "expired", "cancelled"};

/* The columns of read/user_coupons.sql and read/coupon.sql. */
enum column {
    COLUMN_COUPON_ID,
    COLUMN_TEMPLATE_ID,
    COLUMN_USER_ID,
    COLUMN_POSITION,
    COLUMN_STATUS,
    COLUMN_DISCOUNT_TYPE,
    COLUMN_DISCOUNT_VALUE,
    COLUMN_MIN_TOTAL,
    COLUMN_ISSUED_AT,
    COLUMN_EXPIRES_AT,
    COLUMN_ORDER_ID
};

static void put_discount(struct wire_json *json, struct fc_str type, int64_t value)
{
    wire_json_key(json, "discount");
    wire_json_object_begin(json);
    wire_put_str(json, "type", type);
    wire_put_int(json, "value", value);
    wire_json_object_end(json);
}

static void put_uuid(struct wire_json *json, const char *key, struct fc_uuid id)
{
    wire_put_uuid(json, key, &id);
}

static void put_nullable_i64(struct wire_json *json, const char *key, const struct db_rows *rows,
                             int32_t row, int32_t column)
{
    wire_json_key(json, key);
    if (db_is_null(rows, row, column))
        wire_json_null(json);
    else
        wire_json_i64(json, db_i64(rows, row, column));
}

enum read_found read_write_balance(const struct request *request, const struct db_rows *rows,
                                   struct wire_json *json)
{
    (void)request;
    if (db_rows_count(rows) == 0)
        return READ_UNKNOWN;
    if (db_is_null(rows, 0, 1))
        return READ_NO_WALLET;
    wire_json_object_begin(json);
    wire_put_int(json, "user_id", db_i64(rows, 0, 0));
    wire_put_int(json, "balance", db_i64(rows, 0, 1));
    if (db_i64(rows, 0, 2) > 0)
        wire_put_int(json, "held", db_i64(rows, 0, 2));
    wire_json_object_end(json);
    return READ_FOUND;
}

/* --- history ---------------------------------------------------------------------------------- */

const struct sql_query *read_ask_history(struct request *request, struct query *query,
                                         struct db_params *params)
{
    struct page page;

    page_read(query, request, &page);
    db_param_i64(params, request->path_id);
    page_put_position(params, &page);
    db_param_i64(params, page.limit + 1);
    return &sql_read_balance_history;
}

enum read_found read_write_history(const struct request *request, const struct db_rows *rows,
                                   struct wire_json *json)
{
    int32_t count = db_rows_count(rows);
    struct cursor last = {.number = 0};
    int32_t row = 0;

    if (count == 0)
        return READ_UNKNOWN;
    page_begin(json);
    for (; row < count && row < request->page_limit && !db_is_null(rows, row, 0); row++) {
        wire_json_object_begin(json);
        wire_put_instant(json, "at", db_instant(rows, row, 2));
        wire_put_str(json, "kind", db_text(rows, row, 3));
        wire_put_int(json, "amount", db_i64(rows, row, 4));
        wire_put_int(json, "balance", db_i64(rows, row, 5));
        put_uuid(json, "command_id", db_uuid(rows, row, 6));
        wire_json_object_end(json);
        last = (struct cursor){.number = db_i64(rows, row, 0), .id = db_i64(rows, row, 1)};
    }
    page_end(json, request, count > request->page_limit ? &last : NULL);
    return READ_FOUND;
}

/* --- coupons ---------------------------------------------------------------------------------- */

const struct sql_query *read_ask_coupons(struct request *request, struct query *query,
                                         struct db_params *params)
{
    struct page page;
    int32_t status = -1;

    (void)query_choice(query, "status", coupon_words, FC_ARRAY_COUNT(coupon_words), &status);
    if (status >= 0)
        request->page_scope = page_scope(request->page_scope, fc_str_of(coupon_words[status]));
    page_read(query, request, &page);
    db_param_i64(params, request->path_id);
    if (status >= 0)
        db_param_text(params, fc_str_of(coupon_words[status]));
    else
        db_param_null(params);
    if (page.continues)
        db_param_uuid(params, &page.cursor.uuid);
    else
        db_param_null(params);
    db_param_i64(params, page.limit + 1);
    return &sql_read_user_coupons;
}

static void put_coupon(struct wire_json *json, const struct db_rows *rows, int32_t row)
{
    wire_json_object_begin(json);
    put_uuid(json, "coupon_id", db_uuid(rows, row, COLUMN_COUPON_ID));
    put_nullable_i64(json, "template_id", rows, row, COLUMN_TEMPLATE_ID);
    wire_put_int(json, "user_id", db_i64(rows, row, COLUMN_USER_ID));
    wire_put_int(json, "position", db_i64(rows, row, COLUMN_POSITION));
    wire_put_str(json, "status", db_text(rows, row, COLUMN_STATUS));
    put_discount(json, db_text(rows, row, COLUMN_DISCOUNT_TYPE),
                 db_i64(rows, row, COLUMN_DISCOUNT_VALUE));
    wire_put_int(json, "min_total", db_i64(rows, row, COLUMN_MIN_TOTAL));
    wire_put_instant(json, "issued_at", db_instant(rows, row, COLUMN_ISSUED_AT));
    wire_put_expiry(json, !db_is_null(rows, row, COLUMN_EXPIRES_AT),
                    db_instant(rows, row, COLUMN_EXPIRES_AT));
    if (!db_is_null(rows, row, COLUMN_ORDER_ID))
        put_uuid(json, "order_id", db_uuid(rows, row, COLUMN_ORDER_ID));
    wire_json_object_end(json);
}

enum read_found read_write_coupons(const struct request *request, const struct db_rows *rows,
                                   struct wire_json *json)
{
    int32_t count = db_rows_count(rows);
    struct cursor last = {.number = 0};

    if (count == 0)
        return READ_UNKNOWN;
    page_begin(json);
    for (int32_t row = 0; row < count && row < request->page_limit; row++) {
        if (db_is_null(rows, row, COLUMN_COUPON_ID))
            break;
        put_coupon(json, rows, row);
        last.uuid = db_uuid(rows, row, COLUMN_COUPON_ID);
    }
    page_end(json, request, count > request->page_limit ? &last : NULL);
    return READ_FOUND;
}

enum read_found read_write_coupon(const struct request *request, const struct db_rows *rows,
                                  struct wire_json *json)
{
    if (db_rows_count(rows) == 0)
        return READ_UNKNOWN;
    if (!read_may_see(request, rows, COLUMN_USER_ID))
        return READ_FORBIDDEN;
    put_coupon(json, rows, 0);
    return READ_FOUND;
}

/* The columns of read/template.sql, in their order. */
enum read_found read_write_template(const struct request *request, const struct db_rows *rows,
                                    struct wire_json *json)
{
    (void)request;
    if (db_rows_count(rows) == 0)
        return READ_UNKNOWN;
    int64_t issued = db_i64(rows, 0, 9);

    wire_json_object_begin(json);
    wire_put_int(json, "template_id", db_i64(rows, 0, 0));
    wire_put_str(json, "name", db_text(rows, 0, 1));
    put_discount(json, db_text(rows, 0, 2), db_i64(rows, 0, 3));
    put_nullable_i64(json, "quantity", rows, 0, 4);
    wire_put_instant(json, "issue_from", db_instant(rows, 0, 5));
    wire_put_instant(json, "issue_until", db_instant(rows, 0, 6));
    put_nullable_i64(json, "valid_days", rows, 0, 7);
    wire_put_int(json, "min_total", db_i64(rows, 0, 8));
    wire_put_int(json, "issued", issued);
    wire_json_key(json, "remaining");
    if (db_is_null(rows, 0, 4))
        wire_json_null(json);
    else
        wire_json_i64(json, db_i64(rows, 0, 4) - issued);
    wire_json_object_end(json);
    return READ_FOUND;
}
