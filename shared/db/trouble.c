#include "db/trouble.h"

#include "db/conn.h"

#include <libpq-fe.h>
#include <string.h>

struct cure_row {
    const char *prefix; /* of the SQLSTATE; the first that fits counts */
    enum fc_cure cure;
};

static const struct cure_row cure_rows[] = {
    {"40", FC_CURE_RETRY},        /* serialization failure, deadlock */
    {"55P03", FC_CURE_RETRY},     /* lock not available */
    {"57014", FC_CURE_RETRY},     /* statement timeout */
    {"23505", FC_CURE_RETRY},     /* a key that another transaction brought in first */
    {"23514", FC_CURE_RETRY},     /* a guard of delta updates */
    {"22", FC_CURE_PARK},         /* a value that it will never take */
    {"23", FC_CURE_PARK},         /* a rule of the schema that the core does not know of */
    {"26000", FC_CURE_RETRY},     /* its preparation had failed; it is prepared again next time */
    {"08", FC_CURE_RECONNECT},    /* connection */
    {"57P0", FC_CURE_RECONNECT},  /* shutdown, start, idle session */
    {"25P03", FC_CURE_RECONNECT}, /* idle in transaction */
    {"25006", FC_CURE_RECONNECT}, /* became a standby: another host may be the primary now */
    {"0A000", FC_CURE_RECONNECT}, /* the schema changed under a plan, or a standby at begin */
    {"53", FC_CURE_RECONNECT},    /* connections, memory, disk */
    {"58", FC_CURE_RECONNECT},    /* the server's operating system */
};

enum fc_cure db_cure_of(const char *sqlstate)
{
    if (sqlstate == NULL || sqlstate[0] == '\0')
        return FC_CURE_RECONNECT;
    for (size_t i = 0; i < FC_ARRAY_COUNT(cure_rows); i++) {
        const char *prefix = cure_rows[i].prefix;

        if (strncmp(sqlstate, prefix, strlen(prefix)) == 0)
            return cure_rows[i].cure;
    }
    return FC_CURE_EXIT;
}

enum fc_rc db_trouble_of_result(const struct pg_result *result, const char *where, const char *name,
                                struct fc_err *ret_err)
{
    const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);

    if (primary == NULL)
        primary = PQresultErrorMessage(result);
    (void)fc_err_set(ret_err, db_cure_of(code), where, "%s: %s%s%s%s", name, primary,
                     constraint != NULL ? " (constraint " : "",
                     constraint != NULL ? constraint : "", constraint != NULL ? ")" : "");
    (void)fc_str_copy(fc_str_of(code), ret_err->code, sizeof(ret_err->code));
    return FC_FAIL;
}

enum fc_rc db_trouble_of_conn(const struct pg_conn *pg, const char *where, struct fc_err *ret_err)
{
    const char *message = PQerrorMessage(pg);

    return fc_err_set(ret_err, FC_CURE_RECONNECT, where, "%s",
                      message[0] != '\0' ? message : "the connection was lost");
}

bool db_err_is(const struct fc_err *err, const char *code)
{
    return strcmp(err->code, code) == 0;
}

bool db_err_of(const struct fc_err *err, const struct sql_query *query)
{
    size_t len = strlen(query->name);

    return strncmp(err->text, query->name, len) == 0 && strncmp(err->text + len, ": ", 2) == 0;
}
