/*
 * The command store over PostgreSQL: two exchanges a batch. The first begins, recalls where it is
 * asked to, and loads; the second records the journal, writes rows and commits. The rows that
 * commands touch are the job's (struct job_rows); the journal, idempotency keys and parked bytes
 * are here.
 */
#ifndef FC_SKELETON_JOURNAL_H
#define FC_SKELETON_JOURNAL_H

#include "skeleton/command_job.h"
#include "skeleton/exchange.h"

/* A job's own tables. */
struct job_rows {
    void *arg;
    /* Queues the locks that a second try takes early, in the one global order. */
    void (*send_locks)(void *arg, const struct command_range *range, struct exchange *exchange);
    /* Queues the reads; take_load finds their answers after the exchange, and fails when they say
     * that nothing may be decided. */
    void (*send_load)(void *arg, const struct command_range *range, struct exchange *exchange);
    enum fc_rc (*take_load)(void *arg, const struct command_range *range, const struct db *db,
                            struct fc_err *ret_err);
    void (*decide)(void *arg, const struct command_range *range, struct command_slot *slot);
    /* Queues the writes of what was decided, the most contended last. */
    void (*send_store)(void *arg, const struct command_range *range, struct exchange *exchange);
};

struct journal {
    struct db *db; /* set anew after each reconnect */
    struct job_rows rows;
    const char *family; /* for the queue's name of parked bytes */
    const char *worker; /* instance name */
};

/* The port for a command_job; `journal` must outlive it. */
struct command_store journal_store(struct journal *journal);

#endif
