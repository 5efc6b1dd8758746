/*
 * What the reads of producer/read.c are made of: for each list the parameters it takes, for each
 * answer the JSON made of its rows. And the frame of a page. Private to read*.c.
 */
#ifndef FC_PRODUCER_READ_PARTS_H
#define FC_PRODUCER_READ_PARTS_H

#include "db/conn.h"
#include "producer/cursor.h"
#include "producer/query.h"
#include "producer/routes.h"
#include "wire/json.h"

struct ingress;

/* Lines from which a page of orders ends early, and bytes from which one of events does. */
#define READ_LINES_MAX 4000
#define READ_HISTORY_BYTES_MAX (512 * 1024)

/*
 * The page that a list is asked for. The scope ties a cursor to its list and filters; it is kept
 * in the request for the cursor of the next page.
 */
struct page {
    int64_t limit;
    bool continues; /* cursor holds where the last page ended */
    struct cursor cursor;
};

void page_read(struct query *query, struct request *request, struct page *ret_page);
/* Number and id of the last one seen, or two NULLs. */
void page_put_position(struct db_params *params, const struct page *page);
/* A filter is part of the scope: 0 at first, then one after another. */
uint64_t page_scope(uint64_t scope, struct fc_str part);

/* {"items":[ … and … ],"next_cursor":…} */
void page_begin(struct wire_json *json);
void page_end(struct wire_json *json, const struct request *request, const struct cursor *last);

/* --- asking: puts the parameters and names the statement; faults are the query's -------------- */

typedef const struct sql_query *read_ask_fn(struct request *request, struct query *query,
                                            struct db_params *params);

read_ask_fn read_ask_id;   /* $1: the path's {id} */
read_ask_fn read_ask_uuid; /* $1: the path's {uuid} */
read_ask_fn read_ask_history;
read_ask_fn read_ask_coupons;
read_ask_fn read_ask_orders;
read_ask_fn read_ask_order_history;
read_ask_fn read_ask_products;
read_ask_fn read_ask_top;
read_ask_fn read_ask_sales;

/* Parameters that may be left out (a text that is empty): NULL then. */
void read_param_text(struct db_params *params, struct fc_str text);
void read_param_i64(struct db_params *params, bool given, int64_t value);
void read_param_day(struct db_params *params, bool given, struct fc_day day);

/* --- answering -------------------------------------------------------------------------------- */

enum read_found { READ_FOUND, READ_UNKNOWN, READ_NO_WALLET, READ_FORBIDDEN };

/* Whether the caller is the user in that column of the first row, or an administrator. */
bool read_may_see(const struct request *request, const struct db_rows *rows, int32_t column);

/* Each writes the JSON that the rows make. */

enum read_found read_write_balance(const struct request *request, const struct db_rows *rows,
                                   struct wire_json *json);
enum read_found read_write_history(const struct request *request, const struct db_rows *rows,
                                   struct wire_json *json);
enum read_found read_write_coupons(const struct request *request, const struct db_rows *rows,
                                   struct wire_json *json);
enum read_found read_write_coupon(const struct request *request, const struct db_rows *rows,
                                  struct wire_json *json);
enum read_found read_write_orders(const struct request *request, const struct db_rows *rows,
                                  struct wire_json *json);
enum read_found read_write_order(const struct request *request, const struct db_rows *rows,
                                 struct wire_json *json);
enum read_found read_write_order_history(const struct request *request, const struct db_rows *rows,
                                         struct wire_json *json);
enum read_found read_write_products(const struct request *request, const struct db_rows *rows,
                                    struct wire_json *json);
enum read_found read_write_product(const struct request *request, const struct db_rows *rows,
                                   struct wire_json *json);
enum read_found read_write_top(const struct request *request, const struct db_rows *rows,
                               struct wire_json *json);
enum read_found read_write_sales(const struct request *request, const struct db_rows *rows,
                                 struct wire_json *json);
enum read_found read_write_template(const struct request *request, const struct db_rows *rows,
                                    struct wire_json *json);

/* --- which ------------------------------------------------------------------------------------ */

struct read {
    enum route_name route;
    read_ask_fn *ask;
    enum read_found (*write)(const struct request *request, const struct db_rows *rows,
                             struct wire_json *json);
    bool tagged; /* with an ETag */
};

/* That of the request's route. */
const struct read *read_of(const struct request *request);

#endif
