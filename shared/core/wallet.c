#include "core/wallet.h"

#include "base/assert.h"
#include "core/coupon.h"

const struct wallet *wallet_of_user(const struct shop *shop, int64_t user_id)
{
    const struct wallet *wallet = shop_find_wallet(shop, user_id);

    return wallet != NULL && wallet->user.exists ? wallet : NULL;
}

struct krw wallet_spendable(const struct wallet *wallet)
{
    FC_ASSERT(wallet->held.won >= 0);
    FC_ASSERT(wallet->held.won <= wallet->balance.won);
    return KRW(wallet->balance.won - wallet->held.won);
}

struct decision wallet_decide_register(const struct shop *shop, const struct policy *policy,
                                       const struct command *command, struct fc_instant now)
{
    int64_t user_id = command->body.user_register.user_id;

    if (!command_key_is(command, COMMAND_KEY_USER, user_id))
        return decision_refused(VERDICT_MISROUTED, user_id);
    if (wallet_of_user(shop, user_id) != NULL)
        return decision_refused(VERDICT_USER_EXISTS, user_id);

    struct decision decision = decision_succeeded(shop, 2);

    decision_add(&decision, EVENT_USER_REGISTERED, 1)->data.user_registered.user_id = user_id;
    if (policy->welcome)
        coupon_welcome(policy, command, now, &decision);
    return decision;
}

static bool charge_allowed(const struct policy *policy, struct krw amount)
{
    FC_ASSERT(policy->charge_min.won >= 0);
    FC_ASSERT(policy->charge_unit_count <= POLICY_CHARGE_UNITS_MAX);
    if (krw_less(amount, policy->charge_min) || krw_less(policy->charge_max, amount))
        return false;
    for (int32_t i = 0; i < policy->charge_unit_count; i++)
        if (krw_eq(amount, policy->charge_units[i]))
            return true;
    return policy->charge_unit_count == 0;
}

struct decision wallet_decide_charge(const struct shop *shop, const struct policy *policy,
                                     const struct command *command)
{
    const struct wallet_charge *charge = &command->body.wallet_charge;
    const struct wallet *wallet = wallet_of_user(shop, charge->user_id);
    struct krw balance;

    if (!command_key_is(command, COMMAND_KEY_USER, charge->user_id))
        return decision_refused(VERDICT_MISROUTED, charge->user_id);
    if (wallet == NULL)
        return decision_refused(VERDICT_UNKNOWN_USER, charge->user_id);
    if (!wallet->row.exists)
        return decision_refused(VERDICT_UNKNOWN_WALLET, charge->user_id);
    if (!charge_allowed(policy, charge->amount))
        return decision_refused(VERDICT_CHARGE_NOT_ALLOWED, charge->user_id);
    if (!krw_add(wallet->balance, charge->amount, &balance) ||
        krw_less(policy->balance_max, balance))
        return decision_refused(VERDICT_BALANCE_LIMIT_EXCEEDED, charge->user_id);

    struct decision decision = decision_succeeded(shop, 1);
    struct event *event = decision_add(&decision, EVENT_WALLET_CHARGED, wallet->version + 1);

    event->data.wallet_moved = (struct wallet_moved){
        .user_id = charge->user_id,
        .amount = charge->amount,
        .balance = balance,
    };
    return decision;
}

bool wallet_refund_allowed(const struct wallet *wallet, const struct policy *policy,
                           struct krw amount)
{
    struct krw most = policy->refund_above_max ? KRW(AMOUNT_KRW_MAX) : policy->balance_max;

    FC_ASSERT(amount.won >= 0);
    return amount.won == 0 || amount.won <= most.won - wallet->balance.won;
}

