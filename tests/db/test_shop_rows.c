/*
 * What each command leaves in the database when it succeeds: every row with every column, and
 * nothing else.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

static struct worker_rig order;
static struct worker_rig coupon;

#define ID WORKER_ID_HEAD
#define NOW WORKER_NOW_ROW

/* All but what every row of these tests has: no replay, decided at NOW. */
#define JOURNAL                                                                             \
    "select command_id, type, partition, key, actor_id, user_id, idempotency_key, verdict," \
    " body, result, events from journal where replay_of is null and decided_at = '" NOW "'" \
    " and accepted_at = '" WORKER_ACCEPTED_ROW "' and traceparent is null and seq = "

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    worker_rows_clear(order.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    worker_rig_close(&coupon);
    return 0;
}

static void test_shop_register_makes_a_user_and_an_empty_wallet(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "user.register", "user:9007199254740991", "{}", "");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from customer", "(9007199254740991,\"" NOW "\")");
    assert_rows(order.db, "select * from wallet", "(9007199254740991,0,1,0)");
    assert_rows(order.db, JOURNAL "1",
                "(" ID "1,user.register,0,user:9007199254740991,9007199254740991,"
                "9007199254740991,,,\"{'user_id':9007199254740991}\","
                "\"{'user_id':9007199254740991,'balance':0}\","
                "\"[{'type':'user.registered','subject':'user:9007199254740991','version':1,"
                "'data':{'user_id':9007199254740991}}]\")");
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 1);
}

static void test_shop_charge_moves_one_wallet(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    worker_rig_ask(&order, 1, "wallet.charge", "user:7", "{\"amount\":2500}",
                   ",\"user_id\":8,\"idempotency_key\":\"k\"");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from wallet", "(7,12500,5,0)\n(8,0,1,0)");
    /* Asked by 8, of whose keys k is one now; in the history of 7. */
    assert_rows(order.db, JOURNAL "1",
                "(" ID "1,wallet.charge,0,user:7,8,7,k,,\"{'user_id':7,'amount':2500}\","
                "\"{'user_id':7,'balance':12500,'amount':2500}\","
                "\"[{'type':'wallet.charged','subject':'user:7','version':5,"
                "'data':{'user_id':7,'amount':2500,'balance':12500}}]\")");
    assert_rows(order.db, "select * from wallet_history",
                "(1,7,\"" NOW "\",charge,2500,12500,5," ID "1)");
}

static void test_shop_register_and_charge_in_one_batch_make_the_final_wallet(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "user.register", "user:7", "{}", "");
    worker_rig_ask(&order, 2, "wallet.charge", "user:7", "{\"amount\":40}", "");
    worker_rig_ask(&order, 3, "wallet.charge", "user:7", "{\"amount\":2}", "");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from wallet", "(7,42,3,0)");
    assert_rows(order.db, "select seq, command_id from journal",
                "(1," ID "1)\n(2," ID "2)\n(3," ID "3)");
}

static void test_shop_template_put_makes_and_changes_a_template(void **state)
{
    (void)state;
    worker_rig_ask(&coupon, 1, "template.put", "template:6",
                   "{\"name\":\"Won\",\"discount\":{\"type\":\"amount\",\"value\":300},"
                   "\"quantity\":null,\"issue_from\":\"2026-01-01T00:00:00Z\","
                   "\"issue_until\":\"2026-12-01T00:00:00.000001Z\"}",
                   ",\"user_id\":1");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, "select * from coupon_template",
                "(6,Won,amount,300,,0,\"2026-01-01 00:00:00+00\",\"2026-12-01 00:00:00.000001+00\""
                ",,0,1)");
    assert_rows(coupon.db, "select type, partition, key, actor_id, user_id, verdict from journal",
                "(template.put,0,template:6,1,,)");

    worker_rig_ask(&coupon, 2, "template.put", "template:6",
                   "{\"name\":\"Rate\",\"discount\":{\"type\":\"rate\",\"value\":10000},"
                   "\"quantity\":9,\"issue_from\":\"2026-01-02T00:00:00Z\","
                   "\"issue_until\":\"2026-12-02T00:00:00Z\",\"valid_days\":30,"
                   "\"min_total\":1000}",
                   "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, "select * from coupon_template",
                "(6,Rate,rate,10000,9,0,\"2026-01-02 00:00:00+00\",\"2026-12-02 00:00:00+00\","
                "30,1000,2)");
}

