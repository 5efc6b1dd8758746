#include "producer/cli/load_plan.h"

#include "base/assert.h"

#define NS_PER_S 1000000000u
#define UNITS_PER_NS 256u
/* ln 2 in 1/2^32. */
#define LN2_Q32 2977044472u
#define LOG_BITS 24

/* The first LOG_BITS binary places of log2(m), for m = mantissa / 2^31 from 1 to below 2: squared,
 * it passes 2 where the next place is a 1. */
static uint64_t log2_places(uint64_t mantissa)
{
    uint64_t places = 0;

    for (int32_t i = 0; i < LOG_BITS; i++) {
        mantissa = mantissa * mantissa >> 31;
        places <<= 1;
        if (mantissa >> 32 != 0) {
            places |= 1;
            mantissa >>= 1;
        }
    }
    return places;
}

uint64_t load_plan_exponential(uint64_t x)
{
    /* x = 2^top * m: -log2(x / 2^64) = 64 - top - log2(m). */
    uint64_t odd = x | 1;
    int32_t top = 63 - __builtin_clzll(odd);
    uint64_t mantissa = top >= 31 ? odd >> (top - 31) : odd << (31 - top);
    uint64_t bits = ((uint64_t)(64 - top) << LOG_BITS) - log2_places(mantissa);

    return bits * (LN2_Q32 >> 8) >> (LOG_BITS + 24 - 16);
}

static uint64_t gap_next(struct load_plan *plan)
{
    if (plan->even)
        return plan->gap;
    return plan->gap * load_plan_exponential(generate_next(&plan->chance)) >> 16;
}

void load_plan_init(struct load_plan *plan, int64_t rate, bool even, uint64_t seed)
{
    FC_ASSERT(rate >= 1 && rate <= LOAD_RATE_MAX);
    *plan = (struct load_plan){
        .chance = {seed}, .even = even, .gap = (uint64_t)NS_PER_S * UNITS_PER_NS / (uint64_t)rate};
    load_plan_advance(plan);
}

int64_t load_plan_us(const struct load_plan *plan)
{
    return (int64_t)(plan->at / (UNITS_PER_NS * 1000u));
}

void load_plan_advance(struct load_plan *plan)
{
    plan->at += gap_next(plan);
}
