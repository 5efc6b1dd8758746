/*
 * What came of a run of load: counted twice, for all that was sent and for what belongs to the
 * measured time. A request is sent within it when its planned instant is, an answer when it
 * arrives within it. Pure.
 */
#ifndef FC_CLI_LOAD_TALLY_H
#define FC_CLI_LOAD_TALLY_H

#include "producer/cli/histogram.h"
#include "producer/cli/load_wire.h"
#include "producer/cli/tally.h"
#include "producer/cli/verdict.h"

#define LOAD_STATUSES 600
#define LOAD_STATES (CLI_VERDICT_PARKED + 1)
/* Later than so after the planned instant is late: the tool, or no connection was free. */
#define LOAD_LATE_US 1000

struct load_pair {
    int64_t all;
    int64_t measured;
};

struct load_code {
    char name[64];
    struct load_pair count;
};

struct load_tally {
    struct load_pair sent;
    struct load_pair answered;
    struct load_pair statuses[LOAD_STATUSES];
    struct load_pair states[LOAD_STATES]; /* by cli_verdict_state */
    struct load_pair fates[LOAD_FATE_COUNT];
    struct load_pair replayed;
    struct load_pair retry_after; /* answers that told when to come again */
    struct load_code codes[CLI_CODES_MAX];
    int32_t code_count;
    int64_t late; /* of those sent in the measured time */
    int64_t late_us_max;
    int64_t unsent;                  /* planned in the measured time and never sent */
    struct cli_histogram latency_us; /* since the planned instant */
    struct cli_histogram service_us; /* since it was sent */
    char trouble[160];               /* the last of those without an answer */
};

/* What one answer came to. */
struct load_seen {
    int32_t status;   /* 0: none came */
    int32_t code;     /* place in `codes`; -1: it has none */
    int64_t position; /* of an issued coupon; 0: it tells none */
};

/* `documents`: answers may be command documents, whose state is counted; `positions`: and coupons'
 * positions are wanted. */
struct load_reading {
    bool documents;
    bool positions;
};

struct load_seen load_tally_answer(struct load_tally *tally, const struct load_answer *answer,
                                   struct load_reading reading, bool measured);

/* What was planned, sent and answered then, in microseconds. */
void load_tally_latency(struct load_tally *tally, int64_t planned_us, int64_t sent_us,
                        int64_t answered_us);

/* Of all that was sent: what was refused by no code of `allowed` (separated by commas, or "any"),
 * parked, or not answered. */
int64_t load_tally_unexpected(const struct load_tally *tally, struct fc_str allowed);

#endif
