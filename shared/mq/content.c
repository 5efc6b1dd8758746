#include "mq/content.h"

#include "base/assert.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <string.h>

void mq_content_init(struct mq_content *content, char *body, size_t body_size)
{
    FC_ASSERT(body != NULL || body_size == 0);
    *content = (struct mq_content){.body = body, .body_size = body_size};
}

static struct fc_str str_of(amqp_bytes_t bytes)
{
    return (struct fc_str){bytes.bytes, bytes.len};
}

/* Short texts of AMQP are at most 255 bytes: they always fit. */
static struct fc_str keep(amqp_bytes_t bytes, char memory[MQ_TEXT_MAX])
{
    if (!fc_str_copy(str_of(bytes), memory, MQ_TEXT_MAX))
        FC_UNREACHABLE("a short text of more than 255 bytes");
    return (struct fc_str){memory, bytes.len};
}

static enum mq_content_step feed_method(struct mq_content *content, const amqp_method_t *method)
{
    struct mq_delivery *delivery = &content->delivery;
    int32_t source = delivery->source;

    if (content->stage != MQ_CONTENT_IDLE)
        return MQ_CONTENT_MALFORMED;
    *delivery = (struct mq_delivery){.source = source};
    if (method->id == AMQP_BASIC_DELIVER_METHOD) {
        const amqp_basic_deliver_t *deliver = method->decoded;

        delivery->tag = deliver->delivery_tag;
        delivery->redelivered = deliver->redelivered != 0;
        delivery->exchange = keep(deliver->exchange, content->exchange);
        delivery->routing_key = keep(deliver->routing_key, content->routing_key);
    } else if (method->id == AMQP_BASIC_RETURN_METHOD) {
        const amqp_basic_return_t *returned = method->decoded;

        delivery->exchange = keep(returned->exchange, content->exchange);
        delivery->routing_key = keep(returned->routing_key, content->routing_key);
    } else {
        return MQ_CONTENT_MALFORMED;
    }
    content->stage = MQ_CONTENT_ANNOUNCED;
    return MQ_CONTENT_MORE;
}

/* The broker has sent the count in different widths over its versions. */
static int64_t count_of(const amqp_field_value_t *value)
{
    int64_t count = 0;

    switch (value->kind) {
    case AMQP_FIELD_KIND_I8:
        count = value->value.i8 < 0 ? 0 : (unsigned char)value->value.i8;
        break;
    case AMQP_FIELD_KIND_U8:
        count = value->value.u8;
        break;
    case AMQP_FIELD_KIND_I16:
        count = value->value.i16;
        break;
    case AMQP_FIELD_KIND_U16:
        count = value->value.u16;
        break;
    case AMQP_FIELD_KIND_I32:
        count = value->value.i32;
        break;
    case AMQP_FIELD_KIND_U32:
        count = value->value.u32;
        break;
    case AMQP_FIELD_KIND_I64:
        count = value->value.i64;
        break;
    case AMQP_FIELD_KIND_U64:
        count = value->value.u64 > INT64_MAX ? INT64_MAX : (int64_t)value->value.u64;
        break;
    default:
        break;
    }
    return count < 0 ? 0 : count;
}

static int64_t delivery_count(const amqp_basic_properties_t *properties)
{
    if ((properties->_flags & AMQP_BASIC_HEADERS_FLAG) == 0)
        return 0;
    for (int i = 0; i < properties->headers.num_entries; i++) {
        const amqp_table_entry_t *entry = &properties->headers.entries[i];

        if (fc_str_eq(str_of(entry->key), FC_STR("x-delivery-count")))
            return count_of(&entry->value);
    }
    return 0;
}

static enum mq_content_step content_step(struct mq_content *content)
{
    if (content->left > 0)
        return MQ_CONTENT_MORE;
    content->stage = MQ_CONTENT_IDLE;
    return MQ_CONTENT_WHOLE;
}

static enum mq_content_step feed_header(struct mq_content *content, const amqp_frame_t *frame)
{
    const amqp_basic_properties_t *properties = frame->payload.properties.decoded;
    struct mq_delivery *delivery = &content->delivery;
    int64_t correlation = 0;

    if (content->stage != MQ_CONTENT_ANNOUNCED)
        return MQ_CONTENT_MALFORMED;
    if (frame->payload.properties.class_id != AMQP_BASIC_CLASS)
        return MQ_CONTENT_MALFORMED;
    if ((properties->_flags & AMQP_BASIC_TYPE_FLAG) != 0)
        delivery->type = keep(properties->type, content->type);
    if ((properties->_flags & AMQP_BASIC_CORRELATION_ID_FLAG) != 0 &&
        !fc_str_to_i64(str_of(properties->correlation_id), 1, INT64_MAX, &correlation))
        correlation = 0;
    content->correlation = (uint64_t)correlation;
    delivery->delivery_count = delivery_count(properties);
    delivery->body = (struct fc_str){content->body, 0};
    content->left = frame->payload.properties.body_size;
    delivery->oversized = content->left > content->body_size;
    content->stage = MQ_CONTENT_BODY;
    return content_step(content);
}

static enum mq_content_step feed_body(struct mq_content *content, amqp_bytes_t part)
{
    struct fc_str *body = &content->delivery.body;
    size_t room = content->body_size - body->len;
    size_t kept = part.len < room ? part.len : room;

    if (content->stage != MQ_CONTENT_BODY || part.len > content->left)
        return MQ_CONTENT_MALFORMED;
    if (kept > 0)
        memcpy(content->body + body->len, part.bytes, kept);
    body->len += kept;
    content->left -= part.len;
    return content_step(content);
}

enum mq_content_step mq_content_feed(struct mq_content *content, const struct amqp_frame_t_ *frame)
{
    switch (frame->frame_type) {
    case AMQP_FRAME_METHOD:
        return feed_method(content, &frame->payload.method);
    case AMQP_FRAME_HEADER:
        return feed_header(content, frame);
    case AMQP_FRAME_BODY:
        return feed_body(content, frame->payload.body_fragment);
    default:
        return MQ_CONTENT_MALFORMED;
    }
}
