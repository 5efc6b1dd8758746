/*
 * Publishes with confirms, never blocking unless the name says wait. Messages are encoded into a
 * buffer and leave with few sends; the broker's answers are read by mq_publisher_poll, which
 * reports each message's fate once. After trouble the connection is of no use: close it, open
 * another; the fate of what was unconfirmed is unknown then (it may be in the queue).
 */
#ifndef FC_MQ_PUBLISHER_H
#define FC_MQ_PUBLISHER_H

#include "mq/conn.h"

struct mq_publisher;

enum mq_fate {
    MQ_CONFIRMED, /* durable in a quorum of every queue it was routed to */
    MQ_REFUSED,   /* nack: the queue would not have it */
    MQ_UNROUTED,  /* mandatory, and no queue is bound */
    MQ_DROPPED    /* nack of a transient message, which nobody has to have */
};

struct mq_message {
    struct fc_str exchange;
    struct fc_str routing_key;
    struct fc_str type; /* property `type`, such as firstcome.commands.v1 */
    struct fc_str body; /* at most MESSAGE_BYTES_MAX; cut into frames here */
    bool mandatory;     /* a return is known by the seq, which travels as correlation_id */
    bool transient;     /* delivery_mode 1 instead of 2 */
};

/* Blocks while connecting, DB_CONNECT_S_MAX seconds at most. */
FC_MUST_USE enum fc_rc mq_publisher_open(const struct mq_settings *settings,
                                         struct mq_publisher **ret_publisher,
                                         struct fc_err *ret_err);
/* Accepts NULL; waits for nothing but a short goodbye. */
void mq_publisher_close(struct mq_publisher *publisher);

int mq_publisher_fd(const struct mq_publisher *publisher);

/* Bytes are waiting for the socket to take more: watch for writable too. */
bool mq_publisher_wants_write(const struct mq_publisher *publisher);

/* False while nothing may be read: our bytes have to leave first. A loop that watched for readable
 * then would spin on the broker's heartbeats. */
bool mq_publisher_wants_read(const struct mq_publisher *publisher);

/* The broker said connection.blocked (an alarm); `ret_reason` may be NULL, lives until the next
 * poll. */
bool mq_publisher_is_blocked(const struct mq_publisher *publisher, const char **ret_reason);

/* Bytes that are published and not yet confirmed. */
size_t mq_publisher_unconfirmed_bytes(const struct mq_publisher *publisher);

/* Each message up to this seq has had its fate, the next one has not. 0: none has. */
uint64_t mq_publisher_settled_to(const struct mq_publisher *publisher);

/* Appends one message; *ret_seq counts from 1 on this connection. Does not send. Trouble only
 * when the connection is gone or the buffer could not hold it (cure RETRY: flush and poll first).*/
FC_MUST_USE enum fc_rc mq_publisher_put(struct mq_publisher *publisher,
                                        const struct mq_message *message, uint64_t *ret_seq,
                                        struct fc_err *ret_err);

/* Sends what the socket takes now. */
FC_MUST_USE enum fc_rc mq_publisher_flush(struct mq_publisher *publisher, struct fc_err *ret_err);

/* Called for each message once, in no promised order. May put messages, but neither flush, poll
 * nor close. */
typedef void mq_fate_fn(void *arg, uint64_t seq, enum mq_fate fate);

/* Reads what has arrived: fates, blocked and unblocked, heartbeats (call it at least every
 * HEARTBEAT_S / 2 even when idle). */
FC_MUST_USE enum fc_rc mq_publisher_poll(struct mq_publisher *publisher, mq_fate_fn *fate,
                                         void *arg, struct fc_err *ret_err);

/* Flushes and waits until nothing is unconfirmed, `wait_ms` at most; time while blocked does not
 * count, unless the process is stopping: then twice the wait is the end. A message refused or
 * unrouted is trouble with cure RETRY, told when all are settled; a timeout with RECONNECT. */
FC_MUST_USE enum fc_rc mq_publisher_wait(struct mq_publisher *publisher, int32_t wait_ms,
                                         struct fc_err *ret_err);

#endif
