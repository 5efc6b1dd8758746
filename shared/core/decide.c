#include "core/decide.h"

#include "base/assert.h"
#include "core/control.h"
#include "core/coupon.h"
#include "core/order.h"
#include "core/product.h"
#include "core/stock.h"
#include "core/wallet.h"

static struct decision decide(const struct shop *shop, const struct policy *policy,
                              const struct command *command, struct fc_instant now)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        return wallet_decide_register(shop, policy, command, now);
    case COMMAND_WALLET_CHARGE:
        return wallet_decide_charge(shop, policy, command);
    case COMMAND_COUPON_ISSUE:
        return coupon_decide_issue(shop, policy, command, now);
    case COMMAND_COUPON_REVOKE:
        return coupon_decide_revoke(shop, command);
    case COMMAND_COUPON_EXPIRE:
        return coupon_decide_expire(shop, command);
    case COMMAND_TEMPLATE_PUT:
        return coupon_decide_template_put(shop, policy, command);
    case COMMAND_TEMPLATE_DELETE:
        return coupon_decide_template_delete(shop, command);
    case COMMAND_ORDER_PLACE:
        return order_decide_place(shop, policy, command, now);
    case COMMAND_ORDER_CANCEL:
        return order_decide_cancel(shop, policy, command);
    case COMMAND_ORDER_CHANGE:
        return order_decide_change(shop, policy, command);
    case COMMAND_ORDER_SHIP:
        return order_decide_ship(shop, command);
    case COMMAND_ORDER_EXPIRE:
        return order_decide_expire(shop, command);
    case COMMAND_PAYMENT_SETTLE:
        return order_decide_settle(shop, command, now);
    case COMMAND_PRODUCT_PUT:
        return product_decide_put(shop, policy, command);
    case COMMAND_PRODUCT_DELETE:
        return product_decide_delete(shop, command);
    case COMMAND_OPTION_RESTOCK:
        return stock_decide_restock(shop, command);
    case COMMAND_POLICY_APPLY:
        return control_decide_policy(shop, command);
    case COMMAND_DAY_CLOSE:
        return control_decide_day(shop, command);
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

void shop_decide(const struct shop *shop, const struct policy *policy,
                 const struct command *command, struct fc_instant now,
                 struct decision *ret_decision)
{
    size_t mark = fc_arena_mark(shop->arena);

    *ret_decision = decide(shop, policy, command, now);
    /* A refusal keeps nothing: a batch of them does not fill the arena. */
    if (ret_decision->verdict != VERDICT_SUCCEEDED)
        fc_arena_rewind(shop->arena, mark);
    FC_ASSERT(ret_decision->verdict == VERDICT_SUCCEEDED || ret_decision->event_count == 0);
}

int64_t shop_user_id(const struct shop *shop, const struct command *command)
{
    const struct fc_uuid *order_id = command_order_id(command);
    const struct order *order = order_id != NULL ? order_of_id(shop, order_id) : NULL;

    return order != NULL ? order->terms.user_id : command_user_id(command);
}

/* By event type. */
static void (*const apply_of[EVENT_COUNT])(struct shop *, const struct event *) = {
    [EVENT_USER_REGISTERED] = wallet_apply_registered,
    [EVENT_WALLET_CHARGED] = wallet_apply_charged,
    [EVENT_WALLET_USED] = wallet_apply_used,
    [EVENT_WALLET_REFUNDED] = wallet_apply_refunded,
    [EVENT_WALLET_HELD] = wallet_apply_held,
    [EVENT_WALLET_RELEASED] = wallet_apply_released,
    [EVENT_TEMPLATE_PUT] = coupon_apply_template_put,
    [EVENT_TEMPLATE_DELETED] = coupon_apply_template_deleted,
    [EVENT_COUPON_ISSUED] = coupon_apply_issued,
    [EVENT_COUPON_USED] = coupon_apply_used,
    [EVENT_COUPON_RETURNED] = coupon_apply_returned,
    [EVENT_COUPON_EXPIRED] = coupon_apply_expired,
    [EVENT_COUPON_REVOKED] = coupon_apply_revoked,
    [EVENT_PRODUCT_PUT] = product_apply_put,
    [EVENT_PRODUCT_DELETED] = product_apply_deleted,
    [EVENT_STOCK_RESTOCKED] = stock_apply_restocked,
    [EVENT_STOCK_RESERVED] = stock_apply_moved,
    [EVENT_STOCK_RELEASED] = stock_apply_moved,
    [EVENT_STOCK_TAKEN] = stock_apply_moved,
    [EVENT_STOCK_RETURNED] = stock_apply_moved,
    [EVENT_ORDER_PLACED] = order_apply_placed,
    [EVENT_ORDER_PAID] = order_apply_paid,
    [EVENT_ORDER_FAILED] = order_apply_failed,
    [EVENT_ORDER_CANCELLED] = order_apply_cancelled,
    [EVENT_ORDER_CHANGED] = order_apply_changed,
    [EVENT_ORDER_SHIPPED] = order_apply_shipped,
    [EVENT_POLICY_APPLIED] = control_apply_policy,
    [EVENT_DAY_CLOSED] = control_apply_day,
};

void shop_apply(struct shop *shop, const struct event *event)
{
    FC_ASSERT(event->type < EVENT_COUNT);
    FC_ASSERT(apply_of[event->type] != NULL);
    apply_of[event->type](shop, event);
}
