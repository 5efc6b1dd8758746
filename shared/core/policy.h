/*
 * How one shop differs from another: numbers and choices that the rules take as an argument. No
 * rule reads configuration. As a document: wire/policy.h.
 */
#ifndef FC_CORE_POLICY_H
#define FC_CORE_POLICY_H

#include "base/krw.h"

#include <stdbool.h>
#include <stdint.h>

#define POLICY_CHARGE_UNITS_MAX 8
#define POLICY_NAME_BYTES_MAX 40

enum discount_type { DISCOUNT_AMOUNT, DISCOUNT_RATE };

struct discount {
    enum discount_type type;
    int64_t value; /* won, or basis points in 1..10,000 */
};

enum policy_excess {
    POLICY_EXCESS_STOPS_AT_TOTAL, /* a coupon larger than the total makes the order free */
    POLICY_EXCESS_IS_REFUSED      /* what is left to pay must be above 0 */
};

/* What a ranking counts when the reader does not say. */
enum policy_ranking { POLICY_RANK_QUANTITY, POLICY_RANK_ORDERS, POLICY_RANK_REVENUE };

struct policy {
    int64_t version; /* of the policy table; 0: none was applied, the default rules */
    char name[POLICY_NAME_BYTES_MAX + 1]; /* for people; may be empty */

    /* balance */
    struct krw charge_min;                            /* smallest single charge */
    struct krw charge_max;                            /* largest single charge */
    struct krw charge_units[POLICY_CHARGE_UNITS_MAX]; /* a charge is exactly one of these */
    int32_t charge_unit_count;                        /* 0: any amount in the bounds */
    struct krw balance_max;                           /* a charge may reach this, not pass it */
    bool refund_above_max; /* a refund may pass it; else the cancel or change is refused */

    /* catalogue */
    struct krw price_step; /* prices are multiples of it */
    int32_t product_options_max;
    int64_t products_min; /* the audit counts as many at least; 0: any number */

    /* coupons */
    bool discount_amount; /* discounts of an amount may be offered */
    bool discount_rate;   /* discounts of a rate may be offered */
    enum policy_excess coupon_excess;
    int32_t coupon_valid_days; /* where the template names none; 0: never expires */
    bool template_names_days;  /* a template may name days of its own; else that is refused */
    bool welcome;              /* a new user gets a coupon */
    struct discount welcome_discount; /* of that coupon */
    int32_t welcome_valid_days;       /* of that coupon; 0: coupon_valid_days */

    /* orders and payment */
    bool order_cancel;         /* a paid order can be cancelled */
    bool order_change;         /* a paid order can be changed */
    bool bank_transfer;        /* besides the balance */
    int32_t transfer_rate;     /* basis points off what is transferred */
    int64_t transfer_expire_s; /* an unsettled order's reservations are released after it */

    /* ranking */
    enum policy_ranking ranking_by;
    bool ranking_closed; /* from the snapshot of the days closed; else live */
    int32_t ranking_days;
};

/* Wide limits: any charge from 1 won, balances to AMOUNT_KRW_MAX, any price, both discounts, excess
 * stops at the total, coupons do not expire unless the template says so, cancel and change, no bank
 * transfer, a live ranking of three days by quantity. */
struct policy policy_default(void);

/* Whether templates may offer a discount of that type. */
bool policy_discount_allowed(const struct policy *policy, enum discount_type type);

#endif
