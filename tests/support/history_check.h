/*
 * The judge: holds what clients saw against the journal, the tables and the other parties, and
 * counts what cannot be. Pure: no file, no server, no clock, nothing of the code that is judged but
 * the event ids (base/id.h). Each check is exact over all that there is.
 *
 * What is certain, and what is not. A try that was answered 202 is in its line from then on, and
 * not before it was sent. A try that was lost may have been taken as well, under an id that nobody
 * knows: its row is one of those of the same user, type and idempotency key that no client knows
 * the ids of, and stands for nothing else. Each accepted try is a command of its own; the order of
 * decision is the journal's `seq` within a key, and the key is the journal's, since the client
 * cannot always know it. A refusal `misrouted` was decided outside of its line and takes part in no
 * order, and so does what was set aside and put back (parked).
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_CHECK_H
#define FC_TESTS_SUPPORT_HISTORY_CHECK_H

#include "base/compiler.h"
#include "support/history_check_evidence.h"

enum history_check_name {
    CHECK_ACCEPTED_IS_DECIDED,  /* every 202 has one verdict, of what was asked */
    CHECK_VERDICT_IS_TOLD,      /* what a client was told of a command is what the journal has */
    CHECK_NOTHING_INVENTED,     /* what was decided was sent */
    CHECK_KEY_HAS_ONE_OWNER,    /* all tries of an idempotency key are one command */
    CHECK_EFFECT_IS_ONE,        /* a verdict has its effect in the tables once, a repeat has none */
    CHECK_STOCK_IS_THERE,       /* no option is oversold */
    CHECK_COUPONS_ARE_THERE,    /* no template is oversold */
    CHECK_WALLET_IS_ITS_EVENTS, /* money, from the journal */
    CHECK_WALLET_IS_ITS_ORDERS, /* money, from the orders */
    CHECK_WINNERS_CAME_FIRST,   /* no loser came for certain before a winner of the template */
    CHECK_DECIDED_IN_ORDER,     /* what was accepted before is decided before, within a key */
    CHECK_COUNTERS_ARE_THE_FOLD,
    CHECK_PLATFORM_HAS_ALL,
    CHECK_GATEWAY_AGREES,
    CHECK_COUNT
};

/* The first so many violations are kept as text, each of at most so many bytes. */
#define HISTORY_SAMPLES 5
#define HISTORY_SAMPLE_BYTES 1024

struct history_check {
    int64_t compared;
    int64_t violations;
    int64_t set_aside; /* not judged: parked and allowed; a template whose quantity was changed */
    bool left_out;     /* nothing is known to hold against it */
    char samples[HISTORY_SAMPLES][HISTORY_SAMPLE_BYTES];
};

struct history_verdict {
    int64_t ops;
    int64_t tries;
    int64_t accepted;
    int64_t unknown; /* tries that may have been taken */
    int64_t sightings;
    int64_t rows;
    int64_t violations;
    struct history_check checks[CHECK_COUNT];
};

const char *history_check_name(enum history_check_name check);
/* What it holds, in one sentence. */
const char *history_check_sentence(enum history_check_name check);

void history_judge(const struct evidence *evidence, struct history_verdict *ret_verdict);

/* A line a check, `ok  name  compared n` or `VIOLATED name …` with the samples below, and a
 * summary. */
void history_verdict_print(const struct history_verdict *verdict, FILE *file);
/* The same as JSON. */
void history_verdict_json(const struct history_verdict *verdict, FILE *file);

#endif
