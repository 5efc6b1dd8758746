#include "support/expect.h"
#include "support/scenario.h"

#include "base/limits.h"
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
    event.data.stock_moved =
        (struct stock_moved){.order_id = {{1}}, .lines = &line, .line_count = 1};
    stock_apply_moved(&shop, &event);
    assert_int_equal(option->total, 8);
    assert_int_equal(option->total_delta, -2);
    assert_int_equal(option->reserved_delta, 0);
    assert_true(option->ordered);
    assert_true(option->ordered_changed);
    /* Counts are sums: the row itself is as it was. */
    assert_false(option->row.changed);

    option->ordered_changed = false;
    stock_apply_moved(&shop, &event);
    assert_true(option->ordered);
    assert_false(option->ordered_changed);
}

static void test_stock_events_of_an_order_move_their_counts(void **state)
{
    static const struct {
        enum event_type type;
        bool from_reserved;
        int64_t total;
        int64_t reserved;
    } rows[] = {
        {EVENT_STOCK_RESERVED, false, 10, 6}, {EVENT_STOCK_RELEASED, false, 10, 2},
        {EVENT_STOCK_TAKEN, false, 8, 4},     {EVENT_STOCK_TAKEN, true, 8, 2},
        {EVENT_STOCK_RETURNED, false, 12, 4},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_arena arena;
        struct shop shop;
        const struct option *option = shop_with_option(&shop, &arena);
        struct stock_line line = {70, 2};
        struct stock_moved moved = {{{1}}, rows[i].from_reserved, &line, 1};
        struct decision decision = decision_succeeded(&shop, 1);

        stock_move(&shop, rows[i].type, &moved, &decision);
        assert_int_equal(decision.event_count, 1);
        assert_int_equal(decision.events[0].type, rows[i].type);
        assert_int_equal(decision.events[0].version, 0);
        stock_apply_moved(&shop, &decision.events[0]);
        assert_int_equal(option->total, rows[i].total);
        assert_int_equal(option->reserved, rows[i].reserved);
        assert_int_equal(option->total_delta, rows[i].total - 10);
        assert_int_equal(option->reserved_delta, rows[i].reserved - 4);
        assert_true(option->ordered);
    }
}

static void test_stock_of_a_decision_that_is_not_there_is_a_mistake(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct option *option = shop_with_option(&shop, &arena);
    struct stock_line line = {70, 7};
    struct stock_moved moved = {{{1}}, false, &line, 1};
    struct decision decision = decision_succeeded(&shop, 4);

    (void)state;
    EXPECT_ASSERT(stock_move(&shop, EVENT_STOCK_RESERVED, &moved, &decision));
    EXPECT_ASSERT(stock_move(&shop, EVENT_STOCK_TAKEN, &moved, &decision));
    EXPECT_ASSERT(stock_move(&shop, EVENT_STOCK_RELEASED, &moved, &decision));
    EXPECT_ASSERT(stock_move(&shop, EVENT_STOCK_RESTOCKED, &moved, &decision));
    line.quantity = 6;
    stock_move(&shop, EVENT_STOCK_TAKEN, &moved, &decision);
    moved.from_reserved = true;
    EXPECT_ASSERT(stock_move(&shop, EVENT_STOCK_TAKEN, &moved, &decision));
    EXPECT_ASSERT(stock_move(&shop, EVENT_STOCK_RETURNED, &moved, &decision));
    moved.from_reserved = false;
    option->total = STOCK_MAX - 5;
    EXPECT_ASSERT(stock_move(&shop, EVENT_STOCK_RETURNED, &moved, &decision));
    option->total = STOCK_MAX - 6;
    stock_move(&shop, EVENT_STOCK_RETURNED, &moved, &decision);
    line.option_id = 71;
    EXPECT_ASSERT(stock_move(&shop, EVENT_STOCK_RETURNED, &moved, &decision));
    EXPECT_ASSERT((void)stock_no_room(&shop, &line, 1));
}

static void test_stock_that_would_pass_the_limit_has_no_room(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct option *option = shop_with_option(&shop, &arena);
    struct stock_line line = {70, 7};

    (void)state;
    option->total = STOCK_MAX - 6;
    assert_int_equal(stock_no_room(&shop, &line, 1), 70);
    assert_int_equal(stock_no_room(&shop, &line, 0), 0);
    line.quantity = 6;
    assert_int_equal(stock_no_room(&shop, &line, 1), 0);
}

/* A journal's order over keys is not the order of commits: only the sums at its end are true. */
static void test_stock_events_are_applied_in_any_order(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    const struct option *option = shop_with_option(&shop, &arena);
    struct stock_line line = {70, 12};
    struct event taken = {.type = EVENT_STOCK_TAKEN};
    struct event reserved = {.type = EVENT_STOCK_RESERVED};
    struct event restocked = {.type = EVENT_STOCK_RESTOCKED};

    (void)state;
    taken.data.stock_moved = (struct stock_moved){{{1}}, true, &line, 1};
    reserved.data.stock_moved = (struct stock_moved){{{1}}, false, &line, 1};
    restocked.data.stock_restocked = (struct stock_restocked){70, 7, 8};
    stock_apply_moved(&shop, &taken);
    assert_int_equal(option->total, -2);
    assert_int_equal(option->reserved, -8);
    stock_apply_moved(&shop, &reserved);
    stock_apply_restocked(&shop, &restocked);
    assert_int_equal(option->total, 6);
    assert_int_equal(option->reserved, 4);
}

static void test_stock_events_that_break_a_promise_are_mistakes(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct option *option = shop_with_option(&shop, &arena);
    struct stock_line lines[] = {{70, 1}, {70, 1}};
    struct event event = {.type = EVENT_STOCK_TAKEN};

    (void)state;
    event.data.stock_moved = (struct stock_moved){{{1}}, false, lines, 2};
    EXPECT_ASSERT(stock_apply_moved(&shop, &event));
    lines[0].quantity = 0;
    event.data.stock_moved.line_count = 1;
    EXPECT_ASSERT(stock_apply_moved(&shop, &event));
    event.data.stock_moved.line_count = 0;
    EXPECT_ASSERT(stock_apply_moved(&shop, &event));
    lines[0].option_id = 71;
    event.data.stock_moved.line_count = 1;
    EXPECT_ASSERT(stock_apply_moved(&shop, &event));
    event.type = EVENT_STOCK_RESTOCKED;
    EXPECT_ASSERT(stock_apply_moved(&shop, &event));
    event.data.stock_restocked = (struct stock_restocked){71, 7, 1};
    EXPECT_ASSERT(stock_apply_restocked(&shop, &event));
    event.data.stock_restocked = (struct stock_restocked){70, 8, 1};
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
        cmocka_unit_test(test_stock_events_of_an_order_move_their_counts),
        cmocka_unit_test(test_stock_of_a_decision_that_is_not_there_is_a_mistake),
        cmocka_unit_test(test_stock_that_would_pass_the_limit_has_no_room),
        cmocka_unit_test(test_stock_events_are_applied_in_any_order),
        cmocka_unit_test(test_stock_events_that_break_a_promise_are_mistakes),
        cmocka_unit_test(test_stock_reserved_above_the_total_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
