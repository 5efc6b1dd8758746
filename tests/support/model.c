#include "support/model.h"

#include "base/assert.h"
#include "wire/command.h"
#include "wire/policy.h"

#include <stdio.h>
#include <stdlib.h>

int64_t model_setting(const char *name, int64_t otherwise)
{
    int64_t value;

    return fc_str_to_i64(fc_str_of(getenv(name)), 0, INT64_MAX, &value) ? value : otherwise;
}

static int64_t one_of(struct chance *chance, const int64_t *values, int64_t count)
{
    return values[chance_below(chance, count)];
}

struct policy model_policy(struct model *model)
{
    static const int64_t ceilings[] = {AMOUNT_KRW_MAX, 3000, 20000};
    static const int64_t days[] = {0, 1, 30};
    struct chance *chance = &model->chance;
    struct policy policy = policy_default();

    policy.balance_max = KRW(one_of(chance, ceilings, FC_ARRAY_COUNT(ceilings)));
    policy.refund_above_max = chance_one_in(chance, 2);
    policy.charge_max = KRW(chance_one_in(chance, 3) ? 2000 : AMOUNT_KRW_MAX);
    policy.price_step = KRW(chance_one_in(chance, 8) ? 100 : 1);
    policy.product_options_max = chance_one_in(chance, 8) ? 2 : 10;
    policy.discount_amount = !chance_one_in(chance, 5);
    policy.discount_rate = !chance_one_in(chance, 5);
    policy.coupon_excess =
        chance_one_in(chance, 2) ? POLICY_EXCESS_IS_REFUSED : POLICY_EXCESS_STOPS_AT_TOTAL;
    policy.coupon_valid_days = (int32_t)one_of(chance, days, FC_ARRAY_COUNT(days));
    policy.template_names_days = !chance_one_in(chance, 4);
    policy.welcome = chance_one_in(chance, 2) && policy.discount_rate;
    policy.order_cancel = !chance_one_in(chance, 6);
    policy.order_change = !chance_one_in(chance, 6);
    policy.bank_transfer = !chance_one_in(chance, 4);
    policy.transfer_rate = chance_one_in(chance, 3) ? 0 : 500;
    policy.transfer_expire_s = 1 + chance_below(chance, 100);
    if (policy.welcome) {
        policy.welcome_discount = (struct discount){DISCOUNT_RATE, 500};
        policy.welcome_valid_days = (int32_t)one_of(chance, days, FC_ARRAY_COUNT(days));
    }
    return policy;
}

void model_begin(struct model *model, uint64_t seed, struct fc_arena *arena)
{
    *model = (struct model){.seed = seed, .chance = {.state = seed, .arena = arena}};
    model->policy = model_policy(model);
}

static void name_policy(struct model *model, struct policy_apply *apply)
{
    struct fc_arena *arena = model->chance.arena;
    struct fc_buf buf = fc_arena_buf_begin(arena);

    apply->policy = model_policy(model);
    wire_policy_put(&buf, &apply->policy);
    FC_ASSERT(fc_arena_buf_end(arena, &buf, &apply->document));
}

void model_command(struct model *model, struct fc_instant now, struct command *command)
{
    chance_command(&model->chance, now, command);
    if (command->type == COMMAND_POLICY_APPLY)
        name_policy(model, &command->body.policy_apply);
    if (chance_one_in(&model->chance, 4))
        model_meet_border(model, command);
}

enum verdict model_ask(struct model *model, const struct command *command, struct fc_instant now)
{
    struct naive_shop *naive = &model->naive;
    int32_t coupon = naive->coupon_count;
    int32_t order = naive->order_count;
    enum verdict verdict = naive_ask(naive, &model->policy, command, now);

    model->verdicts[verdict]++;
    model->types[command->type] += verdict == VERDICT_SUCCEEDED;
    for (; coupon < naive->coupon_count; coupon++)
        chance_keep_coupon(&model->chance,
                           &(struct chance_coupon){naive->coupons[coupon].id,
                                                   naive->coupons[coupon].template_id,
                                                   naive->coupons[coupon].user});
    for (; order < naive->order_count; order++)
        chance_keep_order(&model->chance,
                          &(struct chance_order){naive->orders[order].id, naive->orders[order].key,
                                                 naive->orders[order].lines[0].option});
    return verdict;
}

const char *model_code(enum verdict verdict)
{
    const struct wire_problem *problem = wire_problem_of(verdict);

    return problem != NULL ? problem->code : "";
}

/* What no command of these can come to. */
static bool is_out_of_reach(enum verdict verdict)
{
    return verdict == VERDICT_UNKNOWN_WALLET || verdict == VERDICT_IDEMPOTENCY_KEY_REUSED ||
           verdict == VERDICT_PAYMENT_DECLINED;
}

bool model_missed(const struct model *met, char ret_what[64])
{
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (met->verdicts[verdict] > 0 || is_out_of_reach((enum verdict)verdict))
            continue;
        (void)snprintf(ret_what, 64, "verdict \"%s\"", model_code((enum verdict)verdict));
        return true;
    }
    for (int type = 0; type < COMMAND_COUNT; type++) {
        if (met->types[type] > 0)
            continue;
        (void)snprintf(ret_what, 64, "a success of %s",
                       wire_command_type_name((enum command_type)type));
        return true;
    }
    return false;
}
