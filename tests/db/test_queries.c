#include "sql/queries.h"

#include "db/migrate.h"
#include "support/testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <libpq-fe.h>

/* Straight by libpq: a statement is to be prepared here without being run. */
static PGconn *pg;

static int setup(void **state)
{
    (void)state;
    testdb_migrate(sql_migrations_count);
    pg = PQconnectdb(testdb_conninfo());
    assert_int_equal(PQstatus(pg), CONNECTION_OK);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    PQfinish(pg);
    return 0;
}

/* Prepares all of them before it fails, so that one run shows everything that is wrong. */
static void prepare_all(const struct sql_query *queries, size_t count)
{
    size_t failures = 0;

    for (size_t i = 0; i < count; i++) {
        PGresult *result = PQprepare(pg, queries[i].name, queries[i].text, 0, NULL);

        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            print_error("%s: %s", queries[i].name, PQerrorMessage(pg));
            failures++;
        }
        PQclear(result);
    }
    assert_int_equal(failures, 0);
}

static void test_queries_of_programs_fit_the_schema(void **state)
{
    (void)state;
    assert_in_range(sql_queries_count, 1, DB_QUERIES_MAX / 2);
    prepare_all(sql_queries, sql_queries_count);
}

static void test_queries_of_the_audit_fit_the_schema(void **state)
{
    (void)state;
    prepare_all(sql_checks, sql_checks_count);
}

static void test_queries_find_the_schema_as_the_program_expects_it(void **state)
{
    struct db *db = testdb_open(NULL);
    struct fc_err err;

    (void)state;
    if (db_migrate_check(db, sql_migrations, sql_migrations_count, &err) != FC_OK)
        fail_msg("%s", err.text);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries_of_programs_fit_the_schema),
        cmocka_unit_test(test_queries_of_the_audit_fit_the_schema),
        cmocka_unit_test(test_queries_find_the_schema_as_the_program_expects_it),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
