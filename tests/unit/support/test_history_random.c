/*
 * The judge of histories: it finds nothing in a random history that is right, and whatever is done
 * to one, by the check that is there for it and by no other that has nothing to do with it. A seed
 * again: FIRSTCOME_HISTORY_SEED.
 */
#include "support/expect.h"
#include "support/history_check_deeds.h"
#include "support/history_check_model.h"
#include "support/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SEEDS 12
#define OPS 150
/* Each deed was possible in so many of them at least. */
#define DONE_MIN 3

static struct history_model model;
static struct history_verdict verdict;
static int64_t one_seed;

static void fail_on(uint64_t seed, const char *what)
{
    history_verdict_print(&verdict, stderr);
    fail_msg("%s; again: FIRSTCOME_HISTORY_SEED=%" PRIu64, what, seed);
}

static uint64_t first_seed(void)
{
    return one_seed != 0 ? (uint64_t)one_seed : 1;
}

static uint64_t last_seed(void)
{
    return one_seed != 0 ? (uint64_t)one_seed : SEEDS;
}

static void test_history_that_is_right_has_no_violation(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed(); seed <= (one_seed != 0 ? last_seed() : last_seed() * 6);
         seed++) {
        struct evidence evidence;

        history_model_run(&model, seed, OPS, &evidence);
        history_judge(&evidence, &verdict);
        if (verdict.violations > 0)
            fail_on(seed, "a right history is found wrong");
        for (int i = 0; i < CHECK_COUNT; i++)
            if (verdict.checks[i].compared == 0 || verdict.checks[i].left_out)
                fail_on(seed, "a check had nothing to compare");
        evidence_close(&evidence);
    }
}

/* False when there was nothing to do it to. */
static bool deed_is_found(const struct history_deed *deed, uint64_t seed)
{
    struct evidence evidence;
    struct chance chance = {.state = seed * 77 + 1};

    history_model_run(&model, seed, OPS, &evidence);
    bool done = deed->commit(&evidence, &chance);

    if (done) {
        history_judge(&evidence, &verdict);
        if (verdict.checks[deed->found_by].violations == 0)
            fail_on(seed, deed->what);
        for (unsigned i = 0; i < CHECK_COUNT; i++)
            if (verdict.checks[i].violations > 0 && i != deed->found_by &&
                (deed->may & MAY(i)) == 0) {
                print_error("%s is found by %s, too\n", deed->what,
                            history_check_name((enum history_check_name)i));
                fail_on(seed, deed->what);
            }
    }
    evidence_close(&evidence);
    return done;
}

static void find_deeds(const struct history_deed *deeds, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        int done = 0;

        for (uint64_t seed = first_seed(); seed <= last_seed(); seed++)
            done += deed_is_found(&deeds[i], seed);
        if (done < DONE_MIN && one_seed == 0)
            fail_msg("%s: could be done %d times only", deeds[i].what, done);
    }
}

static void test_history_deeds_on_commands_are_found(void **state)
{
    (void)state;
    find_deeds(history_deeds_on_commands, history_deeds_on_commands_count);
}

static void test_history_deeds_on_lines_are_found(void **state)
{
    (void)state;
    find_deeds(history_deeds_on_lines, history_deeds_on_lines_count);
}

static void test_history_deeds_on_tables_are_found(void **state)
{
    (void)state;
    find_deeds(history_deeds_on_tables, history_deeds_on_tables_count);
}

static void test_history_checks_each_have_a_deed(void **state)
{
    uint32_t found = 0;

    (void)state;
    for (int32_t i = 0; i < history_deeds_on_commands_count; i++)
        found |= MAY(history_deeds_on_commands[i].found_by);
    for (int32_t i = 0; i < history_deeds_on_lines_count; i++)
        found |= MAY(history_deeds_on_lines[i].found_by);
    for (int32_t i = 0; i < history_deeds_on_tables_count; i++)
        found |= MAY(history_deeds_on_tables[i].found_by);
    for (int i = 0; i < CHECK_COUNT; i++)
        if ((found & MAY(i)) == 0)
            fail_msg("no deed shows that %s can find something",
                     history_check_name((enum history_check_name)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_history_that_is_right_has_no_violation),
        cmocka_unit_test(test_history_deeds_on_commands_are_found),
        cmocka_unit_test(test_history_deeds_on_lines_are_found),
        cmocka_unit_test(test_history_deeds_on_tables_are_found),
        cmocka_unit_test(test_history_checks_each_have_a_deed),
    };

    one_seed = model_setting("FIRSTCOME_HISTORY_SEED", 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
