#include "core/coupon.h"

#include "base/assert.h"
#include "core/wallet.h"

static const struct coupon_template *template_of_id(const struct shop *shop, int64_t template_id)
{
    const struct coupon_template *template = shop_find_template(shop, template_id);

    return template != NULL && template->row.exists ? template : NULL;
}

struct decision coupon_decide_template_put(const struct shop *shop, const struct policy *policy,
                                           const struct command *command)
{
    const struct template_put *put = &command->body.template_put;
    const struct coupon_template *template = template_of_id(shop, put->template_id);

    FC_ASSERT(put->issue_from.us < put->issue_until.us);
    if (!command_key_is(command, COMMAND_KEY_TEMPLATE, put->template_id))
        return decision_refused(VERDICT_MISROUTED, put->template_id);
    if (!policy_discount_allowed(policy, put->discount.type))
        return decision_refused(VERDICT_DISCOUNT_NOT_ALLOWED, put->template_id);
    if (put->valid_days != 0 && !policy->template_names_days)
        return decision_refused(VERDICT_INVALID_REQUEST, put->template_id);
    if (template != NULL && put->limited && put->quantity < template->issued)
        return decision_refused(VERDICT_TEMPLATE_IN_USE, put->template_id);

    int64_t version = template == NULL ? 1 : template->version + 1;
    struct decision decision = decision_succeeded(shop, 1);

    decision_add(&decision, EVENT_TEMPLATE_PUT, version)->data.template_put = *put;
    return decision;
}

struct decision coupon_decide_template_delete(const struct shop *shop,
                                              const struct command *command)
{
    int64_t template_id = command->body.template_delete.template_id;
    const struct coupon_template *template = template_of_id(shop, template_id);

    if (!command_key_is(command, COMMAND_KEY_TEMPLATE, template_id))
        return decision_refused(VERDICT_MISROUTED, template_id);
    if (template == NULL)
        return decision_refused(VERDICT_UNKNOWN_TEMPLATE, template_id);
    if (template->issued > 0)
        return decision_refused(VERDICT_TEMPLATE_IN_USE, template_id);

    struct decision decision = decision_succeeded(shop, 1);
    struct event *event = decision_add(&decision, EVENT_TEMPLATE_DELETED, template->version + 1);

    event->data.template_deleted.template_id = template_id;
    return decision;
}

/* A coupon that is valid for `valid_days` from now on; 0: for ever. */
static void issued_expire(struct coupon_issued *issued, int32_t valid_days, struct fc_instant now)
{
    FC_ASSERT(valid_days >= 0);
    FC_ASSERT(valid_days <= COUPON_VALID_DAYS_MAX);
    issued->issued_at = now;
    issued->expires = valid_days > 0;
    issued->expires_at.us = valid_days > 0 ? now.us + valid_days * FC_US_PER_DAY : 0;
}

/* The template's next coupon, but for its id and its holder. */
static struct coupon_issued coupon_next(const struct coupon_template *template,
                                        const struct policy *policy, struct fc_instant now)
{
    struct coupon_issued issued = {
        .template_id = template->template_id,
        .position = template->issued + 1,
        .discount = template->discount,
        .min_total = template->min_total,
    };

    issued_expire(
        &issued, template->valid_days != 0 ? template->valid_days : policy->coupon_valid_days, now);
    return issued;
}

struct decision coupon_decide_issue(const struct shop *shop, const struct policy *policy,
                                    const struct command *command, struct fc_instant now)
{
    const struct coupon_issue *issue = &command->body.coupon_issue;
    const struct coupon_template *template = template_of_id(shop, issue->template_id);

    if (!command_key_is(command, COMMAND_KEY_TEMPLATE, issue->template_id))
        return decision_refused(VERDICT_MISROUTED, issue->template_id);
    if (template == NULL)
        return decision_refused(VERDICT_UNKNOWN_TEMPLATE, issue->template_id);
    if (wallet_of_user(shop, issue->user_id) == NULL)
        return decision_refused(VERDICT_UNKNOWN_USER, issue->user_id);
    if (command->accepted_at.us < template->issue_from.us)
        return decision_refused(VERDICT_COUPON_NOT_OPEN, issue->template_id);
    if (command->accepted_at.us >= template->issue_until.us)
        return decision_refused(VERDICT_COUPON_CLOSED, issue->template_id);
    if (shop_find_holding(shop, issue->template_id, issue->user_id) != NULL)
        return decision_refused(VERDICT_COUPON_ALREADY_ISSUED, issue->template_id);
    if (template->limited && template->issued >= template->quantity)
        return decision_refused(VERDICT_COUPON_SOLD_OUT, issue->template_id);

    struct decision decision = decision_succeeded(shop, 1);
    struct event *event = decision_add(&decision, EVENT_COUPON_ISSUED, 1);

    event->data.coupon_issued = coupon_next(template, policy, now);
    event->data.coupon_issued.coupon_id = command->id;
    event->data.coupon_issued.user_id = issue->user_id;
    return decision;
}

