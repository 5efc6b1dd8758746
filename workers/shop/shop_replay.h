/*
 * The shop's whole state out of the journal: every event ever stored, applied by the core in the
 * order in which the commands were decided (guarantee G8). And the comparison of such a state with
 * the tables, row by row. Both read one moment of the database, beside whatever goes on there.
 */
#ifndef FC_SHOP_REPLAY_H
#define FC_SHOP_REPLAY_H

#include "core/shop.h"
#include "db/conn.h"

/* Memory for what is read at once; the state itself takes what it takes. */
#define SHOP_REPLAY_SCRATCH_BYTES BATCH_ARENA_BYTES

struct shop_replay {
    struct db *db;
    struct fc_arena *scratch;
    struct shop *shop; /* the state */
    int64_t commands;  /* whose events were applied */
    int64_t events;
};

/*
 * Opens the transaction that both work in and applies all events of commands decided up to `until`
 * to the empty shop. Blocks until done. A text in the journal that is no list of events of this
 * program is PARK; a full arena of the shop's RETRY: give more.
 */
FC_MUST_USE enum fc_rc shop_replay_run(struct shop_replay *replay, struct fc_instant until,
                                       struct fc_err *ret_err);

/* One difference as a sentence: "wallet 7: balance is 100, by the journal 90". */
typedef void shop_differs_fn(void *arg, struct fc_str sentence);

/*
 * Compares what was replayed to the end with the tables: users, wallets, products, options,
 * templates, coupons, orders and their lines, the policy in force. Rows that only one of the two
 * has are differences. Blocks until done.
 */
FC_MUST_USE enum fc_rc shop_replay_compare(struct shop_replay *replay, shop_differs_fn *differs,
                                           void *arg, int64_t *ret_differences,
                                           struct fc_err *ret_err);

/* Ends the transaction. */
FC_MUST_USE enum fc_rc shop_replay_end(struct shop_replay *replay, struct fc_err *ret_err);

#endif
