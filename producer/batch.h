/*
 * Commands that are to be published, grouped by the queue they go to, in the order in which they
 * came; cut into messages of at most MESSAGE_COMMANDS_MAX commands and about
 * MESSAGE_BYTES_SOFT_MAX bytes. A queue may be held: its commands then stay and gather until there
 * are enough of them for a whole message or it is let go (Nagle's rule, RFC 896, with messages for
 * segments). Memory is the caller's. Pure.
 */
#ifndef FC_PRODUCER_BATCH_H
#define FC_PRODUCER_BATCH_H

#include "base/limits.h"
#include "base/str.h"

#define BATCH_QUEUES_MAX (2 * PARTITIONS_MAX)

struct batch_item {
    size_t at; /* of its bytes */
    size_t len;
    int32_t next; /* of the same queue, or -1 */
    int32_t queue;
    int32_t weight;
    bool gone; /* cut off: its bytes are free */
    void *owner;
};

struct batch {
    char *bytes;
    size_t size;
    size_t used;
    size_t gone; /* of the used bytes, those that were cut off */
    struct batch_item *items;
    int32_t item_count;
    int32_t item_count_max;
    int32_t gone_count;
    bool held[BATCH_QUEUES_MAX];
    bool all_held;
    int32_t first[BATCH_QUEUES_MAX]; /* of a queue: what is not yet cut off, or -1 */
    int32_t last[BATCH_QUEUES_MAX];
    int32_t queues[BATCH_QUEUES_MAX]; /* those that have some, in the order of their first */
    int32_t queue_count;
    int32_t queue_at; /* the one that is being cut */
};

/* One message that was cut off: items first … following `next`, `count` of them. */
struct batch_cut {
    int32_t queue;
    int32_t first;
    int32_t count;
};

void batch_init(struct batch *batch, void *bytes, size_t size, struct batch_item *items,
                int32_t item_count_max);

/* Writes a command where it will stay; nothing else is put until batch_put has taken it. */
struct fc_buf batch_writer(const struct batch *batch);

/* Takes what was written for `queue`, counted as `weight` commands. False when it overflowed or
 * there are too many items: nothing was taken then. A sixteenth of both may be taken by what was
 * cut off while other commands wait. */
FC_MUST_USE bool batch_put(struct batch *batch, int32_t queue, const struct fc_buf *written,
                           int32_t weight, void *owner);

/* Bytes of the commands that wait. */
size_t batch_waiting(const struct batch *batch);

/* Holds a queue, or lets it go; and all of them at once, each besides. */
void batch_hold(struct batch *batch, int32_t queue, bool held);
void batch_hold_all(struct batch *batch, bool held);

/* Cuts the next message off and writes its bytes: the command itself, or an array of them. False
 * when nothing is left but what is held; cuts that were returned before, and the memory of their
 * items, are over then. `message` must hold MESSAGE_BYTES_MAX. */
bool batch_cut(struct batch *batch, struct fc_buf *message, struct batch_cut *ret_cut);

#endif