void coupon_welcome(const struct policy *policy, const struct command *command,
                    struct fc_instant now, struct decision *decision)
{
    struct event *event = decision_add(decision, EVENT_COUPON_ISSUED, 1);

    FC_ASSERT(policy->welcome);
    event->data.coupon_issued = (struct coupon_issued){
        .coupon_id = command->id,
        .template_id = WELCOME_TEMPLATE_ID,
        .user_id = command->body.user_register.user_id,
        .position = 1,
        .discount = policy->welcome_discount,
    };
    issued_expire(&event->data.coupon_issued,
                  policy->welcome_valid_days != 0 ? policy->welcome_valid_days
                                                  : policy->coupon_valid_days,
                  now);
}

static bool coupon_is_past(const struct coupon *coupon, struct fc_instant at)
{
    return coupon->expires && at.us >= coupon->expires_at.us;
}

enum verdict coupon_usable(const struct coupon *coupon, int64_t user_id, struct fc_instant at,
                           struct krw total)
{
    if (coupon == NULL || !coupon->row.exists)
        return VERDICT_UNKNOWN_COUPON;
    if (coupon->user_id != user_id)
        return VERDICT_COUPON_NOT_OWNED;
    if (coupon->status == COUPON_CANCELLED)
        return VERDICT_COUPON_REVOKED;
    if (coupon->status == COUPON_USED)
        return VERDICT_COUPON_USED;
    if (coupon->status == COUPON_EXPIRED)
        return VERDICT_COUPON_EXPIRED;
    if (coupon_is_past(coupon, at))
        return VERDICT_COUPON_EXPIRED;
    if (krw_less(total, coupon->min_total))
        return VERDICT_COUPON_MINIMUM_NOT_REACHED;
    FC_ASSERT(coupon->status == COUPON_AVAILABLE);
    return VERDICT_SUCCEEDED;
}

/* Adds an event of a coupon; `order_id` is NULL where no order is in it. */
static void add_moved(const struct coupon *coupon, enum event_type type,
                      const struct fc_uuid *order_id, struct decision *decision)
{
    FC_ASSERT(coupon->row.exists);
    struct event *event = decision_add(decision, type, coupon->version + 1);

    event->data.coupon_moved = (struct coupon_moved){
        .coupon_id = coupon->coupon_id,
        .template_id = coupon->template_id,
        .user_id = coupon->user_id,
    };
    if (order_id != NULL)
        event->data.coupon_moved.order_id = *order_id;
}

void coupon_use(const struct coupon *coupon, const struct fc_uuid *order_id,
                struct decision *decision)
{
    FC_ASSERT(coupon->status == COUPON_AVAILABLE);
    add_moved(coupon, EVENT_COUPON_USED, order_id, decision);
}

void coupon_return(const struct coupon *coupon, struct fc_instant at, struct decision *decision)
{
    FC_ASSERT(coupon->status == COUPON_USED);
    add_moved(coupon, coupon_is_past(coupon, at) ? EVENT_COUPON_EXPIRED : EVENT_COUPON_RETURNED,
              &coupon->order_id, decision);
}

struct decision coupon_decide_revoke(const struct shop *shop, const struct command *command)
{
    const struct coupon *coupon = shop_find_coupon(shop, &command->body.coupon_revoke.coupon_id);

    if (coupon == NULL || !coupon->row.exists)
        return decision_refused(VERDICT_UNKNOWN_COUPON, 0);
    if (!command_key_is(command, COMMAND_KEY_TEMPLATE, coupon->template_id))
        return decision_refused(VERDICT_MISROUTED, coupon->template_id);
    if (coupon->status == COUPON_CANCELLED)
        return decision_refused(VERDICT_COUPON_REVOKED, 0);
    if (coupon->status == COUPON_USED)
        return decision_refused(VERDICT_COUPON_USED, 0);
    if (coupon->status == COUPON_EXPIRED)
        return decision_refused(VERDICT_COUPON_EXPIRED, 0);

    struct decision decision = decision_succeeded(shop, 1);

    add_moved(coupon, EVENT_COUPON_REVOKED, NULL, &decision);
    return decision;
}

static bool decision_moves(const struct decision *decision, const struct fc_uuid *coupon_id)
{
    for (int32_t i = 0; i < decision->event_count; i++)
        if (fc_uuid_eq(&decision->events[i].data.coupon_moved.coupon_id, coupon_id))
            return true;
    return false;
}

struct decision coupon_decide_expire(const struct shop *shop, const struct command *command)
{
    const struct coupon_expire *expire = &command->body.coupon_expire;

    FC_ASSERT(expire->coupon_count > 0);
    FC_ASSERT(expire->coupon_count <= COUPON_EXPIRE_MAX);
    if (command->key.kind != COMMAND_KEY_TEMPLATE)
        return decision_refused(VERDICT_MISROUTED, 0);

    struct decision decision = decision_succeeded(shop, expire->coupon_count);

