/* Reads find what they are asked for by an index, among ten thousand products, users, orders. */
#include "support/expect.h"
#include "support/testdb.h"
#include "support/worker_rows.h"

#include "sql/queries.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

static struct db *db;

static int setup(void **state)
{
    (void)state;
    worker_rows_migrate();
    db = testdb_open(NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static void fill_warehouse(void)
{
    worker_rows_clear(db);
    testdb_run(db, "insert into product select n, 'thing ' || md5(n::text), n % 1000 * 100,"
                   " 'c' || n % 500, 'on_sale', false, 1, timestamptz '2026-01-01'"
                   " + n * interval '1 minute' from generate_series(1, 10000) n");
    testdb_run(db, "insert into product_option select n, n / 3 + 1, 'o' || n, 0, n % 7, 0, false"
                   " from generate_series(3, 29999) n");
    testdb_run(db, "vacuum (analyze) product");
    testdb_run(db, "vacuum (analyze) product_option");
}

/* A statement with values for its parameters, and the index that it is to use. */
struct wanted_plan {
    const struct sql_query *query;
    const char *values;
    const char *index;
};

static const struct wanted_plan plans[] = {
    {&sql_read_products_newest, "null, null, false, null, null, 21", "product_newest"},
    {&sql_read_products_newest, "5000, 90000, true, '2026-01-03', 700, 21", "product_newest"},
    {&sql_read_products_cheapest, "null, null, false, null, null, 21", "product_price"},
    {&sql_read_products_cheapest, "5000, 5100, true, 5000, 50, 21", "product_price"},
    {&sql_read_products_dearest, "null, null, false, null, null, 21", "product_price"},
    {&sql_read_products_dearest, "5000, 5100, true, 5100, 9000, 21", "product_price"},
    {&sql_read_products_by_name, "null, null, false, null, null, 21", "product_name_unique"},
    {&sql_read_products_by_name, "100, null, true, 'thing 8', 1, 21", "product_name_unique"},
    {&sql_read_products_found, "'%ab12%', null, null, false, 0, null, null, null, null, 21",
     "product_name_trigram"},
    {&sql_read_products_found, "'%ab12%', 100, 90000, true, 3, 7, null, null, 'thing', 21",
     "product_name_trigram"},
    {&sql_read_products_of_category, "'c7', null, null, false, 0, null, null, null, null, 21, null",
     "product_category"},
    {&sql_read_products_of_category, "'c7', 100, 90000, true, 1, 7, null, 50000, null, 21, '%a%'",
     "product_category"},
};

static PGresult *run(PGconn *pg, const char *text)
{
    PGresult *result = PQexec(pg, text);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        fail_msg("%s: %s", text, PQerrorMessage(pg));
    return result;
}

static void check_plan(PGconn *pg, const struct wanted_plan *wanted)
{
    char text[512];
    bool uses = false;

    (void)snprintf(text, sizeof(text), "explain execute %s(%s)", wanted->query->name,
                   wanted->values);
    PGresult *plan = run(pg, text);

    for (int row = 0; row < PQntuples(plan); row++) {
        const char *line = PQgetvalue(plan, row, 0);

        uses = uses || strstr(line, wanted->index) != NULL;
        if (strstr(line, "Seq Scan") != NULL)
            fail_msg("%s: %s", text, line);
    }
    if (!uses)
        fail_msg("%s does not use %s", text, wanted->index);
    PQclear(plan);
}

/* Whether the plan is made for these values or once for all. */
static void check_plans(const struct wanted_plan *wanted, size_t count)
{
    static const char *const modes[] = {"force_custom_plan", "force_generic_plan"};
    PGconn *pg = PQconnectdb(testdb_conninfo());
    char text[64];

    assert_int_equal(PQstatus(pg), CONNECTION_OK);
    for (size_t mode = 0; mode < FC_ARRAY_COUNT(modes); mode++) {
        (void)snprintf(text, sizeof(text), "set plan_cache_mode = %s", modes[mode]);
        PQclear(run(pg, text));
        PQclear(run(pg, "deallocate all"));
        for (size_t i = 0; i < count; i++) {
            const struct sql_query *query = wanted[i].query;

            if (i == 0 || wanted[i - 1].query != query)
                PQclear(PQprepare(pg, query->name, query->text, 0, NULL));
            check_plan(pg, &wanted[i]);
        }
    }
    PQfinish(pg);
}

static void test_read_plans_products_are_found_by_an_index(void **state)
{
    (void)state;
    fill_warehouse();
    check_plans(plans, FC_ARRAY_COUNT(plans));
}

/* Users with some orders, changes and coupons each; one has ten thousand of them. */
static void fill_books(void)
{
    static const char *const fill[] = {
        "insert into customer select n, now() from generate_series(1, 10000) n",
        "insert into wallet select n, 1000, 1 from generate_series(1, 10000) n",
        "insert into orders (order_id, user_id, key, status, total, discount, paid, payment_method,"
        " ordered_at, paid_at, version) select md5(n::text)::uuid, case when n % 2 = 0 then 1 else"
        " n % 10000 + 1 end, 'user:1', 'paid', 1, 0, 1, 'balance', now(), now(), 1"
        " from generate_series(1, 20000) n",
        "insert into order_line select order_id, n, n, 1, 1"
        " from orders cross join generate_series(1, 2) n",
        "insert into coupon select gen_random_uuid(), n, case when n % 2 = 0 then 1 else"
        " n % 10000 + 1 end, 1, 'available', 'amount', 5, 0, now(), null, null, 1"
        " from generate_series(1, 20000) n",
        "insert into journal (command_id, type, partition, key, user_id, accepted_at, decided_at,"
        " body, result, events, order_id) select case when n % 3 = 0 then gen_random_uuid() else"
        " md5(n::text)::uuid end, 't', 1, 'user:1', case when n % 2 = 0 then 1 else n % 10000 + 1"
        " end, now(), now(), '{}', '{}', '[{\"type\":\"wallet.used\",\"version\":1,\"data\":"
        "{\"amount\":1,\"balance\":1}}]', case when n % 3 = 0 then md5((n + 1)::text)::uuid end"
        " from generate_series(1, 20000) n",
        "analyze",
    };

    worker_rows_clear(db);
    for (size_t i = 0; i < FC_ARRAY_COUNT(fill); i++)
        testdb_run(db, fill[i]);
}

#define SOME_ORDER "md5('4')::uuid"

static void test_read_plans_what_is_a_users_is_found_by_an_index(void **state)
{
    static const struct wanted_plan wanted[] = {
        {&sql_read_order, SOME_ORDER, "orders_pkey"},
        {&sql_read_order_key, SOME_ORDER, "orders_pkey"},
        {&sql_read_coupon_key, SOME_ORDER, "coupon_pkey"},
        {&sql_read_order_history, SOME_ORDER ", null, null, 21, 500000", "journal_of_order"},
        {&sql_read_order_history, SOME_ORDER ", 7, 1, 21, 500000", "journal_pkey"},
        {&sql_read_user_orders, "1, null, 21, 4000", "orders_of_user"},
        {&sql_read_user_orders, "2, " SOME_ORDER ", 21, 4000", "orders_of_user"},
        {&sql_read_balance, "1", "wallet_pkey"},
        {&sql_read_balance_history, "1, null, null, 21", "journal_of_user"},
        {&sql_read_balance_history, "2, 500, 1, 21", "journal_of_user"},
    };

    (void)state;
    fill_books();
    check_plans(wanted, FC_ARRAY_COUNT(wanted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_plans_products_are_found_by_an_index),
        cmocka_unit_test(test_read_plans_what_is_a_users_is_found_by_an_index),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
