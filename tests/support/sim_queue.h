/*
 * A RabbitMQ quorum queue with a single active consumer, in memory, as it really behaves: first in
 * first out, at most MQ_PREFETCH deliveries unacknowledged, and when the consumer goes (channel
 * closed, process killed) all of those return to the head in order with x-delivery-count one
 * higher.
 */
#ifndef FC_SUPPORT_SIM_QUEUE_H
#define FC_SUPPORT_SIM_QUEUE_H

#include "mq/consumer.h"

struct sim_message {
    char *bytes; /* owned */
    size_t len;
    int64_t delivery_count;
};

struct sim_queue {
    struct sim_message *messages; /* owned; acknowledged ones stay behind head */
    int32_t count;
    int32_t count_max;
    int32_t head;      /* first that is not acknowledged */
    int32_t delivered; /* so many from head on are with the consumer */
    int32_t base;      /* tag t is message base + t - 1 */
};

void sim_queue_publish(struct sim_queue *queue, struct fc_str bytes);
bool sim_queue_next(struct sim_queue *queue, int32_t source, struct mq_delivery *ret_delivery);
void sim_queue_ack(struct sim_queue *queue, uint64_t tag);
/* The consumer is gone; the next one starts with fresh tags. */
void sim_queue_return(struct sim_queue *queue);
bool sim_queue_is_empty(const struct sim_queue *queue);
void sim_queue_reset(struct sim_queue *queue);

#endif
