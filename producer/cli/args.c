#include "producer/cli/cli.h"

#include "base/assert.h"
#include "base/limits.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN 24

/* --- the options that several commands have --------------------------------------------------- */

struct common {
    const char *url;
    const char *database;
    const char *broker;
    const char *token;
    int64_t partitions; /* 0: as set */
    bool json;
    bool help;
};

struct common_row {
    uint32_t needs; /* any of these; 0: every command has it */
    struct cli_option option;
};

#define COMMON_ROWS 7

static void common_rows(struct common *common, struct common_row ret_rows[COMMON_ROWS])
{
    const struct common_row rows[COMMON_ROWS] = {
        {CLI_NEEDS_HTTP,
         {"--url", CLI_TEXT, &common->url, 0, 0, "URL[,URL]", "the ingress (FIRSTCOME_URL)"}},
        {CLI_NEEDS_HTTP,
         {"--gateway-token", CLI_TEXT, &common->token, 0, 0, "TEXT",
          "the gateway's mark (FIRSTCOME_GATEWAY_TOKEN)"}},
        {CLI_NEEDS_DATABASE,
         {"--database", CLI_TEXT, &common->database, 0, 0, "CONNINFO",
          "PostgreSQL (FIRSTCOME_DATABASE)"}},
        {CLI_NEEDS_BROKER | CLI_TAKES_BROKER,
         {"--broker", CLI_TEXT, &common->broker, 0, 0, "URL", "RabbitMQ (FIRSTCOME_BROKER)"}},
        {CLI_NEEDS_BROKER | CLI_TAKES_BROKER,
         {"--partitions", CLI_NUMBER, &common->partitions, 1, PARTITIONS_MAX, "N",
          "queues of each kind (FIRSTCOME_PARTITIONS)"}},
        {0, {"--json", CLI_FLAG, &common->json, 0, 0, NULL, "the answer as one JSON object"}},
        {0, {"--help", CLI_FLAG, &common->help, 0, 0, NULL, "this page"}},
    };

    memcpy(ret_rows, rows, sizeof(rows));
}

static bool command_has(const struct cli_command *command, const struct common_row *row)
{
    return row->needs == 0 || (row->needs & command->needs) != 0;
}

/* --- the page --------------------------------------------------------------------------------- */

static void print_option(const struct cli_option *option)
{
    char memory[96];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    fc_buf_put_text(&buf, option->name);
    if (option->placeholder != NULL)
        fc_buf_put_fmt(&buf, " %s", option->placeholder);
    (void)printf("  %-*.*s%s%s\n", COLUMN, (int)buf.len, memory,
                 buf.len >= COLUMN ? "\n                          " : "", option->sentence);
}

static void print_examples(const char *examples)
{
    struct fc_str rest = fc_str_of(examples);

    (void)printf("\nExamples:\n");
    while (rest.len > 0) {
        struct fc_str line = fc_str_cut(&rest, '\n');

        (void)printf("  firstcome " FC_STR_FMT "\n", FC_STR_ARG(line));
    }
}

static void print_help(const struct cli *cli, const struct cli_option *options, size_t count)
{
    const struct cli_command *command = cli->command;
    struct common common;
    struct common_row rows[COMMON_ROWS];

    common_rows(&common, rows);
    (void)printf("Usage: firstcome %s [options]%s%s\n\n%s\n", command->words,
                 command->arguments[0] != '\0' ? " " : "", command->arguments, command->sentence);
    if (command->about != NULL)
        (void)printf("\n%s\n", command->about);
    (void)printf("\nOptions:\n");
    for (size_t i = 0; i < count; i++)
        print_option(&options[i]);
    for (size_t i = 0; i < COMMON_ROWS; i++)
        if (command_has(command, &rows[i]))
            print_option(&rows[i].option);
    print_examples(command->examples);
    (void)printf("\nExit: 0 all is well, 1 a check or a command said no, 2 wrong words, 100 wrong "
                 "settings,\n111 out of reach: try again later.\n");
}

