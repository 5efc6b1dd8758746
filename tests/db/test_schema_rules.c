/*
 * Every CHECK that the first four migrations made has a row that breaks it, and that row is refused
 * as well after 0005, which says by domains what one column may hold. The catalogue is asked for
 * the rules that there are: one without such a row fails the test.
 */
#include "sql/queries.h"

#include "db/migrate.h"
#include "support/expect.h"
#include "support/testdb.h"

#include <stdio.h>
#include <string.h>

#define MIGRATIONS_BEFORE_DOMAINS 4
#define ID "'00000000-0000-8000-8000-000000000006'"

static struct db *db;

static const char *const rows[] = {
    "insert into customer values (7, now())",
    "insert into wallet (user_id, balance, version, held) values (7, 9000, 3, 100)",
    "insert into product values (5, 'Lantern', 3000, 'Lamps', 'on_sale', false, 1, now())",
    "insert into product_option values (50, 5, 'default', 0, 8, 2, true)",
    "insert into coupon_template values (3, 'First', 'amount', 15000, 10, 1, '2020-01-01',"
    " '2120-01-01', null, 0, 2)",
    "insert into coupon values (" ID ", 3, 7, 1, 'used', 'amount', 5000, 0, now(), null, " ID
    ", 2)",
    "insert into orders (order_id, user_id, key, status, total, discount, paid, payment_method,"
    " ordered_at, version) values (" ID ", 7, 'user:7', 'paid', 6000, 5000, 1000, 'balance',"
    " now(), 1)",
    "insert into order_line (order_id, option_id, product_id, quantity, unit_price) values (" ID
    ", 50, 5, 2, 3000)",
    "insert into parked (queue, reason, bytes, delivery_count, worker) values ('order.1', 'r',"
    " 'b', 0, 'w')",
};

