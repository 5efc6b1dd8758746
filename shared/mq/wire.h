/*
 * What publisher, consumer and topology have in common below them: one connection over the
 * library. Frames are written by us (mq/frames.h) and read by the library, which answers
 * heartbeats while it reads. The two take turns: nothing is read, and none of the library's
 * requests made, while a frame of ours is sent in part (under TLS: a record, which holds frames).
 *
 * This floor's own. Cures: credentials refused while opening are EXIT, all else RECONNECT. After
 * trouble of the connection itself the same trouble is told again and again until it is closed.
 */
#ifndef FC_MQ_WIRE_H
#define FC_MQ_WIRE_H

#include "host/clock.h"
#include "mq/frames.h"
#include "mq/tls.h"

/* Answers that are waited for: declare, consume, channel.close. */
#define MQ_RPC_MS_MAX 10000
#define MQ_CHANNELS_MAX 1023
/* RabbitMQ's default; what is agreed on may be less. */
#define MQ_FRAME_BYTES_MAX 131072

struct amqp_connection_state_t_;
struct amqp_frame_t_;
struct amqp_rpc_reply_t_;

struct mq_wire {
    struct amqp_connection_state_t_ *conn;
    struct mq_out out;
    char *memory; /* of `out` */
    struct mq_tls tls;
    int32_t broker_major;
    uint16_t channel_max;
    uint16_t held; /* channel of the frame that was read last: its memory is still in use */
    bool blocked;  /* an alarm: the broker reads nothing from connections that publish */
    char blocked_reason[MQ_TEXT_MAX];
    int unread_bytes;     /* in the socket while nothing may be read */
    struct fc_mono heard; /* when that grew, or was read */
    bool lost;            /* of no use any more, for the reason in `err` */
    struct fc_err err;
};

/* Connects and logs in within DB_CONNECT_S_MAX seconds (the resolver's time aside). Allocates
 * `out_bytes` for frames on their way out. On failure nothing is left open. */
FC_MUST_USE enum fc_rc mq_wire_open(struct mq_wire *wire, const struct mq_settings *settings,
                                    size_t out_bytes, struct fc_err *ret_err);

/* Says goodbye, shortly, where the broker can hear it. Accepts a wire that is zero. */
void mq_wire_close(struct mq_wire *wire);

int mq_wire_fd(const struct mq_wire *wire);

/* Sends what the socket takes now. */
FC_MUST_USE enum fc_rc mq_wire_flush(struct mq_wire *wire, struct fc_err *ret_err);

/* True while nobody else may write: what we began to send has to leave first. */
bool mq_wire_is_cut(const struct mq_wire *wire);

/* Sends all; waits for the socket, MQ_RPC_MS_MAX at most. */
FC_MUST_USE enum fc_rc mq_wire_flush_all(struct mq_wire *wire, struct fc_err *ret_err);

/*
 * The next frame that has arrived, without waiting; valid until the next call. Heartbeats, alarms
 * and closing are dealt with here: the broker's closing of the connection or of a channel is
 * answered and told as trouble. Not while the wire is cut.
 */
FC_MUST_USE enum fc_rc mq_wire_read(struct mq_wire *wire, struct amqp_frame_t_ *ret_frame,
                                    bool *ret_got, struct fc_err *ret_err);

/* Instead of mq_wire_read while it must not be called: notices a broker that has fallen silent by
 * the heartbeats that do not pile up. */
FC_MUST_USE enum fc_rc mq_wire_listen(struct mq_wire *wire, struct fc_err *ret_err);

/* Frames may have been read ahead of mq_wire_read. */
bool mq_wire_has_buffered(const struct mq_wire *wire);

/* Tells the outcome of a request of the library's. A channel that the broker closed for it is
 * trouble with AMQP's reply code in `code`, and the connection stays of use. */
FC_MUST_USE enum fc_rc mq_wire_reply(struct mq_wire *wire, uint16_t channel,
                                     const struct amqp_rpc_reply_t_ *reply, const char *where,
                                     struct fc_err *ret_err);

/* The same for its last request. */
FC_MUST_USE enum fc_rc mq_wire_outcome(struct mq_wire *wire, uint16_t channel, const char *where,
                                       struct fc_err *ret_err);

/* Both block for the broker's answer; nothing of ours may be pending. */
FC_MUST_USE enum fc_rc mq_wire_channel_open(struct mq_wire *wire, uint16_t channel,
                                            struct fc_err *ret_err);
FC_MUST_USE enum fc_rc mq_wire_channel_close(struct mq_wire *wire, uint16_t channel,
                                             struct fc_err *ret_err);

/* Remembers trouble that makes the connection useless; returns FC_FAIL. */
FC_PRINTF(4, 5)
enum fc_rc mq_wire_lose(struct mq_wire *wire, struct fc_err *ret_err, const char *where,
                        const char *format, ...);

#endif
