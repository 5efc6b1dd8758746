#include "core/policy.h"

#include "base/limits.h"

struct policy policy_default(void)
{
    return (struct policy){
        .version = 1,
        .charge_min = KRW(1),
        .charge_max = KRW(AMOUNT_KRW_MAX),
        .balance_max = KRW(AMOUNT_KRW_MAX),
        .price_step = KRW(1),
        .coupon_excess = POLICY_EXCESS_STOPS_AT_TOTAL,
        .coupon_valid_days = 0,
        .product_options_max = PRODUCT_OPTIONS_MAX,
    };
}
