/*
 * Frames of one channel as the library hands them on, a record each: which frame, then what stands
 * in it. Whatever their order, a delivery is whole or the connection is given up, and no byte is
 * kept beyond the memory for it.
 */
#include "support/fuzz.h"

#include "mq/content.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <string.h>

#define BODY_BYTES 64

struct input {
    const uint8_t *at;
    size_t left;
};

static uint64_t take(struct input *input, size_t count)
{
    uint64_t value = 0;

    for (size_t i = 0; i < count && input->left > 0; i++) {
        value = value << 8 | *input->at++;
        input->left--;
    }
    return value;
}

static amqp_bytes_t take_bytes(struct input *input, size_t count_max)
{
    size_t count = (size_t)take(input, 1) % (count_max + 1);
    amqp_bytes_t bytes = {.bytes = NULL};

    if (count > input->left)
        count = input->left;
    bytes.len = count;
    /* The library's structs hold no const pointers. */
    memcpy(&bytes.bytes, &input->at, sizeof(bytes.bytes));
    input->at += count;
    input->left -= count;
    return bytes;
}

static void take_value(struct input *input, amqp_field_value_t *ret_value)
{
    static const uint8_t kinds[] = {
        AMQP_FIELD_KIND_I8,  AMQP_FIELD_KIND_U8,  AMQP_FIELD_KIND_I16,  AMQP_FIELD_KIND_U16,
        AMQP_FIELD_KIND_I32, AMQP_FIELD_KIND_U32, AMQP_FIELD_KIND_I64,  AMQP_FIELD_KIND_U64,
        AMQP_FIELD_KIND_F64, AMQP_FIELD_KIND_F32, AMQP_FIELD_KIND_VOID, AMQP_FIELD_KIND_BOOLEAN,
    };

    memset(ret_value, 0, sizeof(*ret_value));
    ret_value->kind = kinds[take(input, 1) % sizeof(kinds)];
    ret_value->value.u64 = take(input, 8);
}

static enum mq_content_step feed_method(struct mq_content *content, struct input *input)
{
    amqp_frame_t frame = {.frame_type = AMQP_FRAME_METHOD};
    amqp_basic_deliver_t deliver = {.delivery_tag = take(input, 1)};
    amqp_basic_return_t returned = {.reply_code = 312};

    deliver.exchange = returned.exchange = take_bytes(input, 255);
    deliver.routing_key = returned.routing_key = take_bytes(input, 255);
    switch (take(input, 1) % 3) {
    case 0:
        frame.payload.method.id = AMQP_BASIC_DELIVER_METHOD;
        frame.payload.method.decoded = &deliver;
        break;
    case 1:
        frame.payload.method.id = AMQP_BASIC_RETURN_METHOD;
        frame.payload.method.decoded = &returned;
        break;
    default:
        frame.payload.method.id = AMQP_BASIC_ACK_METHOD;
        break;
    }
    return mq_content_feed(content, &frame);
}

static enum mq_content_step feed_header(struct mq_content *content, struct input *input)
{
    amqp_frame_t frame = {.frame_type = AMQP_FRAME_HEADER};
    amqp_basic_properties_t properties = {._flags = 0};
    amqp_table_entry_t entries[3];

    properties._flags = (amqp_flags_t)take(input, 2);
    properties.type = take_bytes(input, 255);
    properties.correlation_id = take_bytes(input, 255);
    properties.headers = (amqp_table_t){.num_entries = (int)(take(input, 1) % 3)};
    properties.headers.entries = entries;
    for (int i = 0; i < properties.headers.num_entries; i++) {
        entries[i].key = take(input, 1) % 2 == 0 ? amqp_cstring_bytes("x-delivery-count")
                                                 : take_bytes(input, 255);
        take_value(input, &entries[i].value);
    }
    frame.payload.properties.class_id = take(input, 1) % 8 == 7 ? 10 : AMQP_BASIC_CLASS;
    frame.payload.properties.body_size = take(input, 1) % 8 == 7 ? take(input, 8) : take(input, 1);
    frame.payload.properties.decoded = &properties;
    return mq_content_feed(content, &frame);
}

static enum mq_content_step feed_body(struct mq_content *content, struct input *input)
{
    amqp_frame_t frame = {.frame_type = AMQP_FRAME_BODY};

    frame.payload.body_fragment = take_bytes(input, 255);
    return mq_content_feed(content, &frame);
}

static void check_whole(const struct mq_content *content)
{
    const struct mq_delivery *delivery = &content->delivery;

    FC_ASSERT(delivery->source == 3 && delivery->delivery_count >= 0);
    FC_ASSERT(delivery->body.len <= BODY_BYTES);
    FC_ASSERT(delivery->body.len == 0 || delivery->body.ptr == content->body);
    FC_ASSERT(!delivery->oversized || delivery->body.len == BODY_BYTES);
    FC_ASSERT(content->correlation <= INT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    char body[BODY_BYTES + 1];
    struct mq_content content;

    body[BODY_BYTES] = 'B';
    mq_content_init(&content, body, BODY_BYTES);
    content.delivery.source = 3;
    while (input.left > 0) {
        uint64_t kind = take(&input, 1) % 4;
        enum mq_content_step step = kind == 0   ? feed_method(&content, &input)
                                    : kind == 1 ? feed_header(&content, &input)
                                                : feed_body(&content, &input);

        FC_ASSERT(body[BODY_BYTES] == 'B');
        if (step == MQ_CONTENT_MALFORMED)
            break;
        if (step == MQ_CONTENT_WHOLE)
            check_whole(&content);
    }
    return 0;
}
