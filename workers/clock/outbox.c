#include "clock/outbox.h"

#include "base/assert.h"
#include "base/limits.h"

void outbox_init(struct outbox *outbox, struct fc_arena *arena, int32_t partitions,
                 int32_t count_max)
{
    *outbox = (struct outbox){.arena = arena, .partitions = partitions, .count_max = count_max};
    outbox->items = fc_arena_take(arena, (size_t)count_max, sizeof(*outbox->items));
    FC_ASSERT(outbox->items != NULL);
}

void outbox_put(struct outbox *outbox, const struct wire_command *command)
{
    struct fc_buf buf = fc_arena_buf_begin(outbox->arena);
    struct outbox_item *item = &outbox->items[outbox->count];

    FC_ASSERT(outbox->count < outbox->count_max);
    wire_command_put(&buf, command);
    item->family = wire_command_family(command->command.type);
    item->partition = wire_route_partition(command->key, outbox->partitions);
    if (!fc_arena_buf_end(outbox->arena, &buf, &item->json))
        FC_UNREACHABLE("the arena holds what is put at one time");
    outbox->count++;
}

static bool same_queue(const struct outbox_item *a, const struct outbox_item *b)
{
    return a->family == b->family && a->partition == b->partition;
}

bool outbox_cut(struct outbox *outbox, char ret_queue[WIRE_QUEUE_TEXT_MAX],
                struct fc_str *ret_message)
{
    struct fc_buf buf;
    int32_t count = 0;

    while (outbox->first < outbox->count && outbox->items[outbox->first].cut)
        outbox->first++;
    if (outbox->first == outbox->count)
        return false;
    const struct outbox_item *first = &outbox->items[outbox->first];

    buf = fc_arena_buf_begin(outbox->arena);
    for (int32_t i = outbox->first; i < outbox->count; i++) {
        struct outbox_item *item = &outbox->items[i];

        if (item->cut || !same_queue(item, first))
            continue;
        if (count == MESSAGE_COMMANDS_MAX ||
            (count > 0 && buf.len + item->json.len + 2 > MESSAGE_BYTES_SOFT_MAX))
            break;
        fc_buf_put_char(&buf, count == 0 ? '[' : ',');
        fc_buf_put(&buf, item->json);
        item->cut = true;
        count++;
    }
    fc_buf_put_char(&buf, ']');
    wire_route_queue(first->family, first->partition, ret_queue);
    if (!fc_arena_buf_end(outbox->arena, &buf, ret_message))
        FC_UNREACHABLE("the arena holds what is put at one time, twice");
    return true;
}
