#include "base/krw.h"

#include "base/assert.h"
#include "base/limits.h"

/* The builtins store the wrapped value even when they refuse: never into the caller's. */

bool krw_add(struct krw a, struct krw b, struct krw *ret_sum)
{
    int64_t sum;

    if (__builtin_add_overflow(a.won, b.won, &sum))
        return false;
    ret_sum->won = sum;
    return true;
}

bool krw_sub(struct krw a, struct krw b, struct krw *ret_difference)
{
    int64_t difference;

    if (__builtin_sub_overflow(a.won, b.won, &difference))
        return false;
    ret_difference->won = difference;
    return true;
}

bool krw_times(struct krw a, int64_t count, struct krw *ret_product)
{
    int64_t product;

    if (__builtin_mul_overflow(a.won, count, &product))
        return false;
    ret_product->won = product;
    return true;
}

struct krw krw_rate(struct krw amount, int32_t rate_bp)
{
    FC_ASSERT(amount.won >= 0);
    FC_ASSERT(rate_bp >= 0 && rate_bp <= BASIS_POINTS);
    /* Whole ten-thousands first: the product of all would overflow above 9e14. */
    int64_t whole = amount.won / BASIS_POINTS * rate_bp;
    int64_t rest = amount.won % BASIS_POINTS * rate_bp / BASIS_POINTS;

    return KRW(whole + rest);
}

struct krw krw_min(struct krw a, struct krw b)
{
    return a.won < b.won ? a : b;
}

bool krw_eq(struct krw a, struct krw b)
{
    return a.won == b.won;
}

bool krw_less(struct krw a, struct krw b)
{
    return a.won < b.won;
}
