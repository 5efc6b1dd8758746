#include "skeleton/worker.h"

#include "base/assert.h"
#include "host/clock.h"
#include "host/config.h"
#include "host/exporter.h"
#include "host/log.h"
#include "host/process.h"
#include "mq/topology.h"
#include "skeleton/leases.h"
#include "skeleton/worker_metrics.h"

#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

struct worker_settings {
    char database[1024];
    char broker[512];
    char metrics[128];
    int32_t partitions;
    struct fc_common_settings common;
};

#define OWN_SETTINGS_COUNT 4
#define SETTINGS_COUNT (OWN_SETTINGS_COUNT + FC_COMMON_SETTINGS_COUNT)

#define ROW(name, kind, member, value, min, max, sentence)                           \
    {                                                                                \
        name, kind, offsetof(struct worker_settings, member),                        \
            sizeof(((struct worker_settings *)0)->member), value, min, max, sentence \
    }

static const struct fc_setting own_settings[OWN_SETTINGS_COUNT] = {
    ROW("FIRSTCOME_DATABASE", FC_SETTING_SECRET, database, NULL, 1, 1023,
        "PostgreSQL, as libpq's keywords or URI"),
    ROW("FIRSTCOME_BROKER", FC_SETTING_SECRET, broker, NULL, 1, 511,
        "RabbitMQ, as amqp://user:password@host:port/vhost"),
    ROW("FIRSTCOME_METRICS", FC_SETTING_ADDRESS, metrics, "", 0, 127,
        "host:port of /metrics, /livez and /readyz; empty for none"),
    ROW("FIRSTCOME_PARTITIONS", FC_SETTING_I32, partitions, "16", 1, PARTITIONS_MAX,
        "queues a family; the same for every program, changed only with drained queues"),
};

struct worker {
    const struct worker_program *program;
    struct worker_settings settings;
    struct links links;
    struct leases leases;
    struct cycle cycle;
    struct fc_arena arena;
    struct fc_backoff backoff; /* of reconnects */
    struct fc_mono paced;      /* the next batch begins then */
    struct fc_exporter *exporter;
    int signal_fd;
    bool connected;
    struct worker_metrics metrics;
};

static void log_trouble(const struct worker *worker, enum fc_log_level level, const char *sentence,
                        const struct fc_err *err)
{
    struct fc_log_line line;

    fc_log_begin(&line, level, sentence);
    fc_log_text(&line, "phase", cycle_phase_name(worker->cycle.phase));
    fc_log_i64(&line, "items", worker->cycle.batch.item_count);
    fc_log_err(&line, err);
    fc_log_end(&line);
}

static void log_fact(const char *sentence, const char *key, int64_t value)
{
    struct fc_log_line line;

    fc_log_begin(&line, FC_LOG_INFO, sentence);
    fc_log_i64(&line, key, value);
    fc_log_end(&line);
}

/* Waits for the queue, the exporter or a signal, at most so long. */
static void worker_wait(struct worker *worker, bool for_queue, int32_t wait_ms)
{
    struct pollfd fds[4];
    nfds_t count = 0;

    fds[count++] = (struct pollfd){worker->signal_fd, POLLIN, 0};
    fds[count++] = (struct pollfd){fc_exporter_fd(worker->exporter), POLLIN, 0};
    if (for_queue && worker->connected) {
        if (mq_consumer_has_buffered(worker->links.consumer))
            wait_ms = 0;
        fds[count++] = (struct pollfd){mq_consumer_fd(worker->links.consumer), POLLIN, 0};
        fds[count++] = links_watch(&worker->links);
    }
    /* An error or a signal is a wake like any other: the turn finds out. */
    (void)poll(fds, count, wait_ms);
    fc_exporter_turn(worker->exporter);
}

static enum fc_rc beat(void *arg, struct fc_err *ret_err)
{
    struct worker *worker = arg;

    fc_exporter_turn(worker->exporter);
    return leases_beat(&worker->leases, &worker->links, ret_err);
}

