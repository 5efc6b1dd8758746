/*
 * A message of commands as a worker gets it. Each of its commands is written and read again as the
 * same; all else is a reject; nothing of it is both, and nothing is lost on the way.
 */
#include "support/fuzz.h"

#include "wire/command.h"

static void check_command(const struct wire_command *command)
{
    struct fc_buf first = fuzz_buf();
    struct fc_buf second = fuzz_buf_other();
    struct wire_message again;

    FC_ASSERT(command->idempotency_key.len <= IDEMPOTENCY_KEY_BYTES_MAX);
    FC_ASSERT(command->reply_to.len <= REPLY_TO_BYTES_MAX);
    FC_ASSERT(command->traceparent.len == 0 || command->traceparent.len == TRACEPARENT_BYTES);
    FC_ASSERT(command->key.len <= ROUTE_KEY_BYTES_MAX);
    FC_ASSERT(wire_command_key_fits(command->command.type, command->command.key));
    FC_ASSERT(wire_command_weight(command->command.type) >= 1);
    wire_command_put(&first, command);
    FC_ASSERT(!first.overflow);
    FC_ASSERT(wire_message_parse(fc_buf_str(&first), fuzz_arena_other(), &again));
    FC_ASSERT(again.command_count == 1 && again.reject_count == 0);
    FC_ASSERT(fc_str_eq(again.commands[0].body, command->body));
    wire_command_put(&second, &again.commands[0]);
    FC_ASSERT(fc_str_eq(fc_buf_str(&first), fc_buf_str(&second)));
}

static void check_reject(const struct wire_reject *reject, struct fc_str bytes)
{
    FC_ASSERT(reject->reason.len > 0 && fc_str_is_utf8(reject->reason));
    FC_ASSERT(reject->bytes.len <= bytes.len);
    FC_ASSERT(reject->has_id || fc_uuid_is_zero(&reject->id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str bytes = fuzz_text(data, size);
    struct fc_arena *arena = fuzz_arena();
    struct wire_message message;

    FC_ASSERT(wire_message_parse(bytes, arena, &message));
    FC_ASSERT(message.command_count + message.reject_count >= 1);
    FC_ASSERT(message.command_count + message.reject_count <= MESSAGE_COMMANDS_MAX);
    for (int32_t i = 0; i < message.command_count; i++)
        check_command(&message.commands[i]);
    for (int32_t i = 0; i < message.reject_count; i++)
        check_reject(&message.rejects[i], bytes);
    struct fc_arena *narrow = fuzz_arena_narrow(arena->used_max > 16 ? arena->used_max - 16 : 0);
    bool fits = wire_message_parse(bytes, narrow, &message);

    fuzz_arena_narrow_end(fits);
    return 0;
}
