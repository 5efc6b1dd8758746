#include "db/migrate.h"
#include "base/limits.h"
#include "producer/cli/cli.h"
#include "producer/cli/commands.h"
#include "producer/cli/report.h"
#include "sql/queries.h"

#include <stdio.h>

struct applied {
    const struct cli *cli;
    int64_t count;
};

static void on_applying(void *arg, const char *name)
{
    struct applied *applied = arg;

    applied->count++;
    if (!applied->cli->json)
        (void)printf("applying %s\n", name);
    (void)fflush(stdout);
}

int cli_migrate(struct cli *cli)
{
    struct applied applied = {.cli = cli};
    struct cli_report report;
    struct fc_err err;
    int exit;

    if (!cli_parse(cli, NULL, 0, &exit))
        return exit;
    if (db_migrate(cli->settings.database, sql_migrations, sql_migrations_count, on_applying,
                   &applied, &err) != FC_OK)
        return cli_trouble(cli, &err);
    if (!cli_report_begin(&report, cli->json))
        return FC_EXIT_OK;
    cli_report_int(&report, "applied", "applied now", applied.count);
    cli_report_int(&report, "migrations", "in all", (int64_t)sql_migrations_count);
    cli_report_end(&report);
    return FC_EXIT_OK;
}
