#include "producer/read.h"

#include "base/assert.h"
#include "base/index.h"
#include "producer/answer.h"
#include "producer/ingress.h"
#include "producer/read_parts.h"
#include "producer/routes.h"
#include "producer/serve.h"
#include "sql/queries.h"

static const struct read reads[] = {
    {ROUTE_USER, read_ask_id, read_write_balance, false},
    {ROUTE_BALANCE, read_ask_id, read_write_balance, false},
    {ROUTE_BALANCE_HISTORY, read_ask_history, read_write_history, false},
    {ROUTE_USER_COUPONS, read_ask_coupons, read_write_coupons, false},
    {ROUTE_USER_ORDERS, read_ask_orders, read_write_orders, false},
    {ROUTE_ORDER, read_ask_uuid, read_write_order, false},
    {ROUTE_ORDER_HISTORY, read_ask_order_history, read_write_order_history, false},
    {ROUTE_COUPON, read_ask_uuid, read_write_coupon, false},
    {ROUTE_PRODUCTS, read_ask_products, read_write_products, true},
    {ROUTE_PRODUCTS_TOP, read_ask_top, read_write_top, true},
    {ROUTE_PRODUCT, read_ask_id, read_write_product, true},
    {ROUTE_TEMPLATE, read_ask_id, read_write_template, false},
    {ROUTE_STATS_SALES, read_ask_sales, read_write_sales, false},
};

const struct read *read_of(const struct request *request)
{
    for (size_t i = 0; i < FC_ARRAY_COUNT(reads); i++)
        if (reads[i].route == request->route->name)
            return &reads[i];
    FC_UNREACHABLE("every read has a row");
}

/* --- pages ------------------------------------------------------------------------------------ */

uint64_t page_scope(uint64_t scope, struct fc_str part)
{
    return fc_hash_pair((int64_t)scope, (int64_t)fc_hash_str(part));
}

void page_read(struct query *query, struct request *request, struct page *ret_page)
{
    struct fc_str text;

    *ret_page = (struct page){.limit = PAGE_ITEMS_DEFAULT};
    (void)query_i64(query, "limit", 1, PAGE_ITEMS_MAX, &ret_page->limit);
    request->page_limit = (int32_t)ret_page->limit;
    request->page_scope = page_scope(request->page_scope, request->path);
    if (!query_text(query, "cursor", CURSOR_TEXT_MAX, &text))
        return;
    ret_page->continues = cursor_parse(text, request->page_scope, &ret_page->cursor);
    if (!ret_page->continues)
        query_fault(query, "cursor", "is none that this list gave out");
}

void page_put_position(struct db_params *params, const struct page *page)
{
    if (page->continues) {
        db_param_i64(params, page->cursor.number);
        db_param_i64(params, page->cursor.id);
    } else {
        db_param_null(params);
        db_param_null(params);
    }
}

void page_begin(struct wire_json *json)
{
    wire_json_object_begin(json);
    wire_json_key(json, "items");
    wire_json_array_begin(json);
}

void page_end(struct wire_json *json, const struct request *request, const struct cursor *last)
{
    char text[CURSOR_TEXT_MAX];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    wire_json_array_end(json);
    wire_json_key(json, "next_cursor");
    if (last != NULL) {
        cursor_put(&buf, last, request->page_scope);
        wire_json_str(json, fc_buf_str(&buf));
    } else {
        wire_json_null(json);
    }
    wire_json_object_end(json);
}

bool read_may_see(const struct request *request, const struct db_rows *rows, int32_t column)
{
    return request->admin || db_i64(rows, 0, column) == request->user_id;
}

/* --- parameters that may be left out ---------------------------------------------------------- */

void read_param_text(struct db_params *params, struct fc_str text)
{
    if (text.len > 0)
        db_param_text(params, text);
    else
        db_param_null(params);
}

void read_param_i64(struct db_params *params, bool given, int64_t value)
{
    if (given)
        db_param_i64(params, value);
    else
        db_param_null(params);
}

void read_param_day(struct db_params *params, bool given, struct fc_day day)
{
    if (given)
        db_param_day(params, day);
    else
        db_param_null(params);
}

/* --- plain ones ------------------------------------------------------------------------------- */

const struct sql_query *read_ask_id(struct request *request, struct query *query,
                                    struct db_params *params)
{
    (void)query;
    db_param_i64(params, request->path_id);
    if (request->route->name == ROUTE_PRODUCT)
        return &sql_read_product;
    if (request->route->name == ROUTE_TEMPLATE)
        return &sql_read_template;
    return &sql_read_balance;
}

const struct sql_query *read_ask_uuid(struct request *request, struct query *query,
                                      struct db_params *params)
{
    (void)query;
    db_param_uuid(params, &request->path_uuid);
    return request->route->name == ROUTE_ORDER ? &sql_read_order : &sql_read_coupon;
}

/* --- the frame -------------------------------------------------------------------------------- */

static void answer_rows(struct ingress *ingress, struct request *request,
                        const struct db_rows *rows)
{
    const struct read *read = read_of(request);
    struct fc_buf body = answer_begin(ingress);
    struct wire_json json;

    wire_json_init(&json, &body);
    switch (read->write(request, rows, &json)) {
    case READ_FOUND:
        if (read->tagged)
            answer_tagged(ingress, request, &body);
        else
            answer_json(ingress, request, &body);
        return;
    case READ_UNKNOWN:
        answer_problem(ingress, request, request->route->unknown, "Nothing is known by this id.");
        return;
    case READ_NO_WALLET:
        answer_problem(ingress, request, "unknown_wallet", "User %lld has no wallet.",
                       (long long)request->path_id);
        return;
    case READ_FORBIDDEN:
        answer_problem(ingress, request, "forbidden", "It is another user's.");
        return;
    }
    FC_UNREACHABLE("no such outcome");
}

static void on_rows(void *arg, const struct db_rows *rows, const struct fc_err *err)
{
    struct request *request = arg;
    struct ingress *ingress = request->ingress;

    request->busy--;
    numbers_observe_us(&ingress->numbers, NUMBER_READ_SECONDS,
                       fc_clock_mono().us - request->since.us);
    if (rows != NULL) {
        answer_rows(ingress, request, rows);
        return;
    }
    if (err->cure == FC_CURE_EXIT || err->cure == FC_CURE_PARK)
        serve_log_trouble(request, "a read failed", err);
    answer_unavailable(ingress, request, "The database does not answer.");
}

void read_begin(struct ingress *ingress, struct request *request)
{
    struct wire_faults faults;
    struct db_params params;
    struct query query;

    fc_arena_reset(&ingress->scratch);
    wire_faults_init(&faults, &ingress->scratch);
    query_init(&query, request, &ingress->scratch, &faults);
    db_params_init(&params, &ingress->scratch);
    const struct sql_query *statement = read_of(request)->ask(request, &query, &params);

    if (!query_end(&query)) {
        answer_faults(ingress, request, &faults);
        return;
    }
    numbers_add(&ingress->numbers, NUMBER_READS);
    if (!database_send(&ingress->database, statement, &params, on_rows, request)) {
        numbers_add(&ingress->numbers, NUMBER_REFUSED_DATABASE);
        answer_unavailable(ingress, request, "The database takes no question now.");
        return;
    }
    request->busy++;
    http_hold(ingress->http, request, false);
}
