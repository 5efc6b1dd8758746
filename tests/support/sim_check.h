/* What must hold in the simulated world: after every step, and when all has drained. */
#ifndef FC_SUPPORT_SIM_CHECK_H
#define FC_SUPPORT_SIM_CHECK_H

#include "support/sim_world.h"

/* Listeners hear one message of events. */
void sim_check_hear(struct sim_world *world, struct fc_str bytes);

/* Money, stock and coupons are conserved. */
bool sim_check_always(const struct sim_world *world, char ret_why[256]);

/* Everything accepted has one verdict, lines were served in order, everything was told. */
bool sim_check_end(const struct sim_world *world, char ret_why[256]);

#endif
