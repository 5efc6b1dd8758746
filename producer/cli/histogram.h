/*
 * Durations counted in buckets whose width grows with the value: 128 to each doubling, so that
 * a percentile is right within 1 %. Microseconds. Pure; no memory of its own.
 */
#ifndef FC_CLI_HISTOGRAM_H
#define FC_CLI_HISTOGRAM_H

#include "base/str.h"

#define CLI_HISTOGRAM_BUCKETS 7296

struct cli_histogram {
    int64_t count;
    int64_t min_us;
    int64_t max_us;
    int64_t sum_us;
    int64_t buckets[CLI_HISTOGRAM_BUCKETS];
};

/* Negative durations count as 0. */
void cli_histogram_add(struct cli_histogram *histogram, int64_t us);

/*
 * The smallest duration that `permille` thousandths of all do not pass (the upper end of its
 * bucket, never above the longest); 0 when there are none.
 */
int64_t cli_histogram_at(const struct cli_histogram *histogram, int32_t permille);

int64_t cli_histogram_mean(const struct cli_histogram *histogram);

/* The longest duration that falls into the bucket. */
int64_t cli_histogram_bucket_us(int32_t bucket);

/*
 * All of it as text, in milliseconds, the way HdrHistogram prints percentiles (Value, Percentile,
 * TotalCount, 1/(1-Percentile); five lines to each halving of what is left): plotters know that.
 */
void cli_histogram_put(const struct cli_histogram *histogram, struct fc_buf *buf);
#define CLI_HISTOGRAM_TEXT_BYTES 32768

#endif
