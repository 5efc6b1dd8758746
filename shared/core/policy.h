/*
 * How one shop differs from another: numbers and choices that the rules take as an argument. No
 * rule reads configuration.
 */
#ifndef FC_CORE_POLICY_H
#define FC_CORE_POLICY_H

#include "base/krw.h"

#include <stdbool.h>
#include <stdint.h>

#define POLICY_CHARGE_UNITS_MAX 8

enum policy_excess {
    POLICY_EXCESS_STOPS_AT_TOTAL, /* a coupon larger than the total makes the order free */
    POLICY_EXCESS_IS_REFUSED      /* what is left to pay must be above 0 */
};

struct policy {
    int32_t version;
    struct krw charge_min;                            /* smallest single charge */
    struct krw charge_max;                            /* largest single charge */
    struct krw charge_units[POLICY_CHARGE_UNITS_MAX]; /* a charge is exactly one of these */
    int32_t charge_unit_count;                        /* 0: any amount in the bounds */
    struct krw balance_max;                           /* a balance may reach this, not pass it */
    struct krw price_step;                            /* prices are multiples of it */
    enum policy_excess coupon_excess;
    int32_t coupon_valid_days; /* of a coupon whose template names none; 0: never expires */
    int32_t product_options_max;
};

/* Wide limits: any charge from 1 won, balances to AMOUNT_KRW_MAX, any price, excess stops at the
 * total, coupons do not expire unless the template says so. */
struct policy policy_default(void);

#endif
