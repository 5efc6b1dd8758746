#include "support/chaos_words.h"

#include "support/chaos_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S 86400
#define RATE_MAX 100000

static const char usage[] =
    "Usage: chaos_client --history FILE --seed N [options]\n"
    "A client of the chaos suite: asks a running installation for commands, again and again until\n"
    "it is answered, and writes down all that it sees. With --setup it makes the shop that "
    "clients\n"
    "of the same ranges use. Prints what it did as one line of JSON. Ends with 0; 1: something "
    "that\n"
    "was accepted has no verdict, a verdict has changed, or the shop could not be made.\n"
    "  --seconds N           so long it makes new wishes (0: until it gets SIGTERM)\n"
    "  --drain-seconds N     so long it then waits for answers and verdicts (120)\n"
    "  --urls URL,URL        ingresses (FIRSTCOME_URL)\n"
    "  --rate N              wishes a second (100)\n"
    "  --parallel N          requests under way at once (32)\n"
    "  --users FIRST:COUNT   (1001:200) who asks\n"
    "  --templates FIRST:COUNT (1:20) coupons to race for, one template after the other\n"
    "  --products FIRST:COUNT (1:12) every third first-come, every second of small stock\n"
    "  --amqp-share PERCENT  as a producer, at FIRSTCOME_BROKER and FIRSTCOME_PARTITIONS (0)\n"
    "  --transfers PERCENT   of the orders, where the policy has them (0)\n"
    "  --mix NAME=N,…        (coupon=50,order=30,charge=14,cancel=5,restock=1)\n"
    "  --quantity N          of a template that --setup makes (100)\n"
    "  --money WON           that --setup charges each user with (10000000)\n";

enum kind { NUMBER, RANGE, MIX, TEXT, FLAG };

struct option {
    const char *name;
    enum kind kind;
    void *value;
    int64_t min;
    int64_t max;
};

static bool range_parse(struct fc_str text, const struct option *option)
{
    struct chaos_range *range = option->value;
    struct fc_str first = fc_str_cut(&text, ':');

    return fc_str_to_i64(first, 1, ID_MAX / 100, &range->first) &&
           fc_str_to_i64(text, option->min, option->max, &range->count);
}

static bool value_parse(const char *text, const struct option *option)
{
    switch (option->kind) {
    case NUMBER:
        return fc_str_to_i64(fc_str_of(text), option->min, option->max, option->value);
    case RANGE:
        return range_parse(fc_str_of(text), option);
    case MIX:
        return chaos_mix_parse(fc_str_of(text), option->value);
    case TEXT:
        *(const char **)option->value = text;
        return text[0] != '\0';
    case FLAG:
        break;
    }
    *(bool *)option->value = true;
    return true;
}

static bool words_parse(int argc, char **argv, const struct option *options, size_t count)
{
    for (int i = 1; i < argc; i++) {
        const struct option *option = NULL;
        const char *name = argv[i];

        for (size_t at = 0; at < count && option == NULL; at++)
            if (strcmp(options[at].name, name) == 0)
                option = &options[at];
        bool takes_value = option != NULL && option->kind != FLAG;

        if (option == NULL || (takes_value && i + 1 == argc) ||
            !value_parse(takes_value ? argv[++i] : "", option)) {
            (void)fprintf(stderr, "chaos_client: %s is wrong\n", name);
            return false;
        }
    }
    return true;
}

bool chaos_words_read(int argc, char **argv, struct chaos_words *ret_words)
{
    struct chaos_words words = {
        .seed = -1,
        .drain_s = 120,
        .rate = 100,
        .parallel = 32,
        .quantity = 100,
        .money = 10000000,
        .users = {1001, 200},
        .templates = {1, 20},
        .products = {1, 12},
        .mix = {{50, 30, 14, 5, 1}},
        .urls = getenv("FIRSTCOME_URL"),
    };
    const struct option options[] = {
        {"--setup", FLAG, &words.setup, 0, 0},
        {"--history", TEXT, &words.history, 0, 0},
        {"--urls", TEXT, &words.urls, 0, 0},
        {"--seed", NUMBER, &words.seed, 0, INT64_MAX},
        {"--seconds", NUMBER, &words.seconds, 0, 365 * DAY_S},
        {"--drain-seconds", NUMBER, &words.drain_s, 0, DAY_S},
        {"--rate", NUMBER, &words.rate, 1, RATE_MAX},
        {"--parallel", NUMBER, &words.parallel, 1, CHAOS_LANES_MAX},
        {"--amqp-share", NUMBER, &words.amqp_percent, 0, 100},
        {"--transfers", NUMBER, &words.transfer_percent, 0, 100},
        {"--quantity", NUMBER, &words.quantity, 0, COUPON_QUANTITY_MAX},
        {"--money", NUMBER, &words.money, 0, AMOUNT_KRW_MAX},
        {"--users", RANGE, &words.users, 1, 1000000},
        {"--templates", RANGE, &words.templates, 1, 1000000},
        {"--products", RANGE, &words.products, 1, 1000000},
        {"--mix", MIX, &words.mix, 0, 0},
    };

    if (!words_parse(argc, argv, options, FC_ARRAY_COUNT(options)) || words.history == NULL ||
        words.seed < 0 || words.urls == NULL) {
        (void)fputs(usage, stderr);
        return false;
    }
    *ret_words = words;
    return true;
}
