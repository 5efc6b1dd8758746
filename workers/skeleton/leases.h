/*
 * The partitions that this worker holds: looked after about once a second between batches. A
 * partition that is taken is consumed from at once; one that is handed over is given back to the
 * broker first (channel closed, what is unacknowledged returns in order), then its lock is freed.
 */
#ifndef FC_SKELETON_LEASES_H
#define FC_SKELETON_LEASES_H

#include "base/limits.h"
#include "host/clock.h"
#include "skeleton/links.h"

struct leases {
    const char *family; /* queues are <family>.<partition> */
    int32_t lock_class;
    int32_t partitions;
    bool held[PARTITIONS_MAX];
    int32_t held_count;
    int32_t workers; /* live ones at the last look */
    bool enrolled;
    bool looked;
    struct fc_mono looked_at;
};

void leases_init(struct leases *leases, const char *family, int32_t lock_class, int32_t partitions);

/* The connections were closed: nothing is held any more. */
void leases_forget(struct leases *leases);

/* Milliseconds until leases_turn has something to do. */
int32_t leases_due_ms(const struct leases *leases);

/* When due: looks, hands extras over, takes free ones. Only between batches. Blocks for answers. */
FC_MUST_USE enum fc_rc leases_turn(struct leases *leases, struct links *links,
                                   struct fc_err *ret_err);

/* Only feeds the session, during a long wait inside a batch. */
FC_MUST_USE enum fc_rc leases_beat(struct leases *leases, struct links *links,
                                   struct fc_err *ret_err);

/* Gives all back, at a graceful stop. */
FC_MUST_USE enum fc_rc leases_give_all(struct leases *leases, struct links *links,
                                       struct fc_err *ret_err);

#endif
