#include "support/model.h"

/* A bound itself, or the first value behind it. */
static int64_t around(struct model *model, int64_t bound)
{
    return bound + chance_below(&model->chance, 2);
}

/* The last instant before, or the instant itself. */
static struct fc_instant around_instant(struct model *model, int64_t at_us)
{
    return (struct fc_instant){around(model, at_us - 1)};
}

static int64_t within(int64_t value, int64_t min, int64_t max)
{
    return value < min ? min : value > max ? max : value;
}

/* The largest of all amounts, seldom: nothing is too dear for a wallet that holds it. */
static void charge(struct model *model, struct command *command)
{
    const struct policy *policy = &model->policy;
    const struct naive_user *user = naive_user(&model->naive, command->body.wallet_charge.user_id);
    int64_t bounds[] = {policy->charge_min.won - 1, policy->charge_max.won,
                        policy->balance_max.won - (user != NULL ? user->balance : 0)};
    int64_t bound = bounds[chance_below(&model->chance, FC_ARRAY_COUNT(bounds))];

    if (bound < AMOUNT_KRW_MAX / 2 || chance_one_in(&model->chance, 100))
        command->body.wallet_charge.amount.won =
            within(around(model, bound), -AMOUNT_KRW_MAX, AMOUNT_KRW_MAX);
}

static void issue(struct model *model, struct command *command)
{
    const struct naive_template *template =
        naive_template(&model->naive, command->body.coupon_issue.template_id);

    if (template != NULL)
        command->accepted_at = around_instant(
            model, chance_one_in(&model->chance, 2) ? template->from_us : template->until_us);
}

/* All of one option that there is, all that the wallet has, or the end of the coupon. */
static void place(struct model *model, struct command *command)
{
    struct order_place *place = &command->body.order_place;
    const struct naive_user *user = naive_user(&model->naive, place->user_id);
    const struct naive_option *option = naive_option(&model->naive, place->lines[0].option_id);
    const struct naive_coupon *coupon =
        place->has_coupon ? naive_coupon(&model->naive, &place->coupon_id) : NULL;

    if (coupon != NULL && coupon->expires && chance_one_in(&model->chance, 2)) {
        command->accepted_at = around_instant(model, coupon->expires_us);
    } else if (place->payment == PAYMENT_BANK_TRANSFER && user != NULL) {
        place->from_balance.won =
            within(around(model, user->balance - user->held), 0, AMOUNT_KRW_MAX);
    } else if (option != NULL) {
        place->line_count = 1;
        place->lines[0].quantity =
            within(around(model, option->total - option->reserved), 1, QUANTITY_MAX);
    }
}

static void ship(struct model *model, struct command *command)
{
    struct order_ship *ship = &command->body.order_ship;
    struct naive_order *order = naive_order(&model->naive, &ship->order_id);
    const struct naive_line *line =
        order == NULL ? NULL
                      : naive_line(order->lines, order->line_count, ship->lines[0].option_id);

    if (line != NULL) {
        ship->line_count = 1;
        ship->lines[0].quantity =
            within(around(model, line->quantity - line->shipped), 1, QUANTITY_MAX);
    }
}

static void restock(struct model *model, struct command *command)
{
    struct option_restock *restock = &command->body.option_restock;
    const struct naive_option *option = naive_option(&model->naive, restock->option_id);

    if (option == NULL)
        return;
    restock->quantity =
        chance_one_in(&model->chance, 4)
            ? within(around(model, STOCK_MAX - option->total), 1, STOCK_MAX)
            : within(around(model, option->reserved - option->total - 1), -STOCK_MAX, STOCK_MAX);
}

static void put_product(struct model *model, struct command *command)
{
    struct option_put *put = &command->body.product_put.options[0];
    const struct naive_option *option = naive_option(&model->naive, put->option_id);

    if (option != NULL)
        put->stock = within(around(model, option->reserved - 1), 0, STOCK_MAX);
}

static void put_template(struct model *model, struct command *command)
{
    struct template_put *put = &command->body.template_put;
    const struct naive_template *template = naive_template(&model->naive, put->template_id);

    if (template != NULL && put->limited)
        put->quantity = within(around(model, template->issued - 1), 0, QUANTITY_MAX);
}

static void end_order(struct model *model, struct command *command)
{
    const struct naive_order *order =
        naive_order(&model->naive, &command->body.order_expire.order_id);

    if (order != NULL)
        command->accepted_at = around_instant(model, order->expires_us);
}

static void end_coupons(struct model *model, struct command *command)
{
    const struct naive_coupon *coupon =
        naive_coupon(&model->naive, &command->body.coupon_expire.coupon_ids[0]);

    if (coupon != NULL && coupon->expires)
        command->accepted_at = around_instant(model, coupon->expires_us);
}

/* The coupon comes back when its time ends. */
static void cancel(struct model *model, struct command *command)
{
    const struct naive_order *order =
        naive_order(&model->naive, &command->body.order_cancel.order_id);
    const struct naive_coupon *coupon =
        order != NULL && order->has_coupon ? naive_coupon(&model->naive, &order->coupon) : NULL;

    if (coupon != NULL && coupon->expires)
        command->accepted_at = around_instant(model, coupon->expires_us);
}

void model_meet_border(struct model *model, struct command *command)
{
    static void (*const meet[COMMAND_COUNT])(struct model * model, struct command * command) = {
        [COMMAND_WALLET_CHARGE] = charge,      [COMMAND_COUPON_ISSUE] = issue,
        [COMMAND_COUPON_EXPIRE] = end_coupons, [COMMAND_TEMPLATE_PUT] = put_template,
        [COMMAND_ORDER_PLACE] = place,         [COMMAND_ORDER_CANCEL] = cancel,
        [COMMAND_ORDER_SHIP] = ship,           [COMMAND_ORDER_EXPIRE] = end_order,
        [COMMAND_PRODUCT_PUT] = put_product,   [COMMAND_OPTION_RESTOCK] = restock,
    };

    if (meet[command->type] != NULL)
        meet[command->type](model, command);
}
