#include "producer/cli/audit.h"

#include "base/assert.h"
#include "host/clock.h"
#include "producer/cli/backlog.h"
#include "producer/cli/commands.h"
#include "producer/cli/database.h"
#include "producer/cli/replay_check.h"
#include "sql/queries.h"

#include <string.h>

#define CHECKS_MAX 64
/* The last check is no statement: the journal replayed, against the tables. */
#define REPLAY_NAME "replay_gives_the_tables"
#define REPLAY_TITLE "Replaying the journal gives the tables, row by row."
#define TEXT_BYTES 16384
/* Of what a check found, what is shown. */
#define ROWS_SHOWN 5

/* A check as a statement that gives its rows as JSON, with their number. */
struct prepared {
    struct sql_query query;
    char name[64];
    char text[TEXT_BYTES];
};

struct result {
    int64_t rows;
    int64_t us;
    int32_t shown;
    struct fc_str samples[ROWS_SHOWN];
};

static const struct sql_query *prepare(const struct sql_query *check, struct prepared *prepared)
{
    struct fc_str text = fc_str_of(check->text);
    struct fc_buf buf = fc_buf_of(prepared->text, sizeof(prepared->text) - 1);
    struct fc_buf name = fc_buf_of(prepared->name, sizeof(prepared->name) - 1);

    while (text.len > 0 && strchr(" \n;", text.ptr[text.len - 1]) != NULL)
        text.len--;
    fc_buf_put_fmt(&buf,
                   "select row_to_json(found)::text, (count(*) over ())::bigint from (\n" FC_STR_FMT
                   "\n) as found limit %d",
                   FC_STR_ARG(text), ROWS_SHOWN);
    FC_ASSERT(!buf.overflow);
    prepared->text[buf.len] = '\0';
    fc_buf_put_fmt(&name, "check_%.50s", check->name);
    prepared->name[name.len] = '\0';
    prepared->query = (struct sql_query){prepared->name, check->title, prepared->text};
    return &prepared->query;
}

static enum fc_rc check_run(struct db *db, const struct sql_query *check, struct fc_arena *arena,
                            struct result *ret_result, struct fc_err *ret_err)
{
    static struct prepared prepared[CHECKS_MAX];
    static int32_t prepared_count;
    struct fc_mono began = fc_clock_mono();
    const struct db_rows *rows;

    FC_ASSERT(prepared_count < CHECKS_MAX);
    db_send(db, prepare(check, &prepared[prepared_count++]), NULL);
    if (db_exchange(db, ret_err) != FC_OK) {
        char text[sizeof(ret_err->text)];

        memcpy(text, ret_err->text, sizeof(text));
        return fc_err_set(ret_err, ret_err->cure, "audit", "%s: %.150s", check->name, text);
    }
    rows = db_rows(db, 0);
    *ret_result = (struct result){.us = fc_clock_mono().us - began.us};
    ret_result->shown = db_rows_count(rows);
    if (ret_result->shown > 0)
        ret_result->rows = db_i64(rows, 0, 1);
    for (int32_t i = 0; i < ret_result->shown; i++)
        if (!fc_arena_copy(arena, db_text(rows, i, 0), &ret_result->samples[i]))
            ret_result->samples[i] = FC_STR("(too long to be shown)");
    return FC_OK;
}

static enum fc_rc replay_run(struct db *db, struct result *ret_result, struct fc_err *ret_err)
{
    static struct replay_check check;

    if (replay_check_run(db, REPLAY_ALWAYS, true, &check, ret_err) != FC_OK)
        return FC_FAIL;
    *ret_result = (struct result){.rows = check.differences, .us = check.us};
    for (; ret_result->shown < check.shown && ret_result->shown < ROWS_SHOWN; ret_result->shown++)
        ret_result->samples[ret_result->shown] = fc_str_of(check.sentences[ret_result->shown]);
    return FC_OK;
}

static size_t result_count(void)
{
    return sql_checks_count + 1;
}

static const char *result_name(size_t index)
{
    return index < sql_checks_count ? sql_checks[index].name : REPLAY_NAME;
}

