#include "core/decide.h"

#include "base/assert.h"
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
        return wallet_decide_register(shop, command);
    case COMMAND_WALLET_CHARGE:
        return wallet_decide_charge(shop, policy, command);
    case COMMAND_COUPON_ISSUE:
        return coupon_decide_issue(shop, policy, command, now);
    case COMMAND_TEMPLATE_PUT:
        return coupon_decide_template_put(shop, command);
    case COMMAND_TEMPLATE_DELETE:
        return coupon_decide_template_delete(shop, command);
    case COMMAND_ORDER_PLACE:
        return order_decide_place(shop, policy, command, now);
    case COMMAND_PRODUCT_PUT:
        return product_decide_put(shop, policy, command);
    case COMMAND_PRODUCT_DELETE:
        return product_decide_delete(shop, command);
    case COMMAND_OPTION_RESTOCK:
        return stock_decide_restock(shop, command);
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
    FC_ASSERT((ret_decision->event_count > 0) == (ret_decision->verdict == VERDICT_SUCCEEDED));
}

void shop_apply(struct shop *shop, const struct event *event)
{
    switch (event->type) {
    case EVENT_USER_REGISTERED:
        wallet_apply_registered(shop, event);
        return;
    case EVENT_WALLET_CHARGED:
        wallet_apply_charged(shop, event);
        return;
    case EVENT_WALLET_USED:
        wallet_apply_used(shop, event);
        return;
    case EVENT_TEMPLATE_PUT:
        coupon_apply_template_put(shop, event);
        return;
    case EVENT_TEMPLATE_DELETED:
        coupon_apply_template_deleted(shop, event);
        return;
    case EVENT_COUPON_ISSUED:
        coupon_apply_issued(shop, event);
        return;
    case EVENT_COUPON_USED:
        coupon_apply_used(shop, event);
        return;
    case EVENT_PRODUCT_PUT:
        product_apply_put(shop, event);
        return;
    case EVENT_PRODUCT_DELETED:
        product_apply_deleted(shop, event);
        return;
    case EVENT_STOCK_RESTOCKED:
        stock_apply_restocked(shop, event);
        return;
    case EVENT_STOCK_TAKEN:
        stock_apply_taken(shop, event);
        return;
    case EVENT_ORDER_PAID:
        order_apply_paid(shop, event);
        return;
    case EVENT_COUNT:
        break;
    }
    FC_UNREACHABLE("no such event");
}
