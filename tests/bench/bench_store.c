/*
 * The order worker against PostgreSQL alone: real batches through the real cycle, job and store,
 * with neither broker nor HTTP. With --bare the same orders are written by a loop that asks of
 * PostgreSQL as little as the same rows need (support/store_bare.h): what could be at best.
 * Works on a shop that tests/bench/history/fill has founded, and leaves it as orders leave a shop.
 */
#include "base/assert.h"
#include "host/clock.h"
#include "host/process.h"
#include "producer/cli/histogram.h"
#include "support/server_cpu.h"
#include "support/store_bare.h"
#include "support/store_job.h"
#include "support/testdb.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROCESSES_MAX 8

static const char usage[] =
    "Usage: bench_store [options]\n"
    "Orders a second that the order worker stores in the shop of FIRSTCOME_DATABASE, without\n"
    "broker and HTTP; one line of JSON. The shop is founded by tests/bench/history/fill.\n"
    "  --batch N       orders a transaction, 1 to 256 (256)\n"
    "  --together N    of them in one message, all of one partition (16)\n"
    "  --processes N   workers, each with partitions of its own (1)\n"
    "  --seconds N     (10) after one second that is not counted\n"
    "  --hot           all want the same option\n"
    "  --bare          the loop that has nothing but the same rows\n";

struct words {
    int64_t batch;
    int64_t together;
    int64_t processes;
    int64_t seconds;
    bool hot;
    bool bare;
};

/* What a process tells of itself. */
struct tally {
    int64_t orders;
    int64_t refused; /* there are none in a shop that was founded large enough */
    int64_t retries;
    int64_t wall_us;
    int64_t cpu_us; /* of the batches alone, without making up what is asked */
    struct cli_histogram batches;
};

struct bench {
    const struct words *words;
    const char *conninfo;
    struct store_crowd crowd;
    struct store_asker asker;
    struct store_wish wishes[STORE_WISHES_MAX];
    struct store_job job;
    struct store_bare bare;
    struct tally tally;
};

FC_NORETURN static void give_up(const struct fc_err *err)
{
    (void)fprintf(stderr, "bench_store: %s: %s\n", err->where, err->text);
    exit(FC_EXIT_LATER);
}

/* --- words ------------------------------------------------------------------------------------ */

struct word {
    const char *name;
    int64_t *number; /* or */
    bool *flag;
    int64_t max;
};

static bool words_read(int argc, char **argv, struct words *ret_words)
{
    struct words words = {256, 16, 1, 10, false, false};
    const struct word table[] = {
        {"--batch", &words.batch, NULL, STORE_WISHES_MAX},
        {"--together", &words.together, NULL, STORE_WISHES_MAX},
        {"--processes", &words.processes, NULL, PROCESSES_MAX},
        {"--seconds", &words.seconds, NULL, 3600},
        {"--hot", NULL, &words.hot, 0},
        {"--bare", NULL, &words.bare, 0},
    };

    for (int i = 1; i < argc; i++) {
        const struct word *option = NULL;

        for (size_t at = 0; at < FC_ARRAY_COUNT(table) && option == NULL; at++)
            if (strcmp(table[at].name, argv[i]) == 0)
                option = &table[at];
        if (option == NULL)
            return false;
        if (option->flag != NULL)
            *option->flag = true;
        else if (++i == argc || !fc_str_to_i64(fc_str_of(argv[i]), 1, option->max, option->number))
            return false;
    }
    *ret_words = words;
    return true;
}

/* --- the shop --------------------------------------------------------------------------------- */

/* Opens a connection that stays: by its backend the server is found. */
static struct db *shop_look(const char *conninfo, struct store_crowd *ret_crowd,
                            int64_t *ret_backend)
{
    const struct db_settings settings = {.conninfo = conninfo, .program = "bench-look"};
    const struct sql_query *query = testdb_query(
        "select pg_backend_pid()::bigint, (select count(*) from customer),"
        " (select coalesce(max(user_id), 0) from customer), (select count(*) from product_option),"
        " (select coalesce(max(option_id), 0) from product_option)");
    struct fc_err err;
    struct db *db;

    if (db_open(&settings, &db, &err) == FC_FAIL)
        give_up(&err);
    db_send(db, query, NULL);
    if (db_exchange(db, &err) == FC_FAIL)
        give_up(&err);
    const struct db_rows *rows = db_rows(db, 0);

    *ret_backend = db_i64(rows, 0, 0);
    *ret_crowd =
        (struct store_crowd){.user_count = db_i64(rows, 0, 1), .option_count = db_i64(rows, 0, 3)};
    if (ret_crowd->user_count == 0 || ret_crowd->user_count != db_i64(rows, 0, 2) ||
        ret_crowd->option_count == 0 || ret_crowd->option_count != db_i64(rows, 0, 4)) {
        (void)fprintf(stderr, "bench_store: no shop of tests/bench/history/fill is there\n");
        exit(FC_EXIT_USAGE);
    }
    return db;
}

