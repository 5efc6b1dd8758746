#include "base/assert.h"
#include "db/session.h"
#include "db/trouble.h"

#include <libpq-fe.h>

/* The line that holds the position-th character of a UTF-8 text, both counted from 1. */
static int32_t line_at(const char *text, int64_t position)
{
    int32_t line = 1;

    for (int64_t at = 1; *text != '\0' && at < position; text++) {
        if (*text == '\n')
            line++;
        /* The last byte of a character counts: the next one begins a character. */
        if (((unsigned char)text[1] & 0xC0) != 0x80)
            at++;
    }
    return line;
}

static void script_trouble(const PGresult *result, const struct sql_query *script, int32_t number,
                           struct fc_err *ret_err)
{
    struct fc_str position = fc_str_of(PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION));
    char memory[128];
    struct fc_buf name = fc_buf_of(memory, sizeof(memory));
    int64_t at = 0;

    fc_buf_put_text(&name, script->name);
    if (fc_str_to_i64(position, 1, INT32_MAX, &at)) {
        fc_buf_put_text(&name, ", line ");
        fc_buf_put_i64(&name, line_at(script->text, at));
    } else {
        fc_buf_put_text(&name, ", statement ");
        fc_buf_put_i64(&name, number);
    }
    fc_buf_put_char(&name, '\0');
    FC_ASSERT(!name.overflow);
    (void)db_trouble_of_result(result, "db_script", name.ptr, ret_err);
}

/* Takes all results; the first failure is told. */
static enum fc_rc results(struct db *db, const struct sql_query *script, struct fc_err *ret_err)
{
    enum fc_rc rc = FC_OK;
    int32_t number = 0;
    PGresult *result = NULL;

    while ((result = PQgetResult(db->pg)) != NULL) {
        ExecStatusType status = PQresultStatus(result);
        bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
        bool failed = status == PGRES_FATAL_ERROR;

        number++;
        if (failed && rc == FC_OK) {
            script_trouble(result, script, number, ret_err);
            /* A script has nothing that could be set aside. */
            if (ret_err->cure == FC_CURE_PARK)
                ret_err->cure = FC_CURE_EXIT;
            rc = FC_FAIL;
        }
        PQclear(result);
        if (good || failed)
            continue;
        /* COPY waits for data that a script does not have; the way out is a new connection. */
        return fc_err_set(ret_err, FC_CURE_EXIT, "db_script",
                          "%s, statement %d: cannot be run here", script->name, number);
    }
    return rc;
}

enum fc_rc db_script(struct db *db, const struct sql_query *script, struct fc_err *ret_err)
{
    FC_ASSERT(db->waiting_count == 0);
    FC_ASSERT(db->answered || db->statement_count == 0);
    if (PQexitPipelineMode(db->pg) != 1 || PQsendQuery(db->pg, script->text) != 1)
        return db_trouble_of_conn(db->pg, "db_script", ret_err);
    if (results(db, script, ret_err) != FC_OK)
        return FC_FAIL;
    if (PQtransactionStatus(db->pg) != PQTRANS_INTRANS)
        return fc_err_set(ret_err, FC_CURE_EXIT, "db_script",
                          "%s: must not end the transaction it runs in", script->name);
    if (PQenterPipelineMode(db->pg) != 1)
        return db_trouble_of_conn(db->pg, "db_script", ret_err);
    return FC_OK;
}
