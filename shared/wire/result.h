/*
 * The members of results, by area: what the files of wire_result_put share.
 */
#ifndef FC_WIRE_RESULT_H
#define FC_WIRE_RESULT_H

#include "core/decision.h"
#include "wire/json.h"

/* The first event of that type, without which the command cannot have succeeded (asserted). */
const struct event *wire_result_must(const struct decision *decision, enum event_type type);

void wire_result_balance_put(struct wire_json *json, const struct shop *shop, int64_t user_id);

/* Of the commands on orders, order.place to payment.settle. */
void wire_result_order_put(struct wire_json *json, const struct command *command,
                           const struct decision *decision, const struct shop *shop);

#endif
