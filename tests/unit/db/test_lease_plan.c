#include "db/lease.h"

#include "base/assert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WORKERS_MAX 40
/* Rounds of all workers after which nothing may move any more: give, take, and twice more for those
 * that met at one partition. */
#define ROUNDS_MAX 5

/* cmocka prints the sentence after the stack on which it stood is gone. */
static void on_assert(const char *text)
{
    static char kept[200];

    (void)fc_str_copy(fc_str_of(text), kept, sizeof(kept));
    mock_assert(0, kept, __FILE__, __LINE__);
}

/* --- a family of workers over memory ---------------------------------------------------------- */

struct family {
    int32_t partitions;
    int32_t pids[WORKERS_MAX]; /* ascending */
    int32_t workers;
    int32_t held_by[PARTITIONS_MAX];
};

static struct db_lease_view look(const struct family *family, int32_t rank)
{
    struct db_lease_view view;

    memset(&view, 0, sizeof(view));
    view.partitions = family->partitions;
    view.workers = family->workers;
    view.rank = rank;
    view.me = family->pids[rank];
    memcpy(view.held_by, family->held_by, sizeof(view.held_by));
    return view;
}

static int32_t held(const struct family *family, int32_t pid)
{
    int32_t count = 0;

    for (int32_t i = 0; i < family->partitions; i++)
        count += family->held_by[i] == pid;
    return count;
}

static void join(struct family *family, int32_t pid)
{
    int32_t at = family->workers++;

    for (; at > 0 && family->pids[at - 1] > pid; at--)
        family->pids[at] = family->pids[at - 1];
    family->pids[at] = pid;
}

static void leave(struct family *family, int32_t rank)
{
    for (int32_t i = 0; i < family->partitions; i++)
        if (family->held_by[i] == family->pids[rank])
            family->held_by[i] = 0;
    family->workers--;
    for (int32_t i = rank; i < family->workers; i++)
        family->pids[i] = family->pids[i + 1];
}

/* Carries a plan out; a partition that somebody took since the look is not taken. Moves made. */
static int32_t carry_out(struct family *family, int32_t me, const struct db_lease_plan *plan)
{
    int32_t moves = 0;

    for (int32_t i = 0; i < plan->take_count; i++) {
        if (family->held_by[plan->take[i]] != 0)
            continue;
        family->held_by[plan->take[i]] = me;
        moves++;
    }
    for (int32_t i = 0; i < plan->give_count; i++) {
        assert_int_equal(family->held_by[plan->give[i]], me);
        family->held_by[plan->give[i]] = 0;
        moves++;
    }
    assert_true(plan->take_count == 0 || held(family, me) <= plan->share);
    return moves;
}

/* Every worker looks, then every worker acts: the views are old when they are acted on. */
static int32_t round_of_all(struct family *family)
{
    static struct db_lease_plan plans[WORKERS_MAX];
    int32_t moves = 0;

    for (int32_t rank = 0; rank < family->workers; rank++) {
        struct db_lease_view view = look(family, rank);

        db_lease_plan(&view, &plans[rank]);
    }
    for (int32_t rank = 0; rank < family->workers; rank++)
        moves += carry_out(family, family->pids[rank], &plans[rank]);
    return moves;
}

static void assert_balanced(const struct family *family)
{
    int32_t total = 0;

    for (int32_t rank = 0; rank < family->workers; rank++) {
        int32_t count = held(family, family->pids[rank]);
        int32_t least = family->partitions / family->workers;

        assert_in_range(count, least, least + 1);
        total += count;
    }
    assert_int_equal(total, family->partitions);
}

/* Runs rounds until nothing moves. */
static void settle(struct family *family)
{
    int32_t rounds = 0;

    while (round_of_all(family) > 0) {
        rounds++;
        assert_in_range(rounds, 1, ROUNDS_MAX);
    }
    assert_balanced(family);
}

/* --- shares ----------------------------------------------------------------------------------- */

static void test_lease_plan_shares_sum_to_the_partitions(void **state)
{
    static struct family family;
    struct db_lease_plan plan;

    (void)state;
    for (int32_t partitions = 1; partitions <= 64; partitions++) {
        for (int32_t workers = 1; workers <= WORKERS_MAX; workers++) {
            int32_t sum = 0;

            family = (struct family){.partitions = partitions};
            for (int32_t i = 0; i < workers; i++)
                join(&family, 100 + i);
            for (int32_t rank = 0; rank < workers; rank++) {
                struct db_lease_view view = look(&family, rank);

                db_lease_plan(&view, &plan);
                assert_in_range(plan.share, partitions / workers, partitions / workers + 1);
                assert_int_equal(plan.take_count, plan.share);
                assert_int_equal(plan.give_count, 0);
                sum += plan.share;
            }
            assert_int_equal(sum, partitions);
        }
    }
}

struct plan_row {
    const char *name;
    const char *held; /* a letter a partition: m mine, o another's, . free */
    int32_t workers;
    int32_t rank;
    int32_t want_share;
    const char *want_take; /* partitions as letters: a is 0 */
    const char *want_give;
};

