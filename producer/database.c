#include "producer/database.h"

#include "base/limits.h"
#include "db/migrate.h"
#include "host/process.h"
#include "sql/queries.h"

#define PROGRAM "firstcome-ingress"

void database_init(struct database *database, const char *conninfo)
{
    *database = (struct database){.conninfo = conninfo};
    fc_backoff_init(&database->backoff, fc_process_chance());
}

/* On a connection of its own: one that waits for answers cannot be used without waiting later. */
static enum fc_rc check_schema(const struct db_settings *settings, struct fc_err *ret_err)
{
    struct db *db;
    enum fc_rc rc;

    if (db_open(settings, &db, ret_err) != FC_OK)
        return FC_FAIL;
    rc = db_migrate_check(db, sql_migrations, sql_migrations_count, ret_err);
    db_close(db);
    return rc;
}

enum fc_rc database_open(struct database *database, struct fc_err *ret_err)
{
    struct db_settings settings = {.conninfo = database->conninfo,
                                   .program = PROGRAM,
                                   .options = "-c default_transaction_read_only=on",
                                   .statement_ms_max = DB_STATEMENT_MS_MAX};

    database->schema_ok = false;
    if (check_schema(&settings, ret_err) != FC_OK)
        return FC_FAIL;
    database->schema_ok = true;
    if (db_open(&settings, &database->db, ret_err) != FC_OK)
        return FC_FAIL;
    database->generation++;
    fc_backoff_reset(&database->backoff);
    return FC_OK;
}

void database_close(struct database *database)
{
    db_close(database->db);
    database->db = NULL;
}

bool database_send(struct database *database, const struct sql_query *query,
                   const struct db_params *params, db_answer_fn *answer, void *arg)
{
    if (database->db == NULL || db_pending(database->db) >= DATABASE_PENDING_MAX)
        return false;
    db_send_async(database->db, query, params, answer, arg);
    return true;
}

static void back_off(struct database *database, struct fc_mono now)
{
    database->retry_at.us = now.us + fc_backoff_next_ms(&database->backoff) * 1000LL;
}

enum database_change database_turn(struct database *database, struct fc_mono now)
{
    if (database->db == NULL) {
        if (now.us < database->retry_at.us)
            return DATABASE_SAME;
        if (database_open(database, &database->err) == FC_OK)
            return DATABASE_BACK;
        back_off(database, fc_clock_mono());
        return DATABASE_STILL_AWAY;
    }
    if (db_poll(database->db, &database->err) == FC_OK)
        return DATABASE_SAME;
    database_close(database);
    back_off(database, now);
    return DATABASE_LOST;
}
