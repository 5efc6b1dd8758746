#include "payment/settlement.h"

#include "base/assert.h"
#include "mq/topology.h"
#include "wire/command.h"
#include "wire/route.h"

/* Beyond the indices of events, whose ids are made in the same way. */
#define SETTLEMENT_INDEX 0x80000000u

struct fc_uuid settlement_id(const struct fc_uuid *order_id, enum payment_outcome outcome)
{
    return fc_uuid_event(order_id, SETTLEMENT_INDEX + (uint32_t)outcome);
}

enum fc_rc settlement_put(const struct settlement *settlement, int32_t partitions,
                          const struct announce_port *announcer, struct fc_arena *arena,
                          struct fc_err *ret_err)
{
    const struct wire_payment_event *event = settlement->event;
    size_t mark = fc_arena_mark(arena);
    char key[ROUTE_KEY_BYTES_MAX];
    struct fc_buf key_buf = fc_buf_of(key, sizeof(key));
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct wire_command command = {
        .command = {.id = settlement_id(&event->order_id, settlement->outcome),
                    .type = COMMAND_PAYMENT_SETTLE,
                    .key = event->key,
                    .accepted_at = settlement->at},
        .traceparent = event->traceparent,
    };

    command.command.body.payment_settle =
        (struct payment_settle){event->order_id, settlement->outcome, settlement->payment_id};
    wire_command_key_put(&key_buf, event->key);
    FC_ASSERT(!key_buf.overflow);
    command.key = fc_buf_str(&key_buf);
    wire_route_queue(WIRE_FAMILY_ORDER, wire_route_partition(command.key, partitions), queue);

    struct mq_message message = {.exchange = FC_STR(MQ_EXCHANGE_COMMANDS),
                                 .routing_key = fc_str_of(queue),
                                 .type = FC_STR("firstcome.commands.v1")};
    struct fc_buf buf = fc_arena_buf_begin(arena);

    wire_body_put(&buf, &command.command);
    bool fits = fc_arena_buf_end(arena, &buf, &command.body);

    FC_ASSERT(fits);
    buf = fc_arena_buf_begin(arena);
    wire_command_put(&buf, &command);
    fits = fc_arena_buf_end(arena, &buf, &message.body);
    FC_ASSERT(fits);
    enum fc_rc rc = announcer->put(announcer->arg, &message, ret_err);

    fc_arena_rewind(arena, mark);
    return rc;
}
