#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"
#include "support/golden.h"

#include "wire/event.h"

#include <stdlib.h>
#include <string.h>

#define TRACE "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
#define ID "\"0198f3a2-7c11-8abc-9def-0123456789ab\""
#define TRANSFER "\"payment\":{\"method\":\"bank_transfer\",\"from_balance\":600}"
#define DATA_OF(key, payment, paid)                                                     \
    "{\"order_id\":" ID ",\"user_id\":7,\"key\":\"" key "\"," payment ",\"paid\":" paid \
    ",\"expires_at\":\"2026-01-31T23:59:59Z\"}"
#define DATA DATA_OF("user:7", TRANSFER, "600")
#define PLACED_INSIDE(key, payment, paid) \
    "\"type\":\"order.placed\",\"data\":" DATA_OF(key, payment, paid)
#define PLACED(key, payment, paid) "[{" PLACED_INSIDE(key, payment, paid) "}]"
#define FAILED(payment, failure)                                                       \
    "[{\"type\":\"order.failed\",\"data\":{\"order_id\":" ID ",\"user_id\":7," payment \
    ",\"failure\":\"" failure "\"}}]"

static void test_payments_are_read_out_of_what_was_announced(void **state)
{
    struct fc_str text = sample_announced("");
    struct wire_payment_event *payments = NULL;
    struct fc_uuid order_id = sample_uuid(0x33);
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    assert_true(wire_payment_events_parse(text, body_arena(), &payments, &count, &reason));
    assert_int_equal(count, 2);
    assert_true(payments[0].placed);
    assert_true(fc_uuid_eq(&payments[0].order_id, &order_id));
    assert_int_equal(payments[0].user_id, 7);
    assert_int_equal(payments[0].key.kind, COMMAND_KEY_USER);
    assert_int_equal(payments[0].key.id, 7);
    assert_int_equal(payments[0].amount.won, 1900);
    assert_int_equal(payments[0].expires_at.us, 1769904000000000);
    assert_int_equal(payments[0].traceparent.len, 0);
    assert_false(payments[1].placed);
    assert_true(fc_uuid_eq(&payments[1].order_id, &order_id));
    assert_int_equal(payments[1].user_id, 7);
    assert_int_equal(payments[1].failure, ORDER_TIMED_OUT);
    assert_int_equal(payments[1].amount.won, 0);
    assert_int_equal(payments[1].expires_at.us, 0);
    assert_int_equal(payments[1].traceparent.len, 0);
}

static void test_payment_has_the_trace_of_its_order(void **state)
{
    struct wire_payment_event *payments = NULL;
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    assert_true(wire_payment_events_parse(
        FC_STR("[{\"traceparent\":\"" TRACE "\",\"type\":\"order.placed\",\"data\":" DATA
               "},{\"traceparent\":\"" TRACE
               "\",\"type\":\"order.failed\",\"data\":{\"order_id\":" ID ",\"user_id\":7," TRANSFER
               ",\"failure\":\"declined\"}}]"),
        body_arena(), &payments, &count, &reason));
    assert_int_equal(count, 2);
    assert_str_equal(payments[0].traceparent, TRACE);
    assert_int_equal(payments[1].traceparent.len, 0);
    assert_int_equal(payments[1].failure, ORDER_DECLINED);
}

static void test_payment_that_is_put_off_comes_back_as_it_was(void **state)
{
    struct wire_payment_event *payments = NULL;
    struct wire_payment_event *again = NULL;
    struct fc_str message = {"", 0};
    const char *reason = NULL;
    int32_t count = -1;
    struct fc_arena *arena = body_arena();

    (void)state;
    assert_true(wire_payment_events_parse(FC_STR(PLACED("user:7", TRANSFER, "601")), arena,
                                          &payments, &count, &reason));
    assert_false(payments[0].postponed);
    for (int round = 0; round < 2; round++) {
        struct fc_buf buf = fc_arena_buf_begin(arena);

        fc_buf_put_char(&buf, '[');
        wire_payment_postponed_put(&buf, &payments[0]);
        fc_buf_put_char(&buf, ']');
        assert_true(fc_arena_buf_end(arena, &buf, &message));
        assert_true(wire_payment_events_parse(message, arena, &again, &count, &reason));
        assert_int_equal(count, 1);
        assert_true(again[0].postponed);
        assert_int_equal(again[0].amount.won, 1);
        assert_true(fc_uuid_eq(&again[0].order_id, &payments[0].order_id));
        payments = again;
    }
    assert_str_equal(message,
                     "[{\"postponed\":true," PLACED_INSIDE("user:7", TRANSFER, "601") "}]");
}

