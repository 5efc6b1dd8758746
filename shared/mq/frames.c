#include "mq/frames.h"

#include "base/assert.h"
#include "base/limits.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <string.h>

/* Type, channel, size before the payload; the end mark behind it. */
#define FRAME_HEAD_BYTES 7
#define FRAME_BYTES (FRAME_HEAD_BYTES + 1)
/* Class, weight and body size before the properties. */
#define CONTENT_HEAD_BYTES 12
#define SHORT_TEXT_MAX 255
/* The largest method we send is a publish: id, ticket, two short texts, bits. */
#define METHOD_PAYLOAD_MAX (4 + 2 + 2 * (1 + SHORT_TEXT_MAX) + 1)
/* Flags, content type, delivery mode, correlation id, type. */
#define CONTENT_PAYLOAD_MAX (CONTENT_HEAD_BYTES + 2 + 17 + 1 + 21 + 1 + SHORT_TEXT_MAX)

static const char content_type[] = "application/json";

void *mq_unconst(const void *ptr)
{
    union {
        const void *in;
        void *out;
    } view = {ptr};

    return view.out;
}

static amqp_bytes_t bytes_of(struct fc_str text)
{
    return (amqp_bytes_t){text.len, mq_unconst(text.ptr)};
}

void mq_out_init(struct mq_out *out, char *memory, size_t size, size_t frame_max)
{
    FC_ASSERT(size >= FRAME_BYTES + METHOD_PAYLOAD_MAX);
    FC_ASSERT(frame_max > FRAME_BYTES + METHOD_PAYLOAD_MAX);
    *out = (struct mq_out){.ptr = memory, .size = size, .frame_max = frame_max};
}

size_t mq_out_pending(const struct mq_out *out)
{
    return out->end - out->begin;
}

bool mq_out_is_cut(const struct mq_out *out)
{
    return out->frame_left > 0;
}

static void put_u32(char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(unsigned char)(value >> (24 - 8 * i));
}

static uint32_t get_u32(const char *at)
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++)
        value = value << 8 | (unsigned char)at[i];
    return value;
}

static bool out_make_room(struct mq_out *out, size_t bytes)
{
    if (bytes > out->size - mq_out_pending(out))
        return false;
    if (bytes > out->size - out->end) {
        memmove(out->ptr, out->ptr + out->begin, mq_out_pending(out));
        out->end -= out->begin;
        out->begin = 0;
    }
    return true;
}

/* Where the payload of the next frame goes. */
static char *frame_payload(struct mq_out *out)
{
    return out->ptr + out->end + FRAME_HEAD_BYTES;
}

/* Puts head and end around a payload that stands in its place already. */
static void frame_close(struct mq_out *out, uint8_t type, uint16_t channel, size_t payload)
{
    char *at = out->ptr + out->end;

    FC_ASSERT(payload + FRAME_BYTES <= out->frame_max);
    FC_ASSERT(payload + FRAME_BYTES <= out->size - out->end);
    at[0] = (char)type;
    at[1] = (char)(unsigned char)(channel >> 8);
    at[2] = (char)(unsigned char)channel;
    put_u32(at + 3, (uint32_t)payload);
    at[FRAME_HEAD_BYTES + payload] = (char)(unsigned char)AMQP_FRAME_END;
    out->end += FRAME_BYTES + payload;
}

bool mq_out_put_method(struct mq_out *out, uint16_t channel, uint32_t method, const void *decoded)
{
    if (!out_make_room(out, FRAME_BYTES + METHOD_PAYLOAD_MAX))
        return false;
    char *payload = frame_payload(out);
    amqp_bytes_t place = {METHOD_PAYLOAD_MAX - 4, payload + 4};
    int bytes = amqp_encode_method(method, mq_unconst(decoded), place);

    FC_ASSERT(bytes >= 0);
    put_u32(payload, method);
    frame_close(out, AMQP_FRAME_METHOD, channel, (size_t)bytes + 4);
    return true;
}

