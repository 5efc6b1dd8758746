/*
 * Reads the journal and the tables into the evidence of a history check, all in one snapshot
 * (REPEATABLE READ, read only), with SQL of its own: plain selects of rows by their keys, some
 * thousand at a time; nothing is added up in the database.
 */
#ifndef FC_TESTS_SUPPORT_HISTORY_DB_H
#define FC_TESTS_SUPPORT_HISTORY_DB_H

#include "base/err.h"
#include "support/history_check_evidence.h"

struct db;

/* `conninfo` as libpq takes it. Blocks. */
FC_MUST_USE enum fc_rc history_db_read(struct evidence *evidence, const char *conninfo,
                                       struct fc_err *ret_err);
/* The same within a transaction that is open, as it sees them. */
FC_MUST_USE enum fc_rc history_db_read_in(struct evidence *evidence, struct db *db,
                                          struct fc_err *ret_err);

#endif
