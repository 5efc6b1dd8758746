/* The statements of shop_store for coupon templates and coupons. */
#ifndef FC_SHOP_STORE_COUPONS_H
#define FC_SHOP_STORE_COUPONS_H

#include "core/shop.h"
#include "skeleton/exchange.h"

void store_coupons_send(const struct shop *shop, struct exchange *exchange);

#endif