/* --- reading ---------------------------------------------------------------------------------- */

static int take_value(const struct cli *cli, const struct cli_option *option, const char *text)
{
    switch (option->kind) {
    case CLI_FLAG:
        break;
    case CLI_NUMBER:
        if (fc_str_to_i64(fc_str_of(text), option->min, option->max, option->value))
            return FC_EXIT_OK;
        return cli_usage(cli, "%s takes a whole number from %lld to %lld, not \"%s\"", option->name,
                         (long long)option->min, (long long)option->max, text);
    case CLI_TEXT:
        memcpy(option->value, &text, sizeof(text));
        return FC_EXIT_OK;
    }
    FC_UNREACHABLE("a flag takes no value");
}

static const struct cli_option *find(const struct cli_option *options, size_t count,
                                     struct fc_str name)
{
    for (size_t i = 0; i < count; i++)
        if (fc_str_eq(fc_str_of(options[i].name), name))
            return &options[i];
    return NULL;
}

/* The option at argv[*at]; *at moves over its value. */
static int take_option(const struct cli *cli, const struct cli_option *options, size_t count,
                       int *at)
{
    struct fc_str rest = fc_str_of(cli->argv[*at]);
    bool has_value = memchr(rest.ptr, '=', rest.len) != NULL;
    struct fc_str name = fc_str_cut(&rest, '=');
    const struct cli_option *option = find(options, count, name);

    if (option == NULL)
        return cli_usage(cli, "there is no option " FC_STR_FMT, FC_STR_ARG(name));
    if (option->kind == CLI_FLAG) {
        if (has_value)
            return cli_usage(cli, "%s takes no value", option->name);
        *(bool *)option->value = true;
        return FC_EXIT_OK;
    }
    if (has_value)
        return take_value(cli, option, rest.ptr);
    if (*at + 1 >= cli->argc)
        return cli_usage(cli, "%s needs a value: %s", option->name, option->placeholder);
    return take_value(cli, option, cli->argv[++*at]);
}

static int take_words(struct cli *cli, const struct cli_option *options, size_t count)
{
    bool only_arguments = false;

    for (int at = 0; at < cli->argc; at++) {
        const char *word = cli->argv[at];

        if (!only_arguments && strcmp(word, "--") == 0) {
            only_arguments = true;
            continue;
        }
        if (!only_arguments && word[0] == '-' && word[1] != '\0') {
            int rc = take_option(cli, options, count, &at);

            if (rc != FC_EXIT_OK)
                return rc;
            continue;
        }
        if (cli->argument_count == cli->command->argument_max)
            return cli_usage(cli, "\"%s\" is one word too many", word);
        cli->arguments[cli->argument_count++] = word;
    }
    return FC_EXIT_OK;
}

/* What the options said of the installation holds over the environment. */
static int override(struct cli *cli, const struct common *common)
{
    struct {
        const char *name;
        const char *text;
        char *setting;
    } const rows[] = {
        {"--url", common->url, cli->settings.url},
        {"--database", common->database, cli->settings.database},
        {"--broker", common->broker, cli->settings.broker},
        {"--gateway-token", common->token, cli->settings.gateway_token},
    };

    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        if (rows[i].text != NULL &&
            !fc_str_copy(fc_str_of(rows[i].text), rows[i].setting, CLI_SETTING_BYTES))
            return cli_usage(cli, "%s is longer than %d bytes", rows[i].name,
                             CLI_SETTING_BYTES - 1);
    if (common->partitions != 0)
        cli->settings.partitions = (int32_t)common->partitions;
    cli->json = common->json;
    return FC_EXIT_OK;
}

