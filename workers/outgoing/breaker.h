/*
 * Keeps us from running against a party that is away: after so many failures in a row nothing is
 * sent for a while, then one call is let through to see, and its outcome decides. Pure: time comes
 * in as milliseconds of a clock that never goes back.
 *
 *   CLOSED   calls go out; `failures_max` failures with no success between them open it
 *   OPEN     none goes out for `open_ms`, then the first that asks becomes the probe
 *   PROBING  none goes out but the probe; any success closes, the probe's failure opens again
 */
#ifndef FC_OUTGOING_BREAKER_H
#define FC_OUTGOING_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_PROBING };

struct breaker {
    enum breaker_state state;
    int32_t failures_max; /* above 0 */
    int32_t open_ms;      /* above 0 */
    int32_t failures;     /* in a row */
    int64_t opened_ms;
    int64_t openings; /* how often it opened, for the metrics */
};

void breaker_init(struct breaker *breaker, int32_t failures_max, int32_t open_ms);

/* Whether a call may go out now. In OPEN this makes the call the probe: ask only for one that is
 * started then. */
bool breaker_take(struct breaker *breaker, int64_t now_ms);

/* What became of a call that was let through; also of those that were under way when it opened,
 * whose failures say nothing new. */
void breaker_succeeded(struct breaker *breaker);
void breaker_failed(struct breaker *breaker, int64_t now_ms);

/* The call was given up without an outcome: the probe's place is free again. */
void breaker_forget(struct breaker *breaker);

/* Milliseconds until breaker_take may say yes; 0: now; `max_ms` at most, and while a probe is under
 * way. */
int32_t breaker_wait_ms(const struct breaker *breaker, int64_t now_ms, int32_t max_ms);

/* "closed", "open", "probing". */
const char *breaker_state_name(enum breaker_state state);

#endif
