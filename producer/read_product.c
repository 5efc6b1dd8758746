#include "producer/read_parts.h"

#include "base/limits.h"
#include "producer/request.h"
#include "sql/queries.h"
#include "wire/words.h"

#include <string.h>

/* The columns of read/product.sql and read/products_*.sql: a row an option. */
enum column {
    COLUMN_PRODUCT_ID,
    COLUMN_NAME,
    COLUMN_PRICE,
    COLUMN_CATEGORY,
    COLUMN_STATUS,
    COLUMN_FIRST_COME,
    COLUMN_CREATED_AT,
    COLUMN_OPTION_ID,
    COLUMN_OPTION_NAME,
    COLUMN_SURCHARGE,
    COLUMN_AVAILABLE
};

enum sort { SORT_NEWEST, SORT_CHEAPEST, SORT_DEAREST, SORT_BY_NAME, SORT_COUNT };

static const char *const sort_words[SORT_COUNT] = {"newest", "price", "-price", "name"};
static const char *const sold_out_words[] = {"include", "exclude"};
static const char *const by_words[] = {"quantity", "orders", "revenue"};

/* Days that a ranking may span. */
#define TOP_DAYS_MAX 3660

/* --- the list --------------------------------------------------------------------------------- */

static void put_optional_text(struct db_params *params, struct fc_str text)
{
    if (text.len > 0)
        db_param_text(params, text);
    else
        db_param_null(params);
}

static void put_optional_i64(struct db_params *params, bool given, int64_t value)
{
    if (given)
        db_param_i64(params, value);
    else
        db_param_null(params);
}

static void put_position(struct db_params *params, int32_t sort, const struct page *page)
{
    const struct cursor *cursor = &page->cursor;

    if (!page->continues) {
        db_param_null(params);
        db_param_null(params);
        return;
    }
    if (sort == SORT_NEWEST)
        db_param_instant(params, (struct fc_instant){cursor->number});
    else if (sort == SORT_BY_NAME)
        db_param_text(params, (struct fc_str){cursor->text, cursor->text_len});
    else
        db_param_i64(params, cursor->number);
    db_param_i64(params, cursor->id);
}

/* Everything a list is filtered by, so that its cursors are of no use to another. */
static void put_scope(struct request *request, struct query *query)
{
    for (int32_t i = 0; i < query->count; i++) {
        const struct request_arg *arg = &query->args[i];

        if (fc_str_eq(arg->name, FC_STR("cursor")) || fc_str_eq(arg->name, FC_STR("limit")))
            continue;
        /* A sum, as the order in which they stand means nothing. */
        request->page_scope += page_scope(page_scope(0, arg->name), arg->value);
    }
}

const struct sql_query *read_ask_products(struct request *request, struct query *query,
                                          struct db_params *params)
{
    static const struct sql_query *const statements[SORT_COUNT] = {
        &sql_read_products_newest, &sql_read_products_cheapest, &sql_read_products_dearest,
        &sql_read_products_by_name};
    struct fc_str text = FC_STR_NONE;
    struct fc_str category = FC_STR_NONE;
    struct page page;
    int64_t price_min = 0;
    int64_t price_max = 0;
    int32_t sold_out = 0;

    request->choice = SORT_NEWEST;
    (void)query_text(query, "q", NAME_BYTES_MAX, &text);
    (void)query_text(query, "category", NAME_BYTES_MAX, &category);
    bool has_min = query_i64(query, "price_min", 0, PRICE_KRW_MAX, &price_min);
    bool has_max = query_i64(query, "price_max", 0, PRICE_KRW_MAX, &price_max);

    if (has_min && has_max && price_min > price_max)
        query_fault(query, "price_max", "must not be below price_min");
    (void)query_choice(query, "sort", sort_words, SORT_COUNT, &request->choice);
    (void)query_choice(query, "sold_out", sold_out_words, FC_ARRAY_COUNT(sold_out_words),
                       &sold_out);
    put_scope(request, query);
    page_read(query, request, &page);
    put_optional_text(params, text);
    put_optional_text(params, category);
    put_optional_i64(params, has_min, price_min);
    put_optional_i64(params, has_max, price_max);
    db_param_bool(params, sold_out == 1);
    put_position(params, request->choice, &page);
    db_param_i64(params, page.limit + 1);
    return statements[request->choice];
}

static void put_option(struct wire_json *json, const struct db_rows *rows, int32_t row)
{
    int64_t surcharge = db_i64(rows, row, COLUMN_SURCHARGE);

    wire_json_object_begin(json);
    wire_put_int(json, "option_id", db_i64(rows, row, COLUMN_OPTION_ID));
    wire_put_str(json, "name", db_text(rows, row, COLUMN_OPTION_NAME));
    wire_put_int(json, "surcharge", surcharge);
    wire_put_int(json, "price", db_i64(rows, row, COLUMN_PRICE) + surcharge);
    wire_put_int(json, "available", db_i64(rows, row, COLUMN_AVAILABLE));
    wire_json_object_end(json);
}

/* The row behind the last of the product that begins at `row`, and what is left of it. */
static int32_t product_end(const struct db_rows *rows, int32_t row, int64_t *ret_available)
{
    int64_t product_id = db_i64(rows, row, COLUMN_PRODUCT_ID);
    int32_t count = db_rows_count(rows);

    *ret_available = 0;
    for (; row < count && db_i64(rows, row, COLUMN_PRODUCT_ID) == product_id; row++)
        *ret_available += db_i64(rows, row, COLUMN_AVAILABLE);
    return row;
}

