#include "producer/batch.h"

#include "base/assert.h"

#include <string.h>

void batch_init(struct batch *batch, void *bytes, size_t size, struct batch_item *items,
                int32_t item_count_max)
{
    *batch = (struct batch){
        .bytes = bytes, .size = size, .items = items, .item_count_max = item_count_max};
    for (int32_t queue = 0; queue < BATCH_QUEUES_MAX; queue++)
        batch->first[queue] = -1;
}

struct fc_buf batch_writer(const struct batch *batch)
{
    return fc_buf_of(batch->bytes + batch->used, batch->size - batch->used);
}

bool batch_put(struct batch *batch, int32_t queue, const struct fc_buf *written, int32_t weight,
               void *owner)
{
    int32_t index = batch->item_count;

    FC_ASSERT(queue >= 0 && queue < BATCH_QUEUES_MAX);
    FC_ASSERT(written->ptr == batch->bytes + batch->used);
    if (written->overflow || index == batch->item_count_max)
        return false;
    batch->items[index] = (struct batch_item){.at = batch->used,
                                              .len = written->len,
                                              .next = -1,
                                              .queue = queue,
                                              .weight = weight,
                                              .owner = owner};
    if (batch->first[queue] < 0) {
        batch->first[queue] = index;
        batch->queues[batch->queue_count++] = queue;
    } else {
        batch->items[batch->last[queue]].next = index;
    }
    batch->last[queue] = index;
    batch->used += written->len;
    batch->item_count++;
    return true;
}

/* How many of a queue's items, from `index` on, go into one message; *ret_whole: more of them would
 * not fit. */
static int32_t count_that_fit(const struct batch *batch, int32_t index, bool *ret_whole)
{
    int32_t count = 0;
    int32_t weight = 0;
    size_t bytes = 0;

    *ret_whole = false;
    while (index >= 0 && !*ret_whole) {
        const struct batch_item *item = &batch->items[index];

        if (count > 0 && (bytes + item->len > MESSAGE_BYTES_SOFT_MAX ||
                          weight + item->weight > MESSAGE_COMMANDS_MAX)) {
            *ret_whole = true;
        } else {
            bytes += item->len;
            weight += item->weight;
            count++;
            index = item->next;
        }
    }
    return count;
}

size_t batch_waiting(const struct batch *batch)
{
    return batch->used - batch->gone;
}

void batch_hold(struct batch *batch, int32_t queue, bool held)
{
    batch->held[queue] = held;
}

void batch_hold_all(struct batch *batch, bool held)
{
    batch->all_held = held;
}

/* The queues that have some, from the first on. */
static void keep_queues(struct batch *batch)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < batch->queue_count; i++)
        if (batch->first[batch->queues[i]] >= 0)
            batch->queues[kept++] = batch->queues[i];
    batch->queue_count = kept;
    batch->queue_at = 0;
}

/* Moves what waits to the front, where what was cut off lay. Items of a queue stand in the order of
 * their places, and so do all bytes: each moves down. */
static void compact(struct batch *batch)
{
    int32_t kept = 0;
    size_t used = 0;

    for (int32_t i = 0; i < batch->item_count; i++) {
        struct batch_item item = batch->items[i];

        if (item.gone)
            continue;
        memmove(batch->bytes + used, batch->bytes + item.at, item.len);
        item.at = used;
        used += item.len;
        if (batch->first[item.queue] == i)
            batch->first[item.queue] = kept;
        else
            batch->items[batch->last[item.queue]].next = kept;
        batch->last[item.queue] = kept;
        batch->items[kept++] = item;
    }
    batch->item_count = kept;
    batch->used = used;
    batch->gone_count = 0;
    batch->gone = 0;
}

/* Nothing can be cut off any more. Often that is nothing at all, and moves nothing. */
static void end_cutting(struct batch *batch)
{
    keep_queues(batch);
    if (batch->queue_count == 0 || batch->gone > batch->size / 16 ||
        batch->gone_count > batch->item_count_max / 16)
        compact(batch);
}

/* The next queue of which something may be cut off, or -1. */
static int32_t next_queue(struct batch *batch, int32_t *ret_count)
{
    for (; batch->queue_at < batch->queue_count; batch->queue_at++) {
        int32_t queue = batch->queues[batch->queue_at];
        bool whole;

        *ret_count = count_that_fit(batch, batch->first[queue], &whole);
        if (*ret_count > 0 && (whole || !(batch->held[queue] || batch->all_held)))
            return queue;
    }
    return -1;
}

bool batch_cut(struct batch *batch, struct fc_buf *message, struct batch_cut *ret_cut)
{
    int32_t count;
    int32_t queue = next_queue(batch, &count);

    if (queue < 0) {
        end_cutting(batch);
        return false;
    }
    int32_t index = batch->first[queue];

    *ret_cut = (struct batch_cut){queue, index, count};
    if (count > 1)
        fc_buf_put_char(message, '[');
    for (int32_t i = 0; i < count; i++) {
        struct batch_item *item = &batch->items[index];

        if (i > 0)
            fc_buf_put_char(message, ',');
        fc_buf_put(message, (struct fc_str){batch->bytes + item->at, item->len});
        item->gone = true;
        batch->gone += item->len;
        batch->gone_count++;
        index = item->next;
    }
    if (count > 1)
        fc_buf_put_char(message, ']');
    batch->first[queue] = index;
    FC_ASSERT(!message->overflow);
    return true;
}
