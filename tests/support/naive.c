#include "support/naive.h"

#include "base/limits.h"

#define FIND(list, count, match)            \
    for (int32_t i = 0; i < (count); i++) { \
        if (match)                          \
            return &(list)[i];              \
    }                                       \
    return NULL

bool naive_text_is(const char *text, struct fc_str other)
{
    return fc_str_eq(fc_str_of(text), other);
}

struct naive_user *naive_user(struct naive_shop *shop, int64_t id)
{
    FIND(shop->users, shop->user_count, shop->users[i].id == id);
}

struct naive_product *naive_product(struct naive_shop *shop, int64_t id)
{
    FIND(shop->products, shop->product_count, shop->products[i].id == id);
}

struct naive_option *naive_option(struct naive_shop *shop, int64_t id)
{
    FIND(shop->options, shop->option_count, shop->options[i].id == id);
}

struct naive_template *naive_template(struct naive_shop *shop, int64_t id)
{
    FIND(shop->templates, shop->template_count, shop->templates[i].id == id);
}

struct naive_coupon *naive_coupon(struct naive_shop *shop, const struct fc_uuid *id)
{
    FIND(shop->coupons, shop->coupon_count, fc_uuid_eq(&shop->coupons[i].id, id));
}

struct naive_order *naive_order(struct naive_shop *shop, const struct fc_uuid *id)
{
    FIND(shop->orders, shop->order_count, fc_uuid_eq(&shop->orders[i].id, id));
}

bool naive_has_room(const struct naive_shop *shop)
{
    return shop->user_count < NAIVE_USERS && shop->product_count < NAIVE_PRODUCTS &&
           shop->option_count + PRODUCT_OPTIONS_MAX < NAIVE_OPTIONS &&
           shop->template_count < NAIVE_TEMPLATES && shop->coupon_count < NAIVE_COUPONS &&
           shop->order_count < NAIVE_ORDERS;
}

bool naive_key_is(const struct command *command, enum command_key_kind kind, int64_t id)
{
    return command->key.kind == kind && command->key.id == id;
}

/* ---- users */

static void welcome(struct naive_shop *shop, const struct policy *policy,
                    const struct command *command, struct fc_instant now)
{
    int32_t days =
        policy->welcome_valid_days != 0 ? policy->welcome_valid_days : policy->coupon_valid_days;

    shop->coupons[shop->coupon_count++] = (struct naive_coupon){
        .id = command->id,
        .user = command->body.user_register.user_id,
        .position = 1,
        .status = COUPON_AVAILABLE,
        .discount = policy->welcome_discount,
        .expires = days > 0,
        .expires_us = days > 0 ? now.us + days * FC_US_PER_DAY : 0,
    };
}

static enum verdict ask_register(struct naive_shop *shop, const struct policy *policy,
                                 const struct command *command, struct fc_instant now)
{
    int64_t id = command->body.user_register.user_id;

    if (!naive_key_is(command, COMMAND_KEY_USER, id))
        return VERDICT_MISROUTED;
    if (naive_user(shop, id) != NULL)
        return VERDICT_USER_EXISTS;
    shop->users[shop->user_count++] = (struct naive_user){.id = id, .wallet = true};
    if (policy->welcome)
        welcome(shop, policy, command, now);
    return VERDICT_SUCCEEDED;
}

static bool is_unit(const struct policy *policy, int64_t amount)
{
    for (int32_t i = 0; i < policy->charge_unit_count; i++)
        if (policy->charge_units[i].won == amount)
            return true;
    return policy->charge_unit_count == 0;
}

static enum verdict ask_charge(struct naive_shop *shop, const struct policy *policy,
                               const struct command *command)
{
    struct naive_user *user = naive_user(shop, command->body.wallet_charge.user_id);
    int64_t amount = command->body.wallet_charge.amount.won;

    if (!naive_key_is(command, COMMAND_KEY_USER, command->body.wallet_charge.user_id))
        return VERDICT_MISROUTED;
    if (user == NULL)
        return VERDICT_UNKNOWN_USER;
    if (!user->wallet)
        return VERDICT_UNKNOWN_WALLET;
    if (amount < policy->charge_min.won || amount > policy->charge_max.won ||
        !is_unit(policy, amount))
        return VERDICT_CHARGE_NOT_ALLOWED;
    if (user->balance + amount > policy->balance_max.won)
        return VERDICT_BALANCE_LIMIT_EXCEEDED;
    user->balance += amount;
    return VERDICT_SUCCEEDED;
}

