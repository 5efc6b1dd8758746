#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"
#include "support/golden.h"

#include "base/limits.h"
#include "wire/event.h"

#include <stdlib.h>
#include <string.h>

#define ID "\"0198f3a2-7c11-8abc-9def-0123456789ab\""
#define LINE "{\"option_id\":1,\"product_id\":2,\"quantity\":3,\"unit_price\":4}"
#define SALE(type, data)                                                                     \
    "[{\"id\":" ID ",\"at\":\"2026-01-31T23:59:59Z\",\"command_id\":" ID ",\"type\":\"" type \
    "\",\"data\":" data "}]"
#define ORDER(data) SALE("order.paid", data)

static void check_sale(const struct wire_order_event *sale, enum wire_sale kind,
                       enum event_type type, int32_t nth)
{
    struct fc_uuid command_id = sample_uuid(0xab);
    struct fc_uuid id = sample_event_id(type, nth);

    assert_int_equal(sale->kind, kind);
    assert_true(fc_uuid_eq(&sale->event_id, &id));
    assert_true(fc_uuid_eq(&sale->command_id, &command_id));
    assert_int_equal(sale->at.us, 1769904000123456);
}

static void test_sales_are_read_out_of_what_was_announced(void **state)
{
    struct fc_str text = sample_announced("");
    struct wire_order_event *sales = NULL;
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    assert_true(wire_order_events_parse(text, body_arena(), &sales, &count, &reason));
    assert_int_equal(count, 6);
    check_sale(&sales[0], WIRE_SALE_PAID, EVENT_ORDER_PAID, 0);
    assert_int_equal(sales[0].day.days, 20485);
    assert_int_equal(sales[0].line_count, 2);
    assert_str_equal(sales[0].lines[0].category, "decoration");
    assert_int_equal(sales[0].lines[1].option_id, 13);
    assert_int_equal(sales[0].lines[1].product_id, 3);
    assert_int_equal(sales[0].lines[1].quantity, 1);
    assert_int_equal(sales[0].lines[1].unit_price.won, 2600);
    assert_int_equal(sales[0].lines[1].category.len, 0);
    assert_int_equal(sales[0].previous_count, 0);
    check_sale(&sales[1], WIRE_SALE_CHANGED, EVENT_ORDER_CHANGED, 0);
    assert_int_equal(sales[1].day.days, 20485);
    assert_int_equal(sales[1].line_count, 1);
    assert_int_equal(sales[1].lines[0].option_id, 13);
    assert_int_equal(sales[1].previous_count, 2);
    assert_int_equal(sales[1].previous[0].option_id, 12);
    assert_str_equal(sales[1].previous[0].category, "decoration");
    check_sale(&sales[2], WIRE_SALE_CANCELLED, EVENT_ORDER_CANCELLED, 0);
    assert_int_equal(sales[2].day.days, 20485);
    assert_int_equal(sales[2].line_count, 1);
    assert_int_equal(sales[2].previous_count, 0);
    check_sale(&sales[3], WIRE_SALE_PAID, EVENT_ORDER_PAID, 1);
    assert_int_equal(sales[3].day.days, 20484);
    check_sale(&sales[4], WIRE_SALE_CANCELLED, EVENT_ORDER_CANCELLED, 1);
    check_sale(&sales[5], WIRE_SALE_DAY_CLOSED, EVENT_DAY_CLOSED, 0);
    assert_int_equal(sales[5].day.days, 20484);
    assert_int_equal(sales[5].line_count, 0);
}

