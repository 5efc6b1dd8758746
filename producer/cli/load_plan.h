/*
 * When the requests of an open loop are to be sent: at a rate, either evenly or with exponential
 * gaps (a Poisson process, as of many clients that know nothing of each other), the same for the
 * same seed. Integers only. Pure.
 */
#ifndef FC_CLI_LOAD_PLAN_H
#define FC_CLI_LOAD_PLAN_H

#include "producer/cli/generate.h"

#define LOAD_RATE_MAX 1000000

struct load_plan {
    struct generate_chance chance;
    bool even;
    uint64_t gap; /* the mean, in 1/256 ns */
    uint64_t at;  /* of the next request, since the beginning, in 1/256 ns: good for two years */
};

/* `rate` requests a second, 1 … LOAD_RATE_MAX; the first after one gap. */
void load_plan_init(struct load_plan *plan, int64_t rate, bool even, uint64_t seed);

/* When the next request is to be sent, in microseconds since the beginning. */
int64_t load_plan_us(const struct load_plan *plan);

/* On to the one after it. */
void load_plan_advance(struct load_plan *plan);

/* -ln((x + 1/2) / 2^64) for chance's x, in 1/65536: between 0 and 45. */
uint64_t load_plan_exponential(uint64_t x);

#endif
