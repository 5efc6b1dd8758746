/*
 * Every statement of a worker finds its rows by an index, with the options of a worker's session
 * and plans made once for all parameters: in a young database, in one with 50,000 rows a table
 * without and with statistics, and in one that grew to that in a minute. A scan here is an outage
 * there. And the rows that updates lock are locked in the order in which they are given.
 */
#include "support/expect.h"
#include "support/testdb.h"
#include "support/worker_rows.h"

#include "skeleton/links.h"
#include "sql/queries.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

/* What of sql/queries workers use: whole areas, and some of others. */
static const char *const areas[] = {"load_",         "store_",        "journal_", "park_",
                                    "policy_insert", "policy_newest", "stats_"};

/* generate_series(1, rows) n follows. */
static const char *const fill[] = {
    "insert into customer select n, now() from",
    "insert into wallet select n, 1000, 1 from",
    "insert into product select n, 'product ' || n, 10, 'c' || n % 50, 'on_sale', false, 1, now()"
    " from",
    "insert into product_option select n, n / 2 + 1, 'o' || n, 0, 5, 0, false"
    " from",
    "insert into coupon_template select n, 't', 'amount', 5, 10, 0, now(), now() + interval '1d',"
    " null, 0, 1 from",
    "insert into coupon select gen_random_uuid(), n % 5, n, n, 'available', 'amount', 5, 0, now(),"
    " null, null, 1 from",
    "insert into orders select gen_random_uuid(), n, 'user:' || n, 'paid', 10, 0, 10, null, "
    "'balance',"
    " now(), now(), 1 from",
    "insert into order_line select gen_random_uuid(), n, 1, 1, 10 from",
    "insert into journal (command_id, type, partition, key, actor_id, user_id, idempotency_key,"
    " accepted_at, decided_at, body, result) select gen_random_uuid(), 'wallet.charge', 1,"
    " 'user:' || n, n, n, 'key ' || n, now(), now(), '{}', '{}' from",
    "insert into parked (queue, reason, bytes, delivery_count, worker) select 'order.1', 'r',"
    " ('b' || n)::bytea, 0, 'w' from",
    "insert into poison_attempt select gen_random_uuid(), 1, now(), now(), 'w'"
    " from",
    "insert into counted_event select gen_random_uuid() from",
    "insert into sales_daily select date '2026-01-01' + n % 100, n, 1, 1, 1"
    " from",
    "insert into sales_option_daily select date '2026-01-01' + n % 100, n, n, 1, 1, 1"
    " from",
    "insert into sales_category_daily select date '2026-01-01' + n % 100, n, 1, 1, 1"
    " from",
    "insert into sales_total_daily select date '2026-01-01' + n, 1, 1, 1"
    " from",
    "insert into sales_closed select date '2026-01-01' + n % 100, n, 1, 1, 1"
    " from",
    "insert into day_closed select date '2026-01-01' + n, now()"
    " from",
    "insert into policy select n, '{}', now() from",
};

static struct db *db;

