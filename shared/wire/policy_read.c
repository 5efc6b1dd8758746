#include "wire/policy_setting.h"

#include "base/assert.h"
#include "wire/body.h"
#include "wire/scan.h"
#include "wire/words.h"

#include <string.h>

static void name_read(struct wire_node *node, const char *name, struct policy *policy)
{
    struct fc_str text;

    if (wire_read_text(node, name, WIRE_OPTIONAL, (struct wire_range){1, POLICY_NAME_BYTES_MAX},
                       &text))
        FC_ASSERT(fc_str_copy(text, policy->name, sizeof(policy->name)));
}

static void number_read(struct wire_node *node, const struct policy_setting *setting,
                        struct policy *policy)
{
    int64_t value = setting->null_is;

    if (wire_read_i64(node, setting->name, WIRE_OPTIONAL, setting->range, &value) ||
        (value != POLICY_NO_NULL && wire_read_null(node, setting->name)))
        wire_policy_number_set(setting, value, policy);
}

static void flag_read(struct wire_node *node, const struct policy_setting *setting,
                      struct policy *policy)
{
    bool value;

    if (wire_read_bool(node, setting->name, WIRE_OPTIONAL, &value))
        wire_policy_number_set(setting, value, policy);
}

static void word_read(struct wire_node *node, const struct policy_setting *setting,
                      struct policy *policy)
{
    int32_t index;

    if (wire_read_word(node, setting->name, WIRE_OPTIONAL, setting->words, &index))
        wire_policy_number_set(setting, index, policy);
}

static void units_read(struct wire_node *node, const char *name, struct policy *policy)
{
    struct wire_list list;
    int64_t before = 0;

    if (!wire_read_list(node, name, WIRE_OPTIONAL, (struct wire_range){0, POLICY_CHARGE_UNITS_MAX},
                        &list))
        return;
    policy->charge_unit_count = 0;
    for (int32_t i = 0; i < list.count; i++) {
        int64_t unit;

        if (!wire_list_i64(&list, i, (struct wire_range){1, AMOUNT_KRW_MAX}, &unit))
            continue;
        if (unit <= before)
            wire_list_fault(&list, i, "must be above the unit before it");
        before = unit;
        policy->charge_units[policy->charge_unit_count++] = KRW(unit);
    }
}

/* A list of words as a set: words[i] stands for *flags[i]. All of them when something is wrong with
 * the list, so that nothing else is blamed for it. */
static void set_read(struct wire_node *node, const char *name, const char *const *words,
                     bool *const *flags, int32_t count)
{
    struct wire_list list;
    bool found[4] = {false};
    int32_t before = node->faults->count;

    FC_ASSERT(count <= (int32_t)FC_ARRAY_COUNT(found));
    bool given = wire_read_list(node, name, WIRE_OPTIONAL, (struct wire_range){0, count}, &list);

    for (int32_t i = 0; given && i < list.count; i++) {
        struct fc_str text = wire_list_peek_text(&list, i);
        int32_t word = 0;

        while (word < count && !fc_str_eq(text, fc_str_of(words[word])))
            word++;
        if (word == count)
            wire_list_fault(&list, i, "is no word that may stand here");
        else if (found[word])
            wire_list_fault(&list, i, "stands here twice");
        else
            found[word] = true;
    }
    for (int32_t i = 0; i < count; i++)
        if (node->faults->count != before)
            *flags[i] = true;
        else if (given)
            *flags[i] = found[i];
}

static void welcome_read(struct wire_node *node, const char *name, struct policy *policy)
{
    struct wire_node welcome;
    int64_t valid_days = 0;

    policy->welcome = wire_read_object(node, name, WIRE_OPTIONAL, &welcome);
    if (!policy->welcome)
        return;
    policy->welcome_discount = (struct discount){DISCOUNT_AMOUNT, 0};
    wire_body_discount_read(&welcome, &policy->welcome_discount);
    (void)wire_read_i64(&welcome, "valid_days", WIRE_OPTIONAL,
                        (struct wire_range){1, COUPON_VALID_DAYS_MAX}, &valid_days);
    policy->welcome_valid_days = (int32_t)valid_days;
    wire_node_end(&welcome);
}

static void setting_read(struct wire_node *node, const struct policy_setting *setting,
                         struct policy *policy)
{
    switch (setting->kind) {
    case POLICY_SETTING_NAME:
        name_read(node, setting->name, policy);
        return;
    case POLICY_SETTING_NUMBER:
        number_read(node, setting, policy);
        return;
    case POLICY_SETTING_FLAG:
        flag_read(node, setting, policy);
        return;
    case POLICY_SETTING_WORD:
        word_read(node, setting, policy);
        return;
    case POLICY_SETTING_UNITS:
        units_read(node, setting->name, policy);
        return;
    case POLICY_SETTING_DISCOUNTS:
        set_read(node, setting->name, wire_discount_words,
                 (bool *[]){&policy->discount_amount, &policy->discount_rate}, 2);
        return;
    case POLICY_SETTING_METHODS: {
        bool balance = true;

        set_read(node, setting->name, wire_payment_words,
                 (bool *[]){&balance, &policy->bank_transfer}, 2);
        if (!balance)
            wire_node_fault(node, setting->name, "must hold balance");
        return;
    }
    case POLICY_SETTING_WELCOME:
        welcome_read(node, setting->name, policy);
        return;
    }
    FC_UNREACHABLE("no such kind of setting");
}

/* --- sentences -------------------------------------------------------------------------------- */

