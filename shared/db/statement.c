#include "base/assert.h"
#include "base/index.h"
#include "db/session.h"
#include "db/trouble.h"

#include <libpq-fe.h>
#include <limits.h>
#include <string.h>

void db_trouble(struct db *db, const struct fc_err *err)
{
    if (!db->troubled)
        db->trouble = *err;
    db->troubled = true;
    if (err->cure == FC_CURE_RECONNECT) {
        /* What was told first stays in the text; the cure is the one that still helps. */
        db->trouble.cure = FC_CURE_RECONNECT;
        db->broken = true;
    }
}

/* --- queries that were used ------------------------------------------------------------------- */

static int32_t slot_of(struct db *db, const struct sql_query *query)
{
    uint32_t mask = DB_QUERIES_MAX - 1;
    uint32_t at = (uint32_t)fc_hash_str(fc_str_of(query->name)) & mask;

    while (db->slots[at].query != NULL) {
        const struct sql_query *used = db->slots[at].query;

        if (used == query || strcmp(used->name, query->name) == 0) {
            /* The server knows them by name only. */
            FC_ASSERT(used == query || strcmp(used->text, query->text) == 0);
            return (int32_t)at;
        }
        at = (at + 1) & mask;
    }
    FC_ASSERT(db->slot_count < DB_QUERIES_MAX / 2);
    db->slots[at] = (struct db_slot){query, false};
    db->slot_count++;
    return (int32_t)at;
}

/* --- into the pipeline ------------------------------------------------------------------------ */

static bool put_query(struct db *db, const char *name, const struct db_params *params)
{
    const char *values[DB_PARAMS_MAX];
    int lengths[DB_PARAMS_MAX];
    int formats[DB_PARAMS_MAX];
    int32_t count = params != NULL ? params->count : 0;

    for (int32_t i = 0; i < count; i++) {
        values[i] = params->items[i].ptr;
        lengths[i] = (int)params->items[i].len;
        formats[i] = 1;
    }
    return PQsendQueryPrepared(db->pg, name, count, values, lengths, formats, 1) == 1;
}

static bool params_fit(const struct db_params *params)
{
    if (params == NULL)
        return true;
    FC_ASSERT(params->array.ptr == NULL);
    for (int32_t i = 0; i < params->count; i++)
        if (params->items[i].len > INT_MAX)
            return false;
    return !params->overflow;
}

bool db_statement_put(struct db *db, const struct sql_query *query, const struct db_params *params,
                      struct db_statement *ret_statement, struct fc_err *ret_err)
{
    struct db_statement statement = {{NULL}, slot_of(db, query), DB_STEP_ROWS, false};
    struct db_slot *slot = &db->slots[statement.slot];

    if (!params_fit(params)) {
        (void)fc_err_set(ret_err, FC_CURE_RETRY, "db_send", "%s: the parameters do not fit",
                         query->name);
        return false;
    }
    if (!slot->prepared) {
        if (PQsendPrepare(db->pg, query->name, query->text, 0, NULL) != 1)
            goto lost;
        slot->prepared = true;
        statement.step = DB_STEP_PREPARED;
    }
    if (!put_query(db, query->name, params))
        goto lost;
    *ret_statement = statement;
    return true;
lost:
    (void)db_trouble_of_conn(db->pg, "db_send", ret_err);
    return false;
}

/* --- out of the pipeline ---------------------------------------------------------------------- */

static void failed(struct db *db, const struct db_statement *statement, const PGresult *result)
{
    const char *name =
        statement->step == DB_STEP_SYNC ? "sync" : db->slots[statement->slot].query->name;
    struct fc_err err;

    /* Skipped, because one before it failed: that one was told. */
    if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED && db->troubled)
        return;
    if (result == NULL || PQresultStatus(result) != PGRES_FATAL_ERROR)
        (void)fc_err_set(&err, FC_CURE_RECONNECT, "db_exchange", "%s: unexpected answer: %s", name,
                         result == NULL ? "none" : PQresStatus(PQresultStatus(result)));
    else
        (void)db_trouble_of_result(result, "db_exchange", name, &err);
    db_trouble(db, &err);
}

void db_statement_take(struct db *db, struct db_statement *statement, struct pg_result *result)
{
    ExecStatusType status = PQresultStatus(result);
    PGresult *rest = result;
    bool good = false;
    enum db_step next = DB_STEP_DONE;

    switch (statement->step) {
    case DB_STEP_PREPARED:
        good = status == PGRES_COMMAND_OK;
        /* It failed, or was skipped because something before it failed: once more next time. */
        if (!good)
            db->slots[statement->slot].prepared = false;
        next = DB_STEP_PREPARED_END;
        break;
    case DB_STEP_PREPARED_END:
        good = result == NULL;
        next = DB_STEP_ROWS;
        break;
    case DB_STEP_ROWS:
        good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
        if (good) {
            statement->rows.result = result;
            rest = NULL;
        }
        next = DB_STEP_ROWS_END;
        break;
    case DB_STEP_ROWS_END:
        good = result == NULL;
        next = statement->own_sync ? DB_STEP_SYNC : DB_STEP_DONE;
        break;
    case DB_STEP_SYNC:
        good = status == PGRES_PIPELINE_SYNC;
        break;
    case DB_STEP_DONE:
        FC_UNREACHABLE("a statement that is done takes no result");
    }
    if (!good)
        failed(db, statement, result);
    statement->step = next;
    PQclear(rest);
}
