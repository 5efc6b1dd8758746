#include "support/expect.h"
#include "support/scenario.h"

#include "core/stock.h"

#include <stdalign.h>

static alignas(16) char memory[16384];

static void test_stock_restock_adds_and_takes_out(void **state)
{
    (void)state;
    SCENARIO("product 7 stock 5\n"
             "ask restock 70 3 → succeeded\n"
             "events stock.restocked\n"
             "stock 70 8 delta 3\n"
             "ask restock 70 -8 → succeeded\n"
             "stock 70 0 delta -5\n"
             "ask restock 70 0 → succeeded\n"
             "stock 70 0\n");
}

static void test_stock_restock_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("product 7 stock 5 reserved 2\n"
             "ask restock 79 -9 key u1 → misrouted 79\n"
             "ask restock 79 -9 key p8 → unknown_option 79\n"
             "ask restock 70 -9 key p8 → misrouted 7\n"
             "ask restock 70 -9 → insufficient_stock 70\n"
             "ask restock 70 999999996 → invalid_request 70\n"
             "stock 70 5 reserved 2 delta 0\n"
             "ask restock 70 999999995 → succeeded\n"
             "stock 70 1000000000\n");
}

static void test_stock_never_falls_below_what_is_reserved(void **state)
{
    (void)state;
    SCENARIO("product 7 stock 5 reserved 2\n"
             "ask restock 70 -4 → insufficient_stock\n"
             "ask restock 70 -3 → succeeded\n"
             "stock 70 2 reserved 2\n"
             "ask restock 70 -1 → insufficient_stock\n"
             "ask restock 70 -9223372036854775808 → insufficient_stock\n"
             "ask restock 70 9223372036854775807 → invalid_request\n");
}

static void test_stock_of_a_deleted_option_is_unknown(void **state)
{
    (void)state;
    SCENARIO("product 7 stock 5\n"
             "ask drop_product 7 → succeeded\n"
             "ask restock 70 1 → unknown_option\n");
}

static struct option *shop_with_option(struct shop *shop, struct fc_arena *arena)
{
    fc_arena_init(arena, memory, sizeof(memory));
    shop_init(shop, arena, 4);
    struct option *option = shop_put_option(shop, 70, 7);

    option->row = (struct row_mark){.exists = true, .loaded = true};
    option->total = 10;
    option->reserved = 4;
    return option;
}

static void test_stock_taken_marks_the_option_as_ordered_once(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct option *option = shop_with_option(&shop, &arena);
    struct stock_line line = {70, 2};
    struct event event = {.type = EVENT_STOCK_TAKEN};

    (void)state;
    event.data.stock_taken = (struct stock_taken){{{1}}, &line, 1};
    stock_apply_taken(&shop, &event);
    assert_int_equal(option->total, 8);
    assert_int_equal(option->total_delta, -2);
    assert_int_equal(option->reserved_delta, 0);
    assert_true(option->ordered);
    assert_true(option->ordered_changed);
    /* Counts are sums: the row itself is as it was. */
    assert_false(option->row.changed);

    option->ordered_changed = false;
    stock_apply_taken(&shop, &event);
    assert_true(option->ordered);
    assert_false(option->ordered_changed);
}

static void test_stock_events_that_break_a_promise_are_mistakes(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct option *option = shop_with_option(&shop, &arena);
    struct stock_line lines[] = {{70, 7}, {70, 1}};
    struct event event = {.type = EVENT_STOCK_TAKEN};

    (void)state;
    event.data.stock_taken = (struct stock_taken){{{1}}, lines, 1};
    EXPECT_ASSERT(stock_apply_taken(&shop, &event));
    lines[0].quantity = 1;
    event.data.stock_taken.line_count = 2;
    EXPECT_ASSERT(stock_apply_taken(&shop, &event));
    lines[0].quantity = 0;
    event.data.stock_taken.line_count = 1;
    EXPECT_ASSERT(stock_apply_taken(&shop, &event));
    event.data.stock_taken.line_count = 0;
    EXPECT_ASSERT(stock_apply_taken(&shop, &event));
    event.data.stock_restocked = (struct stock_restocked){71, 7, 1};
    EXPECT_ASSERT(stock_apply_restocked(&shop, &event));
    event.data.stock_restocked = (struct stock_restocked){70, 7, -7};
    EXPECT_ASSERT(stock_apply_restocked(&shop, &event));
    option->row.exists = false;
    event.data.stock_restocked = (struct stock_restocked){70, 7, 1};
    EXPECT_ASSERT(stock_apply_restocked(&shop, &event));
}

static void test_stock_reserved_above_the_total_is_a_mistake(void **state)
{
    struct option option = {.total = 1, .reserved = 2};

    (void)state;
    EXPECT_ASSERT((void)stock_available(&option));
    option.reserved = 1;
    assert_int_equal(stock_available(&option), 0);
    option.reserved = -1;
    EXPECT_ASSERT((void)stock_available(&option));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stock_restock_adds_and_takes_out),
        cmocka_unit_test(test_stock_restock_verdicts_in_precedence_order),
        cmocka_unit_test(test_stock_never_falls_below_what_is_reserved),
        cmocka_unit_test(test_stock_of_a_deleted_option_is_unknown),
        cmocka_unit_test(test_stock_taken_marks_the_option_as_ordered_once),
        cmocka_unit_test(test_stock_events_that_break_a_promise_are_mistakes),
        cmocka_unit_test(test_stock_reserved_above_the_total_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
