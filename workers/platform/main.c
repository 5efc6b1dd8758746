#include "db/lease.h"
#include "host/metrics.h"
#include "platform/platform_job.h"

#define ROW(name, kind, member, value, min, max, sentence)                             \
    {                                                                                  \
        name, kind, offsetof(struct platform_settings, member),                        \
            sizeof(((struct platform_settings *)0)->member), value, min, max, sentence \
    }

static const struct fc_setting rows[] = {
    ROW("FIRSTCOME_PLATFORM_URL", FC_SETTING_TEXT, url, NULL, 1, 1023,
        "where the data platform takes events, http:// or https://"),
    ROW("FIRSTCOME_PLATFORM_SECRET", FC_SETTING_SECRET, secret, NULL, 1, WEBHOOK_SECRET_TEXT_MAX,
        "what signs them: whsec_ and base64 of 24 to 64 bytes"),
    ROW("FIRSTCOME_PLATFORM_CONNECT_MS", FC_SETTING_I32, connect_ms, "2000", 1, 60000,
        "milliseconds to connect to it"),
    ROW("FIRSTCOME_PLATFORM_TOTAL_MS", FC_SETTING_I32, total_ms, "10000", 1, 600000,
        "milliseconds for a request in all"),
};

static struct job_port start(void *arg, const struct worker_context *context)
{
    struct platform_job *job = arg;

    job->worker = context->instance;
    return platform_job_port(job);
}

static void connected(void *arg, struct db *db)
{
    struct platform_job *job = arg;

    job->db = db;
}

static void put_metrics(void *arg, struct fc_buf *buf)
{
    const struct platform_job *job = arg;
    const struct fc_metric metrics[] = {
        {.name = "firstcome_platform_events_total",
         .help = "Events that the data platform took, repeats included.",
         .value = job->told},
        {.name = "firstcome_platform_requests_total",
         .help = "Requests to the data platform.",
         .value = job->requests},
        {.name = "firstcome_platform_failures_total",
         .help = "Requests to the data platform that had to be made again.",
         .value = job->failures},
        {.name = "firstcome_platform_parked_total",
         .help = "Events that the data platform refused, and messages that were no events.",
         .value = job->parked},
        {.name = "firstcome_platform_failing",
         .help = "1 while the data platform takes nothing.",
         .kind = FC_METRIC_GAUGE,
         .value = job->failing},
    };

    fc_metrics_put(buf, metrics, FC_ARRAY_COUNT(metrics), false);
}

int main(int argc, char **argv)
{
    static struct platform_job job;
    const struct worker_program program = {
        .name = "firstcome-platform",
        .sentence = "Tells the data platform of paid and cancelled orders.",
        .family = "platform",
        .lock_class = DB_LEASE_CLASS_PLATFORM,
        .partitions = 1,
        .pace_ms = 100,
        .rows = rows,
        .row_count = FC_ARRAY_COUNT(rows),
        .settings = &job.settings,
        .check = platform_settings_check,
        .arg = &job,
        .start = start,
        .connected = connected,
        .metrics = put_metrics,
    };

    return worker_main(argc, argv, &program);
}
