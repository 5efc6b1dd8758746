/*
 * The naive model of the rules (support/naive.h) against the real thing: random commands as bytes,
 * taken, decided and stored by the workers' own cycle over PostgreSQL. Same verdicts in the
 * journal; and the journal replayed, the tables and the model's books are the same at the end.
 * FIRSTCOME_MODEL_SEED=n runs one seed; FIRSTCOME_LONG ten times as many.
 */
#include "support/expect.h"
#include "support/model.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include "shop/shop_replay.h"
#include "wire/event.h"

#include <inttypes.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCHES 200
#define BATCH_COMMANDS 8
#define COMMAND_BYTES 65536

static alignas(16) char chance_block[32 * 1024 * 1024];
static alignas(16) char state_block[64 * 1024 * 1024];
static struct worker_rig order;
static struct worker_rig coupon;
static struct model model;
static struct fc_arena chance_arena;
static int64_t succeeded;
static int64_t refused;

struct asked {
    struct command command;
    enum verdict by_hand;
};

static struct worker_rig *rig_of(const struct command *command)
{
    return wire_command_family(command->type) == WIRE_FAMILY_ORDER ? &order : &coupon;
}

/* The command as a message, published; false when its form is none that a worker takes. */
static bool publish(const struct command *command)
{
    static char bytes[COMMAND_BYTES];
    static char body[COMMAND_BYTES];
    static char key[ROUTE_KEY_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(bytes, sizeof(bytes) - 1);
    struct fc_buf key_buf = fc_buf_of(key, sizeof(key));
    struct fc_buf body_buf = fc_buf_of(body, sizeof(body));
    struct wire_command wire = {.command = *command};
    struct wire_message message;

    wire_command_key_put(&key_buf, command->key);
    wire_body_put(&body_buf, command);
    wire.key = fc_buf_str(&key_buf);
    wire.body = fc_buf_str(&body_buf);
    wire_command_put(&buf, &wire);
    assert_false(buf.overflow || body_buf.overflow);
    bytes[buf.len] = '\0';
    assert_true(wire_message_parse(fc_buf_str(&buf), testdb_arena(), &message));
    if (message.reject_count > 0)
        return false;
    worker_rig_publish(rig_of(command), bytes);
    return true;
}

/* What stands in the journal: valid until the next statement. */
static struct fc_str verdict_of(const struct fc_uuid *id)
{
    struct db_params params;
    struct fc_err err;

    db_params_init(&params, testdb_arena());
    db_param_uuid(&params, id);
    db_send(order.db, testdb_query("select verdict from journal where command_id = $1::uuid"),
            &params);
    if (db_exchange(order.db, &err) != FC_OK)
        fail_msg("%s", err.text);
    assert_int_equal(db_rows_count(db_rows(order.db, 0)), 1);
    return db_text(db_rows(order.db, 0), 0, 0);
}

static void check_verdict(const struct asked *asked, uint64_t seed)
{
    struct fc_str want = fc_str_of(model_code(asked->by_hand));
    struct fc_str got = verdict_of(&asked->command.id);

    if (!fc_str_eq(got, want))
        fail_msg("seed %" PRIu64 ", command %d (%s): \"" FC_STR_FMT "\", by hand \"" FC_STR_FMT
                 "\"",
                 seed, (int)model.chance.command_count, wire_command_type_name(asked->command.type),
                 FC_STR_ARG(got), FC_STR_ARG(want));
    if (want.len == 0)
        succeeded++;
    else
        refused++;
}

/* Commands of one family at a time, so that the order of decision is the order of asking. */
static void run_batch(struct fc_instant *now, uint64_t seed)
{
    struct asked asked[BATCH_COMMANDS];
    struct worker_rig *rig = chance_one_in(&model.chance, 3) ? &coupon : &order;
    int32_t count = 0;

    rig->now = *now;
    while (count < BATCH_COMMANDS) {
        struct command *command = &asked[count].command;

        model_command(&model, *now, command);
        if (rig_of(command) != rig || !publish(command))
            continue;
        asked[count].by_hand = model_ask(&model, command, *now);
        count++;
    }
    worker_rig_run(rig);
    for (int32_t i = 0; i < count; i++) {
        const struct command *command = &asked[i].command;

        check_verdict(&asked[i], seed);
        /* It holds from the next batch on. */
        if (command->type == COMMAND_POLICY_APPLY && asked[i].by_hand == VERDICT_SUCCEEDED)
            model.policy = command->body.policy_apply.policy;
    }
    (void)worker_rig_told(rig);
}

static void tell(void *arg, struct fc_str sentence)
{
    (void)arg;
    print_message(FC_STR_FMT "\n", FC_STR_ARG(sentence));
}

/* The journal, the tables and the books by hand. */
static void check_books(uint64_t seed)
{
    struct fc_arena state;
    struct shop shop;
    struct shop_replay replay = {.db = order.db, .scratch = testdb_arena(), .shop = &shop};
    int64_t differences = 0;
    char why[256];
    struct fc_err err;

    fc_arena_init(&state, state_block, sizeof(state_block));
    shop_init(&shop, &state, 64);
    if (shop_replay_run(&replay, (struct fc_instant){INT64_C(253402300799999999)}, &err) != FC_OK ||
        shop_replay_compare(&replay, tell, NULL, &differences, &err) != FC_OK ||
        shop_replay_end(&replay, &err) != FC_OK)
        fail_msg("seed %" PRIu64 ": %s", seed, err.text);
    if (differences > 0)
        fail_msg("seed %" PRIu64 ": %" PRId64 " differences between journal and tables", seed,
                 differences);
    if (naive_differs(&model.naive, &shop, why))
        fail_msg("seed %" PRIu64 ": %s", seed, why);
}

static void run_seed(uint64_t seed)
{
    struct fc_instant now = worker_instant(0);

    fc_arena_init(&chance_arena, chance_block, sizeof(chance_block));
    model_begin(&model, seed, &chance_arena);
    worker_rows_clear(order.db);
    *worker_rig_policy(&order) = model.policy;
    *worker_rig_policy(&coupon) = model.policy;
    for (int32_t i = 0; i < BATCHES; i++) {
        now.us += chance_below(&model.chance, 20 * FC_US_PER_S);
        if (chance_one_in(&model.chance, 60))
            now.us += FC_US_PER_DAY;
        run_batch(&now, seed);
    }
    check_books(seed);
}

static void test_workers_and_model_agree(void **state)
{
    int64_t one = model_setting("FIRSTCOME_MODEL_SEED", 0);
    int64_t seeds = getenv("FIRSTCOME_LONG") != NULL ? 40 : 4;

    (void)state;
    if (one > 0)
        run_seed((uint64_t)one);
    for (int64_t seed = 1; one == 0 && seed <= seeds; seed++)
        run_seed((uint64_t)seed);
    print_message("%" PRId64 " commands succeeded, %" PRId64 " were refused\n", succeeded, refused);
    assert_true(succeeded > 0);
    assert_true(refused > 0);
}

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    worker_rig_close(&coupon);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workers_and_model_agree),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