static void disconnect(struct worker *worker)
{
    links_close(&worker->links);
    leases_forget(&worker->leases);
    cycle_drop(&worker->cycle);
    worker->connected = false;
}

/* One try; trouble waits its turn. FC_FAIL only when there is no use in going on. */
static enum fc_rc worker_connect(struct worker *worker, struct fc_err *ret_err)
{
    if (links_open(&worker->links, ret_err) == FC_OK) {
        worker->connected = true;
        worker->program->connected(worker->program->arg, worker->links.db);
        log_fact("connected", "reconnects", worker->metrics.rows[WORKER_RECONNECTS].value);
        fc_metric_add(&worker->metrics.rows[WORKER_RECONNECTS], 1);
        return FC_OK;
    }
    if (ret_err->cure == FC_CURE_EXIT || ret_err->cure == FC_CURE_PARK)
        return FC_FAIL;
    int32_t wait_ms = fc_backoff_next_ms(&worker->backoff);

    log_trouble(worker, FC_LOG_WARN, "cannot connect, trying again", ret_err);
    worker_wait(worker, false, wait_ms);
    return FC_OK;
}

/* The job waits for somebody outside, perhaps for hours: everything else is kept alive. */
static enum fc_rc worker_again(struct worker *worker, struct fc_err *ret_err)
{
    if (fc_process_stopping())
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "worker",
                          "stopping inside a batch: the next owner has it again");
    fc_exporter_turn(worker->exporter);
    if (leases_due_ms(&worker->leases) == 0 &&
        (leases_beat(&worker->leases, &worker->links, ret_err) == FC_FAIL ||
         mq_consumer_beat(worker->links.consumer, ret_err) == FC_FAIL))
        return FC_FAIL;
    return links_idle(&worker->links, ret_err);
}

/* One step of the cycle with its measure; idle steps wait. */
static enum fc_rc worker_step(struct worker *worker, struct fc_err *ret_err)
{
    struct fc_mono since = fc_clock_mono();
    struct cycle_step step;

    /* A busy worker has to come between batches now and then. */
    worker->cycle.settle_now = fc_process_stopping() || leases_due_ms(&worker->leases) == 0;
    if (cycle_do_step(&worker->cycle, fc_clock_now(), &step, ret_err) == FC_FAIL) {
        /* A process that is stopping leaves the batch to the next owner. */
        if (ret_err->cure != FC_CURE_RETRY || fc_process_stopping())
            return FC_FAIL;
        fc_metric_add(&worker->metrics.rows[WORKER_RETRIES], 1);
        /* Now and then is how workers get along; again and again somebody has to look. */
        log_trouble(worker, step.wait_ms < RETRY_SLEEP_MS_MAX / 2 ? FC_LOG_INFO : FC_LOG_WARN,
                    "the batch is tried again", ret_err);
        worker_wait(worker, false, step.wait_ms);
        return FC_OK;
    }
    if (step.again)
        return worker_again(worker, ret_err);
    if (step.idle) {
        int32_t due_ms = leases_due_ms(&worker->leases);

        worker_wait(worker, true, due_ms < step.idle_ms ? due_ms : step.idle_ms);
        return links_idle(&worker->links, ret_err);
    }
    worker_metrics_phase(&worker->metrics, step.phase, &since, step.settled);
    if (step.phase == CYCLE_SETTLE) {
        /* Only now: connections that open and are of no use for what comes next are trouble. */
        fc_backoff_reset(&worker->backoff);
        fc_exporter_turn(worker->exporter);
    }
    if (step.phase == CYCLE_GATHER && !cycle_is_full(&worker->cycle))
        worker->paced.us = since.us + worker->program->pace_ms * 1000LL;
    return FC_OK;
}

/* Milliseconds until the next batch may begin. */
static int32_t pace_left_ms(const struct worker *worker)
{
    int64_t us = worker->paced.us - fc_clock_mono().us;

    return us > 0 ? (int32_t)(us / 1000 + 1) : 0;
}

