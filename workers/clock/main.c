#include "base/assert.h"
#include "clock/ticker.h"
#include "host/config.h"
#include "host/log.h"
#include "host/process.h"
#include "mq/topology.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "firstcome-clock"

struct clock_settings {
    char database[1024];
    char broker[512];
    char metrics[128];
    int32_t partitions;
    struct task_settings tasks;
    int32_t keep_days;
    struct fc_common_settings common;
};

#define ROW(name, kind, member, value, min, max, sentence)                          \
    {                                                                               \
        name, kind, offsetof(struct clock_settings, member),                        \
            sizeof(((struct clock_settings *)0)->member), value, min, max, sentence \
    }

static const struct fc_setting own_settings[] = {
    ROW("FIRSTCOME_DATABASE", FC_SETTING_SECRET, database, NULL, 1, 1023,
        "PostgreSQL, as libpq's keywords or URI"),
    ROW("FIRSTCOME_BROKER", FC_SETTING_SECRET, broker, NULL, 1, 511,
        "RabbitMQ, as amqp://user:password@host:port/vhost"),
    ROW("FIRSTCOME_METRICS", FC_SETTING_ADDRESS, metrics, "", 0, 127,
        "host:port of /metrics, /livez and /readyz; empty for none"),
    ROW("FIRSTCOME_PARTITIONS", FC_SETTING_I32, partitions, "16", 1, PARTITIONS_MAX,
        "queues a family; the same for every program, changed only with drained queues"),
    ROW("FIRSTCOME_CLOCK_COUPON_EXPIRY_S", FC_SETTING_I32, tasks.coupon_expiry_s, "60", 1, 86400,
        "seconds between two looks for coupons past their expiry"),
    ROW("FIRSTCOME_CLOCK_ORDER_EXPIRY_S", FC_SETTING_I32, tasks.order_expiry_s, "10", 1, 86400,
        "seconds between two looks for orders whose payment was not settled"),
    ROW("FIRSTCOME_CLOCK_KEEP_DAYS", FC_SETTING_I32, keep_days, "7", 1, 36500,
        "days for which it is kept which instants were seen to"),
};

#define OWN_SETTINGS_COUNT FC_ARRAY_COUNT(own_settings)
#define SETTINGS_COUNT (OWN_SETTINGS_COUNT + FC_COMMON_SETTINGS_COUNT)

static const char sentence[] =
    "Sends the commands whose time has come: expired coupons, orders that were not paid,\n"
    "days that are over. Of several clocks one acts, the others stand by.\n\n"
    "  " PROGRAM " --once [--at INSTANT] [--only SCHEDULE]\n"
    "sees to coupon-expiry, order-expiry and day-close (or the one named) once, as if it were\n"
    "INSTANT (RFC 3339), and leaves. The same instant twice is one. An INSTANT to come is a\n"
    "rehearsal: what expires until then expires now, the day before it is closed early, and\n"
    "all of it is seen to again when its time has come.";

/* What is asked for beside the words that every program knows. */
struct asked {
    bool once;
    bool has_at;
    struct fc_instant at;
    const char *only; /* NULL: all */
};

static bool is_schedule(const char *name)
{
    const struct task_settings any = {1, 1};
    struct task tasks[TASK_COUNT];

    task_table(&any, tasks);
    for (int i = 0; i < TASK_COUNT; i++)
        if (strcmp(tasks[i].schedule.name, name) == 0)
            return true;
    return false;
}

/* False, with a sentence on stderr, for words that make no sense. */
static bool asked_parse(int argc, char **argv, struct asked *ret_asked)
{
    struct asked asked = {.once = true};
    int at;

    for (at = 2; at + 1 < argc; at += 2) {
        if (strcmp(argv[at], "--at") == 0 && fc_instant_parse(fc_str_of(argv[at + 1]), &asked.at))
            asked.has_at = true;
        else if (strcmp(argv[at], "--only") == 0 && is_schedule(argv[at + 1]))
            asked.only = argv[at + 1];
        else
            break;
    }
    if (at < argc) {
        (void)fprintf(stderr, PROGRAM ": \"%s\" is not understood; see " PROGRAM " --help\n",
                      argv[at]);
        return false;
    }
    *ret_asked = asked;
    return true;
}

static void put_metrics(void *arg, struct fc_buf *buf)
{
    ticker_metrics_put(arg, buf);
}

