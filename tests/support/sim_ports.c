#include "support/sim_ports.h"

#include "base/assert.h"
#include "mq/topology.h"
#include "support/sim_fault.h"
#include "support/sim_world.h"

static enum fc_rc lost(const char *what, struct fc_err *ret_err)
{
    return fc_err_set(ret_err, FC_CURE_RECONNECT, what, "the broker's connection is gone");
}

static enum fc_rc queue_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                             struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;
    struct sim_world *world = worker->world;

    *ret_got = false;
    if (!sim_fault_at(worker, SIM_AT_NEXT) || worker->broker_gone)
        return lost("next", ret_err);
    /* A gather ends where the network is slow. */
    if (worker->cycle.batch.delivery_count > 0 && sim_percent(world, 20))
        return FC_OK;
    for (int32_t i = 0; i < SIM_PARTITIONS && !*ret_got; i++) {
        int32_t source = worker->next_source;

        worker->next_source = (source + 1) % SIM_PARTITIONS;
        if (worker->channels[source] == 0)
            continue;
        *ret_got = sim_quorum_next(sim_worker_queue(worker, source), worker->channels[source],
                                   source, ret_delivery);
    }
    if (!*ret_got)
        return FC_OK;
    if (ret_delivery->redelivered)
        sim_count(world, SIM_REDELIVERED);
    if (world->mistake == SIM_ACKS_FIRST)
        sim_quorum_ack(sim_worker_queue(worker, ret_delivery->source),
                       worker->channels[ret_delivery->source], ret_delivery->tag);
    return FC_OK;
}

/* The lock of what it settles may be another's by now: what is settled is committed, though. */
static void count_elsewhere(struct sim_worker *worker, int32_t source)
{
    const struct sim_leases *leases = &worker->world->db.leases;

    if (leases->holders[worker->family][source] != 0 &&
        !sim_lease_holds(leases, worker->session.id, source))
        sim_count(worker->world, SIM_LEASE_ELSEWHERE);
}

static enum fc_rc queue_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;
    struct sim_world *world = worker->world;

    if (world->mistake == SIM_ACKS_FIRST)
        return FC_OK;
    if (!sim_fault_at(worker, SIM_AT_ACK))
        return lost("ack", ret_err);
    if (!worker->broker_gone && sim_fault_now(worker)) {
        sim_count(world, SIM_ACKS_LOST);
        sim_worker_cut_broker(worker);
        return FC_OK;
    }
    if (worker->broker_gone) {
        /* A socket takes bytes for some time when nobody reads them any more. */
        sim_count(world, SIM_ACKS_LATE);
        return sim_percent(world, 50) ? FC_OK : lost("ack", ret_err);
    }
    count_elsewhere(worker, source);
    sim_quorum_ack(sim_worker_queue(worker, source), worker->channels[source], tag);
    worker->acked++;
    if (!sim_fault_at(worker, SIM_AT_ACKED))
        return lost("ack", ret_err);
    return FC_OK;
}

struct queue_port sim_queue_port(struct sim_worker *worker)
{
    return (struct queue_port){worker, queue_next, queue_ack};
}

/* --- announcements ---------------------------------------------------------------------------- */

static void hear(struct sim_world *world, struct sim_pending *pending)
{
    pending->stalled = false;
    sim_told_hear(world, pending->bytes, pending->is_event);
    if (pending->for_listener)
        sim_quorum_publish(&world->queues[SIM_FAMILY_STATS][0], pending->bytes);
}

/* So many of those put have reached the broker, which routes them. */
static void arrive(struct sim_worker *worker, int32_t count)
{
    struct sim_world *world = worker->world;

    for (; worker->arrived < count; worker->arrived++) {
        struct sim_pending *pending = &worker->pending[worker->arrived];

        pending->stalled = !world->healed && sim_percent(world, 40);
        if (!pending->refused && !pending->stalled)
            hear(world, pending);
    }
}

/* Of those on their way some arrive, from their beginning. */
static void arrive_some(struct sim_worker *worker)
{
    uint32_t more = (uint32_t)(worker->pending_count - worker->arrived);

    if (more > 0)
        arrive(worker, worker->arrived + (int32_t)sim_draw(worker->world, more + 1));
}

void sim_ports_cut(struct sim_worker *worker)
{
    int32_t arrived = worker->arrived;

    arrive_some(worker);
    if (worker->arrived > arrived && worker->arrived < worker->pending_count)
        sim_count(worker->world, SIM_ANNOUNCES_CUT);
    for (int32_t i = 0; i < worker->arrived; i++)
        if (worker->pending[i].stalled && !worker->pending[i].refused &&
            sim_percent(worker->world, 50))
            hear(worker->world, &worker->pending[i]);
    if (worker->owed_seq > worker->settled_to)
        sim_count(worker->world, SIM_CONFIRMS_LOST);
    worker->pending_count = worker->arrived = 0;
    worker->settled_to = worker->owed_seq = 0;
}

static uint64_t put_seq(const struct sim_worker *worker)
{
    return worker->settled_to + (uint64_t)worker->pending_count;
}

