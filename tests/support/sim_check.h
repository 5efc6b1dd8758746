/* What must hold in the simulated world: after every commit, and when all has drained. */
#ifndef FC_SUPPORT_SIM_CHECK_H
#define FC_SUPPORT_SIM_CHECK_H

struct sim_world;

/* Money, stock and coupons are conserved. */
void sim_check_always(struct sim_world *world);

/* Everything accepted has one fate, lines were served in order, everything was told and counted. */
void sim_check_end(struct sim_world *world);

#endif
