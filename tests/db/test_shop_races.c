/*
 * Two workers over the same rows: whatever one commits between the other's load and store, what
 * stays is what one of them after the other would have left, and nobody is lost.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>

static struct worker_rig one;
static struct worker_rig two;

#define COUPON "\"coupon_id\":\"" WORKER_ID_HEAD "e\""
#define VERDICTS "select command_id, verdict from journal"
#define FIRST WORKER_ID_HEAD "1"
#define SECOND WORKER_ID_HEAD "2"

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&one, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&two, WIRE_FAMILY_ORDER, "order-2");
    worker_rows_clear(one.db);
    worker_rows_open_shop(one.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&one);
    worker_rig_close(&two);
    return 0;
}

/* Command 2 of worker two is committed while worker one has loaded for its command 1. */
static void meet(void)
{
    worker_rig_meet(&one, &two);
}

static void expect_conflict(const char *code)
{
    worker_rig_expect_conflict(&one, code);
}

static void order_of(struct worker_rig *rig, int n, int user, int option, int quantity)
{
    char body[256];
    char key[32];

    (void)snprintf(body, sizeof(body),
                   "{\"user_id\":%d,\"lines\":[{\"option_id\":%d,\"quantity\":%d}]}", user, option,
                   quantity);
    (void)snprintf(key, sizeof(key), "user:%d", user);
    worker_rig_ask(rig, n, "order.place", key, body, "");
}

/* --- stock ------------------------------------------------------------------------------------ */

static void test_shop_race_for_the_last_pieces_sells_no_more_than_there_are(void **state)
{
    (void)state;
    testdb_run(one.db, "update wallet set balance = 10000");
    order_of(&one, 1, 7, 32, 2);
    order_of(&two, 2, 8, 32, 4);
    meet();
    expect_conflict("23514");
    assert_rows(one.db, VERDICTS, "(" FIRST ",insufficient_stock)\n(" SECOND ",)");
    assert_rows(one.db, "select total, reserved from product_option where option_id = 32", "(1,0)");
    assert_rows(one.db, "select user_id, balance from wallet", "(7,10000)\n(8,6400)");
}

static void test_shop_race_that_leaves_enough_needs_no_second_try(void **state)
{
    (void)state;
    testdb_run(one.db, "update wallet set balance = 10000");
    order_of(&one, 1, 7, 32, 2);
    order_of(&two, 2, 8, 32, 3);
    meet();
    assert_int_equal(one.retries, 0);
    assert_rows(one.db, VERDICTS, "(" FIRST ",)\n(" SECOND ",)");
    assert_rows(one.db, "select total, ordered from product_option where option_id = 32", "(0,t)");
}

/* The stock that a put asks for counts from what the put saw: sold pieces stay sold. */
static void test_shop_race_of_a_put_and_an_order_loses_no_sale(void **state)
{
    (void)state;
    worker_rig_ask(&one, 1, "product.put", "product:3",
                   "{\"name\":\"Mug\",\"price\":900,\"status\":\"on_sale\",\"first_come\":false,"
                   "\"options\":[{\"option_id\":31,\"name\":\"red\",\"surcharge\":100,"
                   "\"stock\":10},{\"option_id\":32,\"name\":\"blue\",\"surcharge\":0,"
                   "\"stock\":50}]}",
                   "");
    order_of(&two, 2, 7, 32, 3);
    meet();
    assert_rows(one.db, "select total, ordered from product_option where option_id = 32", "(47,t)");
}

/* --- money ------------------------------------------------------------------------------------ */

static void test_shop_race_of_two_orders_pays_from_one_balance(void **state)
{
    (void)state;
    testdb_run(one.db, "update product set first_come = true");
    testdb_run(one.db, "insert into product values (4, 'Cup', 6000, '', 'on_sale', false, 1,"
                       " now())");
    testdb_run(one.db, "insert into product_option values (41, 4, 'one', 0, 9, 0, false)");
    order_of(&one, 1, 7, 41, 1);
    worker_rig_ask(&two, 2, "order.place", "product:3",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":5}]}", "");
    meet();
    expect_conflict("40001");
    assert_rows(one.db, VERDICTS, "(" FIRST ",insufficient_balance)\n(" SECOND ",)");
    assert_rows(one.db, "select * from wallet where user_id = 7", "(7,5500,5,0)");
    assert_rows(one.db, "select total from product_option where option_id = 41", "(9)");
}

static void test_shop_race_of_charge_and_order_keeps_both(void **state)
{
    (void)state;
    testdb_run(one.db, "update product set first_come = true");
    worker_rig_ask(&one, 1, "wallet.charge", "user:7", "{\"amount\":50}", "");
    worker_rig_ask(&two, 2, "order.place", "product:3",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}]}", "");
    meet();
    expect_conflict("40001");
    assert_rows(one.db, "select * from wallet where user_id = 7", "(7,9150,6,0)");
    assert_rows(one.db, "select kind, amount, balance, version from wallet_history",
                "(charge,50,9150,6)\n(use,900,9100,5)");
}

