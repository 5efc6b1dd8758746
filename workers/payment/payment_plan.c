#include "payment/payment_plan.h"

#include "base/assert.h"

static void begin(struct payment_plan *plan, const struct plan_rules *rules,
                  const struct plan_time *time, uint64_t seed)
{
    FC_ASSERT(rules->attempts > 0);
    *plan = (struct payment_plan){.due_ms = time->ms};
    fc_backoff_init_between(&plan->pause, rules->pause_min_ms, rules->pause_max_ms, seed);
}

static bool is_late(const struct payment_plan *plan, const struct plan_time *time)
{
    return time->now.us >= plan->deadline.us;
}

void plan_begin(struct payment_plan *plan, const struct plan_rules *rules,
                struct fc_instant expires_at, const struct plan_time *time, uint64_t seed)
{
    begin(plan, rules, time, seed);
    plan->deadline.us = expires_at.us - rules->margin_ms * 1000LL;
    plan->next = GATEWAY_ASK;
}

void plan_begin_again(struct payment_plan *plan, const struct plan_rules *rules,
                      struct fc_instant expires_at, const struct plan_time *time, uint64_t seed)
{
    plan_begin(plan, rules, expires_at, time, seed);
    fc_backoff_init_between(&plan->pause, rules->pause_max_ms, rules->pause_max_ms, seed);
    plan->doubt = true;
    plan->asked_again = true;
    plan->next = GATEWAY_LOOK;
}

void plan_begin_return(struct payment_plan *plan, const struct plan_rules *rules,
                       const struct plan_time *time, uint64_t seed)
{
    begin(plan, rules, time, seed);
    plan->returns = true;
    plan->next = GATEWAY_VOID;
}

int64_t plan_wait_ms(const struct payment_plan *plan, const struct plan_time *time)
{
    FC_ASSERT(plan->end == PLAN_OPEN);
    return plan->due_ms > time->ms ? plan->due_ms - time->ms : 0;
}

bool plan_may_be_put_off(const struct payment_plan *plan)
{
    if (plan->end != PLAN_OPEN || plan->next == GATEWAY_ASK)
        return false;
    return plan->next == GATEWAY_VOID || plan->undecided || plan->asked_again;
}

enum gateway_call plan_call(struct payment_plan *plan, const struct plan_time *time)
{
    FC_ASSERT(plan_wait_ms(plan, time) == 0);
    if (plan->next == GATEWAY_ASK && is_late(plan, time))
        plan->next = GATEWAY_LOOK;
    return plan->next;
}

/* The same or another call after a pause; what the deadline decides is not kept waiting. */
static void pause(struct payment_plan *plan, enum gateway_call next, int32_t retry_after_s,
                  const struct plan_time *time)
{
    int64_t asked_s =
        retry_after_s < PLAN_RETRY_AFTER_S_MAX ? retry_after_s : PLAN_RETRY_AFTER_S_MAX;
    int64_t wait_ms = fc_backoff_next_ms(&plan->pause);
    int64_t left_ms = (plan->deadline.us - time->now.us) / 1000 + 1;

    if (asked_s * 1000 > wait_ms)
        wait_ms = asked_s * 1000;
    if (!is_late(plan, time) && left_ms < wait_ms)
        wait_ms = left_ms;
    plan->next = next;
    plan->due_ms = time->ms + wait_ms;
}

/* Another call at once. */
static void proceed(struct payment_plan *plan, enum gateway_call next, const struct plan_time *time)
{
    plan->next = next;
    plan->due_ms = time->ms;
    fc_backoff_reset(&plan->pause);
}

static void refused(struct payment_plan *plan, const struct plan_rules *rules,
                    const struct gateway_answer *answer, const struct plan_time *time)
{
    if (++plan->refusals >= rules->attempts)
        plan->end = PLAN_STUCK;
    else
        pause(plan, plan->next, answer->retry_after_s, time);
}

/* Of a payment that the gateway has decided. */
static enum plan_end end_of(enum gateway_says says)
{
    if (says == GATEWAY_APPROVED)
        return PLAN_APPROVED;
    return says == GATEWAY_DECLINED ? PLAN_DECLINED : PLAN_TIMED_OUT;
}

