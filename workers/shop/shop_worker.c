#include "shop/shop_worker.h"

#include "base/assert.h"
#include "db/lease.h"
#include "host/metrics.h"
#include "shop/shop_job.h"
#include "skeleton/worker.h"

struct shop_worker {
    struct command_job job;
    struct journal journal;
    struct shop_job shop;
    enum wire_family family;
};

static struct job_port start(void *arg, const struct worker_context *context)
{
    struct shop_worker *worker = arg;

    shop_job_init(&worker->shop);
    worker->journal = (struct journal){
        .rows = shop_job_rows(&worker->shop),
        .family = wire_family_name(worker->family),
        .worker = context->instance,
    };
    worker->job = (struct command_job){
        .store = journal_store(&worker->journal),
        .announcer = context->announcer,
        .family = worker->family,
        .partitions = context->partitions,
    };
    return command_job_port(&worker->job);
}

static void connected(void *arg, struct db *db)
{
    struct shop_worker *worker = arg;

    worker->journal.db = db;
}

#define COMMANDS_NAME "firstcome_commands_total"
#define COMMANDS_HELP "Commands by what came of them."

static void put_metrics(void *arg, struct fc_buf *buf)
{
    const struct shop_worker *worker = arg;
    const struct command_stats *stats = &worker->job.stats;
    const struct fc_metric rows[] = {
        {.name = COMMANDS_NAME,
         .labels = "outcome=\"succeeded\"",
         .help = COMMANDS_HELP,
         .value = stats->succeeded},
        {.name = COMMANDS_NAME, .labels = "outcome=\"refused\"", .value = stats->refused},
        {.name = COMMANDS_NAME, .labels = "outcome=\"recalled\"", .value = stats->recalled},
        {.name = COMMANDS_NAME, .labels = "outcome=\"parked\"", .value = stats->parked},
        {.name = "firstcome_conflicts_total",
         .help = "Transactions that were decided again.",
         .value = stats->conflicts},
        {.name = "firstcome_hopes_lost_total",
         .help = "Batches that were decided again with the journal asked for repeats.",
         .value = stats->hopes_lost},
        {.name = "firstcome_policy_version",
         .help = "The policy that was decided by last; 0: the usual rules.",
         .kind = FC_METRIC_GAUGE,
         .value = worker->shop.policy.policy.version},
    };

    fc_metrics_put(buf, rows, FC_ARRAY_COUNT(rows), false);
}

int shop_worker_main(int argc, char **argv, enum wire_family family)
{
    static struct shop_worker worker;
    bool is_coupon = family == WIRE_FAMILY_COUPON;
    struct worker_program program = {
        .name = is_coupon ? "firstcome-coupon" : "firstcome-order",
        .sentence = is_coupon ? "Decides coupon commands in the order in which they came."
                              : "Decides order, wallet and catalogue commands in order.",
        .family = wire_family_name(family),
        .lock_class = is_coupon ? DB_LEASE_CLASS_COUPON : DB_LEASE_CLASS_ORDER,
        .carry_ms = CARRY_MS_MAX,
        .arg = &worker,
        .start = start,
        .connected = connected,
        .metrics = put_metrics,
    };

    worker.family = family;
    return worker_main(argc, argv, &program);
}
