/*
 * What every command of `firstcome` shares: its row in the table of commands, its words and
 * options, where it finds the installation, and how it leaves. Exit codes: 0 all is well, 1 a
 * check or a command said no, 2 wrong words, 100 wrong settings, 111 out of reach, try later.
 */
#ifndef FC_CLI_CLI_H
#define FC_CLI_CLI_H

#include "base/err.h"
#include "base/str.h"
#include "host/process.h"
#include "producer/cli/settings.h"

#define CLI_ARGUMENTS_MAX 4

/* The parts of an installation that a command talks to; each brings its options. */
#define CLI_NEEDS_HTTP 1u
#define CLI_NEEDS_DATABASE 2u
#define CLI_NEEDS_BROKER 4u
#define CLI_TAKES_BROKER 8u /* with some of its options only */

struct cli;

struct cli_command {
    const char *words;     /* "orders replay" */
    const char *arguments; /* "FILE", or empty */
    const char *sentence;  /* what it does */
    const char *about;     /* more of that for --help, or NULL */
    const char *examples;  /* lines, each a call without the program's name */
    int32_t argument_min;
    int32_t argument_max;
    uint32_t needs;
    int (*run)(struct cli *cli);
};

struct cli {
    const struct cli_command *command;
    int argc; /* the words behind the command's own */
    char **argv;
    struct cli_settings settings;
    bool json;
    bool err_is_tty;
    int wake_fd; /* readable when a signal asked to stop */
    const char *arguments[CLI_ARGUMENTS_MAX];
    int32_t argument_count;
};

enum cli_option_kind { CLI_FLAG, CLI_NUMBER, CLI_TEXT };

struct cli_option {
    const char *name; /* "--window" */
    enum cli_option_kind kind;
    void *value; /* bool, int64_t or const char *: its default stands in it */
    int64_t min;
    int64_t max;
    const char *placeholder; /* "N"; NULL for a flag */
    const char *sentence;
};

/*
 * Reads the words behind the command's own into `options`, the settings and `arguments`. False
 * when the command is over: --help was answered, or the words were wrong; *ret_exit says how.
 */
FC_MUST_USE bool cli_parse(struct cli *cli, const struct cli_option *options, size_t count,
                           int *ret_exit);

/* "firstcome orders replay: …" on stderr. */
FC_PRINTF(2, 3) void cli_say(const struct cli *cli, const char *format, ...);
FC_PRINTF(2, 3) int cli_usage(const struct cli *cli, const char *format, ...);

/* Tells the trouble; the exit code that goes with its cure. */
int cli_trouble(const struct cli *cli, const struct fc_err *err);

/* Waits that long, or until the command is asked to stop. */
void cli_rest(const struct cli *cli, int32_t ms);

/* Memory for the time of the command, of `size` bytes, not zeroed; NULL: none. The command ends
 * with the process, which gives it back. */
void *cli_memory(size_t size);

#endif