static void test_shop_template_delete_takes_the_template_away(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    testdb_run(coupon.db, "update coupon_template set issued = 0");
    worker_rig_ask(&coupon, 1, "template.delete", "template:5", "{}", "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, "select * from coupon_template", "");
    assert_rows(coupon.db, JOURNAL "1",
                "(" ID "1,template.delete,0,template:5,,,,,\"{'template_id':5}\","
                "\"{'template_id':5}\",\"[{'type':'template.deleted','subject':'template:5',"
                "'version':3,'data':{'template_id':5}}]\")");
}

static void test_shop_issue_makes_a_coupon_and_counts_it(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    worker_rig_ask(&coupon, 1, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_run(&coupon);
    /* Ten days after it was issued. */
    assert_rows(coupon.db, "select * from coupon where user_id = 8",
                "(" ID "1,5,8,2,available,rate,1000,500,\"" NOW
                "\",\"2026-03-11 12:00:01+00\",,1)");
    assert_rows(coupon.db, "select template_id, quantity, issued, version from coupon_template",
                "(5,2,2,3)");
    assert_rows(coupon.db, "select key, actor_id, user_id, verdict, result from journal",
                "(template:5,8,8,,\"{'coupon_id':'" ID "1','template_id':5,'user_id':8,"
                "'position':2,'status':'available','expires_at':'2026-03-11T12:00:01.000000Z'}\")");
}

static void test_shop_issue_of_a_template_without_days_never_expires(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    testdb_run(coupon.db, "update coupon_template set valid_days = null, quantity = null");
    worker_rig_ask(&coupon, 1, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_run(&coupon);
    assert_rows(coupon.db, "select user_id, position, expires_at from coupon where user_id = 8",
                "(8,2,)");
}

static void test_shop_order_takes_money_stock_and_coupon(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1},"
                   "{\"option_id\":31,\"quantity\":2},{\"option_id\":32,\"quantity\":1}],"
                   "\"coupon_id\":\"" ID "e\"}",
                   "");
    worker_rig_run(&order);
    /* 2 × 1,000 + 2 × 900, a tenth off. */
    assert_rows(order.db, "select * from orders",
                "(" ID "1,7,user:7,paid,3800,380,3420," ID "e,balance,\"" WORKER_ACCEPTED_ROW
                "\",\"" NOW "\",1,0,0,0,0,,)");
    assert_rows(order.db, "select * from order_line",
                "(" ID "1,31,3,2,1000,0,kitchen)\n(" ID "1,32,3,2,900,0,kitchen)");
    assert_rows(order.db, "select * from product_option",
                "(31,3,red,100,8,4,t)\n(32,3,blue,0,3,0,t)");
    assert_rows(order.db, "select * from wallet", "(7,6580,5,0)\n(8,0,1,0)");
    assert_rows(order.db, "select coupon_id, status, order_id, version from coupon",
                "(" ID "e,used," ID "1,2)");
    assert_rows(order.db, "select * from product", "(3,Mug,900,kitchen,on_sale,f,2,\"" NOW "\")");
    assert_rows(order.db, "select result, verdict, user_id from journal",
                "(\"{'order_id':'" ID "1','status':'paid','total':3800,'discount':380,"
                "'paid':3420,'balance':6580,'paid_at':'2026-03-01T12:00:01.000000Z'}\",,7)");
    assert_int_equal(testdb_ask(order.db, "select sum(jsonb_array_length(events::jsonb))"
                                          "::int from journal"),
                     4);
}

/* An import's order belongs to the instant that it names; without a coupon that column is NULL. */
static void test_shop_order_under_a_first_come_product_keeps_its_key(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    testdb_run(order.db, "update product set first_come = true");
    testdb_run(order.db, "delete from product_option where option_id = 32");
    worker_rig_ask(&order, 1, "order.place", "product:3",
                   "{\"user_id\":7,\"lines\":[{\"product_id\":3,\"quantity\":1}],"
                   "\"ordered_at\":\"2026-02-03T04:05:06.000007Z\"}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from orders",
                "(" ID "1,7,product:3,paid,1000,0,1000,,balance,\"2026-02-03 04:05:06.000007+00\","
                "\"" NOW "\",1,0,0,0,0,,)");
    assert_rows(order.db, "select * from order_line", "(" ID "1,31,3,1,1000,0,kitchen)");
}

/* The same order beside one with a coupon, which needs columns that orders alone do without. */
static void test_shop_order_is_the_same_row_in_any_company(void **state)
{
    static const char body[] = "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":1}]}";
    static const char select[] = "select user_id, key, status, total, discount, paid, coupon_id,"
                                 " payment_method, ordered_at, paid_at, version, from_balance,"
                                 " transfer_rate, transfer_discount, refunded, expires_at, failure"
                                 " from orders where coupon_id is null";

    (void)state;
    worker_rows_open_shop(order.db);
    worker_rig_ask(&order, 1, "order.place", "user:7", body, "");
    worker_rig_run(&order);
    struct fc_str alone = worker_rows_text(order.db, select);

    testdb_run(order.db, "delete from orders");
    worker_rig_ask(&order, 2, "order.place", "user:7", body, "");
    worker_rig_ask(&order, 3, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":1}],"
                   "\"coupon_id\":\"" ID "e\"}",
                   "");
    worker_rig_run(&order);
    assert_true(alone.len > 0);
    assert_true(fc_str_eq(worker_rows_text(order.db, select), alone));
    assert_rows(order.db, "select discount from orders where coupon_id is not null", "(100)");
}

