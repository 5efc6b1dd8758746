#include "mq/wire.h"

#include "base/assert.h"
#include "base/limits.h"
#include "host/clock.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

/* As the library does: two heartbeats and the grace of one. */
#define SILENCE_MS_MAX (3 * HEARTBEAT_S * 1000)
/* With as much unread the socket may be full: then it is not the broker that is silent. */
#define UNREAD_BYTES_MAX 16384

static struct fc_str str_of(amqp_bytes_t bytes)
{
    return (struct fc_str){bytes.bytes, bytes.len};
}

enum fc_rc mq_wire_lose(struct mq_wire *wire, struct fc_err *ret_err, const char *where,
                        const char *format, ...)
{
    char text[sizeof(wire->err.text)];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    (void)fc_err_set(&wire->err, FC_CURE_RECONNECT, where, "%s", text);
    wire->lost = true;
    *ret_err = wire->err;
    return FC_FAIL;
}

int mq_wire_fd(const struct mq_wire *wire)
{
    return amqp_get_sockfd(wire->conn);
}

/* --- writing ---------------------------------------------------------------------------------- */

bool mq_wire_is_cut(const struct mq_wire *wire)
{
    return mq_out_is_cut(&wire->out) || mq_tls_is_cut(&wire->tls);
}

/* What the socket takes now of what is pending; *ret_sent 0: nothing. */
static enum fc_rc wire_send(struct mq_wire *wire, size_t *ret_sent, struct fc_err *ret_err)
{
    const char *bytes = wire->out.ptr + wire->out.begin;
    size_t size = mq_out_pending(&wire->out);
    ssize_t sent;

    if (wire->tls.ssl != NULL) {
        if (mq_tls_send(&wire->tls, bytes, size, ret_sent))
            return FC_OK;
        return mq_wire_lose(wire, ret_err, "mq_wire_flush", "send: the TLS connection is broken");
    }
    do
        sent = send(mq_wire_fd(wire), bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    *ret_sent = sent > 0 ? (size_t)sent : 0;
    if (sent < 0 && errno != EAGAIN)
        return mq_wire_lose(wire, ret_err, "mq_wire_flush", "send: %s", strerror(errno));
    return FC_OK;
}

enum fc_rc mq_wire_flush(struct mq_wire *wire, struct fc_err *ret_err)
{
    size_t sent = 1;

    if (wire->lost) {
        *ret_err = wire->err;
        return FC_FAIL;
    }
    while (mq_out_pending(&wire->out) > 0 && sent > 0) {
        if (wire_send(wire, &sent, ret_err) != FC_OK)
            return FC_FAIL;
        mq_out_sent(&wire->out, sent);
    }
    return FC_OK;
}

enum fc_rc mq_wire_flush_all(struct mq_wire *wire, struct fc_err *ret_err)
{
    struct fc_mono begun = fc_clock_mono();

    for (;;) {
        if (mq_wire_flush(wire, ret_err) != FC_OK)
            return FC_FAIL;
        if (mq_out_pending(&wire->out) == 0)
            return FC_OK;
        int64_t left_ms = MQ_RPC_MS_MAX - fc_clock_ms_since(begun);
        struct pollfd writable = {.fd = mq_wire_fd(wire), .events = POLLOUT};

        if (left_ms <= 0)
            return mq_wire_lose(wire, ret_err, "mq_wire_flush_all",
                                "the broker took nothing for %d ms", MQ_RPC_MS_MAX);
        if (poll(&writable, 1, (int)left_ms) < 0 && errno != EINTR)
            return mq_wire_lose(wire, ret_err, "mq_wire_flush_all", "poll: %s", strerror(errno));
    }
}

/* --- what the broker closes ------------------------------------------------------------------- */

/* A courtesy that frees the channel's number; there may be no one to hear it. */
static void answer(struct mq_wire *wire, uint16_t channel, uint32_t method, const void *decoded)
{
    struct fc_err ignored;

    bool sent = mq_out_put_method(&wire->out, channel, method, decoded) &&
                mq_wire_flush(wire, &ignored) == FC_OK;

    (void)sent;
}

static enum fc_rc connection_closed(struct mq_wire *wire, const amqp_connection_close_t *close,
                                    const char *where, struct fc_err *ret_err)
{
    const amqp_connection_close_ok_t ok = {0};
    struct fc_str text = str_of(close->reply_text);

    answer(wire, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &ok);
    (void)mq_wire_lose(wire, ret_err, where, "the broker closed the connection: " FC_STR_FMT,
                       FC_STR_ARG(text));
    (void)snprintf(wire->err.code, sizeof(wire->err.code), "%u", (unsigned)close->reply_code);
    *ret_err = wire->err;
    return FC_FAIL;
}

static enum fc_rc channel_closed(struct mq_wire *wire, uint16_t channel,
                                 const amqp_channel_close_t *close, const char *where,
                                 struct fc_err *ret_err)
{
    const amqp_channel_close_ok_t ok = {0};
    struct fc_str text = str_of(close->reply_text);

