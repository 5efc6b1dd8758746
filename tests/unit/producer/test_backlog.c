#include "support/expect.h"

#include "producer/backlog.h"

#include <stdlib.h>
#include <string.h>

/*
 * A queue and its worker in virtual time, a millisecond a step: commands come at a rate, are
 * decided in their order at another, and the backlog is told what an ingress would see.
 */

#define WAIT_MS_MAX 4000
#define QUEUE 3
#define COMMANDS_MAX 2000000

struct world {
    struct backlog backlog;
    int64_t ms;
    int64_t come;    /* commands that were put: */
    int64_t decided; /* of these */
    int64_t refused;
    int64_t part; /* of the next decision, in thousandths */
    int64_t longest_ms;
    int32_t retry_s;
    int64_t *put_ms; /* of each */
    bool *is_probe;
};

static struct fc_mono now_of(const struct world *world)
{
    return (struct fc_mono){world->ms * 1000};
}

static struct fc_uuid id_of(int64_t number)
{
    struct fc_uuid id = {{0}};

    memcpy(id.bytes, &number, sizeof(number));
    return id;
}

static void world_open(struct world *world)
{
    struct fc_err err;

    *world = (struct world){.ms = 1000};
    world->put_ms = calloc(COMMANDS_MAX, sizeof(*world->put_ms));     /* heap: in a test */
    world->is_probe = calloc(COMMANDS_MAX, sizeof(*world->is_probe)); /* heap: in a test */
    assert_non_null(world->put_ms);
    assert_non_null(world->is_probe);
    assert_int_equal(backlog_open(&world->backlog, WAIT_MS_MAX, &err), FC_OK);
}

static void world_close(struct world *world)
{
    backlog_close(&world->backlog);
    free(world->put_ms);
    free(world->is_probe);
}

static void come(struct world *world)
{
    struct fc_mono now = now_of(world);
    struct fc_uuid id = id_of(world->come);

    if (backlog_refuses(&world->backlog, QUEUE, now, &world->retry_s)) {
        world->refused++;
        return;
    }
    assert_true(world->come < COMMANDS_MAX);
    bool probe = backlog_wants_probe(&world->backlog, QUEUE, now);

    world->put_ms[world->come] = world->ms;
    world->is_probe[world->come++] = probe;
    backlog_put(&world->backlog, QUEUE, probe ? &id : NULL, now);
}

static void decide(struct world *world)
{
    int64_t waited_ms = world->ms - world->put_ms[world->decided];
    struct fc_uuid id = id_of(world->decided);

    if (world->is_probe[world->decided])
        backlog_answered(&world->backlog, &id, now_of(world));
    if (waited_ms > world->longest_ms)
        world->longest_ms = waited_ms;
    world->decided++;
}

/* So many a millisecond come, so many a second are decided. */
static void run(struct world *world, int64_t ms, int64_t come_per_ms, int64_t decided_per_s)
{
    for (int64_t end = world->ms + ms; world->ms < end; world->ms++) {
        for (int64_t i = 0; i < come_per_ms; i++)
            come(world);
        for (world->part += decided_per_s; world->part >= 1000; world->part -= 1000)
            if (world->decided < world->come)
                decide(world);
    }
}

static void test_backlog_three_times_too_much_keeps_the_bound(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    run(&world, 30000, 30, 10000);
    assert_in_range(world.longest_ms, WAIT_MS_MAX * 3 / 4, WAIT_MS_MAX * 5 / 4);
    /* What is refused is what is too much. */
    assert_in_range(world.refused, 500000, 600000);
    assert_in_range(world.decided, 299000, 300000);
    world_close(&world);
}

static void test_backlog_a_slow_worker_is_found_out(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    run(&world, 20000, 2, 500);
    /* The assumption lets the first in, until the rate is known. */
    assert_in_range(world.longest_ms, 0, WAIT_MS_MAX * 3 / 2);
    world_close(&world);
}

static void test_backlog_a_rush_below_the_bound_is_taken_whole(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    run(&world, 5000, 1, 8000);
    run(&world, 1000, 30, 8000);
    run(&world, 5000, 1, 8000);
    assert_int_equal(world.refused, 0);
    assert_in_range(world.longest_ms, 2000, WAIT_MS_MAX);
    world_close(&world);
}

static void test_backlog_few_commands_do_not_make_a_slow_worker(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    /* 100 a second, each decided at once: the worker's rate is not 100 a second. */
    for (int32_t i = 0; i < 500; i++) {
        come(&world);
        world.ms += 10;
        decide(&world);
    }
    for (int32_t i = 0; i < 5000; i++)
        come(&world);
    assert_int_equal(world.refused, 0);
    world_close(&world);
}

static void test_backlog_an_overload_ends_by_itself(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    run(&world, 10000, 30, 10000);
    run(&world, 5000, 0, 10000);
    assert_int_equal(world.decided, world.come);
    /* Of those behind the last probe nothing is known: little. */
    assert_in_range(backlog_wait_us(&world.backlog, QUEUE, now_of(&world)), 0,
                    WAIT_MS_MAX * 1000 / 32);
    int64_t refused = world.refused;

    run(&world, 5000, 5, 10000);
    assert_int_equal(world.refused, refused);
    world_close(&world);
}

