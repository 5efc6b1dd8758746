/*
 * Numbers for Prometheus. A program declares its metrics as one static table; each is one int64
 * (or a histogram's row of them) in memory that only this one thread writes. Text is made when
 * asked for (Prometheus text format 0.0.4). Names follow Prometheus' conventions: firstcome_…,
 * base units in the name (_seconds, _bytes), _total for counters. Durations are observed in
 * microseconds and printed as decimal seconds.
 */
#ifndef FC_HOST_METRICS_H
#define FC_HOST_METRICS_H

#include "base/str.h"

enum fc_metric_kind { FC_METRIC_COUNTER, FC_METRIC_GAUGE, FC_METRIC_SECONDS };

#define FC_METRIC_BUCKETS 16

struct fc_metric {
    const char *name;
    const char *labels; /* such as `code="sold_out"`, or NULL; rows of one name stand together */
    const char *help;
    enum fc_metric_kind kind;
    int64_t value;                      /* COUNTER, GAUGE; SECONDS: observations */
    int64_t sum_us;                     /* SECONDS */
    int64_t buckets[FC_METRIC_BUCKETS]; /* SECONDS: not cumulative; the last is +Inf */
};

void fc_metric_add(struct fc_metric *metric, int64_t count);
void fc_metric_set(struct fc_metric *metric, int64_t value);

/* Buckets from 100 µs upwards, about times 2.5 each, to 60 s. */
void fc_metric_observe_us(struct fc_metric *metric, int64_t us);

/*
 * Puts `name="value"` for labels that are made at run time, with the value escaped; a comma
 * before it when something stands there.
 */
void fc_metric_label_put(struct fc_buf *buf, const char *name, struct fc_str value);

/* HELP and TYPE once a name, then the rows. Also puts process_cpu_seconds_total,
 * process_resident_memory_bytes, process_open_fds and process_start_time_seconds when
 * `with_process` is true. */
void fc_metrics_put(struct fc_buf *buf, const struct fc_metric *table, size_t count,
                    bool with_process);

#endif
