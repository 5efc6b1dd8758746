#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"

#include "base/limits.h"
#include "wire/command.h"

#include <string.h>

/* The bodies of the commands on an order that was placed. */

#define ORDER "\"order_id\":\"0198f3a2-7c11-8abc-9def-012345678931\""
#define OTHER "\"order_id\":\"0198f3a2-7c11-8abc-9def-012345678932\""
#define LINES "\"lines\":[{\"option_id\":1,\"quantity\":1}]"

/* Its body says nothing yet; `known` is the order that the path names, if it does. */
static struct command on_order(enum command_type type, bool known)
{
    struct command command = {.type = type, .key = {COMMAND_KEY_PRODUCT, 3}};

    if (!known)
        return command;
    struct fc_uuid order_id = sample_uuid(0x31);

    if (type == COMMAND_ORDER_CANCEL)
        command.body.order_cancel.order_id = order_id;
    else if (type == COMMAND_ORDER_CHANGE)
        command.body.order_change.order_id = order_id;
    else if (type == COMMAND_ORDER_SHIP)
        command.body.order_ship.order_id = order_id;
    else if (type == COMMAND_ORDER_EXPIRE)
        command.body.order_expire.order_id = order_id;
    else
        command.body.payment_settle.order_id = order_id;
    return command;
}

/* What each of them needs besides. */
static const struct {
    enum command_type type;
    const char *more;
} types[] = {
    {COMMAND_ORDER_CANCEL, "\"reason\":\"too late\""},
    {COMMAND_ORDER_CHANGE, LINES},
    {COMMAND_ORDER_SHIP, LINES},
    {COMMAND_ORDER_EXPIRE, ""},
    {COMMAND_PAYMENT_SETTLE, "\"outcome\":\"approved\""},
};

static const char *body_with(const char *id, const char *more, char memory[256])
{
    struct fc_buf buf = fc_buf_of(memory, 255);

    fc_buf_put_fmt(&buf, "{%s%s%s}", id, id[0] != '\0' && more[0] != '\0' ? "," : "", more);
    memory[buf.len] = '\0';
    return memory;
}

static void test_order_id_comes_from_body_or_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(types); i++) {
        struct command known = on_order(types[i].type, true);
        struct command unknown = on_order(types[i].type, false);
        char full[256];
        char bare[256];
        char other[256];
        char odd[256];
        struct body_case both[] = {{body_with(ORDER, types[i].more, full), full}};
        struct body_case with_path[] = {
            {body_with("", types[i].more, bare), full},
            {body_with(OTHER, types[i].more, other),
             "! /order_id must be the id that the path names"},
            {body_with("\"order_id\":7", types[i].more, odd), "! /order_id must be a UUID"},
        };
        struct body_case without[] = {
            {bare, "! /order_id is required"},
            {odd, "! /order_id must be a UUID"},
        };

        body_cases_check(&known, both, FC_ARRAY_COUNT(both));
        body_cases_check(&unknown, both, FC_ARRAY_COUNT(both));
        body_cases_check(&known, with_path, FC_ARRAY_COUNT(with_path));
        body_cases_check(&unknown, without, FC_ARRAY_COUNT(without));
    }
}

static void test_cancel_may_say_why_or_nothing(void **state)
{
    static const struct body_case rows[] = {
        {"", "{" ORDER "}"},
        {"{}", "{" ORDER "}"},
        {"{\"reason\":null}", "{" ORDER "}"},
        {"{\"reason\":\"\"}", "{" ORDER "}"},
        {"{\"reason\":\"a \\\"b\\\"\"}", "{" ORDER ",\"reason\":\"a \\\"b\\\"\"}"},
        {"{\"reason\":\"a\\nb\"}", "! /reason must not hold control characters"},
        {"{\"reason\":5}", "! /reason must be a string"},
        {"{\"force\":true}", "! /force is no member of this object"},
    };
    struct command command = on_order(COMMAND_ORDER_CANCEL, true);
    char text[REASON_BYTES_MAX + 32];

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
    for (size_t len = REASON_BYTES_MAX; len <= REASON_BYTES_MAX + 1; len++) {
        struct fc_buf buf = fc_buf_of(text, sizeof(text));
        struct fc_arena *arena = body_arena();
        struct wire_faults faults;

        fc_buf_put_text(&buf, "{\"reason\":\"");
        for (size_t i = 0; i < len; i++)
            fc_buf_put_char(&buf, 'r');
        fc_buf_put_text(&buf, "\"}");
        wire_faults_init(&faults, arena);
        assert_int_equal(wire_body_parse(fc_buf_str(&buf), arena, &command, &faults),
                         len == REASON_BYTES_MAX);
    }
}