static enum fc_rc worker_turn(struct worker *worker, struct fc_err *ret_err)
{
    if (!worker->connected)
        return worker_connect(worker, ret_err);
    if (cycle_is_between(&worker->cycle)) {
        int32_t held = worker->leases.held_count;
        bool due = leases_due_ms(&worker->leases) == 0;

        if (leases_turn(&worker->leases, &worker->links, ret_err) == FC_FAIL)
            return FC_FAIL;
        /* A job that is always busy and announces nothing would never answer its heartbeats. */
        if (due && links_idle(&worker->links, ret_err) == FC_FAIL)
            return FC_FAIL;
        if (held != worker->leases.held_count)
            log_fact("partitions held", "partitions", worker->leases.held_count);
        int32_t left_ms = worker->program->pace_ms > 0 ? pace_left_ms(worker) : 0;

        if (left_ms > 0) {
            worker_wait(worker, false, left_ms);
            return FC_OK;
        }
    }
    return worker_step(worker, ret_err);
}

/* Until asked to stop and between two batches. */
static int worker_loop(struct worker *worker)
{
    struct fc_err err;

    while (!fc_process_stopping() || !cycle_is_between(&worker->cycle)) {
        if (worker_turn(worker, &err) == FC_OK)
            continue;
        if (err.cure == FC_CURE_EXIT || err.cure == FC_CURE_PARK) {
            log_trouble(worker, FC_LOG_FATAL, "cannot go on", &err);
            disconnect(worker);
            return FC_EXIT_PERMANENT;
        }
        log_trouble(worker, FC_LOG_WARN, "connections are given up", &err);
        disconnect(worker);
        if (fc_process_stopping())
            break;
        worker_wait(worker, false, fc_backoff_next_ms(&worker->backoff));
    }
    if (worker->connected && leases_give_all(&worker->leases, &worker->links, &err) == FC_FAIL)
        log_trouble(worker, FC_LOG_WARN, "partitions fall with the connection", &err);
    disconnect(worker);
    log_fact("stopped", "batches", worker->metrics.rows[WORKER_BATCHES].value);
    return FC_EXIT_OK;
}

static void put_metrics(void *arg, struct fc_buf *buf)
{
    struct worker *worker = arg;

    worker_metrics_put(&worker->metrics, buf, worker->leases.held_count, worker->arena.used_max);
    worker->program->metrics(worker->program->arg, buf);
}

static bool put_ready(void *arg, struct fc_buf *buf)
{
    const struct worker *worker = arg;

    fc_buf_put_fmt(buf, "{\"connected\":%s,\"partitions\":%d,\"workers\":%d}",
                   worker->connected ? "true" : "false", (int)worker->leases.held_count,
                   (int)worker->leases.workers);
    return worker->connected && worker->leases.looked;
}

static enum fc_rc worker_prepare(struct worker *worker, struct fc_err *ret_err)
{
    const struct worker_program *program = worker->program;
    int32_t partitions = worker->settings.partitions;
    char *instance = worker->settings.common.instance;
    struct fc_exporter_source source = {put_metrics, put_ready, worker};
    void *memory = aligned_alloc(4096, BATCH_ARENA_BYTES); /* heap: at start */

