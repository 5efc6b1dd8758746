/*
 * The core against a second, naive implementation of the rules (support/naive.h): random commands
 * over few users, products and coupons, under random policies, in batches that are loaded and
 * stored. Same verdicts, one by one, and the same books after every batch.
 * FIRSTCOME_MODEL_SEED=n runs one seed; FIRSTCOME_MODEL_COMMANDS=n so many in all (400,000 by
 * default, 5,000,000 with FIRSTCOME_LONG).
 */
#include "support/expect.h"
#include "support/model.h"
#include "support/shop_memory.h"

#include "core/decide.h"
#include "wire/command.h"

#include <inttypes.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#define SEED_COMMANDS 4000
#define BATCH_COMMANDS 20
#define ARENA_BYTES (96 * 1024 * 1024)

struct world {
    struct fc_arena arena;
    struct model model;
    struct shop memory; /* the core's tables, between batches */
    struct fc_instant now;
};

static alignas(16) char block[ARENA_BYTES];
static struct world world;
/* Of all seeds. */
static struct model met;

FC_PRINTF(2, 3)

static FC_NORETURN void differ(const struct world *w, const char *format, ...)
{
    char text[400];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    fail_msg("seed %" PRIu64 ": %s; again with FIRSTCOME_MODEL_SEED=%" PRIu64, w->model.seed, text,
             w->model.seed);
    abort();
}

static void run_command(struct world *w, struct shop *shop)
{
    struct model *model = &w->model;
    struct command command;
    struct decision decision;

    model_command(model, w->now, &command);
    shop_decide(shop, &model->policy, &command, w->now, &decision);

    enum verdict by_hand = model_ask(model, &command, w->now);

    if (by_hand != decision.verdict)
        differ(w, "command %d (%s): verdict \"%s\", by hand \"%s\"",
               (int)model->chance.command_count, wire_command_type_name(command.type),
               model_code(decision.verdict), model_code(by_hand));
    for (int32_t i = 0; i < decision.event_count; i++)
        shop_apply(shop, &decision.events[i]);
}

static void run_batch(struct world *w)
{
    struct model *model = &w->model;
    struct shop shop;
    char why[256];

    shop_init(&shop, &w->arena, 16);
    shop_memory_load(&w->memory, &shop);
    if (chance_one_in(&model->chance, 3))
        model->policy = model_policy(model);
    for (int32_t i = 0; i < BATCH_COMMANDS; i++) {
        w->now.us += chance_below(&model->chance, 5 * FC_US_PER_S);
        run_command(w, &shop);
    }
    if (chance_one_in(&model->chance, 50))
        w->now.us += FC_US_PER_DAY;
    shop_memory_store(&w->memory, &shop);
    if (naive_differs(&model->naive, &w->memory, why))
        differ(w, "after command %d: %s", (int)model->chance.command_count, why);
}

/* Returns how many commands were asked. */
static int64_t run_seed(uint64_t seed)
{
    struct model *model = &world.model;

    world.now = (struct fc_instant){1000 * FC_US_PER_DAY};
    fc_arena_init(&world.arena, block, sizeof(block));
    model_begin(model, seed, &world.arena);
    shop_init(&world.memory, &world.arena, 4);
    while (model->chance.command_count < SEED_COMMANDS && naive_has_room(&model->naive) &&
           world.arena.used < ARENA_BYTES / 2)
        run_batch(&world);
    for (int i = 0; i < VERDICT_COUNT; i++)
        met.verdicts[i] += model->verdicts[i];
    for (int i = 0; i < COMMAND_COUNT; i++)
        met.types[i] += model->types[i];
    return model->chance.command_count;
}

static void test_core_and_model_agree(void **state)
{
    int64_t one = model_setting("FIRSTCOME_MODEL_SEED", 0);
    int64_t wanted =
        model_setting("FIRSTCOME_MODEL_COMMANDS", getenv("FIRSTCOME_LONG") ? 5000000 : 400000);
    int64_t asked = 0;
    int64_t seed = 0;
    char what[64];

    (void)state;
    if (one > 0) {
        (void)run_seed((uint64_t)one);
        return;
    }
    while (asked < wanted)
        asked += run_seed((uint64_t)++seed);
    print_message("seeds 1 to %" PRId64 ": %" PRId64 " commands, %" PRId64 " succeeded\n", seed,
                  asked, met.verdicts[VERDICT_SUCCEEDED]);
    /* A comparison of commands that are all refused for one reason says nothing. */
    if (asked >= 100000 && model_missed(&met, what))
        fail_msg("%s was never reached", what);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_core_and_model_agree),
    };

    return cmocka_run_group_tests_name("sim model", tests, NULL, NULL);
}
