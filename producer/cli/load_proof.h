/*
 * Whether a run of coupon issues was fair: of every template, did the first who asked get the
 * coupons, in their order? Judged by fairness.h from when each request was sent and answered.
 */
#ifndef FC_CLI_LOAD_PROOF_H
#define FC_CLI_LOAD_PROOF_H

#include "producer/cli/fairness.h"
#include "producer/cli/load_run.h"

struct load_proof {
    struct fairness fairness; /* the sum over all templates */
    int64_t positions_twice;  /* given to two users of one template */
    int64_t winners_unplaced; /* a 2xx that tells no position: it cannot be judged */
    bool fair;
};

/* Judges the run's records; request n was for template n mod `templates`. False without memory. */
FC_MUST_USE bool load_prove(const struct load_run *run, int64_t templates,
                            struct load_proof *ret_proof);

#endif
