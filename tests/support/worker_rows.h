/*
 * The rows that a worker left, as text with every column in it, and the things that tests of
 * workers name: ids by number, instants by seconds.
 */
#ifndef FC_SUPPORT_WORKER_ROWS_H
#define FC_SUPPORT_WORKER_ROWS_H

#include "support/testdb.h"

/* printf: the command id of number n; and all but the last digit of the first of them. */
#define WORKER_ID_FMT "00000000-0000-8000-8000-%012x"
#define WORKER_ID_HEAD "00000000-0000-8000-8000-00000000000"
/* When every command was accepted, as text and as PostgreSQL shows it. */
#define WORKER_ACCEPTED_AT "2026-03-01T12:00:00.000001Z"
#define WORKER_ACCEPTED_ROW "2026-03-01 12:00:00.000001+00"
/* The worker's clock at the start, as PostgreSQL shows it. */
#define WORKER_NOW_ROW "2026-03-01 12:00:01+00"

/* The worker's clock `seconds` after its start. */
struct fc_instant worker_instant(int64_t seconds);

/* Migrates the schema, once a program. */
void worker_rows_migrate(void);
/* Empties every table; sequences start again. */
void worker_rows_clear(struct db *db);
/*
 * A small shop into the empty tables: users 7 and 8 with 10,000 and 0 won; product 3 with the
 * options 31 (10 pieces, 4 of them reserved) and 32 (5 pieces); coupon template 5 (a tenth off, 2
 * in all, 1 issued, valid ten days, from 500 won) and the coupon e that user 7 holds of it.
 */
void worker_rows_open_shop(struct db *db);

/*
 * Compares what `select` (a whole statement) answers, each row as "(a,b,c)" as PostgreSQL writes a
 * record, a line each, in order of the lines, with `want`.
 */
#define assert_rows(db, select, want) worker_rows_check((db), (select), (want), __FILE__, __LINE__)

void worker_rows_check(struct db *db, const char *select, const char *want, const char *file,
                       int line);

/* The answer as such a text, to compare before and after: valid until the fourth call after. */
struct fc_str worker_rows_text(struct db *db, const char *select);

/* All rows of all tables of the shop, without the journal. */
struct fc_str worker_rows_state(struct db *db);

#endif