/* What may still stand in a queue when the program is replaced. */
static void test_sales_of_the_first_version_are_read(void **state)
{
    struct wire_event_origin origin = {sample_uuid(0xab), {1769904000123456}, FC_STR_NONE};
    struct fc_str rest = golden_read("journal.first.events.json");
    struct wire_order_event *sales = NULL;
    static char memory[32 * 1024];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    const char *reason = NULL;
    struct fc_str shortened;
    int32_t count = -1;

    (void)state;
    for (int32_t i = 0; wire_events_next(&rest, &shortened); i++) {
        fc_buf_put_char(&buf, i > 0 ? ',' : '[');
        wire_event_announce(&buf, &origin, i, shortened);
    }
    fc_buf_put_char(&buf, ']');
    assert_false(buf.overflow);
    assert_true(wire_order_events_parse(fc_buf_str(&buf), body_arena(), &sales, &count, &reason));
    assert_int_equal(count, 2);
    assert_int_equal(sales[0].kind, WIRE_SALE_PAID);
    assert_int_equal(sales[0].day.days, 20485);
    assert_int_equal(sales[0].line_count, 2);
    assert_int_equal(sales[0].lines[1].unit_price.won, 2600);
    assert_int_equal(sales[1].day.days, 20484);
}

static void test_catalog_changes_are_read_out_of_what_was_announced(void **state)
{
    struct fc_str text = sample_announced("");
    struct wire_catalog_change *changes = NULL;
    int32_t count = -1;

    (void)state;
    assert_true(wire_catalog_changes_parse(text, body_arena(), &changes, &count));
    assert_int_equal(count, 4);
    assert_int_equal(changes[0].product_id, 3);
    assert_false(changes[0].deleted);
    assert_true(changes[0].first_come);
    assert_int_equal(changes[0].option_count, 2);
    assert_int_equal(changes[0].option_ids[0], 12);
    assert_int_equal(changes[0].option_ids[1], 13);
    assert_false(changes[1].first_come);
    assert_int_equal(changes[1].option_count, 1);
    assert_true(changes[2].deleted);
    assert_int_equal(changes[2].option_ids[1], 13);
    assert_int_equal(changes[3].product_id, 4);
    assert_int_equal(changes[3].option_count, 0);
}

/* Nearly all that is announced of the catalogue is stock that moves. */
static void test_catalog_messages_of_stock_alone_are_passed_over(void **state)
{
    static char memory[1];
    struct fc_arena none;
    struct wire_catalog_change *changes = NULL;
    int32_t count = -1;

    (void)state;
    fc_arena_init(&none, memory, 0);
    assert_true(wire_catalog_changes_parse(sample_announced("stock."), &none, &changes, &count));
    assert_int_equal(count, 0);
}

static void test_catalog_changes_are_found_wherever_and_however_they_stand(void **state)
{
#define DELETED "\",\"data\":{\"product_id\":1,\"option_ids\":[]}}"
    static const char *const rows[] = {
        "[{\"type\":\"product.deleted" DELETED ",{\"type\":\"stock.sold\"}]",
        "[{\"type\":\"stock.sold\"},{\"type\":\"product.deleted" DELETED "]",
        "[{\"type\":\"\\u0070roduct.deleted" DELETED "]",
        "[{\"type\":\"product\\u002edeleted" DELETED "]",
        " [ {\"type\" : \"product.deleted" DELETED " ] ",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct wire_catalog_change *changes = NULL;
        int32_t count = -1;

        assert_true(wire_catalog_changes_parse(fc_str_of(rows[i]), body_arena(), &changes, &count));
        assert_int_equal(count, 1);
        assert_true(changes[0].deleted);
    }
}

