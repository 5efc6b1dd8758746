#include "support/sim_world.h"

#include "base/assert.h"
#include "support/sim_check.h"
#include "support/sim_clients.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES (4 * 1024 * 1024)
#define TURNS 400

/* SplitMix64 (Steele, Lea and Flood, 2014). */
uint32_t sim_draw(struct sim_world *world, uint32_t below)
{
    uint64_t z = world->chance += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) >> 32) % below;
}

bool sim_percent(struct sim_world *world, uint32_t percent)
{
    return sim_draw(world, 100) < percent;
}

static bool trouble_now(struct sim_world *world)
{
    return world->trouble > 0 && sim_percent(world, (uint32_t)world->trouble);
}

static enum fc_rc queue_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                             struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;

    *ret_got = false;
    if (trouble_now(worker->world) && sim_percent(worker->world, 10))
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "next", "connection lost");
    /* A gather ends where the network is slow. */
    if (sim_percent(worker->world, 20))
        return FC_OK;
    for (int32_t i = 0; i < SIM_PARTITIONS && !*ret_got; i++) {
        int32_t source = worker->next_source;

        worker->next_source = (source + 1) % SIM_PARTITIONS;
        if (worker->holds[source])
            *ret_got = sim_queue_next(&worker->world->queues[worker->family][source], source,
                                      ret_delivery);
    }
    return FC_OK;
}

static enum fc_rc queue_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;

    FC_ASSERT(worker->holds[source]);
    if (trouble_now(worker->world) && sim_percent(worker->world, 20))
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "ack", "connection lost before the ack");
    sim_queue_ack(&worker->world->queues[worker->family][source], tag);
    return FC_OK;
}

static enum fc_rc announce_put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;
    int32_t at = worker->pending++;

    (void)ret_err;
    FC_ASSERT(at < (int32_t)FC_ARRAY_COUNT(worker->pending_bytes));
    worker->pending_bytes[at] = malloc(message->body.len); /* heap: the simulated broker's own */
    FC_ASSERT(worker->pending_bytes[at] != NULL);
    memcpy(worker->pending_bytes[at], message->body.ptr, message->body.len);
    worker->pending_len[at] = message->body.len;
    worker->pending_is_event[at] = message->exchange.len > 0;
    return FC_OK;
}

static void forget_pending(struct sim_worker *worker, bool tell)
{
    for (int32_t i = 0; i < worker->pending; i++) {
        if (tell && worker->pending_is_event[i])
            sim_check_hear(worker->world,
                           (struct fc_str){worker->pending_bytes[i], worker->pending_len[i]});
        free(worker->pending_bytes[i]);
    }
    worker->pending = 0;
}

static enum fc_rc announce_wait(void *arg, struct fc_err *ret_err)
{
    struct sim_worker *worker = arg;
    bool lost = trouble_now(worker->world);
    bool told = !lost || sim_percent(worker->world, 50);

    forget_pending(worker, told);
    if (lost)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "announce", "connection lost");
    return FC_OK;
}

static void worker_step(struct sim_worker *worker);

/* At a commit: perhaps another worker commits first, perhaps something breaks. */
static enum sim_fate draw_fate(void *arg)
{
    struct sim_worker *worker = arg;
    struct sim_world *world = worker->world;

    if (!world->nested && world->trouble > 0 && sim_percent(world, 30)) {
        struct sim_worker *other =
            &world->workers[sim_draw(world, WIRE_FAMILY_COUNT * SIM_WORKERS)];

        world->nested = true;
        for (int32_t i = 0; i < 4 && other != worker; i++)
            worker_step(other);
        world->nested = false;
    }
    if (!trouble_now(world))
        return SIM_COMMITS;
    switch (sim_draw(world, 3)) {
    case 0:
        return SIM_CONFLICTS;
    case 1:
        return SIM_LOST_BEFORE;
    default:
        return SIM_LOST_AFTER;
    }
}

/* Killed, or connections opened anew: partitions and batch are gone together. */
static void worker_fall(struct sim_worker *worker)
{
    for (int32_t p = 0; p < SIM_PARTITIONS; p++) {
        if (worker->holds[p])
            sim_queue_return(&worker->world->queues[worker->family][p]);
        worker->holds[p] = false;
    }
    forget_pending(worker, false);
    cycle_drop(&worker->cycle);
    worker->world->totals.falls++;
}

static bool partition_is_free(const struct sim_world *world, enum wire_family family, int32_t p)
{
    for (int32_t i = 0; i < WIRE_FAMILY_COUNT * SIM_WORKERS; i++)
        if (world->workers[i].family == family && world->workers[i].holds[p])
            return false;
    return true;
}

/* Between batches: take what is free, now and then hand something over. */
static void worker_leases(struct sim_worker *worker)
{
    struct sim_world *world = worker->world;

    for (int32_t p = 0; p < SIM_PARTITIONS; p++) {
        if (worker->holds[p] && sim_percent(world, 3)) {
            sim_queue_return(&world->queues[worker->family][p]);
            worker->holds[p] = false;
        } else if (!worker->holds[p] && partition_is_free(world, worker->family, p) &&
                   sim_percent(world, 40)) {
            worker->holds[p] = true;
        }
    }
}

static void worker_step(struct sim_worker *worker)
{
    struct sim_world *world = worker->world;
    struct cycle_step step;
    struct fc_err err;

    if (cycle_is_between(&worker->cycle))
        worker_leases(worker);
    if (world->trouble > 0 && sim_percent(world, 2)) {
        worker_fall(worker);
        return;
    }
    world->now.us += 1 + sim_draw(world, 1000);
    if (cycle_do_step(&worker->cycle, world->now, &step, &err) == FC_FAIL &&
        err.cure != FC_CURE_RETRY)
        worker_fall(worker);
}

