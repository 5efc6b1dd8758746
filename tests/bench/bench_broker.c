/*
 * The broker alone: messages through quorum queues as firstcome has them, published and confirmed,
 * consumed and acknowledged, with nothing done about what is in them. What the commands of the
 * whole system could be at best as far as RabbitMQ goes.
 */
#include "base/assert.h"
#include "base/limits.h"
#include "host/clock.h"
#include "host/process.h"
#include "producer/cli/histogram.h"
#include "support/broker.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define QUEUES_MAX 64
#define WINDOW_MAX 16384
#define WARM_UP_MS 1000

static const char usage[] =
    "Usage: bench_broker [options]\n"
    "Messages a second through RabbitMQ: published, confirmed, consumed and acknowledged; one "
    "line\n"
    "of JSON. The queues bench.0 … are made anew and dropped.\n"
    "  --url URL         (FIRSTCOME_BROKER)\n"
    "  --queues N        quorum queues with a single active consumer (16)\n"
    "  --bytes N         of a command (350)\n"
    "  --per-message N   commands in a message (1)\n"
    "  --window N        messages under way at once: not yet confirmed, or not yet consumed (512)\n"
    "  --seconds N       (10) after one second that is not counted\n";

struct words {
    int64_t queues;
    int64_t bytes;
    int64_t per_message;
    int64_t window;
    int64_t seconds;
};

struct bench {
    struct words words;
    struct mq_publisher *publisher;
    struct mq_consumer *consumer;
    char *body; /* owned */
    char names[QUEUES_MAX][32];
    uint64_t last_tags[QUEUES_MAX]; /* of what is not acknowledged yet; 0: nothing */
    int64_t sent;
    int64_t confirmed;
    int64_t consumed;
    struct fc_mono put_at[WINDOW_MAX]; /* by number of the message, as confirms tell of it */
    struct cli_histogram confirms;
};

FC_NORETURN static void give_up(const struct fc_err *err)
{
    (void)fprintf(stderr, "bench_broker: %s: %s\n", err->where, err->text);
    exit(FC_EXIT_LATER);
}

/* --- words ------------------------------------------------------------------------------------ */

struct word {
    const char *name;
    int64_t *number;
    int64_t max;
};

static bool words_read(int argc, char **argv, struct words *ret_words)
{
    struct words words = {16, 350, 1, 512, 10};
    const struct word table[] = {
        {"--queues", &words.queues, QUEUES_MAX},
        {"--bytes", &words.bytes, HTTP_BODY_BYTES_MAX},
        {"--per-message", &words.per_message, MESSAGE_COMMANDS_MAX},
        {"--window", &words.window, WINDOW_MAX},
        {"--seconds", &words.seconds, 3600},
    };

    for (int i = 1; i < argc; i += 2) {
        const struct word *word = NULL;

        if (i + 1 == argc)
            return false;
        if (strcmp(argv[i], "--url") == 0) {
            if (setenv("FIRSTCOME_BROKER", argv[i + 1], 1) != 0)
                return false;
            continue;
        }
        for (size_t at = 0; at < FC_ARRAY_COUNT(table) && word == NULL; at++)
            if (strcmp(table[at].name, argv[i]) == 0)
                word = &table[at];
        if (word == NULL || !fc_str_to_i64(fc_str_of(argv[i + 1]), 1, word->max, word->number))
            return false;
    }
    *ret_words = words;
    return words.bytes * words.per_message <= MESSAGE_BYTES_MAX;
}

/* --- the loop --------------------------------------------------------------------------------- */

static void on_fate(void *arg, uint64_t seq, enum mq_fate fate)
{
    struct bench *bench = arg;

    if (fate != MQ_CONFIRMED) {
        (void)fprintf(stderr, "bench_broker: a message was refused\n");
        exit(FC_EXIT_FAILED);
    }
    bench->confirmed++;
    cli_histogram_add(&bench->confirms, fc_clock_mono().us - bench->put_at[seq % WINDOW_MAX].us);
}

static void publish(struct bench *bench)
{
    const struct words *words = &bench->words;
    struct fc_err err;

    while (bench->sent - bench->confirmed < words->window &&
           bench->sent - bench->consumed < words->window) {
        struct mq_message message = {
            .routing_key = fc_str_of(bench->names[bench->sent % words->queues]),
            .type = FC_STR("firstcome.commands.v1"),
            .body = {bench->body, (size_t)(words->bytes * words->per_message)},
            .mandatory = true,
        };
        uint64_t seq;

        if (mq_publisher_unconfirmed_bytes(bench->publisher) + message.body.len >
            UNCONFIRMED_BYTES_MAX)
            break;
        if (mq_publisher_put(bench->publisher, &message, &seq, &err) != FC_OK)
            give_up(&err);
        bench->put_at[seq % WINDOW_MAX] = fc_clock_mono();
        bench->sent++;
    }
    if (mq_publisher_flush(bench->publisher, &err) != FC_OK ||
        mq_publisher_poll(bench->publisher, on_fate, bench, &err) != FC_OK)
        give_up(&err);
}

