/*
 * What runs the shop itself: policy.apply and day.close.
 *
 * To be loaded for policy.apply: the policy table's newest version. For day.close: nothing.
 */
#ifndef FC_CORE_CONTROL_H
#define FC_CORE_CONTROL_H

#include "core/decision.h"

/* Precedence: misrouted. The rules of this batch stay what they are. */
struct decision control_decide_policy(const struct shop *shop, const struct command *command);

/* Precedence: misrouted, invalid_request (the day is not over in Seoul at accepted_at). A day that
 * is closed again is told again: what listens copies the same once more. */
struct decision control_decide_day(const struct shop *shop, const struct command *command);

void control_apply_policy(struct shop *shop, const struct event *event);
void control_apply_day(struct shop *shop, const struct event *event);

#endif