static void test_orders_that_are_not_as_the_contract_has_them_are_told(void **state)
{
    static const struct {
        const char *text;
        const char *reason; /* NULL: it is good */
    } rows[] = {
        {ORDER("{\"day\":\"2026-01-31\",\"lines\":[" LINE "],\"more\":1}"), NULL},
        {"[]", NULL},
        {"[{\"type\":\"order.shipped\",\"data\":5}]", NULL},
        {"", "the message is no JSON array"},
        {"[", "the message is no JSON array"},
        {"{}", "the message is no JSON array"},
        {"[3]", "an element of the message is no event"},
        {"[{}]", "an element of the message is no event"},
        {"[{\"type\":7}]", "an element of the message is no event"},
        {ORDER("{}"), "an order.paid event of the message is not as the contract has it"},
        {ORDER("[]"), "an order.paid event of the message is not as the contract has it"},
        {ORDER("{\"day\":\"31-01-2026\",\"lines\":[" LINE "]}"),
         "an order.paid event of the message is not as the contract has it"},
        {ORDER("{\"day\":\"2026-01-31\",\"lines\":[]}"),
         "an order.paid event of the message is not as the contract has it"},
        {ORDER("{\"day\":\"2026-01-31\",\"lines\":[{\"option_id\":1}]}"),
         "an order.paid event of the message is not as the contract has it"},
        {ORDER("{\"day\":\"2026-01-31\",\"day\":\"2026-01-31\",\"lines\":[" LINE "]}"),
         "the message holds a member twice or a text that is none"},
        {"[{\"id\":1,\"type\":\"order.paid\"}]",
         "an order.paid event of the message is not as the contract has it"},
        {"[{\"id\":" ID ",\"command_id\":" ID ",\"type\":\"order.paid\",\"data\":{\"day\":"
         "\"2026-01-31\",\"lines\":[" LINE "]}}]",
         "an order.paid event of the message is not as the contract has it"},
        {SALE("order.cancelled", "{\"day\":\"2026-01-31\",\"lines\":[" LINE "]}"), NULL},
        {SALE("order.cancelled", "{\"day\":\"2026-01-31\"}"),
         "an order.cancelled event of the message is not as the contract has it"},
        {SALE("order.changed",
              "{\"day\":\"2026-01-31\",\"lines\":[" LINE "],\"previous\":[" LINE "]}"),
         NULL},
        {SALE("order.changed", "{\"day\":\"2026-01-31\",\"lines\":[" LINE "]}"),
         "an order.changed event of the message is not as the contract has it"},
        {SALE("day.closed", "{\"day\":\"2026-01-31\"}"), NULL},
        {SALE("day.closed", "{}"),
         "a day.closed event of the message is not as the contract has it"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_arena *arena = body_arena();
        struct wire_order_event *orders = NULL;
        const char *reason = NULL;
        int32_t count = -1;

        if (wire_order_events_parse(fc_str_of(rows[i].text), arena, &orders, &count, &reason)) {
            assert_null(rows[i].reason);
            continue;
        }
        assert_non_null(rows[i].reason);
        assert_string_equal(reason, rows[i].reason);
        assert_int_equal(count, -1);
        assert_int_equal(fc_arena_mark(arena), 0);
    }
}

static void test_catalog_changes_that_are_not_as_the_contract_has_them_are_refused(void **state)
{
#define PUT(data) "[{\"type\":\"product.put\",\"data\":{" data "}}]"
    static const char *const rows[] = {
        "",
        "{}",
        "[3]",
        "[{\"type\":\"product.put\"}]",
        PUT("\"product_id\":1"),
        PUT("\"product_id\":1,\"first_come\":true"),
        PUT("\"product_id\":1,\"first_come\":true,\"options\":[3]"),
        PUT("\"product_id\":0,\"first_come\":true,\"options\":[]"),
        "[{\"type\":\"product.deleted\",\"data\":{\"product_id\":1,\"option_ids\":[\"1\"]}}]",
        "[{\"type\":\"product.deleted\",\"data\":{\"product_id\":1,\"option_ids\":[0]}}]",
        "[{\"type\":\"product.deleted\",\"type\":\"product.put\",\"data\":{}}]",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_arena *arena = body_arena();
        struct wire_catalog_change *changes = NULL;
        int32_t count = -1;

        assert_false(wire_catalog_changes_parse(fc_str_of(rows[i]), arena, &changes, &count));
        assert_int_equal(count, -1);
        assert_int_equal(fc_arena_mark(arena), 0);
    }
}

static void test_events_do_not_fit_an_arena_that_is_too_small(void **state)
{
    static _Alignas(16) char memory[256];
    struct wire_catalog_change *changes = NULL;
    struct wire_order_event *orders = NULL;
    const char *reason = NULL;
    int32_t count = -1;
    int refused = 0;

    (void)state;
    for (size_t size = 0; size < sizeof(memory); size += 8) {
        struct fc_arena arena;

        fc_arena_init(&arena, memory, size);
        if (wire_order_events_parse(FC_STR(ORDER("{\"day\":\"2026-01-31\",\"lines\":[" LINE "]}")),
                                    &arena, &orders, &count, &reason))
            continue;
        assert_string_equal(reason, "the message does not fit the memory of a batch");
        assert_int_equal(fc_arena_mark(&arena), 0);
        refused++;
    }
    assert_in_range(refused, 1, 31);
    struct fc_arena arena;

    fc_arena_init(&arena, memory, 48);
    assert_false(wire_catalog_changes_parse(
        FC_STR("[{\"type\":\"product.deleted\",\"data\":{\"product_id\":1,"
               "\"option_ids\":[1,2,3]}}]"),
        &arena, &changes, &count));
}

static void test_events_cut_anywhere_are_refused(void **state)
{
    static const char *const types[] = {"order.", "product."};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(types); i++) {
        struct fc_str text = sample_announced(types[i]);

        for (size_t len = 0; len < text.len; len++) {
            struct wire_catalog_change *changes = NULL;
            struct wire_order_event *orders = NULL;
            const char *reason = NULL;
            int32_t count = -1;
            char *exact = malloc(len > 0 ? len : 1);

            assert_non_null(exact);
            memcpy(exact, text.ptr, len);
            assert_false(wire_order_events_parse((struct fc_str){exact, len}, body_arena(), &orders,
                                                 &count, &reason));
            assert_false(wire_catalog_changes_parse((struct fc_str){exact, len}, body_arena(),
                                                    &changes, &count));
            free(exact);
        }
    }
}

