#include "base/assert.h"
#include "db/session.h"
#include "db/trouble.h"
#include "host/fault.h"
#include "sql/queries.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>

/* What the network and a busy machine may add to the server's own timeouts. */
#define SILENCE_EXTRA_MS 5000

static void statements_clear(struct db *db)
{
    for (int32_t i = 0; i < db->statement_count; i++)
        db_rows_clear(&db->statements[i].rows);
    db->statement_count = 0;
    db->answered = false;
}

/* Puts a statement behind the others; the array has one place more than callers may use. */
static void append(struct db *db, const struct sql_query *query, const struct db_params *params)
{
    struct fc_err err;

    FC_ASSERT(db->statement_count <= DB_STATEMENTS_MAX);
    if (db_statement_put(db, query, params, &db->statements[db->statement_count], &err))
        db->statement_count++;
    else
        db_trouble(db, &err);
}

void db_send(struct db *db, const struct sql_query *query, const struct db_params *params)
{
    struct fc_err err;

    FC_ASSERT(db->waiting_count == 0);
    if (db->answered)
        statements_clear(db);
    if (db->troubled)
        return;
    if (db->statement_count == DB_STATEMENTS_MAX) {
        (void)fc_err_set(&err, FC_CURE_RETRY, "db_send", "%s: above %d statements in one exchange",
                         query->name, DB_STATEMENTS_MAX);
        db_trouble(db, &err);
        return;
    }
    append(db, query, params);
}

/* --- waiting ---------------------------------------------------------------------------------- */

/* Statements run one after another, each within its timeout, and their answers may come at once. */
static int silence_ms(const struct db *db)
{
    if (db->statement_ms_max == 0)
        return -1;
    int64_t ms = (int64_t)(db->statement_count + 1) * db->statement_ms_max + SILENCE_EXTRA_MS;

    return ms < INT32_MAX ? (int)ms : INT32_MAX;
}

static bool wait_socket(struct db *db, short events)
{
    struct pollfd socket = {PQsocket(db->pg), events, 0};
    struct fc_err err;
    int ready = 0;

    do
        ready = poll(&socket, 1, silence_ms(db));
    while (ready < 0 && errno == EINTR);
    if (ready > 0)
        return true;
    if (ready < 0)
        (void)fc_err_set_sys(&err, FC_CURE_RECONNECT, "poll", errno);
    else
        (void)fc_err_set(&err, FC_CURE_RECONNECT, "db_exchange", "the server is silent for %d ms",
                         silence_ms(db));
    db_trouble(db, &err);
    return false;
}

/* Sends all that libpq holds. The server may be waiting for us to read before it reads on, hence
 * both directions. A socket that fails is left to receive(), which finds what the server said
 * before it went away. */
static void flush(struct db *db)
{
    while (PQflush(db->pg) == 1) {
        if (!wait_socket(db, POLLIN | POLLOUT))
            return;
        if (PQconsumeInput(db->pg) != 1)
            return;
    }
}

static void receive(struct db *db, struct db_statement *statement)
{
    while (statement->step != DB_STEP_DONE && !db->broken) {
        while (PQisBusy(db->pg) == 1) {
            if (!wait_socket(db, POLLIN))
                return;
            if (PQconsumeInput(db->pg) != 1)
                break;
        }
        db_statement_take(db, statement, PQgetResult(db->pg));
    }
}

/* --- exchange --------------------------------------------------------------------------------- */

/* Sends the statements with a sync and takes all answers up to it. */
static void run(struct db *db)
{
    struct db_statement sync = {{NULL}, 0, DB_STEP_SYNC, false};
    struct fc_err err;

    if (PQpipelineSync(db->pg) != 1) {
        (void)db_trouble_of_conn(db->pg, "db_exchange", &err);
        db_trouble(db, &err);
        return;
    }
    flush(db);
    FC_CRASH_SENT();
    for (int32_t i = 0; i < db->statement_count; i++)
        receive(db, &db->statements[i]);
    receive(db, &sync);
}

static void run_rollback(struct db *db)
{
    statements_clear(db);
    append(db, &sql_transaction_rollback, NULL);
    if (!db->broken)
        run(db);
}

enum fc_rc db_exchange(struct db *db, struct fc_err *ret_err)
{
    FC_ASSERT(db->waiting_count == 0);
    if (db->answered)
        statements_clear(db);
    /* Not all that was meant could be queued, so what was must not last: even statements outside
     * a transaction would commit at the sync. */
    if (db->troubled && !db->broken && db->statement_count > 0)
        append(db, &sql_transaction_rollback, NULL);
    if (!db->broken && db->statement_count > 0)
        run(db);
    if (!db->troubled) {
        db->answered = true;
        return FC_OK;
    }
    PGTransactionStatusType status = PQtransactionStatus(db->pg);

    if (!db->broken && (status == PQTRANS_INTRANS || status == PQTRANS_INERROR))
        run_rollback(db);
    statements_clear(db);
    *ret_err = db->trouble;
    db->troubled = db->broken;
    return FC_FAIL;
}

const struct db_rows *db_rows(const struct db *db, int32_t index)
{
    FC_ASSERT(db->answered);
    FC_ASSERT(index >= 0 && index < db->statement_count);
    return &db->statements[index].rows;
}
