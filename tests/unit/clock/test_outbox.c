#include "clock/outbox.h"

#include "support/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES (16 * 1024 * 1024)
#define PARTITIONS 4
#define COMMANDS_MAX 5000

static struct fc_arena arena;
static struct outbox outbox;

static int begin(void **state)
{
    static void *memory;

    (void)state;
    if (memory == NULL)
        memory = malloc(ARENA_BYTES);
    assert_non_null(memory);
    fc_arena_init(&arena, memory, ARENA_BYTES);
    outbox_init(&outbox, &arena, PARTITIONS, COMMANDS_MAX);
    return 0;
}

/* An order.expire under that user's key, with as long a body as is asked for. */
static void put(int64_t user_id, uint32_t number, size_t body_bytes)
{
    char key[32];
    struct wire_command command = {.command = {.type = COMMAND_ORDER_EXPIRE}};
    static char body[MESSAGE_BYTES_SOFT_MAX + 1];

    assert_true(body_bytes <= sizeof(body));
    memset(body, '1', body_bytes);
    (void)snprintf(key, sizeof(key), "user:%lld", (long long)user_id);
    command.command.id = fc_uuid_named((struct fc_instant){0}, FC_STR("test"), number);
    command.key = fc_str_of(key);
    command.body = (struct fc_str){body, body_bytes};
    outbox_put(&outbox, &command);
}

/* How many commands stand in a message. */
static int32_t commands_of(struct fc_str message)
{
    int32_t count = 0;

    assert_true(message.len > 2);
    assert_int_equal(message.ptr[0], '[');
    assert_int_equal(message.ptr[message.len - 1], ']');
    for (size_t i = 0; i + 6 < message.len; i++)
        count += memcmp(message.ptr + i, "{\"id\":", 6) == 0;
    return count;
}

static void assert_holds(struct fc_str message, uint32_t number)
{
    char text[FC_UUID_TEXT_BYTES + 1] = "";
    struct fc_buf buf = fc_buf_of(text, FC_UUID_TEXT_BYTES);
    struct fc_uuid id = fc_uuid_named((struct fc_instant){0}, FC_STR("test"), number);

    fc_uuid_put(&buf, &id);
    assert_str_contains(message, text);
}

static void test_outbox_empty_has_no_message(void **state)
{
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct fc_str message;

    (void)state;
    assert_false(outbox_cut(&outbox, queue, &message));
}

/* user:1 and user:2 stand in different ones of four queues. */
static void test_outbox_commands_of_a_queue_travel_together_in_order(void **state)
{
    char queue[WIRE_QUEUE_TEXT_MAX];
    char expected[WIRE_QUEUE_TEXT_MAX];
    struct fc_str first;
    struct fc_str second;

    (void)state;
    put(1, 0, 1);
    put(2, 1, 1);
    put(1, 2, 1);
    assert_true(outbox_cut(&outbox, queue, &first));
    wire_route_queue(WIRE_FAMILY_ORDER, wire_route_partition(FC_STR("user:1"), PARTITIONS),
                     expected);
    assert_string_equal(queue, expected);
    assert_int_equal(commands_of(first), 2);
    assert_holds(first, 0);
    assert_holds((struct fc_str){first.ptr + first.len / 2, first.len - first.len / 2}, 2);
    assert_true(outbox_cut(&outbox, queue, &second));
    wire_route_queue(WIRE_FAMILY_ORDER, wire_route_partition(FC_STR("user:2"), PARTITIONS),
                     expected);
    assert_string_equal(queue, expected);
    assert_int_equal(commands_of(second), 1);
    assert_holds(second, 1);
    assert_false(outbox_cut(&outbox, queue, &second));
}

static void test_outbox_a_message_is_bounded_in_commands(void **state)
{
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct fc_str message;

    (void)state;
    for (uint32_t i = 0; i < MESSAGE_COMMANDS_MAX + 1; i++)
        put(1, i, 1);
    assert_true(outbox_cut(&outbox, queue, &message));
    assert_int_equal(commands_of(message), MESSAGE_COMMANDS_MAX);
    assert_true(outbox_cut(&outbox, queue, &message));
    assert_int_equal(commands_of(message), 1);
    assert_holds(message, MESSAGE_COMMANDS_MAX);
    assert_false(outbox_cut(&outbox, queue, &message));
}

static void test_outbox_a_message_is_bounded_in_bytes(void **state)
{
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct fc_str message;

    (void)state;
    for (uint32_t i = 0; i < 3; i++)
        put(1, i, MESSAGE_BYTES_SOFT_MAX / 2);
    for (int32_t i = 0; i < 3; i++) {
        assert_true(outbox_cut(&outbox, queue, &message));
        assert_int_equal(commands_of(message), 1);
        assert_true(message.len <= MESSAGE_BYTES_SOFT_MAX);
    }
    assert_false(outbox_cut(&outbox, queue, &message));
}

static void test_outbox_a_command_beyond_the_bound_goes_alone(void **state)
{
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct fc_str message;

    (void)state;
    put(1, 0, MESSAGE_BYTES_SOFT_MAX + 1);
    put(1, 1, 1);
    assert_true(outbox_cut(&outbox, queue, &message));
    assert_int_equal(commands_of(message), 1);
    assert_true(outbox_cut(&outbox, queue, &message));
    assert_holds(message, 1);
}

/* A whole page over all queues: each command stands in one message, once. */
static void test_outbox_nothing_is_lost_or_doubled(void **state)
{
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct fc_str message;
    int32_t count = 0;

    (void)state;
    for (uint32_t i = 0; i < COMMANDS_MAX; i++)
        put(1 + i * 7 % 101, i, 60);
    while (outbox_cut(&outbox, queue, &message))
        count += commands_of(message);
    assert_int_equal(count, COMMANDS_MAX);
    EXPECT_ASSERT(put(1, 0, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_outbox_empty_has_no_message, begin),
        cmocka_unit_test_setup(test_outbox_commands_of_a_queue_travel_together_in_order, begin),
        cmocka_unit_test_setup(test_outbox_a_message_is_bounded_in_commands, begin),
        cmocka_unit_test_setup(test_outbox_a_message_is_bounded_in_bytes, begin),
        cmocka_unit_test_setup(test_outbox_a_command_beyond_the_bound_goes_alone, begin),
        cmocka_unit_test_setup(test_outbox_nothing_is_lost_or_doubled, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
