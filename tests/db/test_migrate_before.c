/*
 * A database that the first version of the schema and its programs left: what is added finds room
 * beside its rows, the audit finds nothing in them, and a worker of that version goes on writing
 * while its successors start.
 */
#include "sql/queries.h"

#include "db/migrate.h"
#include "support/expect.h"
#include "support/worker_rows.h"
#include "support/worker_shop.h"

static struct db *db;

#define ORDER(digit) "'00000000-0000-8000-8000-00000000000" digit "'"

/* One user, one product, one coupon and one order, as they were stored and told then. */
static const char *const before[] = {
    "insert into customer values (7, now())",
    "insert into wallet values (7, 9000, 3)",
    "insert into product values (5, 'Lantern', 3000, 'Lamps', 'on_sale', false, 1, now())",
    "insert into product_option values (50, 5, 'default', 0, 8, 0, true)",
    "insert into coupon_template values (3, 'First', 'amount', 5000, 10, 1, '2020-01-01',"
    " '2120-01-01', null, 0, 2)",
    "insert into coupon values (" ORDER(
        "5") ", 3, 7, 1, 'used', 'amount', 5000, 0, now(), null, " ORDER("6") ", 2)",
    "insert into orders values (" ORDER("6") ", 7, 'user:7', 'paid', 6000, 5000, 1000, " ORDER(
        "5") ", 'balance', '2024-03-01T01:02:03.000004Z', '2024-03-01T01:02:04Z', 1)",
    "insert into order_line values (" ORDER("6") ", 50, 5, 2, 3000)",
    "insert into counted_event values (" ORDER("e") ")",
    "insert into sales_daily values ('2024-03-01', 5, 1, 2, 6000)",
    "insert into journal (command_id, type, partition, key, actor_id, user_id, accepted_at,"
    " decided_at, body, result, events) values"
    " (" ORDER(
        "1") ", 'user.register', 1, 'user:7', 7, 7, now(), now(), '{}', '{}',"
             "  '[{\"type\":\"user.registered\",\"subject\":\"user:7\",\"version\":1,\"data\":"
             "{\"user_id\":7}}]'),"
             " (" ORDER(
                 "2") ", 'wallet.charge', 1, 'user:7', 7, 7, now(), now(), '{}', '{}',"
                      "  "
                      "'[{\"type\":\"wallet.charged\",\"subject\":\"user:7\",\"version\":2,"
                      "\"data\":"
                      "{\"user_id\":7,\"amount\":10000,\"balance\":10000}}]'),"
                      " (" ORDER(
                          "3") ", 'product.put', 2, 'product:5', 1, null, now(), now(), '{}', '{}',"
                               "  "
                               "'[{\"type\":\"product.put\",\"subject\":\"product:5\",\"version\":"
                               "1,\"data\":"
                               "{\"product_id\":5,\"options\":[{\"option_id\":50,\"is_new\":true,"
                               "\"stock\":10}]}}]'),"
                               " (" ORDER(
                                   "5") ", 'coupon.issue', 3, 'template:3', 7, 7, now(), now(), "
                                        "'{}', '{}',"
                                        "  "
                                        "'[{\"type\":\"coupon.issued\",\"subject\":\"coupon:5\","
                                        "\"version\":1,\"data\":"
                                        "{\"coupon_id\":\"00000000-0000-8000-8000-000000000005\","
                                        "\"template_id\":3,\"user_id\":7,"
                                        "\"position\":1,\"discount\":{\"type\":\"amount\","
                                        "\"value\":5000},\"min_total\":0,"
                                        "\"expires_at\":null}}]'),"
                                        " (" ORDER(
                                            "6") ", 'order.place', 1, 'user:7', 7, 7, now(), "
                                                 "now(), '{}', '{}',"
                                                 "  "
                                                 "'[{\"type\":\"wallet.used\",\"subject\":\"user:"
                                                 "7\",\"version\":3,\"data\":{\"user_id\":7,"
                                                 "\"amount\":1000,\"balance\":9000,\"order_id\":"
                                                 "\"00000000-0000-8000-8000-000000000006\"}},"
                                                 "{\"type\":\"coupon.used\",\"subject\":\"coupon:"
                                                 "5\",\"version\":2,\"data\":{\"coupon_id\":"
                                                 "\"00000000-0000-8000-8000-000000000005\",\"user_"
                                                 "id\":7,\"order_id\":"
                                                 "\"00000000-0000-8000-8000-000000000006\"}},"
                                                 "{\"type\":\"stock.taken\",\"subject\":\"order:"
                                                 "6\",\"version\":0,\"data\":{\"order_id\":"
                                                 "\"00000000-0000-8000-8000-000000000006\","
                                                 "\"lines\":[{\"option_id\":50,\"quantity\":2}]}},"
                                                 "{\"type\":\"order.paid\",\"subject\":\"order:6\","
                                                 "\"version\":1,\"data\":{\"order_id\":"
                                                 "\"00000000-0000-8000-8000-000000000006\",\"user_"
                                                 "id\":7,\"key\":\"user:7\",\"total\":6000,"
                                                 "\"discount\":5000,\"paid\":1000,\"coupon_id\":"
                                                 "\"00000000-0000-8000-8000-000000000005\","
                                                 "\"payment\":{\"method\":\"balance\"},\"ordered_"
                                                 "at\":\"2024-03-01T01:02:03.000004Z\","
                                                 "\"day\":\"2024-03-01\",\"paid_at\":\"2024-03-"
                                                 "01T01:02:04.000000Z\",\"lines\":[{"
                                                 "\"option_id\":50,\"product_id\":5,\"quantity\":2,"
                                                 "\"unit_price\":3000}]}}]')",
};

