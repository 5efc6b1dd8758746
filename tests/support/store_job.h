/*
 * The order worker as the programs have it (cycle, job, journal, shop) over a real database, with
 * nothing at its other ends: what it takes is handed to it, what it announces is counted and
 * dropped. For measuring; trouble that a worker would live through is lived through here.
 */
#ifndef FC_SUPPORT_STORE_JOB_H
#define FC_SUPPORT_STORE_JOB_H

#include "shop/shop_job.h"
#include "support/store_wish.h"

struct store_message {
    struct fc_str body;
    int32_t partition;
};

struct store_job {
    struct db *db;
    struct command_job job;
    struct journal journal;
    struct shop_job shop;
    struct cycle cycle;
    struct fc_arena arena;
    struct fc_buf bytes; /* of the messages; owned */
    struct store_message messages[STORE_WISHES_MAX];
    int32_t message_count;
    int32_t message_next;
    uint64_t tag;
    int64_t announced_bytes;
    int64_t retries;
};

/* Connects as a worker does; checks the schema. Close it whatever came of it. */
FC_MUST_USE enum fc_rc store_job_open(struct store_job *job, const char *conninfo,
                                      struct fc_err *ret_err);
void store_job_close(struct store_job *job);

/* Lays the wishes out as messages of `together` each. */
void store_job_put(struct store_job *job, const struct store_wish *wishes, int32_t count,
                   int32_t together);
/* Takes what was put as one batch, decides it, commits and announces. */
FC_MUST_USE enum fc_rc store_job_run(struct store_job *job, struct fc_err *ret_err);

#endif
