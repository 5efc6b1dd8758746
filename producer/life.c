#include "producer/life.h"

#include "host/address.h"
#include "host/log.h"
#include "host/process.h"
#include "producer/health.h"
#include "producer/loop.h"
#include "producer/serve.h"
#include "sql/queries.h"
#include "wire/event.h"

#include <stdlib.h>
#include <sys/resource.h>

/* Descriptors that are no client's. */
#define DESCRIPTORS_OWN 64
/* An overload is over when so long nothing was refused for it. */
#define OVERLOAD_QUIET_S 10

static void log_fact(enum fc_log_level level, const char *sentence, const struct fc_err *err)
{
    struct fc_log_line line;

    fc_log_begin(&line, level, sentence);
    if (err != NULL)
        fc_log_err(&line, err);
    fc_log_end(&line);
}

/* --- changes ---------------------------------------------------------------------------------- */

static void on_first_come(void *arg, const struct db_rows *rows, const struct fc_err *err)
{
    struct ingress *ingress = arg;

    (void)err;
    for (int32_t row = 0; rows != NULL && row < db_rows_count(rows); row++) {
        catalog_learn_product(&ingress->catalog, db_i64(rows, row, 1), true, false);
        catalog_learn_option(&ingress->catalog, db_i64(rows, row, 0), db_i64(rows, row, 1));
    }
}

/* Events may have been missed: what is known starts from nothing, first-come products first. */
static void learn_catalog(struct ingress *ingress)
{
    catalog_clear(&ingress->catalog);
    /* Without a database it will be asked for order by order. */
    if (!database_send(&ingress->database, &sql_read_catalog_first_come, NULL, on_first_come,
                       ingress))
        return;
}

void life_publisher_changed(struct ingress *ingress, enum broker_change change)
{
    switch (change) {
    case BROKER_SAME:
        return;
    case BROKER_LOST:
        log_fact(FC_LOG_WARN, "publisher lost", &ingress->broker.err);
        accept_lost(ingress);
        return;
    case BROKER_BACK:
        log_fact(FC_LOG_INFO, "publisher connected", NULL);
        return;
    case BROKER_STILL_AWAY:
        log_fact(FC_LOG_DEBUG, "publisher still away", &ingress->broker.err);
        return;
    }
}

void life_consumer_changed(struct ingress *ingress, enum broker_change change)
{
    switch (change) {
    case BROKER_SAME:
        return;
    case BROKER_LOST:
        log_fact(FC_LOG_WARN, "consumer lost", &ingress->broker.err);
        catalog_clear(&ingress->catalog);
        backlog_forget(&ingress->backlog);
        /* Verdicts on their way to the queue that is gone are looked for. */
        wait_hurry(&ingress->status.waits, ingress->now);
        return;
    case BROKER_BACK:
        log_fact(FC_LOG_INFO, "consumer connected", NULL);
        learn_catalog(ingress);
        return;
    case BROKER_STILL_AWAY:
        log_fact(FC_LOG_DEBUG, "consumer still away", &ingress->broker.err);
        return;
    }
}

void life_database_changed(struct ingress *ingress, enum database_change change)
{
    enum fc_log_level level = FC_LOG_DEBUG;

    switch (change) {
    case DATABASE_SAME:
        return;
    case DATABASE_LOST:
        log_fact(FC_LOG_WARN, "database lost", &ingress->database.err);
        return;
    case DATABASE_BACK:
        log_fact(FC_LOG_INFO, "database connected", NULL);
        return;
    case DATABASE_STILL_AWAY:
        /* Its schema is not ours any more: somebody has to look. */
        if (ingress->database.err.cure == FC_CURE_EXIT)
            level = FC_LOG_ERROR;
        log_fact(level, "database still away", &ingress->database.err);
        return;
    }
}

void life_watch_blocked(struct ingress *ingress)
{
    const struct mq_publisher *publisher = ingress->broker.publisher;
    const char *reason = "";
    bool blocked = publisher != NULL && mq_publisher_is_blocked(publisher, &reason);
    struct fc_log_line line;

    if (blocked == ingress->blocked)
        return;
    ingress->blocked = blocked;
    fc_log_begin(&line, blocked ? FC_LOG_WARN : FC_LOG_INFO,
                 blocked ? "broker blocked" : "broker unblocked");
    if (blocked)
        fc_log_text(&line, "reason", reason);
    fc_log_end(&line);
}