/* What a worker of then writes, in its own words: an order of one piece more. */
static const char *const meanwhile[] = {
    "insert into customer (user_id, registered_at) values (8, now())",
    "insert into wallet (user_id, balance, version) values (8, 0, 1)",
    "update wallet set balance = 6000, version = 4 where user_id = 7 and version = 3",
    "insert into orders (order_id, user_id, key, status, total, discount, paid, coupon_id,"
    " payment_method, ordered_at, paid_at, version) values (" ORDER(
        "9") ", 7, 'user:7', 'paid',"
             " 3000, 0, 3000, null, 'balance', now(), now(), 1)",
    "insert into order_line (order_id, option_id, product_id, quantity, unit_price) values (" ORDER(
        "9") ", 50, 5, 1, 3000)",
    "insert into journal (command_id, type, partition, key, actor_id, user_id, idempotency_key,"
    " accepted_at, decided_at, verdict, body, result, events, traceparent, replay_of) values "
    "(" ORDER(
        "9") ", 'order.place', 1, 'user:7', 7, 7, null, now(), now(), null, '{}', '{}', '[{}]',"
             " null, null)",
    "insert into sales_daily as s (day, product_id, orders, quantity, revenue)"
    " values ('2024-03-01', 5, 1, 1, 3000) on conflict (day, product_id) do update"
    " set orders = s.orders + excluded.orders, quantity = s.quantity + excluded.quantity,"
    " revenue = s.revenue + excluded.revenue",
};

static int setup(void **state)
{
    (void)state;
    testdb_migrate(1);
    db = testdb_open(NULL);
    for (size_t i = 0; i < FC_ARRAY_COUNT(before); i++)
        testdb_run(db, before[i]);
    testdb_migrate(sql_migrations_count);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static void test_migrate_leaves_the_rows_of_before_as_they_were(void **state)
{
    (void)state;
    assert_rows(db, "select user_id, balance, held, version from wallet", "(7,9000,0,3)");
    assert_rows(db,
                "select status, paid, from_balance, transfer_rate, transfer_discount, refunded,"
                " expires_at, failure from orders",
                "(paid,1000,0,0,0,0,,)");
    assert_rows(db, "select quantity, unit_price, shipped, category from order_line",
                "(2,3000,0,')");
    assert_rows(db, "select orders, quantity, revenue, cancelled_orders from sales_daily",
                "(1,2,6000,0)");
    assert_rows(db, "select kind, amount, balance, version from wallet_history",
                "(charge,10000,10000,2)\n(use,1000,9000,3)");
}

/* The counters that are new are made from the journal by `firstcome stats rebuild`. */
static void test_migrate_leaves_nothing_for_the_audit_to_find(void **state)
{
    (void)state;
    worker_shop_audit(db);
    assert_rows(db, "select counter, orders, orders_told from sales_audit where orders is null",
                "(all,,1)\n(category,,1)\n(option,,1)");
    assert_rows(db, "select orders, orders_told from sales_audit where orders is not null",
                "(1,1)");
}

/* Behind the others, as it leaves its rows. */
static void test_migrate_lets_a_worker_of_before_go_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(meanwhile); i++)
        testdb_run(db, meanwhile[i]);
    assert_rows(db, "select user_id, balance, held from wallet", "(7,6000,0)\n(8,0,0)");
    assert_rows(db, "select orders, quantity, revenue from sales_daily", "(2,3,9000)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_migrate_leaves_the_rows_of_before_as_they_were),
        cmocka_unit_test(test_migrate_leaves_nothing_for_the_audit_to_find),
        cmocka_unit_test(test_migrate_lets_a_worker_of_before_go_on),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
