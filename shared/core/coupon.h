/*
 * Coupons: templates (before issue), the issue to the first who ask, and the use in an order.
 *
 * To be loaded, where there is one:
 *   template.put, template.delete   the template of that id
 *   coupon.issue                    the template of that id; the user's own mark (the wallet is
 *                                   not needed); the coupon of that template that the user holds
 *   coupon.revoke, coupon.expire    the coupons of those ids
 */
#ifndef FC_CORE_COUPON_H
#define FC_CORE_COUPON_H

#include "core/decision.h"
#include "core/policy.h"

/* Precedence: misrouted, discount_not_allowed, invalid_request (days of its own where the policy
 * names them), template_in_use (a quantity below what is issued). */
struct decision coupon_decide_template_put(const struct shop *shop, const struct policy *policy,
                                           const struct command *command);

/* Precedence: misrouted, unknown_template, template_in_use (any issued). */
struct decision coupon_decide_template_delete(const struct shop *shop,
                                              const struct command *command);

/* Precedence: misrouted, unknown_template, unknown_user, coupon_not_open, coupon_closed,
 * coupon_already_issued, coupon_sold_out. */
struct decision coupon_decide_issue(const struct shop *shop, const struct policy *policy,
                                    const struct command *command, struct fc_instant now);

/* Precedence: unknown_coupon, misrouted (the key is its template's), coupon_revoked, coupon_used,
 * coupon_expired (its status; one that is past its expiry and not yet marked can be revoked). */
struct decision coupon_decide_revoke(const struct shop *shop, const struct command *command);

/* Expires those of the coupons that belong to the key's template, are available and past their
 * expiry at accepted_at; the others are passed over: succeeds without events when none is left.
 * Precedence: misrouted (no template's key). */
struct decision coupon_decide_expire(const struct shop *shop, const struct command *command);

/* Adds the event that issues the policy's coupon to a new user; its id is the command's, as that
 * of every coupon: an id that another command could have would be issued twice. */
void coupon_welcome(const struct policy *policy, const struct command *command,
                    struct fc_instant now, struct decision *decision);

/*
 * Whether `user_id` may use a coupon on an order of `total` that was asked for `at` then; `coupon`
 * may be NULL. Precedence: unknown_coupon, coupon_not_owned, coupon_revoked, coupon_used,
 * coupon_expired, coupon_minimum_not_reached.
 */
enum verdict coupon_usable(const struct coupon *coupon, int64_t user_id, struct fc_instant at,
                           struct krw total);

/* Adds the event that uses an available coupon in an order. */
void coupon_use(const struct coupon *coupon, const struct fc_uuid *order_id,
                struct decision *decision);

/* Adds the event that gives a coupon back from its order: coupon.returned, or coupon.expired when
 * it expired before `at`. */
void coupon_return(const struct coupon *coupon, struct fc_instant at, struct decision *decision);

void coupon_apply_template_put(struct shop *shop, const struct event *event);
void coupon_apply_template_deleted(struct shop *shop, const struct event *event);
void coupon_apply_issued(struct shop *shop, const struct event *event);
void coupon_apply_used(struct shop *shop, const struct event *event);
void coupon_apply_returned(struct shop *shop, const struct event *event);
void coupon_apply_expired(struct shop *shop, const struct event *event);
void coupon_apply_revoked(struct shop *shop, const struct event *event);

#endif
