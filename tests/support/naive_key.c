#include "support/naive.h"

static int64_t product_of(struct naive_shop *shop, const struct order_line *line)
{
    const struct naive_option *option = naive_option(shop, line->option_id);

    if (line->option_id == 0)
        return line->product_id;
    return option != NULL ? option->product : 0;
}

/* In the line of its first-come product, else in the user's. Of several products any will do. */
static struct command_key order_key(struct naive_shop *shop, const struct order_place *place)
{
    for (int32_t i = 0; i < place->line_count; i++) {
        const struct naive_product *product =
            naive_product(shop, product_of(shop, &place->lines[i]));

        if (product != NULL && product->first_come)
            return (struct command_key){COMMAND_KEY_PRODUCT, product->id};
    }
    return (struct command_key){COMMAND_KEY_USER, place->user_id};
}

static bool key_of_coupon(struct naive_shop *shop, const struct fc_uuid *id,
                          struct command_key *ret_key)
{
    const struct naive_coupon *coupon = naive_coupon(shop, id);

    if (coupon != NULL)
        *ret_key = (struct command_key){COMMAND_KEY_TEMPLATE, coupon->template_id};
    return coupon != NULL;
}

static bool key_of_option(struct naive_shop *shop, int64_t id, struct command_key *ret_key)
{
    const struct naive_option *option = naive_option(shop, id);

    if (option != NULL)
        *ret_key = (struct command_key){COMMAND_KEY_PRODUCT, option->product};
    return option != NULL;
}

static bool key_of_order(struct naive_shop *shop, const struct fc_uuid *id,
                         struct command_key *ret_key)
{
    const struct naive_order *order = naive_order(shop, id);

    if (order != NULL)
        *ret_key = order->key;
    return order != NULL;
}

static struct command_key own_key(struct naive_shop *shop, const struct command *command)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        return (struct command_key){COMMAND_KEY_USER, command->body.user_register.user_id};
    case COMMAND_WALLET_CHARGE:
        return (struct command_key){COMMAND_KEY_USER, command->body.wallet_charge.user_id};
    case COMMAND_COUPON_ISSUE:
        return (struct command_key){COMMAND_KEY_TEMPLATE, command->body.coupon_issue.template_id};
    case COMMAND_TEMPLATE_PUT:
        return (struct command_key){COMMAND_KEY_TEMPLATE, command->body.template_put.template_id};
    case COMMAND_TEMPLATE_DELETE:
        return (struct command_key){COMMAND_KEY_TEMPLATE,
                                    command->body.template_delete.template_id};
    case COMMAND_ORDER_PLACE:
        return order_key(shop, &command->body.order_place);
    case COMMAND_PRODUCT_PUT:
        return (struct command_key){COMMAND_KEY_PRODUCT, command->body.product_put.product_id};
    case COMMAND_PRODUCT_DELETE:
        return (struct command_key){COMMAND_KEY_PRODUCT, command->body.product_delete.product_id};
    case COMMAND_POLICY_APPLY:
        return (struct command_key){COMMAND_KEY_POLICY, POLICY_KEY_ID};
    case COMMAND_DAY_CLOSE:
        return (struct command_key){COMMAND_KEY_DAY, command->body.day_close.day.days};
    case COMMAND_COUPON_EXPIRE: /* of any template that has one of them */
    case COMMAND_COUPON_REVOKE:
    case COMMAND_ORDER_CANCEL:
    case COMMAND_ORDER_CHANGE:
    case COMMAND_ORDER_SHIP:
    case COMMAND_ORDER_EXPIRE:
    case COMMAND_PAYMENT_SETTLE:
    case COMMAND_OPTION_RESTOCK:
    case COMMAND_COUNT:
        break;
    }
    return command->key;
}

bool naive_key_of(struct naive_shop *shop, const struct command *command,
                  struct command_key *ret_key)
{
    const struct fc_uuid *order_id = command_order_id(command);

    if (order_id != NULL)
        return key_of_order(shop, order_id, ret_key);
    if (command->type == COMMAND_COUPON_REVOKE)
        return key_of_coupon(shop, &command->body.coupon_revoke.coupon_id, ret_key);
    if (command->type == COMMAND_OPTION_RESTOCK)
        return key_of_option(shop, command->body.option_restock.option_id, ret_key);
    *ret_key = own_key(shop, command);
    return true;
}
