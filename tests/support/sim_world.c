#include "support/sim_world.h"

#include "base/assert.h"
#include "support/sim_check.h"
#include "support/sim_clients.h"
#include "support/sim_replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES (8 * 1024 * 1024)
#define MEMORY_BYTES (64 * 1024 * 1024)
#define DRAIN_TURNS_MAX 50000

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

void sim_count(struct sim_world *world, enum sim_count what)
{
    world->totals.counts[what]++;
}

void sim_violate(struct sim_world *world, const char *format, ...)
{
    va_list args;

    if (world->failed)
        return;
    world->failed = true;
    va_start(args, format);
    (void)vsnprintf(world->why, sizeof(world->why), format, args);
    va_end(args);
    sim_trace(world, "violated: %s", world->why);
}

void sim_trace(struct sim_world *world, const char *format, ...)
{
    va_list args;

    if (!world->trace)
        return;
    (void)fprintf(stderr, "%*s", 4 * world->depth, "");
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fprintf(stderr, "\n");
}

/* From `least` on, seldom much more. */
static int32_t draw_size(struct sim_world *world, int32_t least, int32_t most)
{
    uint32_t span = (uint32_t)(most - least) + 1;
    uint32_t one = sim_draw(world, span);
    uint32_t other = sim_draw(world, span);

    return least + (int32_t)(one < other ? one : other);
}

static void size_draw(struct sim_world *world)
{
    static const int32_t prefetches[] = {2, 3, 5, 8, MQ_PREFETCH};

    world->size = (struct sim_size){
        .users = draw_size(world, 2, SIM_USERS),
        .products = draw_size(world, 1, SIM_PRODUCTS),
        .templates = draw_size(world, 1, SIM_TEMPLATES),
        .asks = draw_size(world, 6, 64),
        .partitions = draw_size(world, 1, SIM_PARTITIONS),
        .workers = 1 + (int32_t)sim_draw(world, SIM_WORKERS),
        .prefetch = prefetches[sim_draw(world, FC_ARRAY_COUNT(prefetches))],
        .trouble = 1 + (int32_t)sim_draw(world, 40),
        .poison = sim_percent(world, 20) ? 8 : 0,
        .forgivable = sim_percent(world, 50),
        .clock_jump_s = sim_percent(world, 30) ? 1 + (int32_t)sim_draw(world, 7200) : 0,
    };
}

/* What lost its other end is noticed in the end. */
static void notice(struct sim_world *world, int32_t at)
{
    struct sim_lingering lingering = world->lingering[at];

    world->lingering[at] = world->lingering[--world->lingering_count];
    if (lingering.session > 0)
        sim_session_end(&world->db.leases, lingering.session);
    else
        sim_quorum_close(lingering.queue, lingering.channel);
}

/* One process has a turn. */
static void step_any(struct sim_world *world)
{
    int32_t family = (int32_t)sim_draw(world, SIM_FAMILIES);
    int32_t rank = (int32_t)sim_draw(world, (uint32_t)world->size.workers);
    struct sim_worker *worker = &world->workers[family * SIM_WORKERS + rank];

    world->now.us += sim_draw(world, 50000);
    if (world->lingering_count > 0 && sim_percent(world, 10))
        notice(world, (int32_t)sim_draw(world, (uint32_t)world->lingering_count));
    if (!worker->on_stack)
        sim_worker_step(worker);
}

static void clients_turn(struct sim_world *world)
{
    if (world->size.asks > 0 && sim_percent(world, 25) && sim_ingress_has_room(&world->ingress)) {
        world->size.asks--;
        sim_clients_ask(world);
    }
    sim_ingress_turn(world, false);
}

void sim_world_go_on(struct sim_world *world)
{
    world->depth++;
    clients_turn(world);
    for (int32_t i = 0; i < 3; i++)
        step_any(world);
    world->depth--;
}

static bool is_drained(const struct sim_world *world)
{
    for (int32_t family = 0; family < SIM_FAMILIES; family++)
        for (int32_t p = 0; p < SIM_PARTITIONS; p++)
            if (!sim_quorum_is_empty(&world->queues[family][p]))
                return false;
    return true;
}

/* Faults end, everything drains: within a bound, with no one touching it. */
static void drain(struct sim_world *world)
{
    sim_ingress_turn(world, true);
    world->healed = true;
    sim_trace(world, "nothing breaks any more");
    while (world->lingering_count > 0)
        notice(world, 0);
    for (int32_t i = 0; i < DRAIN_TURNS_MAX && !world->failed; i++) {
        if (is_drained(world))
            return;
        step_any(world);
    }
    sim_violate(world, "the queues did not drain");
}

