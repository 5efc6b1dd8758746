/*
 * What the lines of a request come to: each option once, ascending by id, with its product and
 * what a piece costs. Inside of orders only; lives in the shop's arena.
 */
#ifndef FC_CORE_ORDER_BASKET_H
#define FC_CORE_ORDER_BASKET_H

#include "core/shop.h"
#include "core/verdict.h"

struct basket_item {
    struct sold_line sold;
    int64_t added; /* what stock has to give: all, but what the order has already; below 0: back */
    const struct option *option;   /* NULL when only ids were gathered */
    const struct product *product; /* the same */
};

struct basket {
    struct basket_item *items;
    int32_t count;
};

/* Gathers ids and quantities: nothing is looked up, nothing has a price. */
void basket_gather(const struct shop *shop, const struct order_line *lines, int32_t line_count,
                   struct basket *ret_basket);

/* Looks the lines up and prices them as of now. Line by line unknown_product, unknown_option (no
 * such one, another product's, or a product alone that has not exactly one). */
enum verdict basket_fill(const struct shop *shop, const struct order_line *lines,
                         int32_t line_count, struct basket *ret_basket, int64_t *ret_culprit);

/* Of what is added: the first product that is not on sale; the first first-come product that is
 * not `other`; the first option of which there is not enough. NULL: none. */
const struct product *basket_not_on_sale(const struct basket *basket);
const struct product *basket_first_come(const struct basket *basket, int64_t other_id);
const struct option *basket_out_of_stock(const struct basket *basket);

/* The sum; false when it is above what anybody can have. */
FC_MUST_USE bool basket_total(const struct basket *basket, struct krw *ret_total);

/* The lines as events have them. */
struct sold_line *basket_sold(const struct shop *shop, const struct basket *basket);

#endif
