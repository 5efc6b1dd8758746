#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"

#include "core/shop.h"
#include "wire/command.h"
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

#define COUPON "0198f3a2-7c11-8abc-9def-012345678921"
#define OTHER "0198f3a2-7c11-8abc-9def-012345678922"

static void test_revoke_takes_its_coupon_from_body_or_path(void **state)
{
    struct command revoke = {.type = COMMAND_COUPON_REVOKE, .key = {COMMAND_KEY_TEMPLATE, 5}};
    static const struct body_case unknown[] = {
        {"{\"coupon_id\":\"" COUPON "\"}", "{\"coupon_id\":\"" COUPON "\"}"},
        {"{}", "! /coupon_id is required"},
        {"", "! /coupon_id is required"},
        {"{\"coupon_id\":7}", "! /coupon_id must be a UUID"},
        {"{\"coupon_id\":\"" COUPON "\",\"why\":\"\"}", "! /why is no member of this object"},
    };
    static const struct body_case known[] = {
        {"", "{\"coupon_id\":\"" COUPON "\"}"},
        {"{\"coupon_id\":null}", "{\"coupon_id\":\"" COUPON "\"}"},
        {"{\"coupon_id\":\"" COUPON "\"}", "{\"coupon_id\":\"" COUPON "\"}"},
        {"{\"coupon_id\":\"" OTHER "\"}", "! /coupon_id must be the id that the path names"},
        {"{\"coupon_id\":\"x\"}", "! /coupon_id must be a UUID"},
    };

    (void)state;
    body_cases_check(&revoke, unknown, FC_ARRAY_COUNT(unknown));
    revoke.body.coupon_revoke.coupon_id = sample_uuid(0x21);
    body_cases_check(&revoke, known, FC_ARRAY_COUNT(known));
}

static void test_expire_names_each_coupon_once(void **state)
{
    static const struct command expire = {.type = COMMAND_COUPON_EXPIRE,
                                          .key = {COMMAND_KEY_TEMPLATE, WELCOME_TEMPLATE_ID}};
    static const struct body_case rows[] = {
        {"{\"coupon_ids\":[\"" OTHER "\",\"" COUPON "\"]}",
         "{\"coupon_ids\":[\"" OTHER "\",\"" COUPON "\"]}"},
        {"{\"coupon_ids\":[\"" OTHER "\",\"" COUPON "\",\"" OTHER "\"]}",
         "! /coupon_ids/2 must be named once"},
        {"{\"coupon_ids\":[\"x\",7]}",
         "! /coupon_ids/0 must be a UUID; /coupon_ids/1 must be a UUID"},
        {"{\"coupon_ids\":[]}", "! /coupon_ids must have 1 to 500 elements"},
        {"{\"coupon_ids\":\"" COUPON "\"}", "! /coupon_ids must be an array"},
        {"{}", "! /coupon_ids is required"},
        {"", "! the text ends where a value belongs (byte 0)"},
    };

    (void)state;
    body_cases_check(&expire, rows, FC_ARRAY_COUNT(rows));
}

static void test_expire_of_500_coupons_and_one_more(void **state)
{
    struct command command = {.type = COMMAND_COUPON_EXPIRE, .key = {COMMAND_KEY_TEMPLATE, 5}};
    static char memory[32 * 1024];

    (void)state;
    for (int32_t count = COUPON_EXPIRE_MAX; count <= COUPON_EXPIRE_MAX + 1; count++) {
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
        struct fc_arena *arena = body_arena();
        struct wire_faults faults;

        fc_buf_put_text(&buf, "{\"coupon_ids\":[");
        for (int32_t i = 0; i < count; i++) {
            struct fc_uuid id = sample_uuid((uint8_t)i);

            id.bytes[0] = (uint8_t)(i >> 8);
            fc_buf_put_text(&buf, i > 0 ? ",\"" : "\"");
            fc_uuid_put(&buf, &id);
            fc_buf_put_char(&buf, '"');
        }
        fc_buf_put_text(&buf, "]}");
        assert_false(buf.overflow);
        wire_faults_init(&faults, arena);
        assert_int_equal(wire_body_parse(fc_buf_str(&buf), arena, &command, &faults),
                         count == COUPON_EXPIRE_MAX);
        assert_int_equal(command.body.coupon_expire.coupon_count,
                         count == COUPON_EXPIRE_MAX ? COUPON_EXPIRE_MAX : 0);
    }
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
    assert_string_equal(wire_outcome_words[PAYMENT_TIMED_OUT], "timed_out");
    assert_null(wire_outcome_words[PAYMENT_TIMED_OUT + 1]);
    assert_string_equal(wire_failure_words[ORDER_EXPIRED], "expired");
    assert_null(wire_failure_words[ORDER_EXPIRED + 1]);
    assert_string_equal(wire_coupon_words[COUPON_CANCELLED], "cancelled");
    assert_null(wire_coupon_words[COUPON_CANCELLED + 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_issue_names_the_user),
        cmocka_unit_test(test_revoke_takes_its_coupon_from_body_or_path),
        cmocka_unit_test(test_expire_names_each_coupon_once),
        cmocka_unit_test(test_expire_of_500_coupons_and_one_more),
        cmocka_unit_test(test_template_canonical_form),
        cmocka_unit_test(test_template_every_fault_is_named),
        cmocka_unit_test(test_template_window_must_not_be_empty),
        cmocka_unit_test(test_template_without_an_id_leaves_it_to_be_chosen),
        cmocka_unit_test(test_words_are_as_many_as_the_enums_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
