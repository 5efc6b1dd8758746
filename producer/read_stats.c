#include "producer/read_parts.h"

#include "base/limits.h"
#include "producer/request.h"
#include "sql/queries.h"
#include "wire/words.h"

static const char *const by_words[] = {"quantity", "orders", "revenue"};
static const char *const unit_words[] = {"day", "week", "month"};

/* Days that a ranking or a series may span, and periods of one day. */
#define SPAN_DAYS_MAX 3660
#define SERIES_DAYS_MAX 366
#define SERIES_DAYS_DEFAULT 30
/* 0001-01-01, the first day that can be named. */
#define DAY_MIN (-719162)

/* --- days ------------------------------------------------------------------------------------- */

/* The days that a reader names; both days are set, today being the last when none is named. */
struct span {
    bool has_from;
    bool has_to;
    struct fc_day from;
    struct fc_day to;
};

static void span_read(struct query *query, const struct request *request, struct span *ret_span)
{
    *ret_span = (struct span){.to = fc_day_seoul(request->at)};
    ret_span->has_to = query_day(query, "to", &ret_span->to);
    ret_span->from = ret_span->to;
    ret_span->has_from = query_day(query, "from", &ret_span->from);
    if (ret_span->from.days > ret_span->to.days)
        query_fault(query, "from", "must not be after to");
}

static int32_t span_days(const struct span *span)
{
    return span->to.days - span->from.days + 1;
}

/* --- the ranking ------------------------------------------------------------------------------ */

/* The columns of read/products_top.sql. */
enum top_column {
    TOP_FIRST,
    TOP_LAST,
    TOP_BY,
    TOP_PRODUCT_ID,
    TOP_NAME,
    TOP_QUANTITY,
    TOP_ORDERS,
    TOP_REVENUE
};

const struct sql_query *read_ask_top(struct request *request, struct query *query,
                                     struct db_params *params)
{
    struct fc_str category = FC_STR_NONE;
    struct span span;
    int64_t limit = 5;
    int64_t days = 0;
    int32_t by = 0;

    span_read(query, request, &span);
    bool has_days = query_i64(query, "days", 1, SPAN_DAYS_MAX, &days);

    if (span.has_from && has_days)
        query_fault(query, "days", "means nothing beside from");
    if (span.has_from && span_days(&span) > SPAN_DAYS_MAX)
        query_fault(query, "from", "is too long before to");
    bool has_by = query_choice(query, "by", by_words, FC_ARRAY_COUNT(by_words), &by);

    (void)query_text(query, "category", NAME_BYTES_MAX, &category);
    (void)query_i64(query, "limit", 1, PAGE_ITEMS_MAX, &limit);
    db_param_day(params, fc_day_seoul(request->at));
    read_param_day(params, span.has_from, span.from);
    read_param_day(params, span.has_to, span.to);
    read_param_i64(params, has_days, days);
    read_param_i64(params, has_by, by);
    read_param_text(params, category);
    db_param_i64(params, limit);
    return &sql_read_products_top;
}

static void put_day(struct wire_json *json, const char *key, struct fc_day day)
{
    wire_json_key(json, key);
    wire_json_day(json, day);
}

enum read_found read_write_top(const struct request *request, const struct db_rows *rows,
                               struct wire_json *json)
{
    bool any = !db_is_null(rows, 0, TOP_PRODUCT_ID);

    wire_json_object_begin(json);
    put_day(json, "from", db_day(rows, 0, TOP_FIRST));
    put_day(json, "to", db_day(rows, 0, TOP_LAST));
    wire_put_word(json, "by", by_words[db_i64(rows, 0, TOP_BY)]);
    wire_json_key(json, "items");
    wire_json_array_begin(json);
    for (int32_t row = 0; any && row < db_rows_count(rows); row++) {
        wire_json_object_begin(json);
        wire_put_int(json, "rank", row + 1);
        wire_put_int(json, "product_id", db_i64(rows, row, TOP_PRODUCT_ID));
        wire_put_str(json, "name", db_text(rows, row, TOP_NAME));
        wire_put_int(json, "quantity", db_i64(rows, row, TOP_QUANTITY));
        wire_put_int(json, "orders", db_i64(rows, row, TOP_ORDERS));
        wire_put_int(json, "revenue", db_i64(rows, row, TOP_REVENUE));
        wire_json_object_end(json);
    }
    page_end(json, request, NULL);
    return READ_FOUND;
}

