#include "db/lease.h"
#include "host/config.h"
#include "host/metrics.h"
#include "host/process.h"
#include "payment/payment_job.h"

#include <stddef.h>

#define ROW(name, kind, member, value, min, max, sentence)                               \
    {                                                                                    \
        name, kind, offsetof(struct payment_settings, member),                           \
            sizeof(((struct payment_settings *)NULL)->member), value, min, max, sentence \
    }

static const struct fc_setting rows[] = {
    ROW("FIRSTCOME_PAYMENT_URL", FC_SETTING_TEXT, gateway.url, NULL, 1, 0,
        "payment gateway, http:// or https://; its paths begin behind it"),
    ROW("FIRSTCOME_PAYMENT_TOKEN", FC_SETTING_SECRET, gateway.token, "", 0, 0,
        "sent to the gateway as Authorization: Bearer; empty: not sent"),
    ROW("FIRSTCOME_PAYMENT_CONNECT_MS", FC_SETTING_I32, gateway.connect_ms, "2000", 1, 60000,
        "the longest a connection to the gateway may take"),
    ROW("FIRSTCOME_PAYMENT_TOTAL_MS", FC_SETTING_I32, gateway.total_ms, "5000", 1, 120000,
        "the longest a call may take, connecting included"),
    ROW("FIRSTCOME_PAYMENT_ATTEMPTS", FC_SETTING_I32, rules.attempts, "3", 1, 20,
        "how often a payment is asked for before the gateway is asked what became of it"),
    ROW("FIRSTCOME_PAYMENT_PAUSE_MIN_MS", FC_SETTING_I32, rules.pause_min_ms, "300", 1, 60000,
        "the shortest pause between two tries"),
    ROW("FIRSTCOME_PAYMENT_PAUSE_MAX_MS", FC_SETTING_I32, rules.pause_max_ms, "15000", 1, 600000,
        "the longest pause between two tries"),
    ROW("FIRSTCOME_PAYMENT_MARGIN_MS", FC_SETTING_I32, rules.margin_ms, "5000", 0, 600000,
        "so long before an order's end its payment is not asked for any more"),
    ROW("FIRSTCOME_PAYMENT_BREAKER_FAILURES", FC_SETTING_I32, breaker_failures, "8", 1, 1000,
        "failures in a row after which the gateway is left alone for a while"),
    ROW("FIRSTCOME_PAYMENT_BREAKER_OPEN_MS", FC_SETTING_I32, breaker_open_ms, "5000", 1, 600000,
        "that while; then one call tries"),
    ROW("FIRSTCOME_PAYMENT_PATIENCE_MS", FC_SETTING_I32, patience_ms, "3000", 1, 600000,
        "so long payments that the gateway does not decide keep others waiting"),
};

static enum fc_rc check(const void *arg, struct fc_err *ret_err)
{
    const struct payment_settings *settings = arg;
    struct fc_str url = fc_str_of(settings->gateway.url);

    if (!fc_str_starts_with(url, FC_STR("http://")) && !fc_str_starts_with(url, FC_STR("https://")))
        return fc_err_set(ret_err, FC_CURE_EXIT, "settings",
                          "FIRSTCOME_PAYMENT_URL must begin with http:// or https://");
    if (url.ptr[url.len - 1] == '/')
        return fc_err_set(ret_err, FC_CURE_EXIT, "settings",
                          "FIRSTCOME_PAYMENT_URL must not end with a slash");
    if (settings->rules.pause_min_ms > settings->rules.pause_max_ms)
        return fc_err_set(ret_err, FC_CURE_EXIT, "settings",
                          "FIRSTCOME_PAYMENT_PAUSE_MIN_MS must not be above "
                          "FIRSTCOME_PAYMENT_PAUSE_MAX_MS");
    return FC_OK;
}

struct payment_worker {
    struct payment_settings settings;
    struct outgoing *outgoing;
    struct payment_job job;
};

static struct job_port start(void *arg, const struct worker_context *context)
{
    struct payment_worker *worker = arg;

    payment_job_init(&worker->job, &worker->settings, worker->outgoing, context);
    return payment_job_port(&worker->job);
}

