/*
 * The journal of the simulated database applied by the core's own apply to an empty shop, row by
 * row as they are committed; and what the journal says that came from outside and was sold.
 */
#ifndef FC_SUPPORT_SIM_REPLAY_H
#define FC_SUPPORT_SIM_REPLAY_H

#include "support/sim_db.h"

struct sim_world;

/* The row that was written last. Counts its events. */
void sim_replay_row(struct sim_db *db, struct sim_row *row);

/* The tables against what was replayed. A difference is a violation. */
void sim_replay_compare(struct sim_world *world);

#endif
