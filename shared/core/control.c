#include "core/control.h"

#include "base/assert.h"

struct decision control_decide_policy(const struct shop *shop, const struct command *command)
{
    if (!command_key_is(command, COMMAND_KEY_POLICY, POLICY_KEY_ID))
        return decision_refused(VERDICT_MISROUTED, 0);

    struct decision decision = decision_succeeded(shop, 1);
    struct event *event = decision_add(&decision, EVENT_POLICY_APPLIED, shop->policy.version + 1);

    event->data.policy_applied = command->body.policy_apply;
    return decision;
}

struct decision control_decide_day(const struct shop *shop, const struct command *command)
{
    struct fc_day day = command->body.day_close.day;
    struct fc_instant over = fc_day_seoul_begin((struct fc_day){day.days + 1});

    if (!command_key_is(command, COMMAND_KEY_DAY, day.days))
        return decision_refused(VERDICT_MISROUTED, 0);
    if (over.us > command->accepted_at.us)
        return decision_refused(VERDICT_INVALID_REQUEST, 0);

    struct decision decision = decision_succeeded(shop, 1);

    decision_add(&decision, EVENT_DAY_CLOSED, 0)->data.day_closed.day = day;
    return decision;
}

void control_apply_policy(struct shop *shop, const struct event *event)
{
    FC_ASSERT(event->version == shop->policy.version + 1);
    FC_ASSERT(event->data.policy_applied.document.len > 0);
    shop->policy.version = event->version;
    shop->policy.document = event->data.policy_applied.document;
}

void control_apply_day(struct shop *shop, const struct event *event)
{
    (void)shop;
    FC_ASSERT(event->version == 0);
}