/* The number of the first event that the broker will not have, of those on their way; 0: none. */
static uint64_t refuse(struct sim_worker *worker)
{
    uint64_t first = 0;

    for (int32_t i = worker->arrived; i < worker->pending_count; i++) {
        struct sim_pending *pending = &worker->pending[i];

        pending->refused = pending->refused || sim_percent(worker->world, 50);
        if (pending->refused && pending->is_event && first == 0)
            first = worker->settled_to + 1 + (uint64_t)i;
    }
    return first;
}

/* As the real one: what was marked cannot be put again. */
static enum fc_rc tell_refused(struct sim_worker *worker, uint64_t seq, struct fc_err *ret_err)
{
    bool owed = seq <= worker->owed_seq;

    if (seq == 0)
        return FC_OK;
    sim_count(worker->world, owed ? SIM_OWED_REFUSED : SIM_ANNOUNCES_REFUSED);
    return fc_err_set(ret_err, owed ? FC_CURE_RECONNECT : FC_CURE_RETRY, "announce",
                      "the broker refused an announcement");
}

/* Each that has arrived is confirmed, or in so many of a hundred cases; in whatever order. */
static void confirm(struct sim_worker *worker, uint32_t percent)
{
    int32_t settled = 0;
    int32_t left;

    for (int32_t i = 0; i < worker->arrived; i++) {
        struct sim_pending *pending = &worker->pending[i];

        if (pending->confirmed || !sim_percent(worker->world, percent))
            continue;
        if (pending->stalled && !pending->refused)
            hear(worker->world, pending);
        pending->confirmed = true;
    }
    while (settled < worker->arrived && worker->pending[settled].confirmed)
        settled++;
    left = worker->pending_count - settled;
    for (int32_t i = 0; i < left; i++)
        worker->pending[i] = worker->pending[settled + i];
    worker->pending_count = left;
    worker->arrived -= settled;
    worker->settled_to += (uint64_t)settled;
    for (int32_t i = 0; i < worker->arrived; i++)
        if (worker->pending[i].confirmed)
            sim_count(worker->world, SIM_CONFIRMS_AHEAD);
}

static enum fc_rc announce_wait(void *arg, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;
    uint64_t refused = 0;

    if (!sim_fault_at(worker, SIM_AT_CONFIRM) || worker->broker_gone)
        return lost("wait", ret_err);
    if (worker->pending_count > worker->arrived && sim_fault_now(worker))
        refused = refuse(worker);
    arrive(worker, worker->pending_count);
    confirm(worker, 100);
    return tell_refused(worker, refused, ret_err);
}

static enum fc_rc announce_put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;

    if (!sim_fault_at(worker, SIM_AT_PUT) || worker->broker_gone)
        return lost("put", ret_err);
    if (worker->pending_count == SIM_PENDING_MAX && announce_wait(worker, ret_err) == FC_FAIL)
        return FC_FAIL;
    worker->pending[worker->pending_count++] = (struct sim_pending){
        .bytes = sim_db_keep(&worker->world->db, message->body),
        .is_event = message->exchange.len > 0,
        .for_listener =
            message->exchange.len > 0 && fc_str_eq(message->routing_key, FC_STR("order")),
    };
    return FC_OK;
}

static enum fc_rc announce_send(void *arg, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;

    if (!sim_fault_at(worker, SIM_AT_PUT) || worker->broker_gone)
        return lost("send", ret_err);
    arrive_some(worker);
    return FC_OK;
}

struct announce_port sim_announce_port(struct sim_worker *worker)
{
    return (struct announce_port){worker, announce_put, announce_send, announce_wait};
}

/* --- confirms --------------------------------------------------------------------------------- */

static enum fc_rc confirms_send(void *arg, uint64_t *ret_mark, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;
    uint64_t refused = 0;

    if (announce_send(arg, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (worker->pending_count > worker->arrived && sim_fault_now(worker))
        refused = refuse(worker);
    if (tell_refused(worker, refused, ret_err) == FC_FAIL)
        return FC_FAIL;
    *ret_mark = worker->owed_seq = put_seq(worker);
    return FC_OK;
}

/* What a worker with a mistake takes for confirmed. */
static uint64_t mistaken(const struct sim_worker *worker)
{
    uint64_t highest = worker->settled_to;

    if (worker->world->mistake == SIM_ACKS_UNCONFIRMED)
        return put_seq(worker);
    if (worker->world->mistake == SIM_ACKS_AHEAD)
        for (int32_t i = 0; i < worker->arrived; i++)
            if (worker->pending[i].confirmed)
                highest = worker->settled_to + 1 + (uint64_t)i;
    return highest;
}

static enum fc_rc confirms_look(void *arg, uint64_t *ret_mark, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;
    uint64_t refused = 0;

    if (!sim_fault_at(worker, SIM_AT_CONFIRM) || worker->broker_gone)
        return lost("look", ret_err);
    if (worker->pending_count > worker->arrived && sim_fault_now(worker))
        refused = refuse(worker);
    if (worker->world->mistake != SIM_NACKS_UNHEARD &&
        tell_refused(worker, refused, ret_err) == FC_FAIL)
        return FC_FAIL;
    arrive_some(worker);
    confirm(worker, 60);
    if (worker->settled_to < worker->owed_seq)
        sim_count(worker->world, SIM_CONFIRMS_LATE);
    *ret_mark = mistaken(worker);
    return FC_OK;
}

struct confirm_port sim_confirm_port(struct sim_worker *worker)
{
    return (struct confirm_port){worker, confirms_send, confirms_look, announce_wait};
}
