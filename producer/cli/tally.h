/*
 * The sum of many commands: how many were accepted, what became of them by code, how long it took.
 */
#ifndef FC_CLI_TALLY_H
#define FC_CLI_TALLY_H

#include "host/clock.h"
#include "producer/cli/histogram.h"
#include "producer/cli/report.h"
#include "producer/cli/verdict.h"

#define CLI_CODES_MAX 48

enum cli_end {
    CLI_END_SUCCEEDED,
    CLI_END_REFUSED,
    CLI_END_PARKED,
    CLI_END_ACCEPTED, /* accepted, the verdict was not waited for */
    CLI_END_LOST,     /* accepted, and no verdict within the bound */
    CLI_END_FAILED,   /* never known to be accepted */
    CLI_END_STOPPED,  /* the command line was asked to stop */
    CLI_END_COUNT
};

struct cli_outcome {
    enum cli_end end;
    struct cli_verdict verdict;
    bool replayed;           /* the verdict is that of an earlier command of the same key */
    int32_t status;          /* of the last answer */
    int32_t tries;           /* requests that asked for it */
    struct fc_mono sent;     /* the first of them */
    struct fc_mono accepted; /* when the 202 had arrived; 0: none came */
    struct fc_mono decided;  /* when the verdict had arrived; 0: none came */
    const char *trouble;     /* of FAILED, LOST and STOPPED; lives during the call */
};

struct cli_code_count {
    char code[64];
    int64_t count;
};

struct cli_tally {
    int64_t ends[CLI_END_COUNT];
    int64_t replayed;
    int64_t repeated; /* requests sent again: 503, no answer */
    struct cli_code_count codes[CLI_CODES_MAX];
    int32_t code_count;
    struct cli_histogram accepted_us; /* sent to 202 */
    struct cli_histogram decided_us;  /* sent to verdict */
    struct fc_mono began;
    struct fc_mono ended;
    char trouble[200]; /* the last of FAILED, LOST, STOPPED */
};

void cli_tally_begin(struct cli_tally *tally);
void cli_tally_add(struct cli_tally *tally, const struct cli_outcome *outcome);
void cli_tally_end(struct cli_tally *tally);

int64_t cli_tally_total(const struct cli_tally *tally);
int64_t cli_tally_refused_by(const struct cli_tally *tally, struct fc_str code);
/* Commands of which neither verdict nor refusal is known. */
int64_t cli_tally_unknown(const struct cli_tally *tally);
/* Refusals by codes that are not in `allowed` (separated by commas, or "any"), and the parked. */
int64_t cli_tally_unexpected(const struct cli_tally *tally, struct fc_str allowed);

/* As a group of a report. */
void cli_tally_put(const struct cli_tally *tally, struct cli_report *report, const char *key,
                   const char *label);

#endif