/* --- one process ------------------------------------------------------------------------------ */

static int64_t cpu_us(void)
{
    struct timespec at;

    FC_ASSERT(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at) == 0);
    return at.tv_sec * FC_US_PER_S + at.tv_nsec / 1000;
}

static void one_batch(struct bench *bench)
{
    int32_t count = (int32_t)bench->words->batch;
    int32_t together = (int32_t)bench->words->together;
    struct tally *tally = &bench->tally;
    struct fc_err err;

    store_ask(&bench->asker, together, bench->wishes, count);
    if (!bench->words->bare)
        store_job_put(&bench->job, bench->wishes, count, together);
    struct fc_mono began = fc_clock_mono();
    int64_t cpu_began = cpu_us();

    if (bench->words->bare)
        store_bare_run(&bench->bare, bench->wishes, count);
    else if (store_job_run(&bench->job, &err) == FC_FAIL)
        give_up(&err);
    tally->cpu_us += cpu_us() - cpu_began;
    cli_histogram_add(&tally->batches, fc_clock_mono().us - began.us);
    tally->orders += count;
}

static void batches_for(struct bench *bench, int64_t ms)
{
    struct fc_mono began = fc_clock_mono();

    bench->tally = (struct tally){0};
    while (fc_clock_ms_since(began) < ms)
        one_batch(bench);
    bench->tally.wall_us = fc_clock_mono().us - began.us;
}

static void write_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t wrote = write(fd, at, len);

        if (wrote < 0 && errno != EINTR)
            exit(FC_EXIT_LATER);
        if (wrote > 0) {
            at += wrote;
            len -= (size_t)wrote;
        }
    }
}

static bool read_all(int fd, void *bytes, size_t len)
{
    char *at = bytes;

    while (len > 0) {
        ssize_t got = read(fd, at, len);

        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        if (got > 0) {
            at += got;
            len -= (size_t)got;
        }
    }
    return true;
}

/* Warms up, tells so, waits for its start; then the same with the tally. */
static void process_run(struct bench *bench, int talk)
{
    struct fc_err err;
    char start = 's';

    store_asker_open(&bench->asker, &bench->crowd);
    if (bench->words->bare)
        store_bare_open(&bench->bare, bench->conninfo);
    else if (store_job_open(&bench->job, bench->conninfo, &err) == FC_FAIL)
        give_up(&err);
    batches_for(bench, 1000);
    write_all(talk, &start, 1);
    if (!read_all(talk, &start, 1))
        exit(FC_EXIT_LATER);
    bench->job.job.stats = (struct command_stats){0};
    bench->job.retries = bench->bare.retries = 0;
    batches_for(bench, bench->words->seconds * 1000);
    bench->tally.retries = bench->words->bare ? bench->bare.retries : bench->job.retries;
    if (!bench->words->bare)
        bench->tally.refused = bench->tally.orders - bench->job.job.stats.succeeded;
    write_all(talk, &bench->tally, sizeof(bench->tally));
    /* The server's time is read while all connections still stand. */
    (void)read_all(talk, &start, 1);
    if (!bench->words->bare)
        store_job_close(&bench->job);
    else
        store_bare_close(&bench->bare);
    store_asker_close(&bench->asker);
}

/* --- all of them ------------------------------------------------------------------------------ */

static void histogram_merge(struct cli_histogram *into, const struct cli_histogram *from)
{
    if (into->count == 0 || from->min_us < into->min_us)
        into->min_us = from->min_us;
    if (from->max_us > into->max_us)
        into->max_us = from->max_us;
    into->count += from->count;
    into->sum_us += from->sum_us;
    for (int32_t i = 0; i < CLI_HISTOGRAM_BUCKETS; i++)
        into->buckets[i] += from->buckets[i];
}

