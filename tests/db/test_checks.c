#include "sql/queries.h"

#include "db/migrate.h"
#include "support/testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct db *db;

/* A shop of one user, one product and one coupon after one order, as the workers leave it. */
static const char *const shop[] = {
    "insert into customer values (7, now())",
    "insert into wallet values (7, 9000, 3)",
    "insert into product values (5, 'Lantern', 3000, 'Lamps', 'on_sale', false, 1, now())",
    "insert into product_option values (50, 5, 'default', 0, 13, 0, true)",
    "insert into coupon_template values (3, 'First', 'amount', 5000, 10, 1, '2020-01-01',"
    " '2120-01-01', null, 0, 2)",
    "insert into coupon values ('00000000-0000-8000-8000-000000000005', 3, 7, 1, 'used', 'amount',"
    " 5000, 0, now(), null, '00000000-0000-8000-8000-000000000006', 2)",
    "insert into orders values ('00000000-0000-8000-8000-000000000006', 7, 'user:7', 'paid', 6000,"
    " 5000, 1000, '00000000-0000-8000-8000-000000000005', 'balance', now(), now(), 1)",
    "insert into order_line values ('00000000-0000-8000-8000-000000000006', 50, 5, 2, 3000)",
    "insert into counted_event values ('00000000-0000-8000-8000-00000000000e')",
    "insert into sales_daily values ('2024-03-01', 5, 1, 2, 6000)",
    "insert into journal (command_id, type, partition, key, actor_id, user_id, idempotency_key,"
    " accepted_at, decided_at, verdict, body, result, events, replay_of) values"
    " ('00000000-0000-8000-8000-000000000001', 'user.register', 1, 'user:7', 7, 7, 'r', now(),"
    "  now(), null, '{}', '{\"user_id\":7}', '[{\"type\":\"user.registered\",\"version\":1,"
    "  \"data\":{\"user_id\":7}}]', null),"
    " ('00000000-0000-8000-8000-000000000002', 'wallet.charge', 1, 'user:7', 7, 7, 'c', now(),"
    "  now(), null, '{\"amount\":10000}', '{\"balance\":10000}', '[{\"type\":\"wallet.charged\","
    "  \"version\":2,\"data\":{\"user_id\":7,\"amount\":10000,\"balance\":10000}}]', null),"
    " ('00000000-0000-8000-8000-000000000003', 'product.put', 2, 'product:5', 1, null, null, now(),"
    "  now(), null, '{}', '{}', '[{\"type\":\"product.put\",\"version\":1,\"data\":{"
    "  \"product_id\":5,\"options\":[{\"option_id\":50,\"is_new\":true,\"stock\":10}]}}]', null),"
    " ('00000000-0000-8000-8000-000000000004', 'option.restock', 2, 'product:5', 1, null, null,"
    "  now(), now(), null, '{}', '{}', '[{\"type\":\"stock.restocked\",\"version\":0,\"data\":{"
    "  \"option_id\":50,\"product_id\":5,\"quantity\":5}}]', null),"
    " ('00000000-0000-8000-8000-000000000005', 'coupon.issue', 3, 'template:3', 7, 7, 'i', now(),"
    "  now(), null, '{}', '{}', '[{\"type\":\"coupon.issued\",\"version\":1,\"data\":{"
    "  \"coupon_id\":\"00000000-0000-8000-8000-000000000005\",\"template_id\":3,\"user_id\":7,"
    "  \"position\":1}}]', null),"
    " ('00000000-0000-8000-8000-000000000006', 'order.place', 1, 'user:7', 7, 7, 'o', now(), now(),"
    "  null, '{}', '{}', '[{\"type\":\"wallet.used\",\"version\":3,\"data\":{\"user_id\":7,"
    "  \"amount\":1000,\"balance\":9000}},\n{\"type\":\"stock.taken\",\"version\":0,\"data\":{"
    "  \"order_id\":\"00000000-0000-8000-8000-000000000006\",\"lines\":[{\"option_id\":50,"
    "  \"quantity\":2}]}},\n{\"type\":\"order.paid\",\"version\":1,\"data\":{\"total\":6000,"
    "  \"discount\":5000,\"paid\":1000,\"day\":\"2024-03-01\",\"lines\":[{\"option_id\":50,"
    "  \"product_id\":5,\"quantity\":2,\"unit_price\":3000}]}}]', null),"
    " ('00000000-0000-8000-8000-000000000007', 'wallet.charge', 1, 'user:7', 7, 7, null, now(),"
    "  now(), null, '{\"amount\":10000}', '{\"balance\":10000}', null,"
    "  '00000000-0000-8000-8000-000000000002'),"
    " ('00000000-0000-8000-8000-000000000008', 'order.place', 1, 'user:7', 7, 7, 'n', now(), now(),"
    "  'insufficient_stock', '{}', '{\"code\":\"insufficient_stock\"}', null, null)",
};

