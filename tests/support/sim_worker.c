#include "support/sim_worker.h"

#include "base/assert.h"
#include "support/sim_fault.h"
#include "support/sim_ports.h"
#include "support/sim_world.h"

struct sim_quorum *sim_worker_queue(const struct sim_worker *worker, int32_t partition)
{
    return &worker->world->queues[worker->family][partition];
}

static int32_t partitions_of(const struct sim_worker *worker)
{
    return worker->family == SIM_FAMILY_STATS ? 1 : worker->world->size.partitions;
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

void sim_worker_init(struct sim_world *world, int32_t at, int32_t family)
{
    struct sim_worker *worker = &world->workers[at];
    struct fc_arena arena = worker->arena;

    *worker = (struct sim_worker){.world = world, .at = at, .family = family, .arena = arena};
    worker->prefetch = world->size.prefetch;
    worker->down = (int32_t)sim_draw(world, 6);
}

/* A process without memory of an earlier one. */
static void start(struct sim_worker *worker)
{
    static const int32_t carries[] = {400, 0, 60}; /* a step takes 25 ms on the average */
    struct queue_port queue = sim_queue_port(worker);
    struct job_port job;

    worker->session = (struct sim_session){.worker = worker, .policy = sim_policy()};
    worker->listener = (struct sim_listener){.session = &worker->session};
    worker->job = (struct command_job){
        .store = sim_session_store(&worker->session),
        .announcer = sim_announce_port(worker),
        .family = (enum wire_family)worker->family,
        .partitions = partitions_of(worker),
    };
    job = worker->family == SIM_FAMILY_STATS ? sim_listener_port(&worker->listener)
                                             : command_job_port(&worker->job);
    worker->running = true;
    worker->connected = false;
    cycle_init(&worker->cycle, &queue, &job, &worker->arena, (uint64_t)worker->at);
    worker->cycle.settle_now = false;
    if (worker->family != SIM_FAMILY_STATS) {
        worker->cycle.carry_ms = carries[(size_t)worker->at % FC_ARRAY_COUNT(carries)];
        worker->cycle.confirms = sim_confirm_port(worker);
    }
    sim_count(worker->world, SIM_JOINED);
    sim_trace(worker->world, "worker %d starts", worker->at);
}

/* The other end has not noticed: it keeps session or channel for a while. */
static bool lingers(struct sim_world *world, struct sim_lingering lingering)
{
    if (world->healed || world->lingering_count == SIM_LINGERING_MAX || !sim_percent(world, 25))
        return false;
    world->lingering[world->lingering_count++] = lingering;
    return true;
}

static void close_channel(struct sim_worker *worker, int32_t partition, bool by_itself)
{
    struct sim_world *world = worker->world;
    struct sim_quorum *queue = sim_worker_queue(worker, partition);
    int32_t channel = worker->channels[partition];

    worker->channels[partition] = 0;
    if (channel == 0)
        return;
    if (by_itself && world->mistake == SIM_NACKS)
        sim_quorum_nack(queue, channel);
    if (!by_itself && lingers(world, (struct sim_lingering){0, queue, channel}))
        sim_count(world, SIM_CHANNELS_LINGER);
    else
        sim_quorum_close(queue, channel);
}

/* Both connections end. What is told before that is a matter of luck. */
static void close_all(struct sim_worker *worker, bool by_itself)
{
    struct sim_world *world = worker->world;

    sim_ports_cut(worker);
    for (int32_t p = 0; p < SIM_PARTITIONS; p++) {
        close_channel(worker, p, by_itself);
        worker->held[p] = false;
    }
    worker->held_count = 0;
    if (worker->connected && sim_session_is_alive(&world->db.leases, worker->session.id)) {
        if (lingers(world, (struct sim_lingering){.session = worker->session.id}))
            sim_count(world, SIM_SESSIONS_LINGER);
        else
            sim_session_end(&world->db.leases, worker->session.id);
    }
    worker->connected = false;
    worker->broker_gone = false;
}

void sim_worker_disconnect(struct sim_worker *worker)
{
    sim_trace(worker->world, "worker %d gives its connections up", worker->at);
    close_all(worker, true);
    cycle_drop(&worker->cycle);
}

void sim_worker_cut_broker(struct sim_worker *worker)
{
    sim_trace(worker->world, "the broker ends the connection of worker %d", worker->at);
    sim_ports_cut(worker);
    for (int32_t p = 0; p < SIM_PARTITIONS; p++)
        if (worker->channels[p] != 0)
            sim_quorum_close(sim_worker_queue(worker, p), worker->channels[p]);
    worker->broker_gone = true;
}

static void die(struct sim_worker *worker)
{
    close_all(worker, false);
    worker->running = false;
    worker->down = (int32_t)sim_draw(worker->world, 6);
}

static bool give(struct sim_worker *worker, int32_t partition)
{
    struct sim_world *world = worker->world;

    close_channel(worker, partition, true);
    if (!sim_fault_at(worker, SIM_AT_GIVEN) ||
        !sim_session_is_alive(&world->db.leases, worker->session.id))
        return false;
    sim_lease_give(&world->db.leases, worker->session.id, partition);
    worker->held[partition] = false;
    worker->held_count--;
    sim_count(world, SIM_HANDED_OVER);
    sim_trace(world, "worker %d hands partition %d over", worker->at, partition);
    return true;
}

static bool take(struct sim_worker *worker, int32_t partition)
{
    struct sim_world *world = worker->world;

    if (!sim_lease_take(&world->db.leases, worker->session.id, partition))
        return true;
    worker->held[partition] = true;
    worker->held_count++;
    sim_trace(world, "worker %d takes partition %d", worker->at, partition);
    if (!sim_fault_at(worker, SIM_AT_TAKEN) || worker->broker_gone)
        return false;
    worker->channels[partition] = ++world->last_channel;
    if (!sim_quorum_subscribe(sim_worker_queue(worker, partition),
                              (struct sim_channel){worker->channels[partition], worker->prefetch}))
        sim_count(world, SIM_WAITED);
    return true;
}

/* As leases_turn: looks, hands extras over, takes free ones. False when connections are lost. */
static bool look_after_leases(struct sim_worker *worker)
{
    struct sim_world *world = worker->world;
    struct db_lease_view view;
    struct db_lease_plan plan;

    if (!sim_session_is_alive(&world->db.leases, worker->session.id))
        return false;
    sim_lease_look(&world->db.leases, worker->session.id, partitions_of(worker), &view);
    db_lease_plan(&view, &plan);
    for (int32_t i = 0; i < plan.give_count; i++)
        if (!give(worker, plan.give[i]))
            return false;
    for (int32_t i = 0; i < plan.take_count && worker->held_count < plan.share; i++)
        if (!sim_session_is_alive(&world->db.leases, worker->session.id) ||
            !take(worker, plan.take[i]))
            return false;
    return true;
}

/* Asked to stop: gives all back, and ends. */
static void leave(struct sim_worker *worker)
{
    for (int32_t p = 0; p < SIM_PARTITIONS; p++)
        if (worker->held[p] && !give(worker, p))
            break;
    sim_count(worker->world, SIM_LEFT);
    sim_trace(worker->world, "worker %d leaves", worker->at);
    close_all(worker, true);
    worker->running = false;
    worker->down = (int32_t)sim_draw(worker->world, 10);
}

static void jump_clock(struct sim_worker *worker)
{
    struct sim_world *world = worker->world;
    int64_t span = world->size.clock_jump_s;
    int64_t jump_us = (sim_draw(world, (uint32_t)(2 * span + 1)) - span) * FC_US_PER_S;

    sim_count(world, jump_us < 0 ? SIM_CLOCK_BACK : SIM_CLOCK_FORWARD);
    worker->clock_us += jump_us;
}

static bool has_something(const struct sim_worker *worker)
{
    if (worker->broker_gone || worker->job.has_survived)
        return true;
    for (int32_t p = 0; p < SIM_PARTITIONS; p++)
        if (worker->channels[p] != 0 &&
            sim_quorum_has(sim_worker_queue(worker, p), worker->channels[p]))
            return true;
    return false;
}

static void cycle_turn(struct sim_worker *worker)
{
    struct fc_instant now = {worker->world->now.us + worker->clock_us};
    struct cycle_step step;
    struct fc_err err;

    if (!sim_fault_at(worker, (enum sim_point)(SIM_AT_GATHER + (int)worker->cycle.phase))) {
        /* Noticed by whoever uses the connection next. */
        worker->session.broken = true;
        if (worker->cycle.phase != CYCLE_COMMIT) {
            sim_worker_disconnect(worker);
            return;
        }
    }
    sim_trace(worker->world, "worker %d: %s, %d items", worker->at,
              cycle_phase_name(worker->cycle.phase), worker->cycle.batch.item_count);
    worker->acked = 0;
    if (worker->cycle.owed_count > 0 && worker->cycle.phase == CYCLE_COMMIT)
        sim_count(worker->world, SIM_OWED_ACROSS);
    if (cycle_do_step(&worker->cycle, now, &step, &err) == FC_FAIL && err.cure != FC_CURE_RETRY)
        sim_worker_disconnect(worker);
}

/* As worker_turn of the real one. */
static void live(struct sim_worker *worker)
{
    struct sim_world *world = worker->world;

    if (!worker->running) {
        if (worker->down-- <= 0)
            start(worker);
        return;
    }
    if (world->size.clock_jump_s > 0 && sim_percent(world, 4))
        jump_clock(worker);
    if (!worker->connected) {
        worker->session.id = sim_session_open(&world->db.leases, worker->family);
        worker->session.broken = false;
        worker->connected = true;
        return;
    }
    /* Its leases are due, for as long as they are not looked after. */
    if (sim_percent(world, 4))
        worker->cycle.settle_now = true;
    if (cycle_is_between(&worker->cycle)) {
        worker->cycle.settle_now = false;
        if (!world->healed && !worker->job.has_survived && sim_percent(world, 1)) {
            leave(worker);
            return;
        }
        if ((worker->held_count == 0 || sim_percent(world, 25)) && !look_after_leases(worker)) {
            sim_worker_disconnect(worker);
            return;
        }
        /* An idle gather is seldom of interest. */
        if (!has_something(worker) && !sim_percent(world, 3))
            return;
    }
    cycle_turn(worker);
}

void sim_worker_step(struct sim_worker *worker)
{
    FC_ASSERT(!worker->on_stack);
    worker->on_stack = true;
    if (setjmp(worker->grave) == 0)
        live(worker);
    else
        die(worker);
    worker->on_stack = false;
}