static bool is_setting(struct fc_str pointer)
{
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++)
        if (fc_str_eq(fc_str_of(wire_policy_settings[i].pointer), pointer))
            return true;
    return false;
}

static bool is_sentence(struct fc_str value)
{
    char memory[WIRE_POLICY_SENTENCE_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    if (wire_value_kind(value) != WIRE_STRING)
        return false;
    struct fc_str text = wire_value_string(value, &buf);

    return text.len >= 1 && text.len <= WIRE_POLICY_SENTENCE_BYTES_MAX;
}

static void sentence_check(struct wire_node *about, const struct wire_member *member)
{
    char memory[WIRE_POINTER_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct fc_str pointer = wire_member_name(member, &buf);

    if (!is_setting(pointer))
        wire_node_name_fault(about, pointer, "is the pointer of no setting");
    else if (!is_sentence(member->value))
        wire_node_name_fault(about, pointer, "must be a sentence of 1 to 500 bytes");
}

static_assert(WIRE_POLICY_SENTENCE_BYTES_MAX == 500, "the sentence above says so");

static void about_check(struct wire_node *node)
{
    struct wire_member member;
    struct wire_node about;

    if (!wire_read_object(node, "about", WIRE_OPTIONAL, &about))
        return;
    while (wire_walk_member(&about.walk, &member))
        sentence_check(&about, &member);
}

/* --- settings against each other -------------------------------------------------------------- */

static void contradiction(struct wire_node *node, const char *section, const char *name,
                          const char *detail)
{
    struct wire_place above = {&node->place, fc_str_of(section), 0};
    struct wire_place place = {&above, fc_str_of(name), 0};
    char pointer[WIRE_POINTER_BYTES_MAX];

    wire_fault_add(node->faults, wire_place_pointer(&place, pointer), "%s", detail);
}

static void unit_check(struct wire_node *node, const struct policy *policy, int32_t index)
{
    struct wire_place above = {&node->place, FC_STR("balance"), 0};
    struct wire_place list = {&above, FC_STR("charge_units"), 0};
    struct wire_place place = {&list, FC_STR_NONE, index};
    int64_t unit = policy->charge_units[index].won;
    char pointer[WIRE_POINTER_BYTES_MAX];
    const char *detail = NULL;

    if (unit < policy->charge_min.won)
        detail = "must not be below charge_min: nobody could charge it";
    else if (unit > policy->charge_max.won)
        detail = "must not be above charge_max: nobody could charge it";
    else if (unit > policy->balance_max.won)
        detail = "must not be above max: nobody could charge it";
    if (detail != NULL)
        wire_fault_add(node->faults, wire_place_pointer(&place, pointer), "%s", detail);
}

static void balance_check(struct wire_node *node, const struct policy *policy)
{
    if (policy->charge_min.won > policy->charge_max.won)
        contradiction(node, "balance", "charge_min", "must not be above charge_max");
    if (policy->charge_min.won > policy->balance_max.won)
        contradiction(node, "balance", "charge_min",
                      "must not be above max: nobody could charge at all");
    for (int32_t i = 0; i < policy->charge_unit_count; i++)
        unit_check(node, policy, i);
}

static void welcome_check(struct wire_node *node, const struct policy *policy)
{
    const struct discount *discount = &policy->welcome_discount;

    if (!policy->welcome)
        return;
    if (!policy_discount_allowed(policy, discount->type))
        contradiction(node, "coupons", "welcome", "is of a discount that discounts does not have");
    if (discount->type == DISCOUNT_RATE && discount->value == BASIS_POINTS &&
        policy->coupon_excess == POLICY_EXCESS_IS_REFUSED)
        contradiction(node, "coupons", "welcome",
                      "leaves nothing to pay, which excess refuses: nobody could use it");
}

void wire_policy_read(struct wire_node *node, struct policy *ret_policy)
{
    struct policy policy = policy_default();
    const char *section = NULL;
    struct wire_node child;
    struct fc_str schema;

    policy.version = 0;
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        const struct policy_setting *setting = &wire_policy_settings[i];

        if (setting->section == NULL) {
            setting_read(node, setting, &policy);
            continue;
        }
        if (section == NULL || strcmp(section, setting->section) != 0) {
            if (section != NULL)
                wire_node_end(&child);
            section = setting->section;
            (void)wire_read_object(node, section, WIRE_OPTIONAL, &child);
        }
        setting_read(&child, setting, &policy);
    }
    wire_node_end(&child);
    about_check(node);
    (void)wire_read_text(node, "$schema", WIRE_OPTIONAL,
                         (struct wire_range){1, WIRE_POLICY_SENTENCE_BYTES_MAX}, &schema);
    balance_check(node, &policy);
    welcome_check(node, &policy);
    if (policy.transfer_rate > 0 && !policy.bank_transfer)
        contradiction(node, "payment", "transfer_discount",
                      "must be 0: methods has no bank_transfer");
    *ret_policy = policy;
}

bool wire_policy_parse(struct fc_str json, struct fc_arena *arena, struct policy *ret_policy,
                       struct wire_faults *faults)
{
    struct wire_node node;
    struct policy policy;
    int32_t before = faults->count;

    FC_ASSERT(faults->arena == arena);
    if (wire_scan(json, faults)) {
        wire_node_begin(&node, json, faults);
        wire_policy_read(&node, &policy);
        wire_node_end(&node);
    }
    if (faults->count != before || faults->arena_full)
        return false;
    *ret_policy = policy;
    return true;
}
