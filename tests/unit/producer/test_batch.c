#include "support/expect.h"

#include "producer/batch.h"

#include <stdlib.h>
#include <string.h>

#define ITEMS_MAX 600
#define QUEUES 5

static int owners[ITEMS_MAX];

struct fixture {
    struct batch batch;
    struct batch_item items[ITEMS_MAX];
    char *bytes;
    char *message;
    int32_t weight;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    fixture->bytes = malloc(MESSAGE_BYTES_MAX);
    fixture->message = malloc(MESSAGE_BYTES_MAX);
    fixture->weight = 1;
    batch_init(&fixture->batch, fixture->bytes, MESSAGE_BYTES_MAX, fixture->items, ITEMS_MAX);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    free(fixture->bytes);
    free(fixture->message);
    free(fixture);
    return 0;
}

static bool put(struct fixture *fixture, int32_t queue, const char *text, int32_t owner)
{
    struct fc_buf buf = batch_writer(&fixture->batch);

    fc_buf_put_text(&buf, text);
    return batch_put(&fixture->batch, queue, &buf, fixture->weight, &owners[owner]);
}

/* The next message; its text is NUL-terminated in fixture->message. */
static bool cut(struct fixture *fixture, struct batch_cut *ret_cut)
{
    struct fc_buf buf = fc_buf_of(fixture->message, MESSAGE_BYTES_MAX - 1);
    bool more = batch_cut(&fixture->batch, &buf, ret_cut);

    fixture->message[buf.len] = '\0';
    return more;
}

static int32_t owner_at(const struct fixture *fixture, const struct batch_cut *cut, int32_t index)
{
    int32_t item = cut->first;

    while (index-- > 0)
        item = fixture->items[item].next;
    return (int32_t)((int *)fixture->items[item].owner - owners);
}

static void test_batch_one_command_travels_as_itself(void **state)
{
    struct fixture *fixture = *state;
    struct batch_cut message;

    assert_true(put(fixture, 3, "{\"a\":1}", 0));
    assert_true(cut(fixture, &message));
    assert_string_equal(fixture->message, "{\"a\":1}");
    assert_int_equal(message.queue, 3);
    assert_int_equal(message.count, 1);
    assert_false(cut(fixture, &message));
    assert_int_equal(fixture->batch.used, 0);
}

static void test_batch_commands_of_one_queue_travel_together_in_order(void **state)
{
    struct fixture *fixture = *state;
    struct batch_cut message;

    assert_true(put(fixture, 3, "1", 0));
    assert_true(put(fixture, 300, "2", 1));
    assert_true(put(fixture, 3, "3", 2));
    assert_true(put(fixture, 3, "4", 3));
    assert_true(cut(fixture, &message));
    assert_string_equal(fixture->message, "[1,3,4]");
    assert_int_equal(message.count, 3);
    assert_int_equal(owner_at(fixture, &message, 0), 0);
    assert_int_equal(owner_at(fixture, &message, 2), 3);
    assert_true(cut(fixture, &message));
    assert_string_equal(fixture->message, "2");
    assert_int_equal(message.queue, 300);
    assert_false(cut(fixture, &message));
    /* Empty again: nothing of the old turn comes back. */
    assert_true(put(fixture, 300, "5", 4));
    assert_true(cut(fixture, &message));
    assert_string_equal(fixture->message, "5");
    assert_false(cut(fixture, &message));
}

static void test_batch_message_counts_heavy_commands_as_several(void **state)
{
    const int32_t fit = MESSAGE_COMMANDS_MAX / COMMAND_WEIGHT_ON_ORDER;
    struct fixture *fixture = *state;
    struct batch_cut message;

    fixture->weight = COMMAND_WEIGHT_ON_ORDER;
    for (int32_t i = 0; i < fit; i++)
        assert_true(put(fixture, 0, "0", i));
    fixture->weight = 1;
    assert_true(put(fixture, 0, "0", fit));
    assert_true(cut(fixture, &message));
    assert_int_equal(message.count, fit);
    assert_true(cut(fixture, &message));
    assert_int_equal(message.count, 1);
    assert_false(cut(fixture, &message));
}

static void test_batch_message_holds_no_more_commands_than_the_contract_allows(void **state)
{
    struct fixture *fixture = *state;
    struct batch_cut message;
    int32_t seen = 0;

    for (int32_t i = 0; i < 2 * MESSAGE_COMMANDS_MAX + 1; i++)
        assert_true(put(fixture, 0, "0", i));
    assert_true(cut(fixture, &message));
    assert_int_equal(message.count, MESSAGE_COMMANDS_MAX);
    seen += message.count;
    assert_true(cut(fixture, &message));
    assert_int_equal(message.count, MESSAGE_COMMANDS_MAX);
    assert_int_equal(owner_at(fixture, &message, 0), seen);
    assert_true(cut(fixture, &message));
    assert_int_equal(message.count, 1);
    assert_string_equal(fixture->message, "0");
    assert_false(cut(fixture, &message));
}

static void test_batch_message_ends_before_it_grows_too_long(void **state)
{
    struct fixture *fixture = *state;
    struct batch_cut message;
    char *text = malloc(MESSAGE_BYTES_SOFT_MAX + 2);

    memset(text, 'x', MESSAGE_BYTES_SOFT_MAX + 1);
    text[MESSAGE_BYTES_SOFT_MAX + 1] = '\0';
    assert_true(put(fixture, 0, text + 2, 0)); /* one byte below the bound */
    assert_true(put(fixture, 0, "y", 1));      /* exactly the bound */
    assert_true(put(fixture, 0, "z", 2));
    assert_true(put(fixture, 0, text, 3)); /* alone, however long */
    assert_true(cut(fixture, &message));
    assert_int_equal(message.count, 2);
    assert_true(cut(fixture, &message));
    assert_int_equal(message.count, 1);
    assert_true(cut(fixture, &message));
    assert_int_equal(message.count, 1);
    assert_int_equal(owner_at(fixture, &message, 0), 3);
    assert_false(cut(fixture, &message));
    free(text);
}

