#include "core/policy.h"

#include "base/assert.h"
#include "base/limits.h"

struct policy policy_default(void)
{
    return (struct policy){
        .version = 0,
        .charge_min = KRW(1),
        .charge_max = KRW(AMOUNT_KRW_MAX),
        .balance_max = KRW(AMOUNT_KRW_MAX),
        .refund_above_max = true,
        .price_step = KRW(1),
        .product_options_max = PRODUCT_OPTIONS_MAX,
        .discount_amount = true,
        .discount_rate = true,
        .coupon_excess = POLICY_EXCESS_STOPS_AT_TOTAL,
        .coupon_valid_days = 0,
        .template_names_days = true,
        .welcome = false,
        .welcome_discount = {DISCOUNT_RATE, 500},
        .order_cancel = true,
        .order_change = true,
        .bank_transfer = false,
        .transfer_expire_s = 86400,
        .ranking_by = POLICY_RANK_QUANTITY,
        .ranking_closed = false,
        .ranking_days = 3,
    };
}

bool policy_discount_allowed(const struct policy *policy, enum discount_type type)
{
    switch (type) {
    case DISCOUNT_AMOUNT:
        return policy->discount_amount;
    case DISCOUNT_RATE:
        return policy->discount_rate;
    }
    FC_UNREACHABLE("no such discount");
}
