#include "db/lease.h"
#include "host/metrics.h"
#include "stats/stats_job.h"

static struct job_port start(void *arg, const struct worker_context *context)
{
    struct stats_job *job = arg;

    job->worker = context->instance;
    return stats_job_port(job);
}

static void connected(void *arg, struct db *db)
{
    struct stats_job *job = arg;

    job->db = db;
}

static void put_metrics(void *arg, struct fc_buf *buf)
{
    const struct stats_job *job = arg;
    const struct fc_metric rows[] = {
        {.name = "firstcome_stats_events_total",
         .help = "Order events taken, repeats included.",
         .value = job->counted},
        {.name = "firstcome_stats_parked_total",
         .help = "Messages that were no events.",
         .value = job->parked},
    };

    fc_metrics_put(buf, rows, FC_ARRAY_COUNT(rows), false);
}

int main(int argc, char **argv)
{
    static struct stats_job job;
    const struct worker_program program = {
        .name = "firstcome-stats",
        .sentence = "Folds order events into daily counters, each exactly once.",
        .family = "stats",
        .lock_class = DB_LEASE_CLASS_STATS,
        .partitions = 1,
        .pace_ms = 500,
        .arg = &job,
        .start = start,
        .connected = connected,
        .metrics = put_metrics,
    };

    return worker_main(argc, argv, &program);
}
