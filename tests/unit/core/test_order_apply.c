#include "support/expect.h"

#include "core/order.h"
#include "core/order_terms.h"

#include <stdalign.h>

static alignas(16) char memory[65536];
static struct sold_line sold = {70, 7, 2, {500}, {"toys", 4}};

static struct shop shop_empty(struct fc_arena *arena)
{
    struct shop shop;

    fc_arena_init(arena, memory, sizeof(memory));
    shop_init(&shop, arena, 4);
    return shop;
}

static struct order_terms some_terms(void)
{
    return (struct order_terms){
        .order_id = {{1}},
        .user_id = 3,
        .key = {COMMAND_KEY_USER, 3},
        .total = KRW(1000),
        .discount = KRW(100),
        .paid = KRW(900),
        .payment = PAYMENT_BANK_TRANSFER,
        .from_balance = KRW(200),
        .transfer_discount = KRW(30),
        .lines = &sold,
        .line_count = 1,
    };
}

static struct event placed(void)
{
    struct event event = {.type = EVENT_ORDER_PLACED, .version = 1};

    event.data.order_placed = (struct order_placed){some_terms(), {99}};
    return event;
}

static struct event paid(int64_t version)
{
    struct event event = {.type = EVENT_ORDER_PAID, .version = version};

    event.data.order_paid = some_terms();
    event.data.order_paid.paid_at.us = 50;
    return event;
}

static void test_order_row_of_a_placed_order_is_new(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct event event = placed();
    struct fc_uuid id = {{1}};

    (void)state;
    assert_null(order_of_id(&shop, &id));
    order_apply_placed(&shop, &event);
    const struct order *order = order_of_id(&shop, &id);

    assert_non_null(order);
    assert_true(order->row.exists && order->row.changed && !order->row.loaded);
    assert_int_equal(order->status, ORDER_PENDING_PAYMENT);
    assert_true(order->expires);
    assert_int_equal(order->expires_at.us, 99);
    assert_int_equal(order->version, 1);
    assert_int_equal(order->version_loaded, 0);
    assert_true(order->items_changed);
    assert_int_equal(order->item_count, 1);
    assert_int_equal(order->items[0].sold.option_id, 70);
    assert_str_equal(order->items[0].sold.category, "toys");
    assert_int_equal(order->items[0].shipped, 0);
    assert_null(order->terms.lines);
    assert_int_equal(order->terms.line_count, 0);
    EXPECT_ASSERT(order_apply_placed(&shop, &event));
}

static void test_order_row_that_is_paid_does_not_expire(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct event first = placed();
    struct event event = paid(2);
    struct fc_uuid id = {{1}};

    (void)state;
    order_apply_placed(&shop, &first);
    struct order *order = shop_find_order(&shop, &id);

    /* As if it had been stored and loaded. */
    order->row = (struct row_mark){.exists = true, .loaded = true};
    order->items_changed = false;
    order_apply_paid(&shop, &event);
    assert_int_equal(order->status, ORDER_PAID);
    assert_int_equal(order->terms.paid_at.us, 50);
    assert_false(order->expires);
    assert_int_equal(order->expires_at.us, 0);
    assert_true(order->row.changed);
    assert_false(order->items_changed);
    assert_int_equal(order->version, 2);
}

static void test_order_row_has_its_terms_with_its_lines(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct event event = paid(1);
    struct fc_uuid id = {{1}};

    (void)state;
    order_apply_paid(&shop, &event);
    struct order_terms terms = order_terms_of(&shop, order_of_id(&shop, &id));

    assert_int_equal(terms.line_count, 1);
    assert_int_equal(terms.lines[0].unit_price.won, 500);
    assert_int_equal(terms.paid.won, 900);
    assert_int_equal(order_terms_from_balance(&terms).won, 200);
    assert_int_equal(order_terms_transfer(&terms).won, 700);
    terms.payment = PAYMENT_BALANCE;
    assert_int_equal(order_terms_from_balance(&terms).won, 900);
    assert_int_equal(order_terms_transfer(&terms).won, 0);
}

