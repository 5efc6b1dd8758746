#include "host/metrics.h"

#include "base/assert.h"
#include "host/process_stat.h"

#include <string.h>

static const int64_t bucket_us[FC_METRIC_BUCKETS - 1] = {
    100,    250,    600,     1600,    4000,    10000,    25000,    60000,
    160000, 400000, 1000000, 2500000, 6000000, 20000000, 60000000,
};

void fc_metric_add(struct fc_metric *metric, int64_t count)
{
    FC_ASSERT(metric->kind != FC_METRIC_SECONDS);
    FC_ASSERT(count >= 0 || metric->kind == FC_METRIC_GAUGE);
    metric->value += count;
}

void fc_metric_set(struct fc_metric *metric, int64_t value)
{
    FC_ASSERT(metric->kind == FC_METRIC_GAUGE);
    metric->value = value;
}

void fc_metric_observe_us(struct fc_metric *metric, int64_t us)
{
    size_t at = 0;

    FC_ASSERT(metric->kind == FC_METRIC_SECONDS);
    /* The wall clock may have been set back between two readings. */
    if (us < 0)
        us = 0;
    while (at < FC_METRIC_BUCKETS - 1 && us > bucket_us[at])
        at++;
    metric->buckets[at]++;
    metric->value++;
    metric->sum_us += us;
}

/* Microseconds as seconds: 0.0001, 2.5, 60. */
static void put_seconds(struct fc_buf *buf, int64_t us)
{
    char digits[6];
    int64_t rest = us % 1000000;
    size_t len = sizeof(digits);

    FC_ASSERT(us >= 0);
    fc_buf_put_i64(buf, us / 1000000);
    if (rest == 0)
        return;
    for (size_t i = sizeof(digits); i > 0; i--) {
        digits[i - 1] = (char)('0' + rest % 10);
        rest /= 10;
    }
    while (digits[len - 1] == '0')
        len--;
    fc_buf_put_char(buf, '.');
    fc_buf_put(buf, (struct fc_str){digits, len});
}

/* Backslash, newline and, in a label, the quote. */
static void put_escaped(struct fc_buf *buf, struct fc_str text, bool is_label)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c == '\\')
            fc_buf_put_text(buf, "\\\\");
        else if (c == '\n')
            fc_buf_put_text(buf, "\\n");
        else if (c == '"' && is_label)
            fc_buf_put_text(buf, "\\\"");
        else
            fc_buf_put_char(buf, c);
    }
}

void fc_metric_label_put(struct fc_buf *buf, const char *name, struct fc_str value)
{
    /* A scrape with bytes that are no UTF-8 is refused as a whole. */
    struct fc_str good = fc_str_is_utf8(value) ? value : FC_STR("invalid");

    if (buf->len > 0)
        fc_buf_put_char(buf, ',');
    fc_buf_put_text(buf, name);
    fc_buf_put_text(buf, "=\"");
    put_escaped(buf, good, true);
    fc_buf_put_char(buf, '"');
}

static const char *kind_name(enum fc_metric_kind kind)
{
    switch (kind) {
    case FC_METRIC_COUNTER:
        return "counter";
    case FC_METRIC_GAUGE:
        return "gauge";
    case FC_METRIC_SECONDS:
        return "histogram";
    }
    FC_UNREACHABLE("no such kind of metric");
}

static void put_head(struct fc_buf *buf, const char *name, const char *help,
                     enum fc_metric_kind kind)
{
    fc_buf_put_text(buf, "# HELP ");
    fc_buf_put_text(buf, name);
    fc_buf_put_char(buf, ' ');
    put_escaped(buf, fc_str_of(help), false);
    fc_buf_put_text(buf, "\n# TYPE ");
    fc_buf_put_text(buf, name);
    fc_buf_put_char(buf, ' ');
    fc_buf_put_text(buf, kind_name(kind));
    fc_buf_put_char(buf, '\n');
}

