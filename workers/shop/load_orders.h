/* The rows of shop_load for orders and their lines. */
#ifndef FC_SHOP_LOAD_ORDERS_H
#define FC_SHOP_LOAD_ORDERS_H

#include "core/shop.h"
#include "db/rows.h"

/* The rows of sql_load_orders into a shop that has no orders yet. */
void load_orders_take(const struct db_rows *rows, struct shop *shop);

#endif
