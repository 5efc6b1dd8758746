/*
 * The daily counters made anew from the journal, with the statements and the event ids of the
 * worker, so that the rows are the same as those of a worker that has caught up. In one
 * transaction: readers see the old counters until it ends, stats workers wait and then pass over
 * what is counted. What was kept when days were closed (sales_closed, day_closed) is left alone:
 * it tells how things stood then.
 */
#ifndef FC_STATS_REBUILD_H
#define FC_STATS_REBUILD_H

#include "base/arena.h"
#include "db/conn.h"

/* Memory that a rebuild takes: what a chunk of the largest orders comes to. */
#define REBUILD_ARENA_BYTES BATCH_ARENA_BYTES

struct rebuilt {
    int64_t events; /* that are counted now */
    int64_t rows;   /* of counters */
};

/* Blocks until done. On failure, and when the process was asked to stop (RETRY), nothing is
 * changed. */
FC_MUST_USE enum fc_rc stats_rebuild(struct db *db, struct fc_arena *arena,
                                     struct rebuilt *ret_rebuilt, struct fc_err *ret_err);

#endif
