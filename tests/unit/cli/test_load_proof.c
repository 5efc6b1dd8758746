#include "support/expect.h"

#include "producer/cli/load_proof.h"

static struct load_run run;
static struct load_record records[16];

/* A winner of that position; 0: one who came too late; -1: refused for another reason. */
static void asked(int64_t sent_us, int64_t answered_us, int64_t position)
{
    records[run.sent++] = (struct load_record){.sent_us = sent_us,
                                               .answered_us = answered_us,
                                               .position = position > 0 ? position : 0,
                                               .status = position > 0 ? 201 : 409,
                                               .code = position > 0 ? -1 : (int32_t)-position};
}

static int reset(void **state)
{
    (void)state;
    run = (struct load_run){.records = records};
    run.tally.code_count = 2;
    (void)fc_str_copy(FC_STR("coupon_sold_out"), run.tally.codes[0].name, 64);
    (void)fc_str_copy(FC_STR("coupon_already_issued"), run.tally.codes[1].name, 64);
    return 0;
}

static struct load_proof prove(int64_t templates)
{
    struct load_proof proof;

    assert_true(load_prove(&run, templates, &proof));
    return proof;
}

static void test_load_proof_the_first_got_them_in_order(void **state)
{
    (void)state;
    asked(10, 20, 101);
    asked(15, 30, 103);
    asked(16, 25, 102);
    asked(40, 50, 0);
    asked(5, 6, -1);
    struct load_proof proof = prove(1);

    assert_true(proof.fair);
    assert_int_equal(proof.fairness.winners, 3);
    assert_int_equal(proof.fairness.losers, 1);
    assert_int_equal(proof.fairness.pairs_certain, 3);
}

static void test_load_proof_a_loser_who_came_first_is_unfair(void **state)
{
    (void)state;
    asked(10, 20, 0);
    asked(21, 30, 1);
    struct load_proof proof = prove(1);

    assert_false(proof.fair);
    assert_int_equal(proof.fairness.violations, 1);
}

static void test_load_proof_positions_against_the_order_are_unfair(void **state)
{
    (void)state;
    asked(10, 20, 9);
    asked(21, 30, 8);
    struct load_proof proof = prove(1);

    assert_false(proof.fair);
    assert_int_equal(proof.fairness.orders_wrong, 1);
}

static void test_load_proof_templates_are_judged_each_for_itself(void **state)
{
    (void)state;
    asked(10, 20, 2);
    asked(11, 20, 1);
    asked(21, 30, 3);
    asked(31, 40, 2);
    struct load_proof proof = prove(2);

    assert_true(proof.fair);
    assert_int_equal(proof.fairness.winners, 4);
    assert_int_equal(proof.fairness.orders_certain, 2);
    assert_false(prove(1).fair);
}

static void test_load_proof_a_position_given_twice_or_not_told_is_unfair(void **state)
{
    (void)state;
    asked(10, 20, 1);
    asked(11, 21, 1);
    assert_int_equal(prove(1).positions_twice, 1);
    assert_false(prove(1).fair);
    run.sent = 0;
    asked(10, 20, 1);
    asked(11, 21, 2);
    assert_true(prove(1).fair);
    records[1].position = 0;
    assert_int_equal(prove(1).winners_unplaced, 1);
    assert_false(prove(1).fair);
}

static void test_load_proof_without_winners_is_none(void **state)
{
    (void)state;
    assert_false(prove(1).fair);
    asked(10, 20, 0);
    assert_false(prove(1).fair);
}

static void test_load_proof_what_was_not_answered_says_nothing(void **state)
{
    (void)state;
    asked(10, 20, 1);
    asked(21, 0, 0);
    struct load_proof proof = prove(1);

    assert_true(proof.fair);
    assert_int_equal(proof.fairness.losers, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_load_proof_the_first_got_them_in_order, reset),
        cmocka_unit_test_setup(test_load_proof_a_loser_who_came_first_is_unfair, reset),
        cmocka_unit_test_setup(test_load_proof_positions_against_the_order_are_unfair, reset),
        cmocka_unit_test_setup(test_load_proof_templates_are_judged_each_for_itself, reset),
        cmocka_unit_test_setup(test_load_proof_a_position_given_twice_or_not_told_is_unfair, reset),
        cmocka_unit_test_setup(test_load_proof_without_winners_is_none, reset),
        cmocka_unit_test_setup(test_load_proof_what_was_not_answered_says_nothing, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
