/*
 * The command by which the shop is told how a payment ended.
 */
#ifndef FC_PAYMENT_SETTLEMENT_H
#define FC_PAYMENT_SETTLEMENT_H

#include "base/time.h"
#include "core/command.h"
#include "skeleton/command_job.h"
#include "wire/event.h"

/* The id of the settlement of that order with that outcome: repeats have the same. */
struct fc_uuid settlement_id(const struct fc_uuid *order_id, enum payment_outcome outcome);

struct settlement {
    const struct wire_payment_event *event;
    enum payment_outcome outcome;
    struct fc_str payment_id; /* may be empty */
    struct fc_instant at;
};

/* Publishes it to the order's partition; confirms are the announcer's. Leaves the arena as it
 * was. */
FC_MUST_USE enum fc_rc settlement_put(const struct settlement *settlement, int32_t partitions,
                                      const struct announce_port *announcer, struct fc_arena *arena,
                                      struct fc_err *ret_err);

#endif
