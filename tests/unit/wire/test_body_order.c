#include "support/bodies.h"
#include "support/expect.h"

#include "base/limits.h"
#include "wire/command.h"

#define ORDER(lines) "{\"user_id\":7,\"lines\":[" lines "]}"
#define COUPON "0198f3a2-7c11-8abc-9def-0123456789ab"

static struct command order_under(enum command_key_kind kind, int64_t id)
{
    return (struct command){.type = COMMAND_ORDER_PLACE, .key = {kind, id}};
}

static void test_order_lines_name_an_option_or_a_product(void **state)
{
    static const struct body_case rows[] = {
        {ORDER("{\"option_id\":1,\"quantity\":2}"), ORDER("{\"option_id\":1,\"quantity\":2}")},
        {ORDER("{\"quantity\":2,\"product_id\":1}"), ORDER("{\"product_id\":1,\"quantity\":2}")},
        {ORDER("{\"quantity\":2,\"product_id\":1,\"option_id\":5}"),
         ORDER("{\"option_id\":5,\"product_id\":1,\"quantity\":2}")},
        {ORDER("{\"option_id\":null,\"product_id\":1,\"quantity\":2}"),
         ORDER("{\"product_id\":1,\"quantity\":2}")},
        {ORDER("{\"quantity\":2}"), "! /lines/0/option_id is required, or product_id"},
        {ORDER("{\"option_id\":null,\"product_id\":null,\"quantity\":0}"),
         "! /lines/0/quantity must be from 1 to 1000000; "
         "/lines/0/option_id is required, or product_id"},
        {ORDER("{\"option_id\":\"1\",\"quantity\":2}"), "! /lines/0/option_id must be an integer"},
        {ORDER("{\"option_id\":1,\"quantity\":1},3"), "! /lines/1 must be an object"},
        {ORDER("{\"option_id\":1,\"quantity\":1,\"price\":0}"),
         "! /lines/0/price is no member of this object"},
    };
    struct command command = order_under(COMMAND_KEY_USER, 7);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_order_lines_stay_as_they_were_asked(void **state)
{
    static const struct body_case rows[] = {
        {ORDER("{\"option_id\":9,\"quantity\":1},{\"option_id\":2,\"quantity\":1},"
               "{\"option_id\":9,\"quantity\":1}"),
         ORDER("{\"option_id\":9,\"quantity\":1},{\"option_id\":2,\"quantity\":1},"
               "{\"option_id\":9,\"quantity\":1}")},
    };
    struct command command = order_under(COMMAND_KEY_USER, 7);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_order_quantity_at_its_borders(void **state)
{
    static const struct body_case rows[] = {
        {ORDER("{\"option_id\":1,\"quantity\":1}"), ORDER("{\"option_id\":1,\"quantity\":1}")},
        {ORDER("{\"option_id\":1,\"quantity\":1000000}"),
         ORDER("{\"option_id\":1,\"quantity\":1000000}")},
        {ORDER("{\"option_id\":1,\"quantity\":0},{\"option_id\":1,\"quantity\":-1},"
               "{\"option_id\":1,\"quantity\":1000001},{\"option_id\":1},"
               "{\"option_id\":1,\"quantity\":1.5}"),
         "! /lines/0/quantity must be from 1 to 1000000; /lines/1/quantity must be from 1 to "
         "1000000; /lines/2/quantity must be from 1 to 1000000; /lines/3/quantity is required; "
         "/lines/4/quantity must be an integer"},
        {ORDER(""), "! /lines must have 1 to 2000 elements"},
        {"{\"user_id\":7}", "! /lines is required"},
        {"{\"user_id\":7,\"lines\":{}}", "! /lines must be an array"},
    };
    struct command command = order_under(COMMAND_KEY_USER, 7);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

#define LINES "\"lines\":[{\"option_id\":1,\"quantity\":1}]"

static void test_order_options_and_their_defaults(void **state)
{
    static const struct body_case rows[] = {
        {"{\"payment\":{\"method\":\"balance\"}," LINES ",\"user_id\":7}",
         "{\"user_id\":7," LINES "}"},
        {"{\"payment\":null,\"coupon_id\":null,\"ordered_at\":null," LINES ",\"user_id\":7}",
         "{\"user_id\":7," LINES "}"},
        {"{\"ordered_at\":\"2010-12-01T17:26:00+09:00\",\"payment\":{\"method\":\"bank_transfer\"},"
         "\"coupon_id\":\"0198F3A2-7C11-8ABC-9DEF-0123456789AB\"," LINES ",\"user_id\":7}",
         "{\"user_id\":7," LINES ",\"coupon_id\":\"" COUPON "\",\"payment\":{\"method\":"
         "\"bank_transfer\"},\"ordered_at\":\"2010-12-01T08:26:00.000000Z\"}"},
        {"{\"user_id\":7," LINES ",\"coupon_id\":\"x\",\"payment\":{\"method\":\"cash\"},"
         "\"ordered_at\":\"yesterday\"}",
         "! /coupon_id must be a UUID; /payment/method must be one of balance, bank_transfer; "
         "/ordered_at must be an instant such as 2026-01-31T23:59:59.999999Z"},
        {"{\"user_id\":7," LINES ",\"coupon_id\":5,\"payment\":{\"by\":1},\"ordered_at\":1}",
         "! /coupon_id must be a UUID; /payment/method is required; /payment/by is no member of "
         "this object; /ordered_at must be an instant such as 2026-01-31T23:59:59.999999Z"},
        {"{\"user_id\":7," LINES ",\"payment\":\"balance\"}", "! /payment must be an object"},
    };
    struct command command = order_under(COMMAND_KEY_USER, 7);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

#define PAID_BY(payment) "{\"user_id\":7," LINES ",\"payment\":{" payment "}}"

static void test_order_from_balance_goes_with_a_transfer(void **state)
{
    static const struct body_case rows[] = {
        {PAID_BY("\"method\":\"bank_transfer\",\"from_balance\":1"),
         PAID_BY("\"method\":\"bank_transfer\",\"from_balance\":1")},
        {PAID_BY("\"from_balance\":1000000000000000,\"method\":\"bank_transfer\""),
         PAID_BY("\"method\":\"bank_transfer\",\"from_balance\":1000000000000000")},
        {PAID_BY("\"method\":\"bank_transfer\",\"from_balance\":0"),
         PAID_BY("\"method\":\"bank_transfer\"")},
        {PAID_BY("\"method\":\"bank_transfer\",\"from_balance\":null"),
         PAID_BY("\"method\":\"bank_transfer\"")},
        {PAID_BY("\"method\":\"balance\",\"from_balance\":null"), "{\"user_id\":7," LINES "}"},
        {PAID_BY("\"method\":\"balance\",\"from_balance\":0"),
         "! /payment/from_balance goes with a bank_transfer only"},
        {PAID_BY("\"method\":\"bank_transfer\",\"from_balance\":-1"),
         "! /payment/from_balance must be from 0 to 1000000000000000"},
        {PAID_BY("\"method\":\"bank_transfer\",\"from_balance\":1000000000000001"),
         "! /payment/from_balance must be from 0 to 1000000000000000"},
        {PAID_BY("\"method\":\"bank_transfer\",\"from_balance\":\"1\""),
         "! /payment/from_balance must be an integer"},
        {PAID_BY("\"from_balance\":1"), "! /payment/method is required"},
        {PAID_BY("\"method\":\"cash\",\"from_balance\":1"),
         "! /payment/method must be one of balance, bank_transfer"},
    };
    struct command command = order_under(COMMAND_KEY_USER, 7);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_order_instant_must_have_a_day_that_can_be_written(void **state)
{
    static const struct body_case rows[] = {
        {"{\"user_id\":7," LINES ",\"ordered_at\":\"9999-12-31T14:59:59.999999Z\"}",
         "{\"user_id\":7," LINES ",\"ordered_at\":\"9999-12-31T14:59:59.999999Z\"}"},
        {"{\"user_id\":7," LINES ",\"ordered_at\":\"9999-12-31T15:00:00Z\"}",
         "! /ordered_at must be an instant such as 2026-01-31T23:59:59.999999Z"},
        {"{\"user_id\":7," LINES ",\"ordered_at\":\"0001-01-01T00:00:00Z\"}",
         "{\"user_id\":7," LINES ",\"ordered_at\":\"0001-01-01T00:00:00.000000Z\"}"},
        {"{\"user_id\":7," LINES ",\"ordered_at\":\"0001-01-01T00:00:00+00:01\"}",
         "! /ordered_at must be an instant such as 2026-01-31T23:59:59.999999Z"},
        {"{\"user_id\":7," LINES ",\"ordered_at\":\"0000-01-01T00:00:00+09:00\"}",
         "! /ordered_at must be an instant such as 2026-01-31T23:59:59.999999Z"},
    };
    struct command command = order_under(COMMAND_KEY_USER, 7);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_order_user_must_be_the_keys_only_under_a_users_key(void **state)
{
    static const struct body_case under_user[] = {
        {"{\"user_id\":8," LINES "}", "! /user_id must be the user that the key names"},
        {"{" LINES "}", "! /user_id is required"},
    };
    static const struct body_case under_product[] = {
        {"{\"user_id\":8," LINES "}", "{\"user_id\":8," LINES "}"},
        {"{" LINES "}", "! /user_id is required"},
    };
    struct command user = order_under(COMMAND_KEY_USER, 7);
    struct command product = order_under(COMMAND_KEY_PRODUCT, 7);
    struct command none = order_under(COMMAND_KEY_USER, 0);

    (void)state;
    body_cases_check(&user, under_user, FC_ARRAY_COUNT(under_user));
    body_cases_check(&product, under_product, FC_ARRAY_COUNT(under_product));
    body_cases_check(&none, under_product, FC_ARRAY_COUNT(under_product));
}

static struct fc_str order_text(int32_t lines, char *memory, size_t size)
{
    struct fc_buf buf = fc_buf_of(memory, size);

    fc_buf_put_text(&buf, "{\"user_id\":7,\"lines\":[");
    for (int32_t i = 0; i < lines; i++)
        fc_buf_put_fmt(&buf, "%s{\"option_id\":%d,\"quantity\":%d}", i > 0 ? "," : "", i + 1,
                       i + 1);
    fc_buf_put_text(&buf, "]}");
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static void test_order_of_2000_lines_and_one_more(void **state)
{
    static char memory[HTTP_BODY_BYTES_MAX];
    struct fc_arena *arena = body_arena();
    struct command command = order_under(COMMAND_KEY_USER, 7);
    struct wire_faults faults;
    struct fc_str canonical;

    (void)state;
    struct fc_str text = order_text(ORDER_LINES_MAX, memory, sizeof(memory));

    wire_faults_init(&faults, arena);
    assert_true(wire_body_parse(text, arena, &command, &faults));
    assert_int_equal(command.body.order_place.line_count, ORDER_LINES_MAX);
    assert_int_equal(command.body.order_place.lines[1999].option_id, 2000);
    struct fc_buf buf = fc_arena_buf_begin(arena);

    wire_body_put(&buf, &command);
    assert_true(fc_arena_buf_end(arena, &buf, &canonical));
    assert_true(fc_str_eq(canonical, text));
    text = order_text(ORDER_LINES_MAX + 1, memory, sizeof(memory));
    assert_false(wire_body_parse(text, arena, &command, &faults));
    assert_int_equal(faults.count, 1);
    assert_str_equal(faults.items[0].detail, "must have 1 to 2000 elements");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_lines_name_an_option_or_a_product),
        cmocka_unit_test(test_order_lines_stay_as_they_were_asked),
        cmocka_unit_test(test_order_quantity_at_its_borders),
        cmocka_unit_test(test_order_options_and_their_defaults),
        cmocka_unit_test(test_order_from_balance_goes_with_a_transfer),
        cmocka_unit_test(test_order_instant_must_have_a_day_that_can_be_written),
        cmocka_unit_test(test_order_user_must_be_the_keys_only_under_a_users_key),
        cmocka_unit_test(test_order_of_2000_lines_and_one_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