static bool put_ready(void *arg, struct fc_buf *buf)
{
    return ticker_ready_put(arg, buf);
}

static enum fc_rc prepare(struct clock_settings *settings, struct ticker *ticker,
                          struct fc_err *ret_err)
{
    static struct fc_arena arena;
    struct fc_exporter_source source = {put_metrics, put_ready, ticker};
    void *memory = aligned_alloc(4096, DUE_ARENA_BYTES); /* heap: at start */

    if (memory == NULL)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "aligned_alloc", "no memory for a page");
    fc_arena_init(&arena, memory, DUE_ARENA_BYTES);
    /* As in log lines: connections name somebody, too. */
    if (settings->common.instance[0] == '\0')
        (void)fc_str_copy(FC_STR(PROGRAM), settings->common.instance,
                          sizeof(settings->common.instance));
    task_table(&settings->tasks, ticker->tasks);
    ticker->contact.database = settings->database;
    ticker->contact.broker = settings->broker;
    ticker->contact.instance = settings->common.instance;
    ticker->tools = (struct task_tools){&ticker->contact, &arena, settings->partitions};
    ticker->keep_days = settings->keep_days;
    fc_backoff_init(&ticker->backoff, fc_process_chance());
    if (fc_process_signals(&ticker->contact.signal_fd, ret_err) == FC_FAIL)
        return FC_FAIL;
    return fc_exporter_open(settings->metrics, &source, &ticker->contact.exporter, ret_err);
}

/* --check: everything that a start needs, then leave. */
static enum fc_rc check(const struct clock_settings *settings, struct ticker *ticker,
                        struct fc_err *ret_err)
{
    struct mq_settings broker;

    if (contact_open(&ticker->contact, ret_err) == FC_FAIL)
        return FC_FAIL;
    contact_close(&ticker->contact);
    if (mq_settings_parse(fc_str_of(settings->broker), "check", &broker, ret_err) == FC_FAIL)
        return FC_FAIL;
    return mq_topology_check(&broker, settings->partitions, ret_err);
}

static int leave(enum fc_rc rc, const struct fc_err *err)
{
    struct fc_log_line line;

    if (rc == FC_OK)
        return FC_EXIT_OK;
    fc_log_begin(&line, FC_LOG_FATAL, "cannot start");
    fc_log_err(&line, err);
    fc_log_end(&line);
    return err->cure == FC_CURE_EXIT || err->cure == FC_CURE_PARK ? FC_EXIT_PERMANENT
                                                                  : FC_EXIT_LATER;
}

extern char **environ;

static int run(enum fc_process_word word, const struct asked *asked)
{
    static struct ticker ticker;
    static struct clock_settings settings;
    struct fc_setting table[SETTINGS_COUNT];
    struct fc_err err;
    int code;

    memcpy(table, own_settings, sizeof(own_settings));
    fc_config_common_rows(offsetof(struct clock_settings, common), &table[OWN_SETTINGS_COUNT]);
    if (fc_config_read(table, SETTINGS_COUNT, environ, &settings, &err) == FC_FAIL ||
        fc_config_apply_log(&settings.common, PROGRAM, &err) == FC_FAIL)
        return leave(FC_FAIL, &err);
    if (word == FC_WORD_PRINT_CONFIG) {
        fc_config_print(table, SETTINGS_COUNT, &settings, fileno(stdout));
        return FC_EXIT_OK;
    }
    if (prepare(&settings, &ticker, &err) == FC_FAIL)
        return leave(FC_FAIL, &err);
    if (word == FC_WORD_CHECK)
        return leave(check(&settings, &ticker, &err), &err);
    if (asked->once)
        code =
            leave(ticker_once(&ticker, asked->has_at ? &asked->at : NULL, asked->only, &err), &err);
    else
        code = ticker_loop(&ticker);
    fc_exporter_close(ticker.contact.exporter);
    return code;
}

int main(int argc, char **argv)
{
    struct asked asked = {.once = argc > 1 && strcmp(argv[1], "--once") == 0};
    enum fc_process_word word = FC_WORD_RUN;
    int code = FC_EXIT_OK;

    if (asked.once && !asked_parse(argc, argv, &asked))
        return FC_EXIT_PERMANENT;
    if (!asked.once)
        word = fc_process_words(argc, argv, PROGRAM, sentence, &code);
    return word == FC_WORD_DONE ? code : run(word, &asked);
}