/* ---- coupons */

static enum verdict ask_template(struct naive_shop *shop, const struct policy *policy,
                                 const struct command *command)
{
    const struct template_put *put = &command->body.template_put;
    struct naive_template *template = naive_template(shop, put->template_id);
    int64_t issued = template == NULL ? 0 : template->issued;

    if (!naive_key_is(command, COMMAND_KEY_TEMPLATE, put->template_id))
        return VERDICT_MISROUTED;
    if (put->discount.type == DISCOUNT_RATE ? !policy->discount_rate : !policy->discount_amount)
        return VERDICT_DISCOUNT_NOT_ALLOWED;
    if (put->valid_days != 0 && !policy->template_names_days)
        return VERDICT_INVALID_REQUEST;
    if (put->limited && put->quantity < issued)
        return VERDICT_TEMPLATE_IN_USE;
    if (template == NULL)
        template = &shop->templates[shop->template_count++];
    *template = (struct naive_template){
        .id = put->template_id,
        .discount = put->discount,
        .limited = put->limited,
        .quantity = put->quantity,
        .issued = issued,
        .from_us = put->issue_from.us,
        .until_us = put->issue_until.us,
        .days = put->valid_days,
        .min_total = put->min_total.won,
    };
    return VERDICT_SUCCEEDED;
}

static enum verdict ask_template_delete(struct naive_shop *shop, const struct command *command)
{
    struct naive_template *template =
        naive_template(shop, command->body.template_delete.template_id);

    if (!naive_key_is(command, COMMAND_KEY_TEMPLATE, command->body.template_delete.template_id))
        return VERDICT_MISROUTED;
    if (template == NULL)
        return VERDICT_UNKNOWN_TEMPLATE;
    if (template->issued > 0)
        return VERDICT_TEMPLATE_IN_USE;
    *template = shop->templates[--shop->template_count];
    return VERDICT_SUCCEEDED;
}

static bool holds(const struct naive_shop *shop, int64_t template_id, int64_t user)
{
    for (int32_t i = 0; i < shop->coupon_count; i++)
        if (shop->coupons[i].template_id == template_id && shop->coupons[i].user == user)
            return true;
    return false;
}

static enum verdict ask_issue(struct naive_shop *shop, const struct policy *policy,
                              const struct command *command, struct fc_instant now)
{
    const struct coupon_issue *issue = &command->body.coupon_issue;
    struct naive_template *template = naive_template(shop, issue->template_id);

    if (!naive_key_is(command, COMMAND_KEY_TEMPLATE, issue->template_id))
        return VERDICT_MISROUTED;
    if (template == NULL)
        return VERDICT_UNKNOWN_TEMPLATE;
    if (naive_user(shop, issue->user_id) == NULL)
        return VERDICT_UNKNOWN_USER;
    if (command->accepted_at.us < template->from_us)
        return VERDICT_COUPON_NOT_OPEN;
    if (command->accepted_at.us >= template->until_us)
        return VERDICT_COUPON_CLOSED;
    if (holds(shop, issue->template_id, issue->user_id))
        return VERDICT_COUPON_ALREADY_ISSUED;
    if (template->limited && template->issued == template->quantity)
        return VERDICT_COUPON_SOLD_OUT;

    int32_t days = template->days != 0 ? template->days : policy->coupon_valid_days;

    template->issued++;
    shop->coupons[shop->coupon_count++] = (struct naive_coupon){
        .id = command->id,
        .template_id = issue->template_id,
        .user = issue->user_id,
        .position = template->issued,
        .status = COUPON_AVAILABLE,
        .discount = template->discount,
        .min_total = template->min_total,
        .expires = days > 0,
        .expires_us = days > 0 ? now.us + days * FC_US_PER_DAY : 0,
    };
    return VERDICT_SUCCEEDED;
}

static enum verdict ask_revoke(struct naive_shop *shop, const struct command *command)
{
    struct naive_coupon *coupon = naive_coupon(shop, &command->body.coupon_revoke.coupon_id);

    if (coupon == NULL)
        return VERDICT_UNKNOWN_COUPON;
    if (!naive_key_is(command, COMMAND_KEY_TEMPLATE, coupon->template_id))
        return VERDICT_MISROUTED;
    if (coupon->status == COUPON_CANCELLED)
        return VERDICT_COUPON_REVOKED;
    if (coupon->status == COUPON_USED)
        return VERDICT_COUPON_USED;
    if (coupon->status == COUPON_EXPIRED)
        return VERDICT_COUPON_EXPIRED;
    coupon->status = COUPON_CANCELLED;
    return VERDICT_SUCCEEDED;
}

