#include "core/decision.h"

#include "base/assert.h"

struct decision decision_refused(enum verdict verdict, int64_t culprit)
{
    FC_ASSERT(verdict != VERDICT_SUCCEEDED);
    FC_ASSERT(verdict < VERDICT_COUNT);
    return (struct decision){.verdict = verdict, .culprit = culprit};
}

struct decision decision_succeeded(const struct shop *shop, int32_t event_max)
{
    FC_ASSERT(event_max > 0);
    return (struct decision){
        .verdict = VERDICT_SUCCEEDED,
        .events = shop_take(shop, event_max, sizeof(struct event)),
    };
}

struct event *decision_add(struct decision *decision, enum event_type type, int64_t version)
{
    struct event *event = &decision->events[decision->event_count];

    FC_ASSERT(decision->verdict == VERDICT_SUCCEEDED);
    FC_ASSERT(version >= 0);
    decision->event_count++;
    event->type = type;
    event->version = version;
    return event;
}
