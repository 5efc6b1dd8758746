/*
 * The clock's life: connects, waits until it is the one that acts, sees to each schedule when its
 * instant has come, and goes on through trouble. Of any number of clocks one acts: the one whose
 * database session holds the lock; when the session ends, another's turn has come within a second
 * or two. Two that act at one time would do no harm: they send the same commands.
 */
#ifndef FC_CLOCK_TICKER_H
#define FC_CLOCK_TICKER_H

#include "clock/task.h"
#include "host/backoff.h"

/*
 * Behind the first run of a process, a run looks for what became due since the one before, so that
 * commands that wait in a queue are not sent again and again; everything that is due is looked for
 * so often all the same: an order that was decided late may have ended before it was there.
 */
#define TICKER_SWEEP_MS 120000

struct ticker_state {
    bool has_last;
    struct fc_instant last; /* the newest instant that was seen to */
    bool swept;
    struct fc_mono swept_at;
    struct fc_instant covered; /* everything that was due before it was sent */
    int64_t run_count;
    int64_t command_count;
};

struct ticker {
    struct task tasks[TASK_COUNT];
    struct ticker_state states[TASK_COUNT];
    struct contact contact;
    struct task_tools tools;
    int32_t keep_days; /* of runs */
    bool connected;
    bool active;
    bool pruned;
    struct fc_mono pruned_at;
    struct fc_backoff backoff;
    int64_t connect_count;
};

/* Until asked to stop; returns the exit code. Everything but the states must be set. */
int ticker_loop(struct ticker *ticker);

/* Sees to every schedule, or the one named, for its newest instant up to `at` (NULL: now), once,
 * with connections of its own. */
FC_MUST_USE enum fc_rc ticker_once(struct ticker *ticker, const struct fc_instant *at,
                                   const char *only, struct fc_err *ret_err);

void ticker_metrics_put(const struct ticker *ticker, struct fc_buf *buf);
/* True when it is connected: acting or standing by. */
bool ticker_ready_put(const struct ticker *ticker, struct fc_buf *buf);

#endif