/* `name``suffix`{`labels`} and the blank before the value. */
static void put_name(struct fc_buf *buf, const struct fc_metric *metric, const char *suffix)
{
    fc_buf_put_text(buf, metric->name);
    fc_buf_put_text(buf, suffix);
    if (metric->labels != NULL) {
        fc_buf_put_char(buf, '{');
        fc_buf_put_text(buf, metric->labels);
        fc_buf_put_char(buf, '}');
    }
    fc_buf_put_char(buf, ' ');
}

static void put_bucket(struct fc_buf *buf, const struct fc_metric *metric, size_t at,
                       int64_t cumulative)
{
    fc_buf_put_text(buf, metric->name);
    fc_buf_put_text(buf, "_bucket{");
    if (metric->labels != NULL) {
        fc_buf_put_text(buf, metric->labels);
        fc_buf_put_char(buf, ',');
    }
    fc_buf_put_text(buf, "le=\"");
    if (at < FC_METRIC_BUCKETS - 1)
        put_seconds(buf, bucket_us[at]);
    else
        fc_buf_put_text(buf, "+Inf");
    fc_buf_put_text(buf, "\"} ");
    fc_buf_put_i64(buf, cumulative);
    fc_buf_put_char(buf, '\n');
}

static void put_histogram(struct fc_buf *buf, const struct fc_metric *metric)
{
    int64_t cumulative = 0;

    for (size_t at = 0; at < FC_METRIC_BUCKETS; at++) {
        cumulative += metric->buckets[at];
        put_bucket(buf, metric, at, cumulative);
    }
    FC_ASSERT(cumulative == metric->value);
    put_name(buf, metric, "_sum");
    put_seconds(buf, metric->sum_us);
    fc_buf_put_char(buf, '\n');
    put_name(buf, metric, "_count");
    fc_buf_put_i64(buf, metric->value);
    fc_buf_put_char(buf, '\n');
}

static void put_process(struct fc_buf *buf)
{
    struct fc_process_stat stat;

    if (!fc_process_stat_read(&stat))
        return;
    put_head(buf, "process_cpu_seconds_total", "CPU time spent, user and system.",
             FC_METRIC_COUNTER);
    fc_buf_put_text(buf, "process_cpu_seconds_total ");
    put_seconds(buf, stat.cpu_us);
    fc_buf_put_char(buf, '\n');
    put_head(buf, "process_resident_memory_bytes", "Memory held.", FC_METRIC_GAUGE);
    fc_buf_put_text(buf, "process_resident_memory_bytes ");
    fc_buf_put_i64(buf, stat.resident_bytes);
    fc_buf_put_char(buf, '\n');
    put_head(buf, "process_open_fds", "Descriptors that are open.", FC_METRIC_GAUGE);
    fc_buf_put_text(buf, "process_open_fds ");
    fc_buf_put_i64(buf, stat.open_fds);
    fc_buf_put_char(buf, '\n');
    put_head(buf, "process_start_time_seconds", "When the process began, since 1970.",
             FC_METRIC_GAUGE);
    fc_buf_put_text(buf, "process_start_time_seconds ");
    put_seconds(buf, stat.start.us);
    fc_buf_put_char(buf, '\n');
}

void fc_metrics_put(struct fc_buf *buf, const struct fc_metric *table, size_t count,
                    bool with_process)
{
    const char *name = "";

    for (size_t i = 0; i < count; i++) {
        const struct fc_metric *metric = &table[i];

        if (strcmp(metric->name, name) != 0)
            put_head(buf, metric->name, metric->help, metric->kind);
        name = metric->name;
        if (metric->kind == FC_METRIC_SECONDS) {
            put_histogram(buf, metric);
            continue;
        }
        put_name(buf, metric, "");
        fc_buf_put_i64(buf, metric->value);
        fc_buf_put_char(buf, '\n');
    }
    if (with_process)
        put_process(buf);
}
