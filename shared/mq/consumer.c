#include "mq/consumer.h"

#include "base/assert.h"
#include "base/limits.h"
#include "host/fault.h"
#include "mq/content.h"
#include "mq/wire.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <stdio.h>
#include <stdlib.h>

/* Acknowledgements and the answers to closed channels. */
#define OUT_BYTES 65536
#define NO_SLOT (-1)

struct mq_source {
    uint16_t channel; /* 0: the slot is free */
    bool is_private;  /* consumed without acknowledgements */
    uint64_t delivered;
    uint64_t acked;
    struct mq_content content;
    char *body; /* MESSAGE_BYTES_MAX bytes, kept for the slot's next source */
};

struct mq_consumer {
    struct mq_wire wire;
    uint16_t last_channel; /* given out last; numbers come back only after all others */
    uint64_t last_tag;
    int32_t slot_of[MQ_CHANNELS_MAX + 1]; /* by channel */
    struct mq_source sources[MQ_SOURCES_MAX];
};

static_assert(MQ_SOURCES_MAX < MQ_CHANNELS_MAX, "there is a channel for each source");

enum fc_rc mq_consumer_open(const struct mq_settings *settings, struct mq_consumer **ret_consumer,
                            struct fc_err *ret_err)
{
    struct mq_consumer *consumer = calloc(1, sizeof(*consumer)); /* heap: at open */

    if (consumer == NULL)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "mq_consumer_open",
                          "no memory for a consumer");
    for (size_t i = 0; i < FC_ARRAY_COUNT(consumer->slot_of); i++)
        consumer->slot_of[i] = NO_SLOT;
    if (mq_wire_open(&consumer->wire, settings, OUT_BYTES, ret_err) != FC_OK)
        goto out;
    *ret_consumer = consumer;
    return FC_OK;
out:
    mq_consumer_close(consumer);
    return FC_FAIL;
}

/* What a build with faults does wrong when it is told to; tag 0: all that was delivered. */
static void nack(struct mq_consumer *consumer, const struct mq_source *source, uint64_t tag)
{
    const amqp_basic_nack_t nack = {.delivery_tag = tag, .multiple = 1, .requeue = 1};
    struct fc_err ignored;
    bool sent =
        mq_out_put_method(&consumer->wire.out, source->channel, AMQP_BASIC_NACK_METHOD, &nack) &&
        mq_wire_flush_all(&consumer->wire, &ignored) == FC_OK;

    (void)sent;
}

/* The batch in hand. */
static void nack_taken(struct mq_consumer *consumer)
{
    for (size_t i = 0; i < FC_ARRAY_COUNT(consumer->sources); i++) {
        const struct mq_source *source = &consumer->sources[i];

        if (source->channel != 0 && !source->is_private && source->delivered > source->acked)
            nack(consumer, source, source->delivered);
    }
}

void mq_consumer_close(struct mq_consumer *consumer)
{
    if (consumer == NULL)
        return;
    if (FC_MUTATED(NACK_REQUEUE))
        nack_taken(consumer);
    mq_wire_close(&consumer->wire);
    for (size_t i = 0; i < FC_ARRAY_COUNT(consumer->sources); i++)
        free(consumer->sources[i].body);
    free(consumer);
}

int mq_consumer_fd(const struct mq_consumer *consumer)
{
    return mq_wire_fd(&consumer->wire);
}

bool mq_consumer_has_buffered(const struct mq_consumer *consumer)
{
    return mq_wire_has_buffered(&consumer->wire);
}

/* --- sources ---------------------------------------------------------------------------------- */

static struct mq_source *source_find(struct mq_consumer *consumer, int32_t source)
{
    for (size_t i = 0; i < FC_ARRAY_COUNT(consumer->sources); i++) {
        struct mq_source *slot = &consumer->sources[i];

        if (slot->channel != 0 && slot->content.delivery.source == source)
            return slot;
    }
    return NULL;
}

/* The next number in turn: a channel that was closed may still have frames under way here, and
 * 3.10 brokers stumble over a tag that is used again at once (rabbitmq-server #5927). */
static uint16_t channel_fresh(struct mq_consumer *consumer)
{
    uint16_t channel = consumer->last_channel;

    for (uint16_t tries = 0; tries < consumer->wire.channel_max; tries++) {
        channel = channel >= consumer->wire.channel_max ? 1 : (uint16_t)(channel + 1);
        if (consumer->slot_of[channel] == NO_SLOT) {
            consumer->last_channel = channel;
            return channel;
        }
    }
    return 0;
}

static void source_free(struct mq_consumer *consumer, struct mq_source *source)
{
    consumer->slot_of[source->channel] = NO_SLOT;
    source->channel = 0;
}

