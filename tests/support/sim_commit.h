/* The commit of the database in memory: all guards hold, or nothing is written. */
#ifndef FC_SUPPORT_SIM_COMMIT_H
#define FC_SUPPORT_SIM_COMMIT_H

#include "support/sim_db.h"

bool sim_commit(struct sim_db *db, const struct shop *shop, const struct command_range *range);

#endif