static int check_needs(const struct cli *cli)
{
    bool no_database =
        (cli->command->needs & CLI_NEEDS_DATABASE) != 0 && cli->settings.database[0] == '\0';
    bool no_broker =
        (cli->command->needs & CLI_NEEDS_BROKER) != 0 && cli->settings.broker[0] == '\0';

    if (no_database)
        cli_say(cli, "FIRSTCOME_DATABASE is not set: set it, or give --database");
    if (no_broker)
        cli_say(cli, "FIRSTCOME_BROKER is not set: set it, or give --broker");
    return no_database || no_broker ? FC_EXIT_PERMANENT : FC_EXIT_OK;
}

#define OPTIONS_MAX 40

bool cli_parse(struct cli *cli, const struct cli_option *options, size_t count, int *ret_exit)
{
    struct common common = {.url = NULL};
    struct common_row rows[COMMON_ROWS];
    struct cli_option all[OPTIONS_MAX];
    size_t all_count = count;

    FC_ASSERT(count + COMMON_ROWS <= OPTIONS_MAX);
    if (count > 0)
        memcpy(all, options, count * sizeof(*options));
    common_rows(&common, rows);
    for (size_t i = 0; i < COMMON_ROWS; i++)
        if (command_has(cli->command, &rows[i]))
            all[all_count++] = rows[i].option;
    *ret_exit = take_words(cli, all, all_count);
    if (*ret_exit == FC_EXIT_OK && common.help) {
        print_help(cli, options, count);
        return false;
    }
    if (*ret_exit == FC_EXIT_OK && cli->argument_count < cli->command->argument_min)
        *ret_exit = cli_usage(cli, "it needs %s", cli->command->arguments);
    if (*ret_exit == FC_EXIT_OK)
        *ret_exit = override(cli, &common);
    if (*ret_exit == FC_EXIT_OK)
        *ret_exit = check_needs(cli);
    return *ret_exit == FC_EXIT_OK;
}

/* --- words on stderr -------------------------------------------------------------------------- */

FC_PRINTF(2, 0)

static void say(const struct cli *cli, const char *format, va_list args)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "firstcome%s%s: ", cli->command != NULL ? " " : "",
                  cli->command != NULL ? cli->command->words : "");
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
}

void cli_say(const struct cli *cli, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(cli, format, args);
    va_end(args);
}

int cli_usage(const struct cli *cli, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    (void)fprintf(stderr, "See firstcome %s%s--help\n",
                  cli->command != NULL ? cli->command->words : "", cli->command != NULL ? " " : "");
    return FC_EXIT_USAGE;
}

int cli_trouble(const struct cli *cli, const struct fc_err *err)
{
    bool has_code = err->code[0] != '\0';
    /* Some sentences begin with it already. */
    bool has_where = fc_str_starts_with(fc_str_of(err->text), fc_str_of(err->where));

    cli_say(cli, "%s%s%s%s%s%s", has_where ? "" : err->where, has_where ? "" : ": ", err->text,
            has_code ? " (" : "", err->code, has_code ? ")" : "");
    switch (err->cure) {
    case FC_CURE_RETRY:
    case FC_CURE_AGAIN:
    case FC_CURE_RECONNECT:
        return FC_EXIT_LATER;
    case FC_CURE_PARK:
        return FC_EXIT_FAILED;
    case FC_CURE_EXIT:
        return FC_EXIT_PERMANENT;
    case FC_CURE_COUNT:
        break;
    }
    FC_UNREACHABLE("no such cure");
}

void cli_rest(const struct cli *cli, int32_t ms)
{
    struct pollfd wake = {.fd = cli->wake_fd, .events = POLLIN};

    (void)poll(&wake, 1, ms);
}

/* A header in front of each block, as long as what it aligns. */
union block {
    union block *next;
    _Alignas(16) char bytes[16];
};

/* All blocks of the process: the one thing that ends with it. */
static union block *blocks;

void *cli_memory(size_t size)
{
    union block *block = malloc(sizeof(*block) + size); /* heap: once a table */

    if (block == NULL)
        return NULL;
    block->next = blocks;
    blocks = block;
    return block + 1;
}
