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
    case COMMAND_TEMPLATE_PUT:
    case COMMAND_TEMPLATE_DELETE:
    case COMMAND_PRODUCT_PUT:
    case COMMAND_PRODUCT_DELETE:
    case COMMAND_OPTION_RESTOCK:
        return 0;
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

bool command_key_is(const struct command *command, enum command_key_kind kind, int64_t id)
{
    return command->key.kind == kind && command->key.id == id;
}