static enum verdict ask_coupon_expire(struct naive_shop *shop, const struct command *command)
{
    if (command->key.kind != COMMAND_KEY_TEMPLATE)
        return VERDICT_MISROUTED;
    for (int32_t i = 0; i < command->body.coupon_expire.coupon_count; i++) {
        struct naive_coupon *coupon =
            naive_coupon(shop, &command->body.coupon_expire.coupon_ids[i]);

        if (coupon != NULL && coupon->template_id == command->key.id &&
            coupon->status == COUPON_AVAILABLE && coupon->expires &&
            coupon->expires_us <= command->accepted_at.us)
            coupon->status = COUPON_EXPIRED;
    }
    return VERDICT_SUCCEEDED;
}

enum verdict naive_coupon_usable(const struct naive_coupon *coupon, int64_t user, int64_t at_us,
                                 int64_t total)
{
    if (coupon == NULL)
        return VERDICT_UNKNOWN_COUPON;
    if (coupon->user != user)
        return VERDICT_COUPON_NOT_OWNED;
    if (coupon->status == COUPON_CANCELLED)
        return VERDICT_COUPON_REVOKED;
    if (coupon->status == COUPON_USED)
        return VERDICT_COUPON_USED;
    if (coupon->status == COUPON_EXPIRED || (coupon->expires && at_us >= coupon->expires_us))
        return VERDICT_COUPON_EXPIRED;
    return total < coupon->min_total ? VERDICT_COUPON_MINIMUM_NOT_REACHED : VERDICT_SUCCEEDED;
}

void naive_coupon_back(struct naive_coupon *coupon, int64_t at_us)
{
    coupon->status =
        coupon->expires && at_us >= coupon->expires_us ? COUPON_EXPIRED : COUPON_AVAILABLE;
}

int64_t naive_discount(const struct discount *discount, int64_t total)
{
    int64_t off = discount->type == DISCOUNT_AMOUNT ? discount->value
                                                    : total * discount->value / BASIS_POINTS;

    return off < total ? off : total;
}

/* ---- everything */

enum verdict naive_ask(struct naive_shop *shop, const struct policy *policy,
                       const struct command *command, struct fc_instant now)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        return ask_register(shop, policy, command, now);
    case COMMAND_WALLET_CHARGE:
        return ask_charge(shop, policy, command);
    case COMMAND_COUPON_ISSUE:
        return ask_issue(shop, policy, command, now);
    case COMMAND_COUPON_REVOKE:
        return ask_revoke(shop, command);
    case COMMAND_COUPON_EXPIRE:
        return ask_coupon_expire(shop, command);
    case COMMAND_TEMPLATE_PUT:
        return ask_template(shop, policy, command);
    case COMMAND_TEMPLATE_DELETE:
        return ask_template_delete(shop, command);
    case COMMAND_ORDER_PLACE:
        return naive_order_place(shop, policy, command, now);
    case COMMAND_ORDER_CANCEL:
        return naive_order_cancel(shop, policy, command);
    case COMMAND_ORDER_CHANGE:
        return naive_order_change(shop, policy, command);
    case COMMAND_ORDER_SHIP:
        return naive_order_ship(shop, command);
    case COMMAND_ORDER_EXPIRE:
        return naive_order_expire(shop, command);
    case COMMAND_PAYMENT_SETTLE:
        return naive_order_settle(shop, command);
    case COMMAND_PRODUCT_PUT:
        return naive_product_put(shop, policy, command);
    case COMMAND_PRODUCT_DELETE:
        return naive_product_delete(shop, command);
    case COMMAND_OPTION_RESTOCK:
        return naive_restock(shop, command);
    case COMMAND_POLICY_APPLY:
        return naive_key_is(command, COMMAND_KEY_POLICY, POLICY_KEY_ID) ? VERDICT_SUCCEEDED
                                                                        : VERDICT_MISROUTED;
    case COMMAND_DAY_CLOSE:
        if (!naive_key_is(command, COMMAND_KEY_DAY, command->body.day_close.day.days))
            return VERDICT_MISROUTED;
        return fc_day_seoul(command->accepted_at).days > command->body.day_close.day.days
                   ? VERDICT_SUCCEEDED
                   : VERDICT_INVALID_REQUEST;
    case COMMAND_COUNT:
        break;
    }
    return VERDICT_COUNT;
}
