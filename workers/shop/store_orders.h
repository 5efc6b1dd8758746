/* The statements of shop_store for orders and their lines. */
#ifndef FC_SHOP_STORE_ORDERS_H
#define FC_SHOP_STORE_ORDERS_H

#include "core/shop.h"
#include "skeleton/exchange.h"

void store_orders_send(const struct shop *shop, struct exchange *exchange);

#endif
