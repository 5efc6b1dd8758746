#include "producer/cli/histogram.h"

#include "base/assert.h"

/* Five levels to each halving of what is left above; level (h, s) leaves a part of
 * (10 - s) / (10 * 2^h) above it. */
#define STEPS 5
#define WHOLE 10
#define HALVINGS_MAX 40
/* Distances beyond half an hour count as that: their squares have to fit. */
#define FAR_US 2000000000u

static void put_ms(struct fc_buf *buf, const char *before, int64_t us)
{
    fc_buf_put_fmt(buf, "%s%8lld.%03d", before, (long long)(us / 1000), (int)(us % 1000));
}

/* 1 - left / whole with twelve places, digit by digit. */
static void put_level(struct fc_buf *buf, uint64_t left, uint64_t whole)
{
    uint64_t rest = whole - left;

    fc_buf_put_text(buf, "   0.");
    for (int32_t i = 0; i < 12; i++) {
        fc_buf_put_char(buf, (char)('0' + rest * 10 / whole));
        rest = rest * 10 % whole;
    }
}

/* The bucket up to which `wanted` durations are counted. */
static int32_t bucket_at(const struct cli_histogram *histogram, int64_t wanted, int64_t *ret_seen)
{
    int64_t seen = 0;

    for (int32_t i = 0; i < CLI_HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen < wanted || seen == 0)
            continue;
        *ret_seen = seen;
        return i;
    }
    FC_UNREACHABLE("the buckets hold as many as were counted");
}

static int64_t end_us(const struct cli_histogram *histogram, int32_t bucket)
{
    int64_t us = cli_histogram_bucket_us(bucket);

    return us < histogram->max_us ? us : histogram->max_us;
}

/* False when nothing is left above: it is the last line's. */
static bool put_line(const struct cli_histogram *histogram, int32_t halvings, int32_t step,
                     struct fc_buf *buf)
{
    uint64_t left = (uint64_t)(WHOLE - step);
    uint64_t whole = (uint64_t)WHOLE << halvings;
    int64_t above = (int64_t)((uint64_t)histogram->count * left / whole);
    int64_t seen;

    if (above == 0)
        return false;
    put_ms(buf, "", end_us(histogram, bucket_at(histogram, histogram->count - above, &seen)));
    put_level(buf, left, whole);
    fc_buf_put_fmt(buf, " %10lld %11lld.%02d\n", (long long)seen, (long long)(whole / left),
                   (int)(whole * 100 / left % 100));
    return true;
}

/* The root of the mean square of the distances from the mean. */
static int64_t deviation_us(const struct cli_histogram *histogram)
{
    int64_t mean = cli_histogram_mean(histogram);
    uint64_t count = (uint64_t)histogram->count;
    uint64_t square = 0;
    uint64_t root = 0;

    for (int32_t i = 0; i < CLI_HISTOGRAM_BUCKETS; i++) {
        uint64_t here = (uint64_t)histogram->buckets[i];

        if (here == 0)
            continue;
        int64_t from_mean = end_us(histogram, i) - mean;
        uint64_t away = (uint64_t)(from_mean < 0 ? -from_mean : from_mean);

        away = away < FAR_US ? away : FAR_US;
        square += away * away / count * here + away * away % count * here / count;
    }
    for (uint64_t bit = UINT64_C(1) << 31; bit > 0; bit >>= 1)
        if ((root | bit) * (root | bit) <= square)
            root |= bit;
    return (int64_t)root;
}

void cli_histogram_put(const struct cli_histogram *histogram, struct fc_buf *buf)
{
    bool more = histogram->count > 0;

    fc_buf_put_text(buf, "       Value     Percentile TotalCount 1/(1-Percentile)\n\n");
    for (int32_t halvings = 0; more && halvings < HALVINGS_MAX; halvings++)
        for (int32_t step = 0; more && step < STEPS; step++)
            more = put_line(histogram, halvings, step, buf);
    put_ms(buf, "", histogram->max_us);
    fc_buf_put_fmt(buf, "   1.000000000000 %10lld            inf\n", (long long)histogram->count);
    put_ms(buf, "#[Mean    = ", cli_histogram_mean(histogram));
    put_ms(buf, ", StdDeviation   = ", histogram->count > 0 ? deviation_us(histogram) : 0);
    put_ms(buf, "]\n#[Max     = ", histogram->max_us);
    fc_buf_put_fmt(buf, ", Total count    = %12lld]\n", (long long)histogram->count);
    fc_buf_put_fmt(buf, "#[Buckets = %12d, SubBuckets     = %12d]\n", CLI_HISTOGRAM_BUCKETS / 128,
                   128);
}
