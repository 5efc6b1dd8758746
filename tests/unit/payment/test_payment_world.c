/*
 * A payment in a small world: a gateway that loses requests and answers, decides late and is away
 * for hours, a worker that dies at any step and starts anew, or puts off what is not decided,
 * behind the order's failure even, a shop that hears settlements late and lets orders expire.
 * Whatever happens, in the end the gateway keeps the money of exactly the orders that are paid,
 * took it once, and everything has come to an end.
 */
#include "support/expect.h"

#include "payment/payment_plan.h"

#include <string.h>

#define RUNS 20000
#define STEPS_MAX 20000
#define MARGIN_MS 2000

static const struct plan_rules rules = {3, 100, 3000, MARGIN_MS};

enum money { MONEY_NONE, MONEY_PENDING, MONEY_TAKEN, MONEY_DECLINED, MONEY_VOID, MONEY_BACK };

enum shop { SHOP_PENDING, SHOP_PAID, SHOP_FAILED };

#define QUEUE_MAX 64

struct world {
    uint64_t chance;
    struct plan_time time;
    struct fc_instant expires_at;
    /* the gateway */
    enum money money;
    bool voided;
    bool declines;
    int64_t decide_ms; /* of a pending one */
    int64_t away_until_ms;
    int32_t takings;
    int32_t rate; /* percent of calls that go wrong */
    /* the shop */
    enum shop shop;
    enum plan_end queue[QUEUE_MAX]; /* settlements on their way */
    int32_t queue_count;
    bool failed_by_decline;
    /* the worker: first the placed order, then the failed one */
    struct payment_plan plan;
    bool returning;
    bool running;
    bool done;
    bool put_off;      /* the placed order came back as one that had been */
    bool placed_waits; /* behind the failed one */
    int32_t times_put_off;
};

