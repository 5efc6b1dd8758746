/*
 * The judge of histories, case by case: tries that were lost, turned away, routed twice or set
 * aside, keys, and what was told.
 */
#include "support/expect.h"
#include "support/history_check_case.h"

/* --- lost tries ------------------------------------------------------------------------------- */

static void test_history_empty_has_no_violation(void **state)
{
    (void)state;
    case_expect(0, CHECK_ACCEPTED_IS_DECIDED);
}

static void test_history_lost_try_may_have_been_taken_once(void **state)
{
    (void)state;
    case_sent(10, 1, 1, CHARGE, "k");
    case_lost(1, 1);
    case_sent(20, 1, 2, CHARGE, "k");
    case_answered(30, 1, 2, 202, 2);
    case_refused(1, 10, CHARGE, "k", NO);
    case_decided(&(struct case_row){.n = 2, .seq = 11, .type = CHARGE, .code = NO, .repeats = 1});
    evidence.setup_seq = 1;
    case_expect(0, CHECK_NOTHING_INVENTED);
    case_decided(&(struct case_row){.n = 3, .seq = 12, .type = CHARGE, .code = NO, .repeats = 1});
    case_expect(1, CHECK_NOTHING_INVENTED);
}

static void test_history_lost_try_explains_its_own_key_and_type_alone(void **state)
{
    (void)state;
    case_sent(10, 1, 1, CHARGE, "k");
    evidence.setup_seq = 1;
    case_refused(1, 10, CHARGE, "l", NO);
    case_refused(2, 11, "coupon.issue", "k", "coupon_sold_out");
    case_refused(3, 12, CHARGE, NULL, NO);
    case_expect(3, CHECK_NOTHING_INVENTED);
}

static void test_history_try_that_was_turned_away_explains_nothing(void **state)
{
    (void)state;
    evidence.setup_seq = 1;
    case_sent(10, 1, 1, CHARGE, "k");
    case_answered(20, 1, 1, 403, 0);
    case_refused(1, 10, CHARGE, "k", NO);
    case_expect(1, CHECK_NOTHING_INVENTED);
}

static void test_history_try_answered_503_may_have_been_taken(void **state)
{
    (void)state;
    evidence.setup_seq = 1;
    case_sent(10, 1, 1, CHARGE, "k");
    case_answered(20, 1, 1, 503, 0);
    case_refused(1, 10, CHARGE, "k", NO);
    case_expect(0, CHECK_NOTHING_INVENTED);
}

static void test_history_what_stood_before_the_clients_is_the_set_up(void **state)
{
    (void)state;
    case_refused(1, 10, CHARGE, NULL, NO);
    case_refused(2, 11, CHARGE, NULL, NO);
    case_sent(10, 1, 1, CHARGE, "");
    case_answered(20, 1, 1, 202, 2);
    case_expect(0, CHECK_NOTHING_INVENTED);
    evidence.setup_seq = 9;
    case_expect(1, CHECK_NOTHING_INVENTED);
}

/* --- routed once more, set aside, reused ------------------------------------------------------ */

static void test_history_misrouted_order_is_sent_once_more_by_the_ingress(void **state)
{
    (void)state;
    evidence.setup_seq = 1;
    case_sent(10, 1, 1, "order.place", "k");
    case_answered(20, 1, 1, 409, 2);
    case_refused(1, 10, "order.place", NULL, "misrouted");
    case_refused(2, 11, "order.place", "k", "insufficient_stock");
    case_expect(0, CHECK_NOTHING_INVENTED);
    case_refused(3, 12, "order.place", NULL, "misrouted");
    case_expect(1, CHECK_NOTHING_INVENTED);
}

/* Or it could not be sent again by the right way: the key would say misrouted for ever. */
static void test_history_misrouted_order_owns_no_key(void **state)
{
    (void)state;
    case_sent(10, 1, 1, "order.place", "k");
    case_answered(20, 1, 1, 202, 1);
    case_refused(1, 10, "order.place", "k", "misrouted");
    case_expect(1, CHECK_KEY_HAS_ONE_OWNER);
}

static void test_history_misrouted_takes_no_part_in_the_order(void **state)
{
    (void)state;
    case_sent(10, 1, 1, "order.place", "k");
    case_answered(20, 1, 1, 202, 1);
    case_sent(30, 2, 1, "order.place", "l");
    case_answered(40, 2, 1, 202, 2);
    case_refused(1, 11, "order.place", NULL, "misrouted");
    case_refused(2, 10, "order.place", "l", "insufficient_stock");
    case_expect(0, CHECK_DECIDED_IN_ORDER);
}

/* An ingress without its database does not know what is sold first-come. */
static void test_history_order_in_another_line_may_only_repeat_one(void **state)
{
    (void)state;
    for (int n = 1; n <= 2; n++) {
        case_sent(10 * n, 1, n, "order.place", "k");
        case_answered(10 * n + 5, 1, n, 202, n);
    }
    evidence.ops[0].key = names_put(&evidence.names, FC_STR("product:3"));
    case_decided(&(struct case_row){1, 10, "order.place", "product:3", "k", NO, 0, NULL});
    case_decided(&(struct case_row){2, 11, "order.place", NULL, NULL, NO, 1, NULL});
    case_expect(0, CHECK_ACCEPTED_IS_DECIDED);
    evidence.ops[0].key = names_put(&evidence.names, FC_STR("product:4"));
    case_expect(1, CHECK_ACCEPTED_IS_DECIDED);
}

