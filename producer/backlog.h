/*
 * How long a command that is put into a queue now would wait for its verdict, as far as this
 * ingress can tell by itself; and whether that is too long to accept it.
 *
 * A queue is decided in its order. So an ingress that asks for the verdict of one of its commands
 * now and then (a probe) knows with the answer that all it put before is decided, and from two
 * answers at what rate. What others put stands in between and slows its own down by as much: the
 * share of the rate fits the share of the backlog, and nobody has to be asked how long the queue
 * is. The wait of a newcomer is its own backlog over its own rate, and the time for which nothing
 * has moved at all: workers that are away for a moment cost nothing, for long they do.
 *
 * The rate is measured only while commands really wait; of an idle worker it would be the rate of
 * arrival. Until then a plain worker's is assumed, so that a rush begins without refusals.
 *
 * Refusals begin above the bound and end at 7/8 of it. A queue that refuses and has nothing under
 * way that could tell it better lets one command in to ask. Memory is taken at open; time is an
 * argument. Pure.
 */
#ifndef FC_PRODUCER_BACKLOG_H
#define FC_PRODUCER_BACKLOG_H

#include "base/err.h"
#include "base/id.h"
#include "base/limits.h"
#include "host/clock.h"

/* As batch.h numbers them. */
#define BACKLOG_QUEUES_MAX (2 * PARTITIONS_MAX)
/* Probes of a queue whose answers are still to come; a power of two. */
#define BACKLOG_PROBES_MAX 128
#define BACKLOG_BUCKETS 4096
/* Of a queue whose rate is not known: about what one worker does. */
#define BACKLOG_ASSUMED_PER_S 5000
#define BACKLOG_RETRY_S_MAX 60

struct backlog_probe {
    struct fc_uuid command_id;
    uint64_t number; /* commands put by then, itself among them */
    struct fc_mono put_at;
    int32_t next; /* in its bucket, or -1 */
};

struct backlog_queue {
    uint64_t put;           /* commands published, ever */
    uint64_t decided;       /* of these, as the last answer told */
    uint32_t first;         /* probes first … end-1 are under way; they wrap around */
    uint32_t end;           /* … at BACKLOG_PROBES_MAX */
    struct fc_mono next_at; /* no probe before */
    struct fc_mono moved;   /* when the last answer came */
    int64_t busy_us;        /* while commands waited, of late … */
    int64_t busy_count;     /* … so many were decided */
    bool refuses;
};

struct backlog {
    int64_t wait_us_max; /* 0: nothing is ever refused */
    struct backlog_queue queues[BACKLOG_QUEUES_MAX];
    struct backlog_probe *probes; /* heap: at open; BACKLOG_PROBES_MAX a queue */
    int32_t buckets[BACKLOG_BUCKETS];
};

FC_MUST_USE enum fc_rc backlog_open(struct backlog *backlog, int32_t wait_ms_max,
                                    struct fc_err *ret_err);
void backlog_close(struct backlog *backlog);

/* Whether a newcomer is to be refused; *ret_retry_s is set to the seconds after which one is
 * expected to be taken again. */
bool backlog_refuses(struct backlog *backlog, int32_t queue, struct fc_mono now,
                     int32_t *ret_retry_s);

/* Whether the next command is to be a probe. True at most once an interval: then it must be one,
 * or is given up. */
bool backlog_wants_probe(struct backlog *backlog, int32_t queue, struct fc_mono now);

/* A command was published; `probe` is its id if its verdict will be told, else NULL. */
void backlog_put(struct backlog *backlog, int32_t queue, const struct fc_uuid *probe,
                 struct fc_mono now);

/* A verdict came: of a probe or of another command, which is nothing to us. */
void backlog_answered(struct backlog *backlog, const struct fc_uuid *command_id,
                      struct fc_mono now);

/* The answers under way will not come: the queue they were to come to is gone. */
void backlog_forget(struct backlog *backlog);

/* The wait of a newcomer; 0 when nothing is known to wait. */
int64_t backlog_wait_us(const struct backlog *backlog, int32_t queue, struct fc_mono now);

/* The longest of all queues. */
int64_t backlog_longest_us(const struct backlog *backlog, struct fc_mono now);

#endif