static void test_shop_order_has_its_coupon_though_that_takes_nothing_off(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    testdb_run(order.db, "update coupon set discount_value = 1");
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}],"
                   "\"coupon_id\":\"" ID "e\"}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, "select discount, coupon_id from orders", "(0," ID "e)");
}

static void test_shop_order_that_costs_nothing_leaves_the_wallet_alone(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    testdb_run(order.db, "update coupon set discount_type = 'amount', discount_value = 5000");
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}],"
                   "\"coupon_id\":\"" ID "e\"}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, "select total, discount, paid from orders", "(900,900,0)");
    assert_rows(order.db, "select * from wallet", "(7,10000,4,0)\n(8,0,1,0)");
}

static void test_shop_product_put_makes_a_product_with_its_options(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "product.put", "product:3",
                   "{\"name\":\"Mug\",\"price\":900,\"status\":\"stopped\",\"first_come\":true,"
                   "\"options\":[{\"option_id\":31,\"name\":\"red\",\"surcharge\":-100,"
                   "\"stock\":10},{\"name\":\"blue\",\"surcharge\":0,\"stock\":0}]}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from product where category = ''",
                "(3,Mug,900,',stopped,t,1,\"" NOW "\")");
    assert_rows(order.db,
                "select product_id, name, surcharge, total, reserved, ordered, option_id = 31"
                " from product_option",
                "(3,blue,0,0,0,f,f)\n(3,red,-100,10,0,f,t)");
}

static void test_shop_product_put_changes_a_product_and_its_options(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    /* red is renamed and gets 2 pieces more, blue goes, green comes. */
    worker_rig_ask(&order, 1, "product.put", "product:3",
                   "{\"name\":\"Cup\",\"price\":950,\"category\":\"tea\",\"status\":\"on_sale\","
                   "\"first_come\":true,\"options\":[{\"option_id\":31,\"name\":\"crimson\","
                   "\"surcharge\":50,\"stock\":12},{\"option_id\":33,\"name\":\"green\","
                   "\"surcharge\":0,\"stock\":1}]}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from product", "(3,Cup,950,tea,on_sale,t,3,\"" NOW "\")");
    assert_rows(order.db, "select * from product_option",
                "(31,3,crimson,50,12,4,t)\n(33,3,green,0,1,0,f)");
}

static void test_shop_product_delete_takes_product_and_options_away(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    testdb_run(order.db, "update product_option set ordered = false, reserved = 0");
    worker_rig_ask(&order, 1, "product.delete", "product:3", "{}", "");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from product", "");
    assert_rows(order.db, "select * from product_option", "");
    assert_rows(order.db, "select key, user_id, verdict, result from journal",
                "(product:3,,,\"{'product_id':3}\")");
}

static void test_shop_restock_moves_the_total_both_ways(void **state)
{
    (void)state;
    worker_rows_open_shop(order.db);
    worker_rig_ask(&order, 1, "option.restock", "product:3", "{\"option_id\":31,\"quantity\":90}",
                   "");
    worker_rig_ask(&order, 2, "option.restock", "product:3", "{\"option_id\":32,\"quantity\":-5}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db, "select * from product_option",
                "(31,3,red,100,100,4,t)\n(32,3,blue,0,0,0,f)");
    assert_rows(order.db, "select result from journal where seq = 1",
                "(\"{'option_id':31,'total':100,'reserved':4,'available':96}\")");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_register_makes_a_user_and_an_empty_wallet),
        TEST(test_shop_charge_moves_one_wallet),
        TEST(test_shop_register_and_charge_in_one_batch_make_the_final_wallet),
        TEST(test_shop_template_put_makes_and_changes_a_template),
        TEST(test_shop_template_delete_takes_the_template_away),
        TEST(test_shop_issue_makes_a_coupon_and_counts_it),
        TEST(test_shop_issue_of_a_template_without_days_never_expires),
        TEST(test_shop_order_takes_money_stock_and_coupon),
        TEST(test_shop_order_under_a_first_come_product_keeps_its_key),
        TEST(test_shop_order_is_the_same_row_in_any_company),
        TEST(test_shop_order_has_its_coupon_though_that_takes_nothing_off),
        TEST(test_shop_order_that_costs_nothing_leaves_the_wallet_alone),
        TEST(test_shop_product_put_makes_a_product_with_its_options),
        TEST(test_shop_product_put_changes_a_product_and_its_options),
        TEST(test_shop_product_delete_takes_product_and_options_away),
        TEST(test_shop_restock_moves_the_total_both_ways),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
