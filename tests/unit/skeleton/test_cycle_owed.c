#include "support/cycle_fake.h"
#include "support/expect.h"

/* One batch of so many deliveries, up to its announcement; whether that is waited for. */
static void announce_some(int32_t count, bool waited)
{
    fake.left = count;
    assert_int_equal(step_ok().phase, CYCLE_GATHER);
    assert_int_equal(step_ok().phase, CYCLE_COMMIT);
    assert_int_equal(step_ok().phase, CYCLE_ANNOUNCE);
    assert_int_equal(cycle.phase, waited ? CYCLE_SETTLE : CYCLE_GATHER);
}

/* What was confirmed is settled, before anything else is done. */
static void settle_some(int32_t items, const char *acks)
{
    struct cycle_step step;

    fake.acked.len = 0;
    step = step_ok();
    assert_int_equal(step.phase, CYCLE_SETTLE);
    assert_int_equal(step.settled, items);
    assert_str_equal(fc_buf_str(&fake.acked), acks);
}

static void test_a_batch_that_is_sent_does_not_hold_up_the_next(void **state)
{
    (void)state;
    announce_some(5, false);
    assert_int_equal(arena.used, 0); /* what is owed keeps no memory */
    assert_false(cycle_is_between(&cycle));
    announce_some(2, false);
    assert_int_equal(fake.commits, 2);
    assert_int_equal(fake.acked.len, 0);
    fake.confirmed = 1;
    settle_some(5, "0:4 1:5 ");
    assert_false(cycle_is_between(&cycle));
    fake.confirmed = 2;
    settle_some(2, "0:6 1:7 ");
    assert_true(cycle_is_between(&cycle));
    assert_int_equal(fake.waits, 0);
}

static void test_nothing_is_acked_before_its_own_confirm(void **state)
{
    (void)state;
    announce_some(1, false);
    announce_some(1, false);
    announce_some(1, false);
    fake.confirmed = 1;
    settle_some(1, "1:1 ");
    for (int i = 0; i < 3; i++)
        assert_true(step_ok().idle);
    assert_str_equal(fc_buf_str(&fake.acked), "1:1 ");
    fake.confirmed = 3;
    settle_some(2, "0:2 1:3 ");
}

static void test_confirms_are_noticed_between_carried_batches(void **state)
{
    (void)state;
    cycle.carry_ms = 20;
    fake.left = 1;
    (void)step_ok();
    now.us += 20000;
    (void)step_ok();
    (void)step_ok();
    fake.left = 1;
    (void)step_ok();
    (void)step_ok();
    assert_int_equal(cycle.phase, CYCLE_GATHER);
    fake.confirmed = 1;
    settle_some(1, "1:1 ");
    assert_int_equal(cycle.batch.carried_batches, 1);
    assert_true(step_ok().idle);
}

static void test_what_is_owed_is_bounded_and_then_waited_for(void **state)
{
    (void)state;
    for (int i = 0; i < OWED_BATCHES_MAX; i++)
        announce_some(1, false);
    announce_some(1, true);
    settle_some(OWED_BATCHES_MAX, "1:1 0:2 1:3 0:4 ");
    settle_some(1, "1:5 ");
    assert_true(cycle_is_between(&cycle));
    announce_some(OWED_DELIVERIES_MAX, false);
    announce_some(1, true);
    settle_some(OWED_DELIVERIES_MAX, "0:132 1:133 ");
    settle_some(1, "0:134 ");
    announce_some(OWED_DELIVERIES_MAX + 1, true);
    (void)step_ok();
    assert_true(cycle_is_between(&cycle));
}

/* Half of what a partition may hold unacknowledged is there for what comes next, always. */
static void test_what_is_carried_and_owed_together_is_bounded(void **state)
{
    (void)state;
    announce_some(BATCH_DELIVERIES_MAX / 4, false);
    cycle.carry_ms = 20;
    fake.left = BATCH_DELIVERIES_MAX / 4;
    (void)step_ok();
    (void)step_ok();
    assert_int_equal(cycle.phase, CYCLE_GATHER);
    fake.left = 1;
    (void)step_ok();
    (void)step_ok();
    assert_int_equal(cycle.phase, CYCLE_ANNOUNCE);
    (void)step_ok();
    assert_int_equal(cycle.phase, CYCLE_SETTLE);
}

