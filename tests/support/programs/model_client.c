/*
 * Random commands for a running installation, held against the naive model of the rules
 * (support/judge.h); and in the end everything that can be read, against the model's books.
 * Nothing else may decide meanwhile: no payment worker, no clock, no other client.
 */
#include "support/caller_route.h"
#include "support/judge.h"
#include "support/outside.h"
#include "support/sender.h"

#include "host/clock.h"
#include "host/process.h"

#include <inttypes.h>
#include <stdalign.h>
#include <stdlib.h>

#define ARENA_BYTES (8 * 1024 * 1024)
#define COMMANDS_MAX 1000000
/* After so many the users, products and templates are others, so that there is something new. */
#define HUNDRED_COMMANDS 3000

/* Accepted so much later than now, a producer's command finds coupons and payments expired. */
#define LATER_DAYS 3
/* So many ask for all there is, and meet this many of some 36 verdicts at least. */
#define REACH_COMMANDS 3000
#define VERDICTS_MIN 26

static alignas(16) char block[ARENA_BYTES];

/* One whose time of acceptance matters goes as a producer's, who may say it. */
static void ask_one(void)
{
    static char body[MESSAGE_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));
    struct chance *chance = &judge.model.chance;
    struct fc_instant now = fc_clock_now();
    struct command command;
    struct call call;

    fc_arena_reset(&judge.arena);
    model_command(&judge.model, now, &command);
    judge.doing = wire_command_type_name(command.type);
    judge_keep_alive();
    bool has_time = command.accepted_at.us != now.us;
    bool has_route = caller_route(&command, chance_one_in(chance, 2), &buf, &call);

    if (!has_time && chance_one_in(chance, 3))
        command.accepted_at.us += chance_below(chance, LATER_DAYS * FC_US_PER_DAY);
    if (has_route && !has_time && !chance_one_in(chance, 6))
        judge_over_http(&command, &call);
    else
        judge_over_amqp(&command);
}

/* The shop begins under the default rules. */
static void run(int64_t wanted)
{
    char why[OUTSIDE_WHY_BYTES];

    judge.model.policy = policy_default();
    for (int64_t i = 0; i < wanted; i++) {
        judge.model.chance.before = i / HUNDRED_COMMANDS * 100;
        if (!naive_has_room(&judge.model.naive))
            judge_differ("the books are full");
        ask_one();
    }
    judge.doing = "the end";
    if (outside_books_differ(&judge.model.naive, (wanted - 1) / HUNDRED_COMMANDS + 1, why))
        judge_differ("%s", why);
}

static void sum_up(void)
{
    char what[64];

    (void)printf("commands over HTTP %" PRId64 ", over AMQP %" PRId64
                 ", refused before they were commands %" PRId64 ", repeats %" PRId64 "\n",
                 judge.over_http, judge.over_amqp, judge.at_the_door, judge.repeated);
    (void)printf("answered 202 %" PRId64 ", orders sent again %" PRId64
                 ", messages sent again for want of a verdict %" PRId64 "\n",
                 judge.late, judge.sent_again, sender_repeats());
    for (int type = 0; type < COMMAND_COUNT; type++)
        (void)printf("%s%s %" PRId64, type > 0 ? ", " : "succeeded: ",
                     wire_command_type_name((enum command_type)type), judge.model.types[type]);
    (void)printf("\n");
    if (model_missed(&judge.model, what))
        (void)printf("not met: %s and perhaps others\n", what);
}

/* A comparison of commands that are all refused for one reason says nothing. */
static void check_reach(void)
{
    int verdicts = 0;
    int types = 0;

    for (int i = 0; i < VERDICT_COUNT; i++)
        verdicts += judge.model.verdicts[i] > 0;
    for (int i = 0; i < COMMAND_COUNT; i++)
        types += judge.model.types[i] > 0;
    if (verdicts < VERDICTS_MIN || types < COMMAND_COUNT - 1)
        judge_differ("only %d verdicts were met, and successes of %d commands", verdicts, types);
}

int main(int argc, char **argv)
{
    const char *url = getenv("FIRSTCOME_URL");
    const char *broker = getenv("FIRSTCOME_BROKER");
    int64_t partitions = model_setting("FIRSTCOME_PARTITIONS", 16);
    int64_t seed = model_setting("FIRSTCOME_MODEL_SEED", 0);
    int64_t wanted;
    struct fc_err err;

    if (argc != 3 || url == NULL || broker == NULL ||
        !fc_str_to_i64(fc_str_of(argv[1]), 1, COMMANDS_MAX, &wanted)) {
        (void)fputs("Usage: model_client COMMANDS VERDICTS\n"
                    "Where the system is it takes from FIRSTCOME_URL, FIRSTCOME_BROKER and\n"
                    "FIRSTCOME_PARTITIONS (16). The file VERDICTS gets a line a command.\n",
                    stderr);
        return FC_EXIT_USAGE;
    }
    if (seed == 0)
        seed = (int64_t)(fc_process_chance() % 1000000000) + 1;
    fc_arena_init(&judge.arena, block, sizeof(block));
    model_begin(&judge.model, (uint64_t)seed, &judge.arena);
    (void)printf("seed %" PRId64 "\n", seed);
    (void)fflush(stdout);
    judge.verdicts = fopen(argv[2], "w");
    if (judge.verdicts == NULL || !caller_open(url, judge_keep_alive)) {
        perror("model_client");
        return FC_EXIT_LATER;
    }
    /* Whoever kills workers meanwhile counts its lines. */
    (void)setvbuf(judge.verdicts, NULL, _IOLBF, BUFSIZ);
    if (sender_open(broker, (int32_t)partitions, &err) == FC_FAIL) {
        (void)fprintf(stderr, "model_client: %s: %s\n", err.where, err.text);
        return FC_EXIT_LATER;
    }
    run(wanted);
    sum_up();
    if (wanted >= REACH_COMMANDS)
        check_reach();
    sender_close();
    caller_close();
    return fclose(judge.verdicts) == 0 ? FC_EXIT_OK : FC_EXIT_LATER;
}
