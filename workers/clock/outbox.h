/*
 * Commands to be sent, in the order in which they were put, cut into messages: of one queue, at
 * most MESSAGE_COMMANDS_MAX commands and about MESSAGE_BYTES_SOFT_MAX bytes each. Memory is the
 * arena's. Pure.
 */
#ifndef FC_CLOCK_OUTBOX_H
#define FC_CLOCK_OUTBOX_H

#include "base/arena.h"
#include "wire/command.h"

struct outbox_item {
    struct fc_str json;
    enum wire_family family;
    int32_t partition;
    bool cut; /* into a message */
};

struct outbox {
    struct fc_arena *arena;
    int32_t partitions;
    struct outbox_item *items;
    int32_t count;
    int32_t count_max;
    int32_t first; /* that is not cut yet */
};

/* Room for `count_max` commands; the arena must hold them (asserted). */
void outbox_init(struct outbox *outbox, struct fc_arena *arena, int32_t partitions,
                 int32_t count_max);

void outbox_put(struct outbox *outbox, const struct wire_command *command);

/* The next message: its queue, and its bytes, which live as long as the arena. False when none is
 * left. */
bool outbox_cut(struct outbox *outbox, char ret_queue[WIRE_QUEUE_TEXT_MAX],
                struct fc_str *ret_message);

#endif
