#include "support/expect.h"

#include "producer/cli/verdict.h"

static void test_verdict_plain_202_is_accepted(void **state)
{
    struct cli_verdict verdict;

    (void)state;
    assert_true(cli_verdict_parse(
        FC_STR("{\"command_id\":\"01a1fd45-042b-8002-bc0c-c266ec02c696\",\"state\":\"accepted\","
               "\"accepted_at\":\"2026-11-21T08:42:01.134663Z\"}"),
        &verdict));
    assert_int_equal(verdict.state, CLI_VERDICT_ACCEPTED);
    assert_false(fc_uuid_is_zero(&verdict.command_id));
}

static void test_verdict_success_brings_what_its_result_says(void **state)
{
    struct cli_verdict verdict;
    struct fc_uuid coupon_id;

    (void)state;
    assert_true(fc_uuid_parse(FC_STR("01a1fd45-042b-8002-bc0c-c266ec02c696"), &coupon_id));
    assert_true(cli_verdict_parse(
        FC_STR("{\"command_id\":\"01a1fd45-042b-8002-bc0c-c266ec02c696\",\"state\":\"succeeded\","
               "\"result\":{\"coupon_id\":\"01a1fd45-042b-8002-bc0c-c266ec02c696\","
               "\"template_id\":9007199254740991,\"position\":17}}"),
        &verdict));
    assert_int_equal(verdict.state, CLI_VERDICT_SUCCEEDED);
    assert_int_equal(verdict.position, 17);
    assert_int_equal(verdict.template_id, 9007199254740991);
    assert_true(fc_uuid_eq(&verdict.coupon_id, &coupon_id));
}

static void test_verdict_refusal_as_document_and_as_problem_is_the_same(void **state)
{
    static const char *const texts[] = {
        "{\"command_id\":\"01a1fd45-042b-8002-bc0c-c266ec02c696\",\"state\":\"refused\","
        "\"problem\":{\"status\":409,\"code\":\"coupon_sold_out\",\"detail\":\"Sold out.\"}}",
        "{\"type\":\"urn:firstcome:problem:coupon_sold_out\",\"status\":409,"
        "\"code\":\"coupon_sold_out\",\"detail\":\"Sold out.\"}",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(texts); i++) {
        struct cli_verdict verdict;

        assert_true(cli_verdict_parse(fc_str_of(texts[i]), &verdict));
        assert_int_equal(verdict.state, CLI_VERDICT_REFUSED);
        assert_string_equal(verdict.code, "coupon_sold_out");
        assert_string_equal(verdict.detail, "Sold out.");
    }
}

static void test_verdict_parked_is_told(void **state)
{
    struct cli_verdict verdict;

    (void)state;
    assert_true(cli_verdict_parse(FC_STR("{\"state\":\"parked\"}"), &verdict));
    assert_int_equal(verdict.state, CLI_VERDICT_PARKED);
    assert_true(fc_uuid_is_zero(&verdict.command_id));
}

static void test_verdict_of_anything_else_is_none(void **state)
{
    static const char *const texts[] = {
        "", "<html>502</html>", "[]", "{}", "{\"state\":\"new\"}", "17", "{\"state\":\"accepted\""};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(texts); i++) {
        struct cli_verdict verdict = {.position = 5};

        assert_false(cli_verdict_parse(fc_str_of(texts[i]), &verdict));
        assert_int_equal(verdict.position, 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_plain_202_is_accepted),
        cmocka_unit_test(test_verdict_success_brings_what_its_result_says),
        cmocka_unit_test(test_verdict_refusal_as_document_and_as_problem_is_the_same),
        cmocka_unit_test(test_verdict_parked_is_told),
        cmocka_unit_test(test_verdict_of_anything_else_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
