/*
 * The files of a data set, one JSON object a line: products, orders, and the top five of each day
 * as somebody else computed them. Read whole and checked whole before anything is asked for; every
 * malformed line is told with its number.
 */
#ifndef FC_CLI_DATASET_H
#define FC_CLI_DATASET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/krw.h"
#include "base/time.h"

#define DATA_TOP 5

struct data_product {
    int64_t id;
    struct fc_str name; /* made unique within the file, as the shop wants it */
    struct krw price;
    int64_t stock;
    struct fc_str category;
    struct fc_str sku;
};

struct data_line {
    int64_t product_id;
    int64_t quantity;
};

struct data_order {
    struct fc_str number;
    int64_t user_id;
    struct fc_instant at;
    struct data_line *lines; /* a product may stand in several */
    int32_t line_count;
};

struct data_rank {
    int64_t product_id;
    int64_t count;
};

struct data_top {
    struct fc_day day;
    struct data_rank by_quantity[DATA_TOP];
    int32_t by_quantity_count;
    struct data_rank by_orders[DATA_TOP];
    int32_t by_orders_count;
};

/* Called for each malformed line. */
typedef void data_fault_fn(void *arg, int32_t line_number, const char *fault);

struct data_reader {
    struct fc_arena arena; /* where the rows live */
    data_fault_fn *fault;
    void *arg;
    int32_t fault_count;
};

/* Memory for all that can stand in the text; false: none. */
FC_MUST_USE bool data_reader_init(struct data_reader *reader, struct fc_str text);

/* Each leaves out malformed lines and counts them in the reader. */
FC_MUST_USE struct data_product *data_products_read(struct data_reader *reader, struct fc_str text,
                                                    int32_t *ret_count);
FC_MUST_USE struct data_order *data_orders_read(struct data_reader *reader, struct fc_str text,
                                                int32_t *ret_count);
FC_MUST_USE struct data_top *data_tops_read(struct data_reader *reader, struct fc_str text,
                                            int32_t *ret_count);

#endif