static void test_change_has_lines_as_placing_has(void **state)
{
    static const struct body_case rows[] = {
        {"{\"lines\":[{\"product_id\":3,\"quantity\":2},{\"option_id\":9,\"product_id\":4,"
         "\"quantity\":1},{\"product_id\":3,\"quantity\":1}]}",
         "{" ORDER ",\"lines\":[{\"product_id\":3,\"quantity\":2},{\"option_id\":9,"
         "\"product_id\":4,\"quantity\":1},{\"product_id\":3,\"quantity\":1}]}"},
        {"{\"lines\":[{\"quantity\":2},{\"option_id\":1}]}",
         "! /lines/0/option_id is required, or product_id; /lines/1/quantity is required"},
        {"{\"lines\":[]}", "! /lines must have 1 to 2000 elements"},
        {"{}", "! /lines is required"},
        {"{" LINES ",\"user_id\":7}", "! /user_id is no member of this object"},
        {"", "! the text ends where a value belongs (byte 0)"},
    };
    struct command command = on_order(COMMAND_ORDER_CHANGE, true);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_shipment_names_options_alone(void **state)
{
    static const struct body_case rows[] = {
        {"{\"lines\":[{\"option_id\":9,\"quantity\":1000000},{\"option_id\":9,\"quantity\":1}]}",
         "{" ORDER ",\"lines\":[{\"option_id\":9,\"quantity\":1000000},{\"option_id\":9,"
         "\"quantity\":1}]}"},
        {"{\"lines\":[{\"product_id\":3,\"quantity\":1}]}",
         "! /lines/0/option_id is required; /lines/0/product_id is no member of this object"},
        {"{\"lines\":[{\"option_id\":0,\"quantity\":0},3]}",
         "! /lines/0/option_id must be from 1 to 9007199254740991; /lines/0/quantity must be from "
         "1 to 1000000; /lines/1 must be an object"},
        {"{\"lines\":[]}", "! /lines must have 1 to 2000 elements"},
        {"{}", "! /lines is required"},
    };
    struct command command = on_order(COMMAND_ORDER_SHIP, true);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_settlement_says_what_became_of_the_payment(void **state)
{
    static const struct body_case rows[] = {
        {"{\"outcome\":\"approved\",\"payment_id\":\"pg-1\"}",
         "{" ORDER ",\"outcome\":\"approved\",\"payment_id\":\"pg-1\"}"},
        {"{\"outcome\":\"declined\",\"payment_id\":\"\"}", "{" ORDER ",\"outcome\":\"declined\"}"},
        {"{\"outcome\":\"timed_out\"}", "{" ORDER ",\"outcome\":\"timed_out\"}"},
        {"{\"outcome\":\"expired\"}", "! /outcome must be one of approved, declined, timed_out"},
        {"{\"payment_id\":5}", "! /outcome is required; /payment_id must be a string"},
        {"{\"outcome\":\"approved\",\"amount\":1}", "! /amount is no member of this object"},
    };
    struct command command = on_order(COMMAND_PAYMENT_SETTLE, true);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_expiry_of_an_order_says_nothing_else(void **state)
{
    static const struct body_case rows[] = {
        {"{" ORDER "}", "{" ORDER "}"},
        {"{" ORDER ",\"now\":true}", "! /now is no member of this object"},
        {"", "! the text ends where a value belongs (byte 0)"},
    };
    struct command command = on_order(COMMAND_ORDER_EXPIRE, false);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_id_comes_from_body_or_path),
        cmocka_unit_test(test_cancel_may_say_why_or_nothing),
        cmocka_unit_test(test_change_has_lines_as_placing_has),
        cmocka_unit_test(test_shipment_names_options_alone),
        cmocka_unit_test(test_settlement_says_what_became_of_the_payment),
        cmocka_unit_test(test_expiry_of_an_order_says_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
