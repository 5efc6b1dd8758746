/*
 * Goes over a message of announcements, a JSON array of events, and has those of some types read:
 * what the readers of wire/event.h have in common.
 */
#ifndef FC_WIRE_ANNOUNCED_H
#define FC_WIRE_ANNOUNCED_H

#include "wire/read.h"

/* Of "an order.paid", "a day.closed". */
#define ANNOUNCED_SPOILED(an_event) an_event " event of the message is not as the contract has it"

struct announced_type {
    const char *name;    /* order.paid */
    const char *spoiled; /* what is said of one that is not as the contract has it */
};

struct announced {
    const struct announced_type *types;
    int32_t type_count;
    size_t item_bytes;
    /* Reads an event of types[type] into zeroed memory, and adds faults. False when it is none that
     * the reader wants after all. */
    bool (*read)(struct wire_node *event, int32_t type, void *item);
};

/*
 * The items of the events that were kept, in order, in the arena. False when the bytes are no JSON
 * array of events, one of them is spoiled, or the arena is full, with the reason; the arena is
 * rewound then.
 */
FC_MUST_USE bool wire_announced_read(const struct announced *announced, struct fc_str bytes,
                                     struct fc_arena *arena, void **ret_items, int32_t *ret_count,
                                     const char **ret_reason);

#endif
