/*
 * The real cycle, settle, announce and core over a simulated broker and database, seed after seed,
 * and what nobody may do found out when it is done.
 *   FIRSTCOME_SIM_SEEDS=n   so many seeds, from 1 (3,000 by default, 30,000 with FIRSTCOME_LONG)
 *   FIRSTCOME_SIM_SEED=n    this seed alone
 *   FIRSTCOME_SIM_TRACE=1   with each of its steps
 * tests/sim/run does these with an optimised build. Seeds that once found something are kept in
 * tests/sim/regressions, and run first.
 */
#include "support/expect.h"
#include "support/sim_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Fewer seeds do not see everything. */
#define SEEDS_THAT_SEE_ALL 1000
#define MISTAKE_SEEDS_MAX 1000
#define LINE_BYTES 256
#define REGRESSIONS_MAX 256

static struct sim_world world;

static int64_t setting(const char *name, int64_t otherwise)
{
    int64_t value;

    if (!fc_str_to_i64(fc_str_of(getenv(name)), 0, INT64_MAX, &value))
        return otherwise;
    return value;
}

static void require_holds(const struct sim_outcome *outcome)
{
    if (outcome->failed)
        fail_msg("seed %" PRIu64 ": %s; again with tests/sim/run --seed %" PRIu64
                 " --trace, or FIRSTCOME_SIM_SEED=%" PRIu64 " and this program",
                 outcome->seed, outcome->why, outcome->seed, outcome->seed);
}

/* In this process: for a look at it. */
static void run_here(uint64_t seed, bool trace)
{
    struct sim_outcome outcome;

    sim_world_open(&world);
    world.trace = trace;
    sim_run_here(&world, seed, 1, &outcome);
    sim_world_close(&world);
    require_holds(&outcome);
}

/* Read to the end before anything is forked: processes share a file's place. */
static int32_t read_regressions(uint64_t ret_seeds[REGRESSIONS_MAX])
{
    FILE *file = fopen("tests/sim/regressions", "r");
    char line[LINE_BYTES];
    int32_t count = 0;

    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        struct fc_str text = fc_str_of(line);
        size_t digits = 0;
        int64_t seed;

        while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9')
            digits++;
        if (!fc_str_to_i64((struct fc_str){text.ptr, digits}, 0, INT64_MAX, &seed))
            continue;
        assert_true(count < REGRESSIONS_MAX);
        ret_seeds[count++] = (uint64_t)seed;
    }
    (void)fclose(file);
    return count;
}

static void test_seeds_that_once_failed(void **state)
{
    uint64_t seeds[REGRESSIONS_MAX];
    struct sim_outcome outcome;

    (void)state;
    if (setting("FIRSTCOME_SIM_SEED", -1) >= 0)
        skip();
    int32_t count = read_regressions(seeds);

    assert_true(count > 0);
    for (int32_t i = 0; i < count; i++) {
        sim_run(seeds[i], 1, &outcome);
        require_holds(&outcome);
        assert_int_equal(outcome.seeds, 1);
    }
}

static void test_invariants_hold_whatever_breaks(void **state)
{
    int64_t one = setting("FIRSTCOME_SIM_SEED", -1);
    int64_t seeds = setting("FIRSTCOME_SIM_SEEDS", getenv("FIRSTCOME_LONG") ? 30000 : 3000);
    struct sim_outcome outcome;
    const char *missed;

    (void)state;
    if (one >= 0) {
        run_here((uint64_t)one, setting("FIRSTCOME_SIM_TRACE", 0) > 0);
        return;
    }
    sim_run(1, seeds, &outcome);
    print_message("%" PRId64 " seeds of %" PRId64 "\n", outcome.seeds, seeds);
    sim_totals_print(&outcome.totals);
    require_holds(&outcome);
    assert_int_equal(outcome.seeds, seeds);
    missed = sim_totals_missed(&outcome.totals);
    if (seeds >= SEEDS_THAT_SEE_ALL && missed != NULL)
        fail_msg("never happened: %s", missed);
}

/* A simulation that does not find these finds nothing. */
static void require_found(enum sim_mistake mistake, const char *name)
{
    struct sim_outcome outcome;

    sim_world_open(&world);
    world.mistake = mistake;
    sim_run_here(&world, 1, MISTAKE_SEEDS_MAX, &outcome);
    sim_world_close(&world);
    if (!outcome.failed)
        fail_msg("%d seeds did not find: %s", MISTAKE_SEEDS_MAX, name);
    print_message("%s: seed %" PRIu64 ": %s\n", name, outcome.seed, outcome.why);
}

static void test_mistakes_are_found(void **state)
{
    (void)state;
    if (setting("FIRSTCOME_SIM_SEED", -1) >= 0)
        skip();
    require_found(SIM_NACKS, "nack with requeue instead of closing the channel");
    require_found(SIM_ACKS_FIRST, "acknowledging before the commit");
    require_found(SIM_ACKS_UNCONFIRMED, "acknowledging before the announcement is confirmed");
    require_found(SIM_ACKS_AHEAD, "acknowledging by the confirm of a later announcement");
    require_found(SIM_NACKS_UNHEARD, "acknowledging what the broker refused to announce");
    require_found(SIM_COMMITS_UNFENCED, "a commit in a session that was ended");
    require_found(SIM_SMALLER_PREFETCH, "a worker with a smaller prefetch than the others");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seeds_that_once_failed),
        cmocka_unit_test(test_invariants_hold_whatever_breaks),
        cmocka_unit_test(test_mistakes_are_found),
    };

    return cmocka_run_group_tests_name("sim cycle", tests, NULL, NULL);
}
