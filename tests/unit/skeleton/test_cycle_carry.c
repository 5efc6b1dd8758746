#include "support/cycle_fake.h"
#include "support/expect.h"

/* One batch of so many deliveries, committed. */
static void commit_some(int32_t count)
{
    fake.left = count;
    assert_false(step_ok().idle);
    assert_int_equal(cycle.phase, CYCLE_COMMIT);
    (void)step_ok();
}

static void settle_all(int32_t items)
{
    assert_int_equal(cycle.phase, CYCLE_ANNOUNCE);
    (void)step_ok();
    assert_int_equal(step_ok().settled, items);
    assert_true(cycle_is_between(&cycle));
}

static void test_carried_batches_are_announced_and_settled_together(void **state)
{
    (void)state;
    cycle.carry_ms = 20;
    commit_some(3);
    assert_int_equal(cycle.phase, CYCLE_GATHER);
    assert_false(cycle_is_between(&cycle)); /* nobody else may have its partitions now */
    now.us += 15000;
    commit_some(2);
    assert_int_equal(fake.commits, 2);
    assert_int_equal(fake.announces, 0);
    assert_int_equal(fake.acked.len, 0);
    now.us += 5000;
    assert_false(step_ok().idle);
    settle_all(5);
    assert_int_equal(fake.announces, 1);
    assert_str_equal(fc_buf_str(&fake.acked), "0:4 1:5 ");
}

static void test_an_idle_cycle_waits_no_longer_than_what_it_carries(void **state)
{
    struct cycle_step step;
    size_t used;

    (void)state;
    assert_int_equal(step_ok().idle_ms, GATHER_WAIT_MS_MAX);
    cycle.carry_ms = 20;
    commit_some(1);
    used = arena.used;
    for (int32_t left_ms = 20; left_ms > 0; left_ms -= 5) {
        step = step_ok();
        assert_true(step.idle);
        assert_in_range(step.idle_ms, left_ms, left_ms + 1);
        now.us += 5000;
    }
    (void)step_ok();
    assert_int_equal(arena.used, used); /* gathers without deliveries leave nothing behind */
    settle_all(1);
}

static void test_a_batch_that_fills_up_the_time_is_not_carried(void **state)
{
    (void)state;
    cycle.carry_ms = 20;
    commit_some(1);
    fake.left = 1;
    (void)step_ok();
    now.us += 20000;
    (void)step_ok();
    settle_all(2);
}

static void test_a_clock_that_is_set_back_ends_the_carrying(void **state)
{
    (void)state;
    cycle.carry_ms = 20;
    now.us = 2000000;
    commit_some(1);
    now.us = 1000000;
    (void)step_ok();
    settle_all(1);
}

static void test_what_is_carried_is_bounded(void **state)
{
    int32_t batches = 0;

    (void)state;
    cycle.carry_ms = 20;
    do
        commit_some(1);
    while (++batches < 2 * CARRY_BATCHES_MAX && cycle.phase == CYCLE_GATHER);
    assert_int_equal(batches, CARRY_BATCHES_MAX);
    settle_all(CARRY_BATCHES_MAX);
    commit_some(BATCH_DELIVERIES_MAX / 2);
    commit_some(1);
    settle_all(BATCH_DELIVERIES_MAX / 2 + 1);
    fake.bytes_each = CARRY_BYTES_MAX - 100;
    commit_some(1);
    assert_int_equal(cycle.phase, CYCLE_GATHER);
    fake.bytes_each = 100;
    commit_some(1);
    settle_all(2);
}

static void test_a_suspect_is_carried_neither_on_nor_behind(void **state)
{
    (void)state;
    cycle.carry_ms = 20;
    fake.suspect = 1;
    commit_some(1);
    settle_all(1);
}

static void test_trouble_drops_what_is_carried_too(void **state)
{
    (void)state;
    cycle.carry_ms = 20;
    commit_some(2);
    fake.next_fails = true;
    (void)step_trouble(FC_CURE_RECONNECT);
    cycle_drop(&cycle);
    assert_true(cycle_is_between(&cycle));
    assert_int_equal(fake.acked.len, 0);
    fake.next_fails = false;
    cycle.carry_ms = 0;
    commit_some(1);
    settle_all(1);
    assert_str_equal(fc_buf_str(&fake.acked), "1:3 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_carried_batches_are_announced_and_settled_together,
                               cycle_fake_setup),
        cmocka_unit_test_setup(test_an_idle_cycle_waits_no_longer_than_what_it_carries,
                               cycle_fake_setup),
        cmocka_unit_test_setup(test_a_batch_that_fills_up_the_time_is_not_carried,
                               cycle_fake_setup),
        cmocka_unit_test_setup(test_a_clock_that_is_set_back_ends_the_carrying, cycle_fake_setup),
        cmocka_unit_test_setup(test_what_is_carried_is_bounded, cycle_fake_setup),
        cmocka_unit_test_setup(test_a_suspect_is_carried_neither_on_nor_behind, cycle_fake_setup),
        cmocka_unit_test_setup(test_trouble_drops_what_is_carried_too, cycle_fake_setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
