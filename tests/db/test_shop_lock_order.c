/*
 * Rows of one table are written, and so locked, in the order of their ids, whatever order they were
 * asked for, stand or are found in: two workers that write the same rows wait for one another and
 * never each for the other. A new version of a row stands behind those that were written before it
 * on its page, which tells the order.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>

static struct worker_rig order;

/* Users 11 to 16 with a coupon and 10,000 won each, options 91 to 96 of product 9; nothing stands
 * in the order of its ids. */
static const char *const crowd[] = {
    "insert into customer select n, now() from generate_series(11, 16) n",
    "insert into wallet select n, 10000, 1 from generate_series(11, 16) n order by n * 5 % 17",
    "insert into product values (9, 'Bowl', 10, '', 'on_sale', false, 1, now())",
    "insert into product_option select n, 9, 'o' || n, 0, 100, 0, false"
    " from generate_series(91, 96) n order by n * 5 % 17",
    "insert into coupon select ('" WORKER_ID_HEAD "' || n - 10)::uuid, 5, n, n, 'available',"
    " 'amount', 1, 0, '2026-02-01', null, null, 1 from generate_series(11, 16) n"
    " order by n * 5 % 17",
};

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    for (size_t i = 0; i < FC_ARRAY_COUNT(crowd); i++)
        testdb_run(order.db, crowd[i]);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    return 0;
}

/* One batch, in which each user orders another option with the coupon, beginning in the middle. */
static void order_all(void)
{
    static const int users[] = {14, 11, 16, 12, 15, 13};

    for (int i = 0; i < 6; i++) {
        char key[32];
        char body[256];

        (void)snprintf(key, sizeof(key), "user:%d", users[i]);
        (void)snprintf(body, sizeof(body),
                       "{\"user_id\":%d,\"lines\":[{\"option_id\":%d,\"quantity\":1}],"
                       "\"coupon_id\":\"" WORKER_ID_HEAD "%d\"}",
                       users[i], 91 + (users[i] + 2) % 6, users[i] - 10);
        worker_rig_ask(&order, i + 8, "order.place", key, body, "");
    }
    worker_rig_run(&order);
    assert_int_equal(order.job.stats.succeeded, 6);
    assert_int_equal(order.retries, 0);
}

static void test_shop_lock_order_of_wallets_is_that_of_their_users(void **state)
{
    (void)state;
    /* Of an order that is not there: it has wallets looked for in another way, as a set. */
    worker_rig_ask(&order, 7, "order.cancel", "user:8", "{\"order_id\":\"" WORKER_ID_HEAD "f\"}",
                   "");
    order_all();
    assert_rows(order.db,
                "select string_agg(user_id::text, ' ' order by ctid) from wallet"
                " where user_id > 10",
                "(\"11 12 13 14 15 16\")");
}

static void test_shop_lock_order_of_options_is_that_of_their_ids(void **state)
{
    (void)state;
    order_all();
    assert_rows(order.db,
                "select string_agg(option_id::text, ' ' order by ctid) from product_option"
                " where product_id = 9",
                "(\"91 92 93 94 95 96\")");
}

static void test_shop_lock_order_of_coupons_is_that_of_their_ids(void **state)
{
    (void)state;
    order_all();
    assert_rows(order.db,
                "select string_agg((user_id - 10)::text, ' ' order by ctid) from coupon"
                " where status = 'used'",
                "(\"1 2 3 4 5 6\")");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_lock_order_of_wallets_is_that_of_their_users),
        TEST(test_shop_lock_order_of_options_is_that_of_their_ids),
        TEST(test_shop_lock_order_of_coupons_is_that_of_their_ids),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