static void test_shop_race_of_two_registrations_makes_one_user(void **state)
{
    (void)state;
    worker_rig_ask(&one, 1, "user.register", "user:9", "{}", "");
    worker_rig_ask(&two, 2, "user.register", "user:9", "{}", "");
    meet();
    expect_conflict("23505");
    assert_rows(one.db, VERDICTS, "(" FIRST ",user_exists)\n(" SECOND ",)");
    assert_rows(one.db, "select * from wallet where user_id = 9", "(9,0,1,0)");
}

/* --- coupons ---------------------------------------------------------------------------------- */

/* The coupon pays for all of it, so that only the coupon's own version is in the way. */
static void test_shop_race_for_one_coupon_uses_it_once(void **state)
{
    (void)state;
    testdb_run(one.db, "update product set first_come = product_id = 3");
    testdb_run(one.db, "insert into product values (4, 'Cup', 600, '', 'on_sale', false, 1,"
                       " now())");
    testdb_run(one.db, "insert into product_option values (41, 4, 'one', 0, 9, 0, false)");
    testdb_run(one.db, "update coupon set discount_type = 'amount', discount_value = 5000");
    worker_rig_ask(&one, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":41,\"quantity\":1}]," COUPON "}", "");
    worker_rig_ask(&two, 2, "order.place", "product:3",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":32,\"quantity\":1}]," COUPON "}", "");
    meet();
    expect_conflict("40001");
    assert_rows(one.db, VERDICTS, "(" FIRST ",coupon_used)\n(" SECOND ",)");
    assert_rows(one.db, "select status, order_id, version from coupon", "(used," SECOND ",2)");
    assert_rows(one.db, "select order_id, coupon_id from orders",
                "(" SECOND "," WORKER_ID_HEAD "e)");
}

/* Two owners of one partition there must not be; if there are, the template's version stands. */
static void test_shop_race_for_the_last_coupon_issues_it_once(void **state)
{
    (void)state;
    testdb_run(one.db, "insert into customer values (9, now())");
    one.job.family = WIRE_FAMILY_COUPON;
    two.job.family = WIRE_FAMILY_COUPON;
    worker_rig_ask(&one, 1, "coupon.issue", "template:5", "{\"user_id\":8}", "");
    worker_rig_ask(&two, 2, "coupon.issue", "template:5", "{\"user_id\":9}", "");
    meet();
    expect_conflict("40001");
    assert_rows(one.db, VERDICTS, "(" FIRST ",coupon_sold_out)\n(" SECOND ",)");
    assert_rows(one.db, "select issued, version from coupon_template", "(2,3)");
    assert_rows(one.db, "select user_id, position from coupon", "(7,1)\n(9,2)");
}

/* --- catalogue -------------------------------------------------------------------------------- */

static void put_named(struct worker_rig *rig, int n, int product, int option, const char *name)
{
    char body[512];
    char key[32];

    (void)snprintf(body, sizeof(body),
                   "{\"name\":\"%s\",\"price\":1,\"status\":\"on_sale\",\"first_come\":false,"
                   "\"options\":[{\"option_id\":%d,\"name\":\"one\",\"surcharge\":0,"
                   "\"stock\":1}]}",
                   name, option);
    (void)snprintf(key, sizeof(key), "product:%d", product);
    worker_rig_ask(rig, n, "product.put", key, body, "");
}

static void test_shop_names_are_swapped_within_a_batch(void **state)
{
    (void)state;
    put_named(&one, 1, 4, 41, "Cup");
    put_named(&one, 2, 5, 51, "Jug");
    worker_rig_run(&one);
    put_named(&one, 3, 4, 41, "between");
    put_named(&one, 4, 5, 51, "Cup");
    put_named(&one, 5, 4, 41, "Jug");
    worker_rig_run(&one);
    assert_int_equal(one.retries, 0);
    assert_rows(one.db, "select product_id, name, version from product where product_id > 3",
                "(4,Jug,3)\n(5,Cup,2)");
}

/* Neither saw the other's name: the constraint speaks at COMMIT. */
static void test_shop_race_for_a_name_gives_it_to_one(void **state)
{
    (void)state;
    put_named(&one, 1, 4, 41, "Cup");
    put_named(&two, 2, 5, 51, "Cup");
    meet();
    expect_conflict("23505");
    assert_rows(one.db, VERDICTS, "(" FIRST ",name_taken)\n(" SECOND ",)");
    assert_rows(one.db, "select product_id from product where name = 'Cup'", "(5)");
    assert_rows(one.db, "select option_id from product_option where product_id > 3", "(51)");
}

static void test_shop_race_for_an_option_id_gives_it_to_one(void **state)
{
    (void)state;
    put_named(&one, 1, 4, 41, "Cup");
    put_named(&two, 2, 5, 41, "Jug");
    meet();
    expect_conflict("23505");
    assert_rows(one.db, VERDICTS, "(" FIRST ",invalid_request)\n(" SECOND ",)");
    assert_rows(one.db, "select product_id, option_id from product_option where option_id = 41",
                "(5,41)");
}

