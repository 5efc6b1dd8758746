/*
 * What the reads of producer/read.c are made of: for each list the parameters it takes, for each
 * answer the JSON made of its rows. And the frame of a page. Private to read*.c.
 */
#ifndef FC_PRODUCER_READ_PARTS_H
#define FC_PRODUCER_READ_PARTS_H

#include "db/conn.h"
#include "producer/cursor.h"
#include "producer/query.h"
#include "wire/json.h"

struct ingress;

/* Lines from which a page of orders ends early. */
#define READ_LINES_MAX 4000

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
read_ask_fn read_ask_products;
read_ask_fn read_ask_top;

/* --- answering: false when the rows say that the thing is not there --------------------------- */

enum read_found { READ_FOUND, READ_UNKNOWN, READ_NO_WALLET, READ_FORBIDDEN };

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
enum read_found read_write_products(const struct request *request, const struct db_rows *rows,
                                    struct wire_json *json);
enum read_found read_write_product(const struct request *request, const struct db_rows *rows,
                                   struct wire_json *json);
enum read_found read_write_top(const struct request *request, const struct db_rows *rows,
                               struct wire_json *json);
enum read_found read_write_template(const struct request *request, const struct db_rows *rows,
                                    struct wire_json *json);

#endif
