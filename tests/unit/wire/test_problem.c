#include "support/expect.h"

#include "support/bodies.h"
#include "support/golden.h"
#include "wire/problem.h"

#include <json-c/json.h>
#include <string.h>

static void test_problem_every_refusal_has_a_row(void **state)
{
    (void)state;
    assert_null(wire_problem_of(VERDICT_SUCCEEDED));
    for (int i = VERDICT_SUCCEEDED + 1; i < VERDICT_COUNT; i++) {
        const struct wire_problem *problem = wire_problem_of((enum verdict)i);

        assert_non_null(problem);
        assert_non_null(problem->code);
        assert_non_null(problem->title);
        assert_in_range(problem->status, 400, 422);
        assert_ptr_equal(wire_problem_named(fc_str_of(problem->code)), problem);
    }
}

static void test_problem_statuses_are_those_of_the_contract(void **state)
{
    static const struct {
        int32_t status;
        const char *codes;
    } rows[] = {
        {400, "invalid_json invalid_request"},
        {401, "unauthenticated"},
        {403, "forbidden"},
        {404, "unknown_user unknown_wallet unknown_product unknown_option unknown_template "
              "unknown_coupon unknown_order unknown_command not_found"},
        {405, "method_not_allowed"},
        {409, "insufficient_balance insufficient_stock product_not_on_sale coupon_sold_out "
              "coupon_already_issued coupon_not_open coupon_closed coupon_not_owned "
              "coupon_expired coupon_used coupon_revoked user_exists name_taken "
              "order_not_cancellable order_not_changeable shipment_exceeds_order product_in_use "
              "template_in_use"},
        {413, "payload_too_large"},
        {415, "unsupported_media_type"},
        {422, "charge_not_allowed balance_limit_exceeded price_not_allowed "
              "discount_not_allowed discount_exceeds_total several_first_come_products "
              "payment_method_not_allowed "
              "payment_declined payment_timed_out idempotency_key_reused misrouted "
              "coupon_minimum_not_reached"},
        {503, "unavailable"},
    };

    int count = 0;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_str rest = fc_str_of(rows[i].codes);

        while (rest.len > 0) {
            const struct wire_problem *problem = wire_problem_named(fc_str_cut(&rest, ' '));

            assert_non_null(problem);
            assert_int_equal(problem->status, rows[i].status);
            count++;
        }
    }
    /* Every verdict's code and the 9 others were among them. */
    assert_int_equal(count, VERDICT_COUNT - 1 + 9);
    assert_null(wire_problem_named(FC_STR("no_such_code")));
    assert_null(wire_problem_named(FC_STR("")));
}

static void test_problem_detail_names_the_culprit_when_there_is_one(void **state)
{
    char memory[256];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    wire_problem_detail(&buf, VERDICT_INSUFFICIENT_STOCK, 12);
    assert_str_equal(fc_buf_str(&buf), "Option 12 has too few pieces left.");
    buf.len = 0;
    wire_problem_detail(&buf, VERDICT_INSUFFICIENT_STOCK, 0);
    assert_str_equal(fc_buf_str(&buf), "The option has too few pieces left.");
    EXPECT_ASSERT(wire_problem_detail(&buf, VERDICT_SUCCEEDED, 0));
    EXPECT_ASSERT((void)wire_problem_of(VERDICT_COUNT));
}

static void test_problem_of_a_failed_order_is_its_payments(void **state)
{
    (void)state;
    assert_ptr_equal(wire_problem_of_failure(ORDER_DECLINED),
                     wire_problem_named(FC_STR("payment_declined")));
    assert_ptr_equal(wire_problem_of_failure(ORDER_TIMED_OUT),
                     wire_problem_named(FC_STR("payment_timed_out")));
    assert_ptr_equal(wire_problem_of_failure(ORDER_EXPIRED),
                     wire_problem_named(FC_STR("payment_timed_out")));
    EXPECT_ASSERT((void)wire_problem_of_failure((enum order_failure)(ORDER_EXPIRED + 1)));
}

/* Every refusal as it travels, a line each, with and without a culprit. */
static void test_problem_golden(void **state)
{
    struct fc_arena *arena = body_arena();
    struct fc_buf buf = fc_arena_buf_begin(arena);

    (void)state;
    for (int i = VERDICT_SUCCEEDED + 1; i < VERDICT_COUNT; i++) {
        for (int64_t culprit = 7; culprit >= 0; culprit -= 7) {
            char memory[256];
            struct fc_buf detail = fc_buf_of(memory, sizeof(memory));

            wire_problem_detail(&detail, (enum verdict)i, culprit);
            assert_false(detail.overflow);
            fc_buf_put_text(&buf, buf.len > 0 ? "\n" : "");
            size_t begin = buf.len;

            wire_problem_put(&buf, wire_problem_of((enum verdict)i), fc_buf_str(&detail), NULL);
            fc_buf_put_char(&buf, '\0');
            struct json_object *root = json_tokener_parse(buf.ptr + begin);

            assert_true(json_object_is_type(root, json_type_object));
            assert_int_equal(json_object_object_length(root), 5);
            json_object_put(root);
            buf.len--;
        }
    }
    golden_check("problems.jsonl", fc_buf_str(&buf));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_problem_every_refusal_has_a_row),
        cmocka_unit_test(test_problem_statuses_are_those_of_the_contract),
        cmocka_unit_test(test_problem_detail_names_the_culprit_when_there_is_one),
        cmocka_unit_test(test_problem_of_a_failed_order_is_its_payments),
        cmocka_unit_test(test_problem_golden),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