static void test_payments_that_are_not_as_the_contract_has_them_are_told(void **state)
{
    static const struct {
        const char *text;
        int32_t count; /* -1: it is not good */
        int64_t amount;
    } rows[] = {
        {PLACED("user:7", TRANSFER, "600"), 1, 0},
        {PLACED("user:7", TRANSFER, "601"), 1, 1},
        {PLACED("user:7", "\"payment\":{\"method\":\"bank_transfer\"}", "5"), 1, 5},
        {PLACED("user:7", TRANSFER, "599"), -1, 0},
        {PLACED("user:07", TRANSFER, "600"), -1, 0},
        {PLACED("user:7", "\"payment\":{\"method\":\"balance\"}", "600"), 0, 0},
        {PLACED("user:7", "\"payment\":{}", "600"), -1, 0},
        {FAILED(TRANSFER, "expired"), 1, 0},
        {FAILED("\"payment\":{\"method\":\"balance\"}", "expired"), 0, 0},
        {FAILED(TRANSFER, "lost"), -1, 0},
        {"[{\"type\":\"order.failed\"}]", -1, 0},
        {"[{\"type\":\"order.paid\"}]", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct wire_payment_event *payments = NULL;
        const char *reason = "";
        int32_t count = -1;

        assert_int_equal(wire_payment_events_parse(fc_str_of(rows[i].text), body_arena(), &payments,
                                                   &count, &reason),
                         rows[i].count >= 0);
        assert_int_equal(count, rows[i].count);
        if (count < 0)
            assert_non_null(strstr(reason, "event of the message is not as the contract has it"));
        if (count == 1)
            assert_int_equal(payments[0].amount.won, rows[i].amount);
    }
}

static void test_orders_are_told_to_the_byte_in_which_they_were_announced(void **state)
{
    static const struct {
        enum event_type type;
        int32_t nth;
        uint8_t order;
    } rows[] = {
        {EVENT_ORDER_PAID, 0, 0x31},
        {EVENT_ORDER_CANCELLED, 0, 0x31},
        {EVENT_ORDER_PAID, 1, 0x34},
        {EVENT_ORDER_CANCELLED, 1, 0x34},
    };
    struct fc_str text = sample_announced("");
    struct wire_told_event *told = NULL;
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    assert_true(wire_told_events_parse(text, body_arena(), &told, &count, &reason));
    assert_int_equal(count, FC_ARRAY_COUNT(rows));
    for (int32_t i = 0; i < count; i++) {
        struct fc_uuid id = sample_event_id(rows[i].type, rows[i].nth);
        struct fc_uuid order_id = sample_uuid(rows[i].order);
        struct fc_str rest = golden_read("events.v1.jsonl");
        bool found = false;

        assert_true(fc_uuid_eq(&told[i].event_id, &id));
        assert_true(fc_uuid_eq(&told[i].order_id, &order_id));
        while (rest.len > 0)
            found = fc_str_eq(fc_str_cut(&rest, '\n'), told[i].json) || found;
        assert_true(found);
    }
}

static void test_orders_are_told_in_one_line_however_they_came(void **state)
{
    struct wire_told_event *told = NULL;
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    assert_true(wire_told_events_parse(
        FC_STR("[ {\n\"id\": " ID ",\n\"type\": \"order.paid\",\n\"data\": {\"order_id\": " ID
               ", \"note\": \"a\\nb/c\"}} ]"),
        body_arena(), &told, &count, &reason));
    assert_int_equal(count, 1);
    assert_str_equal(told[0].json,
                     "{\"id\":" ID ",\"type\":\"order.paid\",\"data\":{\"order_id\":" ID
                     ",\"note\":\"a\\nb/c\"}}");
}

static void test_told_that_is_not_as_the_contract_has_it_is_refused(void **state)
{
    static const char *const rows[] = {
        "[{\"id\":" ID ",\"type\":\"order.paid\",\"data\":{}}]",
        "[{\"id\":" ID ",\"type\":\"order.cancelled\"}]",
        "[{\"id\":7,\"type\":\"order.cancelled\",\"data\":{\"order_id\":" ID "}}]",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_arena *arena = body_arena();
        struct wire_told_event *told = NULL;
        const char *reason = "";
        int32_t count = -1;

        assert_false(wire_told_events_parse(fc_str_of(rows[i]), arena, &told, &count, &reason));
        assert_non_null(strstr(reason, "event of the message is not as the contract has it"));
        assert_int_equal(count, -1);
        assert_int_equal(fc_arena_mark(arena), 0);
    }
}

static void test_told_does_not_fit_an_arena_that_is_too_small(void **state)
{
    static _Alignas(16) char memory[256];
    struct wire_told_event *told = NULL;
    const char *reason = NULL;
    int32_t count = -1;
    int refused = 0;

    (void)state;
    for (size_t size = 0; size < sizeof(memory); size += 8) {
        struct fc_arena arena;

        fc_arena_init(&arena, memory, size);
        if (wire_told_events_parse(
                FC_STR("[{\"id\":" ID ",\"type\":\"order.paid\",\"data\":{\"order_id\":" ID "}}]"),
                &arena, &told, &count, &reason))
            continue;
        assert_string_equal(reason, "the message does not fit the memory of a batch");
        assert_int_equal(fc_arena_mark(&arena), 0);
        refused++;
    }
    assert_in_range(refused, 1, 31);
}

static void test_payments_and_told_cut_anywhere_are_refused(void **state)
{
    struct fc_str text = sample_announced("order.");

    (void)state;
    for (size_t len = 0; len < text.len; len++) {
        struct wire_payment_event *payments = NULL;
        struct wire_told_event *told = NULL;
        const char *reason = NULL;
        int32_t count = -1;
        char *exact = malloc(len > 0 ? len : 1);

        assert_non_null(exact);
        memcpy(exact, text.ptr, len);
        assert_false(wire_payment_events_parse((struct fc_str){exact, len}, body_arena(), &payments,
                                               &count, &reason));
        assert_false(wire_told_events_parse((struct fc_str){exact, len}, body_arena(), &told,
                                            &count, &reason));
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_payments_are_read_out_of_what_was_announced),
        cmocka_unit_test(test_payment_has_the_trace_of_its_order),
        cmocka_unit_test(test_payment_that_is_put_off_comes_back_as_it_was),
        cmocka_unit_test(test_payments_that_are_not_as_the_contract_has_them_are_told),
        cmocka_unit_test(test_orders_are_told_to_the_byte_in_which_they_were_announced),
        cmocka_unit_test(test_orders_are_told_in_one_line_however_they_came),
        cmocka_unit_test(test_told_that_is_not_as_the_contract_has_it_is_refused),
        cmocka_unit_test(test_told_does_not_fit_an_arena_that_is_too_small),
        cmocka_unit_test(test_payments_and_told_cut_anywhere_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
