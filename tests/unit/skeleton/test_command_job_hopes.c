/* When a batch asks the journal for repeats, and when it hopes that there are none. */
#include "skeleton/command_job.h"

#include "support/expect.h"

#include <stdio.h>

#define ID_FMT "00000000-0000-4000-8000-%012d"

/* Of one transaction, in the order in which they are made. */
struct tries {
    int32_t count;
    bool asked[4];
    bool begun[4];
    bool locked[4];
    size_t used[4]; /* of the arena, at the load */
};

static _Alignas(16) char memory[32 * 1024 * 1024];
static struct fc_arena arena;
static struct batch batch;
static struct command_job job;
static struct tries tries;
static int32_t next_id;
static bool has_repeat;  /* the journal has the first command of the batch */
static bool has_doubt;   /* a row says so before the journal does */
static const char *code; /* of what ends the store, NULL: nothing */
static enum fc_cure cure;

static enum fc_rc load(void *arg, struct command_range *range, bool locked, struct fc_err *ret_err)
{
    (void)arg;
    (void)ret_err;
    assert_in_range(tries.count, 0, 3);
    tries.asked[tries.count] = range->ask;
    tries.begun[tries.count] = range->begun;
    tries.locked[tries.count] = locked;
    tries.used[tries.count++] = range->arena->used;
    if (range->ask && has_repeat)
        range->slots[0].state = SLOT_RECALLED;
    return FC_OK;
}

static void decide(void *arg, const struct command_range *range, struct command_slot *slot)
{
    (void)arg;
    slot->doubtful = has_doubt && !range->ask;
    slot->result = FC_STR("{}");
}

static enum fc_rc store(void *arg, struct command_range *range, struct fc_err *ret_err)
{
    (void)arg;
    if (has_repeat && !range->ask) {
        range->repeated = true;
        (void)fc_err_set(ret_err, FC_CURE_RETRY, "store", "repeat");
        return FC_FAIL;
    }
    if (code == NULL)
        return FC_OK;
    (void)fc_err_set(ret_err, cure, "store", "trouble");
    (void)fc_str_copy(fc_str_of(code), ret_err->code, sizeof(ret_err->code));
    return FC_FAIL;
}

static enum fc_rc attempt(void *arg, const struct fc_uuid *command_id, int32_t *ret_attempts,
                          struct fc_err *ret_err)
{
    (void)arg;
    (void)command_id;
    (void)ret_err;
    *ret_attempts = 1;
    return FC_OK;
}

static enum fc_rc forgive(void *arg, const struct fc_uuid *command_id, struct fc_err *ret_err)
{
    (void)arg;
    (void)command_id;
    (void)ret_err;
    return FC_OK;
}

static enum fc_rc put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    (void)arg;
    (void)message;
    (void)ret_err;
    return FC_OK;
}

static enum fc_rc wait(void *arg, struct fc_err *ret_err)
{
    (void)arg;
    (void)ret_err;
    return FC_OK;
}

static int setup(void **state)
{
    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    job = (struct command_job){
        .store = {NULL, load, decide, store, attempt, forgive},
        .announcer = {NULL, put, wait, wait},
        .family = WIRE_FAMILY_ORDER,
        .partitions = 1,
    };
    has_repeat = has_doubt = false;
    code = NULL;
    return 0;
}

/* A batch of one command. */
static void take(bool redelivered, int64_t delivery_count)
{
    struct job_port port = command_job_port(&job);
    char text[512];

    fc_arena_reset(&arena);
    batch = (struct batch){.arena = &arena};
    port.begin(port.arg, &batch);
    (void)snprintf(text, sizeof(text),
                   "{\"id\":\"" ID_FMT "\",\"type\":\"wallet.charge\",\"key\":\"user:7\","
                   "\"accepted_at\":\"2026-03-01T12:00:00.000001Z\",\"body\":{\"amount\":1}}",
                   (int)++next_id);
    port.take(port.arg, &batch,
              &(struct mq_delivery){.body = fc_str_of(text),
                                    .redelivered = redelivered,
                                    .delivery_count = delivery_count});
    assert_int_equal(job.slot_count, 1);
}

static enum fc_rc commit(struct fc_err *ret_err)
{
    struct job_port port = command_job_port(&job);

    tries = (struct tries){0};
    return port.commit(port.arg, &batch, ret_err);
}

/* Whether the batch that comes asks at once. */
static bool asks(bool repeats)
{
    struct fc_err err;

    has_repeat = repeats;
    take(false, 0);
    assert_int_equal(commit(&err), FC_OK);
    return tries.asked[0];
}

/* Batches without repeats until one hopes. */
static int32_t batches_that_ask(void)
{
    int32_t count = 0;

    while (asks(false))
        count++;
    return count;
}

static void test_a_first_delivery_hopes(void **state)
{
    (void)state;
    assert_false(asks(false));
    assert_int_equal(tries.count, 1);
    assert_int_equal(job.stats.hopes_lost, 0);
}

static void test_what_came_again_asks(void **state)
{
    struct fc_err err;

    (void)state;
    take(true, 0);
    assert_int_equal(commit(&err), FC_OK);
    assert_true(tries.asked[0]);
    take(false, 1);
    assert_int_equal(commit(&err), FC_OK);
    assert_true(tries.asked[0]);
    /* The next is another matter. */
    assert_false(asks(false));
}

static void test_one_that_came_again_makes_the_whole_batch_ask(void **state)
{
    struct job_port port = command_job_port(&job);
    struct fc_err err;

    (void)state;
    take(false, 0);
    port.take(port.arg, &batch,
              &(struct mq_delivery){.body = FC_STR("{"), .redelivered = true, .oversized = true});
    assert_int_equal(commit(&err), FC_OK);
    assert_true(tries.asked[0]);
}

