/*
 * Runs many seeds in as many processes as there are processors: each takes every n-th. A process
 * that dies (an assertion, a sanitizer) is a seed that failed.
 */
#ifndef FC_SUPPORT_SIM_RUN_H
#define FC_SUPPORT_SIM_RUN_H

#include "support/sim_world.h"

#include <stdatomic.h>

struct sim_outcome {
    struct sim_totals totals;
    int64_t seeds; /* that were run */
    bool failed;
    uint64_t seed; /* that failed */
    char why[SIM_WHY_BYTES];
};

/* Seeds from `first`, so many. Stops soon after a failure, and tells the lowest that was found.
 * Forks: no file may be open for reading, and nothing be buffered for output. */
void sim_run(uint64_t first, int64_t count, struct sim_outcome *ret_outcome);

/* The same in this process alone, for worlds with a mistake or a trace, until one fails. */
void sim_run_here(struct sim_world *world, uint64_t first, int64_t count,
                  struct sim_outcome *ret_outcome);

#endif
