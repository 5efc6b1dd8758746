#include "support/expect.h"

#include "producer/cli/fairness.h"

#include <string.h>

#define ENTRIES_MAX 400

static _Alignas(16) char memory[1024 * 1024];

static struct fairness judge(const struct fairness_entry *entries, int32_t count)
{
    struct fairness fairness;
    struct fc_arena arena;

    fc_arena_init(&arena, memory, sizeof(memory));
    assert_true(fairness_judge(entries, count, ENTRIES_MAX, &arena, &fairness));
    return fairness;
}

/* The definition, pair by pair. */
static struct fairness judge_plainly(const struct fairness_entry *entries, int32_t count)
{
    struct fairness fairness = {.winners = 0};

    for (int32_t i = 0; i < count; i++) {
        const struct fairness_entry *a = &entries[i];

        fairness.winners += a->role == FAIRNESS_WINNER;
        fairness.losers += a->role == FAIRNESS_LOSER;
        for (int32_t k = 0; k < count; k++) {
            const struct fairness_entry *b = &entries[k];
            bool a_first = a->answered_us < b->sent_us;
            bool b_first = b->answered_us < a->sent_us;

            if (a->role == FAIRNESS_WINNER && b->role == FAIRNESS_LOSER) {
                fairness.pairs++;
                fairness.pairs_certain += a_first || b_first;
                fairness.violations += b_first;
            }
            if (a->role == FAIRNESS_WINNER && b->role == FAIRNESS_WINNER && a_first) {
                fairness.orders_certain++;
                fairness.orders_wrong += a->position > b->position;
            }
        }
    }
    return fairness;
}

static void assert_same(const struct fairness *a, const struct fairness *b)
{
    assert_int_equal(a->winners, b->winners);
    assert_int_equal(a->losers, b->losers);
    assert_int_equal(a->pairs, b->pairs);
    assert_int_equal(a->pairs_certain, b->pairs_certain);
    assert_int_equal(a->violations, b->violations);
    assert_int_equal(a->orders_certain, b->orders_certain);
    assert_int_equal(a->orders_wrong, b->orders_wrong);
}

static void test_fairness_of_nobody_is_empty(void **state)
{
    struct fairness fairness = judge(NULL, 0);

    (void)state;
    assert_int_equal(fairness.pairs, 0);
    assert_int_equal(fairness.violations, 0);
}

static void test_fairness_loser_answered_before_winner_was_sent_is_a_violation(void **state)
{
    const struct fairness_entry entries[] = {
        {FAIRNESS_LOSER, 10, 20, 0},
        {FAIRNESS_WINNER, 21, 30, 1},
    };
    struct fairness fairness = judge(entries, 2);

    (void)state;
    assert_int_equal(fairness.pairs, 1);
    assert_int_equal(fairness.pairs_certain, 1);
    assert_int_equal(fairness.violations, 1);
}

static void test_fairness_requests_that_overlap_raced(void **state)
{
    /* Answered in the very microsecond in which the other was sent: no order is certain. */
    const struct fairness_entry entries[] = {
        {FAIRNESS_LOSER, 10, 20, 0},
        {FAIRNESS_WINNER, 20, 30, 1},
    };
    struct fairness fairness = judge(entries, 2);

    (void)state;
    assert_int_equal(fairness.pairs, 1);
    assert_int_equal(fairness.pairs_certain, 0);
    assert_int_equal(fairness.violations, 0);
}

static void test_fairness_winner_before_loser_is_honored(void **state)
{
    const struct fairness_entry entries[] = {
        {FAIRNESS_WINNER, 10, 20, 1},
        {FAIRNESS_LOSER, 21, 30, 0},
    };
    struct fairness fairness = judge(entries, 2);

    (void)state;
    assert_int_equal(fairness.pairs_certain, 1);
    assert_int_equal(fairness.violations, 0);
}

