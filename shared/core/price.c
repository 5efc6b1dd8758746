#include "core/price.h"

#include "base/assert.h"

bool price_allowed(const struct policy *policy, struct krw price)
{
    FC_ASSERT(policy->price_step.won > 0);
    return price.won >= 0 && price.won % policy->price_step.won == 0;
}

bool price_unit_allowed(const struct policy *policy, struct krw unit)
{
    return unit.won > 0 && unit.won <= PRICE_KRW_MAX && price_allowed(policy, unit);
}

struct krw price_unit(struct krw price, struct krw surcharge)
{
    struct krw unit;
    bool fits = krw_add(price, surcharge, &unit);

    FC_ASSERT(fits);
    return unit;
}

bool price_add(struct krw unit, int64_t quantity, struct krw *total)
{
    struct krw line;

    FC_ASSERT(unit.won > 0);
    FC_ASSERT(quantity > 0);
    FC_ASSERT(total->won >= 0 && total->won <= AMOUNT_KRW_MAX);
    if (!krw_times(unit, quantity, &line) || line.won > AMOUNT_KRW_MAX - total->won) {
        *total = KRW(AMOUNT_KRW_MAX);
        return false;
    }
    total->won += line.won;
    return true;
}

static struct krw discount_uncapped(const struct discount *discount, struct krw total)
{
    switch (discount->type) {
    case DISCOUNT_AMOUNT:
        return KRW(discount->value);
    case DISCOUNT_RATE:
        FC_ASSERT(discount->value <= BASIS_POINTS);
        return krw_rate(total, (int32_t)discount->value);
    }
    FC_UNREACHABLE("no such discount");
}

struct krw price_discount(const struct discount *discount, struct krw total)
{
    FC_ASSERT(discount->value > 0);
    struct krw off = krw_min(discount_uncapped(discount, total), total);

    FC_ASSERT(off.won >= 0);
    return off;
}

bool price_excess_refused(const struct policy *policy, struct krw total, struct krw discount)
{
    switch (policy->coupon_excess) {
    case POLICY_EXCESS_STOPS_AT_TOTAL:
        return false;
    case POLICY_EXCESS_IS_REFUSED:
        return total.won - discount.won <= 0;
    }
    FC_UNREACHABLE("no such policy for excess");
}