static void world_begin(struct sim_world *world, uint64_t seed)
{
    world->chance = seed;
    world->failed = world->healed = false;
    world->why[0] = '\0';
    world->now = (struct fc_instant){INT64_C(1700000000000000)};
    world->depth = world->last_channel = world->lingering_count = 0;
    size_draw(world);
    sim_db_reset(&world->db, &world->memory);
    sim_told_reset(&world->told);
    sim_ingress_reset(world);
    for (int32_t family = 0; family < SIM_FAMILIES; family++) {
        for (int32_t p = 0; p < SIM_PARTITIONS; p++)
            sim_quorum_reset(&world->queues[family][p]);
        for (int32_t i = 0; i < SIM_WORKERS; i++)
            sim_worker_init(world, family * SIM_WORKERS + i, family);
        /* Smaller than what the others hold: see sim_quorum.h. */
        if (world->mistake == SIM_SMALLER_PREFETCH)
            world->workers[family * SIM_WORKERS].prefetch = 1;
    }
    sim_trace(world, "%d users, %d products, %d templates, %d asks, %d partitions, %d workers, ",
              world->size.users, world->size.products, world->size.templates, world->size.asks,
              world->size.partitions, world->size.workers);
    sim_trace(world, "prefetch %d, trouble %d, poison %d, forgivable %d, clocks jump %d s",
              world->size.prefetch, world->size.trouble, world->size.poison, world->size.forgivable,
              world->size.clock_jump_s);
}

/* An order of which settlement, expiry and cancellation were asked for, two or three of them. */
static void count_race(struct sim_world *world, const struct order *order)
{
    const struct sim_ingress *ingress = &world->ingress;
    bool settle = false;
    bool expire = false;
    bool cancel = false;

    for (int32_t i = 0; i < ingress->asked_count; i++) {
        if (!fc_uuid_eq(&ingress->asked[i].order_id, &order->terms.order_id))
            continue;
        settle = settle || ingress->asked[i].type == COMMAND_PAYMENT_SETTLE;
        expire = expire || ingress->asked[i].type == COMMAND_ORDER_EXPIRE;
        cancel = cancel || ingress->asked[i].type == COMMAND_ORDER_CANCEL;
    }
    if (settle + expire + cancel < 2)
        return;
    sim_count(world, SIM_RACES);
    if (order->status == ORDER_CANCELLED)
        sim_count(world, SIM_RACES_CANCELLED);
    else if (order->status == ORDER_FAILED && order->failure == ORDER_EXPIRED)
        sim_count(world, SIM_RACES_EXPIRED);
    else if (order->status != ORDER_PENDING_PAYMENT)
        sim_count(world, SIM_RACES_SETTLED);
}

static void add_up(struct sim_world *world)
{
    const struct sim_db *db = &world->db;

    world->totals.counts[SIM_COUPONS] += db->coupon_count;
    world->totals.counts[SIM_EVENTS] += db->event_count;
    for (int32_t i = 0; i < db->order_count; i++) {
        world->totals.orders[db->orders[i].status]++;
        if (db->orders[i].terms.payment == PAYMENT_BANK_TRANSFER)
            count_race(world, &db->orders[i]);
    }
}

bool sim_world_run(struct sim_world *world, uint64_t seed)
{
    world_begin(world, seed);
    sim_clients_open_shop(world);
    while (world->size.asks > 0 && !world->failed) {
        clients_turn(world);
        step_any(world);
        step_any(world);
    }
    if (!world->failed)
        drain(world);
    if (!world->failed)
        sim_check_end(world);
    if (!world->failed)
        sim_replay_compare(world);
    add_up(world);
    return !world->failed;
}

static void arena_open(struct fc_arena *arena, size_t bytes)
{
    void *memory = aligned_alloc(4096, bytes); /* heap: at start */

    FC_ASSERT(memory != NULL);
    fc_arena_init(arena, memory, bytes);
}

void sim_world_open(struct sim_world *world)
{
    memset(world, 0, sizeof(*world));
    arena_open(&world->memory, MEMORY_BYTES);
    for (int32_t i = 0; i < SIM_PROCESSES; i++)
        arena_open(&world->workers[i].arena, ARENA_BYTES);
}

void sim_world_close(struct sim_world *world)
{
    for (int32_t i = 0; i < SIM_PROCESSES; i++)
        free(world->workers[i].arena.ptr);
    free(world->memory.ptr);
}
