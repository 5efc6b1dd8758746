/*
 * What comes after an order is paid: it is cancelled, changed, shipped in parts. Every row that
 * this leaves, alone and together with the order in one batch.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"
#include "support/worker_shop.h"

#define FIRST WORKER_ID_HEAD "1"
#define ORDER "{\"order_id\":\"" FIRST "\""

#define ORDERS "select status, total, discount, paid, refunded, version from orders"
#define WALLET "select balance, version from wallet where user_id = 7"
#define STOCK "select option_id, total, reserved, ordered from product_option"
#define COUPON "select status, order_id, version from coupon"
#define LINES "select option_id, quantity, unit_price, shipped from order_line"
#define VERDICTS "select command_id, verdict, user_id from journal where seq > 6"

static struct worker_rig order;
static struct worker_rig coupon;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    worker_rows_clear(order.db);
    worker_shop_found(&order, &coupon);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    worker_rig_close(&coupon);
    return 0;
}

/* 2 red and 2 blue: 3,800, a tenth off. */
static void ask_order(void)
{
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":2},"
                   "{\"option_id\":32,\"quantity\":2}],\"coupon_id\":\"" WORKER_SHOP_COUPON "\"}",
                   "");
}

static void place(void)
{
    ask_order();
    worker_rig_run(&order);
    assert_rows(order.db, WALLET, "(6580,3)");
}

static void cancel(int n)
{
    worker_rig_ask(&order, n, "order.cancel", "user:7", ORDER ",\"reason\":\"too late\"}", "");
}

static void change(int n, const char *lines)
{
    char body[512];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));

    fc_buf_put_fmt(&buf, ORDER ",\"lines\":[%s]}", lines);
    fc_buf_put_char(&buf, '\0');
    worker_rig_ask(&order, n, "order.change", "user:7", body, "");
}

static void ship(int n, const char *lines)
{
    char body[512];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));

    fc_buf_put_fmt(&buf, ORDER ",\"lines\":[%s]}", lines);
    fc_buf_put_char(&buf, '\0');
    worker_rig_ask(&order, n, "order.ship", "user:7", body, ",\"user_id\":1");
}

/* --- cancel ----------------------------------------------------------------------------------- */

static void test_shop_cancel_gives_money_stock_and_coupon_back(void **state)
{
    (void)state;
    place();
    cancel(2);
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(cancelled,3800,380,3420,3420,2)");
    assert_rows(order.db, LINES, "(31,2,1000,0)\n(32,2,900,0)");
    assert_rows(order.db, WALLET, "(10000,4)");
    assert_rows(order.db, STOCK, "(31,10,0,t)\n(32,5,0,t)");
    assert_rows(order.db, COUPON, "(available,,3)");
    assert_rows(order.db, "select paid_at is not null, expires_at, failure from orders", "(t,,)");
    assert_rows(order.db, "select kind, amount, balance, version from wallet_history",
                "(charge,10000,10000,2)\n(refund,3420,10000,4)\n(use,3420,6580,3)");
    assert_rows(order.db, VERDICTS, "(" FIRST ",,7)\n(" WORKER_ID_HEAD "2,,7)");
    worker_shop_audit(order.db);
}

static void test_shop_cancel_after_the_coupons_time_gives_no_coupon_back(void **state)
{
    (void)state;
    place();
    order.accepted_at = "2026-03-11T12:00:01Z";
    cancel(2);
    worker_rig_run(&order);
    assert_rows(order.db, COUPON, "(expired,,3)");
    worker_shop_audit(order.db);
}

static void test_shop_cancel_in_the_batch_of_the_order_inserts_it_cancelled(void **state)
{
    (void)state;
    ask_order();
    cancel(2);
    cancel(3);
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(cancelled,3800,380,3420,3420,2)");
    assert_rows(order.db, LINES, "(31,2,1000,0)\n(32,2,900,0)");
    assert_rows(order.db, WALLET, "(10000,4)");
    assert_rows(order.db, STOCK, "(31,10,0,t)\n(32,5,0,t)");
    assert_rows(order.db, COUPON, "(available,,3)");
    assert_rows(order.db, VERDICTS,
                "(" FIRST ",,7)\n(" WORKER_ID_HEAD "2,,7)\n"
                "(" WORKER_ID_HEAD "3,order_not_cancellable,7)");
    worker_shop_audit(order.db);
}

