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

/* So many of those put reach the broker, which routes them; the others never do. */
static void arrive(struct sim_worker *worker, int32_t count)
{
    struct sim_world *world = worker->world;

    for (int32_t i = 0; i < count; i++) {
        const struct sim_pending *pending = &worker->pending[i];

        sim_told_hear(world, pending->bytes, pending->is_event);
        if (pending->for_listener)
            sim_quorum_publish(&world->queues[SIM_FAMILY_STATS][0], pending->bytes);
    }
    if (count > 0 && count < worker->pending_count)
        sim_count(world, SIM_ANNOUNCES_CUT);
    worker->pending_count = 0;
}

void sim_ports_cut(struct sim_worker *worker)
{
    if (worker->pending_count > 0)
        arrive(worker, (int32_t)sim_draw(worker->world, (uint32_t)worker->pending_count + 1));
}

static enum fc_rc announce_put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;

    if (!sim_fault_at(worker, SIM_AT_PUT) || worker->broker_gone)
        return lost("put", ret_err);
    FC_ASSERT(worker->pending_count < SIM_PENDING_MAX);
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
    arrive(worker, worker->pending_count);
    return FC_OK;
}

static enum fc_rc announce_wait(void *arg, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;

    if (!sim_fault_at(worker, SIM_AT_CONFIRM) || worker->broker_gone)
        return lost("wait", ret_err);
    if (worker->pending_count > 0 && sim_fault_now(worker)) {
        sim_count(worker->world, SIM_ANNOUNCES_REFUSED);
        sim_ports_cut(worker);
        return fc_err_set(ret_err, FC_CURE_RETRY, "wait", "the broker refused an announcement");
    }
    arrive(worker, worker->pending_count);
    return FC_OK;
}

struct announce_port sim_announce_port(struct sim_worker *worker)
{
    return (struct announce_port){worker, announce_put, announce_send, announce_wait};
}
