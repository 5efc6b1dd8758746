/*
 * The settlement as a command of the contract: the order worker's own parser takes it.
 */
#include "support/expect.h"

#include "payment/settlement.h"
#include "wire/command.h"

#include <string.h>

#define TRACE "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

static char memory[262144];
static struct fc_arena arena;
static char exchange[64];
static char routing_key[64];
static char type[64];
static char body[4096];
static enum fc_rc outcome;

static enum fc_rc put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    (void)arg;
    assert_true(fc_str_copy(message->exchange, exchange, sizeof(exchange)));
    assert_true(fc_str_copy(message->routing_key, routing_key, sizeof(routing_key)));
    assert_true(fc_str_copy(message->type, type, sizeof(type)));
    assert_true(fc_str_copy(message->body, body, sizeof(body)));
    assert_false(message->transient);
    return outcome == FC_OK ? FC_OK : fc_err_set(ret_err, FC_CURE_RETRY, "test", "full");
}

static enum fc_rc wait_none(void *arg, struct fc_err *ret_err)
{
    (void)arg;
    (void)ret_err;
    return FC_OK;
}

static const struct announce_port announcer = {NULL, put, wait_none, wait_none};

static int begin(void **state)
{
    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    outcome = FC_OK;
    return 0;
}

static struct wire_payment_event event_of(struct command_key key)
{
    struct wire_payment_event event = {.user_id = 7, .placed = true, .key = key};

    assert_true(fc_uuid_parse(FC_STR("0192f3a4-5b6c-8d7e-8f90-a1b2c3d4e5f6"), &event.order_id));
    return event;
}

static struct wire_command tell(const struct settlement *settlement)
{
    struct wire_message message;
    struct fc_err err;
    size_t mark = fc_arena_mark(&arena);

    assert_int_equal(settlement_put(settlement, 16, &announcer, &arena, &err), FC_OK);
    assert_int_equal(fc_arena_mark(&arena), mark);
    assert_true(wire_message_parse(fc_str_of(body), &arena, &message));
    assert_int_equal(message.reject_count, 0);
    assert_int_equal(message.command_count, 1);
    return message.commands[0];
}

static void test_settlement_stands_in_line_where_its_order_stood(void **state)
{
    struct wire_payment_event event = event_of((struct command_key){COMMAND_KEY_PRODUCT, 3});
    char queue[WIRE_QUEUE_TEXT_MAX];

    (void)state;
    event.traceparent = FC_STR(TRACE);
    struct wire_command command =
        tell(&(struct settlement){&event, PAYMENT_APPROVED, FC_STR("pay-1"), {1700000000000000}});

    wire_route_queue(WIRE_FAMILY_ORDER, wire_route_partition(FC_STR("product:3"), 16), queue);
    assert_string_equal(exchange, "firstcome.commands");
    assert_string_equal(routing_key, queue);
    assert_string_equal(type, "firstcome.commands.v1");
    assert_int_equal(command.command.type, COMMAND_PAYMENT_SETTLE);
    assert_str_equal(command.key, "product:3");
    assert_int_equal(command.command.accepted_at.us, 1700000000000000);
    assert_str_equal(command.traceparent, TRACE);
    assert_true(fc_uuid_eq(&command.command.body.payment_settle.order_id, &event.order_id));
    assert_str_equal(command.command.body.payment_settle.payment_id, "pay-1");
}

static void test_settlement_says_each_outcome(void **state)
{
    struct wire_payment_event event = event_of((struct command_key){COMMAND_KEY_USER, 7});

    (void)state;
    for (int i = PAYMENT_APPROVED; i <= PAYMENT_TIMED_OUT; i++) {
        struct wire_command command =
            tell(&(struct settlement){&event, (enum payment_outcome)i, FC_STR_NONE, {0}});

        assert_int_equal(command.command.body.payment_settle.outcome, i);
        assert_int_equal(command.command.body.payment_settle.payment_id.len, 0);
    }
}

static void test_settlement_repeat_has_the_same_id_another_outcome_another(void **state)
{
    struct wire_payment_event event = event_of((struct command_key){COMMAND_KEY_USER, 7});
    struct fc_uuid ids[3];

    (void)state;
    for (int i = PAYMENT_APPROVED; i <= PAYMENT_TIMED_OUT; i++) {
        ids[i] = settlement_id(&event.order_id, (enum payment_outcome)i);
        struct wire_command command = tell(
            &(struct settlement){&event, (enum payment_outcome)i, FC_STR("x"), {1000000LL * i}});

        assert_true(fc_uuid_eq(&command.command.id, &ids[i]));
        assert_false(fc_uuid_eq(&ids[i], &event.order_id));
    }
    assert_false(fc_uuid_eq(&ids[0], &ids[1]));
    assert_false(fc_uuid_eq(&ids[1], &ids[2]));
    assert_false(fc_uuid_eq(&ids[0], &ids[2]));
}

static void test_settlement_that_cannot_be_published_is_trouble(void **state)
{
    struct wire_payment_event event = event_of((struct command_key){COMMAND_KEY_USER, 7});
    const struct settlement settlement = {&event, PAYMENT_DECLINED, FC_STR_NONE, {0}};
    size_t mark = fc_arena_mark(&arena);
    struct fc_err err;

    (void)state;
    outcome = FC_FAIL;
    assert_int_equal(settlement_put(&settlement, 16, &announcer, &arena, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RETRY);
    assert_int_equal(fc_arena_mark(&arena), mark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_settlement_stands_in_line_where_its_order_stood, begin),
        cmocka_unit_test_setup(test_settlement_says_each_outcome, begin),
        cmocka_unit_test_setup(test_settlement_repeat_has_the_same_id_another_outcome_another,
                               begin),
        cmocka_unit_test_setup(test_settlement_that_cannot_be_published_is_trouble, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
