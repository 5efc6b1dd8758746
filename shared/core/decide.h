/*
 * The functional core: decide says what comes of a command, apply changes the state by what came.
 * Both are pure: no clock, no library, no allocation but the arena, no failure, no waiting. Each
 * module (wallet, stock, product, coupon, order, control) has its own pairs, this is the way in.
 * What the load step has to bring for a command is said by the module's header.
 */
#ifndef FC_CORE_DECIDE_H
#define FC_CORE_DECIDE_H

#include "core/decision.h"
#include "core/policy.h"

/*
 * Decides one command on the state as it is; the state is not changed. All the rows that the
 * command can touch must have been put. `now` is the batch's instant and becomes paid_at and
 * issued_at; windows and expiry are judged by the command's own accepted_at, so that a redelivery
 * changes nothing.
 */
void shop_decide(const struct shop *shop, const struct policy *policy,
                 const struct command *command, struct fc_instant now,
                 struct decision *ret_decision);

/* Whose history the command belongs to: the user in its body, the owner of its order, or 0. */
int64_t shop_user_id(const struct shop *shop, const struct command *command);

/*
 * Applies one event; asserts what decide promised. The event and what it points at must live as
 * long as the shop: names and orders are not copied. A journal is replayed into an empty shop by
 * applying its events in the order in which they were stored.
 */
void shop_apply(struct shop *shop, const struct event *event);

#endif
