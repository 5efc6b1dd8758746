/*
 * What the files of this floor share: the state of a connection, and the life of one statement
 * in the pipeline. Used inside this floor only.
 *
 * A statement goes through its steps as libpq hands its results out: the answer to its preparation
 * (first use only) and the NULL behind it, its rows and the NULL behind them, and its sync where
 * it has one of its own.
 */
#ifndef FC_DB_SESSION_H
#define FC_DB_SESSION_H

#include "db/conn.h"

struct pg_conn;
struct pg_result;

struct db_rows {
    struct pg_result *result; /* owned */
};

enum db_step {
    DB_STEP_PREPARED,
    DB_STEP_PREPARED_END,
    DB_STEP_ROWS,
    DB_STEP_ROWS_END,
    DB_STEP_SYNC,
    DB_STEP_DONE
};

struct db_statement {
    struct db_rows rows; /* from DB_STEP_ROWS on; NULL result when it failed */
    int32_t slot;        /* of its query in db.slots */
    enum db_step step;   /* what libpq gives next */
    bool own_sync;
};

/* A query that was used on this connection. */
struct db_slot {
    const struct sql_query *query; /* NULL: free */
    bool prepared;                 /* asked for, and not known to have failed */
};

/* A statement of db_send_async. */
struct db_waiting {
    struct db_statement statement;
    bool overflow; /* its parameters did: it was not put into the pipeline */
    db_answer_fn *answer;
    void *arg;
};

struct db {
    struct pg_conn *pg;
    int32_t statement_ms_max;
    struct db_slot slots[DB_QUERIES_MAX]; /* open addressing by the query's name */
    int32_t slot_count;

    /* The connection is of no use any more: `trouble` says why. */
    bool broken;
    /* Something went wrong in what is queued or under way; the first of it is in `trouble`. */
    bool troubled;
    struct fc_err trouble;

    /* db_send: the statements of one exchange. */
    struct db_statement statements[DB_STATEMENTS_MAX + 1]; /* one more for a rollback */
    int32_t statement_count;
    bool answered; /* they are of an exchange that is over */

    /* db_send_async: a ring of DB_PENDING_MAX. */
    struct db_waiting *waiting;
    int32_t waiting_first;
    int32_t waiting_count;
    bool wants_write;
    bool polling;
};

/* Remembers trouble of what is under way; the first one stays. RECONNECT breaks the connection. */
void db_trouble(struct db *db, const struct fc_err *err);

/* Puts a statement into the pipeline, with its preparation at first use. False: nothing was put,
 * `ret_err` says why (RECONNECT, or RETRY for parameters that overflowed). */
FC_MUST_USE bool db_statement_put(struct db *db, const struct sql_query *query,
                                  const struct db_params *params,
                                  struct db_statement *ret_statement, struct fc_err *ret_err);

/* Takes the result that libpq gave for the statement's step (owned from here; NULL is one too) and
 * goes on to the next step. A failure goes to db_trouble. */
void db_statement_take(struct db *db, struct db_statement *statement, struct pg_result *result);

void db_rows_clear(struct db_rows *rows);

/* Runs statements without parameters outside the pipeline, which must be empty, in the transaction
 * that is open; trouble names the line or the statement where it can. After trouble the connection
 * is good for db_close only, which forgets the transaction. */
FC_MUST_USE enum fc_rc db_script(struct db *db, const struct sql_query *script,
                                 struct fc_err *ret_err);

#endif
