#include "wire/policy_setting.h"

#include "base/assert.h"
#include "wire/words.h"

#include <string.h>

/* More than any shop has said, and few enough to be counted by an audit. */
#define PRODUCTS_MIN_MAX 1000000

#define AT(section, name) "/" section "/" name, section, name
#define MEMBER(member) \
    offsetof(struct policy, member), sizeof(((const struct policy *)NULL)->member)
#define NUMBER(member, min, max) \
    POLICY_SETTING_NUMBER, MEMBER(member), {min, max}, POLICY_NO_NULL, NULL
#define NUMBER_OR_NULL(member, min, max, null_is) \
    POLICY_SETTING_NUMBER, MEMBER(member), {min, max}, null_is, NULL
#define FLAG(member) POLICY_SETTING_FLAG, MEMBER(member), {0, 0}, POLICY_NO_NULL, NULL
#define WORD(member, words) POLICY_SETTING_WORD, MEMBER(member), {0, 0}, POLICY_NO_NULL, words
#define OTHER(kind) kind, 0, 0, {0, 0}, POLICY_NO_NULL, NULL

static const char *const excess_words[] = {[POLICY_EXCESS_STOPS_AT_TOTAL] = "stops_at_total",
                                           [POLICY_EXCESS_IS_REFUSED] = "refused",
                                           NULL};
static const char *const ranking_words[] = {[POLICY_RANK_QUANTITY] = "quantity",
                                            [POLICY_RANK_ORDERS] = "orders",
                                            [POLICY_RANK_REVENUE] = "revenue",
                                            NULL};
static const char *const refresh_words[] = {[false] = "live", [true] = "daily", NULL};

const struct policy_setting wire_policy_settings[WIRE_POLICY_SETTINGS] = {
    {"/name", NULL, "name", OTHER(POLICY_SETTING_NAME)},
    {AT("balance", "charge_min"), NUMBER(charge_min.won, 0, AMOUNT_KRW_MAX)},
    {AT("balance", "charge_max"),
     NUMBER_OR_NULL(charge_max.won, 1, AMOUNT_KRW_MAX, AMOUNT_KRW_MAX)},
    {AT("balance", "charge_units"), OTHER(POLICY_SETTING_UNITS)},
    {AT("balance", "max"), NUMBER_OR_NULL(balance_max.won, 1, AMOUNT_KRW_MAX, AMOUNT_KRW_MAX)},
    {AT("balance", "refund_above_max"), FLAG(refund_above_max)},
    {AT("catalogue", "price_step"), NUMBER(price_step.won, 1, PRICE_KRW_MAX)},
    {AT("catalogue", "options_max"), NUMBER(product_options_max, 1, PRODUCT_OPTIONS_MAX)},
    {AT("catalogue", "products_min"), NUMBER(products_min, 0, PRODUCTS_MIN_MAX)},
    {AT("coupons", "discounts"), OTHER(POLICY_SETTING_DISCOUNTS)},
    {AT("coupons", "excess"), WORD(coupon_excess, excess_words)},
    {AT("coupons", "valid_days"), NUMBER_OR_NULL(coupon_valid_days, 1, COUPON_VALID_DAYS_MAX, 0)},
    {AT("coupons", "template_names_days"), FLAG(template_names_days)},
    {AT("coupons", "welcome"), OTHER(POLICY_SETTING_WELCOME)},
    {AT("orders", "cancel"), FLAG(order_cancel)},
    {AT("orders", "change"), FLAG(order_change)},
    {AT("payment", "methods"), OTHER(POLICY_SETTING_METHODS)},
    /* Short of all: whoever transfers has something to transfer. */
    {AT("payment", "transfer_discount"), NUMBER(transfer_rate, 0, BASIS_POINTS - 1)},
    {AT("payment", "transfer_expires_s"), NUMBER(transfer_expire_s, 1, TRANSFER_EXPIRE_S_MAX)},
    {AT("ranking", "by"), WORD(ranking_by, ranking_words)},
    {AT("ranking", "refresh"), WORD(ranking_closed, refresh_words)},
    {AT("ranking", "days"), NUMBER(ranking_days, 1, RANKING_DAYS_MAX)},
};

static_assert(sizeof(enum policy_excess) == sizeof(int32_t), "a word is stored as such a number");
static_assert(sizeof(enum policy_ranking) == sizeof(int32_t), "a word is stored as such a number");

/* --- values in the policy --------------------------------------------------------------------- */

int64_t wire_policy_number(const struct policy_setting *setting, const struct policy *policy)
{
    const char *at = (const char *)policy + setting->offset;
    int64_t wide;
    int32_t narrow;
    bool flag;

    switch (setting->size) {
    case sizeof(wide):
        memcpy(&wide, at, sizeof(wide));
        return wide;
    case sizeof(narrow):
        memcpy(&narrow, at, sizeof(narrow));
        return narrow;
    case sizeof(flag):
        memcpy(&flag, at, sizeof(flag));
        return flag;
    default:
        FC_UNREACHABLE("no such size");
    }
}

