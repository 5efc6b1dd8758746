/* The commit of the database in memory: all guards hold, or nothing is written. */
#ifndef FC_SUPPORT_SIM_COMMIT_H
#define FC_SUPPORT_SIM_COMMIT_H

#include "skeleton/command_job.h"

struct shop;
struct sim_db;
struct sim_worker;

/* Checks the invariants behind it. */
bool sim_commit(struct sim_worker *worker, const struct shop *shop,
                const struct command_range *range);

/* The primary key, and the unique index on actor and idempotency key. */
bool sim_commit_journal_holds(const struct sim_db *db, const struct command_range *range);

/* Only the holder of its lock may commit for a partition. */
void sim_commit_check_lease(struct sim_worker *worker, int32_t partition);

#endif
