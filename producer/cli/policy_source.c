#include "producer/cli/policy_source.h"

#include "producer/cli/jsonl.h"
#include "producer/cli/report.h"
#include "sql/queries.h"

#include <stdio.h>

#define ARENA_BYTES 65536

static int tell_faults(const struct cli *cli, const char *title, const struct wire_faults *faults)
{
    static const struct cli_column columns[] = {{"pointer", "setting", false},
                                                {"detail", "what is wrong", false}};
    int32_t kept = faults->count < WIRE_FAULTS_MAX ? faults->count : WIRE_FAULTS_MAX;
    struct cli_report report;

    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_LATER;
    cli_report_str(&report, "policy", "policy", fc_str_of(title));
    cli_report_bool(&report, "valid", "valid", false);
    cli_report_int(&report, "fault_count", "faults", faults->count);
    cli_report_table_begin(&report, "faults", NULL, columns, FC_ARRAY_COUNT(columns));
    for (int32_t i = 0; i < kept; i++) {
        cli_report_cell_str(&report, faults->items[i].pointer);
        cli_report_cell_str(&report, faults->items[i].detail);
    }
    cli_report_table_end(&report);
    if (faults->count > kept)
        cli_report_line(&report, "and %d more", (int)(faults->count - kept));
    cli_report_end(&report);
    return FC_EXIT_FAILED;
}

/* The policy of the source with that title. */
static bool parse(const struct cli *cli, struct fc_str document, struct policy_source *source,
                  int *ret_exit)
{
    struct wire_faults faults;
    struct fc_arena arena;
    void *memory = cli_memory(ARENA_BYTES);

    if (memory == NULL) {
        *ret_exit = FC_EXIT_LATER;
        return false;
    }
    fc_arena_init(&arena, memory, ARENA_BYTES);
    wire_faults_init(&faults, &arena);
    if (wire_policy_parse(document, &arena, &source->policy, &faults))
        return true;
    *ret_exit = tell_faults(cli, source->title, &faults);
    return false;
}

bool policy_source_file(const struct cli *cli, const char *path, struct policy_source *ret_source,
                        int *ret_exit)
{
    struct policy_source source = {.applied_at = {0}};
    struct fc_str text;
    struct fc_err err;

    (void)fc_str_copy(fc_str_of(path), source.title, sizeof(source.title));
    if (cli_file_read(path, &text, &err) != FC_OK) {
        *ret_exit = cli_trouble(cli, &err);
        return false;
    }
    if (!parse(cli, text, &source, ret_exit))
        return false;
    *ret_source = source;
    return true;
}

static enum fc_rc ask(struct db *db, int64_t version, struct fc_err *ret_err)
{
    _Alignas(16) char block[64];
    struct fc_arena arena;
    struct db_params params;

    fc_arena_init(&arena, block, sizeof(block));
    db_params_init(&params, &arena);
    db_param_i64(&params, version);
    db_send(db, version == 0 ? &sql_policy_newest : &sql_policy_of_version, &params);
    return db_exchange(db, ret_err);
}

bool policy_source_table(const struct cli *cli, struct db *db, int64_t version,
                         struct policy_source *ret_source, int *ret_exit)
{
    struct policy_source source = {.title = "the usual rules", .policy = policy_default()};
    struct fc_err err;

    if (ask(db, version, &err) != FC_OK) {
        *ret_exit = cli_trouble(cli, &err);
        return false;
    }
    const struct db_rows *rows = db_rows(db, 0);

    if (db_rows_count(rows) == 0) {
        *ret_source = source;
        if (version == 0)
            return true;
        cli_say(cli, "there is no version %lld", (long long)version);
        *ret_exit = FC_EXIT_FAILED;
        return false;
    }
    int64_t found = db_i64(rows, 0, 0);

    (void)snprintf(source.title, sizeof(source.title), "version %lld", (long long)found);
    source.applied_at = db_instant(rows, 0, 2);
    if (!parse(cli, db_text(rows, 0, 1), &source, ret_exit))
        return false;
    source.policy.version = found;
    *ret_source = source;
    return true;
}

bool policy_source_word(const struct cli *cli, struct db *db, const char *word,
                        struct policy_source *ret_source, int *ret_exit)
{
    int64_t version;

    if (fc_str_to_i64(fc_str_of(word), 1, INT32_MAX, &version))
        return policy_source_table(cli, db, version, ret_source, ret_exit);
    return policy_source_file(cli, word, ret_source, ret_exit);
}
