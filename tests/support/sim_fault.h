/*
 * What can happen to a worker at any point of its life: killed (no return), frozen while the world
 * goes on (and perhaps ends its session and its channels), its connections lost.
 */
#ifndef FC_SUPPORT_SIM_FAULT_H
#define FC_SUPPORT_SIM_FAULT_H

#include "support/sim_totals.h"

#define SIM_DEPTH_MAX 3

struct sim_worker;

/* False when it has lost its connections here. */
bool sim_fault_at(struct sim_worker *worker, enum sim_point point);

/* Where no connection is used: killed or frozen only. */
void sim_fault_within(struct sim_worker *worker, enum sim_point point);

/* Whether it is time for trouble of the caller's own kind. */
bool sim_fault_now(struct sim_worker *worker);

#endif
