#include "support/cycle_fake.h"
#include "support/expect.h"

#include <string.h>

static void test_cycle_goes_through_its_phases_and_acks_each_source_once(void **state)
{
    (void)state;
    fake.left = 5;
    assert_false(step_ok().idle);
    assert_false(cycle_is_between(&cycle));
    assert_int_equal(fake.taken, 5);
    (void)step_ok();
    assert_int_equal(fake.commits, 1);
    assert_int_equal(fake.announces, 0);
    (void)step_ok();
    assert_int_equal(fake.announces, 1);
    assert_int_equal(fake.acked.len, 0);
    assert_int_equal(step_ok().settled, 5);
    assert_str_equal(fc_buf_str(&fake.acked), "0:4 1:5 ");
    assert_true(cycle_is_between(&cycle));
    assert_int_equal(arena.used, 0);
}

static void test_cycle_without_deliveries_is_idle_and_stays_between(void **state)
{
    (void)state;
    assert_true(step_ok().idle);
    assert_true(cycle_is_between(&cycle));
    assert_int_equal(fake.commits, 0);
}

static void test_gather_stops_at_the_soft_count_of_items(void **state)
{
    (void)state;
    fake.left = 100;
    fake.items_each = 100;
    (void)step_ok();
    assert_int_equal(fake.taken, 3);
}

static void test_gather_stops_at_the_most_deliveries(void **state)
{
    (void)state;
    fake.left = 1000;
    fake.items_each = 0;
    (void)step_ok();
    assert_int_equal(fake.taken, BATCH_DELIVERIES_MAX);
}

static void test_gather_stops_when_its_bytes_are_taken(void **state)
{
    (void)state;
    fake.left = 100;
    fake.bytes_each = GATHER_BYTES_MAX / 2;
    (void)step_ok();
    assert_int_equal(fake.taken, 2);
}

static void test_gather_takes_a_suspect_alone(void **state)
{
    (void)state;
    fake.left = 10;
    fake.delivery_count = POISON_SUSPECT_DELIVERIES;
    (void)step_ok();
    assert_int_equal(fake.taken, 1);
    assert_true(cycle.batch.careful);
}

/* Its partition's first, behind another partition's that nobody suspects. */
static void test_gather_stops_at_a_suspect_and_is_careful_with_all(void **state)
{
    (void)state;
    fake.left = 10;
    fake.suspect = 4;
    (void)step_ok();
    assert_int_equal(fake.taken, 4);
    assert_true(cycle.batch.careful);
}

static void test_gather_is_not_careful_below_the_border(void **state)
{
    (void)state;
    fake.left = 10;
    fake.delivery_count = POISON_SUSPECT_DELIVERIES - 1;
    (void)step_ok();
    assert_int_equal(fake.taken, 1);
    assert_false(cycle.batch.careful);
}

/* What changed hands once, as everything does now and then. */
static void test_gather_takes_what_came_back_once_with_others(void **state)
{
    (void)state;
    fake.left = 10;
    fake.delivery_count = POISON_ALONE_DELIVERIES - 1;
    (void)step_ok();
    assert_int_equal(fake.taken, 10);
}

static void test_commit_that_is_tried_again_keeps_the_batch_and_waits(void **state)
{
    (void)state;
    fake.left = 2;
    (void)step_ok();
    fake.commit_trouble = FC_CURE_RETRY;
    assert_true(step_trouble(FC_CURE_RETRY).wait_ms >= RETRY_SLEEP_MS_MIN);
    assert_int_equal(cycle.phase, CYCLE_COMMIT);
    fake.commit_trouble = FC_CURE_COUNT;
    (void)step_ok();
    assert_int_equal(fake.commits, 2);
    (void)step_ok();
    assert_int_equal(step_ok().settled, 2);
}

