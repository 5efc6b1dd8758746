#include "support/expect.h"

#include "producer/cli/load_tally.h"

static struct load_tally tally;
static const struct load_reading reads_all = {.documents = true, .positions = true};

static int reset(void **state)
{
    (void)state;
    tally = (struct load_tally){.late = 0};
    return 0;
}

static struct load_seen answered(int32_t status, const char *body, bool measured)
{
    struct load_answer answer = {
        .fate = LOAD_ANSWERED, .head = {.status = status}, .body = fc_str_of(body)};

    return load_tally_answer(&tally, &answer, reads_all, measured);
}

static void lost(enum load_fate fate)
{
    struct load_answer answer = {.fate = fate, .trouble = "it broke"};

    (void)load_tally_answer(&tally, &answer, reads_all, true);
}

static void test_load_tally_counts_all_and_what_is_measured(void **state)
{
    (void)state;
    (void)answered(201, "{\"state\":\"succeeded\"}", false);
    (void)answered(201, "{\"state\":\"succeeded\"}", true);
    (void)answered(202, "{\"state\":\"accepted\"}", true);
    (void)answered(409, "{\"code\":\"coupon_sold_out\"}", true);
    (void)answered(409, "{\"code\":\"coupon_sold_out\"}", false);
    (void)answered(404, "{\"code\":\"unknown_user\"}", true);
    assert_int_equal(tally.answered.all, 6);
    assert_int_equal(tally.answered.measured, 4);
    assert_int_equal(tally.statuses[201].all, 2);
    assert_int_equal(tally.statuses[201].measured, 1);
    assert_int_equal(tally.statuses[409].measured, 1);
    assert_int_equal(tally.states[CLI_VERDICT_SUCCEEDED].all, 2);
    assert_int_equal(tally.states[CLI_VERDICT_ACCEPTED].measured, 1);
    assert_int_equal(tally.code_count, 2);
    assert_string_equal(tally.codes[0].name, "coupon_sold_out");
    assert_int_equal(tally.codes[0].count.all, 2);
    assert_int_equal(tally.codes[0].count.measured, 1);
}

static void test_load_tally_needs_no_document_of_ours(void **state)
{
    (void)state;
    assert_int_equal(answered(201, "{\"order_id\":7}", true).code, -1);
    assert_int_equal(answered(200, "", true).status, 200);
    assert_int_equal(answered(201, "{\"position\":4}", true).position, 4);
    assert_int_equal(tally.answered.measured, 3);
    assert_int_equal(load_tally_unexpected(&tally, FC_STR("")), 0);
}

static void test_load_tally_finds_the_position_in_the_result(void **state)
{
    (void)state;
    assert_int_equal(
        answered(201, "{\"position\":1,\"result\":{\"user_id\":3,\"position\":17}}", true).position,
        17);
    assert_int_equal(answered(201, "{\"result\":{\"position\":0}}", true).position, 0);
    assert_int_equal(answered(409, "{\"code\":\"x\",\"position\":3}", true).position, 0);
}

static void test_load_tally_expects_2xx_and_what_is_allowed(void **state)
{
    (void)state;
    (void)answered(200, "{}", false);
    assert_int_equal(load_tally_unexpected(&tally, FC_STR("")), 0);
    (void)answered(409, "{\"code\":\"coupon_sold_out\"}", false);
    (void)answered(409, "{\"code\":\"insufficient_stock\"}", false);
    assert_int_equal(load_tally_unexpected(&tally, FC_STR("")), 2);
    assert_int_equal(load_tally_unexpected(&tally, FC_STR("coupon_sold_out")), 1);
    assert_int_equal(load_tally_unexpected(&tally, FC_STR("insufficient_stock,coupon_sold_out")),
                     0);
    /* Without a code only `any` allows it; never a lost or parked one. */
    (void)answered(500, "oops", false);
    assert_int_equal(load_tally_unexpected(&tally, FC_STR("insufficient_stock,coupon_sold_out")),
                     1);
    assert_int_equal(load_tally_unexpected(&tally, FC_STR("any")), 0);
    lost(LOAD_CUT);
    lost(LOAD_TIMEOUT);
    lost(LOAD_BAD);
    (void)answered(200, "{\"state\":\"parked\"}", false);
    assert_int_equal(load_tally_unexpected(&tally, FC_STR("any")), 4);
    assert_string_equal(tally.trouble, "it broke");
}

static void test_load_tally_takes_no_code_that_is_no_word(void **state)
{
    (void)state;
    assert_int_equal(answered(409, "{\"code\":\"a\\\"b\"}", true).code, -1);
    assert_int_equal(answered(409, "{\"code\":17}", true).code, -1);
    assert_int_equal(answered(409, "{\"code\":\"\"}", true).code, -1);
    assert_int_equal(tally.code_count, 0);
}

static void test_load_tally_more_codes_than_it_has_room_for_share_the_last(void **state)
{
    (void)state;
    for (char a = 'a'; a <= 'b'; a++) {
        for (char b = 'a'; b <= 'z'; b++) {
            char body[] = "{\"code\":\"xx\"}";

            body[9] = a;
            body[10] = b;
            (void)answered(409, body, true);
        }
    }
    assert_int_equal(tally.code_count, CLI_CODES_MAX);
    assert_int_equal(tally.codes[CLI_CODES_MAX - 1].count.all, 52 - CLI_CODES_MAX + 1);
}

static void test_load_tally_latency_counts_from_the_plan(void **state)
{
    (void)state;
    load_tally_latency(&tally, 1000, 1000, 1400);
    load_tally_latency(&tally, 1000, 2000, 2200);
    load_tally_latency(&tally, 1000, 2001, 2200);
    assert_int_equal(tally.late, 1);
    assert_int_equal(tally.late_us_max, 1001);
    assert_int_equal(tally.latency_us.max_us, 1200);
    assert_int_equal(tally.latency_us.min_us, 400);
    assert_int_equal(tally.service_us.max_us, 400);
    assert_int_equal(tally.service_us.min_us, 199);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_load_tally_counts_all_and_what_is_measured, reset),
        cmocka_unit_test_setup(test_load_tally_needs_no_document_of_ours, reset),
        cmocka_unit_test_setup(test_load_tally_finds_the_position_in_the_result, reset),
        cmocka_unit_test_setup(test_load_tally_expects_2xx_and_what_is_allowed, reset),
        cmocka_unit_test_setup(test_load_tally_takes_no_code_that_is_no_word, reset),
        cmocka_unit_test_setup(test_load_tally_more_codes_than_it_has_room_for_share_the_last,
                               reset),
        cmocka_unit_test_setup(test_load_tally_latency_counts_from_the_plan, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
