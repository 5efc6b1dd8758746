/* A policy's document: what is taken is written and read again as the same. */
#include "support/fuzz.h"

#include "wire/policy.h"

#include <string.h>

static void check_bounds(const struct policy *policy)
{
    FC_ASSERT(policy->version == 0);
    FC_ASSERT(memchr(policy->name, '\0', sizeof(policy->name)) != NULL);
    FC_ASSERT(policy->charge_min.won <= policy->charge_max.won);
    FC_ASSERT(policy->charge_unit_count >= 0 &&
              policy->charge_unit_count <= POLICY_CHARGE_UNITS_MAX);
    for (int32_t i = 0; i < policy->charge_unit_count; i++)
        FC_ASSERT(policy->charge_units[i].won >= policy->charge_min.won &&
                  policy->charge_units[i].won <= policy->charge_max.won);
    FC_ASSERT(policy->price_step.won >= 1 && policy->balance_max.won <= AMOUNT_KRW_MAX);
    FC_ASSERT(policy->product_options_max >= 1 &&
              policy->product_options_max <= PRODUCT_OPTIONS_MAX);
    FC_ASSERT(policy->transfer_rate >= 0 && policy->transfer_rate <= BASIS_POINTS);
    FC_ASSERT(policy->transfer_expire_s >= 1 && policy->transfer_expire_s <= TRANSFER_EXPIRE_S_MAX);
    FC_ASSERT(policy->ranking_days >= 1 && policy->ranking_days <= RANKING_DAYS_MAX);
    FC_ASSERT(!policy->welcome || policy_discount_allowed(policy, policy->welcome_discount.type));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str text = fuzz_text(data, size);
    struct fc_arena *arena = fuzz_arena();
    struct fc_buf first = fuzz_buf();
    struct fc_buf second = fuzz_buf_other();
    struct wire_faults faults;
    struct policy policy;

    wire_faults_init(&faults, arena);
    bool good = wire_policy_parse(text, arena, &policy, &faults);

    FC_ASSERT(!faults.arena_full && good == (faults.count == 0));
    if (!good)
        return 0;
    check_bounds(&policy);
    wire_policy_put(&first, &policy);
    FC_ASSERT(!first.overflow && first.len <= WIRE_POLICY_BYTES_MAX);
    arena = fuzz_arena_other();
    wire_faults_init(&faults, arena);
    FC_ASSERT(wire_policy_parse(fc_buf_str(&first), arena, &policy, &faults));
    wire_policy_put(&second, &policy);
    FC_ASSERT(fc_str_eq(fc_buf_str(&first), fc_buf_str(&second)));
    return 0;
}