/* SplitMix64 (Steele, Lea and Flood, 2014). */
static uint64_t chance(struct world *world)
{
    uint64_t mixed = world->chance += 0x9E3779B97F4A7C15u;

    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

static bool happens(struct world *world, int32_t percent)
{
    return (int32_t)(chance(world) % 100) < percent;
}

static int64_t below(struct world *world, int64_t count)
{
    return (int64_t)(chance(world) % (uint64_t)count);
}

/* --- the gateway ------------------------------------------------------------------------------ */

static void decide(struct world *world)
{
    if (world->money != MONEY_PENDING || world->time.ms < world->decide_ms)
        return;
    if (world->declines) {
        world->money = MONEY_DECLINED;
        return;
    }
    world->takings++;
    world->money = world->voided ? MONEY_BACK : MONEY_TAKEN;
}

static enum gateway_says says(const struct world *world)
{
    switch (world->money) {
    case MONEY_NONE:
        return GATEWAY_UNKNOWN;
    case MONEY_PENDING:
        return world->voided ? GATEWAY_VOIDED : GATEWAY_PENDING;
    case MONEY_TAKEN:
        return GATEWAY_APPROVED;
    case MONEY_DECLINED:
        return GATEWAY_DECLINED;
    case MONEY_VOID:
    case MONEY_BACK:
        return GATEWAY_VOIDED;
    }
    return GATEWAY_SILENT;
}

static void act(struct world *world, enum gateway_call call)
{
    if (call == GATEWAY_ASK && world->money == MONEY_NONE) {
        world->money = MONEY_PENDING;
        world->decide_ms = world->time.ms + (happens(world, 50) ? 0 : below(world, 40000));
    }
    if (call == GATEWAY_VOID) {
        world->voided = true;
        if (world->money == MONEY_NONE)
            world->money = MONEY_VOID;
        if (world->money == MONEY_TAKEN)
            world->money = MONEY_BACK;
    }
    decide(world);
}

static enum gateway_says ask_gateway(struct world *world, enum gateway_call call)
{
    if (world->time.ms < world->away_until_ms)
        return GATEWAY_AWAY;
    if (happens(world, 1))
        world->away_until_ms = world->time.ms + below(world, 200000);
    if (happens(world, world->rate))
        return happens(world, 50) ? GATEWAY_LATER : GATEWAY_SILENT;
    act(world, call);
    if (happens(world, world->rate))
        return happens(world, 50) ? GATEWAY_LATER : GATEWAY_SILENT;
    if (call == GATEWAY_LOOK && world->money == MONEY_PENDING && happens(world, 50))
        return GATEWAY_UNKNOWN;
    return says(world);
}

/* --- the shop --------------------------------------------------------------------------------- */

static void shop_turn(struct world *world)
{
    if (world->queue_count > 0 && happens(world, 30)) {
        enum plan_end end = world->queue[0];

        memmove(world->queue, world->queue + 1, sizeof(world->queue) - sizeof(world->queue[0]));
        world->queue_count--;
        if (world->shop == SHOP_PENDING) {
            world->shop = end == PLAN_APPROVED ? SHOP_PAID : SHOP_FAILED;
            world->failed_by_decline = end == PLAN_DECLINED;
        }
    }
    if (world->shop == SHOP_PENDING && world->time.now.us >= world->expires_at.us &&
        happens(world, 20))
        world->shop = SHOP_FAILED;
}

/* --- the worker ------------------------------------------------------------------------------- */

static void worker_start(struct world *world)
{
    if (world->returning)
        plan_begin_return(&world->plan, &rules, &world->time, chance(world));
    else if (world->put_off)
        plan_begin_again(&world->plan, &rules, world->expires_at, &world->time, chance(world));
    else
        plan_begin(&world->plan, &rules, world->expires_at, &world->time, chance(world));
    world->running = true;
}

/* It told, and is about to acknowledge: or it dies here, and does everything again. */
static void worker_end(struct world *world)
{
    if (!world->returning) {
        assert_true(world->queue_count < QUEUE_MAX);
        world->queue[world->queue_count++] = world->plan.end;
    }
    world->running = false;
    if (happens(world, 20)) {
        world->time.ms += below(world, 100000);
        return;
    }
    if (world->returning)
        world->done = true;
    world->returning = !world->placed_waits;
    world->placed_waits = false;
}

static bool failed_to_be_voided(const struct world *world)
{
    return world->shop == SHOP_FAILED && !world->failed_by_decline;
}

/* To the end of the queue; the failed order's event may have come before by then. */
static void worker_put_off(struct world *world)
{
    world->running = false;
    world->times_put_off++;
    if (world->returning)
        return;
    world->put_off = true;
    if (!world->done && failed_to_be_voided(world) && happens(world, 50)) {
        world->returning = true;
        world->placed_waits = true;
    }
}

static void pass_ms(struct world *world, int64_t ms)
{
    world->time.ms += ms;
    world->time.now.us += ms * 1000;
    decide(world);
}

static void worker_turn(struct world *world)
{
    struct gateway_answer answer = {.retry_after_s = -1};

    if (!world->running) {
        /* The failed order's event comes behind the placed one's, if it comes. */
        if (world->returning && !failed_to_be_voided(world))
            return;
        worker_start(world);
    }
    pass_ms(world, plan_wait_ms(&world->plan, &world->time));
    enum gateway_call call = plan_call(&world->plan, &world->time);

    answer.says = ask_gateway(world, call);
    if (happens(world, 3)) {
        world->running = false; /* it died before it heard */
        pass_ms(world, below(world, 100000));
        return;
    }
    plan_answered(&world->plan, &rules, &answer, &world->time);
    if (world->plan.end != PLAN_OPEN)
        worker_end(world);
    else if (plan_may_be_put_off(&world->plan) && happens(world, 20))
        worker_put_off(world);
}

static bool is_over(const struct world *world)
{
    if (world->running || world->queue_count > 0 || !world->returning || world->placed_waits)
        return false;
    if (world->shop == SHOP_FAILED)
        return world->failed_by_decline || world->done;
    return world->shop == SHOP_PAID;
}

static void run(struct world *world, uint64_t seed)
{
    *world = (struct world){.chance = seed, .time = {{1000000}, 5000}};
    world->rate = (int32_t)(seed % 4) * 30;
    world->declines = happens(world, 20);
    world->expires_at.us = world->time.now.us + 1000 * (1000 + below(world, 100000));
    for (int step = 0; step < STEPS_MAX && !is_over(world); step++) {
        worker_turn(world);
        pass_ms(world, below(world, 500));
        shop_turn(world);
    }
    /* Whatever was on its way at the gateway. */
    pass_ms(world, 100000);
}

static void test_payment_world_money_is_kept_of_the_paid_orders_alone(void **state)
{
    int64_t paid = 0;
    int64_t given_back = 0;
    int64_t put_off = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        static struct world world;

        run(&world, seed);
        if (!is_over(&world))
            fail_msg("seed %llu does not end", (unsigned long long)seed);
        if ((world.shop == SHOP_PAID) != (world.money == MONEY_TAKEN))
            fail_msg("seed %llu: shop %d, money %d", (unsigned long long)seed, (int)world.shop,
                     (int)world.money);
        if (world.takings > 1)
            fail_msg("seed %llu: taken %d times", (unsigned long long)seed, (int)world.takings);
        paid += world.shop == SHOP_PAID;
        given_back += world.money == MONEY_BACK;
        put_off += world.times_put_off > 0;
    }
    /* All happen, or nothing was shown. */
    assert_true(put_off > RUNS / 10);
    assert_true(paid > RUNS / 10);
    assert_true(given_back > RUNS / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_payment_world_money_is_kept_of_the_paid_orders_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
