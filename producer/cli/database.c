#include "producer/cli/database.h"

#include "db/migrate.h"
#include "sql/queries.h"

/* A check may go through the whole journal. */
#define STATEMENT_MS_MAX 600000

bool cli_database_open(const struct cli *cli, struct db **ret_db, int *ret_exit)
{
    struct db_settings settings = {
        .conninfo = cli->settings.database,
        .program = "firstcome",
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
