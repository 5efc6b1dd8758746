#include "base/limits.h"
#include "host/clock.h"
#include "producer/cli/commands.h"
#include "producer/cli/database.h"
#include "producer/cli/report.h"
#include "stats/rebuild.h"

static int rebuild(const struct cli *cli, struct db *db)
{
    struct fc_mono began = fc_clock_mono();
    void *memory = cli_memory(REBUILD_ARENA_BYTES);
    struct cli_report report;
    struct rebuilt rebuilt;
    struct fc_arena arena;
    struct fc_err err;

    if (memory == NULL)
        return FC_EXIT_LATER;
    fc_arena_init(&arena, memory, REBUILD_ARENA_BYTES);
    if (stats_rebuild(db, &arena, &rebuilt, &err) == FC_FAIL)
        return cli_trouble(cli, &err);
    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_LATER;
    cli_report_int(&report, "events", "events counted", rebuilt.events);
    cli_report_int(&report, "rows", "rows of counters", rebuilt.rows);
    cli_report_us(&report, "took_us", "it took", fc_clock_mono().us - began.us);
    cli_report_line(&report, "What was kept when days were closed is as it was.");
    cli_report_end(&report);
    return FC_EXIT_OK;
}

int cli_stats_rebuild(struct cli *cli)
{
    struct db *db = NULL;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit) || !cli_database_open(cli, &db, &exit))
        return exit;
    exit = rebuild(cli, db);
    db_close(db);
    return exit;
}