static const char *result_title(size_t index)
{
    return index < sql_checks_count ? sql_checks[index].title : REPLAY_TITLE;
}

static void put_table(struct cli_report *report, const struct result *results)
{
    static const struct cli_column columns[] = {
        {"check", "check", false},
        {"rows", "found", true},
        {"took_us", "us", true},
        {"sentence", "what must hold", false},
    };

    cli_report_table_begin(report, "checks", NULL, columns, FC_ARRAY_COUNT(columns));
    for (size_t i = 0; i < result_count(); i++) {
        cli_report_cell_str(report, fc_str_of(result_name(i)));
        cli_report_cell_int(report, results[i].rows);
        cli_report_cell_int(report, results[i].us);
        cli_report_cell_str(report, fc_str_of(result_title(i)));
    }
    cli_report_table_end(report);
}

static void put_findings(struct cli_report *report, const struct result *results)
{
    static const struct cli_column columns[] = {{"check", "found by", false},
                                                {"row", "row", false}};
    bool any = false;

    for (size_t i = 0; i < result_count(); i++)
        any = any || results[i].shown > 0;
    if (!any && !report->as_json)
        return;
    cli_report_table_begin(report, "findings", NULL, columns, FC_ARRAY_COUNT(columns));
    for (size_t i = 0; i < result_count(); i++) {
        for (int32_t k = 0; k < results[i].shown; k++) {
            cli_report_cell_str(report, fc_str_of(result_name(i)));
            cli_report_cell_str(report, results[i].samples[k]);
        }
    }
    cli_report_table_end(report);
}

#define ARENA_BYTES (4 * 1024 * 1024)

enum fc_rc audit_run(struct db *db, bool brief, struct cli_report *report, struct audit *ret_audit,
                     struct fc_err *ret_err)
{
    static struct result results[CHECKS_MAX];
    struct audit audit = {.checks = (int64_t)result_count()};
    struct fc_arena arena;
    void *memory = cli_memory(ARENA_BYTES);

    FC_ASSERT(result_count() <= CHECKS_MAX);
    if (memory == NULL)
        return fc_err_set(ret_err, FC_CURE_RETRY, "audit", "out of memory");
    fc_arena_init(&arena, memory, ARENA_BYTES);
    for (size_t i = 0; i < result_count(); i++) {
        enum fc_rc rc = i < sql_checks_count
                            ? check_run(db, &sql_checks[i], &arena, &results[i], ret_err)
                            : replay_run(db, &results[i], ret_err);

        if (rc != FC_OK)
            return FC_FAIL;
        audit.failed += results[i].rows > 0;
        audit.rows += results[i].rows;
    }
    if (!brief || report->as_json || audit.failed > 0)
        put_table(report, results);
    put_findings(report, results);
    *ret_audit = audit;
    return FC_OK;
}

static int run(const struct cli *cli, struct db *db, int64_t wait_s)
{
    struct cli_report report;
    struct audit audit = {0};
    struct fc_err err;
    bool empty = true;

    if (wait_s > 0 && backlog_await_empty(cli, db, wait_s * 1000, &empty, &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_LATER;
    if (audit_run(db, false, &report, &audit, &err) != FC_OK)
        return cli_trouble(cli, &err);
    bool clean = audit.failed == 0 && empty;

    cli_report_int(&report, "failed", "checks that found something", audit.failed);
    if (wait_s > 0)
        cli_report_bool(&report, "idle", "all work done before", empty);
    cli_report_bool(&report, "clean", "clean", clean);
    cli_report_end(&report);
    return clean ? FC_EXIT_OK : FC_EXIT_FAILED;
}

int cli_audit(struct cli *cli)
{
    int64_t wait_s = 0;
    const struct cli_option options[] = {
        {"--wait", CLI_NUMBER, &wait_s, 0, 86400, "SECONDS",
         "first wait until all work is done, that long at most (0)"},
    };
    struct db *db = NULL;
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit) ||
        !cli_database_open(cli, &db, &exit))
        return exit;
    exit = run(cli, db, wait_s);
    db_close(db);
    return exit;
}