static void test_shop_coupon_that_came_back_is_used_again(void **state)
{
    (void)state;
    place();
    cancel(2);
    worker_rig_ask(&order, 3, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}],\"coupon_id\":"
                   "\"" WORKER_SHOP_COUPON "\"}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, COUPON, "(used," WORKER_ID_HEAD "3,4)");
    assert_rows(order.db, ORDERS " order by order_id",
                "(cancelled,3800,380,3420,3420,2)\n(paid,900,90,810,0,1)");
    worker_shop_audit(order.db);
}

/* --- change ----------------------------------------------------------------------------------- */

static void test_shop_change_moves_lines_stock_and_money_both_ways(void **state)
{
    (void)state;
    place();
    /* More red, less blue, and a product that was none of it. */
    worker_rig_ask(&order, 2, "product.put", "product:4",
                   "{\"name\":\"Cup\",\"price\":50,\"status\":\"on_sale\",\"first_come\":false,"
                   "\"options\":[{\"option_id\":41,\"name\":\"one\",\"surcharge\":0,"
                   "\"stock\":9}]}",
                   "");
    worker_rig_run(&order);
    change(3, "{\"option_id\":31,\"quantity\":5},{\"product_id\":4,\"quantity\":2},"
              "{\"option_id\":32,\"quantity\":1}");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(paid,6000,600,5400,0,2)");
    assert_rows(order.db, LINES, "(31,5,1000,0)\n(32,1,900,0)\n(41,2,50,0)");
    assert_rows(order.db, "select option_id, category from order_line where category = ''",
                "(41,')");
    assert_rows(order.db, STOCK, "(31,5,0,t)\n(32,4,0,t)\n(41,7,0,t)");
    assert_rows(order.db, WALLET, "(4600,4)");
    worker_shop_audit(order.db);

    change(4, "{\"option_id\":32,\"quantity\":1}");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(paid,900,90,810,0,3)");
    assert_rows(order.db, LINES, "(32,1,900,0)");
    assert_rows(order.db, STOCK, "(31,10,0,t)\n(32,4,0,t)\n(41,9,0,t)");
    assert_rows(order.db, WALLET, "(9190,5)");
    worker_shop_audit(order.db);
}

/* What is asked for is what it costs now; what was bought is what it cost then. */
static void test_shop_change_prices_only_what_grows_anew(void **state)
{
    (void)state;
    place();
    testdb_run(order.db, "update product set price = 1900, version = 2, category = 'tea'");
    change(2, "{\"option_id\":31,\"quantity\":1},{\"option_id\":32,\"quantity\":3}");
    worker_rig_run(&order);
    assert_rows(order.db, "select option_id, quantity, unit_price, category from order_line",
                "(31,1,1000,kitchen)\n(32,3,1900,tea)");
    assert_rows(order.db, ORDERS, "(paid,6700,670,6030,0,2)");
}

static void test_shop_change_in_the_batch_of_the_order_inserts_it_changed(void **state)
{
    (void)state;
    ask_order();
    change(2, "{\"option_id\":32,\"quantity\":3}");
    change(3, "{\"option_id\":32,\"quantity\":4}");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(paid,3600,360,3240,0,3)");
    assert_rows(order.db, LINES, "(32,4,900,0)");
    assert_rows(order.db, STOCK, "(31,10,0,t)\n(32,1,0,t)");
    assert_rows(order.db, WALLET, "(6760,5)");
    worker_shop_audit(order.db);
}