static void test_what_is_careful_asks(void **state)
{
    struct fc_err err;

    (void)state;
    take(false, 0);
    batch.careful = true;
    assert_int_equal(commit(&err), FC_OK);
    assert_true(tries.asked[0]);
}

static void test_a_lost_hope_is_done_again_at_once_from_the_same_memory(void **state)
{
    (void)state;
    assert_false(asks(true));
    assert_int_equal(tries.count, 2);
    assert_true(tries.asked[1]);
    assert_false(tries.begun[1]); /* the refused transaction is rolled back */
    assert_false(tries.locked[1]);
    assert_int_equal(tries.used[1], tries.used[0]);
    assert_int_equal(job.stats.hopes_lost, 1);
    assert_int_equal(job.stats.conflicts, 0);
    assert_int_equal(job.stats.recalled, 1);
    assert_int_equal(job.stats.succeeded, 0);
}

static void test_a_doubt_is_settled_in_the_same_transaction(void **state)
{
    (void)state;
    has_doubt = true;
    assert_false(asks(false));
    assert_int_equal(tries.count, 2);
    assert_true(tries.asked[1]);
    assert_true(tries.begun[1]);
    assert_int_equal(tries.used[1], tries.used[0]);
    assert_int_equal(job.stats.hopes_lost, 1);
    assert_int_equal(job.stats.succeeded, 1);
}

/* Whatever else there is between the two, it is told as trouble, and the batch comes again. */
static void test_trouble_of_the_second_try_is_trouble(void **state)
{
    struct fc_err err;

    (void)state;
    code = "23505";
    cure = FC_CURE_RETRY;
    has_repeat = true;
    take(false, 0);
    assert_int_equal(commit(&err), FC_FAIL);
    assert_int_equal(tries.count, 2);
    assert_int_equal(job.stats.hopes_lost, 1);
    assert_int_equal(job.stats.conflicts, 1);
    assert_int_equal(commit(&err), FC_FAIL);
    assert_int_equal(tries.count, 1);
    assert_true(tries.asked[0]);
    assert_true(tries.locked[0]);
}

static void test_a_guard_that_refuses_a_hopeful_batch_leads_to_locks_and_asking(void **state)
{
    struct fc_err err;

    (void)state;
    code = "40001";
    cure = FC_CURE_RETRY;
    take(false, 0);
    assert_int_equal(commit(&err), FC_FAIL);
    assert_int_equal(tries.count, 1);
    assert_int_equal(job.stats.hopes_lost, 0);
    assert_int_equal(job.stats.conflicts, 1);
    code = NULL;
    assert_int_equal(commit(&err), FC_OK);
    assert_true(tries.asked[0]);
    assert_true(tries.locked[0]);
    /* It says nothing of clients. */
    assert_false(asks(false));
}

static void test_what_the_database_will_not_have_is_parked_only_behind_asking(void **state)
{
    struct fc_err err;

    (void)state;
    code = "22003";
    cure = FC_CURE_PARK;
    take(false, 0);
    assert_int_equal(commit(&err), FC_FAIL);
    assert_true(batch.careful);
    assert_int_equal(commit(&err), FC_FAIL);
    assert_true(tries.asked[0]);
    code = NULL;
    assert_int_equal(commit(&err), FC_OK);
    assert_int_equal(job.stats.parked, 1);
}

static void test_repeats_that_come_soon_are_asked_for_twice_as_long(void **state)
{
    (void)state;
    for (int32_t want = ASK_BATCHES_MIN; want <= ASK_BATCHES_MAX; want *= 2) {
        assert_false(asks(true));
        assert_int_equal(batches_that_ask(), want);
    }
    assert_false(asks(true));
    assert_int_equal(batches_that_ask(), ASK_BATCHES_MAX);
    assert_int_equal(job.stats.hopes_lost, 8);
}

static void test_a_repeat_after_a_long_time_is_as_the_first(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        assert_false(asks(true));
        (void)batches_that_ask();
    }
    for (int i = 0; i < ASK_BATCHES_MAX; i++)
        assert_false(asks(false));
    assert_false(asks(true));
    assert_int_equal(batches_that_ask(), ASK_BATCHES_MIN);
}

/* As long as they come none is lost. */
static void test_a_repeat_that_was_asked_for_keeps_the_batches_asking(void **state)
{
    (void)state;
    assert_false(asks(true));
    for (int i = 0; i < 100; i++) {
        for (int k = 1; k < ASK_BATCHES_MIN; k++)
            assert_true(asks(false));
        assert_true(asks(true));
    }
    assert_int_equal(job.stats.hopes_lost, 1);
    assert_int_equal(batches_that_ask(), ASK_BATCHES_MIN);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_first_delivery_hopes),
        TEST(test_what_came_again_asks),
        TEST(test_one_that_came_again_makes_the_whole_batch_ask),
        TEST(test_what_is_careful_asks),
        TEST(test_a_lost_hope_is_done_again_at_once_from_the_same_memory),
        TEST(test_a_doubt_is_settled_in_the_same_transaction),
        TEST(test_trouble_of_the_second_try_is_trouble),
        TEST(test_a_guard_that_refuses_a_hopeful_batch_leads_to_locks_and_asking),
        TEST(test_what_the_database_will_not_have_is_parked_only_behind_asking),
        TEST(test_repeats_that_come_soon_are_asked_for_twice_as_long),
        TEST(test_a_repeat_after_a_long_time_is_as_the_first),
        TEST(test_a_repeat_that_was_asked_for_keeps_the_batches_asking),
    };

    return cmocka_run_group_tests_name("command job, hopes", tests, NULL, NULL);
}
