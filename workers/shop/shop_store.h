/*
 * Writes what changed in the core's state back, a statement a table: new rows are inserted,
 * versioned rows updated under the version they were decided on, stock added up as sums. In the one
 * global lock order: users and wallets, templates, coupons, orders, products, options last and
 * stock at the very end; wallets, coupons and stock sorted by id. Only queues statements.
 */
#ifndef FC_SHOP_STORE_H
#define FC_SHOP_STORE_H

#include "core/shop.h"
#include "skeleton/exchange.h"

void shop_store_send(const struct shop *shop, struct fc_instant now, struct exchange *exchange);

#endif
