#include "support/scenario_line.h"

#include "support/expect.h"
#include "support/shop_text.h"

#include <inttypes.h>
#include <string.h>

#define OPTIONS_MAX 16

static const char *verdict_name(enum verdict verdict)
{
    static const char *const names[VERDICT_COUNT] = {
        [VERDICT_SUCCEEDED] = "succeeded",
        [VERDICT_INVALID_REQUEST] = "invalid_request",
        [VERDICT_UNKNOWN_USER] = "unknown_user",
        [VERDICT_UNKNOWN_WALLET] = "unknown_wallet",
        [VERDICT_UNKNOWN_PRODUCT] = "unknown_product",
        [VERDICT_UNKNOWN_OPTION] = "unknown_option",
        [VERDICT_UNKNOWN_TEMPLATE] = "unknown_template",
        [VERDICT_UNKNOWN_COUPON] = "unknown_coupon",
        [VERDICT_UNKNOWN_ORDER] = "unknown_order",
        [VERDICT_INSUFFICIENT_BALANCE] = "insufficient_balance",
        [VERDICT_INSUFFICIENT_STOCK] = "insufficient_stock",
        [VERDICT_PRODUCT_NOT_ON_SALE] = "product_not_on_sale",
        [VERDICT_COUPON_SOLD_OUT] = "coupon_sold_out",
        [VERDICT_COUPON_ALREADY_ISSUED] = "coupon_already_issued",
        [VERDICT_COUPON_NOT_OPEN] = "coupon_not_open",
        [VERDICT_COUPON_CLOSED] = "coupon_closed",
        [VERDICT_COUPON_NOT_OWNED] = "coupon_not_owned",
        [VERDICT_COUPON_EXPIRED] = "coupon_expired",
        [VERDICT_COUPON_USED] = "coupon_used",
        [VERDICT_COUPON_REVOKED] = "coupon_revoked",
        [VERDICT_COUPON_MINIMUM_NOT_REACHED] = "coupon_minimum_not_reached",
        [VERDICT_USER_EXISTS] = "user_exists",
        [VERDICT_NAME_TAKEN] = "name_taken",
        [VERDICT_ORDER_NOT_CANCELLABLE] = "order_not_cancellable",
        [VERDICT_ORDER_NOT_CHANGEABLE] = "order_not_changeable",
        [VERDICT_SHIPMENT_EXCEEDS_ORDER] = "shipment_exceeds_order",
        [VERDICT_PRODUCT_IN_USE] = "product_in_use",
        [VERDICT_TEMPLATE_IN_USE] = "template_in_use",
        [VERDICT_CHARGE_NOT_ALLOWED] = "charge_not_allowed",
        [VERDICT_BALANCE_LIMIT_EXCEEDED] = "balance_limit_exceeded",
        [VERDICT_PRICE_NOT_ALLOWED] = "price_not_allowed",
        [VERDICT_DISCOUNT_NOT_ALLOWED] = "discount_not_allowed",
        [VERDICT_DISCOUNT_EXCEEDS_TOTAL] = "discount_exceeds_total",
        [VERDICT_SEVERAL_FIRST_COME_PRODUCTS] = "several_first_come_products",
        [VERDICT_PAYMENT_METHOD_NOT_ALLOWED] = "payment_method_not_allowed",
        [VERDICT_PAYMENT_DECLINED] = "payment_declined",
        [VERDICT_PAYMENT_TIMED_OUT] = "payment_timed_out",
        [VERDICT_IDEMPOTENCY_KEY_REUSED] = "idempotency_key_reused",
        [VERDICT_MISROUTED] = "misrouted",
    };

    return names[verdict];
}

bool scenario_common(struct scenario *scenario, struct fc_str word, struct command *command)
{
    static const char letters[] = {
        [COMMAND_KEY_USER] = 'u',   [COMMAND_KEY_PRODUCT] = 'p', [COMMAND_KEY_TEMPLATE] = 't',
        [COMMAND_KEY_POLICY] = 's', [COMMAND_KEY_DAY] = 'd',
    };

    if (scenario_is(word, "as")) {
        command->id = scenario_uuid(scenario_id(scenario, 'c'));
        return true;
    }
    if (!scenario_is(word, "key"))
        return false;
    word = scenario_word(scenario);
    command->key.id = scenario_number_of(scenario, (struct fc_str){word.ptr + 1, word.len - 1});
    for (size_t i = 0; i < sizeof(letters); i++)
        if (word.ptr[0] == letters[i])
            command->key.kind = (enum command_key_kind)i;
    return true;
}

bool scenario_arrow(struct fc_str word)
{
    return scenario_is(word, "→");
}

void scenario_tail(struct scenario *scenario, struct command *command)
{
    struct fc_str word = scenario_word(scenario);

    while (!scenario_arrow(word)) {
        if (!scenario_common(scenario, word, command))
            scenario_unknown(scenario, word);
        word = scenario_word(scenario);
    }
}

