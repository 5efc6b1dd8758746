#include "skeleton/worker_metrics.h"

#include "base/assert.h"

#define PHASE_NAME "firstcome_worker_phase_seconds"
#define PHASE_HELP                                                      \
    "Time a phase of the cycle took, where it had something to do; in " \
    "announce the broker's confirms only where they were waited for."

void worker_metrics_init(struct worker_metrics *metrics)
{
    static const struct fc_metric rows[WORKER_METRIC_COUNT] = {
        [WORKER_BATCHES] = {.name = "firstcome_worker_batches_total",
                            .help = "Batches committed.",
                            .kind = FC_METRIC_COUNTER},
        [WORKER_ITEMS] = {.name = "firstcome_worker_items_total",
                          .help = "Commands or events in settled batches.",
                          .kind = FC_METRIC_COUNTER},
        [WORKER_RETRIES] = {.name = "firstcome_worker_retries_total",
                            .help = "Phases that were tried again on the same connections.",
                            .kind = FC_METRIC_COUNTER},
        [WORKER_RECONNECTS] = {.name = "firstcome_worker_connects_total",
                               .help = "Times the connections were opened.",
                               .kind = FC_METRIC_COUNTER},
        [WORKER_PARTITIONS] = {.name = "firstcome_worker_partitions",
                               .help = "Partitions held.",
                               .kind = FC_METRIC_GAUGE},
        [WORKER_ARENA_BYTES] = {.name = "firstcome_worker_arena_high_water_bytes",
                                .help = "The most memory that a batch ever took.",
                                .kind = FC_METRIC_GAUGE},
        [WORKER_GATHER] =
            {PHASE_NAME, "phase=\"gather\"", PHASE_HELP, FC_METRIC_SECONDS, 0, 0, {0}},
        [WORKER_COMMIT] =
            {PHASE_NAME, "phase=\"commit\"", PHASE_HELP, FC_METRIC_SECONDS, 0, 0, {0}},
        [WORKER_ANNOUNCE] =
            {PHASE_NAME, "phase=\"announce\"", PHASE_HELP, FC_METRIC_SECONDS, 0, 0, {0}},
        [WORKER_SETTLE] =
            {PHASE_NAME, "phase=\"settle\"", PHASE_HELP, FC_METRIC_SECONDS, 0, 0, {0}},
    };

    for (int i = 0; i < WORKER_METRIC_COUNT; i++)
        metrics->rows[i] = rows[i];
}

void worker_metrics_phase(struct worker_metrics *metrics, enum cycle_phase phase,
                          const struct fc_mono *since, int32_t settled)
{
    int64_t us = fc_clock_mono().us - since->us;

    FC_ASSERT(phase < CYCLE_PHASE_COUNT);
    fc_metric_observe_us(&metrics->rows[WORKER_GATHER + (int)phase], us);
    if (phase == CYCLE_COMMIT)
        fc_metric_add(&metrics->rows[WORKER_BATCHES], 1);
    if (phase == CYCLE_SETTLE)
        fc_metric_add(&metrics->rows[WORKER_ITEMS], settled);
}

void worker_metrics_put(struct worker_metrics *metrics, struct fc_buf *buf, int32_t partitions,
                        size_t arena_bytes_max)
{
    fc_metric_set(&metrics->rows[WORKER_PARTITIONS], partitions);
    fc_metric_set(&metrics->rows[WORKER_ARENA_BYTES], (int64_t)arena_bytes_max);
    fc_metrics_put(buf, metrics->rows, WORKER_METRIC_COUNT, true);
}