void wire_policy_number_set(const struct policy_setting *setting, int64_t value,
                            struct policy *policy)
{
    char *at = (char *)policy + setting->offset;
    int32_t narrow = (int32_t)value;
    bool flag = value != 0;

    switch (setting->size) {
    case sizeof(value):
        memcpy(at, &value, sizeof(value));
        return;
    case sizeof(narrow):
        memcpy(at, &narrow, sizeof(narrow));
        return;
    case sizeof(flag):
        memcpy(at, &flag, sizeof(flag));
        return;
    default:
        FC_UNREACHABLE("no such size");
    }
}

/* --- writing ---------------------------------------------------------------------------------- */

static void number_put(struct wire_json *json, const struct policy_setting *setting,
                       const struct policy *policy)
{
    int64_t value = wire_policy_number(setting, policy);

    if (setting->null_is != POLICY_NO_NULL && value == setting->null_is)
        wire_json_null(json);
    else
        wire_json_i64(json, value);
}

static void units_put(struct wire_json *json, const struct policy *policy)
{
    FC_ASSERT(policy->charge_unit_count <= POLICY_CHARGE_UNITS_MAX);
    wire_json_array_begin(json);
    for (int32_t i = 0; i < policy->charge_unit_count; i++)
        wire_json_i64(json, policy->charge_units[i].won);
    wire_json_array_end(json);
}

static void set_put(struct wire_json *json, const char *const *words, const bool *flags,
                    int32_t count)
{
    wire_json_array_begin(json);
    for (int32_t i = 0; i < count; i++)
        if (flags[i])
            wire_json_str(json, fc_str_of(words[i]));
    wire_json_array_end(json);
}

static void welcome_put(struct wire_json *json, const struct policy *policy)
{
    if (!policy->welcome) {
        wire_json_null(json);
        return;
    }
    wire_json_object_begin(json);
    wire_json_key(json, "discount");
    wire_discount_put(json, &policy->welcome_discount);
    wire_json_key(json, "valid_days");
    if (policy->welcome_valid_days != 0)
        wire_json_i64(json, policy->welcome_valid_days);
    else
        wire_json_null(json);
    wire_json_object_end(json);
}

static void value_put(struct wire_json *json, const struct policy_setting *setting,
                      const struct policy *policy)
{
    switch (setting->kind) {
    case POLICY_SETTING_NAME:
        wire_json_str(json, fc_str_of(policy->name));
        return;
    case POLICY_SETTING_NUMBER:
        number_put(json, setting, policy);
        return;
    case POLICY_SETTING_FLAG:
        wire_json_bool(json, wire_policy_number(setting, policy) != 0);
        return;
    case POLICY_SETTING_WORD:
        wire_json_str(json, fc_str_of(setting->words[wire_policy_number(setting, policy)]));
        return;
    case POLICY_SETTING_UNITS:
        units_put(json, policy);
        return;
    case POLICY_SETTING_DISCOUNTS:
        set_put(json, wire_discount_words,
                (const bool[]){policy->discount_amount, policy->discount_rate}, 2);
        return;
    case POLICY_SETTING_METHODS:
        set_put(json, wire_payment_words, (const bool[]){true, policy->bank_transfer}, 2);
        return;
    case POLICY_SETTING_WELCOME:
        welcome_put(json, policy);
        return;
    }
    FC_UNREACHABLE("no such kind of setting");
}

void wire_policy_put(struct fc_buf *buf, const struct policy *policy)
{
    const char *section = NULL;
    struct wire_json json;

    wire_json_init(&json, buf);
    wire_json_object_begin(&json);
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        const struct policy_setting *setting = &wire_policy_settings[i];

        if (setting->section != NULL &&
            (section == NULL || strcmp(section, setting->section) != 0)) {
            if (section != NULL)
                wire_json_object_end(&json);
            section = setting->section;
            wire_json_key(&json, section);
            wire_json_object_begin(&json);
        }
        /* A policy without a name has no member of that name either. */
        if (setting->kind == POLICY_SETTING_NAME && policy->name[0] == '\0')
            continue;
        wire_json_key(&json, setting->name);
        value_put(&json, setting, policy);
    }
    wire_json_object_end(&json);
    wire_json_object_end(&json);
}

const char *wire_policy_pointer(int32_t setting)
{
    FC_ASSERT(setting >= 0 && setting < WIRE_POLICY_SETTINGS);
    return wire_policy_settings[setting].pointer;
}

void wire_policy_value_put(struct fc_buf *buf, int32_t setting, const struct policy *policy)
{
    struct wire_json json;

    FC_ASSERT(setting >= 0 && setting < WIRE_POLICY_SETTINGS);
    wire_json_init(&json, buf);
    value_put(&json, &wire_policy_settings[setting], policy);
}
