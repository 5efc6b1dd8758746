/*
 * Consumes from several queues over one connection, one channel a queue, in the order in which
 * the broker delivers. Nothing is ever nacked or cancelled: a queue is given back by closing its
 * channel, whereupon all that is unacknowledged returns to its head in order. Deliveries that
 * were under way for a closed channel are dropped here.
 */
#ifndef FC_MQ_CONSUMER_H
#define FC_MQ_CONSUMER_H

#include "base/limits.h"
#include "mq/conn.h"

/* Sources of one consumer: every partition of a family and a few private queues. */
#define MQ_SOURCES_MAX (PARTITIONS_MAX + 8)

struct mq_consumer;

struct mq_delivery {
    int32_t source;         /* the number given at subscribe */
    uint64_t tag;           /* for mq_consumer_ack; of this source only */
    int64_t delivery_count; /* x-delivery-count: 0 at the first delivery */
    bool redelivered;
    struct fc_str exchange;
    struct fc_str routing_key;
    struct fc_str type;
    struct fc_str body; /* all views valid until the next call on this consumer */
    bool oversized;     /* longer than MESSAGE_BYTES_MAX: body holds its beginning only */
};

/* Blocks while connecting, DB_CONNECT_S_MAX seconds at most. */
FC_MUST_USE enum fc_rc mq_consumer_open(const struct mq_settings *settings,
                                        struct mq_consumer **ret_consumer, struct fc_err *ret_err);
/* Accepts NULL. Unacknowledged deliveries go back to their queues' heads. */
void mq_consumer_close(struct mq_consumer *consumer);
int mq_consumer_fd(const struct mq_consumer *consumer);

/* Opens a channel of its own and consumes from `queue` with prefetch MQ_PREFETCH; `source` >= 0 is
 * the caller's number for it. Blocks for the broker's answers. */
FC_MUST_USE enum fc_rc mq_consumer_subscribe(struct mq_consumer *consumer, const char *queue,
                                             int32_t source, struct fc_err *ret_err);

struct mq_binding {
    const char *exchange;
    const char *routing_key;
};

/* Declares a queue of this connection alone (server-named, exclusive, auto-delete, transient),
 * binds it, and consumes without acknowledgements. *ret_name is filled with its name. Blocks. */
FC_MUST_USE enum fc_rc mq_consumer_subscribe_private(struct mq_consumer *consumer,
                                                     const struct mq_binding *bindings,
                                                     size_t binding_count, int32_t source,
                                                     char ret_name[MQ_TEXT_MAX],
                                                     struct fc_err *ret_err);

/* Gives a queue back by channel.close; blocks for the answer. A source that is not subscribed is
 * a mistake. */
FC_MUST_USE enum fc_rc mq_consumer_release(struct mq_consumer *consumer, int32_t source,
                                           struct fc_err *ret_err);

/* The next delivery that has arrived, without waiting; *ret_got false when there is none. Call it
 * at least every HEARTBEAT_S / 2: it is what answers heartbeats. A cancel by the broker (queue
 * deleted) or a channel it closed is trouble with cure RECONNECT. */
FC_MUST_USE enum fc_rc mq_consumer_next(struct mq_consumer *consumer,
                                        struct mq_delivery *ret_delivery, bool *ret_got,
                                        struct fc_err *ret_err);

/* In place of mq_consumer_next while nothing may be taken: tells the broker that we live, and
 * notices that it does not. What arrives stays in the socket. Does not block. */
FC_MUST_USE enum fc_rc mq_consumer_beat(struct mq_consumer *consumer, struct fc_err *ret_err);

/* True when mq_consumer_next may have something although the descriptor is not readable. */
bool mq_consumer_has_buffered(const struct mq_consumer *consumer);

/* Acknowledges all of `source` up to `tag`. May block as a send may. */
FC_MUST_USE enum fc_rc mq_consumer_ack(struct mq_consumer *consumer, int32_t source, uint64_t tag,
                                       struct fc_err *ret_err);

#endif
