/*
 * A client of the chaos suite (tests/chaos/run): see its words (support/chaos_words.c) and what it
 * does (support/chaos_load.h).
 */
#include "support/chaos_load.h"
#include "support/chaos_setup.h"
#include "support/chaos_words.h"

#include "base/assert.h"
#include "host/clock.h"
#include "host/process.h"
#include "support/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define SUMMARY_BYTES 16384
#define SETUP_PER_S 5000

static struct chaos_choice *choice(void)
{
    return &chaos_load.choice;
}

static enum chaos_next next_wish(void *arg, int64_t open, struct chaos_wish *ret_wish,
                                 struct chaos_manner *ret_manner)
{
    (void)arg;
    (void)open;
    chaos_choose(choice(), ret_wish);
    *ret_manner = chaos_choose_manner(choice());
    return CHAOS_NEXT_WISH;
}

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);

    return value != NULL ? value : otherwise;
}

static enum fc_rc open_all(const struct chaos_words *words, struct fc_err *ret_err)
{
    const struct chaos_amqp_calls calls = {chaos_load_settled, chaos_load_verdict, NULL};
    bool has_broker = words->amqp_percent > 0 && !words->setup;

    chaos_load_init((int32_t)words->parallel, has_broker);
    if (chaos_http_open(words->urls, setting("FIRSTCOME_GATEWAY_TOKEN", ""),
                        (int32_t)words->parallel, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (!has_broker)
        return FC_OK;
    return chaos_amqp_open(setting("FIRSTCOME_BROKER", ""),
                           (int32_t)model_setting("FIRSTCOME_PARTITIONS", 16), words->seed, &calls,
                           ret_err);
}

/* The seed tells clients of one run apart, the time runs. */
static void prepare(const struct chaos_words *words)
{
    (void)snprintf(chaos_load.name, sizeof(chaos_load.name), "c%llx-%llx",
                   (unsigned long long)words->seed % 0x1000000,
                   (unsigned long long)fc_clock_now().us);
    choice()->mix = words->mix;
    choice()->users = words->users;
    choice()->templates = words->templates;
    choice()->products = words->products;
    choice()->transfer_percent = (int32_t)words->transfer_percent;
    choice()->amqp_percent = (int32_t)words->amqp_percent;
    chaos_choice_seed(choice(), words->seed);
}

static void run(const struct chaos_words *words, int wake_fd)
{
    struct chaos_setup setup = {.users = words->users,
                                .templates = words->templates,
                                .products = words->products,
                                .quantity = words->quantity,
                                .money = words->money,
                                .opens_at = fc_clock_now()};
    struct chaos_source source = {.next = next_wish,
                                  .per_s = words->rate,
                                  .seconds = words->seconds,
                                  .drain_s = words->drain_s,
                                  .may_come_late = true};

    setup.opens_at.us -= FC_US_PER_DAY;
    if (words->setup)
        source = (struct chaos_source){.next = chaos_setup_next,
                                       .arg = &setup,
                                       .per_s = SETUP_PER_S,
                                       .seconds = words->seconds,
                                       .drain_s = words->drain_s};
    chaos_load_run(&source, wake_fd);
}

static int sum_up(const struct chaos_words *words)
{
    static char text[SUMMARY_BYTES];
    struct chaos_tally *tally = &chaos_load.tally;
    struct fc_buf buf = fc_buf_of(text, sizeof(text));
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) == 0)
        tally->cpu_ms = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
                        (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
    chaos_tally_put(tally, &buf);
    FC_ASSERT(!buf.overflow);
    (void)printf("%.*s\n", (int)buf.len, buf.ptr);
    if (chaos_load.history_failed) {
        (void)fprintf(stderr, "chaos_client: %s cannot be written\n", words->history);
        return FC_EXIT_LATER;
    }
    if (words->setup && !chaos_setup_is_there(tally))
        return FC_EXIT_FAILED;
    return tally->undecided + tally->changed > 0 ? FC_EXIT_FAILED : FC_EXIT_OK;
}

int main(int argc, char **argv)
{
    struct chaos_words words;
    struct fc_err err;
    int wake_fd;

    if (!chaos_words_read(argc, argv, &words))
        return FC_EXIT_USAGE;
    chaos_load.history = fopen(words.history, "wx");
    if (chaos_load.history == NULL) {
        perror(words.history);
        return FC_EXIT_LATER;
    }
    if (fc_process_signals(&wake_fd, &err) == FC_FAIL || open_all(&words, &err) == FC_FAIL) {
        (void)fprintf(stderr, "chaos_client: %s: %s\n", err.where, err.text);
        return FC_EXIT_LATER;
    }
    prepare(&words);
    run(&words, wake_fd);
    if (chaos_load.has_broker)
        chaos_amqp_close();
    chaos_http_close();
    int rc = sum_up(&words);

    return fclose(chaos_load.history) == 0 ? rc : FC_EXIT_LATER;
}
