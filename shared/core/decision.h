/*
 * What comes of one command: a verdict and, with a success, the events. Every module's decide
 * functions return one of these; they are flat lists of refusals in the order of precedence.
 */
#ifndef FC_CORE_DECISION_H
#define FC_CORE_DECISION_H

#include "core/shop.h"
#include "core/verdict.h"

struct decision {
    enum verdict verdict;
    int64_t culprit;      /* of a refusal: the option, product or other id it is about, or 0 */
    struct event *events; /* in order; none with a refusal, perhaps none with a success (arena) */
    int32_t event_count;
};

/* A refusal; `verdict` is not VERDICT_SUCCEEDED. */
struct decision decision_refused(enum verdict verdict, int64_t culprit);

/* A success with room for `event_max` events and none yet. */
struct decision decision_succeeded(const struct shop *shop, int32_t event_max);

/* The next event, zeroed but for its type and version; there must be room. */
struct event *decision_add(struct decision *decision, enum event_type type, int64_t version);

#endif
