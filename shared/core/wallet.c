#include "core/wallet.h"

#include "base/assert.h"

const struct wallet *wallet_of_user(const struct shop *shop, int64_t user_id)
{
    const struct wallet *wallet = shop_find_wallet(shop, user_id);

    return wallet != NULL && wallet->user.exists ? wallet : NULL;
}

struct decision wallet_decide_register(const struct shop *shop, const struct command *command)
{
    int64_t user_id = command->body.user_register.user_id;

    if (!command_key_is(command, COMMAND_KEY_USER, user_id))
        return decision_refused(VERDICT_MISROUTED, user_id);
    if (wallet_of_user(shop, user_id) != NULL)
        return decision_refused(VERDICT_USER_EXISTS, user_id);

    struct decision decision = decision_succeeded(shop, 1);

    decision_add(&decision, EVENT_USER_REGISTERED, 1)->data.user_registered.user_id = user_id;
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

void wallet_use(const struct wallet *wallet, struct krw amount, const struct fc_uuid *order_id,
                struct decision *decision)
{
    FC_ASSERT(wallet->row.exists);
    FC_ASSERT(amount.won > 0);
    FC_ASSERT(amount.won <= wallet->balance.won);
    struct event *event = decision_add(decision, EVENT_WALLET_USED, wallet->version + 1);

    event->data.wallet_moved = (struct wallet_moved){
        .user_id = wallet->user_id,
        .amount = amount,
        .balance = KRW(wallet->balance.won - amount.won),
        .order_id = *order_id,
    };
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

/* `change` is what the balance moves by. */
static void wallet_move(struct shop *shop, const struct event *event, struct krw change)
{
    const struct wallet_moved *moved = &event->data.wallet_moved;
    struct wallet *wallet = shop_find_wallet(shop, moved->user_id);

    FC_ASSERT(wallet != NULL);
    FC_ASSERT(wallet->row.exists);
    FC_ASSERT(event->version == wallet->version + 1);
    FC_ASSERT(moved->amount.won >= 0);
    FC_ASSERT(wallet->balance.won + change.won == moved->balance.won);
    FC_ASSERT(moved->balance.won >= 0);
    wallet->balance = moved->balance;
    wallet->version = event->version;
    wallet->row.changed = true;
}

void wallet_apply_charged(struct shop *shop, const struct event *event)
{
    wallet_move(shop, event, event->data.wallet_moved.amount);
}

void wallet_apply_used(struct shop *shop, const struct event *event)
{
    wallet_move(shop, event, KRW(-event->data.wallet_moved.amount.won));
}
