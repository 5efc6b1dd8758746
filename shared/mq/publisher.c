#include "mq/publisher.h"

#include "base/assert.h"
#include "base/limits.h"
#include "host/clock.h"
#include "host/process.h"
#include "mq/confirms.h"
#include "mq/content.h"
#include "mq/wire.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define CHANNEL 1
/* All that may be unconfirmed, and two of the largest messages before anyone looks. */
#define OUT_BYTES (UNCONFIRMED_BYTES_MAX + 2 * MESSAGE_BYTES_MAX + 65536)
/* Messages between the oldest unconfirmed and the newest. */
#define RING_SLOTS 65536

struct mq_publisher {
    struct mq_wire wire;
    struct mq_confirms confirms;
    struct mq_content returned; /* its body is not kept */
    struct mq_unconfirmed ring[RING_SLOTS];
};

static_assert(RING_SLOTS > HTTP_INFLIGHT_MAX, "each request in flight may be a message");

enum fc_rc mq_publisher_open(const struct mq_settings *settings,
                             struct mq_publisher **ret_publisher, struct fc_err *ret_err)
{
    struct mq_publisher *publisher = calloc(1, sizeof(*publisher)); /* heap: at open */

    if (publisher == NULL)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "mq_publisher_open",
                          "no memory for a publisher");
    mq_confirms_init(&publisher->confirms, publisher->ring, RING_SLOTS);
    mq_content_init(&publisher->returned, NULL, 0);
    if (mq_wire_open(&publisher->wire, settings, OUT_BYTES, ret_err) != FC_OK)
        goto out;
    if (mq_wire_channel_open(&publisher->wire, CHANNEL, ret_err) != FC_OK)
        goto out;
    (void)amqp_confirm_select(publisher->wire.conn, CHANNEL);
    if (mq_wire_outcome(&publisher->wire, CHANNEL, "confirm.select", ret_err) != FC_OK)
        goto out;
    *ret_publisher = publisher;
    return FC_OK;
out:
    mq_publisher_close(publisher);
    return FC_FAIL;
}

void mq_publisher_close(struct mq_publisher *publisher)
{
    if (publisher == NULL)
        return;
    mq_wire_close(&publisher->wire);
    free(publisher);
}

int mq_publisher_fd(const struct mq_publisher *publisher)
{
    return mq_wire_fd(&publisher->wire);
}

bool mq_publisher_wants_write(const struct mq_publisher *publisher)
{
    return mq_out_pending(&publisher->wire.out) > 0;
}

/* Reading may send a heartbeat, which must not land inside a frame of ours; and with the socket
 * full during an alarm the library would wait for the alarm's end to send it. */
bool mq_publisher_wants_read(const struct mq_publisher *publisher)
{
    return !mq_wire_is_cut(&publisher->wire) &&
           !(publisher->wire.blocked && mq_publisher_wants_write(publisher));
}

bool mq_publisher_is_blocked(const struct mq_publisher *publisher, const char **ret_reason)
{
    if (publisher->wire.blocked && ret_reason != NULL)
        *ret_reason = publisher->wire.blocked_reason;
    return publisher->wire.blocked;
}

size_t mq_publisher_unconfirmed_bytes(const struct mq_publisher *publisher)
{
    return publisher->confirms.bytes;
}

uint64_t mq_publisher_settled_to(const struct mq_publisher *publisher)
{
    return mq_confirms_settled_to(&publisher->confirms);
}

enum fc_rc mq_publisher_put(struct mq_publisher *publisher, const struct mq_message *message,
                            uint64_t *ret_seq, struct fc_err *ret_err)
{
    struct mq_out *out = &publisher->wire.out;
    size_t pending = mq_out_pending(out);

    if (publisher->wire.lost) {
        *ret_err = publisher->wire.err;
        return FC_FAIL;
    }
    if (mq_confirms_is_full(&publisher->confirms))
        return fc_err_set(ret_err, FC_CURE_RETRY, "mq_publisher_put",
                          "%d messages wait for their confirms", RING_SLOTS);
    if (!mq_out_put_message(out, CHANNEL, message, publisher->confirms.next))
        return fc_err_set(ret_err, FC_CURE_RETRY, "mq_publisher_put", "%zu bytes wait to be sent",
                          pending);
    *ret_seq =
        mq_confirms_add(&publisher->confirms, mq_out_pending(out) - pending, message->transient);
    return FC_OK;
}

enum fc_rc mq_publisher_flush(struct mq_publisher *publisher, struct fc_err *ret_err)
{
    return mq_wire_flush(&publisher->wire, ret_err);
}

/* --- the broker's answers --------------------------------------------------------------------- */

static bool take_content(struct mq_publisher *publisher, const amqp_frame_t *frame)
{
    switch (mq_content_feed(&publisher->returned, frame)) {
    case MQ_CONTENT_MORE:
        return true;
    case MQ_CONTENT_WHOLE:
        return mq_confirms_returned(&publisher->confirms, publisher->returned.correlation);
    case MQ_CONTENT_MALFORMED:
        return false;
    }
    FC_UNREACHABLE("no such step");
}

