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

/* Products 1 to `count` / 10, ten options each: option n is of product (n + 9) / 10, names and
 * categories as long as they may be. */
static void stock_options(int count)
{
    char text[512];

    (void)snprintf(text, sizeof(text),
                   "insert into product select n, rpad('p' || n, 200, 'x'), 10, rpad('', 64, 'y'),"
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

/* A body that begins so, and goes on with one piece each of ORDER_LINES_MAX things from `first`. */
static const char *large_lines(const char *begin, const char *kind, int first)
{
    static char body[256 * 1024];
    struct fc_buf buf = fc_buf_of(body, sizeof(body));

    fc_buf_put_fmt(&buf, "{%s,\"lines\":[", begin);
    for (int i = 0; i < ORDER_LINES_MAX; i++)
        fc_buf_put_fmt(&buf, "%s{\"%s_id\":%d,\"quantity\":1}", i == 0 ? "" : ",", kind, first + i);
    fc_buf_put_text(&buf, "]}");
    fc_buf_put_char(&buf, '\0');
    assert_false(buf.overflow);
    return body;
}

static const char *large_body(const char *kind, int first)
{
    return large_lines("\"user_id\":7", kind, first);
}

/* Of order n, which becomes another. */
static const char *change_body(int n, int first)
{
    char begin[64];

    (void)snprintf(begin, sizeof(begin), "\"order_id\":\"" WORKER_ID_FMT "\"", (unsigned)n);
    return large_lines(begin, "option", first);
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

/* Command `n` of a large message. */
typedef const char *large_command_fn(int n);

/* As many of these from `n` on as a message of MESSAGE_BYTES_MAX takes; how many. */
static int publish_largest_message(int n, large_command_fn *command)
{
    static char message[MESSAGE_BYTES_MAX + 1];
    struct fc_buf buf = fc_buf_of(message, MESSAGE_BYTES_MAX);
    int count = 0;

    fc_buf_put_char(&buf, '[');
    for (;; count++) {
        const char *text = command(n + count);

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

static int first_of(int n)
{
    return (n - 1) * ORDER_LINES_MAX + 1;
}

static const char *place_options(int n)
{
    return worker_rig_command(n, "order.place", "user:7", large_body("option", first_of(n)), "");
}

static const char *place_products(int n)
{
    return worker_rig_command(n, "order.place", "user:7", large_body("product", first_of(n)), "");
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
        ask_large(n + 1, first_of(n + 1));
    count = ORDERS + publish_largest_message(ORDERS + 1, place_options);
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
    count = publish_largest_message(1, place_products);
    worker_rig_run(&order);
    expect_room();
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"
                                          " where verdict = 'unknown_option'"),
                     count);
}

/* --- orders that become others ---------------------------------------------------------------- */

#define CHANGED_ID 0x1000 /* and the order's number: the command that changes it */
#define LARGE_ORDERS 40   /* of options 1 to 80,000, that are changed to those above */

static const char *change_options(int n)
{
    return worker_rig_command(CHANGED_ID + n, "order.change", "user:7",
                              change_body(n, first_of(LARGE_ORDERS + n)), "");
}

static void test_shop_change_of_two_thousand_lines_to_others_is_one_change(void **state)
{
    (void)state;
    stock_options(4000);
    ask_large(1, 1);
    worker_rig_run(&order);
    worker_rig_ask(&order, 2, "order.change", "user:7", change_body(1, ORDER_LINES_MAX + 1), "");
    worker_rig_run(&order);
    assert_int_equal(order.retries, 0);
    assert_rows(order.db, "select total, version from orders", "(20000,2)");
    assert_rows(order.db,
                "select count(*), min(option_id), max(option_id), sum(quantity) from order_line",
                "(2000,2001,4000,2000)");
    assert_rows(order.db,
                "select option_id > 2000, count(*), min(total), max(total) from"
                " product_option group by 1",
                "(f,2000,1000000,1000000)\n(t,2000,999999,999999)");
}

/* Each loads what it was and what it becomes, and no two have a line of one option. */
static void test_shop_batch_of_the_largest_changes_fits_the_arena(void **state)
{
    enum { CHANGES = 8 };

    int count;

    (void)state;
    stock_options(2 * LARGE_ORDERS * ORDER_LINES_MAX);
    for (int n = 1; n <= LARGE_ORDERS; n++) {
        ask_large(n, first_of(n));
        worker_rig_run(&order);
        (void)worker_rig_told(&order);
    }
    for (int n = 1; n <= CHANGES; n++)
        worker_rig_publish(&order, change_options(n));
    count = CHANGES + publish_largest_message(CHANGES + 1, change_options);
    assert_in_range(count, CHANGES + 1, LARGE_ORDERS);
    worker_rig_run_to(&order, CYCLE_SETTLE);
    assert_int_equal(order.cycle.batch.delivery_count, CHANGES + 1);
    worker_rig_run(&order);
    expect_room();
    assert_int_equal(testdb_ask(order.db, "select count(*) from orders where version = 2"), count);
    assert_int_equal(
        testdb_ask(order.db, "select count(*) from order_line where option_id > 80000"),
        (int64_t)count * ORDER_LINES_MAX);
}

static const char *cancel_order(int n)
{
    char body[64];

    (void)snprintf(body, sizeof(body), "{\"order_id\":\"" WORKER_ID_FMT "\"}", (unsigned)n);
    return worker_rig_command(CHANGED_ID + n, "order.cancel", "user:7", body, "");
}

/* A few bytes of a command that bring two thousand lines each: what a batch takes of them, and one
 * message more, of four times as many as an ingress would put into one. */
static void test_shop_batch_of_cancels_of_large_orders_fits_the_arena(void **state)
{
    enum {
        SINGLE = BATCH_COMMANDS_SOFT_MAX / COMMAND_WEIGHT_ON_ORDER - 1,
        ORDERS = SINGLE + 4 * (SINGLE + 1)
    };

    static char message[MESSAGE_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(message, sizeof(message));

    (void)state;
    stock_options(2000);
    for (int n = 1; n <= ORDERS; n++) {
        ask_large(n, 1);
        worker_rig_run(&order);
        (void)worker_rig_told(&order);
        if (n <= SINGLE)
            continue;
        fc_buf_put_char(&buf, n == SINGLE + 1 ? '[' : ',');
        fc_buf_put_text(&buf, cancel_order(n));
    }
    fc_buf_put_text(&buf, "]");
    fc_buf_put_char(&buf, '\0');
    assert_false(buf.overflow);
    for (int n = 1; n <= SINGLE; n++)
        worker_rig_publish(&order, cancel_order(n));
    worker_rig_publish(&order, message);
    worker_rig_run_to(&order, CYCLE_SETTLE);
    assert_int_equal(order.cycle.batch.item_count, ORDERS);
    worker_rig_run(&order);
    expect_room();
    assert_rows(order.db, "select count(*) from orders where status = 'cancelled'", "(79)");
    assert_rows(order.db, "select total, count(*) from product_option group by 1",
                "(1000000,2000)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_order_of_two_thousand_lines_is_one_order),
        TEST(test_shop_order_with_one_line_too_many_is_parked),
        TEST(test_shop_batch_of_the_largest_orders_fits_the_arena),
        TEST(test_shop_batch_of_products_with_many_options_fits_the_arena),
        TEST(test_shop_change_of_two_thousand_lines_to_others_is_one_change),
        TEST(test_shop_batch_of_the_largest_changes_fits_the_arena),
        TEST(test_shop_batch_of_cancels_of_large_orders_fits_the_arena),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
