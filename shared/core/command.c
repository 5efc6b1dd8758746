#include "core/command.h"

#include "base/assert.h"

int64_t command_user_id(const struct command *command)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        return command->body.user_register.user_id;
    case COMMAND_WALLET_CHARGE:
        return command->body.wallet_charge.user_id;
    case COMMAND_COUPON_ISSUE:
        return command->body.coupon_issue.user_id;
    case COMMAND_ORDER_PLACE:
        return command->body.order_place.user_id;
    case COMMAND_COUPON_REVOKE:
    case COMMAND_COUPON_EXPIRE:
    case COMMAND_TEMPLATE_PUT:
    case COMMAND_TEMPLATE_DELETE:
    case COMMAND_ORDER_CANCEL:
    case COMMAND_ORDER_CHANGE:
    case COMMAND_ORDER_SHIP:
    case COMMAND_ORDER_EXPIRE:
    case COMMAND_PAYMENT_SETTLE:
    case COMMAND_PRODUCT_PUT:
    case COMMAND_PRODUCT_DELETE:
    case COMMAND_OPTION_RESTOCK:
    case COMMAND_POLICY_APPLY:
    case COMMAND_DAY_CLOSE:
        return 0;
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

const struct fc_uuid *command_order_id(const struct command *command)
{
    switch (command->type) {
    case COMMAND_ORDER_CANCEL:
        return &command->body.order_cancel.order_id;
    case COMMAND_ORDER_CHANGE:
        return &command->body.order_change.order_id;
    case COMMAND_ORDER_SHIP:
        return &command->body.order_ship.order_id;
    case COMMAND_ORDER_EXPIRE:
        return &command->body.order_expire.order_id;
    case COMMAND_PAYMENT_SETTLE:
        return &command->body.payment_settle.order_id;
    case COMMAND_USER_REGISTER:
    case COMMAND_WALLET_CHARGE:
    case COMMAND_COUPON_ISSUE:
    case COMMAND_COUPON_REVOKE:
    case COMMAND_COUPON_EXPIRE:
    case COMMAND_TEMPLATE_PUT:
    case COMMAND_TEMPLATE_DELETE:
    case COMMAND_ORDER_PLACE:
    case COMMAND_PRODUCT_PUT:
    case COMMAND_PRODUCT_DELETE:
    case COMMAND_OPTION_RESTOCK:
    case COMMAND_POLICY_APPLY:
    case COMMAND_DAY_CLOSE:
        return NULL;
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

bool command_key_is(const struct command *command, enum command_key_kind kind, int64_t id)
{
    return command->key.kind == kind && command->key.id == id;
}
