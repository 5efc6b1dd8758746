/*
 * Order events as the statements that fold them into the daily counters, each event exactly once
 * however often it is told: its id and what it moves are written together. For the stats worker,
 * and for whoever makes the counters anew from the journal. Only queues statements, one a call;
 * parameters live in the arena.
 */
#ifndef FC_STATS_FOLD_H
#define FC_STATS_FOLD_H

#include "db/conn.h"
#include "wire/event.h"

/* Events in the order in which they were told. */
struct fold_part {
    const struct wire_order_event *const *events;
    int32_t count; /* above 0 */
};

/* Of orders: paid, cancelled, changed. */
void fold_sales(struct db *db, struct fc_arena *arena, const struct fold_part *part);

/* Of days that are closed: keeps the counters as all that was queued before leaves them. */
void fold_closings(struct db *db, struct fc_arena *arena, const struct fold_part *part);

/* The same when counters are made anew: those that were counted are so again, and nothing is kept
 * anew. */
void fold_old_closings(struct db *db, struct fc_arena *arena, const struct fold_part *part);

#endif
