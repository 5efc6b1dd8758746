#include "support/scenario_line.h"

static void ask_revoke(struct scenario *scenario, struct command *command)
{
    struct fc_uuid id = scenario_uuid(scenario_id(scenario, 'c'));
    const struct coupon *coupon = shop_find_coupon(&scenario->shop, &id);

    command->body.coupon_revoke.coupon_id = id;
    command->key =
        (struct command_key){COMMAND_KEY_TEMPLATE, coupon == NULL ? 1 : coupon->template_id};
    scenario_tail(scenario, command);
}

static void ask_lapse(struct scenario *scenario, struct command *command)
{
    struct coupon_expire *expire = &command->body.coupon_expire;
    struct fc_str word;

    command->key = (struct command_key){COMMAND_KEY_TEMPLATE, scenario_number(scenario)};
    expire->coupon_ids = scenario_take(scenario, SCENARIO_LINES_MAX, sizeof(*expire->coupon_ids));
    while (!scenario_arrow(word = scenario_word(scenario))) {
        if (scenario_common(scenario, word, command))
            continue;
        if (word.len < 2 || word.ptr[0] != 'c' || expire->coupon_count == SCENARIO_LINES_MAX)
            scenario_unknown(scenario, word);
        expire->coupon_ids[expire->coupon_count++] = scenario_uuid(
            scenario_number_of(scenario, (struct fc_str){word.ptr + 1, word.len - 1}));
    }
}

/* The id of the order that is named next; the command gets its key. */
static struct fc_uuid read_order(struct scenario *scenario, struct command *command)
{
    struct fc_uuid id = scenario_uuid(scenario_id(scenario, 'o'));
    const struct order *order = shop_find_order(&scenario->shop, &id);

    command->key = order != NULL ? order->terms.key : (struct command_key){COMMAND_KEY_USER, 1};
    return id;
}

static struct order_line *read_lines(struct scenario *scenario, struct command *command,
                                     int32_t *ret_count)
{
    struct order_line *lines = scenario_take(scenario, SCENARIO_LINES_MAX, sizeof(*lines));
    struct fc_str word;

    *ret_count = 0;
    while (!scenario_arrow(word = scenario_word(scenario))) {
        if (scenario_common(scenario, word, command))
            continue;
        if (word.len == 0 || *ret_count == SCENARIO_LINES_MAX)
            scenario_unknown(scenario, word);
        lines[(*ret_count)++] = scenario_order_line(scenario, word);
    }
    return lines;
}

static void ask_cancel(struct scenario *scenario, struct command *command)
{
    struct order_cancel *cancel = &command->body.order_cancel;
    struct fc_str word;

    cancel->order_id = read_order(scenario, command);
    while (!scenario_arrow(word = scenario_word(scenario))) {
        if (scenario_is(word, "because"))
            cancel->reason = scenario_word(scenario);
        else if (!scenario_common(scenario, word, command))
            scenario_unknown(scenario, word);
    }
}

static void ask_change(struct scenario *scenario, struct command *command)
{
    struct order_change *change = &command->body.order_change;

    change->order_id = read_order(scenario, command);
    change->lines = read_lines(scenario, command, &change->line_count);
}

static void ask_ship(struct scenario *scenario, struct command *command)
{
    struct order_ship *ship = &command->body.order_ship;

    ship->order_id = read_order(scenario, command);
    ship->lines = read_lines(scenario, command, &ship->line_count);
}

static void ask_settle(struct scenario *scenario, struct command *command)
{
    struct payment_settle *settle = &command->body.payment_settle;

    settle->order_id = read_order(scenario, command);
    struct fc_str word = scenario_word(scenario);

    if (scenario_is(word, "approved"))
        settle->outcome = PAYMENT_APPROVED;
    else if (scenario_is(word, "declined"))
        settle->outcome = PAYMENT_DECLINED;
    else if (scenario_is(word, "timed_out"))
        settle->outcome = PAYMENT_TIMED_OUT;
    else
        scenario_unknown(scenario, word);
    scenario_tail(scenario, command);
}

static void ask_expire(struct scenario *scenario, struct command *command)
{
    command->body.order_expire.order_id = read_order(scenario, command);
    scenario_tail(scenario, command);
}

static void ask_policy(struct scenario *scenario, struct command *command)
{
    command->body.policy_apply.policy = policy_default();
    command->body.policy_apply.document = scenario_word(scenario);
    command->key = (struct command_key){COMMAND_KEY_POLICY, POLICY_KEY_ID};
    scenario_tail(scenario, command);
}

static void ask_close(struct scenario *scenario, struct command *command)
{
    int64_t days = scenario_number(scenario);

    command->body.day_close.day.days = (int32_t)days;
    command->key = (struct command_key){COMMAND_KEY_DAY, days};
    scenario_tail(scenario, command);
}

bool scenario_ask_later(struct scenario *scenario, struct fc_str what, struct command *command)
{
    static const struct scenario_kind kinds[] = {
        {"revoke", COMMAND_COUPON_REVOKE, ask_revoke},
        {"lapse", COMMAND_COUPON_EXPIRE, ask_lapse},
        {"cancel", COMMAND_ORDER_CANCEL, ask_cancel},
        {"change", COMMAND_ORDER_CHANGE, ask_change},
        {"ship", COMMAND_ORDER_SHIP, ask_ship},
        {"settle", COMMAND_PAYMENT_SETTLE, ask_settle},
        {"expire", COMMAND_ORDER_EXPIRE, ask_expire},
        {"policy", COMMAND_POLICY_APPLY, ask_policy},
        {"close", COMMAND_DAY_CLOSE, ask_close},
    };

    return scenario_ask_one(scenario, what, kinds, FC_ARRAY_COUNT(kinds), command);
}