static const struct plan_row plan_rows[] = {
    {"alone takes all", "....", 1, 0, 4, "abcd", ""},
    {"alone and content", "mmmm", 1, 0, 4, "", ""},
    {"alone, some held by a dying one", "o.mo", 1, 0, 4, "b", ""},
    {"first of two starts at the front", "....", 2, 0, 2, "ab", ""},
    {"second of two starts at its half", "....", 2, 1, 2, "cd", ""},
    {"wraps around", "..oo", 2, 1, 2, "ba", ""},
    {"takes no more than is missing", "m...", 2, 0, 2, "b", ""},
    {"gives the highest above its share", "mmmm", 2, 0, 2, "", "dc"},
    {"at its share neither", "momo", 2, 0, 2, "", ""},
    {"one more for the first rank", ".....", 2, 0, 3, "abc", ""},
    {"none more for the second", ".....", 2, 1, 2, "de", ""},
    {"more workers than partitions: rank 1 has one", "..", 3, 1, 1, "b", ""},
    {"more workers than partitions: rank 2 has none", "..", 3, 2, 0, "", ""},
    {"and gives what it holds", "mm", 3, 2, 0, "", "ba"},
    {"left by a dead one: rank 0 begins at its front", "oo....oo", 3, 0, 3, "cde", ""},
    {"left by a dead one: rank 2 begins behind", "mo....oo", 3, 2, 2, "f", ""},
    {"nothing free", "oooo", 2, 1, 2, "", ""},
};

static void assert_list(const int32_t *list, int32_t count, const char *want)
{
    assert_int_equal(count, strlen(want));
    for (int32_t i = 0; i < count; i++)
        assert_int_equal(list[i], want[i] - 'a');
}

static void test_lease_plan_takes_up_to_and_gives_above_the_share(void **state)
{
    struct db_lease_plan plan;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(plan_rows); i++) {
        const struct plan_row *row = &plan_rows[i];
        struct db_lease_view view = {.partitions = (int32_t)strlen(row->held),
                                     .workers = row->workers,
                                     .rank = row->rank,
                                     .me = 7};

        for (int32_t p = 0; p < view.partitions; p++)
            view.held_by[p] = row->held[p] == 'm' ? 7 : row->held[p] == 'o' ? 8 : 0;
        print_message("%s\n", row->name);
        db_lease_plan(&view, &plan);
        assert_int_equal(plan.share, row->want_share);
        assert_list(plan.take, plan.take_count, row->want_take);
        assert_list(plan.give, plan.give_count, row->want_give);
    }
}

/* --- convergence ------------------------------------------------------------------------------ */

static void test_lease_plan_first_round_of_all_takes_everything(void **state)
{
    static struct family family;

    (void)state;
    for (int32_t workers = 1; workers <= 16; workers++) {
        family = (struct family){.partitions = 16};
        for (int32_t i = 0; i < workers; i++)
            join(&family, 100 + i);
        assert_int_equal(round_of_all(&family), 16);
        assert_balanced(&family);
    }
}

static void test_lease_plan_joining_worker_gets_its_share(void **state)
{
    static struct family family;

    (void)state;
    family = (struct family){.partitions = 16};
    for (int32_t i = 0; i < WORKERS_MAX; i++) {
        /* Older and younger pids come in turn, so that ranks shift. */
        join(&family, i % 2 == 0 ? 1000 + i : 1000 - i);
        settle(&family);
    }
}

static void test_lease_plan_leaving_worker_is_replaced(void **state)
{
    static struct family family;
    uint32_t chance = 1;

    (void)state;
    family = (struct family){.partitions = 61};
    for (int32_t i = 0; i < WORKERS_MAX; i++)
        join(&family, 100 + i);
    settle(&family);
    while (family.workers > 1) {
        chance = chance * 1664525 + 1013904223;
        leave(&family, (int32_t)(chance >> 16) % family.workers);
        settle(&family);
    }
}

static void test_lease_plan_many_coming_and_going_settle(void **state)
{
    static struct family family;
    uint32_t chance = 7;

    (void)state;
    family = (struct family){.partitions = 16};
    join(&family, 1);
    for (int32_t step = 0; step < 500; step++) {
        chance = chance * 1664525 + 1013904223;
        if (family.workers < WORKERS_MAX && (family.workers == 1 || (chance >> 20) % 2 == 0))
            join(&family, (int32_t)(chance >> 4) % 100000 * 1000 + step + 2);
        else
            leave(&family, (int32_t)(chance >> 16) % family.workers);
        /* Now and then the next change comes before they have settled. */
        if ((chance >> 24) % 3 != 0)
            settle(&family);
        else
            (void)round_of_all(&family);
    }
    settle(&family);
}

static void test_lease_plan_settled_family_does_not_move(void **state)
{
    static struct family family;

    (void)state;
    family = (struct family){.partitions = 16};
    for (int32_t i = 0; i < 5; i++)
        join(&family, 100 + i);
    settle(&family);
    for (int i = 0; i < 10; i++)
        assert_int_equal(round_of_all(&family), 0);
}

static void test_lease_plan_view_without_itself_is_a_mistake(void **state)
{
    struct db_lease_view view = {.partitions = 4, .workers = 1, .rank = 0, .me = 0};
    struct db_lease_plan plan;

    (void)state;
    expect_assert_failure(db_lease_plan(&view, &plan));
    view.me = 7;
    view.rank = 1;
    expect_assert_failure(db_lease_plan(&view, &plan));
    view.rank = 0;
    view.partitions = PARTITIONS_MAX + 1;
    expect_assert_failure(db_lease_plan(&view, &plan));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lease_plan_shares_sum_to_the_partitions),
        cmocka_unit_test(test_lease_plan_takes_up_to_and_gives_above_the_share),
        cmocka_unit_test(test_lease_plan_first_round_of_all_takes_everything),
        cmocka_unit_test(test_lease_plan_joining_worker_gets_its_share),
        cmocka_unit_test(test_lease_plan_leaving_worker_is_replaced),
        cmocka_unit_test(test_lease_plan_many_coming_and_going_settle),
        cmocka_unit_test(test_lease_plan_settled_family_does_not_move),
        cmocka_unit_test(test_lease_plan_view_without_itself_is_a_mistake),
    };

    fc_assert_hook_set(on_assert);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
