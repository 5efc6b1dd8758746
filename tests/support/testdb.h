/*
 * A schema of the test's own on the server that FIRSTCOME_DATABASE names. It is the first in the
 * search path of every connection opened here, and gone after testdb_end. Trouble fails the test
 * that runs.
 */
#ifndef FC_SUPPORT_TESTDB_H
#define FC_SUPPORT_TESTDB_H

#include "db/conn.h"

/* False without FIRSTCOME_DATABASE: says so, and the program should leave with 77. */
FC_MUST_USE bool testdb_begin(void);
/* What `tests` returned, after cleaning up. */
int testdb_end(int tests);

/* The connection string with the schema in it. */
const char *testdb_conninfo(void);

/* The first so many of the project's migrations, those that are there already left out. */
void testdb_migrate(size_t count);

/* A connection to the schema; `options` as in struct db_settings. */
struct db *testdb_open(const char *options);

/* A statement without a file; the same for the same text, and never gone. */
const struct sql_query *testdb_query(const char *text);

/* Runs one statement by itself; it must succeed. */
void testdb_run(struct db *db, const char *text);
/* The first column of the first row: a smallint, integer or bigint. */
int64_t testdb_ask(struct db *db, const char *text);

/* Asks until the answer is not 0; ctest's timeout bounds it. */
void testdb_await(struct db *db, const char *text);

/* An arena of some megabytes, reset at each call. */
struct fc_arena *testdb_arena(void);

/* Turns FC_ASSERT into what expect_assert_failure() of cmocka expects. */
void testdb_catch_asserts(void);

#endif
