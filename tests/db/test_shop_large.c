/* The largest there may be: orders of ORDER_LINES_MAX lines, and as many as a gather takes. */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct worker_rig order;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rows_clear(order.db);
    testdb_run(order.db, "insert into customer values (7, now())");
    testdb_run(order.db, "insert into wallet values (7, 900000000000000, 1)");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    return 0;
}

/* Products 1 to `count` / 10, ten options each: option n is of product (n + 9) / 10, names as long
 * as they may be. */
static void stock_options(int count)
{
    char text[512];

    (void)snprintf(text, sizeof(text),
                   "insert into product select n, rpad('p' || n, 200, 'x'), 10, rpad('', 200, 'y'),"
                   " 'on_sale', false, 1, now() from generate_series(1, %d) n",
                   count / 10);
    testdb_run(order.db, text);
    (void)snprintf(text, sizeof(text),
                   "insert into product_option select n, (n + 9) / 10, rpad('o' || n, 200, 'z'), 0,"
                   " 1000000, 0, false from generate_series(1, %d) n",
                   count);
    testdb_run(order.db, text);
    /* Statistics that were taken in the middle of it would make plans for no rows. */
    testdb_run(order.db, "analyze product, product_option");
}

/* The body of an order of one piece each of ORDER_LINES_MAX things from `first` on. */
static const char *large_body(const char *kind, int first)
{
    static char body[256 * 1024];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));

    fc_buf_put_text(&buf, "{\"user_id\":7,\"lines\":[");
    for (int i = 0; i < ORDER_LINES_MAX; i++)
        fc_buf_put_fmt(&buf, "%s{\"%s_id\":%d,\"quantity\":1}", i == 0 ? "" : ",", kind, first + i);
    fc_buf_put_text(&buf, "]}");
    fc_buf_put_char(&buf, '\0');
    assert_false(buf.overflow);
    return body;
}

static void ask_large(int n, int first)
{
    worker_rig_ask(&order, n, "order.place", "user:7", large_body("option", first),
                   ",\"reply_to\":\"a\"");
}

static void test_shop_order_of_two_thousand_lines_is_one_order(void **state)
{
    (void)state;
    stock_options(2010);
    ask_large(1, 11);
    worker_rig_run_to(&order, CYCLE_SETTLE);
    struct fc_str first = worker_rig_told(&order);
    char *kept = malloc(first.len + 1);

    assert_non_null(kept);
    (void)fc_str_copy(first, kept, first.len + 1);
    assert_rows(order.db, "select total, paid from orders", "(20000,20000)");
    assert_int_equal(testdb_ask(order.db, "select count(*) from order_line where quantity = 1"
                                          " and unit_price = 10"),
                     ORDER_LINES_MAX);
    assert_int_equal(testdb_ask(order.db, "select count(*) from product_option where ordered"
                                          " and total = 999999"),
                     ORDER_LINES_MAX);
    assert_int_equal(testdb_ask(order.db, "select count(*) from product_option where not ordered"
                                          " and total = 1000000"),
                     10);
    worker_rig_die(&order);
    worker_rig_run(&order);
    assert_str_equal(worker_rig_told(&order), kept);
    free(kept);
}

static void test_shop_order_with_one_line_too_many_is_parked(void **state)
{
    static char body[256 * 1024];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));

    (void)state;
    fc_buf_put_text(&buf, "{\"user_id\":7,\"lines\":[");
    for (int i = 0; i <= ORDER_LINES_MAX; i++)
        fc_buf_put_fmt(&buf, "%s{\"option_id\":1,\"quantity\":1}", i == 0 ? "" : ",");
    fc_buf_put_text(&buf, "]}");
    fc_buf_put_char(&buf, '\0');
    worker_rig_ask(&order, 1, "order.place", "user:7", body, "");
    worker_rig_run(&order);
    assert_int_equal(testdb_ask(order.db, "select count(*) from parked"), 1);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 0);
}

/* As many large orders as a message of MESSAGE_BYTES_MAX takes; how many. */
static int publish_largest_message(int n, const char *kind, int first)
{
    static char message[MESSAGE_BYTES_MAX + 1];
    struct fc_buf buf = fc_buf_of(message, MESSAGE_BYTES_MAX);
    int count = 0;

    fc_buf_put_char(&buf, '[');
    for (;; count++) {
        const char *text =
            worker_rig_command(n + count, "order.place", "user:7",
                               large_body(kind, first + count * ORDER_LINES_MAX), "");

        if (buf.len + strlen(text) + 2 > MESSAGE_BYTES_MAX)
            break;
        fc_buf_put_text(&buf, count == 0 ? "" : ",");
        fc_buf_put_text(&buf, text);
    }
    fc_buf_put_char(&buf, ']');
    assert_false(buf.overflow);
    message[buf.len] = '\0';
    worker_rig_publish(&order, message);
    return count;
}

static void expect_room(void)
{
    print_message("%zu of %d bytes of the arena were used\n", order.arena.used_max,
                  BATCH_ARENA_BYTES);
    assert_int_equal(order.retries, 0);
    assert_in_range(order.arena.used_max, 1, BATCH_ARENA_BYTES * 9L / 10);
}

/* No two lines of one option: every row has to be loaded, changed and written. */
static void test_shop_batch_of_the_largest_orders_fits_the_arena(void **state)
{
    enum { ORDERS = 8 }; /* what a gather takes and goes on */

    int count;

    (void)state;
    stock_options(80000);
    for (int n = 0; n < ORDERS; n++)
        ask_large(n + 1, n * ORDER_LINES_MAX + 1);
    count = ORDERS + publish_largest_message(ORDERS + 1, "option", ORDERS * ORDER_LINES_MAX + 1);
    worker_rig_run_to(&order, CYCLE_SETTLE);
    assert_int_equal(order.cycle.batch.delivery_count, ORDERS + 1);
    worker_rig_run(&order);
    expect_room();
    assert_int_equal(testdb_ask(order.db, "select count(*) from orders"), count);
    assert_int_equal(testdb_ask(order.db, "select count(*) from product_option where ordered"),
                     (int64_t)count * ORDER_LINES_MAX);
}

/* Products of ten options each, none of which is named: refused, and not for lack of room. */
static void test_shop_batch_of_products_with_many_options_fits_the_arena(void **state)
{
    int count;

    (void)state;
    stock_options(400000);
    count = publish_largest_message(1, "product", 1);
    worker_rig_run(&order);
    expect_room();
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"
                                          " where verdict = 'unknown_option'"),
                     count);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_order_of_two_thousand_lines_is_one_order),
        TEST(test_shop_order_with_one_line_too_many_is_parked),
        TEST(test_shop_batch_of_the_largest_orders_fits_the_arena),
        TEST(test_shop_batch_of_products_with_many_options_fits_the_arena),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