static void test_shop_change_that_is_refused_touches_nothing(void **state)
{
    (void)state;
    place();
    change(2, "{\"option_id\":32,\"quantity\":6}");
    change(3, "{\"option_id\":33,\"quantity\":1}");
    change(4, "{\"option_id\":31,\"quantity\":8},{\"option_id\":32,\"quantity\":5}");
    testdb_run(order.db, "update wallet set balance = 10 where user_id = 7");
    worker_rig_run(&order);
    assert_rows(order.db, VERDICTS,
                "(" FIRST ",,7)\n(" WORKER_ID_HEAD "2,insufficient_stock,7)\n"
                "(" WORKER_ID_HEAD "3,unknown_option,7)\n"
                "(" WORKER_ID_HEAD "4,insufficient_balance,7)");
    assert_rows(order.db, ORDERS, "(paid,3800,380,3420,0,1)");
    assert_rows(order.db, LINES, "(31,2,1000,0)\n(32,2,900,0)");
    assert_rows(order.db, WALLET, "(10,3)");
}

/* --- ship ------------------------------------------------------------------------------------- */

static void test_shop_ship_in_parts_tells_so_until_the_rest_is_gone(void **state)
{
    (void)state;
    place();
    ship(2, "{\"option_id\":32,\"quantity\":1}");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(partly_shipped,3800,380,3420,0,2)");
    assert_rows(order.db, LINES, "(31,2,1000,0)\n(32,2,900,1)");
    worker_shop_audit(order.db);

    ship(3, "{\"option_id\":32,\"quantity\":2}");
    ship(4, "{\"option_id\":31,\"quantity\":2}");
    ship(5, "{\"option_id\":32,\"quantity\":1}");
    cancel(6);
    change(7, "{\"option_id\":32,\"quantity\":1}");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(shipped,3800,380,3420,0,4)");
    assert_rows(order.db, LINES, "(31,2,1000,2)\n(32,2,900,2)");
    assert_rows(order.db, VERDICTS " and command_id > '" WORKER_ID_HEAD "2'",
                "(" WORKER_ID_HEAD "3,shipment_exceeds_order,7)\n(" WORKER_ID_HEAD "4,,7)\n"
                "(" WORKER_ID_HEAD "5,,7)\n(" WORKER_ID_HEAD "6,order_not_cancellable,7)\n"
                "(" WORKER_ID_HEAD "7,order_not_changeable,7)");
    assert_rows(order.db, WALLET, "(6580,3)");
    worker_shop_audit(order.db);
}

static void test_shop_ship_in_the_batch_of_the_order_inserts_it_shipped(void **state)
{
    (void)state;
    ask_order();
    ship(2, "{\"option_id\":31,\"quantity\":2},{\"option_id\":32,\"quantity\":2}");
    worker_rig_run(&order);
    assert_rows(order.db, ORDERS, "(shipped,3800,380,3420,0,2)");
    assert_rows(order.db, LINES, "(31,2,1000,2)\n(32,2,900,2)");
    worker_shop_audit(order.db);
}

/* The lines are written anew from what was loaded. */
static void test_shop_ship_leaves_each_line_its_category(void **state)
{
    (void)state;
    worker_rig_ask(&order, 2, "product.put", "product:4",
                   "{\"name\":\"Cup\",\"price\":50,\"category\":\"tea\",\"status\":\"on_sale\","
                   "\"first_come\":false,\"options\":[{\"option_id\":41,\"name\":\"one\","
                   "\"surcharge\":0,\"stock\":9},{\"option_id\":29,\"name\":\"two\","
                   "\"surcharge\":0,\"stock\":9}]}",
                   "");
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":41,\"quantity\":1},{\"option_id\":31,"
                   "\"quantity\":1},{\"option_id\":32,\"quantity\":2},{\"option_id\":29,"
                   "\"quantity\":1}]}",
                   "");
    worker_rig_run(&order);
    ship(3, "{\"option_id\":32,\"quantity\":1}");
    worker_rig_run(&order);
    assert_rows(order.db, "select option_id, product_id, category, shipped from order_line",
                "(29,4,tea,0)\n(31,3,kitchen,0)\n(32,3,kitchen,1)\n(41,4,tea,0)");
    worker_shop_audit(order.db);
}