    if (memory == NULL)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "aligned_alloc",
                          "no memory for a batch: %d bytes", BATCH_ARENA_BYTES);
    fc_arena_init(&worker->arena, memory, BATCH_ARENA_BYTES);
    /* As in log lines: connections and rows name somebody, too. */
    if (instance[0] == '\0')
        (void)fc_str_copy(fc_str_of(program->name), instance,
                          sizeof(worker->settings.common.instance));
    worker->links.settings =
        (struct links_settings){worker->settings.database, worker->settings.broker, instance};
    worker->links.beat = beat;
    worker->links.beat_arg = worker;
    leases_init(&worker->leases, program->family, program->lock_class,
                program->partitions > 0 ? program->partitions : partitions);
    fc_backoff_init(&worker->backoff, fc_process_chance());
    worker_metrics_init(&worker->metrics);

    struct worker_context context = {links_announcer(&worker->links), instance,
                                     worker->leases.partitions, partitions};
    struct queue_port queue = links_queue(&worker->links);
    struct job_port job = program->start(program->arg, &context);

    cycle_init(&worker->cycle, &queue, &job, &worker->arena, fc_process_chance());
    worker->cycle.carry_ms = program->carry_ms;
    if (program->carry_ms > 0)
        worker->cycle.confirms = links_confirms(&worker->links);
    if (fc_process_signals(&worker->signal_fd, ret_err) == FC_FAIL)
        return FC_FAIL;
    return fc_exporter_open(worker->settings.metrics, &source, &worker->exporter, ret_err);
}

/* --check: everything that a start needs, then leave. */
static enum fc_rc worker_check(struct worker *worker, struct fc_err *ret_err)
{
    struct mq_settings broker;

    if (links_open(&worker->links, ret_err) == FC_FAIL)
        return FC_FAIL;
    links_close(&worker->links);
    if (mq_settings_parse(fc_str_of(worker->settings.broker), "check", &broker, ret_err) == FC_FAIL)
        return FC_FAIL;
    return mq_topology_check(&broker, worker->settings.partitions, ret_err);
}

static int fail_at_start(const struct worker *worker, const struct fc_err *err)
{
    log_trouble(worker, FC_LOG_FATAL, "cannot start", err);
    return err->cure == FC_CURE_EXIT || err->cure == FC_CURE_PARK ? FC_EXIT_PERMANENT
                                                                  : FC_EXIT_LATER;
}

extern char **environ;

/* The settings of every worker and those of the job. */
static enum fc_rc settings_read(struct worker *worker, const struct fc_setting *table,
                                struct fc_err *ret_err)
{
    const struct worker_program *program = worker->program;

    if (fc_config_read(table, SETTINGS_COUNT, environ, &worker->settings, ret_err) == FC_FAIL ||
        fc_config_apply_log(&worker->settings.common, program->name, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (program->row_count > 0 && fc_config_read(program->rows, program->row_count, environ,
                                                 program->settings, ret_err) == FC_FAIL)
        return FC_FAIL;
    return program->check != NULL ? program->check(program->settings, ret_err) : FC_OK;
}

int worker_main(int argc, char **argv, const struct worker_program *program)
{
    static struct worker worker;
    struct fc_setting table[SETTINGS_COUNT];
    struct fc_err err;
    int code = FC_EXIT_OK;
    enum fc_process_word word =
        fc_process_words(argc, argv, program->name, program->sentence, &code);

    if (word == FC_WORD_DONE)
        return code;
    worker.program = program;
    for (size_t i = 0; i < OWN_SETTINGS_COUNT; i++)
        table[i] = own_settings[i];
    fc_config_common_rows(offsetof(struct worker_settings, common), &table[OWN_SETTINGS_COUNT]);
    if (settings_read(&worker, table, &err) == FC_FAIL)
        return fail_at_start(&worker, &err);
    if (word == FC_WORD_PRINT_CONFIG) {
        fc_config_print(table, SETTINGS_COUNT, &worker.settings, STDOUT_FILENO);
        fc_config_print(program->rows, program->row_count, program->settings, STDOUT_FILENO);
        return FC_EXIT_OK;
    }
    if (worker_prepare(&worker, &err) == FC_FAIL)
        return fail_at_start(&worker, &err);
    if (word == FC_WORD_CHECK)
        return worker_check(&worker, &err) == FC_OK ? FC_EXIT_OK : fail_at_start(&worker, &err);
    log_fact("started", "pid", (int64_t)getpid());
    code = worker_loop(&worker);
    fc_exporter_close(worker.exporter);
    return code;
}