static void test_fairness_later_winner_with_smaller_position_is_wrong(void **state)
{
    const struct fairness_entry entries[] = {
        {FAIRNESS_WINNER, 10, 20, 2},
        {FAIRNESS_WINNER, 21, 30, 1},
    };
    struct fairness fairness = judge(entries, 2);

    (void)state;
    assert_int_equal(fairness.orders_certain, 1);
    assert_int_equal(fairness.orders_wrong, 1);
}

static void test_fairness_others_take_no_part(void **state)
{
    const struct fairness_entry entries[] = {
        {FAIRNESS_NEITHER, 1, 2, 0},
        {FAIRNESS_WINNER, 21, 30, 1},
        {FAIRNESS_NEITHER, 40, 50, 0},
    };
    struct fairness fairness = judge(entries, 3);

    (void)state;
    assert_int_equal(fairness.pairs, 0);
    assert_int_equal(fairness.violations, 0);
    assert_int_equal(fairness.orders_certain, 0);
}

static uint64_t chance(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Random histories, most of them unfair: the sweep counts what going over all pairs counts. */
static void test_fairness_sweep_equals_all_pairs(void **state)
{
    static struct fairness_entry entries[ENTRIES_MAX];
    int64_t violations = 0;
    int64_t wrong = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t dice = seed;
        int32_t count = (int32_t)(chance(&dice) % ENTRIES_MAX);

        for (int32_t i = 0; i < count; i++) {
            entries[i].role = (enum fairness_role)(chance(&dice) % 3);
            entries[i].sent_us = (int64_t)(chance(&dice) % 1000);
            entries[i].answered_us = entries[i].sent_us + (int64_t)(chance(&dice) % 300);
            entries[i].position = 1 + (int64_t)(chance(&dice) % ENTRIES_MAX);
        }
        struct fairness swept = judge(entries, count);
        struct fairness plain = judge_plainly(entries, count);

        assert_same(&swept, &plain);
        violations += swept.violations;
        wrong += swept.orders_wrong;
    }
    assert_true(violations > 0);
    assert_true(wrong > 0);
}

/* A fair history has none; one single winner that is moved behind a loser is found. */
static void test_fairness_one_planted_violation_is_found(void **state)
{
    static struct fairness_entry entries[ENTRIES_MAX];

    (void)state;
    for (int32_t i = 0; i < ENTRIES_MAX; i++)
        entries[i] = (struct fairness_entry){
            .role = i < 100 ? FAIRNESS_WINNER : FAIRNESS_LOSER,
            .sent_us = i * 10,
            .answered_us = i * 10 + 5,
            .position = i < 100 ? i + 1 : 0,
        };
    struct fairness fair = judge(entries, ENTRIES_MAX);

    assert_int_equal(fair.violations, 0);
    assert_int_equal(fair.orders_wrong, 0);
    assert_int_equal(fair.pairs, 100 * 300);
    assert_int_equal(fair.pairs_certain, 100 * 300);
    /* The last winner and the first loser change their times. */
    entries[99].sent_us = 1006;
    entries[99].answered_us = 1008;
    fair = judge(entries, ENTRIES_MAX);
    assert_int_equal(fair.violations, 1);
}

static void test_fairness_full_arena_is_told(void **state)
{
    const struct fairness_entry entries[] = {{FAIRNESS_WINNER, 1, 2, 1}};
    struct fairness fairness;
    struct fc_arena arena;

    (void)state;
    fc_arena_init(&arena, memory, 64);
    assert_false(fairness_judge(entries, 1, ENTRIES_MAX, &arena, &fairness));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fairness_of_nobody_is_empty),
        cmocka_unit_test(test_fairness_loser_answered_before_winner_was_sent_is_a_violation),
        cmocka_unit_test(test_fairness_requests_that_overlap_raced),
        cmocka_unit_test(test_fairness_winner_before_loser_is_honored),
        cmocka_unit_test(test_fairness_later_winner_with_smaller_position_is_wrong),
        cmocka_unit_test(test_fairness_others_take_no_part),
        cmocka_unit_test(test_fairness_sweep_equals_all_pairs),
        cmocka_unit_test(test_fairness_one_planted_violation_is_found),
        cmocka_unit_test(test_fairness_full_arena_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
