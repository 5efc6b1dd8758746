/* What listeners and ingresses hear: each event and verdict must be of what is committed. */
#ifndef FC_SUPPORT_SIM_TOLD_H
#define FC_SUPPORT_SIM_TOLD_H

#include "base/id.h"

#include <stdbool.h>

#define SIM_EVENTS_MAX 4096
#define SIM_EVENT_PLACES 16384 /* a power of two above it */

struct sim_world;

struct sim_told_event {
    struct fc_uuid id;
    uint64_t hash; /* of its bytes: a repeat has the same */
    bool counted;  /* by the listener, in its database */
};

struct sim_told {
    struct sim_told_event events[SIM_EVENTS_MAX];
    int32_t event_count;
    int16_t places[SIM_EVENT_PLACES]; /* by the id's hash: event + 1 */
};

void sim_told_reset(struct sim_told *told);

/* One message has reached the broker; what it tells and is not so is a violation. */
void sim_told_hear(struct sim_world *world, struct fc_str bytes, bool is_event);

/* NULL: never told. */
struct sim_told_event *sim_told_find(struct sim_told *told, const struct fc_uuid *id);

#endif