static void test_batch_refuses_what_does_not_fit_and_keeps_the_rest(void **state)
{
    struct fixture *fixture = *state;
    struct batch_cut message;

    batch_init(&fixture->batch, fixture->bytes, 4, fixture->items, 2);
    assert_true(put(fixture, 0, "ab", 0));
    assert_false(put(fixture, 0, "cde", 1));
    assert_true(put(fixture, 0, "f", 2));
    assert_false(put(fixture, 0, "g", 3)); /* as many items as it was made for */
    assert_true(cut(fixture, &message));
    assert_string_equal(fixture->message, "[ab,f]");
    assert_false(cut(fixture, &message));
}

static void test_batch_a_held_queue_gathers_until_it_is_let_go(void **state)
{
    struct fixture *fixture = *state;
    struct batch_cut message;

    batch_hold(&fixture->batch, 3, true);
    assert_true(put(fixture, 3, "1", 0));
    assert_true(put(fixture, 4, "2", 1));
    assert_true(cut(fixture, &message));
    assert_string_equal(fixture->message, "2");
    assert_false(cut(fixture, &message));
    assert_int_equal(batch_waiting(&fixture->batch), 1);
    assert_true(put(fixture, 3, "3", 2));
    assert_false(cut(fixture, &message));
    batch_hold(&fixture->batch, 3, false);
    assert_true(cut(fixture, &message));
    assert_string_equal(fixture->message, "[1,3]");
    assert_int_equal(owner_at(fixture, &message, 1), 2);
    assert_false(cut(fixture, &message));
    assert_int_equal(batch_waiting(&fixture->batch), 0);
}

static void test_batch_a_whole_message_leaves_a_held_queue(void **state)
{
    struct fixture *fixture = *state;
    struct batch_cut message;

    batch_hold(&fixture->batch, 0, true);
    for (int32_t i = 0; i < MESSAGE_COMMANDS_MAX; i++)
        assert_true(put(fixture, 0, "0", i));
    assert_false(cut(fixture, &message)); /* one more might come into it */
    assert_true(put(fixture, 0, "0", MESSAGE_COMMANDS_MAX));
    assert_true(cut(fixture, &message));
    assert_int_equal(message.count, MESSAGE_COMMANDS_MAX);
    assert_false(cut(fixture, &message));
    assert_int_equal(batch_waiting(&fixture->batch), 1);
}

/* Marsaglia, Xorshift RNGs (2003). */
static uint64_t next_chance(uint64_t *chance)
{
    *chance ^= *chance << 13;
    *chance ^= *chance >> 7;
    *chance ^= *chance << 17;
    return *chance;
}

/* What the message says, against what was put. */
static void check_numbers(struct fixture *fixture, const struct batch_cut *message, int32_t *wanted)
{
    struct fc_str rest = fc_str_of(fixture->message);

    if (message->count > 1)
        rest = (struct fc_str){rest.ptr + 1, rest.len - 2};
    for (int32_t i = 0; i < message->count; i++) {
        int64_t number;

        assert_true(fc_str_to_i64(fc_str_cut(&rest, ','), 0, INT32_MAX, &number));
        assert_int_equal(number, wanted[message->queue]++);
        assert_int_equal(owner_at(fixture, message, i), message->queue);
    }
    assert_int_equal(rest.len, 0);
}

/* Queues held and let go at random, some always with something in them, so that memory is used
 * again and again: nothing is lost, nothing told twice, each queue in its order. */
static void test_batch_keeps_the_order_of_each_queue_while_memory_moves(void **state)
{
    struct fixture *fixture = *state;
    int32_t put_count[QUEUES] = {0};
    int32_t wanted[QUEUES] = {0};
    struct batch_cut message;
    uint64_t chance = 7;

    batch_init(&fixture->batch, fixture->bytes, 2000, fixture->items, 320);
    for (int32_t turn = 0; turn < 20000; turn++) {
        int32_t queue = (int32_t)(next_chance(&chance) % QUEUES);
        char text[32];
        struct fc_buf buf = fc_buf_of(text, sizeof(text) - 1);

        fc_buf_put_fmt(&buf, "%d", put_count[queue]);
        text[buf.len] = '\0';
        if (put(fixture, queue, text, queue))
            put_count[queue]++;
        queue = (int32_t)(next_chance(&chance) % QUEUES);
        batch_hold(&fixture->batch, queue, next_chance(&chance) % 8 != 0);
        if (next_chance(&chance) % 4 == 0)
            while (cut(fixture, &message))
                check_numbers(fixture, &message, wanted);
    }
    for (int32_t queue = 0; queue < QUEUES; queue++)
        batch_hold(&fixture->batch, queue, false);
    while (cut(fixture, &message))
        check_numbers(fixture, &message, wanted);
    for (int32_t queue = 0; queue < QUEUES; queue++) {
        assert_true(put_count[queue] > 1000);
        assert_int_equal(wanted[queue], put_count[queue]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_batch_one_command_travels_as_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(test_batch_commands_of_one_queue_travel_together_in_order,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_batch_message_counts_heavy_commands_as_several, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_batch_message_holds_no_more_commands_than_the_contract_allows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_batch_message_ends_before_it_grows_too_long, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_batch_refuses_what_does_not_fit_and_keeps_the_rest,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_batch_a_held_queue_gathers_until_it_is_let_go, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_batch_a_whole_message_leaves_a_held_queue, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_batch_keeps_the_order_of_each_queue_while_memory_moves,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
