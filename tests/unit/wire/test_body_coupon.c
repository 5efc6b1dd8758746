#include "support/bodies.h"
#include "support/expect.h"

#include "wire/words.h"

static const struct command issue = {.type = COMMAND_COUPON_ISSUE,
                                     .key = {COMMAND_KEY_TEMPLATE, 5}};
static const struct command template = {.type = COMMAND_TEMPLATE_PUT,
                                        .key = {COMMAND_KEY_TEMPLATE, 5}};

static void test_issue_names_the_user(void **state)
{
    static const struct body_case rows[] = {
        {"{\"user_id\":7}", "{\"template_id\":5,\"user_id\":7}"},
        {"{\"user_id\":7,\"template_id\":5}", "{\"template_id\":5,\"user_id\":7}"},
        {"{\"user_id\":7,\"template_id\":6}",
         "! /template_id must be the id that the path or the key names"},
        {"{}", "! /user_id is required"},
    };

    (void)state;
    body_cases_check(&issue, rows, FC_ARRAY_COUNT(rows));
}

#define WINDOW "\"issue_from\":\"2026-01-01T00:00:00Z\",\"issue_until\":\"2026-02-01T00:00:00Z\""
#define WINDOW_OUT                                    \
    "\"issue_from\":\"2026-01-01T00:00:00.000000Z\"," \
    "\"issue_until\":\"2026-02-01T00:00:00.000000Z\""
#define AMOUNT "\"discount\":{\"type\":\"amount\",\"value\":1000}"

static void test_template_canonical_form(void **state)
{
    static const struct body_case rows[] = {
        {"{\"name\":\"ten\"," AMOUNT ",\"quantity\":100," WINDOW "}",
         "{\"template_id\":5,\"name\":\"ten\"," AMOUNT ",\"quantity\":100," WINDOW_OUT "}"},
        {"{" WINDOW ",\"min_total\":0,\"quantity\":null," AMOUNT ",\"name\":\"ten\","
         "\"template_id\":5}",
         "{\"template_id\":5,\"name\":\"ten\"," AMOUNT ",\"quantity\":null," WINDOW_OUT "}"},
        {"{\"name\":\"ten\",\"discount\":{\"value\":10000,\"type\":\"rate\"},\"quantity\":1," WINDOW
         ",\"min_total\":1,\"valid_days\":36500}",
         "{\"template_id\":5,\"name\":\"ten\",\"discount\":{\"type\":\"rate\",\"value\":10000},"
         "\"quantity\":1," WINDOW_OUT ",\"valid_days\":36500,\"min_total\":1}"},
    };

    (void)state;
    body_cases_check(&template, rows, FC_ARRAY_COUNT(rows));
}

static void test_template_every_fault_is_named(void **state)
{
    static const struct body_case rows[] = {
        {"{}", "! /name is required; /discount is required; /quantity is required; /issue_from is "
               "required; /issue_until is required"},
        {"{\"template_id\":6,\"name\":\"\",\"discount\":{\"type\":\"rate\",\"value\":10001},"
         "\"quantity\":0," WINDOW ",\"valid_days\":0,\"min_total\":-1}",
         "! /template_id must be the id that the path or the key names; /name must be of 1 to 200 "
         "bytes; /discount/value must be from 1 to 10000; /quantity must be from 1 to 1000000000; "
         "/valid_days must be from 1 to 36500; /min_total must be from 0 to 1000000000000000"},
        {"{\"name\":\"a\\tb\",\"discount\":{\"type\":\"amount\",\"value\":0,\"unit\":\"won\"},"
         "\"quantity\":1000000001," WINDOW ",\"valid_days\":36501,"
         "\"min_total\":1000000000000001}",
         "! /name must not hold control characters; /discount/value must be from 1 to "
         "1000000000000000; /discount/unit is no member of this object; /quantity must be from 1 "
         "to 1000000000; /valid_days must be from 1 to 36500; /min_total must be from 0 to "
         "1000000000000000"},
        {"{\"name\":5,\"discount\":{\"type\":\"half\"},\"quantity\":\"1\",\"issue_from\":\"x\","
         "\"issue_until\":\"2026-02-01\"}",
         "! /name must be a string; /discount/type must be one of amount, rate; /discount/value is "
         "required; /quantity must be an integer; /issue_from must be an instant such as "
         "2026-01-31T23:59:59.999999Z; /issue_until must be an instant such as "
         "2026-01-31T23:59:59.999999Z"},
    };

    (void)state;
    body_cases_check(&template, rows, FC_ARRAY_COUNT(rows));
}

static void test_template_window_must_not_be_empty(void **state)
{
    static const struct body_case rows[] = {
        {"{\"name\":\"n\"," AMOUNT ",\"quantity\":1,\"issue_from\":\"2026-01-01T00:00:00Z\","
         "\"issue_until\":\"2026-01-01T09:00:00+09:00\"}",
         "! /issue_until must be after issue_from"},
        {"{\"name\":\"n\"," AMOUNT ",\"quantity\":1,\"issue_from\":\"2026-01-01T00:00:00Z\","
         "\"issue_until\":\"9999-12-31T14:59:59.999999Z\"}",
         "{\"template_id\":5,\"name\":\"n\"," AMOUNT ",\"quantity\":1,"
         "\"issue_from\":\"2026-01-01T00:00:00.000000Z\","
         "\"issue_until\":\"9999-12-31T14:59:59.999999Z\"}"},
    };

    (void)state;
    body_cases_check(&template, rows, FC_ARRAY_COUNT(rows));
}

static void test_template_without_an_id_leaves_it_to_be_chosen(void **state)
{
    static const struct command unkeyed = {.type = COMMAND_TEMPLATE_PUT,
                                           .key = {COMMAND_KEY_TEMPLATE, 0}};
    static const struct body_case rows[] = {
        {"{\"name\":\"n\"," AMOUNT ",\"quantity\":1," WINDOW "}",
         "{\"name\":\"n\"," AMOUNT ",\"quantity\":1," WINDOW_OUT "}"},
        {"{\"template_id\":9,\"name\":\"n\"," AMOUNT ",\"quantity\":1," WINDOW "}",
         "{\"template_id\":9,\"name\":\"n\"," AMOUNT ",\"quantity\":1," WINDOW_OUT "}"},
    };

    (void)state;
    body_cases_check(&unkeyed, rows, FC_ARRAY_COUNT(rows));
}

static void test_words_are_as_many_as_the_enums_have(void **state)
{
    (void)state;
    assert_string_equal(wire_discount_words[DISCOUNT_RATE], "rate");
    assert_null(wire_discount_words[DISCOUNT_RATE + 1]);
    assert_string_equal(wire_product_words[PRODUCT_STOPPED], "stopped");
    assert_null(wire_product_words[PRODUCT_STOPPED + 1]);
    assert_string_equal(wire_payment_words[PAYMENT_BANK_TRANSFER], "bank_transfer");
    assert_null(wire_payment_words[PAYMENT_BANK_TRANSFER + 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_issue_names_the_user),
        cmocka_unit_test(test_template_canonical_form),
        cmocka_unit_test(test_template_every_fault_is_named),
        cmocka_unit_test(test_template_window_must_not_be_empty),
        cmocka_unit_test(test_template_without_an_id_leaves_it_to_be_chosen),
        cmocka_unit_test(test_words_are_as_many_as_the_enums_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