static void test_shop_race_of_two_puts_keeps_the_later_whole(void **state)
{
    (void)state;
    put_named(&one, 1, 4, 41, "Cup");
    worker_rig_run(&one);
    put_named(&one, 3, 4, 41, "Jug");
    put_named(&two, 2, 4, 41, "Jar");
    meet();
    expect_conflict("40001");
    assert_rows(one.db, "select name, version from product where product_id = 4", "(Jug,3)");
}

static void test_shop_race_of_delete_and_order_spares_what_is_ordered(void **state)
{
    (void)state;
    testdb_run(one.db, "update product_option set ordered = false, reserved = 0");
    worker_rig_ask(&one, 1, "product.delete", "product:3", "{}", "");
    order_of(&two, 2, 7, 32, 1);
    meet();
    expect_conflict("40001");
    assert_rows(one.db, VERDICTS, "(" FIRST ",product_in_use)\n(" SECOND ",)");
    assert_int_equal(testdb_ask(one.db, "select count(*) from product_option"), 2);
}

static void test_shop_race_of_order_and_delete_refuses_the_order(void **state)
{
    (void)state;
    testdb_run(one.db, "update product_option set ordered = false, reserved = 0");
    order_of(&one, 1, 7, 32, 1);
    worker_rig_ask(&two, 2, "product.delete", "product:3", "{}", "");
    meet();
    expect_conflict("40001");
    assert_rows(one.db, VERDICTS, "(" FIRST ",unknown_option)\n(" SECOND ",)");
    assert_rows(one.db, "select * from order_line", "");
    assert_rows(one.db, "select balance from wallet where user_id = 7", "(10000)");
}

static void test_shop_race_of_a_put_that_drops_an_option_and_its_order(void **state)
{
    (void)state;
    worker_rig_ask(&one, 1, "product.put", "product:3",
                   "{\"name\":\"Mug\",\"price\":900,\"status\":\"on_sale\",\"first_come\":false,"
                   "\"options\":[{\"option_id\":31,\"name\":\"red\",\"surcharge\":100,"
                   "\"stock\":10}]}",
                   "");
    order_of(&two, 2, 7, 32, 1);
    meet();
    expect_conflict("40001");
    assert_rows(one.db, VERDICTS, "(" FIRST ",product_in_use)\n(" SECOND ",)");
}

/* An option that one product gives up and another takes in the same batch is the other's. */
static void test_shop_option_moves_to_another_product_within_a_batch(void **state)
{
    (void)state;
    put_named(&one, 1, 4, 41, "Cup");
    worker_rig_run(&one);
    put_named(&one, 2, 4, 42, "Cup");
    put_named(&one, 3, 5, 41, "Jug");
    worker_rig_run(&one);
    assert_rows(one.db,
                "select option_id, product_id, total from product_option"
                " where product_id > 3",
                "(41,5,1)\n(42,4,1)");
    assert_rows(one.db, "select verdict from journal where verdict is not null", "");
}

static void test_shop_product_dies_and_lives_again_within_a_batch(void **state)
{
    (void)state;
    put_named(&one, 1, 4, 41, "Cup");
    worker_rig_run(&one);
    worker_rig_ask(&one, 2, "product.delete", "product:4", "{}", "");
    put_named(&one, 3, 4, 41, "Jar");
    worker_rig_ask(&one, 4, "option.restock", "product:4", "{\"option_id\":41,\"quantity\":6}", "");
    put_named(&one, 5, 5, 51, "Jug");
    worker_rig_ask(&one, 6, "product.delete", "product:5", "{}", "");
    worker_rig_run(&one);
    assert_rows(one.db, "select verdict from journal where verdict is not null", "");
    assert_rows(one.db, "select product_id, name, version from product where product_id > 3",
                "(4,Jar,1)");
    assert_rows(one.db,
                "select option_id, product_id, total from product_option"
                " where product_id > 3",
                "(41,4,7)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_race_for_the_last_pieces_sells_no_more_than_there_are),
        TEST(test_shop_race_that_leaves_enough_needs_no_second_try),
        TEST(test_shop_race_of_a_put_and_an_order_loses_no_sale),
        TEST(test_shop_race_of_two_orders_pays_from_one_balance),
        TEST(test_shop_race_of_charge_and_order_keeps_both),
        TEST(test_shop_race_of_two_registrations_makes_one_user),
        TEST(test_shop_race_for_one_coupon_uses_it_once),
        TEST(test_shop_race_for_the_last_coupon_issues_it_once),
        TEST(test_shop_names_are_swapped_within_a_batch),
        TEST(test_shop_race_for_a_name_gives_it_to_one),
        TEST(test_shop_race_for_an_option_id_gives_it_to_one),
        TEST(test_shop_race_of_two_puts_keeps_the_later_whole),
        TEST(test_shop_race_of_delete_and_order_spares_what_is_ordered),
        TEST(test_shop_race_of_order_and_delete_refuses_the_order),
        TEST(test_shop_race_of_a_put_that_drops_an_option_and_its_order),
        TEST(test_shop_option_moves_to_another_product_within_a_batch),
        TEST(test_shop_product_dies_and_lives_again_within_a_batch),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