    (void)fc_err_set(ret_err, FC_CURE_RECONNECT, where,
                     "the broker closed the channel: " FC_STR_FMT, FC_STR_ARG(text));
    (void)snprintf(ret_err->code, sizeof(ret_err->code), "%u", (unsigned)close->reply_code);
    answer(wire, channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &ok);
    return FC_FAIL;
}

enum fc_rc mq_wire_reply(struct mq_wire *wire, uint16_t channel,
                         const struct amqp_rpc_reply_t_ *reply, const char *where,
                         struct fc_err *ret_err)
{
    switch (reply->reply_type) {
    case AMQP_RESPONSE_NORMAL:
        return FC_OK;
    case AMQP_RESPONSE_NONE:
        return mq_wire_lose(wire, ret_err, where, "the broker hung up");
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
        return mq_wire_lose(wire, ret_err, where, "%s", amqp_error_string2(reply->library_error));
    case AMQP_RESPONSE_SERVER_EXCEPTION:
        if (reply->reply.id == AMQP_CONNECTION_CLOSE_METHOD)
            return connection_closed(wire, reply->reply.decoded, where, ret_err);
        if (reply->reply.id == AMQP_CHANNEL_CLOSE_METHOD)
            return channel_closed(wire, channel, reply->reply.decoded, where, ret_err);
        return mq_wire_lose(wire, ret_err, where, "the broker answered with method %08x",
                            (unsigned)reply->reply.id);
    }
    FC_UNREACHABLE("no such type of reply");
}

enum fc_rc mq_wire_outcome(struct mq_wire *wire, uint16_t channel, const char *where,
                           struct fc_err *ret_err)
{
    amqp_rpc_reply_t reply = amqp_get_rpc_reply(wire->conn);

    return mq_wire_reply(wire, channel, &reply, where, ret_err);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* Deals with what concerns the connection; *ret_mine tells whether the frame did. */
static enum fc_rc wire_take(struct mq_wire *wire, const amqp_frame_t *frame, bool *ret_mine,
                            struct fc_err *ret_err)
{
    const void *decoded = frame->payload.method.decoded;

    *ret_mine = true;
    if (frame->frame_type != AMQP_FRAME_METHOD) {
        *ret_mine = frame->channel == 0;
        return FC_OK;
    }
    switch (frame->payload.method.id) {
    case AMQP_CONNECTION_CLOSE_METHOD:
        return connection_closed(wire, decoded, "mq_wire_read", ret_err);
    case AMQP_CHANNEL_CLOSE_METHOD: {
        struct fc_err why;

        (void)channel_closed(wire, frame->channel, decoded, "mq_wire_read", &why);
        (void)mq_wire_lose(wire, ret_err, why.where, "%s", why.text);
        memcpy(wire->err.code, why.code, sizeof(why.code));
        *ret_err = wire->err;
        return FC_FAIL;
    }
    case AMQP_CONNECTION_BLOCKED_METHOD: {
        const amqp_connection_blocked_t *blocked = decoded;

        wire->blocked = true;
        (void)fc_str_copy(str_of(blocked->reason), wire->blocked_reason, MQ_TEXT_MAX);
        return FC_OK;
    }
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
        wire->blocked = false;
        return FC_OK;
    default:
        *ret_mine = frame->channel == 0;
        return FC_OK;
    }
}

enum fc_rc mq_wire_read(struct mq_wire *wire, struct amqp_frame_t_ *ret_frame, bool *ret_got,
                        struct fc_err *ret_err)
{
    struct timeval now = {0, 0};
    bool mine;

