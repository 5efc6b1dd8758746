/*
 * What a transaction loads is one state of the catalogue, although nothing is locked: a change by
 * another worker is seen whole or not at all. And what is loaded is all that the core needs.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct worker_rig order;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    return 0;
}

/* In a process of its own: as many changes as it can make until `stop` closes. Each moves a part
 * of what option 31 costs from its surcharge to the price of its product or back. */
static pid_t change_prices(const int stop[2])
{
    pid_t pid = fork();
    char byte;

    if (pid != 0)
        return pid;
    struct db *db = testdb_open(NULL);

    (void)close(stop[1]);
    while (read(stop[0], &byte, 1) < 0)
        testdb_run(db, "with p as (update product set price = 1000 - price where product_id = 3)"
                       " update product_option set surcharge = 1000 - surcharge"
                       " where option_id = 31");
    _exit(0);
}

/* Not deterministic: with two snapshots every twentieth batch or so mixes them. */
static void test_shop_price_that_changes_while_loading_is_never_half_of_it(void **state)
{
    int stop[2];
    int status = 1;

    (void)state;
    testdb_run(order.db, "update wallet set balance = 1000000 where user_id = 7");
    testdb_run(order.db, "update product_option set total = 1000 where option_id = 31");
    assert_int_equal(pipe(stop), 0);
    assert_int_equal(fcntl(stop[0], F_SETFL, O_NONBLOCK), 0);
    pid_t pid = change_prices(stop);

    for (int n = 1; n <= 400; n++) {
        /* By option alone, and as well by product, which another statement loads. */
        worker_rig_ask(&order, n, "order.place", "user:7",
                       n % 2 == 0 ? "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":1}]}"
                                  : "{\"user_id\":7,\"lines\":[{\"product_id\":3,"
                                    "\"option_id\":31,\"quantity\":1}]}",
                       "");
        worker_rig_run(&order);
    }
    assert_int_equal(close(stop[1]) + close(stop[0]), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_rows(order.db, "select total, count(*) from orders group by 1", "(1000,400)");
}

/* Loads nothing that is not asked for, and everything that is. */
static void test_shop_loads_what_an_order_by_product_needs(void **state)
{
    (void)state;
    testdb_run(order.db, "insert into product select n, 'p' || n, 10, '', 'on_sale', false, 1,"
                         " now() from generate_series(10, 30) n");
    testdb_run(order.db, "insert into product_option select n * 10 + m, n, 'o' || m, 0, 5, 0,"
                         " false from generate_series(10, 30) n, generate_series(1, 3) m");
    testdb_run(order.db, "delete from product_option where product_id = 20 and option_id > 201");
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"product_id\":20,\"quantity\":1},"
                   "{\"option_id\":303,\"quantity\":1},"
                   "{\"product_id\":3,\"option_id\":31,\"quantity\":1}]}",
                   "");
    worker_rig_run_to(&order, CYCLE_ANNOUNCE);
    assert_int_equal(order.shop.shop.products.count, 3);
    /* One each, and two of product 3, which is named beside its option. */
    assert_int_equal(order.shop.shop.options.count, 4);
    assert_int_equal(order.shop.shop.wallets.count, 1);
    assert_int_equal(order.shop.shop.coupons.count, 0);
    worker_rig_run(&order);
    assert_rows(order.db, "select option_id, product_id, unit_price from order_line",
                "(201,20,10)\n(303,30,10)\n(31,3,1000)");
}

/* Two of three options of one product, one of another's, one that is not there; a user twice, one
 * without a wallet, and one who is none. */
