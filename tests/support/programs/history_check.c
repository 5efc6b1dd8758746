/*
 * history_check: proves from the clients' histories, the journal, the tables and, where they are
 * given, the books of the other parties that nothing was lost, nothing done twice, and who came
 * first was first (support/history_check.h). Where the tables are it takes from FIRSTCOME_DATABASE.
 * Ends with 0 when nothing is violated, 1 when something is, 100 when it was asked wrongly or a
 * file cannot be read, 111 when the database cannot be.
 */
#include "support/history_check.h"
#include "support/history_check_files.h"
#include "support/history_db.h"

#include "host/process.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HISTORIES_MAX 256

struct asked {
    const char *histories[HISTORIES_MAX];
    int32_t history_count;
    const char *platform;
    const char *gateway;
    const char *report;
    bool may_park;
    int64_t setup_seq;
};

static int usage(const char *why)
{
    (void)fprintf(
        stderr,
        "history_check: %s\n"
        "Usage: history_check --history FILE... [--platform FILE] [--gateway FILE]\n"
        "                     [--report FILE] [--may-park] [--setup SEQ]\n"
        "  --history FILE...  what clients saw (tests/support/history.h)\n"
        "  --platform FILE    events that the data platform's stand-in has, in their order\n"
        "  --gateway FILE     what GET /ledger of the gateway's stand-in answers\n"
        "  --report FILE      the outcome as JSON as well\n"
        "  --may-park         accepted commands that were set aside are no violation\n"
        "  --setup SEQ        the journal up to there was written before the clients began;\n"
        "                     else what stands before the first command they know was\n"
        "FIRSTCOME_DATABASE names the database.\n",
        why);
    return FC_EXIT_PERMANENT;
}

/* Of "--history a b --history c": each word that is no option is a file more. */
static const char *read_words(int argc, char **argv, struct asked *ret_asked)
{
    bool history = false;

    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        const char **value = NULL;

        if (strncmp(word, "--", 2) != 0) {
            if (!history || ret_asked->history_count == HISTORIES_MAX)
                return "there is a word too many";
            ret_asked->histories[ret_asked->history_count++] = word;
            continue;
        }
        history = strcmp(word, "--history") == 0;
        if (strcmp(word, "--platform") == 0)
            value = &ret_asked->platform;
        else if (strcmp(word, "--gateway") == 0)
            value = &ret_asked->gateway;
        else if (strcmp(word, "--report") == 0)
            value = &ret_asked->report;
        if (value != NULL && next != NULL) {
            *value = next;
            i++;
        } else if (strcmp(word, "--setup") == 0 && next != NULL) {
            if (!fc_str_to_i64(fc_str_of(next), 1, INT64_MAX, &ret_asked->setup_seq))
                return "--setup wants a number of the journal";
            i++;
        } else if (strcmp(word, "--may-park") == 0) {
            ret_asked->may_park = true;
        } else if (!history) {
            return "there is an option that it does not have, or one without its value";
        }
    }
    return ret_asked->history_count == 0 ? "no history is given" : NULL;
}

static bool read_files(const struct asked *asked, struct evidence *evidence)
{
    char why[HISTORY_WHY_BYTES] = "";
    bool good = true;

    for (int32_t i = 0; good && i < asked->history_count; i++)
        good = history_file_read(evidence, asked->histories[i], why);
    if (good && asked->platform != NULL)
        good = history_platform_read(evidence, asked->platform, why);
    if (good && asked->gateway != NULL)
        good = history_gateway_read(evidence, asked->gateway, why);
    if (!good)
        (void)fprintf(stderr, "history_check: %s\n", why);
    return good;
}

static bool report(const char *path, const struct history_verdict *verdict)
{
    FILE *file = fopen(path, "w");

    if (file == NULL) {
        perror(path);
        return false;
    }
    history_verdict_json(verdict, file);
    if (fclose(file) == 0)
        return true;
    perror(path);
    return false;
}

int main(int argc, char **argv)
{
    static struct history_verdict verdict;
    const char *conninfo = getenv("FIRSTCOME_DATABASE");
    struct evidence evidence = {.has_platform = false};
    struct asked asked = {.history_count = 0};
    const char *wrong = read_words(argc, argv, &asked);
    struct fc_err err;

    if (wrong != NULL)
        return usage(wrong);
    if (conninfo == NULL)
        return usage("FIRSTCOME_DATABASE is not set");
    evidence.may_park = asked.may_park;
    evidence.setup_seq = asked.setup_seq;
    if (!read_files(&asked, &evidence))
        return FC_EXIT_PERMANENT;
    if (history_db_read(&evidence, conninfo, &err) == FC_FAIL) {
        (void)fprintf(stderr, "history_check: %s: %s\n", err.where, err.text);
        return FC_EXIT_LATER;
    }
    history_judge(&evidence, &verdict);
    history_verdict_print(&verdict, stdout);
    bool written = asked.report == NULL || report(asked.report, &verdict);

    evidence_close(&evidence);
    if (!written)
        return FC_EXIT_PERMANENT;
    return verdict.violations == 0 ? FC_EXIT_OK : FC_EXIT_FAILED;
}
