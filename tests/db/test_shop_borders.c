/*
 * Whatever passes the wire, the database takes: values at the borders of what a message may hold
 * end in a verdict, never in trouble that would come again for ever.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>

#define EARLIEST "0001-01-01T00:00:00Z"
#define LATEST "9999-12-31T14:59:59.999999Z"
/* 200 bytes: 66 letters of three bytes, and two that JSON escapes. */
#define WON10 "₩₩₩₩₩₩₩₩₩₩"
#define LONG_NAME WON10 WON10 WON10 WON10 WON10 WON10 "₩₩₩₩₩₩\\\"\\\\"
/* 64 bytes */
#define LONG_CATEGORY WON10 WON10 "ab\\\"\\\\"
#define FAR "9007199254740991"

static struct worker_rig order;
static struct worker_rig coupon;

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

struct row {
    const char *type;
    const char *key;
    const char *body;
    const char *verdict;
};

static void ask_all(struct worker_rig *rig, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        worker_rig_ask(rig, (int)i + 1, rows[i].type, rows[i].key, rows[i].body, "");
        worker_rig_run(rig);
        assert_rows(rig->db,
                    "select coalesce(verdict, 'succeeded') from journal order by seq desc limit 1",
                    rows[i].verdict);
    }
    assert_int_equal(rig->retries, 0);
    assert_int_equal(testdb_ask(rig->db, "select count(*) from parked"), 0);
}

static void test_shop_borders_of_catalogue_money_and_orders(void **state)
{
    static const struct row rows[] = {
        {"product.put", "product:" FAR,
         "{\"name\":\"" LONG_NAME "\",\"price\":1000000000,\"category\":\"" LONG_CATEGORY
         "\",\"options\":[{\"option_id\":" FAR ",\"name\":\"" LONG_NAME
         "\",\"surcharge\":0,\"stock\":1000000000},"
         "{\"name\":\" \",\"surcharge\":-999999999,\"stock\":0}]}",
         "(succeeded)"},
        {"product.put", "product:1",
         "{\"name\":\"\\u0020\",\"price\":0,"
         "\"options\":[{\"option_id\":1,\"name\":\"\\ud83d\\ude00\",\"surcharge\":1000000000,"
         "\"stock\":1000000}]}",
         "(succeeded)"},
        {"option.restock", "product:" FAR, "{\"option_id\":" FAR ",\"quantity\":1}",
         "(invalid_request)"},
        {"option.restock", "product:" FAR, "{\"option_id\":" FAR ",\"quantity\":-1000000000}",
         "(succeeded)"},
        {"option.restock", "product:" FAR, "{\"option_id\":" FAR ",\"quantity\":1000000000}",
         "(succeeded)"},
        {"user.register", "user:" FAR, "{}", "(succeeded)"},
        {"wallet.charge", "user:" FAR, "{\"amount\":1000000000000000}", "(succeeded)"},
        {"wallet.charge", "user:" FAR, "{\"amount\":1}", "(balance_limit_exceeded)"},
        {"wallet.charge", "user:" FAR, "{\"amount\":-1000000000000000}", "(charge_not_allowed)"},
        /* All the money there can be, for a million pieces. */
        {"order.place", "user:" FAR,
         "{\"user_id\":" FAR ",\"ordered_at\":\"" EARLIEST "\","
         "\"lines\":[{\"option_id\":1,\"quantity\":1000000}]}",
         "(succeeded)"},
        {"wallet.charge", "user:" FAR, "{\"amount\":1000000000000000}", "(succeeded)"},
        {"order.place", "user:" FAR,
         "{\"user_id\":" FAR ",\"ordered_at\":\"" LATEST "\","
         "\"lines\":[{\"option_id\":" FAR ",\"quantity\":1000000}]}",
         "(succeeded)"},
        {"order.place", "user:" FAR,
         "{\"user_id\":" FAR ",\"lines\":[{\"option_id\":" FAR ",\"quantity\":1000000},"
         "{\"option_id\":" FAR ",\"quantity\":1000000}]}",
         "(insufficient_stock)"},
    };

    (void)state;
    ask_all(&order, rows, FC_ARRAY_COUNT(rows));
    assert_rows(order.db, "select balance from wallet", "(0)");
    assert_rows(order.db, "select total from orders", "(1000000000000000)\n(1000000000000000)");
}

static void test_shop_borders_of_coupons(void **state)
{
    static const struct row rows[] = {
        {"template.put", "template:" FAR,
         "{\"name\":\"" LONG_NAME "\",\"discount\":{\"type\":\"amount\","
         "\"value\":1000000000000000},\"quantity\":1000000000,\"issue_from\":\"" EARLIEST "\","
         "\"issue_until\":\"" LATEST "\",\"valid_days\":36500,\"min_total\":1000000000000000}",
         "(succeeded)"},
        {"template.put", "template:1",
         "{\"name\":\"x\",\"discount\":{\"type\":\"rate\",\"value\":10000},\"quantity\":null,"
         "\"issue_from\":\"0001-01-01T23:59:59.9999999+00:00\","
         "\"issue_until\":\"9999-12-31T00:00:60+09:00\"}",
         "(succeeded)"},
        {"coupon.issue", "template:" FAR, "{\"user_id\":7}", "(succeeded)"},
        {"coupon.issue", "template:1", "{\"user_id\":7}", "(succeeded)"},
    };

    (void)state;
    testdb_run(coupon.db, "insert into customer values (7, now())");
    ask_all(&coupon, rows, FC_ARRAY_COUNT(rows));
    assert_int_equal(testdb_ask(coupon.db, "select count(*) from coupon"), 2);
}

/* The day of an event and its instants go on to others as text. */
static void test_shop_borders_of_what_is_accepted(void **state)
{
    static const char *const instants[] = {EARLIEST, LATEST};

    (void)state;
    testdb_run(order.db, "insert into customer values (7, now())");
    testdb_run(order.db, "insert into wallet values (7, 1000, 1)");
    testdb_run(order.db, "insert into product values (3, 'p', 1, '', 'on_sale', false, 1, now())");
    testdb_run(order.db, "insert into product_option values (31, 3, 'o', 0, 9, 0, false)");
    for (int i = 0; i < 2; i++) {
        char text[512];

        (void)snprintf(text, sizeof(text),
                       "{\"id\":\"" WORKER_ID_FMT "\",\"type\":\"order.place\",\"key\":\"user:7\","
                       "\"user_id\":" FAR ",\"accepted_at\":\"%s\",\"body\":{\"user_id\":7,"
                       "\"lines\":[{\"product_id\":3,\"quantity\":1}]}}",
                       (unsigned)i + 1, instants[i]);
        worker_rig_publish(&order, text);
    }
    worker_rig_run(&order);
    assert_rows(order.db, "select ordered_at from orders",
                "(\"0001-01-01 00:00:00+00\")\n(\"9999-12-31 14:59:59.999999+00\")");
    struct fc_str told = worker_rig_told(&order);

    assert_str_contains(told, "\"day\":\"0001-01-01\"");
    assert_str_contains(told, "\"day\":\"9999-12-31\"");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_borders_of_catalogue_money_and_orders),
        TEST(test_shop_borders_of_coupons),
        TEST(test_shop_borders_of_what_is_accepted),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
