#include "producer/batch.h"

#include "base/assert.h"

static void batch_reset(struct batch *batch)
{
    for (int32_t i = 0; i < batch->queue_count; i++)
        batch->first[batch->queues[i]] = -1;
    batch->used = 0;
    batch->item_count = 0;
    batch->queue_count = 0;
    batch->queue_at = 0;
}

void batch_init(struct batch *batch, void *bytes, size_t size, struct batch_item *items,
                int32_t item_count_max)
{
    batch->bytes = bytes;
    batch->size = size;
    batch->items = items;
    batch->item_count_max = item_count_max;
    for (int32_t queue = 0; queue < BATCH_QUEUES_MAX; queue++)
        batch->first[queue] = -1;
    batch->queue_count = 0;
    batch_reset(batch);
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
    batch->items[index] = (struct batch_item){batch->used, written->len, -1, weight, owner};
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

/* How many of a queue's items, from `index` on, go into one message. */
static int32_t count_that_fit(const struct batch *batch, int32_t index)
{
    int32_t count = 0;
    int32_t weight = 0;
    size_t bytes = 0;

    while (index >= 0) {
        const struct batch_item *item = &batch->items[index];

        if (count > 0 && (bytes + item->len > MESSAGE_BYTES_SOFT_MAX ||
                          weight + item->weight > MESSAGE_COMMANDS_MAX))
            break;
        bytes += item->len;
        weight += item->weight;
        count++;
        index = item->next;
    }
    return count;
}

bool batch_cut(struct batch *batch, struct fc_buf *message, struct batch_cut *ret_cut)
{
    while (batch->queue_at < batch->queue_count && batch->first[batch->queues[batch->queue_at]] < 0)
        batch->queue_at++;
    if (batch->queue_at == batch->queue_count) {
        batch_reset(batch);
        return false;
    }
    int32_t queue = batch->queues[batch->queue_at];
    int32_t index = batch->first[queue];
    int32_t count = count_that_fit(batch, index);

    *ret_cut = (struct batch_cut){queue, index, count};
    if (count > 1)
        fc_buf_put_char(message, '[');
    for (int32_t i = 0; i < count; i++) {
        const struct batch_item *item = &batch->items[index];

        if (i > 0)
            fc_buf_put_char(message, ',');
        fc_buf_put(message, (struct fc_str){batch->bytes + item->at, item->len});
        index = item->next;
    }
    if (count > 1)
        fc_buf_put_char(message, ']');
    batch->first[queue] = index;
    FC_ASSERT(!message->overflow);
    return true;
}