static void test_orders_of_2000_lines_come_back(void **state)
{
    static struct sold_line lines[ORDER_LINES_MAX];
    static char memory[512 * 1024];
    struct event event = {.type = EVENT_ORDER_PAID, .version = 1};
    struct wire_event_origin origin = {sample_uuid(1), {1769904000123456}, FC_STR_NONE};
    struct wire_order_event *orders = NULL;
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    for (int32_t i = 0; i < ORDER_LINES_MAX; i++)
        lines[i] = (struct sold_line){ID_MAX - i, ID_MAX, QUANTITY_MAX, KRW(2 * PRICE_KRW_MAX),
                                      FC_STR_NONE};
    event.data.order_paid = (struct order_terms){.order_id = sample_uuid(1),
                                                 .user_id = 1,
                                                 .key = {COMMAND_KEY_USER, 1},
                                                 .lines = lines,
                                                 .line_count = ORDER_LINES_MAX};
    struct fc_buf journal = fc_buf_of(memory, sizeof(memory) / 2);

    wire_events_put(&journal, &event, 1);
    assert_false(journal.overflow);
    struct fc_buf buf = fc_buf_of(memory + sizeof(memory) / 2, sizeof(memory) / 2);
    struct fc_str rest = fc_buf_str(&journal);
    struct fc_str shortened;

    assert_true(wire_events_next(&rest, &shortened));
    fc_buf_put_char(&buf, '[');
    wire_event_announce(&buf, &origin, 0, shortened);
    fc_buf_put_char(&buf, ']');
    assert_false(buf.overflow);
    assert_true(wire_order_events_parse(fc_buf_str(&buf), body_arena(), &orders, &count, &reason));
    assert_int_equal(count, 1);
    assert_int_equal(orders[0].line_count, ORDER_LINES_MAX);
    assert_memory_equal(orders[0].lines, lines, sizeof(lines));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sales_are_read_out_of_what_was_announced),
        cmocka_unit_test(test_sales_of_the_first_version_are_read),
        cmocka_unit_test(test_catalog_changes_are_read_out_of_what_was_announced),
        cmocka_unit_test(test_catalog_messages_of_stock_alone_are_passed_over),
        cmocka_unit_test(test_catalog_changes_are_found_wherever_and_however_they_stand),
        cmocka_unit_test(test_orders_that_are_not_as_the_contract_has_them_are_told),
        cmocka_unit_test(test_catalog_changes_that_are_not_as_the_contract_has_them_are_refused),
        cmocka_unit_test(test_events_do_not_fit_an_arena_that_is_too_small),
        cmocka_unit_test(test_events_cut_anywhere_are_refused),
        cmocka_unit_test(test_orders_of_2000_lines_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
