/*
 * The shape of the SQL statements that the build embeds from sql/ (see sql/README.md). Only the
 * shape: the statements themselves are in the generated "sql/queries.h".
 */
#ifndef FC_BASE_SQL_H
#define FC_BASE_SQL_H

struct sql_query {
    const char *name;  /* area_name: also the name of the prepared statement */
    const char *title; /* the first comment line, without the dashes; may be empty */
    const char *text;  /* the whole file */
};

#endif