void life_watch_overload(struct ingress *ingress)
{
    const struct fc_mono last = ingress->overloaded_at;
    bool overloaded = last.us != 0 && ingress->now.us - last.us < OVERLOAD_QUIET_S * FC_US_PER_S;
    struct fc_log_line line;

    if (overloaded == ingress->overloaded)
        return;
    ingress->overloaded = overloaded;
    fc_log_begin(&line, overloaded ? FC_LOG_WARN : FC_LOG_INFO,
                 overloaded ? "queues are too long: commands are refused"
                            : "queues are short again");
    if (overloaded)
        fc_log_i64(&line, "wait_s", backlog_longest_us(&ingress->backlog, ingress->now) / 1000000);
    fc_log_end(&line);
}

void life_log_stopping(const struct ingress *ingress)
{
    struct fc_log_line line;
    int32_t requests;
    int32_t connections;

    http_count(ingress->http, &requests, &connections);
    fc_log_begin(&line, FC_LOG_INFO, "stopping");
    fc_log_i64(&line, "requests", requests);
    fc_log_i64(&line, "connections", connections);
    fc_log_end(&line);
}

static void learn_changes(struct ingress *ingress, struct fc_str bytes)
{
    struct wire_catalog_change *changes;
    int32_t count;

    fc_arena_reset(&ingress->inbox);
    if (!wire_catalog_changes_parse(bytes, &ingress->inbox, &changes, &count)) {
        /* Whatever it said: better to ask again than to believe what may be wrong. */
        learn_catalog(ingress);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        const struct wire_catalog_change *change = &changes[i];

        if (change->deleted) {
            catalog_forget_product(&ingress->catalog, change->product_id);
            continue;
        }
        catalog_learn_product(&ingress->catalog, change->product_id, change->first_come, true);
        for (int32_t option = 0; option < change->option_count; option++)
            catalog_learn_option(&ingress->catalog, change->option_ids[option], change->product_id);
    }
}

void life_delivery(void *arg, const struct mq_delivery *delivery)
{
    struct ingress *ingress = arg;

    if (delivery->source == BROKER_CATALOG)
        learn_changes(ingress, delivery->body);
    else
        status_verdicts(ingress, delivery->body);
}

/* --- start and end ---------------------------------------------------------------------------- */

static enum fc_rc connect_all(struct ingress *ingress, struct fc_err *ret_err)
{
    const struct ingress_settings *settings = ingress->settings;

    if (fc_ticket_init(&ingress->ticket, settings->id_key, ret_err) != FC_OK)
        return FC_FAIL;
    if (database_init(&ingress->database, settings->database, ret_err) != FC_OK)
        return FC_FAIL;
    if (broker_init(&ingress->broker, settings->broker, settings->common.instance, ret_err) !=
        FC_OK)
        return FC_FAIL;
    if (database_open(&ingress->database, ret_err) != FC_OK)
        return FC_FAIL;
    return broker_open(&ingress->broker, settings->partitions, ret_err);
}

static void disconnect_all(struct ingress *ingress)
{
    broker_close(&ingress->broker);
    database_close(&ingress->database);
}

enum fc_rc life_check(const struct ingress_settings *settings, struct fc_err *ret_err)
{
    struct ingress *ingress = calloc(1, sizeof(*ingress)); /* heap: at start */
    enum fc_rc rc;

    if (ingress == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "life_check", "no memory");
    ingress->settings = settings;
    rc = connect_all(ingress, ret_err);
    disconnect_all(ingress);
    free(ingress);
    return rc;
}

/* As many as are wanted, if there may be as many descriptors. */
static int32_t connection_count_max(int32_t wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return wanted < 512 ? wanted : 512;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < 2 * DESCRIPTORS_OWN)
        return DESCRIPTORS_OWN;
    if (limit.rlim_cur - DESCRIPTORS_OWN > (rlim_t)wanted)
        return wanted;
    return (int32_t)(limit.rlim_cur - DESCRIPTORS_OWN);
}

static enum fc_rc open_memory(struct ingress *ingress, void **ret_memory, struct fc_err *ret_err)
{
    size_t bytes = INGRESS_SCRATCH_BYTES + INGRESS_INBOX_BYTES + INGRESS_OUT_BYTES;
    char *memory = malloc(bytes); /* heap: at start */