/* What somebody did to the tables, and the check that has to find it. */
static const struct {
    const char *check;
    const char *deed;
} deeds[] = {
    {"wallet_is_its_history", "update wallet set balance = 9001"},
    {"wallet_is_its_history", "update wallet set version = 4"},
    {"wallet_is_its_history", "delete from wallet"},
    {"wallet_history_runs_on", "update journal set events = replace(events, '\"balance\":9000',"
                               " '\"balance\":9500')"},
    {"wallet_history_runs_on", "update journal set events = replace(events, '\"version\":3',"
                               " '\"version\":4')"},
    {"user_has_a_wallet", "delete from wallet"},
    {"user_has_a_wallet", "delete from journal where type = 'user.register'"},
    {"stock_is_its_history", "update product_option set total = 12"},
    {"stock_is_its_history", "delete from journal where type = 'option.restock'"},
    {"stock_is_its_history", "delete from journal where type = 'product.put'"},
    {"stock_reserved_is_unpaid", "update product_option set reserved = 1"},
    {"stock_reserved_is_unpaid", "update orders set status = 'pending_payment'"},
    {"stock_taken_is_sold", "update order_line set quantity = 3"},
    {"stock_taken_is_sold", "delete from order_line"},
    {"option_knows_its_orders", "update product_option set ordered = false"},
    {"option_knows_its_orders", "delete from product_option"},
    {"option_knows_its_orders", "update order_line set product_id = 6"},
    {"order_is_its_lines", "update order_line set unit_price = 2999"},
    {"order_is_its_lines", "delete from order_line"},
    {"order_is_its_command", "delete from orders"},
    {"order_is_its_command", "update journal set verdict = 'unknown_user'"},
    {"order_is_its_command", "update orders set user_id = 8"},
    {"order_is_its_event", "update orders set total = 7000, paid = 2000"},
    {"order_is_its_event", "update journal set events = replace(events, '\"amount\":1000,',"
                           " '\"amount\":1001,')"},
    {"coupon_template_counts", "update coupon_template set issued = 2"},
    {"coupon_template_counts", "delete from coupon"},
    {"coupon_template_counts", "delete from coupon_template"},
    {"coupon_positions", "update coupon set position = 2"},
    {"coupon_is_its_event", "update coupon set user_id = 8"},
    {"coupon_is_its_event", "delete from coupon"},
    {"coupon_used_in_its_order", "update coupon set status = 'available', order_id = null"},
    {"coupon_used_in_its_order", "update orders set coupon_id = null"},
    {"coupon_used_in_its_order", "update orders set status = 'cancelled'"},
    {"verdict_has_its_result", "update journal set verdict = null where verdict is not null"},
    {"verdict_has_its_result", "update journal set verdict = 'unknown_user'"
                               " where verdict is not null"},
    {"verdict_has_its_result", "update journal set events = null where type = 'product.put'"},
    {"verdict_has_its_result", "update journal set events = '[]' where replay_of is not null"},
    {"replay_has_its_first", "update journal set actor_id = 8 where replay_of is not null"},
    {"replay_has_its_first", "update journal set body = '{}' where replay_of is not null"},
    {"replay_has_its_first", "update journal set idempotency_key = null"},
    {"command_has_one_fate", "insert into parked (queue, command_id, reason, bytes,"
                             " delivery_count, worker) values ('order.1',"
                             " '00000000-0000-8000-8000-000000000002', 'x', 'x', 0, 'order-1')"},
    {"key_has_one_line", "update journal set partition = 9 where type = 'wallet.charge'"},
    {"counters_are_their_events", "update sales_daily set quantity = 3"},
    {"counters_are_their_events", "update sales_daily set day = '2024-03-02'"},
    {"counters_are_up_to_date", "update sales_daily set orders = 0"},
    {"counters_are_up_to_date", "delete from sales_daily"},
    {"counters_are_up_to_date", "delete from counted_event"},
};

static const struct sql_query *check_named(const char *name)
{
    for (size_t i = 0; i < sql_checks_count; i++)
        if (strcmp(sql_checks[i].name, name) == 0)
            return &sql_checks[i];
    fail_msg("there is no check %s", name);
    return NULL;
}

static int32_t found_by(const struct sql_query *check)
{
    struct fc_err err;

    db_send(db, check, NULL);
    if (db_exchange(db, &err) != FC_OK)
        fail_msg("%s: %s", check->name, err.text);
    return db_rows_count(db_rows(db, 0));
}

static int setup(void **state)
{
    struct fc_err err;

    (void)state;
    if (db_migrate(testdb_conninfo(), sql_migrations, sql_migrations_count, NULL, NULL, &err) !=
        FC_OK)
        fail_msg("%s", err.text);
    db = testdb_open(NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static void test_checks_find_nothing_in_an_empty_shop(void **state)
{
    (void)state;
    for (size_t i = 0; i < sql_checks_count; i++)
        if (found_by(&sql_checks[i]) != 0)
            fail_msg("%s found something", sql_checks[i].name);
}

static void test_checks_find_nothing_in_a_shop_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(shop) / sizeof(shop[0]); i++)
        testdb_run(db, shop[i]);
    for (size_t i = 0; i < sql_checks_count; i++)
        if (found_by(&sql_checks[i]) != 0)
            fail_msg("%s found something", sql_checks[i].name);
}

/* Behind the test above, whose shop stands. */
static void test_checks_find_each_deed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++) {
        testdb_run(db, "begin");
        /* The tables' own constraints would stop most of it before. */
        testdb_run(db, "set local session_replication_role = replica");
        testdb_run(db, deeds[i].deed);
        if (found_by(check_named(deeds[i].check)) == 0)
            fail_msg("%s did not find: %s", deeds[i].check, deeds[i].deed);
        testdb_run(db, "rollback");
    }
}

static void test_checks_each_have_a_deed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sql_checks_count; i++) {
        bool has_one = false;

        for (size_t k = 0; k < sizeof(deeds) / sizeof(deeds[0]); k++)
            has_one = has_one || strcmp(deeds[k].check, sql_checks[i].name) == 0;
        if (!has_one)
            fail_msg("no deed shows that %s can find something", sql_checks[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checks_find_nothing_in_an_empty_shop),
        cmocka_unit_test(test_checks_find_nothing_in_a_shop_in_order),
        cmocka_unit_test(test_checks_find_each_deed),
        cmocka_unit_test(test_checks_each_have_a_deed),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
