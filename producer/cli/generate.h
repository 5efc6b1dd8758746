/*
 * A made-up shop: chance that repeats itself for one seed, product names that exist nowhere, and a
 * month of orders over them with the top five of each day. The same numbers give the same bytes on
 * every machine. Pure.
 */
#ifndef FC_CLI_GENERATE_H
#define FC_CLI_GENERATE_H

#include "producer/cli/dataset.h"

#define GENERATE_PRODUCTS_MAX 1200
#define GENERATE_CATEGORIES 10

struct generate_chance {
    uint64_t state;
};

uint64_t generate_next(struct generate_chance *chance);
/* A number from `min` to `max`. */
int64_t generate_between(struct generate_chance *chance, int64_t min, int64_t max);
/* True once in `count` times. */
bool generate_once_in(struct generate_chance *chance, int64_t count);

const char *generate_category(int32_t index);
/* The name of the index-th product, `house` before it when not empty; no two are equal. */
void generate_name(struct fc_buf *buf, const char *house, int32_t index);
/* Its price: between 1,000 and 120,000 won, in steps of 100. */
struct krw generate_price(struct generate_chance *chance);

struct sample_settings {
    uint64_t seed;
    int32_t product_count;
    int32_t order_count;
    int32_t day_count;
};

struct sample {
    struct data_product *products; /* stock: exactly what is sold */
    int32_t product_count;
    struct data_order *orders;
    int32_t order_count;
    struct data_top *tops; /* of the days with orders, by their dates in UTC */
    int32_t top_count;
};

/* Everything lives in the arena; false when it is full. */
FC_MUST_USE bool sample_make(const struct sample_settings *settings, struct fc_arena *arena,
                             struct sample *ret_sample);
size_t sample_bytes(const struct sample_settings *settings);

#endif