static int32_t put_product(struct wire_json *json, const struct db_rows *rows, int32_t row)
{
    struct fc_str status = db_text(rows, row, COLUMN_STATUS);
    int64_t available;
    int32_t end = product_end(rows, row, &available);

    if (fc_str_eq(status, FC_STR("on_sale")) && available == 0)
        status = FC_STR("sold_out");
    wire_json_object_begin(json);
    wire_put_int(json, "product_id", db_i64(rows, row, COLUMN_PRODUCT_ID));
    wire_put_str(json, "name", db_text(rows, row, COLUMN_NAME));
    wire_put_int(json, "price", db_i64(rows, row, COLUMN_PRICE));
    wire_put_str(json, "category", db_text(rows, row, COLUMN_CATEGORY));
    wire_put_str(json, "status", status);
    wire_put_bool(json, "first_come", db_bool(rows, row, COLUMN_FIRST_COME));
    wire_put_int(json, "available", available);
    wire_json_key(json, "options");
    wire_json_array_begin(json);
    for (; row < end; row++)
        if (!db_is_null(rows, row, COLUMN_OPTION_ID))
            put_option(json, rows, row);
    wire_json_array_end(json);
    wire_json_object_end(json);
    return end;
}

static struct cursor cursor_of(const struct db_rows *rows, int32_t row, int32_t sort)
{
    struct cursor cursor = {.id = db_i64(rows, row, COLUMN_PRODUCT_ID)};
    struct fc_str name = db_text(rows, row, COLUMN_NAME);

    if (sort == SORT_NEWEST) {
        cursor.number = db_instant(rows, row, COLUMN_CREATED_AT).us;
    } else if (sort == SORT_BY_NAME && name.len <= sizeof(cursor.text)) {
        memcpy(cursor.text, name.ptr, name.len);
        cursor.text_len = name.len;
    } else {
        cursor.number = db_i64(rows, row, COLUMN_PRICE);
    }
    return cursor;
}

enum read_found read_write_products(const struct request *request, const struct db_rows *rows,
                                    struct wire_json *json)
{
    int32_t count = db_rows_count(rows);
    struct cursor last = {.number = 0};
    int32_t row = 0;

    page_begin(json);
    for (int32_t i = 0; i < request->page_limit && row < count; i++) {
        last = cursor_of(rows, row, request->choice);
        row = put_product(json, rows, row);
    }
    page_end(json, request, row < count ? &last : NULL);
    return READ_FOUND;
}

enum read_found read_write_product(const struct request *request, const struct db_rows *rows,
                                   struct wire_json *json)
{
    (void)request;
    if (db_rows_count(rows) == 0)
        return READ_UNKNOWN;
    (void)put_product(json, rows, 0);
    return READ_FOUND;
}

/* --- the ranking ------------------------------------------------------------------------------ */

/* `days` that end with `to` or today, or all from `from`; days are Seoul's. */
static void read_span(struct query *query, struct request *request)
{
    int64_t days = 3;
    bool has_days = query_i64(query, "days", 1, TOP_DAYS_MAX, &days);

    request->day_to = fc_day_seoul(request->at);
    (void)query_day(query, "to", &request->day_to);
    request->day_from.days = request->day_to.days - (int32_t)days + 1;
    if (!query_day(query, "from", &request->day_from))
        return;
    if (has_days)
        query_fault(query, "days", "means nothing beside from");
    if (request->day_from.days > request->day_to.days)
        query_fault(query, "from", "must not be after to");
    if (request->day_to.days - request->day_from.days >= TOP_DAYS_MAX)
        query_fault(query, "from", "is too long before to");
}

const struct sql_query *read_ask_top(struct request *request, struct query *query,
                                     struct db_params *params)
{
    struct fc_str category = FC_STR_NONE;
    int64_t limit = 5;

    request->choice = 0;
    read_span(query, request);
    (void)query_choice(query, "by", by_words, FC_ARRAY_COUNT(by_words), &request->choice);
    (void)query_text(query, "category", NAME_BYTES_MAX, &category);
    (void)query_i64(query, "limit", 1, PAGE_ITEMS_MAX, &limit);
    db_param_day(params, request->day_from);
    db_param_day(params, request->day_to);
    put_optional_text(params, category);
    db_param_i64(params, request->choice);
    db_param_i64(params, limit);
    return &sql_read_products_top;
}

enum read_found read_write_top(const struct request *request, const struct db_rows *rows,
                               struct wire_json *json)
{
    wire_json_object_begin(json);
    wire_json_key(json, "from");
    wire_json_day(json, request->day_from);
    wire_json_key(json, "to");
    wire_json_day(json, request->day_to);
    wire_put_word(json, "by", by_words[request->choice]);
    wire_json_key(json, "items");
    wire_json_array_begin(json);
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        wire_json_object_begin(json);
        wire_put_int(json, "rank", row + 1);
        wire_put_int(json, "product_id", db_i64(rows, row, 0));
        wire_put_str(json, "name", db_text(rows, row, 1));
        wire_put_int(json, "quantity", db_i64(rows, row, 2));
        wire_put_int(json, "orders", db_i64(rows, row, 3));
        wire_put_int(json, "revenue", db_i64(rows, row, 4));
        wire_json_object_end(json);
    }
    wire_json_array_end(json);
    wire_json_key(json, "next_cursor");
    wire_json_null(json);
    wire_json_object_end(json);
    return READ_FOUND;
}
