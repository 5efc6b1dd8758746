#include "db/conn.h"

#include "base/assert.h"
#include "db/session.h"
#include "db/trouble.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#define SERVER_VERSION_MIN 150000
#define OPTIONS_BYTES_MAX 2048

#define TEXT_OF_(number) #number
#define TEXT_OF(number) TEXT_OF_(number)

static void swallow_notice(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

/* --- settings --------------------------------------------------------------------------------- */

/* The options that stand in the connection string: the keyword below would replace them. */
static enum fc_rc options_of_conninfo(const struct db_settings *settings, struct fc_buf *options,
                                      struct fc_err *ret_err)
{
    PQconninfoOption *parsed = PQconninfoParse(settings->conninfo, NULL);

    /* libpq's own words quote the part it stumbled over, which may be the password. */
    if (parsed == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "db_open",
                          "FIRSTCOME_DATABASE is neither keyword=value pairs (a value with a blank "
                          "in single quotes) nor a postgresql:// URI");
    for (const PQconninfoOption *option = parsed; option->keyword != NULL; option++)
        if (option->val != NULL && strcmp(option->keyword, "options") == 0)
            fc_buf_put_text(options, option->val);
    PQconninfoFree(parsed);
    return FC_OK;
}

/* Later ones win: the connection string's, ours, the caller's. */
static enum fc_rc options_of(const struct db_settings *settings, struct fc_buf *options,
                             struct fc_err *ret_err)
{
    if (options_of_conninfo(settings, options, ret_err) != FC_OK)
        return FC_FAIL;
    fc_buf_put_text(options, " -c TimeZone=UTC -c statement_timeout=");
    fc_buf_put_i64(options, settings->statement_ms_max);
    fc_buf_put_text(options, " -c idle_session_timeout=");
    fc_buf_put_i64(options, settings->idle_ms_max);
    fc_buf_put_text(options, " -c idle_in_transaction_session_timeout=");
    fc_buf_put_i64(options, settings->transaction_ms_max);
    fc_buf_put_char(options, ' ');
    fc_buf_put_text(options, settings->options);
    fc_buf_put_char(options, '\0');
    if (options->overflow)
        return fc_err_set(ret_err, FC_CURE_EXIT, "db_open", "options above %d bytes",
                          OPTIONS_BYTES_MAX);
    return FC_OK;
}

/* --- opening ---------------------------------------------------------------------------------- */

static PGconn *connect_with(const struct db_settings *settings, const char *options)
{
    /* What stands before dbname may be replaced by the connection string, what follows not. A
     * server that vanished is noticed within about 12 seconds. */
    const char *const names[] = {"application_name",
                                 "connect_timeout",
                                 "keepalives",
                                 "keepalives_idle",
                                 "keepalives_interval",
                                 "keepalives_count",
                                 "tcp_user_timeout",
                                 "dbname",
                                 "client_encoding",
                                 "options",
                                 NULL};
    const char *const values[] = {
        settings->program, TEXT_OF(DB_CONNECT_S_MAX), "1",    "5",     "2", "3",
        "12000",           settings->conninfo,        "UTF8", options, NULL};

    return PQconnectdbParams(names, values, 1);
}

static enum fc_rc session_begin(struct db *db, struct fc_err *ret_err)
{
    int version = PQserverVersion(db->pg);

    if (PQstatus(db->pg) != CONNECTION_OK)
        return db_trouble_of_conn(db->pg, "db_open", ret_err);
    if (version < SERVER_VERSION_MIN)
        return fc_err_set(ret_err, FC_CURE_EXIT, "db_open", "PostgreSQL %d is needed, this is %d",
                          SERVER_VERSION_MIN / 10000, version / 10000);
    if (PQsetnonblocking(db->pg, 1) != 0 || PQenterPipelineMode(db->pg) != 1)
        return db_trouble_of_conn(db->pg, "db_open", ret_err);
    return FC_OK;
}

enum fc_rc db_open(const struct db_settings *settings, struct db **ret_db, struct fc_err *ret_err)
{
    char memory[OPTIONS_BYTES_MAX];
    struct fc_buf options = fc_buf_of(memory, sizeof(memory));
    enum fc_rc rc = FC_FAIL;
    struct db *db = NULL;

    FC_ASSERT(settings->conninfo != NULL);
    if (options_of(settings, &options, ret_err) != FC_OK)
        goto out;
    db = calloc(1, sizeof(*db)); /* heap: at start */
    if (db == NULL) {
        (void)fc_err_set(ret_err, FC_CURE_EXIT, "db_open", "out of memory");
        goto out;
    }
    db->statement_ms_max = settings->statement_ms_max;
    db->waiting = calloc(DB_PENDING_MAX, sizeof(*db->waiting)); /* heap: at start */
    db->pg = connect_with(settings, options.ptr);
    if (db->waiting == NULL || db->pg == NULL) {
        (void)fc_err_set(ret_err, FC_CURE_EXIT, "db_open", "out of memory");
        goto out;
    }
    (void)PQsetNoticeProcessor(db->pg, swallow_notice, NULL);
    rc = session_begin(db, ret_err);
    if (rc != FC_OK)
        goto out;
    *ret_db = db;
    db = NULL;
out:
    db_close(db);
    return rc;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    FC_ASSERT(!db->polling);
    for (int32_t i = 0; i < db->statement_count; i++)
        db_rows_clear(&db->statements[i].rows);
    for (int32_t i = 0; i < db->waiting_count; i++)
        db_rows_clear(&db->waiting[(db->waiting_first + i) % DB_PENDING_MAX].statement.rows);
    PQfinish(db->pg);
    free(db->waiting);
    free(db);
}

int db_fd(const struct db *db)
{
    return PQsocket(db->pg);
}
