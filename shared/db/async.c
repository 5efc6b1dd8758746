#include "base/assert.h"
#include "db/session.h"
#include "db/trouble.h"

#include <libpq-fe.h>

static struct db_waiting *waiting_at(const struct db *db, int32_t index)
{
    return &db->waiting[(db->waiting_first + index) % DB_PENDING_MAX];
}

static void put(struct db *db, const struct sql_query *query, const struct db_params *params,
                struct db_waiting *waiting)
{
    struct fc_err err;

    if (!db_statement_put(db, query, params, &waiting->statement, &err)) {
        waiting->overflow = err.cure == FC_CURE_RETRY;
        waiting->statement.step = DB_STEP_DONE;
        if (!waiting->overflow)
            db_trouble(db, &err);
        return;
    }
    waiting->statement.own_sync = true;
    if (PQpipelineSync(db->pg) != 1) {
        (void)db_trouble_of_conn(db->pg, "db_send_async", &err);
        db_trouble(db, &err);
    }
}

void db_send_async(struct db *db, const struct sql_query *query, const struct db_params *params,
                   db_answer_fn *answer, void *arg)
{
    FC_ASSERT(answer != NULL);
    FC_ASSERT(db->statement_count == 0);
    if (db->waiting_count == DB_PENDING_MAX) {
        struct fc_err err;

        (void)fc_err_set(&err, FC_CURE_RETRY, "db_send_async", "%s: above %d statements pending",
                         query->name, DB_PENDING_MAX);
        answer(arg, NULL, &err);
        return;
    }
    struct db_waiting *waiting = waiting_at(db, db->waiting_count);

    *waiting = (struct db_waiting){{{NULL}, 0, DB_STEP_DONE, true}, false, answer, arg};
    if (!db->broken)
        put(db, query, params, waiting);
    db->waiting_count++;
    db->wants_write = true;
}

int32_t db_pending(const struct db *db)
{
    return db->waiting_count;
}

bool db_wants_write(const struct db *db)
{
    return db->wants_write;
}

/* Takes the first out of the ring and calls its answer, which may queue others. */
static void answer_first(struct db *db, const struct fc_err *err)
{
    struct db_waiting first = *waiting_at(db, 0);

    db->waiting_first = (db->waiting_first + 1) % DB_PENDING_MAX;
    db->waiting_count--;
    first.answer(first.arg, err == NULL ? &first.statement.rows : NULL, err);
    db_rows_clear(&first.statement.rows);
}

/* Calls the answer of the first, whose results are all there. */
static void deliver_first(struct db *db)
{
    struct fc_err err = db->trouble;
    bool troubled = db->troubled;

    if (waiting_at(db, 0)->overflow) {
        (void)fc_err_set(&err, FC_CURE_RETRY, "db_send_async", "the parameters do not fit");
        troubled = true;
    }
    db->troubled = false;
    answer_first(db, troubled ? &err : NULL);
}

/* Takes the results that have come, up to the first statement that is not complete. */
static void deliver(struct db *db)
{
    while (db->waiting_count > 0 && !db->broken) {
        struct db_statement *statement = &waiting_at(db, 0)->statement;

        while (statement->step != DB_STEP_DONE) {
            if (PQisBusy(db->pg) == 1)
                return;
            db_statement_take(db, statement, PQgetResult(db->pg));
            if (db->broken)
                return;
        }
        deliver_first(db);
    }
}

/* False when the socket failed. */
static bool flush(struct db *db)
{
    int rest = PQflush(db->pg);

    db->wants_write = rest == 1;
    return rest >= 0;
}

static void poll_once(struct db *db)
{
    struct fc_err err;
    bool sent = flush(db);
    bool alive = PQconsumeInput(db->pg) == 1 && sent;

    /* What came before the socket failed is delivered still; it may also tell why. */
    deliver(db);
    if (alive && !db->broken)
        alive = flush(db);
    if (alive || db->broken)
        return;
    (void)db_trouble_of_conn(db->pg, "db_poll", &err);
    db_trouble(db, &err);
}

enum fc_rc db_poll(struct db *db, struct fc_err *ret_err)
{
    FC_ASSERT(!db->polling);
    db->polling = true;
    if (!db->broken)
        poll_once(db);
    while (db->broken && db->waiting_count > 0)
        answer_first(db, &db->trouble);
    db->polling = false;
    if (!db->broken)
        return FC_OK;
    *ret_err = db->trouble;
    return FC_FAIL;
}