static void test_backlog_a_pause_of_the_workers_is_waited_for_but_not_for_long(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    run(&world, 3000, 1, 10000);
    run(&world, WAIT_MS_MAX / 2, 1, 0);
    assert_int_equal(world.refused, 0);
    run(&world, 2000, 1, 10000);
    assert_int_equal(world.refused, 0);
    run(&world, 2 * WAIT_MS_MAX, 1, 0);
    assert_in_range(world.refused, WAIT_MS_MAX / 2, 2 * WAIT_MS_MAX);
    assert_true(world.retry_s >= 1);
    /* The probe that was under way all the time tells at once that it goes on. */
    run(&world, 500, 0, 100000);
    int64_t refused = world.refused;

    run(&world, 1000, 1, 10000);
    assert_int_equal(world.refused, refused);
    world_close(&world);
}

static void test_backlog_refusals_end_below_seven_eighths(void **state)
{
    struct world world;
    struct fc_mono now;

    (void)state;
    world_open(&world);
    /* Nothing is known: 5,000 a second are assumed. */
    for (int32_t i = 0; i < 5 * WAIT_MS_MAX + 1; i++)
        come(&world);
    assert_int_equal(world.refused, 0);
    come(&world);
    assert_int_equal(world.refused, 1);
    assert_int_equal(world.retry_s, 1);
    now = now_of(&world);
    struct fc_uuid first = id_of(0);

    /* The first was the probe; it alone is decided, and the wait is as it was but for one. */
    backlog_answered(&world.backlog, &first, now);
    assert_int_equal(backlog_wait_us(&world.backlog, QUEUE, now), WAIT_MS_MAX * 1000LL);
    world_close(&world);
}

static void test_backlog_answers_that_are_lost_do_not_shut_a_queue_for_ever(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    run(&world, 5000, 30, 10000);
    assert_true(world.refused > 0);
    /* The reply queue is gone, and the queue is decided meanwhile. */
    backlog_forget(&world.backlog);
    memset(world.is_probe, 0, (size_t)world.come);
    run(&world, 4000, 0, 20000);
    assert_int_equal(world.decided, world.come);
    /* One is let in to ask; with its answer all are. */
    int64_t refused = world.refused;
    int64_t come_before = world.come;

    come(&world);
    come(&world);
    assert_int_equal(world.refused, refused + 1);
    assert_int_equal(world.come, come_before + 1);
    decide(&world);
    come(&world);
    assert_int_equal(world.refused, refused + 1);
    world_close(&world);
}

static void test_backlog_a_dead_worker_lets_one_in_now_and_then(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    run(&world, 2 * WAIT_MS_MAX, 1, 0);
    int64_t come_before = world.come;

    run(&world, 10 * (2 * WAIT_MS_MAX + 1000), 1, 0);
    assert_in_range(world.come - come_before, 9, 11);
    world_close(&world);
}

static void test_backlog_bound_zero_refuses_nothing(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    world.backlog.wait_us_max = 0;
    run(&world, 30000, 30, 0);
    assert_int_equal(world.refused, 0);
    assert_false(backlog_wants_probe(&world.backlog, QUEUE, now_of(&world)));
    world_close(&world);
}

static void test_backlog_verdicts_of_others_are_passed_over(void **state)
{
    struct world world;
    struct fc_uuid stranger = id_of(-5);

    (void)state;
    world_open(&world);
    run(&world, 100, 1, 0);
    backlog_answered(&world.backlog, &stranger, now_of(&world));
    assert_int_equal(world.backlog.queues[QUEUE].decided, 0);
    assert_int_equal(backlog_wait_us(&world.backlog, QUEUE + 1, now_of(&world)), 0);
    world_close(&world);
}

static void test_backlog_more_probes_than_there_is_room_for(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    for (int32_t i = 0; i < 3 * BACKLOG_PROBES_MAX; i++) {
        struct fc_uuid id = id_of(i);

        backlog_put(&world.backlog, QUEUE, &id, now_of(&world));
    }
    for (int32_t i = 0; i < 3 * BACKLOG_PROBES_MAX; i++) {
        struct fc_uuid id = id_of(i);

        backlog_answered(&world.backlog, &id, now_of(&world));
    }
    assert_int_equal(world.backlog.queues[QUEUE].decided, 3 * BACKLOG_PROBES_MAX);
    assert_int_equal(backlog_longest_us(&world.backlog, now_of(&world)), 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backlog_three_times_too_much_keeps_the_bound),
        cmocka_unit_test(test_backlog_a_slow_worker_is_found_out),
        cmocka_unit_test(test_backlog_a_rush_below_the_bound_is_taken_whole),
        cmocka_unit_test(test_backlog_few_commands_do_not_make_a_slow_worker),
        cmocka_unit_test(test_backlog_an_overload_ends_by_itself),
        cmocka_unit_test(test_backlog_a_pause_of_the_workers_is_waited_for_but_not_for_long),
        cmocka_unit_test(test_backlog_refusals_end_below_seven_eighths),
        cmocka_unit_test(test_backlog_answers_that_are_lost_do_not_shut_a_queue_for_ever),
        cmocka_unit_test(test_backlog_a_dead_worker_lets_one_in_now_and_then),
        cmocka_unit_test(test_backlog_bound_zero_refuses_nothing),
        cmocka_unit_test(test_backlog_verdicts_of_others_are_passed_over),
        cmocka_unit_test(test_backlog_more_probes_than_there_is_room_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