/* A slot with an open channel of its own. */
static enum fc_rc source_open(struct mq_consumer *consumer, int32_t number, bool is_private,
                              struct mq_source **ret_source, struct fc_err *ret_err)
{
    const char *where = "mq_consumer_subscribe";
    uint16_t channel = channel_fresh(consumer);
    int32_t slot = 0;

    FC_ASSERT(number >= 0);
    FC_ASSERT(source_find(consumer, number) == NULL);
    while (slot < MQ_SOURCES_MAX && consumer->sources[slot].channel != 0)
        slot++;
    if (channel == 0 || slot == MQ_SOURCES_MAX) {
        (void)fc_err_set(ret_err, FC_CURE_EXIT, where,
                         "the broker allows %u channels, this program %d",
                         (unsigned)consumer->wire.channel_max, MQ_SOURCES_MAX);
        return FC_FAIL;
    }
    struct mq_source *source = &consumer->sources[slot];

    /* Kept for the slot's next source; pages that no message reaches are never touched. */
    if (source->body == NULL)
        source->body = malloc(MESSAGE_BYTES_MAX); /* heap: once a slot, when it is opened */
    if (source->body == NULL) {
        (void)fc_err_set(ret_err, FC_CURE_RECONNECT, where, "no memory for messages");
        return FC_FAIL;
    }
    if (mq_wire_flush_all(&consumer->wire, ret_err) != FC_OK ||
        mq_wire_channel_open(&consumer->wire, channel, ret_err) != FC_OK)
        return FC_FAIL;
    source->channel = channel;
    source->is_private = is_private;
    source->delivered = 0;
    source->acked = 0;
    mq_content_init(&source->content, source->body, MESSAGE_BYTES_MAX);
    source->content.delivery.source = number;
    consumer->slot_of[channel] = slot;
    *ret_source = source;
    return FC_OK;
}

static enum fc_rc source_consume(struct mq_consumer *consumer, const struct mq_source *source,
                                 amqp_bytes_t queue, struct fc_err *ret_err)
{
    struct amqp_connection_state_t_ *conn = consumer->wire.conn;
    char tag[32];

    (void)snprintf(tag, sizeof(tag), "firstcome-%llu", (unsigned long long)++consumer->last_tag);
    (void)amqp_basic_consume(conn, source->channel, queue, amqp_cstring_bytes(tag), 0,
                             source->is_private, source->is_private, amqp_empty_table);
    return mq_wire_outcome(&consumer->wire, source->channel, "basic.consume", ret_err);
}

enum fc_rc mq_consumer_subscribe(struct mq_consumer *consumer, const char *queue, int32_t source,
                                 struct fc_err *ret_err)
{
    struct mq_wire *wire = &consumer->wire;
    struct mq_source *opened;

    if (source_open(consumer, source, false, &opened, ret_err) != FC_OK)
        return FC_FAIL;
    (void)amqp_basic_qos(wire->conn, opened->channel, 0, MQ_PREFETCH, 0);
    if (mq_wire_outcome(wire, opened->channel, "basic.qos", ret_err) != FC_OK)
        goto out;
    if (source_consume(consumer, opened, amqp_cstring_bytes(queue), ret_err) != FC_OK)
        goto out;
    return FC_OK;
out:
    source_free(consumer, opened);
    return FC_FAIL;
}

static enum fc_rc private_declare(struct mq_consumer *consumer, const struct mq_source *source,
                                  char ret_name[MQ_TEXT_MAX], struct fc_err *ret_err)
{
    const amqp_queue_declare_ok_t *declared = amqp_queue_declare(
        consumer->wire.conn, source->channel, amqp_empty_bytes, 0, 0, 1, 1, amqp_empty_table);

    if (mq_wire_outcome(&consumer->wire, source->channel, "queue.declare", ret_err) != FC_OK)
        return FC_FAIL;
    struct fc_str name = {declared->queue.bytes, declared->queue.len};

    if (!fc_str_copy(name, ret_name, MQ_TEXT_MAX))
        FC_UNREACHABLE("a short text of more than 255 bytes");
    return FC_OK;
}

enum fc_rc mq_consumer_subscribe_private(struct mq_consumer *consumer,
                                         const struct mq_binding *bindings, size_t binding_count,
                                         int32_t source, char ret_name[MQ_TEXT_MAX],
                                         struct fc_err *ret_err)
{
    struct mq_source *opened;
    char name[MQ_TEXT_MAX];

    if (source_open(consumer, source, true, &opened, ret_err) != FC_OK)
        return FC_FAIL;
    if (private_declare(consumer, opened, name, ret_err) != FC_OK)
        goto out;
    for (size_t i = 0; i < binding_count; i++) {
        (void)amqp_queue_bind(consumer->wire.conn, opened->channel, amqp_cstring_bytes(name),
                              amqp_cstring_bytes(bindings[i].exchange),
                              amqp_cstring_bytes(bindings[i].routing_key), amqp_empty_table);
        if (mq_wire_outcome(&consumer->wire, opened->channel, "queue.bind", ret_err) != FC_OK)
            goto out;
    }
    if (source_consume(consumer, opened, amqp_cstring_bytes(name), ret_err) != FC_OK)
        goto out;
    (void)fc_str_copy(fc_str_of(name), ret_name, MQ_TEXT_MAX);
    return FC_OK;
out:
    source_free(consumer, opened);
    return FC_FAIL;
}

