/*
 * Users and their balances: user.register, wallet.charge, and the payment out of a balance.
 *
 * To be loaded for user.register and wallet.charge: the wallet row of the body's user (the user's
 * own mark and the wallet's), if there is one.
 */
#ifndef FC_CORE_WALLET_H
#define FC_CORE_WALLET_H

#include "core/decision.h"
#include "core/policy.h"

/* The user's row, or NULL when there is no such user. It may have no wallet. */
const struct wallet *wallet_of_user(const struct shop *shop, int64_t user_id);

/* What can be spent: the balance without what is held. */
struct krw wallet_spendable(const struct wallet *wallet);

/* Precedence: misrouted, user_exists. With the welcome coupon where the policy has one. */
struct decision wallet_decide_register(const struct shop *shop, const struct policy *policy,
                                       const struct command *command, struct fc_instant now);

/* Precedence: misrouted, unknown_user, unknown_wallet, charge_not_allowed,
 * balance_limit_exceeded. */
struct decision wallet_decide_charge(const struct shop *shop, const struct policy *policy,
                                     const struct command *command);

/* Adds the event that pays `amount` (above 0, covered by what can be spent) for an order. */
void wallet_use(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                struct decision *decision);

/* Whether `amount` can be given back to the wallet: where the policy does not let it pass
 * balance_max, it must stay within; AMOUNT_KRW_MAX is never passed. */
bool wallet_refund_allowed(const struct wallet *wallet, const struct policy *policy,
                           struct krw amount);

/* Add the events that give `amount` (above 0) back; hold it for an order; let go of what is held;
 * use what is held. */
void wallet_refund(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                   struct decision *decision);
void wallet_hold(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                 struct decision *decision);
void wallet_release(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                    struct decision *decision);
void wallet_use_held(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                     struct decision *decision);

void wallet_apply_registered(struct shop *shop, const struct event *event);
void wallet_apply_charged(struct shop *shop, const struct event *event);
void wallet_apply_used(struct shop *shop, const struct event *event);
void wallet_apply_refunded(struct shop *shop, const struct event *event);
void wallet_apply_held(struct shop *shop, const struct event *event);
void wallet_apply_released(struct shop *shop, const struct event *event);

#endif