/* The rule that a deed breaks, before 0005 and after it. */
static const struct {
    const char *before;
    const char *after;
    const char *deed;
} deeds[] = {
    {"customer_user_id_check", "customer_user_id_check", "insert into customer values (0, now())"},
    {"wallet_balance_check", "won_are_a_sum", "update wallet set balance = 1000000000000001"},
    {"held_is_there", "won_are_a_sum", "update wallet set balance = -1"},
    {"held_is_there", "won_are_a_sum", "update wallet set held = -1"},
    {"held_is_there", "held_is_there", "update wallet set held = 9001"},
    {"held_is_there", "held_is_there", "update wallet set balance = 99"},
    {"wallet_version_check", "positive_is_above_0", "update wallet set version = 0"},
    {"product_product_id_check", "product_product_id_check",
     "insert into product values (0, 'n', 1, 'c', 'on_sale', false, 1, now())"},
    {"product_name_check", "product_name_check", "update product set name = ''"},
    {"product_price_check", "product_price_check", "update product set price = -1"},
    {"product_status_check", "product_status_check", "update product set status = 'lost'"},
    {"product_version_check", "product_version_check", "update product set version = 0"},
    {"product_option_option_id_check", "product_option_option_id_check",
     "insert into product_option values (0, 5, 'n', 0, 1, 0, false)"},
    {"product_option_name_check", "product_option_name_check",
     "update product_option set name = ''"},
    {"product_option_total_check", "pieces_are_a_stock",
     "update product_option set total = 1000000001"},
    {"stock_is_there", "pieces_are_a_stock", "update product_option set total = -1, reserved = -1"},
    {"stock_is_there", "pieces_are_a_stock", "update product_option set reserved = -1"},
    {"stock_is_there", "stock_is_there", "update product_option set reserved = 9"},
    {"stock_is_there", "stock_is_there", "update product_option set total = 1"},
    {"coupon_template_template_id_check", "coupon_template_template_id_check",
     "update coupon_template set template_id = 0"},
    {"coupon_template_discount_type_check", "discount_type_is_known",
     "update coupon_template set discount_type = 'gift'"},
    {"coupon_template_discount_value_check", "positive_is_above_0",
     "update coupon_template set discount_value = 0"},
    {"coupon_template_quantity_check", "not_negative_is_none_below_0",
     "update coupon_template set quantity = -1"},
    {"coupon_template_issued_check", "not_negative_is_none_below_0",
     "update coupon_template set issued = -1"},
    {"coupon_template_valid_days_check", "positive_integer_is_above_0",
     "update coupon_template set valid_days = 0"},
    {"coupon_template_min_total_check", "not_negative_is_none_below_0",
     "update coupon_template set min_total = -1"},
    {"coupon_template_version_check", "positive_is_above_0",
     "update coupon_template set version = 0"},
    {"rate_is_a_rate", "rate_is_a_rate", "update coupon_template set discount_type = 'rate'"},
    {"never_more_than_quantity", "never_more_than_quantity",
     "update coupon_template set issued = 11"},
    {"window_opens_first", "window_opens_first",
     "update coupon_template set issue_until = issue_from"},
    {"coupon_position_check", "positive_is_above_0", "update coupon set position = 0"},
    {"coupon_status_check", "coupon_status_is_known",
     "update coupon set status = 'lost', order_id = null"},
    {"coupon_discount_type_check", "discount_type_is_known",
     "update coupon set discount_type = 'gift'"},
    {"coupon_discount_value_check", "positive_is_above_0", "update coupon set discount_value = 0"},
    {"coupon_min_total_check", "not_negative_is_none_below_0", "update coupon set min_total = -1"},
    {"coupon_version_check", "positive_is_above_0", "update coupon set version = 0"},
    {"used_in_an_order", "used_in_an_order", "update coupon set order_id = null"},
    {"used_in_an_order", "used_in_an_order", "update coupon set status = 'available'"},
    {"orders_status_check", "order_status_is_known", "update orders set status = 'lost'"},
    {"orders_total_check", "won_are_a_sum",
     "update orders set total = 1000000000000001, paid = 999999999995001"},
    {"discount_in_total", "won_are_a_sum", "update orders set total = -1, discount = 0, paid = -1"},
    {"discount_in_total", "won_are_a_sum", "update orders set discount = -1, paid = 6001"},
    {"discount_in_total", "won_are_a_sum", "update orders set discount = 6001, paid = -1"},
    {"discount_in_total", "paid_is_the_rest", "update orders set discount = 6001"},
    {"paid_is_the_rest", "paid_is_the_rest", "update orders set paid = 999"},
    {"orders_payment_method_check", "payment_method_is_known",
     "update orders set payment_method = 'cash'"},
    {"orders_version_check", "positive_is_above_0", "update orders set version = 0"},
    {"orders_failure_check", "payment_failure_is_known",
     "update orders set status = 'failed', failure = 'lost'"},
    {"transfer_rate_is_a_rate", "basis_points_are_a_rate", "update orders set transfer_rate = -1"},
    {"transfer_rate_is_a_rate", "basis_points_are_a_rate",
     "update orders set transfer_rate = 10001"},
    {"from_balance_in_paid", "won_are_a_sum", "update orders set from_balance = -1"},
    {"from_balance_in_paid", "from_balance_in_paid", "update orders set from_balance = 1001"},
    {"transfer_discount_in_discount", "won_are_a_sum", "update orders set transfer_discount = -1"},
    {"transfer_discount_in_discount", "transfer_discount_in_discount",
     "update orders set transfer_discount = 5001"},
    {"refunded_is_cancelled", "refunded_is_cancelled", "update orders set refunded = 1"},
    {"failed_has_its_reason", "failed_has_its_reason", "update orders set status = 'failed'"},
    {"failed_has_its_reason", "failed_has_its_reason", "update orders set failure = 'declined'"},
    {"pending_has_its_end", "pending_has_its_end", "update orders set status = 'pending_payment'"},
    {"pending_has_its_end", "pending_has_its_end", "update orders set expires_at = now()"},
    {"order_line_quantity_check", "positive_integer_is_above_0",
     "update order_line set quantity = 0"},
    {"order_line_unit_price_check", "not_negative_is_none_below_0",
     "update order_line set unit_price = -1"},
    {"shipped_in_quantity", "not_negative_integer_is_none_below_0",
     "update order_line set shipped = -1"},
    {"shipped_in_quantity", "shipped_in_quantity", "update order_line set shipped = 3"},
    {"parked_resolution_check", "parked_resolution_check",
     "update parked set resolved_at = now(), resolution = 'lost'"},
    {"parked_check", "parked_check", "update parked set resolution = 'dropped'"},
};