bool mq_out_put_heartbeat(struct mq_out *out)
{
    if (!out_make_room(out, FRAME_BYTES))
        return false;
    frame_close(out, AMQP_FRAME_HEARTBEAT, 0, 0);
    return true;
}

static void put_content_header(struct mq_out *out, uint16_t channel,
                               const struct mq_message *message, uint64_t seq)
{
    char number[24];
    struct fc_buf seq_text = fc_buf_of(number, sizeof(number));
    amqp_basic_properties_t properties = {
        ._flags =
            AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_TYPE_FLAG,
        .content_type = amqp_cstring_bytes(content_type),
        .delivery_mode =
            message->transient ? AMQP_DELIVERY_NONPERSISTENT : AMQP_DELIVERY_PERSISTENT,
        .type = bytes_of(message->type)};

    if (message->mandatory) {
        fc_buf_put_i64(&seq_text, (int64_t)seq);
        properties._flags |= AMQP_BASIC_CORRELATION_ID_FLAG;
        properties.correlation_id = bytes_of(fc_buf_str(&seq_text));
    }
    char *payload = frame_payload(out);
    amqp_bytes_t place = {CONTENT_PAYLOAD_MAX - CONTENT_HEAD_BYTES, payload + CONTENT_HEAD_BYTES};
    int bytes = amqp_encode_properties(AMQP_BASIC_CLASS, &properties, place);

    FC_ASSERT(bytes >= 0);
    put_u32(payload, (uint32_t)AMQP_BASIC_CLASS << 16);
    put_u32(payload + 4, 0);
    put_u32(payload + 8, (uint32_t)message->body.len);
    frame_close(out, AMQP_FRAME_HEADER, channel, CONTENT_HEAD_BYTES + (size_t)bytes);
}

static void put_body(struct mq_out *out, uint16_t channel, struct fc_str body)
{
    size_t share_max = out->frame_max - FRAME_BYTES;

    for (size_t at = 0; at < body.len; at += share_max) {
        size_t share = body.len - at < share_max ? body.len - at : share_max;

        memcpy(frame_payload(out), body.ptr + at, share);
        frame_close(out, AMQP_FRAME_BODY, channel, share);
    }
}

bool mq_out_put_message(struct mq_out *out, uint16_t channel, const struct mq_message *message,
                        uint64_t seq)
{
    size_t share_max = out->frame_max - FRAME_BYTES;
    size_t frames = 3 + message->body.len / share_max;
    amqp_basic_publish_t publish = {.exchange = bytes_of(message->exchange),
                                    .routing_key = bytes_of(message->routing_key),
                                    .mandatory = message->mandatory};

    FC_ASSERT(message->body.len <= MESSAGE_BYTES_MAX);
    FC_ASSERT(message->exchange.len <= SHORT_TEXT_MAX);
    FC_ASSERT(message->routing_key.len <= SHORT_TEXT_MAX);
    FC_ASSERT(message->type.len <= SHORT_TEXT_MAX);
    if (!out_make_room(out, frames * FRAME_BYTES + METHOD_PAYLOAD_MAX + CONTENT_PAYLOAD_MAX +
                                message->body.len))
        return false;
    if (!mq_out_put_method(out, channel, AMQP_BASIC_PUBLISH_METHOD, &publish))
        FC_UNREACHABLE("room was made");
    put_content_header(out, channel, message, seq);
    put_body(out, channel, message->body);
    return true;
}

void mq_out_sent(struct mq_out *out, size_t count)
{
    FC_ASSERT(count <= mq_out_pending(out));
    while (count > 0) {
        if (out->frame_left == 0)
            out->frame_left = FRAME_BYTES + get_u32(out->ptr + out->begin + 3);
        size_t step = count < out->frame_left ? count : out->frame_left;

        out->begin += step;
        out->frame_left -= step;
        count -= step;
    }
    if (out->begin == out->end) {
        FC_ASSERT(out->frame_left == 0);
        out->begin = 0;
        out->end = 0;
    }
}
