/*
 * How much work stands between what was asked and what is counted: messages in the queues, orders
 * that the counters do not know yet.
 */
#ifndef FC_CLI_BACKLOG_H
#define FC_CLI_BACKLOG_H

#include "db/conn.h"
#include "mq/topology.h"
#include "producer/cli/cli.h"

struct backlog {
    int64_t ready;     /* messages that wait in the queues */
    int64_t uncounted; /* paid orders that are not in the counters */
    int64_t decided;   /* commands, ever */
};

FC_MUST_USE enum fc_rc backlog_ask(const struct mq_settings *settings, int32_t partitions,
                                   struct db *db, struct backlog *ret_backlog,
                                   struct fc_err *ret_err);

/*
 * Asks at growing intervals until the queues are empty, the counters complete and nothing was
 * decided between two looks, `wait_ms` at most. *ret_empty tells; trouble of the broker or of the
 * database ends it.
 */
FC_MUST_USE enum fc_rc backlog_await_empty(const struct cli *cli, struct db *db, int64_t wait_ms,
                                           bool *ret_empty, struct fc_err *ret_err);

#endif