static int setup(void **state)
{
    (void)state;
    testdb_migrate(MIGRATIONS_BEFORE_DOMAINS);
    db = testdb_open(NULL);
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        testdb_run(db, rows[i]);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

static void expect_refused(const char *deed, const char *rule)
{
    struct fc_err err;
    char told[128];

    (void)snprintf(told, sizeof(told), "(constraint %s)", rule);
    db_send(db, testdb_query(deed), NULL);
    if (db_exchange(db, &err) == FC_OK)
        fail_msg("%s: was done, beside %s", deed, rule);
    if (!db_err_is(&err, "23514") || strstr(err.text, told) == NULL)
        fail_msg("%s: %s, not %s: %s", deed, err.code, rule, err.text);
    assert_int_equal(err.cure, FC_CURE_RETRY);
}

/* A rule that nobody breaks here may have been lost without being missed. */
static void expect_all_broken(bool after)
{
    testdb_run(db, "select distinct conname::text from pg_constraint"
                   " where contype = 'c' and connamespace = current_schema::regnamespace");
    const struct db_rows *rules = db_rows(db, 0);

    for (int32_t row = 0; row < db_rows_count(rules); row++) {
        struct fc_str rule = db_text(rules, row, 0);
        size_t i = 0;

        while (i < FC_ARRAY_COUNT(deeds) &&
               !fc_str_eq(rule, fc_str_of(after ? deeds[i].after : deeds[i].before)))
            i++;
        if (i == FC_ARRAY_COUNT(deeds))
            fail_msg("no row breaks " FC_STR_FMT, FC_STR_ARG(rule));
    }
}

static void test_rules_of_before_have_rows_that_break_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(deeds); i++)
        expect_refused(deeds[i].deed, deeds[i].before);
    expect_all_broken(false);
}

/* No table is written anew; but plans of before answer with what columns were. */
static void test_session_of_before_is_told_to_reconnect(void **state)
{
    static const char files[] = "select sum(relfilenode::bigint)::bigint from pg_class"
                                " where relkind = 'r' and relname <> 'schema_migration'"
                                " and relnamespace = current_schema::regnamespace";
    struct fc_err err;

    (void)state;
    int64_t written = testdb_ask(db, files);

    assert_int_equal(testdb_ask(db, "select balance from wallet"), 9000);
    testdb_migrate(MIGRATIONS_BEFORE_DOMAINS + 1);
    db_send(db, testdb_query("select balance from wallet"), NULL);
    assert_int_equal(db_exchange(db, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    db_close(db);
    db = testdb_open(NULL);
    assert_int_equal(testdb_ask(db, "select balance from wallet"), 9000);
    assert_true(testdb_ask(db, files) == written);
    testdb_migrate(sql_migrations_count);
}

static void test_rules_of_now_refuse_the_same_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(deeds); i++)
        expect_refused(deeds[i].deed, deeds[i].after);
    expect_all_broken(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_of_before_have_rows_that_break_them),
        cmocka_unit_test(test_session_of_before_is_told_to_reconnect),
        cmocka_unit_test(test_rules_of_now_refuse_the_same_rows),
    };

    if (!testdb_begin())
        return 77;
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
