#include "support/scenario_line.h"

static void put_user(struct scenario *scenario)
{
    struct wallet *wallet = shop_put_wallet(&scenario->shop, scenario_id(scenario, 'u'));
    struct fc_str word;

    wallet->user = (struct row_mark){.exists = true, .loaded = true};
    wallet->row = wallet->user;
    wallet->version = wallet->version_loaded = 1;
    while ((word = scenario_word(scenario)).len > 0) {
        if (scenario_is(word, "balance"))
            wallet->balance.won = scenario_number(scenario);
        else if (scenario_is(word, "held"))
            wallet->held.won = scenario_number(scenario);
        else if (scenario_is(word, "no_wallet"))
            wallet->row = (struct row_mark){0};
        else
            scenario_unknown(scenario, word);
    }
}

static struct option *put_loaded_option(struct scenario *scenario, int64_t option_id,
                                        int64_t product_id)
{
    struct option *option = shop_put_option(&scenario->shop, option_id, product_id);

    option->row = (struct row_mark){.exists = true, .loaded = true};
    option->name = scenario_name(scenario, 'o', option_id);
    return option;
}

static bool read_option_word(struct scenario *scenario, struct fc_str word, struct option *option)
{
    if (scenario_is(word, "stock"))
        option->total = scenario_number(scenario);
    else if (scenario_is(word, "reserved"))
        option->reserved = scenario_number(scenario);
    else if (scenario_is(word, "ordered"))
        option->ordered = true;
    else
        return false;
    return true;
}

static void put_product(struct scenario *scenario)
{
    int64_t product_id = scenario_number(scenario);
    struct fc_str name = scenario_name(scenario, 'p', product_id);
    struct product *product = shop_put_product(&scenario->shop, product_id, name);
    struct option *option = put_loaded_option(scenario, product_id * 10, product_id);
    struct fc_str word;

    product->row = (struct row_mark){.exists = true, .loaded = true};
    product->price.won = 1000;
    product->version = product->version_loaded = 1;
    while ((word = scenario_word(scenario)).len > 0) {
        if (scenario_is(word, "name"))
            shop_rename_product(&scenario->shop, product, scenario_word(scenario));
        else if (scenario_is(word, "category"))
            product->category = scenario_word(scenario);
        else if (scenario_is(word, "price"))
            product->price.won = scenario_number(scenario);
        else if (scenario_is(word, "bare"))
            option->row = (struct row_mark){0};
        else if (scenario_is(word, "first_come"))
            product->first_come = true;
        else if (scenario_is(word, "stopped"))
            product->status = PRODUCT_STOPPED;
        else if (!read_option_word(scenario, word, option))
            scenario_unknown(scenario, word);
    }
}

static void put_option(struct scenario *scenario)
{
    int64_t option_id = scenario_number(scenario);
    struct fc_str word = scenario_word(scenario);
    struct option *option = put_loaded_option(scenario, option_id, scenario_number(scenario));

    if (!scenario_is(word, "of"))
        scenario_unknown(scenario, word);
    while ((word = scenario_word(scenario)).len > 0) {
        if (scenario_is(word, "name"))
            option->name = scenario_word(scenario);
        else if (scenario_is(word, "surcharge"))
            option->surcharge.won = scenario_number(scenario);
        else if (!read_option_word(scenario, word, option))
            scenario_unknown(scenario, word);
    }
}

static void limit(struct coupon_template *row, int64_t quantity)
{
    row->limited = true;
    row->quantity = quantity;
}

static void put_template(struct scenario *scenario)
{
    struct coupon_template *row = shop_put_template(&scenario->shop, scenario_number(scenario));
    struct fc_str word;

    row->row = (struct row_mark){.exists = true, .loaded = true};
    row->version = row->version_loaded = 1;
    row->discount = (struct discount){DISCOUNT_AMOUNT, 1000};
    row->issue_until.us = SCENARIO_UNTIL_US;
    while ((word = scenario_word(scenario)).len > 0) {
        if (scenario_is(word, "amount"))
            row->discount = (struct discount){DISCOUNT_AMOUNT, scenario_number(scenario)};
        else if (scenario_is(word, "rate"))
            row->discount = (struct discount){DISCOUNT_RATE, scenario_number(scenario)};
        else if (scenario_is(word, "quantity"))
            limit(row, scenario_number(scenario));
        else if (scenario_is(word, "issued"))
            row->issued = scenario_number(scenario);
        else if (scenario_is(word, "from"))
            row->issue_from = scenario_time(scenario);
        else if (scenario_is(word, "until"))
            row->issue_until = scenario_time(scenario);
        else if (scenario_is(word, "days"))
            row->valid_days = (int32_t)scenario_number(scenario);
        else if (scenario_is(word, "min"))
            row->min_total.won = scenario_number(scenario);
        else
            scenario_unknown(scenario, word);
    }
}

