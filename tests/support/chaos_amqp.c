#include "support/chaos_amqp.h"

#include "base/assert.h"
#include "host/backoff.h"
#include "host/clock.h"
#include "mq/consumer.h"
#include "mq/publisher.h"
#include "mq/topology.h"

#define CONNECT_MS_MIN 200
#define CONNECT_MS_MAX 10000
/* The oldest message waits longer for its confirm than an alarm mostly lasts. */
#define CONFIRM_MS_MAX 30000
#define REPLIES 0
#define NO_TAG (-1)

struct slot {
    int64_t tag; /* NO_TAG: settled */
    struct fc_mono put;
};

static struct {
    struct mq_settings settings;
    int32_t partitions;
    struct chaos_amqp_calls calls;
    struct mq_publisher *publisher; /* NULL: not connected, and the consumer neither */
    struct mq_consumer *consumer;
    char reply_to[MQ_TEXT_MAX];
    struct fc_backoff backoff;
    struct fc_mono connect_at;
    uint64_t first;                                /* the oldest that may be unsettled */
    uint64_t next;                                 /* behind the newest */
    struct slot slots[CHAOS_AMQP_UNCONFIRMED_MAX]; /* by seq, modulo their number */
} amqp;

enum fc_rc chaos_amqp_open(const char *url, int32_t partitions, int64_t seed,
                           const struct chaos_amqp_calls *calls, struct fc_err *ret_err)
{
    amqp.partitions = partitions;
    amqp.calls = *calls;
    fc_backoff_init_between(&amqp.backoff, CONNECT_MS_MIN, CONNECT_MS_MAX, (uint64_t)seed);
    return mq_settings_parse(fc_str_of(url), "chaos", &amqp.settings, ret_err);
}

static struct slot *slot_of(uint64_t seq)
{
    return &amqp.slots[seq % CHAOS_AMQP_UNCONFIRMED_MAX];
}

static void settle(uint64_t seq, bool confirmed)
{
    int64_t tag = slot_of(seq)->tag;

    slot_of(seq)->tag = NO_TAG;
    if (tag != NO_TAG)
        amqp.calls.settled(amqp.calls.arg, tag, confirmed);
}

/* Of what is not confirmed nobody knows whether it was taken. */
static void disconnect(void)
{
    mq_publisher_close(amqp.publisher);
    mq_consumer_close(amqp.consumer);
    amqp.publisher = NULL;
    amqp.consumer = NULL;
    amqp.connect_at = fc_clock_mono();
    amqp.connect_at.us += fc_backoff_next_ms(&amqp.backoff) * INT64_C(1000);
    for (; amqp.first < amqp.next; amqp.first++)
        settle(amqp.first, false);
}

void chaos_amqp_close(void)
{
    disconnect();
}

static void connect(void)
{
    struct fc_err err;

    if (mq_publisher_open(&amqp.settings, &amqp.publisher, &err) == FC_FAIL ||
        mq_consumer_open(&amqp.settings, &amqp.consumer, &err) == FC_FAIL ||
        mq_consumer_subscribe_private(amqp.consumer, NULL, 0, REPLIES, amqp.reply_to, &err) ==
            FC_FAIL) {
        disconnect();
        return;
    }
    fc_backoff_reset(&amqp.backoff);
    amqp.first = 1;
    amqp.next = 1;
}

bool chaos_amqp_is_ready(void)
{
    return amqp.publisher != NULL && !mq_publisher_is_blocked(amqp.publisher, NULL) &&
           amqp.next - amqp.first < CHAOS_AMQP_UNCONFIRMED_MAX;
}

/* --- publishing ------------------------------------------------------------------------------- */

static struct fc_str text_end(struct fc_buf *all, size_t begin)
{
    FC_ASSERT(!all->overflow);
    return (struct fc_str){all->ptr + begin, all->len - begin};
}

