/*
 * Money: whole Korean won in a struct, so that it is never mixed with a quantity or an id. Sums
 * and products say whether they fit. No floating point; a rate is in basis points.
 */
#ifndef FC_BASE_KRW_H
#define FC_BASE_KRW_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct krw {
    int64_t won;
};

#define KRW(amount) ((struct krw){(amount)})

/* False when the result does not fit; the output is then untouched. */
FC_MUST_USE bool krw_add(struct krw a, struct krw b, struct krw *ret_sum);
FC_MUST_USE bool krw_sub(struct krw a, struct krw b, struct krw *ret_difference);
FC_MUST_USE bool krw_times(struct krw a, int64_t count, struct krw *ret_product);

/* `rate_bp` ten-thousandths of `amount`, rounded down; amount >= 0, 0 <= rate_bp <= 10,000. */
struct krw krw_rate(struct krw amount, int32_t rate_bp);

struct krw krw_min(struct krw a, struct krw b);
bool krw_eq(struct krw a, struct krw b);
bool krw_less(struct krw a, struct krw b);

#endif
