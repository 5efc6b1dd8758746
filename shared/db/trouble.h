/*
 * From what PostgreSQL and libpq say to what the shell has to do. Used inside this floor only.
 */
#ifndef FC_DB_TROUBLE_H
#define FC_DB_TROUBLE_H

#include "base/err.h"

struct pg_conn;
struct pg_result;

/* The cure for a SQLSTATE; NULL or empty stands for a connection that was lost. */
enum fc_cure db_cure_of(const char *sqlstate);

/* Trouble that the server told in the answer to `name` (a statement). */
enum fc_rc db_trouble_of_result(const struct pg_result *result, const char *where, const char *name,
                                struct fc_err *ret_err);

/* Trouble of the connection itself. */
enum fc_rc db_trouble_of_conn(const struct pg_conn *pg, const char *where, struct fc_err *ret_err);

#endif