/* --- which rows are loaded -------------------------------------------------------------------- */

static void test_shop_later_loads_the_order_and_all_that_hangs_on_it_once(void **state)
{
    (void)state;
    place();
    testdb_run(order.db, "insert into product select n, 'p' || n, 10, '', 'on_sale', false, 1,"
                         " now() from generate_series(10, 30) n");
    /* A wallet, an option and a coupon that others of the batch name, too. */
    cancel(2);
    change(3, "{\"option_id\":31,\"quantity\":1},{\"product_id\":3,\"quantity\":1}");
    worker_rig_ask(&order, 4, "wallet.charge", "user:7", "{\"amount\":1}", "");
    worker_rig_ask(&order, 5, "option.restock", "product:3", "{\"option_id\":31,\"quantity\":1}",
                   "");
    worker_rig_ask(&order, 6, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":1}],\"coupon_id\":"
                   "\"" WORKER_SHOP_COUPON "\"}",
                   "");
    worker_rig_run_to(&order, CYCLE_ANNOUNCE);
    assert_int_equal(order.shop.shop.orders.count, 2);
    assert_int_equal(order.shop.shop.wallets.count, 1);
    assert_int_equal(order.shop.shop.coupons.count, 1);
    assert_int_equal(order.shop.shop.products.count, 1);
    assert_int_equal(order.shop.shop.options.count, 2);
    worker_rig_run(&order);
    worker_shop_audit(order.db);
}

static void test_shop_later_loads_all_that_hangs_on_an_order_by_its_id(void **state)
{
    (void)state;
    place();
    ship(2, "{\"option_id\":32,\"quantity\":1}");
    worker_rig_run_to(&order, CYCLE_ANNOUNCE);
    assert_int_equal(order.shop.shop.orders.count, 1);
    assert_int_equal(order.shop.shop.wallets.count, 1);
    assert_int_equal(order.shop.shop.coupons.count, 1);
    assert_int_equal(order.shop.shop.products.count, 1);
    assert_int_equal(order.shop.shop.options.count, 2);
    worker_rig_run(&order);
}

static void test_shop_later_of_an_order_that_is_not_there_is_refused(void **state)
{
    (void)state;
    cancel(2);
    change(3, "{\"option_id\":31,\"quantity\":1}");
    ship(4, "{\"option_id\":31,\"quantity\":1}");
    worker_rig_run(&order);
    assert_rows(order.db, VERDICTS,
                "(" WORKER_ID_HEAD "2,unknown_order,)\n(" WORKER_ID_HEAD "3,unknown_order,)\n"
                "(" WORKER_ID_HEAD "4,unknown_order,)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_cancel_gives_money_stock_and_coupon_back),
        TEST(test_shop_cancel_after_the_coupons_time_gives_no_coupon_back),
        TEST(test_shop_cancel_in_the_batch_of_the_order_inserts_it_cancelled),
        TEST(test_shop_coupon_that_came_back_is_used_again),
        TEST(test_shop_change_moves_lines_stock_and_money_both_ways),
        TEST(test_shop_change_prices_only_what_grows_anew),
        TEST(test_shop_change_in_the_batch_of_the_order_inserts_it_changed),
        TEST(test_shop_change_that_is_refused_touches_nothing),
        TEST(test_shop_ship_in_parts_tells_so_until_the_rest_is_gone),
        TEST(test_shop_ship_in_the_batch_of_the_order_inserts_it_shipped),
        TEST(test_shop_ship_leaves_each_line_its_category),
        TEST(test_shop_later_loads_the_order_and_all_that_hangs_on_it_once),
        TEST(test_shop_later_loads_all_that_hangs_on_an_order_by_its_id),
        TEST(test_shop_later_of_an_order_that_is_not_there_is_refused),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