static void ask_template(struct scenario *scenario, struct command *command)
{
    struct template_put *put = &command->body.template_put;
    struct fc_str word;

    put->template_id = scenario_number(scenario);
    put->name = scenario_name(scenario, 't', put->template_id);
    put->discount = (struct discount){DISCOUNT_AMOUNT, 1000};
    put->issue_until.us = SCENARIO_UNTIL_US;
    command->key = (struct command_key){COMMAND_KEY_TEMPLATE, put->template_id};
    while (!scenario_arrow(word = scenario_word(scenario))) {
        if (scenario_is(word, "amount"))
            put->discount = (struct discount){DISCOUNT_AMOUNT, scenario_number(scenario)};
        else if (scenario_is(word, "rate"))
            put->discount = (struct discount){DISCOUNT_RATE, scenario_number(scenario)};
        else if (scenario_is(word, "quantity")) {
            put->limited = true;
            put->quantity = scenario_number(scenario);
        } else if (scenario_is(word, "from"))
            put->issue_from = scenario_time(scenario);
        else if (scenario_is(word, "until"))
            put->issue_until = scenario_time(scenario);
        else if (scenario_is(word, "days"))
            put->valid_days = (int32_t)scenario_number(scenario);
        else if (scenario_is(word, "min"))
            put->min_total.won = scenario_number(scenario);
        else if (!scenario_common(scenario, word, command))
            scenario_unknown(scenario, word);
    }
}

struct order_line scenario_order_line(const struct scenario *scenario, struct fc_str word)
{
    struct fc_str what = fc_str_cut(&word, 'x');
    struct order_line line = {.quantity = scenario_number_of(scenario, word)};

    if (what.len > 0 && what.ptr[0] == 'o') {
        line.option_id = scenario_number_of(scenario, (struct fc_str){what.ptr + 1, what.len - 1});
        return line;
    }
    line.product_id = scenario_number_of(scenario, fc_str_cut(&what, '/'));
    if (what.len > 0)
        line.option_id = scenario_number_of(scenario, what);
    return line;
}

static void ask_order(struct scenario *scenario, struct command *command)
{
    struct order_place *place = &command->body.order_place;
    struct fc_str word;

    place->user_id = scenario_id(scenario, 'u');
    place->lines = scenario_take(scenario, SCENARIO_LINES_MAX, sizeof(*place->lines));
    command->key = (struct command_key){COMMAND_KEY_USER, place->user_id};
    while (!scenario_arrow(word = scenario_word(scenario))) {
        if (scenario_is(word, "coupon")) {
            place->has_coupon = true;
            place->coupon_id = scenario_uuid(scenario_id(scenario, 'c'));
        } else if (scenario_is(word, "bank")) {
            place->payment = PAYMENT_BANK_TRANSFER;
        } else if (scenario_is(word, "from")) {
            place->from_balance.won = scenario_number(scenario);
        } else if (scenario_is(word, "ordered_at")) {
            place->has_ordered_at = true;
            place->ordered_at = scenario_time(scenario);
        } else if (!scenario_common(scenario, word, command)) {
            if (word.len == 0 || place->line_count == SCENARIO_LINES_MAX)
                scenario_unknown(scenario, word);
            place->lines[place->line_count++] = scenario_order_line(scenario, word);
        }
    }
}

static bool read_option_put(struct scenario *scenario, struct fc_str word,
                            struct option_put *option)
{
    if (scenario_is(word, "id"))
        option->option_id = scenario_number(scenario);
    else if (scenario_is(word, "surcharge"))
        option->surcharge.won = scenario_number(scenario);
    else if (scenario_is(word, "stock"))
        option->stock = scenario_number(scenario);
    else
        return false;
    return true;
}

static void ask_product(struct scenario *scenario, struct command *command)
{
    struct product_put *put = &command->body.product_put;
    struct option_put *option = NULL;
    struct fc_str word;

    put->product_id = scenario_number(scenario);
    put->name = scenario_name(scenario, 'p', put->product_id);
    put->price.won = 1000;
    put->options = scenario_take(scenario, OPTIONS_MAX, sizeof(*put->options));
    command->key = (struct command_key){COMMAND_KEY_PRODUCT, put->product_id};
    while (!scenario_arrow(word = scenario_word(scenario))) {
        if (scenario_is(word, "name"))
            put->name = scenario_word(scenario);
        else if (scenario_is(word, "category"))
            put->category = scenario_word(scenario);
        else if (scenario_is(word, "price"))
            put->price.won = scenario_number(scenario);
        else if (scenario_is(word, "first_come"))
            put->first_come = true;
        else if (scenario_is(word, "stopped"))
            put->status = PRODUCT_STOPPED;
        else if (scenario_is(word, "option") && put->option_count < OPTIONS_MAX) {
            option = &put->options[put->option_count++];
            option->name = scenario_word(scenario);
        } else if (scenario_common(scenario, word, command))
            continue;
        else if (option == NULL || !read_option_put(scenario, word, option))
            scenario_unknown(scenario, word);
    }
}

