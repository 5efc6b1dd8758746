#include "support/sim_fault.h"

#include "support/sim_world.h"

enum fault { FAULT_KILL, FAULT_LOSS, FAULT_FREEZE };

static bool tries_innocent(const struct sim_worker *worker)
{
    return worker->session.trying &&
           !sim_ingress_is_poison(&worker->world->ingress, &worker->session.tried);
}

static bool parks(struct sim_worker *worker)
{
    const struct sim_attempt *attempt;

    if (!worker->session.trying)
        return false;
    attempt = sim_db_attempt(&worker->world->db, &worker->session.tried);
    return attempt != NULL && attempt->attempts > POISON_ATTEMPTS_MAX;
}

/*
 * Workers that die more than POISON_ATTEMPTS_MAX times of something else while they try one and the
 * same command alone would park an innocent: nobody can tell. The world does not do that to them.
 * Where nobody dies so, trouble is forgiven, however often it comes.
 */
static bool is_spared(struct sim_worker *worker, enum sim_point point)
{
    struct sim_world *world = worker->world;
    const struct sim_attempt *attempt;

    if (!tries_innocent(worker))
        return false;
    if (world->size.forgivable)
        return point == SIM_AT_ATTEMPTED;
    attempt = sim_db_attempt(&world->db, &worker->session.tried);
    return attempt != NULL && attempt->attempts >= POISON_ATTEMPTS_MAX;
}

static bool is_time(struct sim_worker *worker, enum sim_point point, uint32_t factor)
{
    struct sim_world *world = worker->world;

    if (tries_innocent(worker) || parks(worker))
        factor = 15;
    return !world->healed && sim_draw(world, 1000) < (uint32_t)world->size.trouble * factor &&
           !is_spared(worker, point);
}

bool sim_fault_now(struct sim_worker *worker)
{
    return is_time(worker, SIM_POINT_COUNT, 1);
}

/* What workers seldom come to has trouble more often. */
static uint32_t factor_of(enum sim_point point)
{
    switch (point) {
    case SIM_AT_FORGIVE:
        return 12;
    case SIM_AT_ATTEMPT:
    case SIM_AT_ATTEMPTED:
    case SIM_AT_GIVEN:
        return 3;
    case SIM_AT_ACK:
    case SIM_AT_PUT:
        return 2;
    case SIM_AT_GATHER:
    case SIM_AT_COMMIT:
    case SIM_AT_ANNOUNCE:
    case SIM_AT_SETTLE:
    case SIM_AT_NEXT:
    case SIM_AT_LOAD:
    case SIM_AT_DECIDE:
    case SIM_AT_STORE:
    case SIM_AT_STORED:
    case SIM_AT_CONFIRM:
    case SIM_AT_ACKED:
    case SIM_AT_TAKEN:
    case SIM_POINT_COUNT:
        break;
    }
    return 1;
}

/* Short: it is slow. Long: the servers lose their patience, each by itself. */
static void freeze(struct sim_worker *worker, enum sim_point point)
{
    struct sim_world *world = worker->world;
    bool is_long = sim_percent(world, 60);
    int32_t turns = 1 + (int32_t)sim_draw(world, is_long ? 12 : 3);

    if (world->depth == SIM_DEPTH_MAX)
        return;
    world->totals.freezes[point]++;
    sim_trace(world, "worker %d is frozen for %d turns", worker->at, turns);
    for (int32_t i = 0; i < turns; i++) {
        if (is_long && worker->connected && sim_percent(world, 15) &&
            sim_session_is_alive(&world->db.leases, worker->session.id)) {
            sim_count(world, SIM_SESSIONS_ENDED);
            sim_trace(world, "the session of worker %d is ended", worker->at);
            sim_session_end(&world->db.leases, worker->session.id);
        }
        if (is_long && worker->connected && !worker->broker_gone && sim_percent(world, 8)) {
            sim_count(world, SIM_CHANNELS_ENDED);
            sim_worker_cut_broker(worker);
        }
        sim_world_go_on(world);
    }
    sim_trace(world, "worker %d wakes", worker->at);
}

/* What a worker had done of something when it was cut off. */
static void count_cut(const struct sim_worker *worker, enum sim_point point)
{
    if (point == SIM_AT_NEXT && worker->cycle.batch.delivery_count > 0)
        sim_count(worker->world, SIM_GATHERS_CUT);
    if (point == SIM_AT_ACK && worker->acked > 0)
        sim_count(worker->world, SIM_SETTLES_CUT);
}

static bool fault_at(struct sim_worker *worker, enum sim_point point, bool may_lose)
{
    struct sim_world *world = worker->world;
    enum fault fault;

    if (!is_time(worker, point, factor_of(point)))
        return true;
    fault = (enum fault)sim_draw(world, 3);
    if (fault == FAULT_KILL && world->size.forgivable && tries_innocent(worker))
        fault = FAULT_LOSS;
    switch (fault) {
    case FAULT_KILL:
        world->totals.kills[point]++;
        count_cut(worker, point);
        sim_trace(world, "worker %d is killed at point %d", worker->at, (int)point);
        longjmp(worker->grave, 1);
    case FAULT_LOSS:
        if (!may_lose)
            return true;
        world->totals.losses[point]++;
        count_cut(worker, point);
        sim_trace(world, "worker %d loses its connections at point %d", worker->at, (int)point);
        return false;
    case FAULT_FREEZE:
        freeze(worker, point);
        return true;
    }
    return true;
}

bool sim_fault_at(struct sim_worker *worker, enum sim_point point)
{
    return fault_at(worker, point, true);
}

void sim_fault_within(struct sim_worker *worker, enum sim_point point)
{
    (void)fault_at(worker, point, false);
}
