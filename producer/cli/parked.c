#include "producer/cli/commands.h"
#include "producer/cli/database.h"
#include "producer/cli/report.h"
#include "sql/queries.h"

#define ARENA_BYTES 65536

/* The columns of sql/queries/cli/parked_list.sql and parked_show.sql. */
enum column {
    COLUMN_ID,
    COLUMN_AT,
    COLUMN_QUEUE,
    COLUMN_COMMAND,
    COLUMN_REASON,
    COLUMN_BYTE_COUNT,
    COLUMN_DELIVERIES,
    COLUMN_TIMES,
    COLUMN_WORKER,
    COLUMN_RESOLVED_AT,
    COLUMN_RESOLUTION,
    COLUMN_BYTES
};

/* A query with one number, or two parameters as the list has them. */
static enum fc_rc ask(struct db *db, const struct sql_query *query, bool is_list, bool all,
                      int64_t number, struct fc_err *ret_err)
{
    _Alignas(16) static char block[ARENA_BYTES];
    struct fc_arena arena;
    struct db_params params;

    fc_arena_init(&arena, block, sizeof(block));
    db_params_init(&params, &arena);
    if (is_list)
        db_param_bool(&params, all);
    db_param_i64(&params, number);
    db_send(db, query, &params);
    return db_exchange(db, ret_err);
}

static void cell_instant(struct cli_report *report, const struct db_rows *rows, int32_t row,
                         int32_t column)
{
    char memory[FC_INSTANT_TEXT_BYTES];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    if (!db_is_null(rows, row, column))
        fc_instant_put(&buf, db_instant(rows, row, column));
    cli_report_cell_str(report, fc_buf_str(&buf));
}

static void cell_uuid(struct cli_report *report, const struct db_rows *rows, int32_t row)
{
    char memory[FC_UUID_TEXT_BYTES];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct fc_uuid id = db_uuid(rows, row, COLUMN_COMMAND);

    if (!db_is_null(rows, row, COLUMN_COMMAND))
        fc_uuid_put(&buf, &id);
    cli_report_cell_str(report, fc_buf_str(&buf));
}

static void put_rows(struct cli_report *report, const struct db_rows *rows)
{
    static const struct cli_column columns[] = {
        {"parked_id", "id", true},          {"parked_at", "since", false},
        {"queue", "queue", false},          {"command_id", "command", false},
        {"bytes", "bytes", true},           {"delivery_count", "deliveries", true},
        {"times", "times", true},           {"worker", "worker", false},
        {"resolved_at", "resolved", false}, {"resolution", "as", false},
        {"reason", "reason", false},
    };

    cli_report_table_begin(report, "items", NULL, columns, FC_ARRAY_COUNT(columns));
    for (int32_t row = 0; row < db_rows_count(rows); row++) {
        cli_report_cell_int(report, db_i64(rows, row, COLUMN_ID));
        cell_instant(report, rows, row, COLUMN_AT);
        cli_report_cell_str(report, db_text(rows, row, COLUMN_QUEUE));
        cell_uuid(report, rows, row);
        cli_report_cell_int(report, db_i64(rows, row, COLUMN_BYTE_COUNT));
        cli_report_cell_int(report, db_i64(rows, row, COLUMN_DELIVERIES));
        cli_report_cell_int(report, db_i64(rows, row, COLUMN_TIMES));
        cli_report_cell_str(report, db_text(rows, row, COLUMN_WORKER));
        cell_instant(report, rows, row, COLUMN_RESOLVED_AT);
        cli_report_cell_str(report, db_text(rows, row, COLUMN_RESOLUTION));
        cli_report_cell_str(report, db_text(rows, row, COLUMN_REASON));
    }
    cli_report_table_end(report);
}

int cli_parked_list(struct cli *cli)
{
    bool all = false;
    int64_t limit = 100;
    const struct cli_option options[] = {
        {"--all", CLI_FLAG, &all, 0, 0, NULL, "those too that were requeued or dropped"},
        {"--limit", CLI_NUMBER, &limit, 1, 100000, "N", "how many (100)"},
    };
    struct cli_report report;
    struct db *db = NULL;
    struct fc_err err;
    int exit;

    if (!cli_parse(cli, options, FC_ARRAY_COUNT(options), &exit) ||
        !cli_database_open(cli, &db, &exit))
        return exit;
    if (ask(db, &sql_cli_parked_list, true, all, limit, &err) != FC_OK) {
        exit = cli_trouble(cli, &err);
    } else if (cli_report_begin(&report, cli->json)) {
        put_rows(&report, db_rows(db, 0));
        if (db_rows_count(db_rows(db, 0)) == 0)
            cli_report_line(&report, "nothing is set aside");
        cli_report_end(&report);
    }
    db_close(db);
    return exit;
}

/* Bytes as text, what is no plain ASCII as \xNN. */
static struct fc_str readable(struct fc_str bytes, char *memory, size_t size)
{
    struct fc_buf buf = fc_buf_of(memory, size);

    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];

        if (c >= 0x20 && c < 0x7F)
            fc_buf_put_char(&buf, (char)c);
        else
            fc_buf_put_fmt(&buf, "\\x%02x", (unsigned)c);
    }
    return fc_buf_str(&buf);
}

#define READABLE_BYTES (4 * 1024 * 1024 + 64)

static void show(const struct cli *cli, const struct db_rows *rows)
{
    struct cli_report report;
    struct fc_str bytes = db_text(rows, 0, COLUMN_BYTES);
    char *memory = cli_memory(READABLE_BYTES);

    if (memory == NULL || !cli_report_begin(&report, cli->json))
        return;
    put_rows(&report, rows);
    if (fc_str_is_utf8(bytes) && cli->json)
        cli_report_str(&report, "text", "bytes", bytes);
    else
        cli_report_str(&report, "readable", "bytes", readable(bytes, memory, READABLE_BYTES));
    cli_report_end(&report);
}

/* The id behind the command's words; false: it is told. */
static bool read_id(const struct cli *cli, int64_t *ret_id, int *ret_exit)
{
    if (fc_str_to_i64(fc_str_of(cli->arguments[0]), 1, INT64_MAX, ret_id))
        return true;
    *ret_exit = cli_usage(cli, "\"%s\" is no id; see firstcome parked list", cli->arguments[0]);
    return false;
}

int cli_parked_show(struct cli *cli)
{
    struct db *db = NULL;
    struct fc_err err;
    int64_t id;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit) || !read_id(cli, &id, &exit) ||
        !cli_database_open(cli, &db, &exit))
        return exit;
    if (ask(db, &sql_cli_parked_show, false, false, id, &err) != FC_OK) {
        exit = cli_trouble(cli, &err);
    } else if (db_rows_count(db_rows(db, 0)) == 0) {
        cli_say(cli, "nothing was set aside under %lld", (long long)id);
        exit = FC_EXIT_FAILED;
    } else {
        show(cli, db_rows(db, 0));
    }
    db_close(db);
    return exit;
}
