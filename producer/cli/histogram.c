#include "producer/cli/histogram.h"

#include "base/assert.h"

#define SUB_BITS 7
#define SUBS (1 << SUB_BITS)

/* Values below 2 * SUBS have a bucket each; above, the top SUB_BITS + 1 bits choose. */
static int32_t bucket_of(int64_t us)
{
    int32_t top = 63 - __builtin_clzll((unsigned long long)us | 1);
    int32_t shift = top > SUB_BITS ? top - SUB_BITS : 0;

    return (int32_t)(shift * SUBS + (us >> shift));
}

int64_t cli_histogram_bucket_us(int32_t bucket)
{
    int32_t shift = bucket < 2 * SUBS ? 0 : bucket / SUBS - 1;
    int64_t top = bucket - (int64_t)shift * SUBS;

    return (int64_t)((((uint64_t)top + 1) << shift) - 1);
}

void cli_histogram_add(struct cli_histogram *histogram, int64_t us)
{
    if (us < 0)
        us = 0;
    int32_t bucket = bucket_of(us);

    FC_ASSERT(bucket < CLI_HISTOGRAM_BUCKETS);
    histogram->buckets[bucket]++;
    if (histogram->count == 0 || us < histogram->min_us)
        histogram->min_us = us;
    if (us > histogram->max_us)
        histogram->max_us = us;
    histogram->count++;
    histogram->sum_us += us;
}

int64_t cli_histogram_at(const struct cli_histogram *histogram, int32_t permille)
{
    /* Rounded up: of 10 values, p99 is the 10th. */
    int64_t wanted = (histogram->count * permille + 999) / 1000;
    int64_t seen = 0;

    FC_ASSERT(permille >= 0 && permille <= 1000);
    if (histogram->count == 0)
        return 0;
    if (wanted < 1)
        wanted = 1;
    for (int32_t i = 0; i < CLI_HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen < wanted)
            continue;
        int64_t end = cli_histogram_bucket_us(i);

        return end < histogram->max_us ? end : histogram->max_us;
    }
    FC_UNREACHABLE("the buckets hold as many as were counted");
}

int64_t cli_histogram_mean(const struct cli_histogram *histogram)
{
    return histogram->count == 0 ? 0 : histogram->sum_us / histogram->count;
}