static void ask_restock(struct scenario *scenario, struct command *command)
{
    struct option_restock *restock = &command->body.option_restock;

    restock->option_id = scenario_number(scenario);
    restock->quantity = scenario_number(scenario);
    const struct option *option = shop_find_option(&scenario->shop, restock->option_id);

    command->key =
        (struct command_key){COMMAND_KEY_PRODUCT, option == NULL ? 1 : option->product_id};
    scenario_tail(scenario, command);
}

static void ask_about_user(struct scenario *scenario, struct command *command)
{
    int64_t user_id = scenario_id(scenario, 'u');

    command->key = (struct command_key){COMMAND_KEY_USER, user_id};
    if (command->type == COMMAND_USER_REGISTER) {
        command->body.user_register.user_id = user_id;
    } else if (command->type == COMMAND_WALLET_CHARGE) {
        command->body.wallet_charge.user_id = user_id;
        command->body.wallet_charge.amount.won = scenario_number(scenario);
    } else {
        command->body.coupon_issue.user_id = user_id;
        command->body.coupon_issue.template_id = scenario_number(scenario);
        command->key =
            (struct command_key){COMMAND_KEY_TEMPLATE, command->body.coupon_issue.template_id};
    }
    scenario_tail(scenario, command);
}

static void ask_drop(struct scenario *scenario, struct command *command)
{
    int64_t id = scenario_number(scenario);

    if (command->type == COMMAND_PRODUCT_DELETE) {
        command->body.product_delete.product_id = id;
        command->key = (struct command_key){COMMAND_KEY_PRODUCT, id};
    } else {
        command->body.template_delete.template_id = id;
        command->key = (struct command_key){COMMAND_KEY_TEMPLATE, id};
    }
    scenario_tail(scenario, command);
}

bool scenario_ask_one(struct scenario *scenario, struct fc_str word,
                      const struct scenario_kind *kinds, size_t count, struct command *command)
{
    for (size_t i = 0; i < count; i++) {
        if (!scenario_is(word, kinds[i].word))
            continue;
        command->type = kinds[i].type;
        kinds[i].read(scenario, command);
        return true;
    }
    return false;
}

static void read_command(struct scenario *scenario, struct command *command)
{
    static const struct scenario_kind kinds[] = {
        {"register", COMMAND_USER_REGISTER, ask_about_user},
        {"charge", COMMAND_WALLET_CHARGE, ask_about_user},
        {"issue", COMMAND_COUPON_ISSUE, ask_about_user},
        {"template", COMMAND_TEMPLATE_PUT, ask_template},
        {"drop_template", COMMAND_TEMPLATE_DELETE, ask_drop},
        {"order", COMMAND_ORDER_PLACE, ask_order},
        {"product", COMMAND_PRODUCT_PUT, ask_product},
        {"drop_product", COMMAND_PRODUCT_DELETE, ask_drop},
        {"restock", COMMAND_OPTION_RESTOCK, ask_restock},
    };
    struct fc_str word = scenario_word(scenario);

    if (!scenario_ask_one(scenario, word, kinds, FC_ARRAY_COUNT(kinds), command) &&
        !scenario_ask_later(scenario, word, command))
        scenario_unknown(scenario, word);
}

/* Twice, to see that the first time left nothing behind. */
static void decide(struct scenario *scenario, const struct command *command)
{
    uint64_t hash = shop_bytes_hash(&scenario->shop);
    enum verdict verdict;

    shop_decide(&scenario->shop, &scenario->policy, command, scenario->decided_at,
                &scenario->decision);
    verdict = scenario->decision.verdict;
    shop_decide(&scenario->shop, &scenario->policy, command, scenario->decided_at,
                &scenario->decision);
    if (shop_bytes_hash(&scenario->shop) != hash)
        scenario_fail(scenario, "deciding changed the state");
    if (scenario->decision.verdict != verdict)
        scenario_fail(scenario, "decided again it is %s", verdict_name(scenario->decision.verdict));
}

void scenario_ask(struct scenario *scenario)
{
    const struct decision *decision = &scenario->decision;
    struct command command = {.accepted_at = scenario->accepted_at};
    struct fc_str word;

    scenario->command_count++;
    command.id = scenario_uuid(1000000 + scenario->command_count);
    read_command(scenario, &command);
    decide(scenario, &command);
    for (int32_t i = 0; i < decision->event_count; i++)
        shop_apply(&scenario->shop, &decision->events[i]);

    word = scenario_word(scenario);
    if (!scenario_is(word, verdict_name(decision->verdict)))
        scenario_fail(scenario, "the verdict is %s %" PRId64, verdict_name(decision->verdict),
                      decision->culprit);
    word = scenario_word(scenario);
    if (word.len > 0 && scenario_number_of(scenario, word) != decision->culprit)
        scenario_fail(scenario, "the culprit is %" PRId64, decision->culprit);
}
