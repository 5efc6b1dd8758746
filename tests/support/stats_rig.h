/*
 * The stats worker's cycle and job over a real database and a queue in memory, and order events for
 * it: as the journal keeps them and as they are announced, so that the counters of what was told
 * can be held against those that are made anew from the journal.
 */
#ifndef FC_SUPPORT_STATS_RIG_H
#define FC_SUPPORT_STATS_RIG_H

#include "stats/stats_job.h"
#include "support/sim_queue.h"
#include "support/testdb.h"

struct stats_rig {
    struct db *db;
    struct sim_queue queue;
    struct stats_job job;
    struct cycle cycle;
    struct fc_arena arena;
    struct fc_err err; /* the last trouble */
};

/* Leaves the tables alone; `name` is the instance's. Trouble fails the test that runs. */
void stats_rig_open(struct stats_rig *rig, const char *name);
void stats_rig_close(struct stats_rig *rig);

/* One message; all that was announced of orders in what a worker's rig told (worker_rig_told). */
void stats_rig_tell(struct stats_rig *rig, const char *bytes);
void stats_rig_hear(struct stats_rig *rig, struct fc_str told);
/* Until the queue is empty and all is acknowledged; until the cycle is about to do `phase`. */
void stats_rig_run(struct stats_rig *rig);
void stats_rig_run_to(struct stats_rig *rig, enum cycle_phase phase);
/* Killed and started again: the queue delivers again what was not acknowledged. */
void stats_rig_die(struct stats_rig *rig);

/* --- events; texts live until the 15th call after ------------------------------------------ */

/* A line of an order; without a category for "". */
const char *stats_line(int option, int product, const char *category, long long quantity,
                       long long unit_price);
/* order.<word>, as the journal keeps it: paid, cancelled, or changed from `previous` (else NULL);
 * lines with commas between them. */
const char *stats_order(const char *word, const char *day, const char *lines, const char *previous);
/* day.closed. */
const char *stats_closing(const char *day);

/* The message that announces these events (a newline behind each comma) of the n-th command, which
 * was decided so many seconds after worker_instant(0). */
const char *stats_told(int n, int64_t seconds, const char *events);
/* Puts the n-th command into the journal with them, and returns that message. */
const char *stats_rig_decide(struct stats_rig *rig, int n, int64_t seconds, const char *events);

/* All rows of all counters, and the events in them. */
struct fc_str stats_rig_rows(struct stats_rig *rig);

#endif
