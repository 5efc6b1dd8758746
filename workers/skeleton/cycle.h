/*
 * A worker's cycle: gather → commit → announce → settle, one batch at a time, one phase a step, so
 * that a simulator can end the world between any two of them. The cycle knows no broker, no
 * database and no command: the queue and the job are ports.
 *
 *   phase     | in the queue | committed | after a crash here
 *   ----------+--------------+-----------+------------------------------------------------
 *   GATHER    | yes          | no        | delivered again, decided then
 *   COMMIT    | yes          | perhaps   | delivered again, decided or recalled
 *   ANNOUNCE  | yes          | yes       | delivered again, recalled, announced (again)
 *   SETTLE    | yes          | yes       | the same; consumers drop repeats by id
 *
 * Announcements take the broker some time to confirm. With a confirm_port the cycle does not stand
 * still for it: the batch is dropped, its acknowledgements are owed, and the next is gathered. They
 * are paid, in the order of the announcements, when all up to theirs is confirmed: a SETTLE of its
 * own between two gathers. Until then the deliveries are in the queue and what they asked for is
 * committed, as in ANNOUNCE of the table. A batch that ended in deaths before is waited for, and so
 * is one that would make too much be owed.
 *
 * What is committed may be carried, when the owner of the cycle says so: the next batches are
 * gathered and committed before all of them are announced and settled together. That is the state
 * ANNOUNCE of the table for longer; nobody whose command was decided waits for it, since verdicts
 * leave with the commit.
 *
 * Trouble never skips a command. RETRY keeps the whole batch and tells how long to wait; AGAIN is
 * no trouble: a job that waits for somebody outside returns every GATHER_WAIT_MS_MAX, so that
 * sessions are kept alive meanwhile, and is called again at once. Any other cure is the caller's:
 * it drops the batch (cycle_drop) and opens its connections anew, whereby all that is
 * unacknowledged returns to the head of its queue in order.
 */
#ifndef FC_SKELETON_CYCLE_H
#define FC_SKELETON_CYCLE_H

#include "base/err.h"
#include "host/backoff.h"
#include "mq/consumer.h"
#include "skeleton/batch.h"

/* Where deliveries come from. */
struct queue_port {
    void *arg;
    enum fc_rc (*next)(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                       struct fc_err *ret_err);
    enum fc_rc (*ack)(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err);
};

/* What is done with them. */
struct job_port {
    void *arg;
    /* A new batch begins: forget the last one, but for what is carried of it. */
    void (*begin)(void *arg, struct batch *batch);
    /* Parses one delivery into the batch and counts its items; keeps no view of the delivery. */
    void (*take)(void *arg, struct batch *batch, const struct mq_delivery *delivery);
    /* Decides, commits, and tells whoever waits; idempotent, may be called again after RETRY or
     * AGAIN. */
    enum fc_rc (*commit)(void *arg, struct batch *batch, struct fc_err *ret_err);
    /* Tells the world, of what was carried too, and waits until that is durable, and all that was
     * told before; with batch->sent_only it is only put. May be called again after RETRY. */
    enum fc_rc (*announce)(void *arg, struct batch *batch, struct fc_err *ret_err);
};

/* How far announcements are confirmed, for a job that heeds batch->sent_only. Marks only grow. What
 * was marked cannot be put again: that it was refused is told with cure RECONNECT. */
struct confirm_port {
    void *arg;
    /* Sends what was put, without waiting; *ret_mark is its last. RETRY: some of it was refused
     * already, put it again. */
    enum fc_rc (*send)(void *arg, uint64_t *ret_mark, struct fc_err *ret_err);
    /* Without waiting: everything up to *ret_mark is confirmed. */
    enum fc_rc (*look)(void *arg, uint64_t *ret_mark, struct fc_err *ret_err);
    /* Waits until everything is. */
    enum fc_rc (*wait)(void *arg, struct fc_err *ret_err);
};

/* An announcement that was sent, and the acknowledgements that wait for its confirms. */
struct cycle_owed {
    uint64_t mark;
    int32_t items;
    int32_t delivery_count;
    int32_t ack_count;
    struct batch_delivery acks[OWED_DELIVERIES_MAX]; /* the last of each source */
};

enum cycle_phase { CYCLE_GATHER, CYCLE_COMMIT, CYCLE_ANNOUNCE, CYCLE_SETTLE, CYCLE_PHASE_COUNT };

struct cycle {
    struct queue_port queue;
    struct job_port job;
    struct fc_arena *arena;
    struct fc_backoff backoff;
    struct batch batch;
    enum cycle_phase phase;       /* the one that the next step does */
    int32_t carry_ms;             /* the owner's: committed batches are carried so long; 0: never */
    struct fc_instant since;      /* the gather of the first that is carried */
    struct confirm_port confirms; /* the owner's; all zero: every announcement is waited for */
    bool settle_now;              /* the owner's: come between batches, owe and carry nothing on */
    struct cycle_owed owed[OWED_BATCHES_MAX]; /* in the order of their marks */
    int32_t owed_count;
    int32_t owed_deliveries; /* of all of them */
};

struct cycle_step {
    enum cycle_phase phase; /* what was done: what is owed is settled before a gather */
    bool idle;              /* gathered nothing: wait for the queue … */
    int32_t idle_ms;        /* … at most so long */
    bool again;             /* the job is not done with the batch: the same phase again at once */
    int32_t wait_ms;        /* above 0: trouble, the same phase again after this pause */
    int32_t settled;        /* items of the batches that this step settled */
};

void cycle_init(struct cycle *cycle, const struct queue_port *queue, const struct job_port *job,
                struct fc_arena *arena, uint64_t seed);

/*
 * Does one phase. FC_FAIL with cure RETRY: ret_step->wait_ms says when to step again. Other cures:
 * see above. `now` is used by a gather. Blocks as the ports do.
 */
FC_MUST_USE enum fc_rc cycle_do_step(struct cycle *cycle, struct fc_instant now,
                                     struct cycle_step *ret_step, struct fc_err *ret_err);

/* Forgets the batch in hand, whatever its phase, and what is owed. */
void cycle_drop(struct cycle *cycle);

/* True between batches, with nothing carried and nothing owed: partitions may change hands, the
 * process may stop. A busy cycle comes there only when it is told to settle_now. */
bool cycle_is_between(const struct cycle *cycle);

/* The batch that was gathered took no more: there may be more behind it. */
bool cycle_is_full(const struct cycle *cycle);

const char *cycle_phase_name(enum cycle_phase phase);

#endif