static void test_order_events_in_a_wrong_state_are_mistakes(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct event first = placed();
    struct event approved = paid(2);
    struct event failed = {.type = EVENT_ORDER_FAILED, .version = 2};
    struct event cancelled = {.type = EVENT_ORDER_CANCELLED, .version = 2};
    struct event shipped = {.type = EVENT_ORDER_SHIPPED, .version = 3};
    struct stock_line line = {70, 2};

    (void)state;
    failed.data.order_failed.order_id = (struct fc_uuid){{1}};
    EXPECT_ASSERT(order_apply_failed(&shop, &failed));
    EXPECT_ASSERT(order_apply_paid(&shop, &approved));
    first.data.order_placed.terms.paid_at.us = 1;
    EXPECT_ASSERT(order_apply_placed(&shop, &first));

    shop = shop_empty(&arena);
    first = placed();
    order_apply_placed(&shop, &first);
    cancelled.data.order_cancelled =
        (struct order_cancelled){.terms = some_terms(), .refunded = KRW(900)};
    EXPECT_ASSERT(order_apply_cancelled(&shop, &cancelled));
    failed.version = 3;
    EXPECT_ASSERT(order_apply_failed(&shop, &failed));
    order_apply_paid(&shop, &approved);
    failed.version = 3;
    EXPECT_ASSERT(order_apply_failed(&shop, &failed));
    cancelled.version = 3;
    cancelled.data.order_cancelled.refunded = KRW(899);
    EXPECT_ASSERT(order_apply_cancelled(&shop, &cancelled));

    shipped.data.order_shipped = (struct order_shipped){{{1}}, 3, false, &line, 1};
    EXPECT_ASSERT(order_apply_shipped(&shop, &shipped));
    shop = shop_empty(&arena);
    order_apply_placed(&shop, &first);
    order_apply_paid(&shop, &approved);
    line.quantity = 3;
    EXPECT_ASSERT(order_apply_shipped(&shop, &shipped));
    shop = shop_empty(&arena);
    order_apply_placed(&shop, &first);
    order_apply_paid(&shop, &approved);
    line = (struct stock_line){71, 1};
    EXPECT_ASSERT(order_apply_shipped(&shop, &shipped));
}

static void test_order_terms_that_do_not_agree_are_mistakes(void **state)
{
    struct sold_line two[] = {{71, 7, 1, {500}, {NULL, 0}}, {70, 7, 1, {500}, {NULL, 0}}};
    struct order_terms terms = some_terms();

    (void)state;
    order_terms_check(&terms);
    terms.total = KRW(1001);
    EXPECT_ASSERT(order_terms_check(&terms));
    terms = some_terms();
    terms.paid = KRW(901);
    EXPECT_ASSERT(order_terms_check(&terms));
    terms = some_terms();
    terms.discount = KRW(-1);
    EXPECT_ASSERT(order_terms_check(&terms));
    terms.discount = KRW(1001);
    terms.paid = KRW(-1);
    EXPECT_ASSERT(order_terms_check(&terms));
    terms = some_terms();
    terms.from_balance = KRW(901);
    EXPECT_ASSERT(order_terms_check(&terms));
    terms.from_balance = KRW(-1);
    EXPECT_ASSERT(order_terms_check(&terms));
    terms = some_terms();
    terms.transfer_discount = KRW(101);
    EXPECT_ASSERT(order_terms_check(&terms));
    terms.transfer_discount = KRW(-1);
    EXPECT_ASSERT(order_terms_check(&terms));
    terms = some_terms();
    terms.lines = two;
    terms.line_count = 2;
    EXPECT_ASSERT(order_terms_check(&terms));
    terms.line_count = 0;
    EXPECT_ASSERT(order_terms_check(&terms));
}