void chaos_amqp_publish(struct wire_command *command, int64_t tag)
{
    static char texts[MESSAGE_BYTES_SOFT_MAX];
    static char bytes[MESSAGE_BYTES_SOFT_MAX];
    struct fc_buf text = fc_buf_of(texts, sizeof(texts));
    struct fc_buf buf = fc_buf_of(bytes, sizeof(bytes));
    char queue[WIRE_QUEUE_TEXT_MAX];
    struct fc_err err;
    uint64_t seq;

    FC_ASSERT(chaos_amqp_is_ready());
    wire_command_key_put(&text, command->command.key);
    command->key = text_end(&text, 0);
    wire_body_put(&text, &command->command);
    command->body = text_end(&text, command->key.len);
    command->reply_to = fc_str_of(amqp.reply_to);
    wire_command_put(&buf, command);
    FC_ASSERT(!buf.overflow);
    wire_route_queue(wire_command_family(command->command.type),
                     wire_route_partition(command->key, amqp.partitions), queue);
    struct mq_message message = {.exchange = FC_STR(MQ_EXCHANGE_COMMANDS),
                                 .routing_key = fc_str_of(queue),
                                 .type = FC_STR("firstcome.commands.v1"),
                                 .body = fc_buf_str(&buf),
                                 .mandatory = true};

    if (mq_publisher_put(amqp.publisher, &message, &seq, &err) == FC_FAIL) {
        amqp.calls.settled(amqp.calls.arg, tag, false);
        return;
    }
    FC_ASSERT(seq == amqp.next);
    *slot_of(seq) = (struct slot){tag, fc_clock_mono()};
    amqp.next++;
}

/* --- a turn ----------------------------------------------------------------------------------- */

int32_t chaos_amqp_fds(struct pollfd ret_fds[2])
{
    if (amqp.publisher == NULL)
        return 0;
    ret_fds[0] = (struct pollfd){.fd = mq_publisher_fd(amqp.publisher)};
    if (mq_publisher_wants_read(amqp.publisher))
        ret_fds[0].events |= POLLIN;
    if (mq_publisher_wants_write(amqp.publisher))
        ret_fds[0].events |= POLLOUT;
    ret_fds[1] = (struct pollfd){.fd = mq_consumer_fd(amqp.consumer), .events = POLLIN};
    return 2;
}

bool chaos_amqp_has_more(void)
{
    return amqp.consumer != NULL && mq_consumer_has_buffered(amqp.consumer);
}

static void on_fate(void *arg, uint64_t seq, enum mq_fate fate)
{
    (void)arg;
    settle(seq, fate == MQ_CONFIRMED);
    while (amqp.first < amqp.next && slot_of(amqp.first)->tag == NO_TAG)
        amqp.first++;
}

static void take_verdicts(struct fc_str body)
{
    struct json_object *list = told_parse(body);
    size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;

    for (size_t i = 0; i < count; i++) {
        struct json_object *document = json_object_array_get_idx(list, i);
        struct told told;

        if (told_read(document, &told))
            amqp.calls.verdict(amqp.calls.arg, &told, document);
    }
    (void)json_object_put(list);
}

static enum fc_rc consume(struct fc_err *ret_err)
{
    struct mq_delivery delivery;
    bool got = true;

    while (got) {
        if (mq_consumer_next(amqp.consumer, &delivery, &got, ret_err) == FC_FAIL)
            return FC_FAIL;
        if (got)
            take_verdicts(delivery.body);
    }
    return FC_OK;
}

static bool waits_too_long(void)
{
    return amqp.first < amqp.next && fc_clock_ms_since(slot_of(amqp.first)->put) > CONFIRM_MS_MAX;
}

void chaos_amqp_turn(void)
{
    struct fc_err err;

    if (amqp.publisher == NULL && fc_clock_mono().us >= amqp.connect_at.us)
        connect();
    if (amqp.publisher == NULL)
        return;
    if (mq_publisher_flush(amqp.publisher, &err) == FC_FAIL ||
        mq_publisher_poll(amqp.publisher, on_fate, NULL, &err) == FC_FAIL ||
        consume(&err) == FC_FAIL || waits_too_long())
        disconnect();
}