static void test_shop_loads_what_orders_by_option_need(void **state)
{
    (void)state;
    testdb_run(order.db, "insert into customer values (9, now())");
    testdb_run(order.db, "insert into product values (4, 'Cup', 10, 'tea', 'stopped', true, 5,"
                         " now())");
    testdb_run(order.db, "insert into product_option values (33, 3, 'grey', 7, 8, 2, true),"
                         " (41, 4, 'one', -1, 9, 1, false)");
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":33,\"quantity\":1},"
                   "{\"option_id\":31,\"quantity\":1}]}",
                   "");
    worker_rig_ask(&order, 2, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":33,\"quantity\":1}]}", "");
    worker_rig_ask(&order, 3, "order.place", "user:9",
                   "{\"user_id\":9,\"lines\":[{\"option_id\":31,\"quantity\":1}]}", "");
    worker_rig_ask(&order, 4, "order.place", "user:6",
                   "{\"user_id\":6,\"lines\":[{\"option_id\":99,\"quantity\":1}]}", "");
    worker_rig_ask(&order, 5, "option.restock", "product:4", "{\"option_id\":41,\"quantity\":1}",
                   "");
    worker_rig_run_to(&order, CYCLE_ANNOUNCE);
    const struct shop *shop = &order.shop.shop;

    assert_int_equal(shop->wallets.count, 2);
    assert_int_equal(shop->products.count, 2);
    assert_int_equal(shop->options.count, 3);
    const struct product *cup = shop_find_product(shop, 4);
    const struct option *one = shop_find_option(shop, 41);

    assert_true(fc_str_eq(cup->name, FC_STR("Cup")) && fc_str_eq(cup->category, FC_STR("tea")));
    assert_int_equal(cup->price.won, 10);
    assert_int_equal(cup->status, PRODUCT_STOPPED);
    assert_true(cup->first_come);
    assert_int_equal(cup->version_loaded, 5);
    assert_true(fc_str_eq(one->name, FC_STR("one")));
    assert_int_equal(one->product_id, 4);
    assert_int_equal(one->surcharge.won, -1);
    assert_int_equal(one->reserved, 1);
    assert_false(one->ordered);
    worker_rig_run(&order);
    assert_rows(order.db, "select command_id, verdict from journal",
                "(" WORKER_ID_HEAD "1,)\n(" WORKER_ID_HEAD "2,)\n"
                "(" WORKER_ID_HEAD "3,unknown_wallet)\n(" WORKER_ID_HEAD "4,unknown_user)\n"
                "(" WORKER_ID_HEAD "5,)");
    assert_rows(order.db, "select * from product_option where option_id in (33, 41)",
                "(33,3,grey,7,6,2,t)\n(41,4,one,-1,10,1,f)");
}

/* An option that is put without an id gets one of the command's, or that of its name. */
static void test_shop_put_without_option_ids_finds_the_options_by_name(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "product.put", "product:3",
                   "{\"name\":\"Mug\",\"price\":900,\"status\":\"on_sale\",\"first_come\":false,"
                   "\"options\":[{\"name\":\"blue\",\"surcharge\":7,\"stock\":6},"
                   "{\"name\":\"red\",\"surcharge\":8,\"stock\":11},"
                   "{\"name\":\"grey\",\"surcharge\":9,\"stock\":1}]}",
                   "");
    worker_rig_run(&order);
    assert_rows(order.db,
                "select option_id < 100, name, surcharge, total, reserved, ordered"
                " from product_option",
                "(f,grey,9,1,0,f)\n(t,blue,7,6,0,f)\n(t,red,8,11,4,t)");
}

/* The id that a new option would get belongs to another product's already: told, not tried. */
static void test_shop_put_whose_new_option_id_is_taken_is_refused(void **state)
{
    struct fc_uuid id;
    char insert[256];
    struct fc_buf buf = fc_buf_of(insert, sizeof(insert));

    (void)state;
    assert_true(fc_uuid_parse(FC_STR(WORKER_ID_HEAD "1"), &id));
    fc_buf_put_fmt(&buf, "insert into product_option values (%lld, 3, 'x', 0, 1, 0, false)",
                   (long long)fc_id_derive(&id, 0));
    fc_buf_put_char(&buf, '\0');
    testdb_run(order.db, insert);
    worker_rig_ask(&order, 1, "product.put", "product:4",
                   "{\"name\":\"Cup\",\"price\":900,\"status\":\"on_sale\",\"first_come\":false,"
                   "\"options\":[{\"name\":\"one\",\"surcharge\":7,\"stock\":6}]}",
                   "");
    worker_rig_run_to(&order, CYCLE_ANNOUNCE);
    assert_int_equal(order.retries, 0);
    assert_rows(order.db, "select verdict from journal", "(invalid_request)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_price_that_changes_while_loading_is_never_half_of_it),
        TEST(test_shop_loads_what_an_order_by_product_needs),
        TEST(test_shop_loads_what_orders_by_option_need),
        TEST(test_shop_put_without_option_ids_finds_the_options_by_name),
        TEST(test_shop_put_whose_new_option_id_is_taken_is_refused),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