enum fc_rc mq_consumer_release(struct mq_consumer *consumer, int32_t source, struct fc_err *ret_err)
{
    struct mq_source *released = source_find(consumer, source);

    FC_ASSERT(released != NULL);
    uint16_t channel = released->channel;

    if (FC_MUTATED(NACK_REQUEUE))
        nack(consumer, released, 0);
    /* What the library queues from here on for this channel is dropped by mq_consumer_next. */
    source_free(consumer, released);
    if (mq_wire_flush_all(&consumer->wire, ret_err) != FC_OK)
        return FC_FAIL;
    return mq_wire_channel_close(&consumer->wire, channel, ret_err);
}

/* --- deliveries ------------------------------------------------------------------------------- */

/* Takes one frame; *ret_source is set when it completed a delivery. */
static enum fc_rc take_frame(struct mq_consumer *consumer, const amqp_frame_t *frame,
                             struct mq_source **ret_source, struct fc_err *ret_err)
{
    int32_t slot = frame->channel <= MQ_CHANNELS_MAX ? consumer->slot_of[frame->channel] : NO_SLOT;

    if (slot == NO_SLOT)
        return FC_OK;
    struct mq_source *source = &consumer->sources[slot];

    if (frame->frame_type == AMQP_FRAME_METHOD &&
        frame->payload.method.id == AMQP_BASIC_CANCEL_METHOD)
        return mq_wire_lose(&consumer->wire, ret_err, "mq_consumer_next",
                            "the broker cancelled source %d: its queue is gone",
                            (int)source->content.delivery.source);
    switch (mq_content_feed(&source->content, frame)) {
    case MQ_CONTENT_MORE:
        return FC_OK;
    case MQ_CONTENT_WHOLE:
        *ret_source = source;
        return FC_OK;
    case MQ_CONTENT_MALFORMED:
        return mq_wire_lose(&consumer->wire, ret_err, "mq_consumer_next",
                            "frames of source %d are out of order",
                            (int)source->content.delivery.source);
    }
    FC_UNREACHABLE("no such step");
}

enum fc_rc mq_consumer_next(struct mq_consumer *consumer, struct mq_delivery *ret_delivery,
                            bool *ret_got, struct fc_err *ret_err)
{
    struct mq_source *source = NULL;
    amqp_frame_t frame;
    bool got;

    /* Nothing is read while a beat is cut. */
    if (mq_wire_flush_all(&consumer->wire, ret_err) != FC_OK)
        return FC_FAIL;
    while (source == NULL) {
        if (mq_wire_read(&consumer->wire, &frame, &got, ret_err) != FC_OK)
            return FC_FAIL;
        if (!got) {
            *ret_got = false;
            return FC_OK;
        }
        if (take_frame(consumer, &frame, &source, ret_err) != FC_OK)
            return FC_FAIL;
    }
    source->delivered = source->content.delivery.tag;
    *ret_delivery = source->content.delivery;
    *ret_got = true;
    return FC_OK;
}

enum fc_rc mq_consumer_beat(struct mq_consumer *consumer, struct fc_err *ret_err)
{
    struct mq_wire *wire = &consumer->wire;

    /* One that did not leave yet says the same as a second. */
    if (mq_out_pending(&wire->out) == 0 && !mq_out_put_heartbeat(&wire->out))
        FC_UNREACHABLE("an empty buffer has room for a heartbeat");
    if (mq_wire_flush(wire, ret_err) != FC_OK)
        return FC_FAIL;
    return mq_wire_listen(wire, ret_err);
}

enum fc_rc mq_consumer_ack(struct mq_consumer *consumer, int32_t source, uint64_t tag,
                           struct fc_err *ret_err)
{
    struct mq_source *acked = source_find(consumer, source);
    const amqp_basic_ack_t ack = {.delivery_tag = tag, .multiple = 1};

    FC_ASSERT(acked != NULL);
    FC_ASSERT(!acked->is_private);
    FC_ASSERT(tag > acked->acked);
    FC_ASSERT(tag <= acked->delivered);
    if (consumer->wire.lost) {
        *ret_err = consumer->wire.err;
        return FC_FAIL;
    }
    /* The last call sent everything: there is always room. */
    if (!mq_out_put_method(&consumer->wire.out, acked->channel, AMQP_BASIC_ACK_METHOD, &ack))
        FC_UNREACHABLE("acknowledgements pile up");
    acked->acked = tag;
    return mq_wire_flush_all(&consumer->wire, ret_err);
}
