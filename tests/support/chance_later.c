#include "support/chance.h"

#include "base/assert.h"

#define COUPONS 6
#define LINES 3

static void *take(struct chance *chance, size_t count, size_t size)
{
    void *taken = fc_arena_take(chance->arena, count, size);

    FC_ASSERT(taken != NULL);
    return taken;
}

static const struct chance_coupon *any_coupon(struct chance *chance)
{
    return &chance->coupons[chance_below(chance, chance->coupon_count)];
}

static void ask_revoke(struct chance *chance, struct command *command)
{
    const struct chance_coupon *coupon = any_coupon(chance);

    command->key = (struct command_key){COMMAND_KEY_TEMPLATE, coupon->template_id};
    command->body.coupon_revoke.coupon_id = coupon->coupon_id;
    command->body.coupon_revoke.coupon_id.bytes[15] ^= chance_one_in(chance, 20);
}

/* Some coupons, of one template or not, some of them twice. */
static void ask_coupon_expire(struct chance *chance, struct command *command)
{
    struct coupon_expire *expire = &command->body.coupon_expire;

    command->key = (struct command_key){COMMAND_KEY_TEMPLATE, any_coupon(chance)->template_id};
    expire->coupon_count = (int32_t)chance_below(chance, COUPONS) + 1;
    expire->coupon_ids = take(chance, COUPONS, sizeof(*expire->coupon_ids));
    for (int32_t i = 0; i < expire->coupon_count; i++)
        expire->coupon_ids[i] = any_coupon(chance)->coupon_id;
    if (chance_one_in(chance, 20))
        command->key.kind = COMMAND_KEY_USER;
}

/* Mostly what was ordered. */
static void ask_ship(struct chance *chance, const struct chance_order *order,
                     struct command *command)
{
    struct order_ship *ship = &command->body.order_ship;

    ship->lines = take(chance, LINES, sizeof(*ship->lines));
    ship->line_count = chance_one_in(chance, 2) ? 1 : (int32_t)chance_below(chance, LINES) + 1;
    for (int32_t i = 0; i < ship->line_count; i++) {
        ship->lines[i].option_id = chance_one_in(chance, 3)
                                       ? chance_option(chance, chance_id(chance, CHANCE_PRODUCTS))
                                       : order->option_id;
        ship->lines[i].quantity = chance_below(chance, 2) + 1;
    }
}

static void ask_about_order(struct chance *chance, struct command *command)
{
    const struct chance_order *order = &chance->orders[chance_below(chance, chance->order_count)];
    struct fc_uuid id = order->order_id;

    command->key = order->key;
    id.bytes[15] ^= chance_one_in(chance, 30);
    if (command->type == COMMAND_ORDER_CANCEL) {
        command->body.order_cancel.order_id = id;
    } else if (command->type == COMMAND_ORDER_CHANGE) {
        command->body.order_change.order_id = id;
        chance_lines(chance, chance_id(chance, CHANCE_PRODUCTS), &command->body.order_change.lines,
                     &command->body.order_change.line_count);
    } else if (command->type == COMMAND_ORDER_SHIP) {
        command->body.order_ship.order_id = id;
        ask_ship(chance, order, command);
    } else if (command->type == COMMAND_ORDER_EXPIRE) {
        command->body.order_expire.order_id = id;
    } else {
        command->body.payment_settle.order_id = id;
        command->body.payment_settle.outcome = (enum payment_outcome)(chance_below(chance, 4) % 3);
    }
}

bool chance_later(struct chance *chance, struct command *command)
{
    static const enum command_type types[] = {
        COMMAND_ORDER_CANCEL,  COMMAND_ORDER_CHANGE,   COMMAND_ORDER_CHANGE,
        COMMAND_ORDER_SHIP,    COMMAND_ORDER_SHIP,     COMMAND_ORDER_EXPIRE,
        COMMAND_ORDER_EXPIRE,  COMMAND_PAYMENT_SETTLE, COMMAND_PAYMENT_SETTLE,
        COMMAND_COUPON_REVOKE, COMMAND_COUPON_EXPIRE,  COMMAND_COUPON_EXPIRE,
        COMMAND_POLICY_APPLY,  COMMAND_DAY_CLOSE,
    };

    if (chance->coupon_count == 0 || chance->order_count == 0)
        return false;
    command->type = types[chance_below(chance, (int64_t)FC_ARRAY_COUNT(types))];
    if (command->type == COMMAND_COUPON_REVOKE) {
        ask_revoke(chance, command);
    } else if (command->type == COMMAND_COUPON_EXPIRE) {
        ask_coupon_expire(chance, command);
    } else if (command->type == COMMAND_POLICY_APPLY) {
        command->key = (struct command_key){COMMAND_KEY_POLICY, POLICY_KEY_ID};
        command->body.policy_apply.document = FC_STR("{}");
    } else if (command->type == COMMAND_DAY_CLOSE) {
        command->body.day_close.day = fc_day_seoul(command->accepted_at);
        command->body.day_close.day.days -= chance_one_in(chance, 2);
        command->key = (struct command_key){COMMAND_KEY_DAY, command->body.day_close.day.days};
    } else {
        ask_about_order(chance, command);
    }
    return true;
}