/* --- the series of sales ---------------------------------------------------------------------- */

/* The columns of read/sales.sql. */
enum sales_column {
    SALES_PERIOD,
    SALES_FIRST,
    SALES_LAST,
    SALES_ORDERS,
    SALES_QUANTITY,
    SALES_REVENUE,
    SALES_CANCELLED_ORDERS,
    SALES_CANCELLED_QUANTITY,
    SALES_CANCELLED_REVENUE
};

enum unit { UNIT_DAY, UNIT_WEEK, UNIT_MONTH };

static void series_span(struct query *query, const struct request *request, int32_t unit,
                        struct span *ret_span)
{
    span_read(query, request, ret_span);
    if (!ret_span->has_from) {
        ret_span->from.days -= SERIES_DAYS_DEFAULT - 1;
        if (ret_span->from.days < DAY_MIN)
            ret_span->from.days = DAY_MIN;
    }
    if (unit == UNIT_DAY && span_days(ret_span) > SERIES_DAYS_MAX)
        query_fault(query, "from", "is more than 366 days before to; ask by week or month");
    else if (span_days(ret_span) > SPAN_DAYS_MAX)
        query_fault(query, "from", "is too long before to");
}

const struct sql_query *read_ask_sales(struct request *request, struct query *query,
                                       struct db_params *params)
{
    struct fc_str category = FC_STR_NONE;
    struct span span;
    int64_t product_id = 0;
    int64_t option_id = 0;
    int32_t unit = UNIT_DAY;

    (void)query_choice(query, "unit", unit_words, FC_ARRAY_COUNT(unit_words), &unit);
    series_span(query, request, unit, &span);
    bool of_product = query_i64(query, "product_id", 1, ID_MAX, &product_id);
    bool of_option = query_i64(query, "option_id", 1, ID_MAX, &option_id);
    bool of_category = query_text(query, "category", NAME_BYTES_MAX, &category);

    if (of_option && of_product)
        query_fault(query, "product_id", "means nothing beside option_id");
    if (of_category && (of_product || of_option))
        query_fault(query, "category", "means nothing beside product_id or option_id");
    db_param_i64(params, unit);
    db_param_day(params, span.from);
    db_param_day(params, span.to);
    read_param_i64(params, of_product, product_id);
    read_param_i64(params, of_option, option_id);
    read_param_text(params, category);
    return &sql_read_sales;
}

enum read_found read_write_sales(const struct request *request, const struct db_rows *rows,
                                 struct wire_json *json)
{
    static const struct {
        const char *key;
        enum sales_column column;
    } members[] = {
        {"orders", SALES_ORDERS},
        {"quantity", SALES_QUANTITY},
        {"revenue", SALES_REVENUE},
        {"cancelled_orders", SALES_CANCELLED_ORDERS},
        {"cancelled_quantity", SALES_CANCELLED_QUANTITY},
        {"cancelled_revenue", SALES_CANCELLED_REVENUE},
    };

    page_begin(json);
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        wire_json_object_begin(json);
        wire_put_str(json, "period", db_text(rows, row, SALES_PERIOD));
        put_day(json, "from", db_day(rows, row, SALES_FIRST));
        put_day(json, "to", db_day(rows, row, SALES_LAST));
        for (size_t i = 0; i < FC_ARRAY_COUNT(members); i++)
            wire_put_int(json, members[i].key, db_i64(rows, row, (int32_t)members[i].column));
        wire_json_object_end(json);
    }
    page_end(json, request, NULL);
    return READ_FOUND;
}