/* It waits for somebody outside: no trouble, no pause, and nothing of the batch is lost. */
static void test_commit_that_takes_longer_is_called_again_at_once(void **state)
{
    struct cycle_step step;

    (void)state;
    fake.left = 2;
    (void)step_ok();
    fake.commit_trouble = FC_CURE_AGAIN;
    for (int i = 0; i < 3; i++) {
        step = step_ok();
        assert_true(step.again);
        assert_false(step.idle);
        assert_int_equal(step.wait_ms, 0);
        assert_int_equal(cycle.phase, CYCLE_COMMIT);
    }
    fake.commit_trouble = FC_CURE_COUNT;
    step = step_ok();
    assert_false(step.again);
    assert_int_equal(fake.commits, 4);
    (void)step_ok();
    assert_int_equal(step_ok().settled, 2);
}

static void test_announce_that_is_tried_again_does_not_commit_again(void **state)
{
    (void)state;
    fake.left = 1;
    (void)step_ok();
    (void)step_ok();
    fake.announce_trouble = FC_CURE_RETRY;
    (void)step_trouble(FC_CURE_RETRY);
    fake.announce_trouble = FC_CURE_COUNT;
    (void)step_ok();
    assert_int_equal(fake.commits, 1);
    assert_int_equal(fake.announces, 2);
}

static void test_nothing_is_acked_before_it_is_announced(void **state)
{
    (void)state;
    fake.left = 3;
    fake.announce_trouble = FC_CURE_RECONNECT;
    (void)step_ok();
    (void)step_ok();
    assert_int_equal(step_trouble(FC_CURE_RECONNECT).wait_ms, 0);
    assert_int_equal(fake.acked.len, 0);
    cycle_drop(&cycle);
    assert_true(cycle_is_between(&cycle));
}

static void test_trouble_of_the_queue_is_told(void **state)
{
    (void)state;
    fake.left = 1;
    fake.next_fails = true;
    (void)step_trouble(FC_CURE_RECONNECT);
    fake.next_fails = false;
    (void)step_ok();
    (void)step_ok();
    (void)step_ok();
    fake.ack_fails = true;
    (void)step_trouble(FC_CURE_RECONNECT);
    assert_int_equal(cycle.phase, CYCLE_SETTLE);
}

static void test_every_phase_has_a_name(void **state)
{
    (void)state;
    for (int phase = 0; phase < CYCLE_PHASE_COUNT; phase++)
        assert_true(strlen(cycle_phase_name((enum cycle_phase)phase)) > 0);
    EXPECT_ASSERT((void)cycle_phase_name(CYCLE_PHASE_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_cycle_goes_through_its_phases_and_acks_each_source_once,
                               cycle_fake_setup),
        cmocka_unit_test_setup(test_cycle_without_deliveries_is_idle_and_stays_between,
                               cycle_fake_setup),
        cmocka_unit_test_setup(test_gather_stops_at_the_soft_count_of_items, cycle_fake_setup),
        cmocka_unit_test_setup(test_gather_stops_at_the_most_deliveries, cycle_fake_setup),
        cmocka_unit_test_setup(test_gather_stops_when_its_bytes_are_taken, cycle_fake_setup),
        cmocka_unit_test_setup(test_gather_takes_a_suspect_alone, cycle_fake_setup),
        cmocka_unit_test_setup(test_gather_stops_at_a_suspect_and_is_careful_with_all,
                               cycle_fake_setup),
        cmocka_unit_test_setup(test_gather_is_not_careful_below_the_border, cycle_fake_setup),
        cmocka_unit_test_setup(test_gather_takes_what_came_back_once_with_others, cycle_fake_setup),
        cmocka_unit_test_setup(test_commit_that_is_tried_again_keeps_the_batch_and_waits,
                               cycle_fake_setup),
        cmocka_unit_test_setup(test_commit_that_takes_longer_is_called_again_at_once,
                               cycle_fake_setup),
        cmocka_unit_test_setup(test_announce_that_is_tried_again_does_not_commit_again,
                               cycle_fake_setup),
        cmocka_unit_test_setup(test_nothing_is_acked_before_it_is_announced, cycle_fake_setup),
        cmocka_unit_test_setup(test_trouble_of_the_queue_is_told, cycle_fake_setup),
        cmocka_unit_test_setup(test_every_phase_has_a_name, cycle_fake_setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
