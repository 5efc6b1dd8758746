/*
 * The simulated database's sessions and their advisory locks: a partition's lock is its session's,
 * and is free when that ends, whoever ends it. The plan that workers make of a look is the real
 * one (db/lease.h).
 */
#ifndef FC_SUPPORT_SIM_LEASE_H
#define FC_SUPPORT_SIM_LEASE_H

#include "db/lease.h"

#include <stdbool.h>

#define SIM_PARTITIONS 3
#define SIM_FAMILIES 3 /* coupon, order, and the listener's */
#define SIM_SESSIONS_MAX 4096

struct sim_session_row {
    int32_t family;
    bool alive;
};

struct sim_leases {
    int32_t holders[SIM_FAMILIES][SIM_PARTITIONS]; /* sessions, 0: free */
    struct sim_session_row sessions[SIM_SESSIONS_MAX];
    int32_t session_count; /* ids are 1 … */
};

void sim_leases_reset(struct sim_leases *leases);

/* A new session on its family's roll; returns its id, above 0. */
int32_t sim_session_open(struct sim_leases *leases, int32_t family);
void sim_session_end(struct sim_leases *leases, int32_t session);
bool sim_session_is_alive(const struct sim_leases *leases, int32_t session);

void sim_lease_look(const struct sim_leases *leases, int32_t session, int32_t partitions,
                    struct db_lease_view *ret_view);
bool sim_lease_take(struct sim_leases *leases, int32_t session, int32_t partition);
void sim_lease_give(struct sim_leases *leases, int32_t session, int32_t partition);
bool sim_lease_holds(const struct sim_leases *leases, int32_t session, int32_t partition);

#endif
