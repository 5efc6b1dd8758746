/*
 * How the data platform misbehaves, beyond what every stand-in can (common/nasty.h): it refuses the
 * events of some orders, and takes half of a message before it cuts the connection.
 */
#ifndef FC_STANDINS_BEHAVIOUR_H
#define FC_STANDINS_BEHAVIOUR_H

#include "base/id.h"
#include "common/nasty.h"

#define REFUSED_ORDERS_MAX 64

struct behaviour {
    struct nasty nasty;
    int32_t half_rate;     /* percent: the first half is taken, then the connection is cut */
    int32_t refuse_status; /* 400 to 499: of a message with an event of these orders */
    struct fc_uuid refuse_orders[REFUSED_ORDERS_MAX];
    int32_t refuse_count;
};

/* {"half_rate":…,"refuse_status":…,"refuse_orders":[…], and what nasty_read knows}. False, with the
 * faults: it stays as it was. */
FC_MUST_USE bool behaviour_parse(struct fc_str json, struct fc_arena *arena,
                                 struct behaviour *ret_behaviour, struct wire_faults *faults);
void behaviour_put(struct fc_buf *buf, const struct behaviour *behaviour);

bool behaviour_refuses(const struct behaviour *behaviour, const struct fc_uuid *order_id);

#endif
