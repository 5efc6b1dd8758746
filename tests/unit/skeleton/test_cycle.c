#include "skeleton/cycle.h"

#include "support/expect.h"

#include <string.h>

/* A queue of so many deliveries from two sources in turn, and a job that notes what it is told. */
struct fake {
    int32_t left;
    int64_t delivery_count;
    uint64_t suspect; /* the tag of a delivery that ended in deaths, 0: none */
    uint64_t tag;
    char acks[256];
    struct fc_buf acked;
    int32_t taken;
    int32_t items_each;
    size_t bytes_each;
    int32_t begins;
    int32_t commits;
    int32_t announces;
    enum fc_cure commit_trouble; /* FC_CURE_COUNT: none */
    enum fc_cure announce_trouble;
    bool next_fails;
    bool ack_fails;
};

static _Alignas(16) char memory[8 * GATHER_BYTES_MAX];
static struct fc_arena arena;
static struct fake fake;
static struct cycle cycle;
static struct fc_instant now;

static enum fc_rc fake_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                            struct fc_err *ret_err)
{
    (void)arg;
    if (fake.next_fails)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "next", "gone");
    *ret_got = fake.left > 0;
    if (!*ret_got)
        return FC_OK;
    fake.left--;
    fake.tag++;
    *ret_delivery = (struct mq_delivery){
        .source = (int32_t)(fake.tag % 2), .tag = fake.tag, .delivery_count = fake.delivery_count};
    if (fake.tag == fake.suspect)
        ret_delivery->delivery_count = POISON_SUSPECT_DELIVERIES;
    return FC_OK;
}

static enum fc_rc fake_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    (void)arg;
    if (fake.ack_fails)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "ack", "gone");
    fc_buf_put_fmt(&fake.acked, "%d:%llu ", (int)source, (unsigned long long)tag);
    return FC_OK;
}

static void fake_begin(void *arg, struct batch *batch)
{
    (void)arg;
    assert_int_equal(batch->item_count, 0);
    assert_int_equal(batch->now.us, now.us);
    fake.begins++;
    fake.taken = 0;
}

static void fake_take(void *arg, struct batch *batch, const struct mq_delivery *delivery)
{
    (void)arg;
    (void)delivery;
    fake.taken++;
    batch->item_count += fake.items_each;
    if (fake.bytes_each > 0)
        assert_non_null(fc_arena_take(batch->arena, 1, fake.bytes_each));
}

static enum fc_rc trouble(enum fc_cure cure, struct fc_err *ret_err)
{
    return cure == FC_CURE_COUNT ? FC_OK : fc_err_set(ret_err, cure, "fake", "trouble");
}

static enum fc_rc fake_commit(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    (void)arg;
    (void)batch;
    fake.commits++;
    return trouble(fake.commit_trouble, ret_err);
}

static enum fc_rc fake_announce(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    (void)arg;
    (void)batch;
    fake.announces++;
    return trouble(fake.announce_trouble, ret_err);
}

static int setup(void **state)
{
    const struct queue_port queue = {NULL, fake_next, fake_ack};
    const struct job_port job = {NULL, fake_begin, fake_take, fake_commit, fake_announce};

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    memset(&fake, 0, sizeof(fake));
    now.us = 1000;
    fake.items_each = 1;
    fake.commit_trouble = fake.announce_trouble = FC_CURE_COUNT;
    fake.acked = fc_buf_of(fake.acks, sizeof(fake.acks));
    cycle_init(&cycle, &queue, &job, &arena, 1);
    return 0;
}

static struct cycle_step step_ok(void)
{
    struct cycle_step step;
    struct fc_err err;

    assert_int_equal(cycle_do_step(&cycle, now, &step, &err), FC_OK);
    return step;
}

static struct cycle_step step_trouble(enum fc_cure cure)
{
    struct cycle_step step;
    struct fc_err err;

    assert_int_equal(cycle_do_step(&cycle, now, &step, &err), FC_FAIL);
    assert_int_equal(err.cure, cure);
    return step;
}

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

/* --- carrying --------------------------------------------------------------------------------- */

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
        cmocka_unit_test_setup(test_cycle_goes_through_its_phases_and_acks_each_source_once, setup),
        cmocka_unit_test_setup(test_cycle_without_deliveries_is_idle_and_stays_between, setup),
        cmocka_unit_test_setup(test_gather_stops_at_the_soft_count_of_items, setup),
        cmocka_unit_test_setup(test_gather_stops_at_the_most_deliveries, setup),
        cmocka_unit_test_setup(test_gather_stops_when_its_bytes_are_taken, setup),
        cmocka_unit_test_setup(test_gather_takes_a_suspect_alone, setup),
        cmocka_unit_test_setup(test_gather_stops_at_a_suspect_and_is_careful_with_all, setup),
        cmocka_unit_test_setup(test_gather_is_not_careful_below_the_border, setup),
        cmocka_unit_test_setup(test_gather_takes_what_came_back_once_with_others, setup),
        cmocka_unit_test_setup(test_commit_that_is_tried_again_keeps_the_batch_and_waits, setup),
        cmocka_unit_test_setup(test_commit_that_takes_longer_is_called_again_at_once, setup),
        cmocka_unit_test_setup(test_announce_that_is_tried_again_does_not_commit_again, setup),
        cmocka_unit_test_setup(test_nothing_is_acked_before_it_is_announced, setup),
        cmocka_unit_test_setup(test_trouble_of_the_queue_is_told, setup),
        cmocka_unit_test_setup(test_every_phase_has_a_name, setup),
        cmocka_unit_test_setup(test_carried_batches_are_announced_and_settled_together, setup),
        cmocka_unit_test_setup(test_an_idle_cycle_waits_no_longer_than_what_it_carries, setup),
        cmocka_unit_test_setup(test_a_batch_that_fills_up_the_time_is_not_carried, setup),
        cmocka_unit_test_setup(test_a_clock_that_is_set_back_ends_the_carrying, setup),
        cmocka_unit_test_setup(test_what_is_carried_is_bounded, setup),
        cmocka_unit_test_setup(test_a_suspect_is_carried_neither_on_nor_behind, setup),
        cmocka_unit_test_setup(test_trouble_drops_what_is_carried_too, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
