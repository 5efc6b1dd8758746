/*
 * Brings the rows that commands can touch from the database into the core's state. Tables that
 * nobody needs are not asked for.
 */
#ifndef FC_SHOP_LOAD_H
#define FC_SHOP_LOAD_H

#include "core/shop.h"
#include "shop/needs.h"
#include "skeleton/exchange.h"

/* Places of the answers in the exchange; -1: not asked. */
struct shop_load {
    int32_t wallets;
    int32_t catalog; /* products and options … */
    int32_t options; /* … or options alone, each with its product */
    int32_t templates;
    int32_t coupons;
    int32_t orders; /* and their lines */
};

/* Early locks in the one global order: wallets, coupons, orders, options. Templates and products
 * have one writer at a time by their partition, or a version. */
void shop_load_lock(const struct shop_needs *needs, struct exchange *exchange);

void shop_load_send(struct shop_load *load, const struct shop_needs *needs,
                    struct exchange *exchange);

/* Fills an initialised, empty shop. */
void shop_load_take(const struct shop_load *load, const struct db *db, struct shop *shop);

/* Rows that the answers hold: what shop_init has to make room for. */
int32_t shop_load_rows(const struct shop_load *load, const struct db *db);

#endif
