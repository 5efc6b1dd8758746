/*
 * Brings a database's schema to the version this program was built with: the embedded migrations
 * in order, each once, each in a transaction of its own, one runner at a time (advisory lock, under
 * which the bookkeeping table is made too). A migration that was edited after it was applied is
 * refused by its SHA-256.
 */
#ifndef FC_DB_MIGRATE_H
#define FC_DB_MIGRATE_H

#include "db/conn.h"

/* Called before each migration that is applied. */
typedef void db_migrate_fn(void *arg, const char *name);

/* Blocks, also for another runner. */
FC_MUST_USE enum fc_rc db_migrate(const char *conninfo, const struct sql_query *migrations,
                                  size_t count, db_migrate_fn *applying, void *arg,
                                  struct fc_err *ret_err);

/* Trouble with cure EXIT unless exactly these migrations were applied. Programs call it at start;
 * allocates for the time of the call. */
FC_MUST_USE enum fc_rc db_migrate_check(struct db *db, const struct sql_query *migrations,
                                        size_t count, struct fc_err *ret_err);

#endif