    if (wire->lost) {
        *ret_err = wire->err;
        return FC_FAIL;
    }
    FC_ASSERT(!mq_wire_is_cut(wire));
    wire->heard = fc_clock_mono();
    wire->unread_bytes = 0;
    do {
        /* The library frees nothing by itself, and must not while a frame is half read. */
        amqp_maybe_release_buffers_on_channel(wire->conn, wire->held);
        int status = amqp_simple_wait_frame_noblock(wire->conn, ret_frame, &now);

        if (status == AMQP_STATUS_TIMEOUT) {
            *ret_got = false;
            return FC_OK;
        }
        if (status != AMQP_STATUS_OK)
            return mq_wire_lose(wire, ret_err, "mq_wire_read", "%s", amqp_error_string2(status));
        wire->held = ret_frame->channel;
        if (wire_take(wire, ret_frame, &mine, ret_err) != FC_OK)
            return FC_FAIL;
    } while (mine);
    *ret_got = true;
    return FC_OK;
}

enum fc_rc mq_wire_listen(struct mq_wire *wire, struct fc_err *ret_err)
{
    int bytes = 0;

    if (wire->lost) {
        *ret_err = wire->err;
        return FC_FAIL;
    }
    if (ioctl(mq_wire_fd(wire), FIONREAD, &bytes) != 0)
        return mq_wire_lose(wire, ret_err, "mq_wire_listen", "ioctl: %s", strerror(errno));
    if (bytes != wire->unread_bytes) {
        wire->unread_bytes = bytes;
        wire->heard = fc_clock_mono();
    }
    if (bytes < UNREAD_BYTES_MAX && fc_clock_ms_since(wire->heard) > SILENCE_MS_MAX)
        return mq_wire_lose(wire, ret_err, "mq_wire_listen", "the broker is silent");
    return FC_OK;
}

bool mq_wire_has_buffered(const struct mq_wire *wire)
{
    return amqp_frames_enqueued(wire->conn) || amqp_data_in_buffer(wire->conn) ||
           (!wire->lost && mq_tls_has_buffered(&wire->tls));
}

/* --- channels --------------------------------------------------------------------------------- */

enum fc_rc mq_wire_channel_open(struct mq_wire *wire, uint16_t channel, struct fc_err *ret_err)
{
    FC_ASSERT(channel >= 1 && channel <= wire->channel_max);
    FC_ASSERT(mq_out_pending(&wire->out) == 0);
    (void)amqp_channel_open(wire->conn, channel);
    return mq_wire_outcome(wire, channel, "channel.open", ret_err);
}

enum fc_rc mq_wire_channel_close(struct mq_wire *wire, uint16_t channel, struct fc_err *ret_err)
{
    amqp_channel_close_t close = {.reply_code = AMQP_REPLY_SUCCESS};

    FC_ASSERT(mq_out_pending(&wire->out) == 0);
    /* Not amqp_channel_close: its reply would have to be carried past mq_wire_outcome. */
    (void)amqp_simple_rpc_decoded(wire->conn, channel, AMQP_CHANNEL_CLOSE_METHOD,
                                  AMQP_CHANNEL_CLOSE_OK_METHOD, &close);
    return mq_wire_outcome(wire, channel, "channel.close", ret_err);
}
