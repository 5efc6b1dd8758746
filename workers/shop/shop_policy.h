/*
 * The policy that a worker decides by. Every load asks for a newer row of the policy table, in the
 * batch's own transaction, and what it finds holds from that batch on; a policy.apply is stored as
 * the next row. Nobody may decide by a policy that cannot be read: that is trouble with cure EXIT.
 */
#ifndef FC_SHOP_POLICY_H
#define FC_SHOP_POLICY_H

#include "core/shop.h"
#include "skeleton/exchange.h"

struct shop_policy_row {
    int64_t version;
    struct fc_str document;
};

struct shop_policy {
    struct policy policy; /* what is decided by; needs nothing of any arena */
    /* the transaction in hand */
    int32_t place;                /* of the answer in the exchange */
    struct shop_policy_row *rows; /* that were applied in it; arena */
    int32_t row_count;
    int32_t row_count_max;
};

/* The usual policy, until one is read. */
void shop_policy_init(struct shop_policy *policy);

/* Begins a transaction: queues the question for a newer row. */
void shop_policy_send(struct shop_policy *policy, struct exchange *exchange);

/* Takes the answer over, and tells the shop which version stands in the table. On failure the
 * policy is what it was. */
FC_MUST_USE enum fc_rc shop_policy_take(struct shop_policy *policy, const struct db *db,
                                        struct shop *shop, struct fc_err *ret_err);

/* After each decision: keeps what was applied by it, if it was a policy.apply. */
void shop_policy_note(struct shop_policy *policy, const struct shop *shop);

/* Queues the rows that were kept. */
void shop_policy_store(const struct shop_policy *policy, struct fc_instant now,
                       struct exchange *exchange);

#endif