static void expire(struct coupon *row, struct fc_instant at)
{
    row->expires = true;
    row->expires_at = at;
}

static void put_coupon(struct scenario *scenario)
{
    struct fc_uuid id = scenario_uuid(scenario_id(scenario, 'c'));
    struct fc_str word = scenario_word(scenario);
    int64_t template_id = scenario_number(scenario);

    if (!scenario_is(word, "of") || !scenario_is(scenario_word(scenario), "user"))
        scenario_fail(scenario, "say: coupon c1 of 9 user u1");
    struct coupon *row =
        shop_put_coupon(&scenario->shop, &id, template_id, scenario_id(scenario, 'u'));

    row->row = (struct row_mark){.exists = true, .loaded = true};
    row->version = row->version_loaded = 1;
    row->position = 1;
    row->discount = (struct discount){DISCOUNT_AMOUNT, 1000};
    while ((word = scenario_word(scenario)).len > 0) {
        if (scenario_is(word, "amount"))
            row->discount = (struct discount){DISCOUNT_AMOUNT, scenario_number(scenario)};
        else if (scenario_is(word, "rate"))
            row->discount = (struct discount){DISCOUNT_RATE, scenario_number(scenario)};
        else if (scenario_is(word, "min"))
            row->min_total.won = scenario_number(scenario);
        else if (scenario_is(word, "expires"))
            expire(row, scenario_time(scenario));
        else if (!scenario_status(word, &row->status))
            scenario_unknown(scenario, word);
    }
}

static bool read_policy_switch(struct fc_str word, struct policy *policy)
{
    if (scenario_is(word, "refuse_excess"))
        policy->coupon_excess = POLICY_EXCESS_IS_REFUSED;
    else if (scenario_is(word, "refund_within"))
        policy->refund_above_max = false;
    else if (scenario_is(word, "no_days"))
        policy->template_names_days = false;
    else if (scenario_is(word, "no_amount"))
        policy->discount_amount = false;
    else if (scenario_is(word, "no_rate"))
        policy->discount_rate = false;
    else if (scenario_is(word, "no_cancel"))
        policy->order_cancel = false;
    else if (scenario_is(word, "no_change"))
        policy->order_change = false;
    else
        return false;
    return true;
}

static bool read_policy_offer(struct scenario *scenario, struct fc_str word, struct policy *policy)
{
    if (scenario_is(word, "welcome")) {
        policy->welcome = true;
        policy->welcome_discount = (struct discount){DISCOUNT_RATE, scenario_number(scenario)};
    } else if (scenario_is(word, "bank")) {
        policy->bank_transfer = true;
        policy->transfer_rate = (int32_t)scenario_number(scenario);
    } else {
        return false;
    }
    return true;
}

static void put_policy(struct scenario *scenario)
{
    struct policy *policy = &scenario->policy;
    struct fc_str word;

    while ((word = scenario_word(scenario)).len > 0) {
        if (scenario_is(word, "charge_min"))
            policy->charge_min.won = scenario_number(scenario);
        else if (scenario_is(word, "charge_max"))
            policy->charge_max.won = scenario_number(scenario);
        else if (scenario_is(word, "unit"))
            policy->charge_units[policy->charge_unit_count++].won = scenario_number(scenario);
        else if (scenario_is(word, "balance_max"))
            policy->balance_max.won = scenario_number(scenario);
        else if (scenario_is(word, "price_step"))
            policy->price_step.won = scenario_number(scenario);
        else if (scenario_is(word, "valid_days"))
            policy->coupon_valid_days = (int32_t)scenario_number(scenario);
        else if (scenario_is(word, "welcome_days"))
            policy->welcome_valid_days = (int32_t)scenario_number(scenario);
        else if (scenario_is(word, "bank_seconds"))
            policy->transfer_expire_s = scenario_number(scenario);
        else if (scenario_is(word, "options_max"))
            policy->product_options_max = (int32_t)scenario_number(scenario);
        else if (!read_policy_switch(word, policy) && !read_policy_offer(scenario, word, policy))
            scenario_unknown(scenario, word);
    }
}

bool scenario_put(struct scenario *scenario, struct fc_str what)
{
    if (scenario_is(what, "user"))
        put_user(scenario);
    else if (scenario_is(what, "product"))
        put_product(scenario);
    else if (scenario_is(what, "option"))
        put_option(scenario);
    else if (scenario_is(what, "template"))
        put_template(scenario);
    else if (scenario_is(what, "coupon"))
        put_coupon(scenario);
    else if (scenario_is(what, "policy"))
        put_policy(scenario);
    else
        return false;
    return true;
}