/* With all that can happen to a shop: transfers, welcome coupons, changes. */
static struct policy sim_policy(void)
{
    struct policy policy = policy_default();

    policy.bank_transfer = true;
    policy.transfer_rate = 500;
    policy.transfer_expire_s = 1;
    policy.welcome = true;
    policy.welcome_discount = (struct discount){DISCOUNT_RATE, 500};
    return policy;
}

static void worker_init(struct sim_world *world, int32_t at)
{
    struct sim_worker *worker = &world->workers[at];
    struct queue_port queue = {worker, queue_next, queue_ack};
    struct fc_arena arena = worker->arena;

    *worker = (struct sim_worker){.world = world, .arena = arena};
    worker->family = at < SIM_WORKERS ? WIRE_FAMILY_COUPON : WIRE_FAMILY_ORDER;
    worker->session = (struct sim_session){
        .db = &world->db, .policy = sim_policy(), .fate = draw_fate, .fate_arg = worker};
    worker->job = (struct command_job){
        .store = sim_session_store(&worker->session),
        .announcer = {worker, announce_put, announce_wait},
        .family = worker->family,
        .partitions = SIM_PARTITIONS,
    };
    struct job_port job = command_job_port(&worker->job);

    cycle_init(&worker->cycle, &queue, &job, &worker->arena, (uint64_t)at);
}

static bool all_done(const struct sim_world *world)
{
    for (int32_t family = 0; family < WIRE_FAMILY_COUNT; family++)
        for (int32_t p = 0; p < SIM_PARTITIONS; p++)
            if (!sim_queue_is_empty(&world->queues[family][p]))
                return false;
    return true;
}

static void step_any(struct sim_world *world)
{
    worker_step(&world->workers[sim_draw(world, WIRE_FAMILY_COUNT * SIM_WORKERS)]);
}

/* Faults end, everything drains: within a bound, with no one touching it. */
static bool drain(struct sim_world *world)
{
    world->trouble = 0;
    for (int32_t i = 0; i < 200000; i++) {
        if (all_done(world))
            return true;
        step_any(world);
    }
    return false;
}

static void world_begin(struct sim_world *world, uint64_t seed)
{
    world->chance = seed;
    world->now = (struct fc_instant){INT64_C(1700000000000000)};
    world->asked_count = 0;
    world->told_count = 0;
    world->nested = false;
    world->id_count = 0;
    sim_db_init(&world->db);
    for (int32_t i = 0; i < WIRE_FAMILY_COUNT * SIM_WORKERS; i++)
        worker_init(world, i);
    world->trouble = (int32_t)sim_draw(world, 30);
}

static void add_up(struct sim_world *world)
{
    struct sim_totals *totals = &world->totals;

    for (int32_t i = 0; i < WIRE_FAMILY_COUNT * SIM_WORKERS; i++) {
        const struct command_stats *stats = &world->workers[i].job.stats;

        totals->succeeded += stats->succeeded;
        totals->refused += stats->refused;
        totals->recalled += stats->recalled;
        totals->parked += stats->parked;
        totals->conflicts += stats->conflicts;
    }
    for (int32_t i = 0; i < world->db.journal_count; i++)
        totals->replays += world->db.journal[i].is_replay ? 1 : 0;
    for (int32_t i = 0; i < world->told_count; i++)
        totals->told_again += world->told[i].times > 1 ? 1 : 0;
    for (int32_t i = 0; i < world->db.order_count; i++)
        totals->orders[world->db.orders[i].status]++;
    totals->coupons += world->db.coupon_count;
}

static void world_end(struct sim_world *world)
{
    add_up(world);
    for (int32_t i = 0; i < WIRE_FAMILY_COUNT * SIM_WORKERS; i++)
        worker_fall(&world->workers[i]);
    for (int32_t family = 0; family < WIRE_FAMILY_COUNT; family++)
        for (int32_t p = 0; p < SIM_PARTITIONS; p++)
            sim_queue_reset(&world->queues[family][p]);
    sim_db_reset(&world->db);
}

bool sim_world_run(struct sim_world *world, uint64_t seed, char ret_why[256])
{
    bool holds = true;

    world_begin(world, seed);
    sim_clients_open_shop(world);
    for (int32_t turn = 0; turn < TURNS && holds; turn++) {
        if (sim_percent(world, 25) && world->asked_count < SIM_ASKED_MAX - 8)
            sim_clients_ask(world);
        step_any(world);
        holds = sim_check_always(world, ret_why);
    }
    if (holds && !drain(world)) {
        (void)snprintf(ret_why, 256, "the queues did not drain");
        holds = false;
    }
    if (holds)
        holds = sim_check_always(world, ret_why) && sim_check_end(world, ret_why);
    world_end(world);
    return holds;
}

void sim_world_open(struct sim_world *world)
{
    memset(world, 0, sizeof(*world));
    for (int32_t i = 0; i < WIRE_FAMILY_COUNT * SIM_WORKERS; i++) {
        void *memory = aligned_alloc(4096, ARENA_BYTES); /* heap: at start */

        FC_ASSERT(memory != NULL);
        fc_arena_init(&world->workers[i].arena, memory, ARENA_BYTES);
    }
}

void sim_world_close(struct sim_world *world)
{
    for (int32_t i = 0; i < WIRE_FAMILY_COUNT * SIM_WORKERS; i++)
        free(world->workers[i].arena.ptr);
}
