#include "producer/cli/database.h"

#include "db/migrate.h"
#include "sql/queries.h"

/* A check may go through the whole journal. */
#define STATEMENT_MS_MAX 600000
/* What it reads it reads whole, and often before the server has statistics of a shop that has just
 * opened: a plan that goes row by row then took 12 seconds instead of a twentieth of one. */
#define SESSION_OPTIONS "-c enable_nestloop=off -c jit=off"

bool cli_database_open(const struct cli *cli, struct db **ret_db, int *ret_exit)
{
    struct db_settings settings = {
        .conninfo = cli->settings.database,
        .program = "firstcome",
        .options = SESSION_OPTIONS,
        .statement_ms_max = STATEMENT_MS_MAX,
    };
    struct db *db = NULL;
    struct fc_err err;

    if (db_open(&settings, &db, &err) != FC_OK ||
        db_migrate_check(db, sql_migrations, sql_migrations_count, &err) != FC_OK) {
        *ret_exit = cli_trouble(cli, &err);
        db_close(db);
        return false;
    }
    *ret_db = db;
    return true;
}
