#include "support/sim_lease.h"

#include "base/assert.h"

#include <string.h>

void sim_leases_reset(struct sim_leases *leases)
{
    memset(leases->holders, 0, sizeof(leases->holders));
    leases->session_count = 0;
}

int32_t sim_session_open(struct sim_leases *leases, int32_t family)
{
    FC_ASSERT(leases->session_count < SIM_SESSIONS_MAX);
    leases->sessions[leases->session_count++] = (struct sim_session_row){family, true};
    return leases->session_count;
}

static struct sim_session_row *row_of(struct sim_leases *leases, int32_t session)
{
    FC_ASSERT(session > 0 && session <= leases->session_count);
    return &leases->sessions[session - 1];
}

void sim_session_end(struct sim_leases *leases, int32_t session)
{
    struct sim_session_row *row = row_of(leases, session);

    row->alive = false;
    for (int32_t p = 0; p < SIM_PARTITIONS; p++)
        if (leases->holders[row->family][p] == session)
            leases->holders[row->family][p] = 0;
}

bool sim_session_is_alive(const struct sim_leases *leases, int32_t session)
{
    FC_ASSERT(session > 0 && session <= leases->session_count);
    return leases->sessions[session - 1].alive;
}

void sim_lease_look(const struct sim_leases *leases, int32_t session, int32_t partitions,
                    struct db_lease_view *ret_view)
{
    int32_t family = leases->sessions[session - 1].family;

    FC_ASSERT(sim_session_is_alive(leases, session));
    *ret_view = (struct db_lease_view){.partitions = partitions, .me = session};
    for (int32_t i = 0; i < leases->session_count; i++) {
        if (!leases->sessions[i].alive || leases->sessions[i].family != family)
            continue;
        if (i + 1 == session)
            ret_view->rank = ret_view->workers;
        ret_view->workers++;
    }
    for (int32_t p = 0; p < partitions; p++)
        ret_view->held_by[p] = leases->holders[family][p];
}

bool sim_lease_take(struct sim_leases *leases, int32_t session, int32_t partition)
{
    int32_t *holder = &leases->holders[row_of(leases, session)->family][partition];

    FC_ASSERT(*holder != session);
    if (*holder != 0)
        return false;
    *holder = session;
    return true;
}

void sim_lease_give(struct sim_leases *leases, int32_t session, int32_t partition)
{
    int32_t *holder = &leases->holders[row_of(leases, session)->family][partition];

    FC_ASSERT(*holder == session);
    *holder = 0;
}

bool sim_lease_holds(const struct sim_leases *leases, int32_t session, int32_t partition)
{
    return session > 0 && sim_session_is_alive(leases, session) &&
           leases->holders[leases->sessions[session - 1].family][partition] == session;
}