static void connected(void *arg, struct db *db)
{
    struct payment_worker *worker = arg;

    worker->job.db = db;
}

static int64_t failed_calls(const struct payment_counts *counts)
{
    return counts->answers[GATEWAY_LATER] + counts->answers[GATEWAY_SILENT] +
           counts->answers[GATEWAY_AWAY];
}

#define ENDED "firstcome_payments_total"
#define CALLS "firstcome_payment_calls_total"
#define STATE "firstcome_payment_breaker"

static void put_metrics(void *arg, struct fc_buf *buf)
{
    const struct payment_worker *worker = arg;
    const struct payment_job *job = &worker->job;
    const struct payment_counts *counts = &job->counts;
    const struct fc_metric metrics[] = {
        {.name = ENDED,
         .labels = "outcome=\"approved\"",
         .help = "Payments by how they ended, repeats included.",
         .value = counts->ended[PLAN_APPROVED]},
        {.name = ENDED, .labels = "outcome=\"declined\"", .value = counts->ended[PLAN_DECLINED]},
        {.name = ENDED, .labels = "outcome=\"timed_out\"", .value = counts->ended[PLAN_TIMED_OUT]},
        {.name = ENDED, .labels = "outcome=\"returned\"", .value = counts->ended[PLAN_RETURNED]},
        {.name = ENDED, .labels = "outcome=\"stuck\"", .value = counts->ended[PLAN_STUCK]},
        {.name = CALLS,
         .labels = "call=\"ask\"",
         .help = "Calls of the payment gateway.",
         .value = counts->calls[GATEWAY_ASK]},
        {.name = CALLS, .labels = "call=\"look\"", .value = counts->calls[GATEWAY_LOOK]},
        {.name = CALLS, .labels = "call=\"void\"", .value = counts->calls[GATEWAY_VOID]},
        {.name = "firstcome_payment_failures_total",
         .help = "Calls that came to nothing and were made again.",
         .value = failed_calls(counts)},
        {.name = "firstcome_payments_put_off_total",
         .help =
             "Payments that were undecided for long and went to the end of the queue, each time.",
         .value = counts->put_off},
        {.name = "firstcome_payment_parked_total",
         .help = "Messages that were no events, or held a payment that the gateway refuses.",
         .value = counts->parked},
        {.name = "firstcome_payment_openings_total",
         .help = "How often the circuit breaker opened.",
         .value = job->breaker.openings},
        {.name = STATE,
         .labels = "state=\"open\"",
         .help = "1 for the state that the circuit breaker is in.",
         .kind = FC_METRIC_GAUGE,
         .value = job->breaker.state == BREAKER_OPEN},
        {.name = STATE,
         .labels = "state=\"probing\"",
         .kind = FC_METRIC_GAUGE,
         .value = job->breaker.state == BREAKER_PROBING},
        {.name = "firstcome_payment_calls_open",
         .help = "Calls under way.",
         .kind = FC_METRIC_GAUGE,
         .value = outgoing_under_way(worker->outgoing)},
        {.name = "firstcome_payments_open",
         .help = "Payments in hand that have not ended.",
         .kind = FC_METRIC_GAUGE,
         .value = job->open_count},
    };

    fc_metrics_put(buf, metrics, FC_ARRAY_COUNT(metrics), false);
}

int main(int argc, char **argv)
{
    static struct payment_worker worker;
    const struct worker_program program = {
        .name = "firstcome-payment",
        .sentence = "Pays for orders at the payment gateway, and takes back what is not to be.",
        .family = "payment",
        .lock_class = DB_LEASE_CLASS_PAYMENT,
        .partitions = 1,
        .pace_ms = 50,
        .rows = rows,
        .row_count = FC_ARRAY_COUNT(rows),
        .settings = &worker.settings,
        .check = check,
        .arg = &worker,
        .start = start,
        .connected = connected,
        .metrics = put_metrics,
    };
    struct fc_err err;

    if (outgoing_open("firstcome-payment/" FC_VERSION, &worker.outgoing, &err) == FC_FAIL)
        return FC_EXIT_LATER;
    int code = worker_main(argc, argv, &program);

    outgoing_close(worker.outgoing);
    return code;
}
