/*
 * A RabbitMQ quorum queue with a single active consumer, in memory, as 3.10 really behaves. First
 * in first out. The channel that subscribed first is active and is sent as many as its prefetch
 * allows, whether it reads them or not; the others wait. When the active channel closes, all that
 * is unacknowledged goes behind what was returned before, in order and with x-delivery-count one
 * higher, and the next channel is sent what was returned first: with one and the same prefetch for
 * all that is the head of the queue, with a smaller one it is not.
 */
#ifndef FC_SUPPORT_SIM_QUORUM_H
#define FC_SUPPORT_SIM_QUORUM_H

#include "mq/consumer.h"

#define SIM_MESSAGES_MAX 1024
#define SIM_CHANNELS_MAX 64

struct sim_message {
    struct fc_str body; /* the caller's, lives as long as the queue */
    int64_t delivery_count;
};

struct sim_channel {
    int32_t id; /* above 0 */
    int32_t prefetch;
};

struct sim_quorum {
    struct sim_message messages[SIM_MESSAGES_MAX]; /* in order of acceptance */
    int32_t count;
    int32_t fresh;                     /* the first that was never sent */
    int32_t returns[SIM_MESSAGES_MAX]; /* to be sent before all that is fresh */
    int32_t return_count;
    int32_t flight[SIM_MESSAGES_MAX]; /* with the active channel, unacknowledged */
    int32_t flight_count;
    int32_t read;                                  /* so many of them were read */
    uint64_t acked;                                /* the tag of flight[0] is one more */
    struct sim_channel channels[SIM_CHANNELS_MAX]; /* the first is active */
    int32_t channel_count;
};

void sim_quorum_reset(struct sim_quorum *queue);
void sim_quorum_publish(struct sim_quorum *queue, struct fc_str body);

/* False when another channel is active: this one waits. */
bool sim_quorum_subscribe(struct sim_quorum *queue, struct sim_channel channel);
bool sim_quorum_next(struct sim_quorum *queue, int32_t channel, int32_t source,
                     struct mq_delivery *ret_delivery);
/* Whether sim_quorum_next has something. */
bool sim_quorum_has(const struct sim_quorum *queue, int32_t channel);
/* All up to `tag`, of the active channel. */
void sim_quorum_ack(struct sim_quorum *queue, int32_t channel, uint64_t tag);
/* Of a channel that is not subscribed: nothing. */
void sim_quorum_close(struct sim_quorum *queue, int32_t channel);
/* What must not be done (basic.nack with requeue): all that is unacknowledged goes to the tail. */
void sim_quorum_nack(struct sim_quorum *queue, int32_t channel);
bool sim_quorum_is_empty(const struct sim_quorum *queue);

#endif
