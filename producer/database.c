#include "producer/database.h"

#include "base/limits.h"
#include "db/migrate.h"
#include "host/process.h"
#include "sql/queries.h"

#include <stdlib.h>
#include <sys/socket.h>

#define PROGRAM "firstcome-ingress"
/* A read is a matter of milliseconds. */
#define SILENT_MS 3000
/* Its own bound for a statement has passed for long: it is given up. */
#define LOST_MS (DB_STATEMENT_MS_MAX + 5000)

enum fc_rc database_init(struct database *database, const char *conninfo, struct fc_err *ret_err)
{
    *database =
        (struct database){.opening = calloc(1, sizeof(*database->opening))}; /* heap: at start */
    if (database->opening == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "database_init", "no memory");
    database->opening->conninfo = conninfo;
    fc_backoff_init(&database->backoff, fc_process_chance());
    return FC_OK;
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

/* Perhaps in a thread. */
static void open_connection(void *arg)
{
    struct database_opening *opening = arg;
    struct db_settings settings = {.conninfo = opening->conninfo,
                                   .program = PROGRAM,
                                   .options = "-c default_transaction_read_only=on",
                                   .statement_ms_max = DB_STATEMENT_MS_MAX};

    opening->rc = check_schema(&settings, &opening->err);
    opening->schema_ok = opening->rc == FC_OK;
    if (opening->schema_ok)
        opening->rc = db_open(&settings, &opening->db, &opening->err);
}

/* The opening is over: takes what it brought, or tells what was wrong. */
static enum fc_rc opened(struct database *database, struct fc_err *ret_err)
{
    const struct database_opening *opening = database->opening;

    database->schema_ok = opening->schema_ok;
    if (opening->rc != FC_OK) {
        *ret_err = opening->err;
        return FC_FAIL;
    }
    database->db = opening->db;
    database->generation++;
    database->heard = fc_clock_mono();
    database->is_silent = false;
    fc_backoff_reset(&database->backoff);
    return FC_OK;
}

enum fc_rc database_open(struct database *database, struct fc_err *ret_err)
{
    open_connection(database->opening);
    return opened(database, ret_err);
}

static void connection_close(struct database *database)
{
    db_close(database->db);
    database->db = NULL;
}

void database_close(struct database *database)
{
    connection_close(database);
    /* The thread goes on with it as long as the process lives. */
    if (!opener_abandon(&database->opener))
        free(database->opening);
    database->opening = NULL;
}

bool database_send(struct database *database, const struct sql_query *query,
                   const struct db_params *params, db_answer_fn *answer, void *arg)
{
    if (database->db == NULL || database->is_silent ||
        db_pending(database->db) >= DATABASE_PENDING_MAX)
        return false;
    db_send_async(database->db, query, params, answer, arg);
    return true;
}

static void back_off(struct database *database, struct fc_mono now)
{
    database->retry_at.us = now.us + fc_backoff_next_ms(&database->backoff) * 1000LL;
}

/* Begins to connect when it is time to, and ends it when it is done. */
static enum database_change connect_turn(struct database *database, struct fc_mono now)
{
    if (database->opener.at_work) {
        if (!opener_is_done(&database->opener))
            return DATABASE_SAME;
        if (opened(database, &database->err) == FC_OK)
            return DATABASE_BACK;
    } else {
        if (now.us < database->retry_at.us)
            return DATABASE_SAME;
        database->generation++;
        if (opener_start(&database->opener, open_connection, database->opening, &database->err) ==
            FC_OK)
            return DATABASE_SAME;
    }
    back_off(database, now);
    return DATABASE_STILL_AWAY;
}

/* Whether questions wait for an answer, and none has come for long. */
static void listen_to(struct database *database, int32_t pending_before, struct fc_mono now)
{
    int32_t pending = db_pending(database->db);

    /* Answers may ask anew, and so hide that they came: not for so long. */
    if (pending < pending_before || pending == 0)
        database->heard = now;
    int64_t silent_ms = (now.us - database->heard.us) / 1000;

    database->is_silent = silent_ms > SILENT_MS;
    /* The next turn finds it closed and answers whoever waits. */
    if (silent_ms > LOST_MS)
        (void)shutdown(db_fd(database->db), SHUT_RDWR);
}

enum database_change database_turn(struct database *database, struct fc_mono now)
{
    if (database->db == NULL)
        return connect_turn(database, now);
    int32_t pending = db_pending(database->db);

    if (pending == 0)
        database->heard = now;
    if (db_poll(database->db, &database->err) == FC_OK) {
        listen_to(database, pending, now);
        return DATABASE_SAME;
    }
    connection_close(database);
    back_off(database, now);
    return DATABASE_LOST;
}
