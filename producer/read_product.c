#include "producer/read_parts.h"

#include "base/assert.h"
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

/* --- the list --------------------------------------------------------------------------------- */

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

/* The same for those that are sorted as asked: which order, the id, one value of each kind. */
static void put_sorted_position(struct db_params *params, int32_t sort, const struct page *page)
{
    const struct cursor *cursor = &page->cursor;
    bool by_price = sort == SORT_CHEAPEST || sort == SORT_DEAREST;

    db_param_i64(params, sort);
    read_param_i64(params, page->continues, cursor->id);
    if (page->continues && sort == SORT_NEWEST)
        db_param_instant(params, (struct fc_instant){cursor->number});
    else
        db_param_null(params);
    read_param_i64(params, page->continues && by_price, cursor->number);
    if (page->continues && sort == SORT_BY_NAME)
        db_param_text(params, (struct fc_str){cursor->text, cursor->text_len});
    else
        db_param_null(params);
}

/* A pattern that finds `text` anywhere in a name. */
static struct fc_str pattern_of(struct fc_arena *arena, struct fc_str text)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct fc_str pattern = FC_STR_NONE;

    fc_buf_put_char(&buf, '%');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '%' || text.ptr[i] == '_' || text.ptr[i] == '\\')
            fc_buf_put_char(&buf, '\\');
        fc_buf_put_char(&buf, text.ptr[i]);
    }
    fc_buf_put_char(&buf, '%');
    if (!fc_arena_buf_end(arena, &buf, &pattern))
        FC_UNREACHABLE("a request begins with an empty arena");
    return pattern;
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

/* What a list of products is asked for. */
struct filter {
    struct fc_str text;     /* part of the name; empty: any */
    struct fc_str category; /* empty: any */
    bool has_min;
    bool has_max;
    int64_t price_min;
    int64_t price_max;
    int32_t sold_out; /* of sold_out_words */
};

static void filter_read(struct query *query, struct request *request, struct filter *ret_filter)
{
    *ret_filter = (struct filter){FC_STR_NONE, FC_STR_NONE, false, false, 0, 0, 0};
    request->choice = SORT_NEWEST;
    (void)query_text(query, "q", NAME_BYTES_MAX, &ret_filter->text);
    (void)query_text(query, "category", NAME_BYTES_MAX, &ret_filter->category);
    ret_filter->has_min = query_i64(query, "price_min", 0, PRICE_KRW_MAX, &ret_filter->price_min);
    ret_filter->has_max = query_i64(query, "price_max", 0, PRICE_KRW_MAX, &ret_filter->price_max);
    if (ret_filter->has_min && ret_filter->has_max && ret_filter->price_min > ret_filter->price_max)
        query_fault(query, "price_max", "must not be below price_min");
    (void)query_choice(query, "sort", sort_words, SORT_COUNT, &request->choice);
    (void)query_choice(query, "sold_out", sold_out_words, FC_ARRAY_COUNT(sold_out_words),
                       &ret_filter->sold_out);
}

static void put_bounds(struct db_params *params, const struct filter *filter)
{
    read_param_i64(params, filter->has_min, filter->price_min);
    read_param_i64(params, filter->has_max, filter->price_max);
    db_param_bool(params, filter->sold_out == 1);
}

/*
 * A category or a name leaves few enough products to sort them; a list of all walks the index of
 * its order. Each is a statement of its own, so that there is one index to begin with, whatever
 * else it is asked for.
 */
const struct sql_query *read_ask_products(struct request *request, struct query *query,
                                          struct db_params *params)
{
    static const struct sql_query *const walks[SORT_COUNT] = {
        &sql_read_products_newest, &sql_read_products_cheapest, &sql_read_products_dearest,
        &sql_read_products_by_name};
    struct filter filter;
    struct page page;

    filter_read(query, request, &filter);
    put_scope(request, query);
    page_read(query, request, &page);
    if (filter.text.len == 0 && filter.category.len == 0) {
        put_bounds(params, &filter);
        put_position(params, request->choice, &page);
        db_param_i64(params, page.limit + 1);
        return walks[request->choice];
    }
    struct fc_str pattern =
        filter.text.len > 0 ? pattern_of(query->arena, filter.text) : FC_STR_NONE;

    db_param_text(params, filter.category.len > 0 ? filter.category : pattern);
    put_bounds(params, &filter);
    put_sorted_position(params, request->choice, &page);
    db_param_i64(params, page.limit + 1);
    if (filter.category.len == 0)
        return &sql_read_products_found;
    read_param_text(params, pattern);
    return &sql_read_products_of_category;
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
