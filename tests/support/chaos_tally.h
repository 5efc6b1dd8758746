/*
 * What a client of the chaos suite did and saw, counted; told as one line of JSON. Latencies are
 * information only. Pure; all zero bytes are an empty one.
 */
#ifndef FC_TESTS_SUPPORT_CHAOS_TALLY_H
#define FC_TESTS_SUPPORT_CHAOS_TALLY_H

#include "base/str.h"
#include "producer/cli/histogram.h"

#define CHAOS_CODES_MAX 64

struct chaos_codes {
    int32_t count;

    struct {
        char code[48];
        int64_t count;
    } items[CHAOS_CODES_MAX]; /* the last one counts what has no place any more */
};

struct chaos_tally {
    int64_t ops;
    int64_t over_amqp;  /* of these */
    int64_t keyless;    /* of these */
    int64_t copies;     /* of these: they share another's key */
    int64_t tries;      /* requests and messages that ask for commands */
    int64_t impatient;  /* of these: sent beside one that was under way */
    int64_t late;       /* of these: an op's that was answered long before */
    int64_t accepted;   /* tries that got a command id, or a confirm */
    int64_t lost;       /* tries without an answer */
    int64_t unanswered; /* ops that never got one */
    int64_t polls;      /* requests that ask for a verdict */
    int64_t denied;     /* of these: told that an accepted command is not there, or not theirs */
    int64_t succeeded;  /* verdicts */
    int64_t refused;
    int64_t changed;                 /* verdicts that were another one when told again */
    int64_t undecided;               /* accepted, and no verdict by the end */
    int64_t cpu_ms;                  /* of the client's own */
    int64_t waited;                  /* times an op had to wait for room: too many were open */
    struct chaos_codes door;         /* answered and no command: by problem code, or "status 500" */
    struct chaos_codes refusals;     /* verdicts, by problem code */
    struct cli_histogram answer_us;  /* from sent to the 202 or confirm */
    struct cli_histogram verdict_us; /* from sent to the verdict */
};

void chaos_codes_add(struct chaos_codes *codes, const char *code);

/* Without a line's end. */
void chaos_tally_put(const struct chaos_tally *tally, struct fc_buf *buf);

#endif