static int process_start(struct bench *bench, int32_t process)
{
    int talk[2];

    bench->crowd.process = process;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, talk) != 0)
        exit(FC_EXIT_LATER);
    pid_t pid = fork();

    if (pid < 0)
        exit(FC_EXIT_LATER);
    if (pid == 0) {
        (void)close(talk[0]);
        process_run(bench, talk[1]);
        _exit(0);
    }
    (void)close(talk[1]);
    return talk[0];
}

static void report(const struct words *words, const struct tally *sum, int64_t server_us)
{
    int64_t orders = sum->orders;
    double seconds = (double)sum->wall_us / 1e6;

    (void)printf("{\"name\":\"store\",\"mode\":\"%s\",\"hot\":%s,\"batch\":%lld,"
                 "\"together\":%lld,\"processes\":%lld,\"per_s\":%.0f,\"seconds\":%.2f,"
                 "\"orders\":%lld,\"refused\":%lld,\"retries\":%lld,\"cpu_s\":%.3f,"
                 "\"postgresql_cpu_s\":%.3f,\"us_per_order\":{\"own\":%.1f,\"postgresql\":%.1f},"
                 "\"batch_us\":{\"p50\":%lld,\"p99\":%lld,\"max\":%lld}}\n",
                 words->bare ? "bare" : "job", words->hot ? "true" : "false",
                 (long long)words->batch, (long long)words->together, (long long)words->processes,
                 (double)orders / seconds, seconds, (long long)orders, (long long)sum->refused,
                 (long long)sum->retries, (double)sum->cpu_us / 1e6, (double)server_us / 1e6,
                 (double)sum->cpu_us / (double)orders, (double)server_us / (double)orders,
                 (long long)cli_histogram_at(&sum->batches, 500),
                 (long long)cli_histogram_at(&sum->batches, 990), (long long)sum->batches.max_us);
}

/* Starts all together when all are warm; the wall is that of the slowest. False: one has died. */
static bool measure(struct bench *bench, int64_t backend, struct tally *ret_sum,
                    int64_t *ret_server_us)
{
    static struct tally tally;
    int talks[PROCESSES_MAX];
    int32_t count = (int32_t)bench->words->processes;
    char start = 's';

    for (int32_t i = 0; i < count; i++)
        talks[i] = process_start(bench, i);
    for (int32_t i = 0; i < count; i++)
        if (!read_all(talks[i], &start, 1))
            return false;
    int64_t server_us = server_cpu_us(backend);

    for (int32_t i = 0; i < count; i++)
        write_all(talks[i], &start, 1);
    for (int32_t i = 0; i < count; i++) {
        if (!read_all(talks[i], &tally, sizeof(tally)))
            return false;
        ret_sum->orders += tally.orders;
        ret_sum->refused += tally.refused;
        ret_sum->retries += tally.retries;
        ret_sum->cpu_us += tally.cpu_us;
        if (tally.wall_us > ret_sum->wall_us)
            ret_sum->wall_us = tally.wall_us;
        histogram_merge(&ret_sum->batches, &tally.batches);
    }
    *ret_server_us = server_cpu_us(backend) - server_us;
    for (int32_t i = 0; i < count; i++)
        (void)close(talks[i]);
    while (wait(NULL) > 0) {
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    static struct tally sum;
    struct words words;
    int64_t backend;
    int64_t server_us;

    bench.conninfo = getenv("FIRSTCOME_DATABASE");
    if (!words_read(argc, argv, &words) || bench.conninfo == NULL) {
        (void)fputs(usage, stderr);
        return FC_EXIT_USAGE;
    }
    bench.words = &words;
    struct db *db = shop_look(bench.conninfo, &bench.crowd, &backend);

    bench.crowd.processes = (int32_t)words.processes;
    if (words.hot)
        bench.crowd.option_count = 1;
    if (!measure(&bench, backend, &sum, &server_us))
        return FC_EXIT_LATER;
    report(&words, &sum, server_us);
    db_close(db);
    return sum.refused == 0 ? FC_EXIT_OK : FC_EXIT_FAILED;
}
