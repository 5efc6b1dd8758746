/*
 * What is published comes out as it went in, however little the socket takes at a time: messages of
 * all sizes go through a queue of its own, by a publisher whose socket holds next to nothing, and
 * are compared byte by byte. For the tests of TLS, where a write that is cut must go on with the
 * same bytes, and where what was read may stand in a buffer that no descriptor tells of.
 * Where the broker is it takes from FIRSTCOME_BROKER.
 */
#include "base/limits.h"
#include "host/clock.h"
#include "host/process.h"
#include "mq/consumer.h"
#include "mq/publisher.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SOURCE 0
#define BODY_BYTES_MAX 300000
#define SOCKET_BYTES 8192
/* Of so many all but one leave alone. */
#define TOGETHER_EVERY 10
#define FLOOD_MS_MAX 240000

struct flood {
    struct mq_publisher *publisher;
    struct mq_consumer *consumer;
    char queue[MQ_TEXT_MAX];
    int64_t wanted;
    int64_t sent;
    int64_t confirmed;
    int64_t received;
    int64_t stuck; /* turns that ended with bytes which the socket did not take */
    char body[BODY_BYTES_MAX];
};

static int trouble(const struct fc_err *err)
{
    (void)fprintf(stderr, "mq_flood: %s: %s\n", err->where, err->text);
    return FC_EXIT_LATER;
}

/* The bytes of a message follow from its number: many are short, some need several records. */
static size_t body_of(int64_t number, char body[BODY_BYTES_MAX])
{
    uint64_t mixed = (uint64_t)number * 0x9E3779B97F4A7C15U;
    size_t len = (size_t)(mixed >> 40) % (mixed % 7 == 0 ? BODY_BYTES_MAX : 5000) + 1;

    for (size_t i = 0; i < len; i++)
        body[i] = (char)('a' + (i * 7 + (size_t)number) % 26);
    return len;
}

static void on_fate(void *arg, uint64_t seq, enum mq_fate fate)
{
    struct flood *flood = arg;

    (void)seq;
    if (fate == MQ_CONFIRMED)
        flood->confirmed++;
}

static enum fc_rc publish(struct flood *flood, struct fc_err *ret_err)
{
    while (flood->sent < flood->wanted &&
           mq_publisher_unconfirmed_bytes(flood->publisher) < UNCONFIRMED_BYTES_MAX) {
        struct mq_message message = {.routing_key = fc_str_of(flood->queue),
                                     .type = FC_STR("flood.v1"),
                                     .mandatory = true,
                                     .transient = true};
        uint64_t seq;

        message.body = (struct fc_str){flood->body, body_of(flood->sent, flood->body)};
        if (mq_publisher_put(flood->publisher, &message, &seq, ret_err) != FC_OK)
            return FC_FAIL;
        flood->sent++;
        /* What the socket does not take of one alone begins with a frame, not within one. */
        if (flood->sent % TOGETHER_EVERY == 0)
            continue;
        if (mq_publisher_flush(flood->publisher, ret_err) != FC_OK)
            return FC_FAIL;
        if (mq_publisher_wants_write(flood->publisher))
            break;
    }
    if (mq_publisher_flush(flood->publisher, ret_err) != FC_OK)
        return FC_FAIL;
    if (mq_publisher_wants_write(flood->publisher))
        flood->stuck++;
    return mq_publisher_poll(flood->publisher, on_fate, flood, ret_err);
}

static enum fc_rc consume(struct flood *flood, struct fc_err *ret_err)
{
    struct mq_delivery delivery;
    bool got = true;

    for (;;) {
        if (mq_consumer_next(flood->consumer, &delivery, &got, ret_err) != FC_OK)
            return FC_FAIL;
        if (!got)
            return FC_OK;
        size_t len = body_of(flood->received, flood->body);

        if (delivery.body.len != len || memcmp(delivery.body.ptr, flood->body, len) != 0)
            return fc_err_set(ret_err, FC_CURE_EXIT, "consume", "message %lld is not as it was",
                              (long long)flood->received);
        flood->received++;
    }
}

static enum fc_rc wait_for_both(struct flood *flood, struct fc_err *ret_err)
{
    struct pollfd sockets[2] = {{.fd = mq_publisher_fd(flood->publisher)},
                                {.fd = mq_consumer_fd(flood->consumer), .events = POLLIN}};

    if (mq_publisher_wants_read(flood->publisher))
        sockets[0].events |= POLLIN;
    if (mq_publisher_wants_write(flood->publisher))
        sockets[0].events |= POLLOUT;
    if (mq_consumer_has_buffered(flood->consumer))
        return FC_OK;
    if (poll(sockets, 2, HEARTBEAT_S * 1000 / 2) < 0 && errno != EINTR)
        return fc_err_set_sys(ret_err, FC_CURE_EXIT, "poll", errno);
    return FC_OK;
}

static enum fc_rc flood_run(struct flood *flood, struct fc_err *ret_err)
{
    struct fc_mono begun = fc_clock_mono();

    while (flood->confirmed < flood->wanted || flood->received < flood->wanted) {
        if (fc_clock_ms_since(begun) > FLOOD_MS_MAX)
            return fc_err_set(ret_err, FC_CURE_EXIT, "flood", "%lld confirmed, %lld received",
                              (long long)flood->confirmed, (long long)flood->received);
        if (publish(flood, ret_err) != FC_OK || consume(flood, ret_err) != FC_OK ||
            wait_for_both(flood, ret_err) != FC_OK)
            return FC_FAIL;
    }
    return FC_OK;
}

static enum fc_rc flood_open(struct flood *flood, struct fc_err *ret_err)
{
    struct mq_settings settings;
    int bytes = SOCKET_BYTES;

    if (mq_settings_parse(fc_str_of(getenv("FIRSTCOME_BROKER")), "mq_flood", &settings, ret_err) !=
            FC_OK ||
        mq_consumer_open(&settings, &flood->consumer, ret_err) != FC_OK ||
        mq_consumer_subscribe_private(flood->consumer, NULL, 0, SOURCE, flood->queue, ret_err) !=
            FC_OK ||
        mq_publisher_open(&settings, &flood->publisher, ret_err) != FC_OK)
        return FC_FAIL;
    if (setsockopt(mq_publisher_fd(flood->publisher), SOL_SOCKET, SO_SNDBUF, &bytes,
                   sizeof(bytes)) != 0)
        return fc_err_set_sys(ret_err, FC_CURE_EXIT, "setsockopt", errno);
    return FC_OK;
}

int main(int argc, char **argv)
{
    static struct flood flood;
    struct fc_err err;

    if (argc != 2 || !fc_str_to_i64(fc_str_of(argv[1]), 1, 1000000, &flood.wanted)) {
        (void)fputs("Usage: mq_flood MESSAGES\n", stderr);
        return FC_EXIT_USAGE;
    }
    enum fc_rc rc = flood_open(&flood, &err);

    if (rc == FC_OK)
        rc = flood_run(&flood, &err);
    mq_publisher_close(flood.publisher);
    mq_consumer_close(flood.consumer);
    if (rc != FC_OK)
        return trouble(&err);
    (void)printf("%lld %lld\n", (long long)flood.received, (long long)flood.stuck);
    return FC_EXIT_OK;
}
