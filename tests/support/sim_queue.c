#include "support/sim_queue.h"

#include "base/assert.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

void sim_queue_publish(struct sim_queue *queue, struct fc_str bytes)
{
    if (queue->count == queue->count_max) {
        queue->count_max = queue->count_max == 0 ? 64 : queue->count_max * 2;
        queue->messages = realloc(queue->messages, /* heap: the simulated broker's own */
                                  (size_t)queue->count_max * sizeof(*queue->messages));
        FC_ASSERT(queue->messages != NULL);
    }
    struct sim_message *message = &queue->messages[queue->count++];

    message->bytes = malloc(bytes.len + 1); /* heap: the simulated broker's own */
    FC_ASSERT(message->bytes != NULL);
    memcpy(message->bytes, bytes.ptr, bytes.len);
    message->len = bytes.len;
    message->delivery_count = 0;
}

bool sim_queue_next(struct sim_queue *queue, int32_t source, struct mq_delivery *ret_delivery)
{
    int32_t at = queue->head + queue->delivered;

    if (at == queue->count || queue->delivered == MQ_PREFETCH)
        return false;
    const struct sim_message *message = &queue->messages[at];

    queue->delivered++;
    *ret_delivery = (struct mq_delivery){
        .source = source,
        .tag = (uint64_t)(at - queue->base + 1),
        .delivery_count = message->delivery_count,
        .redelivered = message->delivery_count > 0,
        .body = {message->bytes, message->len},
    };
    return true;
}

void sim_queue_ack(struct sim_queue *queue, uint64_t tag)
{
    int32_t end = queue->base + (int32_t)tag;

    FC_ASSERT(end > queue->head);
    FC_ASSERT(end <= queue->head + queue->delivered);
    queue->delivered -= end - queue->head;
    queue->head = end;
}

void sim_queue_return(struct sim_queue *queue)
{
    for (int32_t i = 0; i < queue->delivered; i++)
        queue->messages[queue->head + i].delivery_count++;
    queue->delivered = 0;
    queue->base = queue->head;
}

bool sim_queue_is_empty(const struct sim_queue *queue)
{
    return queue->head == queue->count;
}

void sim_queue_reset(struct sim_queue *queue)
{
    for (int32_t i = 0; i < queue->count; i++)
        free(queue->messages[i].bytes);
    free(queue->messages);
    *queue = (struct sim_queue){0};
}
