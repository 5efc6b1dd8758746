/*
 * Which published messages are not settled yet: a ring over the sequence numbers of one channel.
 * The broker's answers come out of order and for many at once; each message's fate is told once.
 * This floor's own; pure.
 */
#ifndef FC_MQ_CONFIRMS_H
#define FC_MQ_CONFIRMS_H

#include "mq/publisher.h"

enum mq_unconfirmed_state { MQ_SETTLED, MQ_WAITING, MQ_WAITING_TRANSIENT, MQ_RETURNED };

struct mq_unconfirmed {
    uint32_t bytes;
    enum mq_unconfirmed_state state;
};

struct mq_confirms {
    struct mq_unconfirmed *ring; /* the opener's memory; seq stands at seq & mask */
    uint64_t mask;               /* slots - 1 */
    uint64_t oldest;             /* the lowest that is not settled; == next when all are */
    uint64_t next;               /* the number of the next message, from 1 */
    uint64_t count;              /* not settled */
    size_t bytes;                /* of those */
};

/* `slots` is a power of two; the ring is zeroed here. */
void mq_confirms_init(struct mq_confirms *confirms, struct mq_unconfirmed *ring, uint64_t slots);

/* True when the oldest has not been settled for a whole ring of messages. */
bool mq_confirms_is_full(const struct mq_confirms *confirms);

/* The number of a new message; the ring must not be full. */
uint64_t mq_confirms_add(struct mq_confirms *confirms, size_t bytes, bool transient);

/* All messages up to this number are settled, the next one is not; 0: none is. Answers that came
 * ahead of an earlier one's do not count. */
uint64_t mq_confirms_settled_to(const struct mq_confirms *confirms);

/* basic.return: its ack, which is still to come, means MQ_UNROUTED. False for a number that is
 * not waiting. */
FC_MUST_USE bool mq_confirms_returned(struct mq_confirms *confirms, uint64_t seq);

/* basic.ack, or with `refused` basic.nack, of `tag` or of all up to it (0: of all). What was
 * settled before is not told again. False for a number that was never given. */
FC_MUST_USE bool mq_confirms_settle(struct mq_confirms *confirms, uint64_t tag, bool multiple,
                                    bool refused, mq_fate_fn *fate, void *arg);

#endif