/* N of the balance, the rest by transfer: what a coupon leaves, then the transfer's rate. */
static void test_order_terms_are_priced_in_order(void **state)
{
    static const struct {
        const char *name;
        int64_t coupon; /* an amount; 0: none */
        int64_t asked;
        int32_t rate;
        int64_t from;
        int64_t off;
        int64_t paid;
    } rows[] = {
        {"nothing off", 0, 0, 0, 0, 0, 1000},
        {"all by transfer", 0, 0, 500, 0, 50, 950},
        {"a part of the balance", 0, 600, 500, 600, 20, 980},
        {"all of the balance", 0, 1000, 500, 1000, 0, 1000},
        {"more of the balance than it costs", 0, 1001, 500, 1000, 0, 1000},
        {"after the coupon", 100, 600, 500, 600, 15, 885},
        {"the coupon leaves less than the part", 500, 600, 500, 500, 0, 500},
        {"the coupon leaves nothing", 1000, 600, 500, 0, 0, 0},
        {"one won is left", 999, 0, 9999, 0, 0, 1},
        {"all of it off", 0, 600, 10000, 600, 400, 600},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct discount coupon = {DISCOUNT_AMOUNT, rows[i].coupon};
        struct order_terms terms = {
            .total = KRW(1000),
            .payment = PAYMENT_BANK_TRANSFER,
            .transfer_rate = rows[i].rate,
        };

        print_message("%s\n", rows[i].name);
        order_terms_price(&terms, rows[i].coupon > 0 ? &coupon : NULL, KRW(rows[i].asked),
                          KRW(AMOUNT_KRW_MAX));
        assert_int_equal(terms.from_balance.won, rows[i].from);
        assert_int_equal(terms.transfer_discount.won, rows[i].off);
        assert_int_equal(terms.discount.won, rows[i].off + rows[i].coupon);
        assert_int_equal(terms.paid.won, rows[i].paid);
    }
}

static void test_order_terms_of_the_balance_have_no_transfer(void **state)
{
    struct order_terms terms = {.total = KRW(1000), .payment = PAYMENT_BALANCE};

    (void)state;
    EXPECT_ASSERT(order_terms_price(&terms, NULL, KRW(1), KRW(0)));
    EXPECT_ASSERT(order_terms_price(&terms, NULL, KRW(-1), KRW(0)));
    terms.transfer_rate = 1;
    EXPECT_ASSERT(order_terms_price(&terms, NULL, KRW(0), KRW(0)));
}

static void test_order_without_what_was_to_be_loaded_is_a_mistake(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct order order = {.terms = {.order_id = {{1}}, .user_id = 3}};
    struct fc_uuid id = {{9}};

    (void)state;
    EXPECT_ASSERT((void)order_wallet(&shop, &order));
    shop_put_wallet(&shop, 3)->user.exists = true;
    EXPECT_ASSERT((void)order_wallet(&shop, &order));
    shop_find_wallet(&shop, 3)->row.exists = true;
    assert_ptr_equal(order_wallet(&shop, &order), shop_find_wallet(&shop, 3));

    assert_null(order_coupon(&shop, &order));
    order.terms.has_coupon = true;
    order.terms.coupon_id = id;
    EXPECT_ASSERT((void)order_coupon(&shop, &order));
    struct coupon *coupon = shop_put_coupon(&shop, &id, 9, 3);

    EXPECT_ASSERT((void)order_coupon(&shop, &order));
    coupon->status = COUPON_USED;
    EXPECT_ASSERT((void)order_coupon(&shop, &order));
    coupon->order_id = order.terms.order_id;
    assert_ptr_equal(order_coupon(&shop, &order), coupon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_row_of_a_placed_order_is_new),
        cmocka_unit_test(test_order_row_that_is_paid_does_not_expire),
        cmocka_unit_test(test_order_row_has_its_terms_with_its_lines),
        cmocka_unit_test(test_order_events_in_a_wrong_state_are_mistakes),
        cmocka_unit_test(test_order_terms_that_do_not_agree_are_mistakes),
        cmocka_unit_test(test_order_terms_are_priced_in_order),
        cmocka_unit_test(test_order_terms_of_the_balance_have_no_transfer),
        cmocka_unit_test(test_order_without_what_was_to_be_loaded_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
