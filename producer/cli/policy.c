#include "producer/cli/commands.h"
#include "producer/cli/database.h"
#include "producer/cli/policy_source.h"
#include "producer/cli/policy_text.h"
#include "producer/cli/report.h"

/* --- check ------------------------------------------------------------------------------------ */

static void put_settings(struct cli_report *report, const struct policy *policy)
{
    static const struct cli_column columns[] = {{"setting", "setting", false},
                                                {"value", "value", false}};

    cli_report_table_begin(report, "settings", NULL, columns, FC_ARRAY_COUNT(columns));
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        char memory[POLICY_VALUE_BYTES];
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

        wire_policy_value_put(&buf, i, policy);
        cli_report_cell_str(report, fc_str_of(wire_policy_pointer(i)));
        cli_report_cell_str(report, fc_buf_str(&buf));
    }
    cli_report_table_end(report);
}

int cli_policy_check(struct cli *cli)
{
    struct policy_source source;
    struct cli_report report;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit) ||
        !policy_source_file(cli, cli->arguments[0], &source, &exit))
        return exit;
    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_LATER;
    cli_report_str(&report, "policy", "policy", fc_str_of(source.title));
    cli_report_bool(&report, "valid", "valid", true);
    put_settings(&report, &source.policy);
    cli_report_end(&report);
    return FC_EXIT_OK;
}

/* --- show ------------------------------------------------------------------------------------- */

static int show(const struct cli *cli, const struct policy_source *source)
{
    char memory[4 * WIRE_POLICY_BYTES_MAX];
    char since[FC_INSTANT_TEXT_BYTES];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct fc_buf at = fc_buf_of(since, sizeof(since));
    struct cli_report report;

    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_LATER;
    if (source->policy.version > 0)
        fc_instant_put(&at, source->applied_at);
    if (cli->json) {
        wire_policy_put(&buf, &source->policy);
        cli_report_int(&report, "version", "version", source->policy.version);
        cli_report_str(&report, "applied_at", "applied at", fc_buf_str(&at));
        wire_json_key(&report.json, "document");
        wire_json_raw(&report.json, fc_buf_str(&buf));
    } else {
        /* On stdout stands a document and nothing else, so that it can be edited and applied. */
        cli_say(cli, "%s%s" FC_STR_FMT, source->title, at.len > 0 ? ", applied at " : "",
                FC_STR_ARG(fc_buf_str(&at)));
        policy_text_put(&report.buf, &source->policy);
    }
    cli_report_end(&report);
    return FC_EXIT_OK;
}

int cli_policy_show(struct cli *cli)
{
    int64_t version = 0;
    const struct cli_option options[] = {
        {"--version", CLI_NUMBER, &version, 1, INT32_MAX, "N", "that one (the newest)"},
    };
    struct policy_source source;
    struct db *db = NULL;
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit) ||
        !cli_database_open(cli, &db, &exit))
        return exit;
    if (policy_source_table(cli, db, version, &source, &exit))
        exit = show(cli, &source);
    db_close(db);
    return exit;
}

/* --- diff ------------------------------------------------------------------------------------- */

static void put_change(struct cli_report *report, const struct policy_change *change)
{
    if (!report->as_json) {
        cli_report_line(report, "%s: " FC_STR_FMT " \xe2\x86\x92 " FC_STR_FMT, change->pointer,
                        FC_STR_ARG(change->before), FC_STR_ARG(change->after));
        return;
    }
    cli_report_cell_str(report, fc_str_of(change->pointer));
    cli_report_cell_str(report, change->before);
    cli_report_cell_str(report, change->after);
}

static int compare(const struct cli *cli, const struct policy_source *before,
                   const struct policy_source *after)
{
    static const struct cli_column columns[] = {
        {"pointer", "setting", false}, {"before", "before", false}, {"after", "after", false}};
    struct policy_change change;
    struct cli_report report;
    bool same = true;

    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_LATER;
    if (cli->json) {
        cli_report_str(&report, "before", "before", fc_str_of(before->title));
        cli_report_str(&report, "after", "after", fc_str_of(after->title));
        cli_report_table_begin(&report, "changes", NULL, columns, FC_ARRAY_COUNT(columns));
    }
    for (int32_t i = 0; i < WIRE_POLICY_SETTINGS; i++) {
        if (!policy_differs(&before->policy, &after->policy, i, &change))
            continue;
        put_change(&report, &change);
        same = false;
    }
    if (cli->json) {
        cli_report_table_end(&report);
        cli_report_bool(&report, "same", "same", same);
    } else if (same) {
        cli_report_line(&report, "%s and %s are the same", before->title, after->title);
    }
    cli_report_end(&report);
    return same ? FC_EXIT_OK : FC_EXIT_FAILED;
}

int cli_policy_diff(struct cli *cli)
{
    struct policy_source before;
    struct policy_source after;
    struct db *db = NULL;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit) || !cli_database_open(cli, &db, &exit))
        return exit;
    /* One word alone: what applying it would change. */
    bool read = cli->argument_count == 1
                    ? policy_source_table(cli, db, 0, &before, &exit) &&
                          policy_source_word(cli, db, cli->arguments[0], &after, &exit)
                    : policy_source_word(cli, db, cli->arguments[0], &before, &exit) &&
                          policy_source_word(cli, db, cli->arguments[1], &after, &exit);

    if (read)
        exit = compare(cli, &before, &after);
    db_close(db);
    return exit;
}