    if (memory == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "life_run", "no memory");
    *ret_memory = memory;
    fc_arena_init(&ingress->scratch, memory, INGRESS_SCRATCH_BYTES);
    fc_arena_init(&ingress->inbox, memory + INGRESS_SCRATCH_BYTES, INGRESS_INBOX_BYTES);
    ingress->out = memory + INGRESS_SCRATCH_BYTES + INGRESS_INBOX_BYTES;
    status_init(ingress);
    if (catalog_open(&ingress->catalog, ret_err) != FC_OK)
        return FC_FAIL;
    if (decided_open(&ingress->decided, ret_err) != FC_OK)
        return FC_FAIL;
    if (backlog_open(&ingress->backlog, ingress->settings->wait_ms_max, ret_err) != FC_OK)
        return FC_FAIL;
    return accept_open(&ingress->accept, ret_err);
}

static enum fc_rc open_http(struct ingress *ingress, struct fc_err *ret_err)
{
    int32_t connections = connection_count_max(ingress->settings->connections);
    int32_t requests = connections - connections / 8;
    struct http_settings settings = {
        .request_count_max = requests < HTTP_INFLIGHT_MAX ? requests : HTTP_INFLIGHT_MAX,
        .connection_count_max = connections,
        .handler = serve_handler(ingress)};
    struct fc_exporter_source source = health_source(ingress);

    if (fc_address_listen(ingress->settings->listen, true, &settings.listener, ret_err) != FC_OK)
        return FC_FAIL;
    if (http_open(&settings, &ingress->http, ret_err) != FC_OK)
        return FC_FAIL;
    return fc_exporter_open(ingress->settings->metrics, &source, &ingress->exporter, ret_err);
}

static void log_start(const struct ingress_settings *settings)
{
    struct fc_log_line line;

    fc_log_begin(&line, FC_LOG_INFO, "started");
    fc_log_text(&line, "listen", settings->listen);
    fc_log_i64(&line, "partitions", settings->partitions);
    fc_log_text(&line, "gateway_token", settings->gateway_token[0] != '\0' ? "set" : "not set");
    fc_log_end(&line);
    if (settings->gateway_token[0] == '\0')
        log_fact(FC_LOG_WARN,
                 "no gateway token: callers name themselves, so only this machine is listened to",
                 NULL);
}

/* Requests that could not be finished end with the process: the library cannot be stopped while
 * one of them is held. */
static void close_http(struct ingress *ingress)
{
    int32_t requests = 0;
    int32_t connections;
    struct fc_log_line line;

    fc_exporter_close(ingress->exporter);
    if (ingress->http != NULL)
        http_count(ingress->http, &requests, &connections);
    if (requests == 0) {
        http_close(ingress->http);
        return;
    }
    fc_log_begin(&line, FC_LOG_WARN, "requests are cut off");
    fc_log_i64(&line, "requests", requests);
    fc_log_end(&line);
}

enum fc_rc life_run(const struct ingress_settings *settings, struct fc_err *ret_err)
{
    struct ingress *ingress = calloc(1, sizeof(*ingress)); /* heap: at start */
    enum fc_rc rc = FC_FAIL;
    void *memory = NULL;
    int signal_fd;

    if (ingress == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "life_run", "no memory");
    ingress->settings = settings;
    ingress->now = fc_clock_mono();
    numbers_init(&ingress->numbers);
    if (fc_process_signals(&signal_fd, ret_err) != FC_OK ||
        open_memory(ingress, &memory, ret_err) != FC_OK || connect_all(ingress, ret_err) != FC_OK ||
        open_http(ingress, ret_err) != FC_OK)
        goto out;
    learn_catalog(ingress);
    log_start(settings);
    rc = loop_run(ingress, signal_fd, ret_err);
    if (rc == FC_OK)
        log_fact(FC_LOG_INFO, "stopped", NULL);
out:
    close_http(ingress);
    disconnect_all(ingress);
    accept_close(&ingress->accept);
    backlog_close(&ingress->backlog);
    decided_close(&ingress->decided);
    catalog_close(&ingress->catalog);
    free(memory);
    free(ingress);
    return rc;
}