static void test_a_suspect_is_waited_for(void **state)
{
    (void)state;
    announce_some(1, false);
    fake.suspect = 2;
    announce_some(1, true);
    settle_some(1, "1:1 ");
    settle_some(1, "0:2 ");
    assert_true(cycle_is_between(&cycle));
}

/* Partitions are to change hands, or the process is to stop. */
static void test_a_cycle_that_is_to_settle_comes_between(void **state)
{
    (void)state;
    announce_some(1, false);
    assert_true(step_ok().idle);
    cycle.settle_now = true;
    fake.left = 1;
    assert_int_equal(step_ok().phase, CYCLE_ANNOUNCE);
    assert_int_equal(fake.waits, 1);
    assert_int_equal(fake.left, 1);
    settle_some(1, "1:1 ");
    assert_true(cycle_is_between(&cycle));
}

static void test_a_cycle_that_is_to_settle_neither_owes_nor_carries(void **state)
{
    (void)state;
    cycle.carry_ms = 20;
    fake.left = 1;
    (void)step_ok();
    (void)step_ok();
    assert_int_equal(cycle.phase, CYCLE_GATHER);
    cycle.settle_now = true;
    fake.left = 1;
    assert_false(step_ok().idle);
    assert_int_equal(fake.left, 1);
    assert_int_equal(cycle.phase, CYCLE_ANNOUNCE);
    (void)step_ok();
    settle_some(1, "1:1 ");
    assert_true(cycle_is_between(&cycle));
}

static void test_trouble_with_confirms_drops_what_is_owed(void **state)
{
    (void)state;
    announce_some(1, false);
    fake.confirm_trouble = FC_CURE_RECONNECT;
    fake.confirmed = 1;
    assert_int_equal(step_trouble(FC_CURE_RECONNECT).wait_ms, 0);
    assert_int_equal(fake.acked.len, 0);
    cycle_drop(&cycle);
    assert_true(cycle_is_between(&cycle));
    fake.confirm_trouble = FC_CURE_COUNT;
    announce_some(OWED_DELIVERIES_MAX, false); /* nothing is left of what was owed before */
    fake.confirmed = 2;
    settle_some(OWED_DELIVERIES_MAX, "0:128 1:129 ");
}

static void test_what_is_refused_before_it_is_marked_is_announced_again(void **state)
{
    (void)state;
    fake.left = 1;
    (void)step_ok();
    (void)step_ok();
    fake.send_trouble = FC_CURE_RETRY;
    assert_true(step_trouble(FC_CURE_RETRY).wait_ms > 0);
    assert_int_equal(cycle.phase, CYCLE_ANNOUNCE);
    fake.send_trouble = FC_CURE_COUNT;
    (void)step_ok();
    assert_int_equal(fake.announces, 2);
    assert_int_equal(fake.commits, 1);
    assert_true(step_ok().idle);
    fake.confirmed = fake.sent;
    settle_some(1, "1:1 ");
}

/* Nobody has it any more: who said "again" would have it acknowledged. */
static void test_what_was_marked_cannot_be_tried_again(void **state)
{
    (void)state;
    announce_some(1, false);
    fake.confirm_trouble = FC_CURE_RETRY;
    EXPECT_ASSERT((void)step_ok());
}

#define TEST(name) cmocka_unit_test_setup(name, cycle_fake_setup_owing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_batch_that_is_sent_does_not_hold_up_the_next),
        TEST(test_nothing_is_acked_before_its_own_confirm),
        TEST(test_confirms_are_noticed_between_carried_batches),
        TEST(test_what_is_owed_is_bounded_and_then_waited_for),
        TEST(test_what_is_carried_and_owed_together_is_bounded),
        TEST(test_a_suspect_is_waited_for),
        TEST(test_a_cycle_that_is_to_settle_comes_between),
        TEST(test_a_cycle_that_is_to_settle_neither_owes_nor_carries),
        TEST(test_trouble_with_confirms_drops_what_is_owed),
        TEST(test_what_is_refused_before_it_is_marked_is_announced_again),
        TEST(test_what_was_marked_cannot_be_tried_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
