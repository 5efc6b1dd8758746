/*
 * A listener's job as the stats worker's is: takes the messages of events that the real parser
 * takes, and counts each event once, by its id, in one transaction with what it moves.
 */
#ifndef FC_SUPPORT_SIM_LISTENER_H
#define FC_SUPPORT_SIM_LISTENER_H

#include "skeleton/cycle.h"
#include "wire/event.h"

struct sim_session;

struct sim_listener_part {
    const struct wire_order_event *events;
    int32_t count;
};

struct sim_listener {
    struct sim_session *session;
    const struct batch *batch;
    struct sim_listener_part parts[BATCH_DELIVERIES_MAX];
    int32_t part_count;
};

struct job_port sim_listener_port(struct sim_listener *listener);

#endif
