#include "support/sender.h"

#include "base/assert.h"
#include "host/clock.h"
#include "mq/consumer.h"
#include "mq/publisher.h"
#include "mq/topology.h"

#include <poll.h>

#define CONFIRM_MS 30000
/* After that long without a verdict the message is published again. */
#define PATIENCE_MS 5000
#define VERDICT_MS_MAX 120000
#define TURN_MS 100
#define REPLIES 0

static struct {
    struct mq_publisher *publisher;
    struct mq_consumer *consumer;
    int32_t partitions;
    char reply_to[MQ_TEXT_MAX];
    int64_t repeats;
} sender;

enum fc_rc sender_open(const char *url, int32_t partitions, struct fc_err *ret_err)
{
    struct mq_settings settings;

    sender.partitions = partitions;
    if (mq_settings_parse(fc_str_of(url), "sender", &settings, ret_err) == FC_FAIL ||
        mq_publisher_open(&settings, &sender.publisher, ret_err) == FC_FAIL ||
        mq_consumer_open(&settings, &sender.consumer, ret_err) == FC_FAIL)
        return FC_FAIL;
    return mq_consumer_subscribe_private(sender.consumer, NULL, 0, REPLIES, sender.reply_to,
                                         ret_err);
}

void sender_close(void)
{
    mq_publisher_close(sender.publisher);
    mq_consumer_close(sender.consumer);
    sender.publisher = NULL;
    sender.consumer = NULL;
}

int64_t sender_repeats(void)
{
    return sender.repeats;
}

static struct fc_str written(struct fc_arena *arena, const struct fc_buf *buf)
{
    struct fc_str text;

    FC_ASSERT(fc_arena_buf_end(arena, buf, &text));
    return text;
}

static struct fc_str message_of(const struct wire_command *command, struct fc_arena *arena)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);

    wire_command_put(&buf, command);
    return written(arena, &buf);
}

bool sender_write(struct wire_command *command, struct fc_arena *arena)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct wire_message message;

    wire_command_key_put(&buf, command->command.key);
    command->key = written(arena, &buf);
    buf = fc_arena_buf_begin(arena);
    wire_body_put(&buf, &command->command);
    command->body = written(arena, &buf);
    command->reply_to = fc_str_of(sender.reply_to);
    FC_ASSERT(wire_message_parse(message_of(command, arena), arena, &message));
    return message.reject_count == 0;
}

static enum fc_rc publish(const struct wire_command *command, struct fc_err *ret_err)
{
    static char bytes[MESSAGE_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(bytes, sizeof(bytes));
    char queue[WIRE_QUEUE_TEXT_MAX];
    uint64_t seq;

    wire_command_put(&buf, command);
    FC_ASSERT(!buf.overflow);
    wire_route_queue(wire_command_family(command->command.type),
                     wire_route_partition(command->key, sender.partitions), queue);
    struct mq_message message = {.exchange = FC_STR(MQ_EXCHANGE_COMMANDS),
                                 .routing_key = fc_str_of(queue),
                                 .type = FC_STR("firstcome.commands.v1"),
                                 .body = fc_buf_str(&buf),
                                 .mandatory = true};

    if (mq_publisher_put(sender.publisher, &message, &seq, ret_err) == FC_FAIL)
        return FC_FAIL;
    return mq_publisher_wait(sender.publisher, CONFIRM_MS, ret_err);
}

/* The document of that id in a message of verdicts; NULL when it has none: one of before that came
 * twice. */
static struct json_object *document_in(struct fc_str body, const struct fc_uuid *id,
                                       struct told *ret_told)
{
    struct json_object *list = told_parse(body);
    struct json_object *found = NULL;
    size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;

    for (size_t i = 0; i < count && found == NULL; i++) {
        struct json_object *document = json_object_array_get_idx(list, i);

        if (told_read(document, ret_told) && fc_uuid_eq(&ret_told->command_id, id))
            found = json_object_get(document);
    }
    (void)json_object_put(list);
    return found;
}

/* What has arrived, until the verdict is among it. */
static enum fc_rc take(const struct fc_uuid *id, struct told *ret_told,
                       struct json_object **ret_document, struct fc_err *ret_err)
{
    struct mq_delivery delivery;
    bool got = true;

    while (got && *ret_document == NULL) {
        if (mq_consumer_next(sender.consumer, &delivery, &got, ret_err) == FC_FAIL)
            return FC_FAIL;
        if (got)
            *ret_document = document_in(delivery.body, id, ret_told);
    }
    return FC_OK;
}

static void no_fate(void *arg, uint64_t seq, enum mq_fate fate)
{
    (void)arg;
    (void)seq;
    (void)fate;
}

enum fc_rc sender_beat(struct fc_err *ret_err)
{
    if (mq_consumer_beat(sender.consumer, ret_err) == FC_FAIL)
        return FC_FAIL;
    return mq_publisher_poll(sender.publisher, no_fate, NULL, ret_err);
}

/* Until the verdict is there, PATIENCE_MS at most. */
static enum fc_rc await(const struct fc_uuid *id, struct told *ret_told,
                        struct json_object **ret_document, struct fc_err *ret_err)
{
    struct fc_mono since = fc_clock_mono();

    while (*ret_document == NULL && fc_clock_ms_since(since) < PATIENCE_MS) {
        struct pollfd ready = {.fd = mq_consumer_fd(sender.consumer), .events = POLLIN};

        if (!mq_consumer_has_buffered(sender.consumer))
            (void)poll(&ready, 1, TURN_MS);
        if (take(id, ret_told, ret_document, ret_err) == FC_FAIL ||
            mq_publisher_poll(sender.publisher, no_fate, NULL, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return FC_OK;
}

enum fc_rc sender_ask(const struct wire_command *command, struct told *ret_told,
                      struct json_object **ret_document, struct fc_err *ret_err)
{
    const struct fc_uuid *id = &command->command.id;
    struct fc_mono since = fc_clock_mono();

    *ret_document = NULL;
    for (int64_t tries = 0; *ret_document == NULL; tries++) {
        if (fc_clock_ms_since(since) > VERDICT_MS_MAX)
            return fc_err_set(ret_err, FC_CURE_RETRY, "sender", "no verdict in %d s",
                              VERDICT_MS_MAX / 1000);
        sender.repeats += tries > 0;
        if (publish(command, ret_err) == FC_FAIL ||
            await(id, ret_told, ret_document, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return FC_OK;
}
