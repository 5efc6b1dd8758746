/*
 * One connection to PostgreSQL in pipeline mode. Statements are queued by db_send and answered
 * together: db_exchange sends them with one sync and waits (workers), or db_send_async and db_poll
 * do the same without waiting (the ingress's loop). Statements are embedded queries (base/sql.h)
 * that prepare themselves at their first use on a connection. Results and parameters are binary.
 * No PGresult leaves this floor.
 *
 * Cures: class 40, 55P03, 57014, 23505, 23514 and 26000 are RETRY (roll back, the whole batch
 * again); class 08, 57P0x, 25P03, a server that only reads (25006), a plan that the schema left
 * behind (0A000) and a lost socket RECONNECT; 53xxx and 58xxx (too many connections, disk full)
 * RECONNECT after a pause; everything else EXIT: core and schema disagree. After a RECONNECT the
 * connection tells the same trouble to whatever it is asked; close it.
 */
#ifndef FC_DB_CONN_H
#define FC_DB_CONN_H

#include "base/err.h"
#include "base/limits.h"
#include "base/sql.h"
#include "db/params.h"
#include "db/rows.h"

/* Statements of one exchange. */
#define DB_STATEMENTS_MAX 128
/* Statements of db_send_async whose answers are still to come: one a request in flight. */
#define DB_PENDING_MAX HTTP_INFLIGHT_MAX
/* Different queries on one connection; at most half of it is used. */
#define DB_QUERIES_MAX 1024

struct db;

struct db_settings {
    const char *conninfo;       /* libpq's keyword=value string or URI; several hosts work */
    const char *program;        /* application_name */
    const char *options;        /* -c name=value …, appended to ours; NULL for none */
    int32_t statement_ms_max;   /* 0: none */
    int32_t idle_ms_max;        /* idle_session_timeout: 0 for none */
    int32_t transaction_ms_max; /* idle_in_transaction_session_timeout: 0 for none */
};

/* Blocks up to DB_CONNECT_S_MAX a host. Sets client_encoding UTF8, TimeZone UTC and the timeouts.
 * Settings that cannot be understood and a server that is too old are EXIT, else RECONNECT. */
FC_MUST_USE enum fc_rc db_open(const struct db_settings *settings, struct db **ret_db,
                               struct fc_err *ret_err);
/* Accepts NULL. An open transaction is gone with it; pending answers are never called. */
void db_close(struct db *db);
int db_fd(const struct db *db);

/* Queues one statement behind those queued before; params may be NULL and are copied. Nothing is
 * awaited. Trouble is remembered and told by the next exchange. */
void db_send(struct db *db, const struct sql_query *query, const struct db_params *params);

/*
 * Sends everything queued, waits for all answers. On success db_rows(db, i) is the answer to the
 * i-th statement queued, valid until the next db_send. On failure the first error is told, the
 * statements after it did not run; a transaction that was open is rolled back here (if the
 * connection still lives), so that the next exchange starts clean. A server that says nothing for
 * much longer than its statement timeouts allow is given up: RECONNECT.
 */
FC_MUST_USE enum fc_rc db_exchange(struct db *db, struct fc_err *ret_err);
const struct db_rows *db_rows(const struct db *db, int32_t index);

/* True after an exchange that failed with `code` (SQLSTATE), e.g. to switch to locking early. */
bool db_err_is(const struct fc_err *err, const char *code);
/* True when this was the statement that the server refused. */
bool db_err_of(const struct fc_err *err, const struct sql_query *query);

/* --- without waiting: a connection is used either way, never both ----------------------------- */

/* Called for each statement in the order of db_send_async; `rows` is NULL and `err` set when it
 * failed. The rows live only during the call. May call db_send_async, must not close or poll. */
typedef void db_answer_fn(void *arg, const struct db_rows *rows, const struct fc_err *err);

/* Queues a statement with a sync of its own: its failure does not touch its neighbours. The answer
 * comes in a later db_poll, except above DB_PENDING_MAX: then it is called here, with RETRY. */
void db_send_async(struct db *db, const struct sql_query *query, const struct db_params *params,
                   db_answer_fn *answer, void *arg);
/* Statements whose answers are still to come. */
int32_t db_pending(const struct db *db);
/* True after db_send_async until a db_poll has sent everything. Poll once before waiting: a
 * connection that was found lost while queuing has no descriptor (db_fd is -1) to wait on. */
bool db_wants_write(const struct db *db);
/* Sends what the socket takes, reads what came, calls the answers. On trouble of the connection
 * every pending answer is called with the error first; then close it. */
FC_MUST_USE enum fc_rc db_poll(struct db *db, struct fc_err *ret_err);

#endif
