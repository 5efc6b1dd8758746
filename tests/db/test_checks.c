/*
 * The audit: it finds nothing in a shop that workers left, and whatever somebody does to the tables
 * behind their backs.
 */
#include "sql/queries.h"

#include "support/expect.h"
#include "support/stats_rig.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"
#include "support/worker_shop.h"

#include <string.h>

static struct worker_rig order;
static struct worker_rig coupon;
static struct stats_rig stats;
static struct db *db;

#define ORDER(digits) "'" WORKER_SHOP_ORDER(digits) "'"
#define OTHERWISE(from, to) "update journal set events = replace(events, '" from "', '" to "')"

/* What somebody did to the tables, and the check that has to find it. */
static const struct {
    const char *check;
    const char *deed;
} deeds[] = {
    {"wallet_is_its_history", "update wallet set balance = balance + 1 where user_id = 8"},
    {"wallet_is_its_history", "update wallet set version = version + 1 where user_id = 8"},
    {"wallet_is_its_history", "update wallet set held = held + 1 where user_id = 8"},
    {"wallet_is_its_history", OTHERWISE(",\"from_held\":true", "")},
    {"wallet_is_its_history", OTHERWISE("\"wallet.refunded\"", "\"wallet.used\"")},
    {"wallet_is_its_history", "delete from wallet"},
    {"wallet_is_its_history", "delete from journal where type = 'order.cancel'"},
    {"wallet_held_is_pending", "update wallet set held = 0"},
    {"wallet_held_is_pending", "update wallet set held = 1 where user_id = 7"},
    {"wallet_held_is_pending",
     "update orders set from_balance = 501 where order_id = " ORDER("36")},
    {"wallet_held_is_pending", "delete from orders where order_id = " ORDER("36")},
    {"wallet_history_runs_on", OTHERWISE("\"balance\":50000", "\"balance\":50500")},
    {"wallet_history_runs_on", OTHERWISE("\"version\":3", "\"version\":4")},
    {"wallet_history_runs_on", OTHERWISE("\"wallet.released\"", "\"wallet.used\"")},
    {"wallet_history_runs_on", OTHERWISE("\"wallet.released\"", "\"wallet.burnt\"")},
    {"wallet_history_runs_on", "delete from journal where command_id = " ORDER("38")},
    {"user_has_a_wallet", "delete from wallet"},
    {"user_has_a_wallet", "delete from journal where type = 'user.register'"},
    {"stock_is_its_history", "update product_option set total = total - 1 where option_id = 31"},
    {"stock_is_its_history", "update product_option set reserved = 1 where option_id = 31"},
    {"stock_is_its_history", OTHERWISE("\"stock.returned\"", "\"stock.taken\"")},
    {"stock_is_its_history", OTHERWISE("\"stock.released\"", "\"stock.reserved\"")},
    {"stock_is_its_history", OTHERWISE("\"from_reserved\":true,", "")},
    {"stock_is_its_history", "delete from journal where type = 'option.restock'"},
    {"stock_is_its_history", "delete from journal where type = 'product.put'"},
    {"stock_reserved_is_unpaid", "update product_option set reserved = 1"},
    {"stock_reserved_is_unpaid", "update orders set status = 'pending_payment', expires_at = now()"
                                 " where order_id = " ORDER("31")},
    {"stock_taken_is_sold", "update order_line set quantity = 3 where order_id = " ORDER("31")},
    {"stock_taken_is_sold", "update order_line set quantity = 3 where order_id = " ORDER("36")},
    {"stock_taken_is_sold", "delete from order_line where order_id = " ORDER("31")},
    {"stock_taken_is_sold", "update orders set status = 'cancelled' where order_id = " ORDER("31")},
    {"stock_taken_is_sold", "delete from journal where type = 'order.change'"},
    {"stock_taken_is_sold", "delete from journal where command_id = " ORDER("48")},
    {"option_knows_its_orders", "update product_option set ordered = false"},
    {"option_knows_its_orders", "delete from product_option"},
    {"option_knows_its_orders", "update order_line set product_id = 6"},
    {"order_is_its_lines", "update order_line set unit_price = 2999"},
    {"order_is_its_lines", "delete from order_line where order_id = " ORDER("32")},
    {"order_is_its_lines", "update order_line set shipped = 1 where order_id = " ORDER("31")},
    {"order_is_its_lines", "update order_line set shipped = 0 where order_id = " ORDER("34")},
    {"order_is_its_lines", "update order_line set shipped = 2 where order_id = " ORDER("34")},
    {"order_is_its_lines",
     "update order_line set shipped = 0 where order_id = " ORDER("35") " and option_id = 32"},
    {"order_is_its_lines", "update orders set from_balance = 1 where order_id = " ORDER("31")},
    {"order_is_its_command", "delete from orders where order_id = " ORDER("36")},
    {"order_is_its_command",
     "update journal set verdict = 'unknown_user' where command_id = " ORDER("31")},
    {"order_is_its_command", "update orders set user_id = 7 where order_id = " ORDER("31")},
    {"order_is_its_command", "update orders set key = 'user:7' where order_id = " ORDER("31")},
    {"order_is_its_event",
     "update orders set total = 7000, discount = 5000 where order_id = " ORDER("31")},
    {"order_is_its_event",
     "update orders set paid = 1999, discount = 1 where order_id = " ORDER("31")},
    {"order_is_its_event", "update orders set status = 'shipped' where order_id = " ORDER("31")},
    {"order_is_its_event", "update orders set status = 'shipped' where order_id = " ORDER("34")},
    {"order_is_its_event", "update orders set status = 'paid' where order_id = " ORDER("35")},
    {"order_is_its_event", "update orders set version = 2 where order_id = " ORDER("31")},
    {"order_is_its_event", "update orders set refunded = 999 where order_id = " ORDER("32")},
    {"order_is_its_event", "update orders set failure = 'expired' where order_id = " ORDER("38")},
    {"order_is_its_event", "update orders set expires_at = now() where order_id = " ORDER("36")},
    {"order_is_its_event", "update orders set paid_at = now() where order_id = " ORDER("31")},
    {"order_is_its_event", "update orders set ordered_at = now() where order_id = " ORDER("31")},
    {"order_is_its_event", "update orders set coupon_id = null where order_id = " ORDER("37")},
    {"order_is_its_event", "update orders set transfer_rate = 0 where order_id = " ORDER("39")},
    {"order_is_its_event", "update orders set from_balance = 1 where order_id = " ORDER("39")},
    {"order_is_its_event", "update orders set transfer_discount = 0 where order_id = " ORDER("36")},
    {"order_is_its_event", "delete from orders where order_id = " ORDER("38")},
    {"order_is_its_event", "delete from journal where command_id = " ORDER("39")},
    {"order_lines_are_its_events",
     "update order_line set quantity = 3 where order_id = " ORDER("31")},
    {"order_lines_are_its_events",
     "update order_line set unit_price = 1 where order_id = " ORDER("38")},
    {"order_lines_are_its_events",
     "update order_line set category = '' where order_id = " ORDER("33")},
    {"order_lines_are_its_events",
     "update order_line set shipped = 2 where order_id = " ORDER("34")},
    {"order_lines_are_its_events",
     "delete from order_line where order_id = " ORDER("35") " and option_id = 32"},
    {"order_lines_are_its_events",
     "update order_line set option_id = 32 where order_id = " ORDER("31")},
    {"order_paid_by_its_wallet", OTHERWISE("\"amount\":2000,", "\"amount\":2001,")},
    {"order_paid_by_its_wallet", "update orders set refunded = 0 where order_id = " ORDER("32")},
    {"order_paid_by_its_wallet", "update orders set user_id = 7 where order_id = " ORDER("31")},
    {"order_paid_by_its_wallet", "delete from journal where type = 'order.change'"},
    {"order_paid_by_its_wallet", "delete from orders where order_id = " ORDER("38")},
    {"order_paid_by_its_wallet", OTHERWISE("\"wallet.released\"", "\"wallet.held\"")},
    {"coupon_template_counts", "update coupon_template set issued = 1"},
    {"coupon_template_counts", "delete from coupon where template_id = 5"},
    {"coupon_template_counts", "delete from coupon_template"},
    {"coupon_positions", "update coupon set position = 2 where template_id = 5"},
    {"coupon_positions", "update coupon set position = 2 where template_id = 0"},
    {"coupon_is_its_event", "update coupon set user_id = 10 where template_id = 0"},
    {"coupon_is_its_event", "update coupon set template_id = 0 where user_id = 8"},
    {"coupon_is_its_event", "update coupon set status = 'available' where user_id = 8"},
    {"coupon_is_its_event", "update coupon set status = 'expired' where user_id = 9"},
    {"coupon_is_its_event", "update coupon set version = 3 where user_id = 9"},
    {"coupon_is_its_event", "update coupon set order_id = " ORDER("31") " where user_id = 7"},
    {"coupon_is_its_event", "update coupon set expires_at = null where user_id = 7"},
    {"coupon_is_its_event", "update coupon set discount_value = 2000 where user_id = 7"},
    {"coupon_is_its_event", "delete from coupon where user_id = 9"},
    {"coupon_is_its_event", "delete from journal where type = 'coupon.revoke'"},
    {"coupon_expired_had_its_time", "update coupon set expires_at = '2026-03-13'"},
    {"coupon_expired_had_its_time", "update coupon set expires_at = null"},
    {"coupon_used_in_its_order", "update coupon set status = 'available', order_id = null"},
    {"coupon_used_in_its_order", "update orders set coupon_id = null"},
    {"coupon_used_in_its_order",
     "update orders set status = 'cancelled' where order_id = " ORDER("37")},
    {"journal_knows_its_user", "update journal set user_id = 7 where type = 'order.cancel'"},
    {"journal_knows_its_user", "update journal set user_id = null where type = 'payment.settle'"},
    {"journal_knows_its_user", "update journal set order_id = null where type = 'order.ship'"},
    {"verdict_has_its_result", "update journal set verdict = null where verdict is not null"},
    {"verdict_has_its_result", "update journal set verdict = 'unknown_product'"
                               " where verdict is not null"},
    {"verdict_has_its_result", "update journal set events = null where type = 'product.put'"},
    {"verdict_has_its_result", "update journal set events = '[]' where replay_of is not null"},
    {"replay_has_its_first", "update journal set actor_id = 7 where replay_of is not null"},
    {"replay_has_its_first", "update journal set body = '{}' where replay_of is not null"},
    {"replay_has_its_first", "update journal set idempotency_key = null"},
    {"command_has_one_fate",
     "insert into parked (queue, command_id, reason, bytes,"
     " delivery_count, worker) values ('order.1', " ORDER("22") ","
                                                                " 'x', 'x', 0, 'order-1')"},
    {"key_has_one_line", "update journal set partition = 9 where type = 'order.cancel'"},
    {"policy_is_its_event", "update policy set document = '{}'"},
    {"policy_is_its_event", "delete from policy"},
    {"policy_is_its_event", "insert into policy values (2, '{}')"},
    {"policy_is_its_event", "update policy set version = 2"},
    {"catalogue_has_its_least", "delete from product"},
    {"day_closed_is_its_event", "insert into day_closed values ('2026-02-28', now())"},
    {"day_closed_is_its_event", "insert into sales_closed values ('2026-02-28', 3, 1, 1, 1)"},
    {"day_closed_is_its_event", "insert into sales_closed values ('2026-01-27', 3, 1, 1, 1)"},
    {"counters_are_their_events", "update sales_daily set quantity = 99"},
    {"counters_are_their_events", "update sales_daily set day = '2024-03-02'"},
    {"counters_are_their_events", "update sales_daily set cancelled_orders = 2"},
    {"counters_are_their_events", "update sales_option_daily set revenue = 99999"},
    {"counters_are_their_events", "update sales_option_daily set option_id = 33"
                                  " where option_id = 32"},
    {"counters_are_their_events", "update sales_category_daily set category = 'tea'"},
    {"counters_are_their_events", "update sales_category_daily set cancelled_revenue = 1001"},
    {"counters_are_their_events", "update sales_total_daily set orders = 9"},
    {"counters_are_up_to_date", "update sales_daily set orders = 0"},
    {"counters_are_up_to_date", "update sales_daily set cancelled_quantity = 0"},
    {"counters_are_up_to_date", "delete from sales_daily"},
    {"counters_are_up_to_date", "delete from sales_option_daily where option_id = 31"},
    {"counters_are_up_to_date", "update sales_category_daily set quantity = quantity - 1"},
    {"counters_are_up_to_date", "update sales_total_daily set revenue = revenue + 1"},
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

static int setup(void **state)
{
    (void)state;
    worker_rows_migrate();
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    stats_rig_open(&stats, "stats-1");
    db = order.db;
    worker_rows_clear(db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    stats_rig_close(&stats);
    worker_rig_close(&coupon);
    worker_rig_close(&order);
    return 0;
}

static void expect_nothing(void)
{
    for (size_t i = 0; i < sql_checks_count; i++)
        if (worker_shop_found_by(db, &sql_checks[i]) != 0)
            fail_msg("%s: " FC_STR_FMT, sql_checks[i].name,
                     FC_STR_ARG(worker_rows_text(db, sql_checks[i].text)));
}

static void test_checks_find_nothing_in_an_empty_shop(void **state)
{
    (void)state;
    expect_nothing();
}

static void test_checks_find_nothing_in_a_shop_in_order(void **state)
{
    (void)state;
    worker_shop_found(&order, &coupon);
    worker_shop_live(&order, &coupon);
    worker_shop_audit(db);
    stats_rig_hear(&stats, worker_rig_told(&order));
    stats_rig_run(&stats);
    expect_nothing();
}

/* Behind the test above, whose shop stands. */
static void test_checks_find_each_deed(void **state)
{
    bool missed = false;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(deeds); i++) {
        testdb_run(db, "begin");
        /* Foreign keys would stop some of it before. */
        testdb_run(db, "set local session_replication_role = replica");
        testdb_run(db, deeds[i].deed);
        if (worker_shop_found_by(db, check_named(deeds[i].check)) == 0) {
            print_error("%s did not find: %s\n", deeds[i].check, deeds[i].deed);
            missed = true;
        }
        testdb_run(db, "rollback");
    }
    assert_false(missed);
}

static void test_checks_each_have_a_deed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sql_checks_count; i++) {
        bool has_one = false;

        for (size_t k = 0; k < FC_ARRAY_COUNT(deeds); k++)
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
