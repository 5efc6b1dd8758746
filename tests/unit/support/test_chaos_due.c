/*
 * What is due when.
 */
#include "support/chance.h"
#include "support/chaos_due.h"
#include "support/expect.h"

#include <string.h>

#define SLOTS 200
#define STEPS 20000

static struct chaos_due due;

static int begin(void **state)
{
    (void)state;
    memset(&due, 0, sizeof(due));
    return 0;
}

static int64_t take_first(int32_t slot_wanted)
{
    int32_t slot;
    int64_t at;

    assert_true(chaos_due_first(&due, &slot, &at));
    assert_int_equal(slot, slot_wanted);
    chaos_due_clear(&due, slot);
    return at;
}

static void test_due_tells_the_earliest_first(void **state)
{
    int32_t slot;
    int64_t at;

    (void)state;
    assert_false(chaos_due_first(&due, &slot, &at));
    chaos_due_set(&due, 5, 300);
    chaos_due_set(&due, 0, 100);
    chaos_due_set(&due, CHAOS_DUE_SLOTS - 1, 200);
    assert_int_equal(take_first(0), 100);
    assert_int_equal(take_first(CHAOS_DUE_SLOTS - 1), 200);
    assert_int_equal(take_first(5), 300);
    assert_false(chaos_due_first(&due, &slot, &at));
}

static void test_due_is_put_off_and_forward_and_taken_out(void **state)
{
    int32_t slot;
    int64_t at;

    (void)state;
    chaos_due_set(&due, 1, 100);
    chaos_due_set(&due, 2, 200);
    chaos_due_set(&due, 3, 300);
    chaos_due_set(&due, 1, 400);
    chaos_due_set(&due, 3, 50);
    chaos_due_clear(&due, 2);
    chaos_due_clear(&due, 2);
    assert_int_equal(take_first(3), 50);
    assert_int_equal(take_first(1), 400);
    assert_false(chaos_due_first(&due, &slot, &at));
}

/* Against a look at all of them; 0: it has no time. */
static void test_due_is_right_whatever_is_done(void **state)
{
    static int64_t times[SLOTS];
    static struct chance chance;

    (void)state;
    chance.state = 7;
    for (int step = 0; step < STEPS; step++) {
        int32_t slot = (int32_t)chance_below(&chance, SLOTS);
        int64_t earliest = 0;
        int64_t at;

        times[slot] = chance_one_in(&chance, 3) ? 0 : chance_below(&chance, 1000) + 1;
        if (times[slot] == 0)
            chaos_due_clear(&due, slot);
        else
            chaos_due_set(&due, slot, times[slot]);
        for (int i = 0; i < SLOTS; i++)
            if (times[i] != 0 && (earliest == 0 || times[i] < earliest))
                earliest = times[i];
        assert_int_equal(chaos_due_first(&due, &slot, &at), earliest != 0);
        if (earliest == 0)
            continue;
        assert_int_equal(at, earliest);
        assert_int_equal(times[slot], earliest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_due_tells_the_earliest_first, begin),
        cmocka_unit_test_setup(test_due_is_put_off_and_forward_and_taken_out, begin),
        cmocka_unit_test_setup(test_due_is_right_whatever_is_done, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
