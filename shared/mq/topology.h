/*
 * The exchanges and queues of firstcome, declared in one place, idempotently. Programs that work
 * only check that they are there; `firstcome topology apply` makes them. The queues are quorum
 * queues with a single active consumer and no delivery limit (from RabbitMQ 4.0 on the limit of
 * 20 is switched off explicitly; 3.x does not know the negative number and has no limit).
 */
#ifndef FC_MQ_TOPOLOGY_H
#define FC_MQ_TOPOLOGY_H

#include "mq/conn.h"

#define MQ_EXCHANGE_COMMANDS "firstcome.commands"
#define MQ_EXCHANGE_EVENTS "firstcome.events"

/* The queues of one partition that listen to firstcome.events. */
#define MQ_LISTENER_COUNT 3
/* How many queues there are in all. */
#define MQ_QUEUE_COUNT(partitions) (2 * (partitions) + MQ_LISTENER_COUNT)

/* Queues <family>.<0…partitions-1> for coupon and order, bound to firstcome.commands by their
 * names; the listeners stats.0, payment.0 and platform.0, bound to firstcome.events by the keys of
 * the families each of them reads. Blocks. */
FC_MUST_USE enum fc_rc mq_topology_apply(const struct mq_settings *settings, int32_t partitions,
                                         struct fc_err *ret_err);

/* Passive: trouble with cure EXIT that names the first thing missing. */
FC_MUST_USE enum fc_rc mq_topology_check(const struct mq_settings *settings, int32_t partitions,
                                         struct fc_err *ret_err);

struct mq_queue_state {
    char name[64];
    int64_t ready;     /* messages waiting */
    int64_t consumers; /* 1 for a single-active queue with any number of subscribers */
};

/* Asks each of firstcome's queues (passive declare). `ret_states` has room for
 * MQ_QUEUE_COUNT(partitions). Blocks. */
FC_MUST_USE enum fc_rc mq_topology_states(const struct mq_settings *settings, int32_t partitions,
                                          struct mq_queue_state *ret_states, size_t *ret_count,
                                          struct fc_err *ret_err);

#endif