static bool take_frame(struct mq_publisher *publisher, const amqp_frame_t *frame, mq_fate_fn *fate,
                       void *arg)
{
    struct mq_confirms *confirms = &publisher->confirms;
    const void *decoded = frame->payload.method.decoded;

    if (frame->channel != CHANNEL)
        return true;
    if (frame->frame_type == AMQP_FRAME_METHOD &&
        frame->payload.method.id == AMQP_BASIC_ACK_METHOD) {
        const amqp_basic_ack_t *ack = decoded;

        return mq_confirms_settle(confirms, ack->delivery_tag, ack->multiple != 0, false, fate,
                                  arg);
    }
    if (frame->frame_type == AMQP_FRAME_METHOD &&
        frame->payload.method.id == AMQP_BASIC_NACK_METHOD) {
        const amqp_basic_nack_t *nack = decoded;

        return mq_confirms_settle(confirms, nack->delivery_tag, nack->multiple != 0, true, fate,
                                  arg);
    }
    return take_content(publisher, frame);
}

enum fc_rc mq_publisher_poll(struct mq_publisher *publisher, mq_fate_fn *fate, void *arg,
                             struct fc_err *ret_err)
{
    amqp_frame_t frame;
    bool got;

    if (!mq_publisher_wants_read(publisher) && mq_publisher_flush(publisher, ret_err) != FC_OK)
        return FC_FAIL;
    if (!mq_publisher_wants_read(publisher))
        return mq_wire_listen(&publisher->wire, ret_err);
    for (;;) {
        if (mq_wire_read(&publisher->wire, &frame, &got, ret_err) != FC_OK)
            return FC_FAIL;
        if (!got)
            return FC_OK;
        if (!take_frame(publisher, &frame, fate, arg))
            return mq_wire_lose(&publisher->wire, ret_err, "mq_publisher_poll",
                                "the broker answered what was not asked");
    }
}

/* --- waiting ---------------------------------------------------------------------------------- */

struct wait_tally {
    uint64_t refused;
    uint64_t unrouted;
};

static void wait_fate(void *arg, uint64_t seq, enum mq_fate fate)
{
    struct wait_tally *tally = arg;

    (void)seq;
    switch (fate) {
    case MQ_CONFIRMED:
        break;
    case MQ_REFUSED:
    case MQ_DROPPED:
        tally->refused++;
        break;
    case MQ_UNROUTED:
        tally->unrouted++;
        break;
    }
}

static enum fc_rc wait_for_socket(struct mq_publisher *publisher, int64_t wait_ms,
                                  struct fc_err *ret_err)
{
    int64_t beat_ms = HEARTBEAT_S * 1000 / 2;
    struct pollfd socket = {.fd = mq_publisher_fd(publisher)};

    if (mq_publisher_wants_read(publisher))
        socket.events |= POLLIN;
    if (mq_publisher_wants_write(publisher))
        socket.events |= POLLOUT;
    if (poll(&socket, 1, (int)(wait_ms < beat_ms ? wait_ms : beat_ms)) < 0 && errno != EINTR)
        return mq_wire_lose(&publisher->wire, ret_err, "mq_publisher_wait", "poll: %s",
                            strerror(errno));
    return FC_OK;
}

enum fc_rc mq_publisher_wait(struct mq_publisher *publisher, int32_t wait_ms,
                             struct fc_err *ret_err)
{
    struct wait_tally tally = {0, 0};
    struct fc_mono begun = fc_clock_mono();
    int64_t blocked_ms = 0;

    for (;;) {
        struct fc_mono turn = fc_clock_mono();

        if (mq_publisher_flush(publisher, ret_err) != FC_OK)
            return FC_FAIL;
        if (mq_publisher_poll(publisher, wait_fate, &tally, ret_err) != FC_OK)
            return FC_FAIL;
        if (publisher->confirms.count == 0)
            break;
        int64_t elapsed_ms = fc_clock_ms_since(begun);
        int64_t left_ms = wait_ms - (elapsed_ms - blocked_ms);
        bool give_up = fc_process_stopping() && elapsed_ms >= 2 * (int64_t)wait_ms;

        if (left_ms <= 0 || give_up)
            return mq_wire_lose(&publisher->wire, ret_err, "mq_publisher_wait",
                                "%llu messages were not confirmed in time%s%s",
                                (unsigned long long)publisher->confirms.count,
                                publisher->wire.blocked ? "; the broker is blocked: " : "",
                                publisher->wire.blocked ? publisher->wire.blocked_reason : "");
        if (wait_for_socket(publisher, left_ms, ret_err) != FC_OK)
            return FC_FAIL;
        if (publisher->wire.blocked)
            blocked_ms += fc_clock_ms_since(turn);
    }
    if (tally.refused + tally.unrouted > 0)
        return fc_err_set(ret_err, FC_CURE_RETRY, "mq_publisher_wait",
                          "%llu messages refused, %llu without a queue",
                          (unsigned long long)tally.refused, (unsigned long long)tally.unrouted);
    return FC_OK;
}