/* Takes what has arrived, and acknowledges each queue once up to its last. */
static void consume(struct bench *bench)
{
    struct mq_delivery delivery;
    struct fc_err err;
    bool got;

    for (;;) {
        if (mq_consumer_next(bench->consumer, &delivery, &got, &err) != FC_OK)
            give_up(&err);
        if (!got)
            break;
        bench->last_tags[delivery.source] = delivery.tag;
        bench->consumed++;
    }
    for (int32_t i = 0; i < bench->words.queues; i++) {
        if (bench->last_tags[i] != 0 &&
            mq_consumer_ack(bench->consumer, i, bench->last_tags[i], &err) != FC_OK)
            give_up(&err);
        bench->last_tags[i] = 0;
    }
}

static void wait_for_more(const struct bench *bench)
{
    struct pollfd sockets[] = {{.fd = mq_publisher_fd(bench->publisher)},
                               {.fd = mq_consumer_fd(bench->consumer), .events = POLLIN}};

    if (mq_publisher_wants_read(bench->publisher))
        sockets[0].events |= POLLIN;
    if (mq_publisher_wants_write(bench->publisher))
        sockets[0].events |= POLLOUT;
    if (!mq_consumer_has_buffered(bench->consumer))
        (void)poll(sockets, FC_ARRAY_COUNT(sockets), 1000);
}

static void run_for(struct bench *bench, int64_t ms)
{
    struct fc_mono began = fc_clock_mono();

    while (fc_clock_ms_since(began) < ms) {
        publish(bench);
        consume(bench);
        wait_for_more(bench);
    }
}

/* --- life ------------------------------------------------------------------------------------- */

static void bench_open(struct bench *bench)
{
    struct fc_err err;

    bench->body = malloc(MESSAGE_BYTES_MAX); /* heap: at start */
    FC_ASSERT(bench->body != NULL);
    memset(bench->body, 'x', MESSAGE_BYTES_MAX);
    bench->publisher = broker_publisher();
    bench->consumer = broker_consumer();
    for (int32_t i = 0; i < bench->words.queues; i++) {
        (void)snprintf(bench->names[i], sizeof(bench->names[i]), "bench.%d", (int)i);
        broker_queue_make(bench->names[i], 0);
        if (mq_consumer_subscribe(bench->consumer, bench->names[i], i, &err) != FC_OK)
            give_up(&err);
    }
}

static void bench_close(struct bench *bench)
{
    mq_consumer_close(bench->consumer);
    mq_publisher_close(bench->publisher);
    for (int32_t i = 0; i < bench->words.queues; i++)
        broker_queue_drop(bench->names[i]);
    free(bench->body);
}

static int64_t cpu_us(void)
{
    struct timespec at;

    FC_ASSERT(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at) == 0);
    return at.tv_sec * FC_US_PER_S + at.tv_nsec / 1000;
}

static void measure(struct bench *bench)
{
    const struct words *words = &bench->words;

    run_for(bench, WARM_UP_MS);
    int64_t cpu = cpu_us();
    int64_t before = bench->consumed;
    struct fc_mono began = fc_clock_mono();

    bench->confirms = (struct cli_histogram){0};
    run_for(bench, words->seconds * 1000);
    double seconds = (double)(fc_clock_mono().us - began.us) / 1e6;
    double per_s = (double)(bench->consumed - before) / seconds;

    cpu = cpu_us() - cpu;
    (void)printf("{\"name\":\"broker\",\"queues\":%lld,\"bytes\":%lld,\"per_message\":%lld,"
                 "\"window\":%lld,\"per_s\":%.0f,\"commands_per_s\":%.0f,\"seconds\":%.2f,"
                 "\"messages\":%lld,\"cpu_s\":%.3f,\"confirm_us\":{\"p50\":%lld,\"p99\":%lld}}\n",
                 (long long)words->queues, (long long)words->bytes, (long long)words->per_message,
                 (long long)words->window, per_s, per_s * (double)words->per_message, seconds,
                 (long long)(bench->consumed - before), (double)cpu / 1e6,
                 (long long)cli_histogram_at(&bench->confirms, 500),
                 (long long)cli_histogram_at(&bench->confirms, 990));
}

int main(int argc, char **argv)
{
    static struct bench bench;

    if (!words_read(argc, argv, &bench.words) || !broker_is_there()) {
        (void)fputs(usage, stderr);
        return FC_EXIT_USAGE;
    }
    bench_open(&bench);
    measure(&bench);
    bench_close(&bench);
    return FC_EXIT_OK;
}
