#include "support/sim_quorum.h"

#include "base/assert.h"

#include <string.h>

void sim_quorum_reset(struct sim_quorum *queue)
{
    queue->count = queue->fresh = queue->return_count = 0;
    queue->flight_count = queue->read = queue->channel_count = 0;
    queue->acked = 0;
}

/* Sends what the active channel has room for. */
static void send(struct sim_quorum *queue)
{
    int32_t sent = 0;

    while (queue->channel_count > 0 && queue->flight_count < queue->channels[0].prefetch) {
        if (sent < queue->return_count)
            queue->flight[queue->flight_count++] = queue->returns[sent++];
        else if (queue->fresh < queue->count)
            queue->flight[queue->flight_count++] = queue->fresh++;
        else
            break;
    }
    queue->return_count -= sent;
    memmove(queue->returns, queue->returns + sent,
            (size_t)queue->return_count * sizeof(*queue->returns));
}

void sim_quorum_publish(struct sim_quorum *queue, struct fc_str body)
{
    FC_ASSERT(queue->count < SIM_MESSAGES_MAX);
    queue->messages[queue->count++] = (struct sim_message){body, 0};
    send(queue);
}

bool sim_quorum_subscribe(struct sim_quorum *queue, struct sim_channel channel)
{
    FC_ASSERT(queue->channel_count < SIM_CHANNELS_MAX);
    queue->channels[queue->channel_count++] = channel;
    send(queue);
    return queue->channel_count == 1;
}

static bool is_active(const struct sim_quorum *queue, int32_t channel)
{
    return queue->channel_count > 0 && queue->channels[0].id == channel;
}

bool sim_quorum_has(const struct sim_quorum *queue, int32_t channel)
{
    return is_active(queue, channel) && queue->read < queue->flight_count;
}

bool sim_quorum_next(struct sim_quorum *queue, int32_t channel, int32_t source,
                     struct mq_delivery *ret_delivery)
{
    if (!sim_quorum_has(queue, channel))
        return false;
    const struct sim_message *message = &queue->messages[queue->flight[queue->read]];

    queue->read++;
    *ret_delivery = (struct mq_delivery){
        .source = source,
        .tag = queue->acked + (uint64_t)queue->read,
        .delivery_count = message->delivery_count,
        .redelivered = message->delivery_count > 0,
        .body = message->body,
    };
    return true;
}

void sim_quorum_ack(struct sim_quorum *queue, int32_t channel, uint64_t tag)
{
    int32_t count = (int32_t)(tag - queue->acked);

    FC_ASSERT(is_active(queue, channel));
    FC_ASSERT(count > 0 && count <= queue->read);
    queue->flight_count -= count;
    queue->read -= count;
    queue->acked = tag;
    memmove(queue->flight, queue->flight + count,
            (size_t)queue->flight_count * sizeof(*queue->flight));
    send(queue);
}

/* In the order in which they were accepted. */
static void flight_sort(struct sim_quorum *queue)
{
    for (int32_t i = 1; i < queue->flight_count; i++) {
        int32_t message = queue->flight[i];
        int32_t at = i;

        for (; at > 0 && queue->flight[at - 1] > message; at--)
            queue->flight[at] = queue->flight[at - 1];
        queue->flight[at] = message;
    }
}

void sim_quorum_close(struct sim_quorum *queue, int32_t channel)
{
    bool active = is_active(queue, channel);
    int32_t kept = 0;

    for (int32_t i = 0; i < queue->channel_count; i++)
        if (queue->channels[i].id != channel)
            queue->channels[kept++] = queue->channels[i];
    queue->channel_count = kept;
    if (!active)
        return;
    flight_sort(queue);
    for (int32_t i = 0; i < queue->flight_count; i++) {
        queue->messages[queue->flight[i]].delivery_count++;
        queue->returns[queue->return_count++] = queue->flight[i];
    }
    queue->flight_count = queue->read = 0;
    queue->acked = 0;
    send(queue);
}

void sim_quorum_nack(struct sim_quorum *queue, int32_t channel)
{
    int32_t count = queue->flight_count;

    if (!is_active(queue, channel))
        return;
    FC_ASSERT(queue->count + count <= SIM_MESSAGES_MAX);
    for (int32_t i = 0; i < count; i++) {
        queue->messages[queue->count] = queue->messages[queue->flight[i]];
        queue->messages[queue->count++].delivery_count++;
    }
    queue->flight_count = queue->read = 0;
}

bool sim_quorum_is_empty(const struct sim_quorum *queue)
{
    return queue->fresh == queue->count && queue->return_count == 0 && queue->flight_count == 0;
}
