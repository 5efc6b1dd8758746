/*
 * What an order costs. All sums of money over lines and all roundings are here.
 */
#ifndef FC_CORE_PRICE_H
#define FC_CORE_PRICE_H

#include "core/policy.h"
#include "core/shop.h"

/* Whether a product may bear this base price: 0 or more and a multiple of the policy's step. */
bool price_allowed(const struct policy *policy, struct krw price);

/* Whether one piece may cost this: above 0, at most PRICE_KRW_MAX, a multiple of the step. */
bool price_unit_allowed(const struct policy *policy, struct krw unit);

/* One piece of an option: the product's price and the option's surcharge. */
struct krw price_unit(struct krw price, struct krw surcharge);

/*
 * Adds `quantity` pieces to `total`. A sum above AMOUNT_KRW_MAX is nobody's to pay: `total` is
 * then AMOUNT_KRW_MAX and the answer false.
 */
FC_MUST_USE bool price_add(struct krw unit, int64_t quantity, struct krw *total);

/* What a coupon takes off `total`: its amount, or its rate rounded down; at most the total. */
struct krw price_discount(const struct discount *discount, struct krw total);

/* Whether the policy refuses the coupon because nothing would be left to pay. */
bool price_excess_refused(const struct policy *policy, struct krw total, struct krw discount);

#endif
