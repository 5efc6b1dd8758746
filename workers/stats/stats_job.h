/*
 * Folds order events into daily counters (stats/fold.h) by product, option, category and in all, on
 * the days of the orders; and keeps them as they stand when a day is closed. All of a batch is one
 * transaction.
 */
#ifndef FC_STATS_JOB_H
#define FC_STATS_JOB_H

#include "skeleton/record.h"
#include "skeleton/worker.h"
#include "wire/event.h"

/* The events of one message. */
struct stats_told {
    const struct wire_order_event *events;
    int32_t count;
};

struct stats_job {
    struct db *db; /* set anew after each reconnect */
    const char *worker;
    int64_t counted; /* events taken, repeats included */
    int64_t parked;
    /* the batch in hand */
    struct stats_told told[BATCH_DELIVERIES_MAX];
    int32_t told_count;
    struct parked_row rejects[BATCH_DELIVERIES_MAX];
    int32_t reject_count;
    size_t mark; /* of the arena, behind the gathered */
    bool marked;
};

struct job_port stats_job_port(struct stats_job *job);

#endif