/* Adds the event that moves the balance of an order's user by `change`; what it moved. */
static struct wallet_moved *add_moved(const struct wallet *wallet, enum event_type type,
                                      struct krw amount, struct krw change,
                                      const struct fc_uuid *order_id, struct decision *decision)
{
    FC_ASSERT(wallet->row.exists);
    FC_ASSERT(amount.won > 0);
    struct event *event = decision_add(decision, type, wallet->version + 1);

    event->data.wallet_moved = (struct wallet_moved){
        .user_id = wallet->user_id,
        .amount = amount,
        .balance = KRW(wallet->balance.won + change.won),
        .order_id = *order_id,
    };
    return &event->data.wallet_moved;
}

void wallet_use(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                struct decision *decision)
{
    FC_ASSERT(amount.won <= wallet_spendable(wallet).won);
    add_moved(wallet, EVENT_WALLET_USED, amount, KRW(-amount.won), order_id, decision);
}

void wallet_refund(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                   struct decision *decision)
{
    FC_ASSERT(amount.won <= AMOUNT_KRW_MAX - wallet->balance.won);
    add_moved(wallet, EVENT_WALLET_REFUNDED, amount, amount, order_id, decision);
}

void wallet_hold(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                 struct decision *decision)
{
    FC_ASSERT(amount.won <= wallet_spendable(wallet).won);
    add_moved(wallet, EVENT_WALLET_HELD, amount, KRW(0), order_id, decision);
}

void wallet_release(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                    struct decision *decision)
{
    FC_ASSERT(amount.won <= wallet->held.won);
    add_moved(wallet, EVENT_WALLET_RELEASED, amount, KRW(0), order_id, decision);
}

void wallet_use_held(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                     struct decision *decision)
{
    FC_ASSERT(amount.won <= wallet->held.won);
    add_moved(wallet, EVENT_WALLET_USED, amount, KRW(-amount.won), order_id, decision)->from_held =
        true;
}

void wallet_apply_registered(struct shop *shop, const struct event *event)
{
    int64_t user_id = event->data.user_registered.user_id;
    struct wallet *wallet = shop_find_wallet(shop, user_id);

    if (wallet == NULL)
        wallet = shop_put_wallet(shop, user_id);
    FC_ASSERT(!wallet->user.exists);
    FC_ASSERT(!wallet->row.exists);
    FC_ASSERT(event->version == 1);
    wallet->user.exists = true;
    wallet->user.changed = true;
    wallet->row.exists = true;
    wallet->row.changed = true;
    wallet->balance = KRW(0);
    wallet->version = 1;
}

/* `change` is what the balance moves by, `held` what is held of it. */
static void wallet_move(struct shop *shop, const struct event *event, int64_t change, int64_t held)
{
    const struct wallet_moved *moved = &event->data.wallet_moved;
    struct wallet *wallet = shop_find_wallet(shop, moved->user_id);

    FC_ASSERT(wallet != NULL);
    FC_ASSERT(wallet->row.exists);
    FC_ASSERT(event->version == wallet->version + 1);
    FC_ASSERT(moved->amount.won >= 0);
    FC_ASSERT(wallet->balance.won + change == moved->balance.won);
    FC_ASSERT(wallet->held.won + held >= 0);
    FC_ASSERT(wallet->held.won + held <= moved->balance.won);
    wallet->balance = moved->balance;
    wallet->held.won += held;
    wallet->version = event->version;
    wallet->row.changed = true;
}

void wallet_apply_charged(struct shop *shop, const struct event *event)
{
    wallet_move(shop, event, event->data.wallet_moved.amount.won, 0);
}

void wallet_apply_used(struct shop *shop, const struct event *event)
{
    const struct wallet_moved *used = &event->data.wallet_moved;

    wallet_move(shop, event, -used->amount.won, used->from_held ? -used->amount.won : 0);
}

void wallet_apply_refunded(struct shop *shop, const struct event *event)
{
    wallet_move(shop, event, event->data.wallet_moved.amount.won, 0);
}

void wallet_apply_held(struct shop *shop, const struct event *event)
{
    wallet_move(shop, event, 0, event->data.wallet_moved.amount.won);
}

void wallet_apply_released(struct shop *shop, const struct event *event)
{
    wallet_move(shop, event, 0, -event->data.wallet_moved.amount.won);
}
