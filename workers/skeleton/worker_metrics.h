/* The numbers that every worker shows, whatever its job (host/metrics.h). */
#ifndef FC_SKELETON_WORKER_METRICS_H
#define FC_SKELETON_WORKER_METRICS_H

#include "host/clock.h"
#include "host/metrics.h"
#include "skeleton/cycle.h"

enum worker_metric {
    WORKER_BATCHES,
    WORKER_ITEMS,
    WORKER_RETRIES,
    WORKER_RECONNECTS,
    WORKER_PARTITIONS,
    WORKER_ARENA_BYTES,
    WORKER_GATHER,
    WORKER_COMMIT,
    WORKER_ANNOUNCE,
    WORKER_SETTLE,
    WORKER_METRIC_COUNT
};

struct worker_metrics {
    struct fc_metric rows[WORKER_METRIC_COUNT];
};

void worker_metrics_init(struct worker_metrics *metrics);

/* A phase went well: how long it took, and at settle how many items the batch had. */
void worker_metrics_phase(struct worker_metrics *metrics, enum cycle_phase phase,
                          const struct fc_mono *since, int32_t settled);

void worker_metrics_put(struct worker_metrics *metrics, struct fc_buf *buf, int32_t partitions,
                        size_t arena_bytes_max);

#endif