static int setup(void **state)
{
    (void)state;
    worker_rows_migrate();
    db = testdb_open(NULL);
    /* What is known of the tables is part of each case. An analyse by the server in the middle of a
     * fill takes the pages for full of nothing. */
    testdb_run(db, "do $$ declare t text; begin"
                   " for t in select tablename from pg_tables where schemaname = 'public' loop"
                   " execute format('alter table %I set (autovacuum_enabled = false)', t);"
                   " end loop; end $$");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

/* A session as links.c opens it; straight by libpq, as EXPLAIN takes no parameters. */
static PGconn *open_session(void)
{
    PGconn *pg = PQconnectdb(testdb_conninfo());
    char set[] = LINKS_SESSION_OPTIONS;

    assert_int_equal(PQstatus(pg), CONNECTION_OK);
    for (char *option = set; option != NULL;) {
        char *next = strstr(option + 1, "-c ");
        char text[128];

        if (next != NULL)
            next[-1] = '\0';
        (void)snprintf(text, sizeof(text), "set %s", option + 3);
        PGresult *result = PQexec(pg, text);

        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            fail_msg("%s: %s", text, PQerrorMessage(pg));
        PQclear(result);
        option = next;
    }
    return pg;
}

static void prepare(PGconn *pg, const struct sql_query *query)
{
    PGresult *result = PQprepare(pg, query->name, query->text, 0, NULL);

    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", query->name, PQerrorMessage(pg));
    PQclear(result);
}

/* explain execute name(null, null, …) */
static PGresult *explain(PGconn *pg, const struct sql_query *query, bool is_prepared)
{
    char text[512];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    if (!is_prepared)
        prepare(pg, query);
    PGresult *prepared = PQdescribePrepared(pg, query->name);
    fc_buf_put_fmt(&buf, "explain execute %s(", query->name);
    for (int i = 0; i < PQnparams(prepared); i++)
        fc_buf_put_text(&buf, i == 0 ? "null" : ", null");
    fc_buf_put_text(&buf, ")");
    fc_buf_put_char(&buf, '\0');
    assert_false(buf.overflow);
    PQclear(prepared);
    PGresult *plan = PQexec(pg, text);

    if (PQresultStatus(plan) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", text, PQerrorMessage(pg));
    return plan;
}

/* A scan of a table, or of a whole index: an index is of use with a condition only. */
static bool plan_scans(const PGresult *plan)
{
    bool wants_condition = false;

    for (int row = 0; row < PQntuples(plan); row++) {
        const char *line = PQgetvalue(plan, row, 0);

        if (wants_condition && strstr(line, "Index Cond") == NULL)
            return true;
        wants_condition =
            strstr(line, "Index Scan") != NULL || strstr(line, "Index Only Scan") != NULL;
        if (strstr(line, "Seq Scan") != NULL || strstr(line, "Hash Join") != NULL)
            return true;
    }
    return wants_condition;
}

static const struct sql_query *query_named(const char *name)
{
    for (size_t i = 0; i < sql_queries_count; i++)
        if (strcmp(sql_queries[i].name, name) == 0)
            return &sql_queries[i];
    fail_msg("%s is no query", name);
    return NULL;
}

static bool is_a_workers(const struct sql_query *query)
{
    for (size_t i = 0; i < FC_ARRAY_COUNT(areas); i++)
        if (fc_str_starts_with(fc_str_of(query->name), fc_str_of(areas[i])))
            return true;
    return false;
}

/* How many statements scan; says which when none should. */
static int count_scans(PGconn *pg, bool prepared, bool expected)
{
    int seen = 0;
    int scans = 0;

    for (size_t i = 0; i < sql_queries_count; i++) {
        if (!is_a_workers(&sql_queries[i]))
            continue;
        PGresult *plan = explain(pg, &sql_queries[i], prepared);

        seen++;
        if (plan_scans(plan)) {
            scans++;
            for (int row = 0; row < PQntuples(plan) && !expected; row++)
                print_error("%s: %s\n", sql_queries[i].name, PQgetvalue(plan, row, 0));
        }
        PQclear(plan);
    }
    assert_in_range(seen, 25, 100);
    return scans;
}

static int line_with(const PGresult *plan, const char *words)
{
    int row = 0;

    while (row < PQntuples(plan) && strstr(PQgetvalue(plan, row, 0), words) == NULL)
        row++;
    return row;
}

/* What comes sorted is locked in its order: row by row, each found by its key; or the table is gone
 * through in the order of the key. */
static void expect_locks_in_order(PGconn *pg)
{
    static const char *const names[] = {"store_wallet_update", "store_option_move",
                                        "store_coupon_update"};

    for (size_t i = 0; i < FC_ARRAY_COUNT(names); i++) {
        PGresult *plan = explain(pg, query_named(names[i]), true);
        int join = line_with(plan, "Nested Loop");
        int sorted = line_with(plan, "ProjectSet");
        int table = line_with(plan, "Index Scan using");

        if (join > sorted || join > table || table == PQntuples(plan) ||
            sorted == PQntuples(plan) ||
            (sorted > table && strstr(PQgetvalue(plan, table, 0), "_pkey on ") == NULL))
            fail_msg("%s locks in another order", names[i]);
        PQclear(plan);
    }
}

static void expect_indexes(void)
{
    PGconn *pg = open_session();

    assert_int_equal(count_scans(pg, false, false), 0);
    expect_locks_in_order(pg);
    PQfinish(pg);
}

/* The same with fewer rows: every generate_series is cut to them. */
static void fill_tables(int rows)
{
    char text[1024];

    worker_rows_clear(db);
    for (size_t i = 0; i < FC_ARRAY_COUNT(fill); i++) {
        (void)snprintf(text, sizeof(text), "%s generate_series(1, %d) n", fill[i], rows);
        testdb_run(db, text);
    }
}

static void test_shop_plans_use_indexes_in_an_empty_database(void **state)
{
    (void)state;
    worker_rows_clear(db);
    expect_indexes();
}

static void test_shop_plans_use_indexes_before_the_first_analyse(void **state)
{
    (void)state;
    fill_tables(50000);
    expect_indexes();
}

static void test_shop_plans_use_indexes_with_statistics(void **state)
{
    (void)state;
    fill_tables(50000);
    testdb_run(db, "analyze");
    expect_indexes();
}

/* For one row a scan is right, and the plan stays when there are 50,000: a worker has its plans
 * made anew each second (leases.c). */
static void test_shop_plans_of_a_small_database_are_left_as_it_grows(void **state)
{
    PGconn *pg = open_session();

    (void)state;
    fill_tables(1);
    testdb_run(db, "analyze");
    assert_in_range(count_scans(pg, false, true), 1, 100);
    expect_locks_in_order(pg);
    fill_tables(50000);
    PGresult *result = PQexec(pg, sql_lease_replan.text);

    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    assert_int_equal(count_scans(pg, true, false), 0);
    PQfinish(pg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shop_plans_use_indexes_in_an_empty_database),
        cmocka_unit_test(test_shop_plans_use_indexes_before_the_first_analyse),
        cmocka_unit_test(test_shop_plans_use_indexes_with_statistics),
        cmocka_unit_test(test_shop_plans_of_a_small_database_are_left_as_it_grows),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