static void test_history_set_aside_is_a_violation_unless_it_is_allowed(void **state)
{
    (void)state;
    case_sent(10, 1, 1, CHARGE, "");
    case_answered(20, 1, 1, 202, 1);
    case_told(1, 1, 1, "parked", "");
    *ARRAY_ADD(&evidence, parking) = (struct evidence_parked){.id = case_id(1), .open = true};
    case_expect(1, CHECK_ACCEPTED_IS_DECIDED);
    evidence.may_park = true;
    case_expect(0, CHECK_ACCEPTED_IS_DECIDED);
    assert_int_equal(verdict.checks[CHECK_ACCEPTED_IS_DECIDED].set_aside, 1);
    /* Put back, it has to have come to an end. */
    evidence.parkings[0].open = false;
    case_expect(1, CHECK_ACCEPTED_IS_DECIDED);
    case_refused(1, 1, CHARGE, NULL, NO);
    case_expect(0, CHECK_ACCEPTED_IS_DECIDED);
}

static void test_history_key_that_was_reused_is_not_one_command(void **state)
{
    (void)state;
    case_sent(10, 1, 1, CHARGE, "k");
    case_answered(20, 1, 1, 202, 1);
    case_sent(30, 2, 1, CHARGE, "k");
    case_answered(40, 2, 1, 202, 2);
    case_refused(1, 10, CHARGE, "k", NO);
    case_refused(2, 11, CHARGE, NULL, "idempotency_key_reused");
    case_expect(1, CHECK_KEY_HAS_ONE_OWNER);
}

static void test_history_without_a_key_repeats_nothing(void **state)
{
    (void)state;
    case_sent(10, 1, 1, CHARGE, "k");
    case_answered(20, 1, 1, 202, 1);
    case_sent(30, 2, 1, CHARGE, "");
    case_answered(40, 2, 1, 202, 2);
    case_refused(1, 10, CHARGE, "k", NO);
    case_decided(&(struct case_row){.n = 2, .seq = 11, .type = CHARGE, .code = NO, .repeats = 1});
    case_expect(1, CHECK_KEY_HAS_ONE_OWNER);
}

/* --- told ------------------------------------------------------------------------------------- */

static void test_history_body_may_be_written_otherwise(void **state)
{
    (void)state;
    case_sent(10, 1, 1, CHARGE, "");
    case_answered(20, 1, 1, 202, 1);
    case_refused(1, 10, CHARGE, NULL, NO);
    case_told(1, 1, 1, NO, " { \"b\" : [ true, null, \"\\u0078\" ], \"a\" : 1 }");
    case_told(1, 1, 1, NO, "");
    case_expect(0, CHECK_VERDICT_IS_TOLD);
    case_told(1, 1, 1, NO, "{\"a\":1,\"b\":[true,null]}");
    case_told(1, 1, 1, NO, "{\"a\":1,\"b\":[null,true,\"x\"]}");
    case_told(1, 1, 1, NO, "{\"a\":\"1\",\"b\":[true,null,\"x\"]}");
    case_expect(3, CHECK_VERDICT_IS_TOLD);
}

static void test_history_verdict_of_what_is_not_decided_is_a_violation(void **state)
{
    (void)state;
    case_sent(10, 1, 1, CHARGE, "k");
    case_lost(1, 1);
    case_told(1, 1, 5, NO, "");
    history_judge(&evidence, &verdict);
    assert_int_equal(verdict.checks[CHECK_VERDICT_IS_TOLD].violations, 1);
    assert_int_equal(verdict.checks[CHECK_ACCEPTED_IS_DECIDED].violations, 1);
}

/* --- lines that do not fit -------------------------------------------------------------------- */

static void test_history_line_has_to_fit_those_before_it(void **state)
{
    struct history_line line = {.what = HISTORY_ANSWERED, .op = 1, .attempt = 1, .status = 202};
    char why[256];

    (void)state;
    assert_false(evidence_put_line(&evidence, &evidence_file, &line, why));
    assert_string_equal(why, "op 1 try 1 was never sent");
    case_sent(10, 1, 2, CHARGE, "k");
    line.what = HISTORY_SENT;
    assert_false(evidence_put_line(&evidence, &evidence_file, &line, why));
    line.op = 0;
    assert_false(evidence_put_line(&evidence, &evidence_file, &line, why));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, case_begin, case_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_history_empty_has_no_violation),
        CASE(test_history_lost_try_may_have_been_taken_once),
        CASE(test_history_lost_try_explains_its_own_key_and_type_alone),
        CASE(test_history_try_that_was_turned_away_explains_nothing),
        CASE(test_history_try_answered_503_may_have_been_taken),
        CASE(test_history_what_stood_before_the_clients_is_the_set_up),
        CASE(test_history_misrouted_order_is_sent_once_more_by_the_ingress),
        CASE(test_history_misrouted_order_owns_no_key),
        CASE(test_history_misrouted_takes_no_part_in_the_order),
        CASE(test_history_order_in_another_line_may_only_repeat_one),
        CASE(test_history_set_aside_is_a_violation_unless_it_is_allowed),
        CASE(test_history_key_that_was_reused_is_not_one_command),
        CASE(test_history_without_a_key_repeats_nothing),
        CASE(test_history_body_may_be_written_otherwise),
        CASE(test_history_verdict_of_what_is_not_decided_is_a_violation),
        CASE(test_history_line_has_to_fit_those_before_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