    for (int32_t i = 0; i < expire->coupon_count; i++) {
        const struct coupon *coupon = shop_find_coupon(shop, &expire->coupon_ids[i]);

        if (coupon == NULL || !coupon->row.exists || coupon->template_id != command->key.id)
            continue;
        if (coupon->status != COUPON_AVAILABLE || !coupon_is_past(coupon, command->accepted_at))
            continue;
        if (!decision_moves(&decision, &coupon->coupon_id))
            add_moved(coupon, EVENT_COUPON_EXPIRED, NULL, &decision);
    }
    return decision;
}

/* Holds after every change: what decide promised and the schema checks again. */
static void template_check(const struct coupon_template *template)
{
    FC_ASSERT(template->issued >= 0);
    FC_ASSERT(!template->limited || template->issued <= template->quantity);
}

void coupon_apply_template_put(struct shop *shop, const struct event *event)
{
    const struct template_put *put = &event->data.template_put;
    struct coupon_template *template = shop_find_template(shop, put->template_id);

    if (template == NULL)
        template = shop_put_template(shop, put->template_id);
    FC_ASSERT(event->version == (template->row.exists ? template->version + 1 : 1));
    FC_ASSERT(template->row.exists || template->issued == 0);
    template->row.exists = true;
    template->row.changed = true;
    template->version = event->version;
    template->name = put->name;
    template->discount = put->discount;
    template->limited = put->limited;
    template->quantity = put->quantity;
    template->issue_from = put->issue_from;
    template->issue_until = put->issue_until;
    template->valid_days = put->valid_days;
    template->min_total = put->min_total;
    template_check(template);
}

void coupon_apply_template_deleted(struct shop *shop, const struct event *event)
{
    struct coupon_template *template =
        shop_find_template(shop, event->data.template_deleted.template_id);

    FC_ASSERT(template != NULL);
    FC_ASSERT(template->row.exists);
    FC_ASSERT(template->issued == 0);
    FC_ASSERT(event->version == template->version + 1);
    template->row.exists = false;
    template->row.changed = true;
    template->version = event->version;
}

/* One more of its template is out. */
static void template_count(struct shop *shop, const struct coupon_issued *issued)
{
    struct coupon_template *template = shop_find_template(shop, issued->template_id);

    FC_ASSERT(template != NULL);
    FC_ASSERT(template->row.exists);
    FC_ASSERT(issued->position == template->issued + 1);
    template->issued++;
    template->version++;
    template->row.changed = true;
    template_check(template);
}

void coupon_apply_issued(struct shop *shop, const struct event *event)
{
    const struct coupon_issued *issued = &event->data.coupon_issued;

    FC_ASSERT(shop_find_holding(shop, issued->template_id, issued->user_id) == NULL);
    if (issued->template_id != WELCOME_TEMPLATE_ID)
        template_count(shop, issued);

    struct coupon *coupon =
        shop_put_coupon(shop, &issued->coupon_id, issued->template_id, issued->user_id);

    FC_ASSERT(event->version == 1);
    coupon->row.exists = true;
    coupon->row.changed = true;
    coupon->position = issued->position;
    coupon->status = COUPON_AVAILABLE;
    coupon->discount = issued->discount;
    coupon->min_total = issued->min_total;
    coupon->issued_at = issued->issued_at;
    coupon->expires = issued->expires;
    coupon->expires_at = issued->expires_at;
    coupon->version = 1;
}

/* The coupon of the event, a version further; it was available, or used in that order. */
static struct coupon *coupon_move(struct shop *shop, const struct event *event, bool was_used)
{
    const struct coupon_moved *moved = &event->data.coupon_moved;
    struct coupon *coupon = shop_find_coupon(shop, &moved->coupon_id);

    FC_ASSERT(coupon != NULL);
    FC_ASSERT(coupon->row.exists);
    FC_ASSERT(coupon->user_id == moved->user_id);
    FC_ASSERT(coupon->status == (was_used ? COUPON_USED : COUPON_AVAILABLE));
    FC_ASSERT(!was_used || fc_uuid_eq(&coupon->order_id, &moved->order_id));
    FC_ASSERT(event->version == coupon->version + 1);
    coupon->order_id = (struct fc_uuid){{0}};
    coupon->version = event->version;
    coupon->row.changed = true;
    return coupon;
}

void coupon_apply_used(struct shop *shop, const struct event *event)
{
    struct coupon *coupon = coupon_move(shop, event, false);

    coupon->status = COUPON_USED;
    coupon->order_id = event->data.coupon_moved.order_id;
}

void coupon_apply_returned(struct shop *shop, const struct event *event)
{
    coupon_move(shop, event, true)->status = COUPON_AVAILABLE;
}

void coupon_apply_expired(struct shop *shop, const struct event *event)
{
    bool was_used = !fc_uuid_is_zero(&event->data.coupon_moved.order_id);

    coupon_move(shop, event, was_used)->status = COUPON_EXPIRED;
}

void coupon_apply_revoked(struct shop *shop, const struct event *event)
{
    coupon_move(shop, event, false)->status = COUPON_CANCELLED;
}