static void asked(struct payment_plan *plan, const struct plan_rules *rules,
                  const struct gateway_answer *answer, const struct plan_time *time)
{
    switch (answer->says) {
    case GATEWAY_APPROVED:
    case GATEWAY_DECLINED:
    case GATEWAY_VOIDED:
        plan->end = end_of(answer->says);
        return;
    case GATEWAY_PENDING:
        plan->doubt = true;
        pause(plan, GATEWAY_LOOK, answer->retry_after_s, time);
        return;
    case GATEWAY_REFUSED:
        plan->refused = true;
        if (plan->doubt)
            proceed(plan, GATEWAY_LOOK, time);
        else
            plan->end = PLAN_DECLINED;
        return;
    case GATEWAY_AWAY:
        pause(plan, GATEWAY_ASK, -1, time);
        return;
    case GATEWAY_UNKNOWN:
    case GATEWAY_LATER:
    case GATEWAY_SILENT:
        plan->doubt = true;
        plan->asks++;
        pause(plan, plan->asks < rules->attempts ? GATEWAY_ASK : GATEWAY_LOOK,
              answer->retry_after_s, time);
        return;
    case GATEWAY_SAYS_COUNT:
        break;
    }
    FC_UNREACHABLE("no such answer");
}

static void looked(struct payment_plan *plan, const struct plan_rules *rules,
                   const struct gateway_answer *answer, const struct plan_time *time)
{
    switch (answer->says) {
    case GATEWAY_APPROVED:
    case GATEWAY_DECLINED:
    case GATEWAY_VOIDED:
        plan->end = end_of(answer->says);
        return;
    case GATEWAY_UNKNOWN:
        if (is_late(plan, time) || plan->refused || plan->asked_again) {
            proceed(plan, GATEWAY_VOID, time);
            return;
        }
        plan->asked_again = true;
        plan->asks = rules->attempts - 1;
        proceed(plan, GATEWAY_ASK, time);
        return;
    case GATEWAY_PENDING:
        if (is_late(plan, time))
            proceed(plan, GATEWAY_VOID, time);
        else
            pause(plan, GATEWAY_LOOK, answer->retry_after_s, time);
        return;
    case GATEWAY_REFUSED:
        refused(plan, rules, answer, time);
        return;
    case GATEWAY_LATER:
    case GATEWAY_SILENT:
    case GATEWAY_AWAY:
        pause(plan, GATEWAY_LOOK, answer->retry_after_s, time);
        return;
    case GATEWAY_SAYS_COUNT:
        break;
    }
    FC_UNREACHABLE("no such answer");
}

/* Approved is no acknowledgement: it has to say that the money is given back. */
static void voided(struct payment_plan *plan, const struct plan_rules *rules,
                   const struct gateway_answer *answer, const struct plan_time *time)
{
    switch (answer->says) {
    case GATEWAY_VOIDED:
    case GATEWAY_DECLINED:
        if (plan->returns)
            plan->end = PLAN_RETURNED;
        else
            plan->end = plan->refused ? PLAN_DECLINED : PLAN_TIMED_OUT;
        return;
    case GATEWAY_APPROVED:
    case GATEWAY_UNKNOWN:
    case GATEWAY_REFUSED:
        refused(plan, rules, answer, time);
        return;
    case GATEWAY_PENDING:
    case GATEWAY_LATER:
    case GATEWAY_SILENT:
    case GATEWAY_AWAY:
        pause(plan, GATEWAY_VOID, answer->retry_after_s, time);
        return;
    case GATEWAY_SAYS_COUNT:
        break;
    }
    FC_UNREACHABLE("no such answer");
}

void plan_answered(struct payment_plan *plan, const struct plan_rules *rules,
                   const struct gateway_answer *answer, const struct plan_time *time)
{
    FC_ASSERT(plan->end == PLAN_OPEN);
    plan->undecided = answer->says == GATEWAY_PENDING;
    switch (plan->next) {
    case GATEWAY_ASK:
        asked(plan, rules, answer, time);
        return;
    case GATEWAY_LOOK:
        looked(plan, rules, answer, time);
        return;
    case GATEWAY_VOID:
        voided(plan, rules, answer, time);
        return;
    case GATEWAY_CALL_COUNT:
        break;
    }
    FC_UNREACHABLE("no such call");
}

const char *plan_end_name(enum plan_end end)
{
    static const char *const names[PLAN_END_COUNT] = {
        "open", "approved", "declined", "timed_out", "returned", "stuck",
    };

    FC_ASSERT(end >= 0 && end < PLAN_END_COUNT);
    return names[end];
}
