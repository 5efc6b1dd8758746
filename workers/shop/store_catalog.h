/* The statements of shop_store for products, options and, at the very end, stock. */
#ifndef FC_SHOP_STORE_CATALOG_H
#define FC_SHOP_STORE_CATALOG_H

#include "core/shop.h"
#include "skeleton/exchange.h"

void store_catalog_send(const struct shop *shop, struct fc_instant now, struct exchange *exchange);

#endif
