#include "support/expect.h"

#include "producer/wait.h"

#include <string.h>

#define BUCKETS 4
#define MS 1000LL

struct fixture {
    struct wait *buckets[BUCKETS];
    struct wait_table table;
    struct wait_round round;
    struct wait waits[16];
};

static struct fixture fixture;

static int setup(void **state)
{
    (void)state;
    memset(&fixture, 0, sizeof(fixture));
    wait_table_init(&fixture.table, fixture.buckets, BUCKETS);
    wait_round_init(&fixture.round);
    return 0;
}

static struct fc_uuid id_of(int number)
{
    struct fc_uuid id = {{0}};

    id.bytes[15] = (unsigned char)number;
    return id;
}

static struct fc_mono at_ms(int64_t ms)
{
    return (struct fc_mono){ms * MS};
}

static void add(int index, enum wait_kind kind, int id, int64_t ms)
{
    struct fc_uuid command_id = id_of(id);

    wait_add(&fixture.table, &fixture.waits[index], kind, &command_id, at_ms(ms));
}

/* How many wait for this id. */
static int count_of(int id)
{
    struct fc_uuid command_id = id_of(id);
    int count = 0;

    for (struct wait *wait = wait_find(&fixture.table, &command_id, NULL); wait != NULL;
         wait = wait_find(&fixture.table, &command_id, wait))
        count++;
    return count;
}

static int32_t gather(int64_t ms)
{
    return wait_round_gather(&fixture.table, &fixture.round, 100, at_ms(ms));
}

static void test_wait_all_that_wait_for_a_command_are_found(void **state)
{
    (void)state;
    for (int i = 0; i < 12; i++)
        add(i, WAIT_LOOK, i % 3, 0);
    assert_int_equal(count_of(0), 4);
    assert_int_equal(count_of(2), 4);
    assert_int_equal(count_of(3), 0);
    wait_remove(&fixture.table, &fixture.waits[3]);
    wait_remove(&fixture.table, &fixture.waits[0]);
    wait_remove(&fixture.table, &fixture.waits[0]);
    assert_int_equal(count_of(0), 2);
    assert_int_equal(fixture.table.count, 10);
}

static void test_wait_a_question_is_looked_for_at_once_a_reply_is_not(void **state)
{
    (void)state;
    add(0, WAIT_REPLY, 1, 0);
    assert_false(wait_look_is_due(&fixture.table, at_ms(WAIT_REPLY_LOOK_MS_MIN - 1)));
    assert_true(wait_look_is_due(&fixture.table, at_ms(WAIT_REPLY_LOOK_MS_MIN)));
    add(1, WAIT_ONCE, 2, 5);
    assert_true(wait_look_is_due(&fixture.table, at_ms(5)));
    assert_int_equal(gather(5), 1);
    assert_ptr_equal(wait_list_next(&fixture.round.list, NULL), &fixture.waits[1]);
    assert_false(wait_look_is_due(&fixture.table, at_ms(6)));
    assert_true(wait_look_is_due(&fixture.table, at_ms(WAIT_REPLY_LOOK_MS_MIN)));
}

static void test_wait_looks_follow_at_growing_intervals_up_to_the_longest(void **state)
{
    int64_t now = 0;
    int64_t last = 0;

    (void)state;
    add(0, WAIT_LOOK, 1, 0);
    for (int i = 0; i < 12; i++) {
        assert_int_equal(gather(now), 1);
        wait_rest(&fixture.table, &fixture.waits[0], at_ms(now));
        int64_t interval = fixture.waits[0].look_at.us / MS - now;

        assert_true(interval >= WAIT_LOOK_MS_MIN && interval <= WAIT_LOOK_MS_MAX);
        assert_true(interval >= last);
        assert_false(wait_look_is_due(&fixture.table, at_ms(now + interval - 1)));
        last = interval;
        now += interval;
    }
    assert_int_equal(last, WAIT_LOOK_MS_MAX);
}

static void test_wait_round_takes_no_more_than_it_may_and_the_rest_stays_due(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        add(i, WAIT_ONCE, i, 0);
    assert_int_equal(wait_round_gather(&fixture.table, &fixture.round, 3, at_ms(0)), 3);
    assert_true(wait_look_is_due(&fixture.table, at_ms(0)));
    assert_int_equal(gather(0), 2);
    assert_false(wait_look_is_due(&fixture.table, at_ms(99999)));
}

static void test_wait_removed_from_a_round_leaves_its_neighbours(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        add(i, WAIT_ONCE, i, 0);
    assert_int_equal(gather(0), 3);
    wait_remove(&fixture.table, &fixture.waits[1]);
    struct wait *first = wait_list_next(&fixture.round.list, NULL);

    assert_ptr_equal(first, &fixture.waits[0]);
    assert_ptr_equal(wait_list_next(&fixture.round.list, first), &fixture.waits[2]);
    assert_null(wait_list_next(&fixture.round.list, &fixture.waits[2]));
    assert_int_equal(count_of(1), 0);
}

static void test_wait_hurry_makes_replies_due_at_once(void **state)
{
    (void)state;
    wait_hurry(&fixture.table, at_ms(1));
    assert_false(wait_look_is_due(&fixture.table, at_ms(1)));
    add(0, WAIT_REPLY, 1, 0);
    wait_hurry(&fixture.table, at_ms(1));
    assert_int_equal(gather(1), 1);
}

static void test_wait_twice_or_for_nothing_is_a_mistake(void **state)
{
    (void)state;
    add(0, WAIT_LOOK, 1, 0);
    EXPECT_ASSERT(add(0, WAIT_LOOK, 2, 0));
    EXPECT_ASSERT(add(1, WAIT_NONE, 2, 0));
    EXPECT_ASSERT(wait_table_init(&fixture.table, fixture.buckets, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_wait_all_that_wait_for_a_command_are_found, setup),
        cmocka_unit_test_setup(test_wait_a_question_is_looked_for_at_once_a_reply_is_not, setup),
        cmocka_unit_test_setup(test_wait_looks_follow_at_growing_intervals_up_to_the_longest,
                               setup),
        cmocka_unit_test_setup(test_wait_round_takes_no_more_than_it_may_and_the_rest_stays_due,
                               setup),
        cmocka_unit_test_setup(test_wait_removed_from_a_round_leaves_its_neighbours, setup),
        cmocka_unit_test_setup(test_wait_hurry_makes_replies_due_at_once, setup),
        cmocka_unit_test_setup(test_wait_twice_or_for_nothing_is_a_mistake, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
