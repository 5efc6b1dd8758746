#include "support/expect.h"

#include "producer/cli/contest.h"

#include <stdlib.h>

#define ENTRIES 30
#define QUANTITY 10

static struct contest_entry entries[ENTRIES];
static struct contest contest;

static void set(int32_t at, enum cli_end end, int64_t position, const char *code)
{
    entries[at].end = end;
    entries[at].position = position;
    (void)fc_str_copy(fc_str_of(code), entries[at].code, sizeof(entries[at].code));
}

/* A flawless race: thirty users one after another, the first ten win. */
static int reset(void **state)
{
    (void)state;
    contest = (struct contest){.quantity = QUANTITY,
                               .requests = ENTRIES,
                               .users = ENTRIES,
                               .first_user = 100,
                               .entries = entries,
                               .issued_told = QUANTITY};
    for (int32_t i = 0; i < ENTRIES; i++) {
        entries[i] = (struct contest_entry){
            .user_id = 100 + i, .sent_us = 1000 + i * 10, .answered_us = 1005 + i * 10};
        if (i < QUANTITY)
            set(i, CLI_END_SUCCEEDED, i + 1, "");
        else
            set(i, CLI_END_REFUSED, 0, "coupon_sold_out");
    }
    return 0;
}

static void judge(void)
{
    size_t bytes = contest_judge_bytes(&contest);
    void *memory = malloc(bytes);
    struct fc_arena arena;

    assert_non_null(memory);
    fc_arena_init(&arena, memory, bytes);
    assert_true(contest_judge(&contest, &arena));
    free(memory);
}

static void test_contest_flawless_race_is_proved(void **state)
{
    (void)state;
    judge();
    assert_true(contest.proved);
    assert_int_equal(contest.issued, QUANTITY);
    assert_int_equal(contest.issued_wanted, QUANTITY);
    assert_int_equal(contest.fairness.pairs, QUANTITY * (ENTRIES - QUANTITY));
    assert_int_equal(contest.fairness.pairs_certain, QUANTITY * (ENTRIES - QUANTITY));
}

static void test_contest_winner_out_of_order_is_found(void **state)
{
    (void)state;
    set(9, CLI_END_REFUSED, 0, "coupon_sold_out");
    set(20, CLI_END_SUCCEEDED, 10, "");
    judge();
    assert_false(contest.proved);
    /* The tenth to the nineteenth and the ninth had their 202 before it was sent. */
    assert_int_equal(contest.fairness.violations, 11);
}

static void test_contest_position_used_twice_is_found(void **state)
{
    (void)state;
    set(9, CLI_END_SUCCEEDED, 9, "");
    judge();
    assert_int_equal(contest.positions_bad, 1);
    assert_false(contest.proved);
}

static void test_contest_position_left_out_is_found(void **state)
{
    (void)state;
    set(4, CLI_END_REFUSED, 0, "coupon_sold_out");
    judge();
    assert_int_equal(contest.positions_gaps, 1);
    assert_int_equal(contest.issued, QUANTITY - 1);
    assert_false(contest.proved);
}

static void test_contest_more_than_the_quantity_is_found(void **state)
{
    (void)state;
    set(10, CLI_END_SUCCEEDED, 11, "");
    judge();
    assert_int_equal(contest.positions_bad, 1);
    assert_false(contest.proved);
}

static void test_contest_user_with_two_is_found(void **state)
{
    (void)state;
    entries[9].user_id = entries[0].user_id;
    judge();
    assert_int_equal(contest.users_twice, 1);
    assert_int_equal(contest.issued, QUANTITY - 1);
    assert_false(contest.proved);
}

static void test_contest_second_request_of_a_winner_is_no_loser(void **state)
{
    (void)state;
    entries[25].user_id = entries[0].user_id;
    set(25, CLI_END_REFUSED, 0, "coupon_already_issued");
    judge();
    assert_true(contest.proved);
    assert_int_equal(contest.fairness.losers, ENTRIES - QUANTITY - 1);
}

static void test_contest_of_fewer_users_than_coupons_gives_to_all(void **state)
{
    (void)state;
    for (int32_t i = 0; i < ENTRIES; i++) {
        entries[i].user_id = 100 + i % 5;
        if (i < 5)
            set(i, CLI_END_SUCCEEDED, i + 1, "");
        else
            set(i, CLI_END_REFUSED, 0, "coupon_already_issued");
    }
    contest.issued_told = 5;
    judge();
    assert_int_equal(contest.issued_wanted, 5);
    assert_true(contest.proved);
}

static void test_contest_other_refusals_and_unknown_fates_prove_nothing(void **state)
{
    (void)state;
    set(29, CLI_END_REFUSED, 0, "unknown_user");
    judge();
    assert_int_equal(contest.others, 1);
    assert_false(contest.proved);
    set(29, CLI_END_LOST, 0, "");
    judge();
    assert_int_equal(contest.others, 0);
    assert_int_equal(contest.unheard, 1);
    assert_false(contest.proved);
}

static void test_contest_that_was_stopped_proves_nothing(void **state)
{
    (void)state;
    for (int32_t i = 0; i < ENTRIES; i++)
        set(i, i < 20 ? CLI_END_ACCEPTED : CLI_END_STOPPED, 0, "");
    contest.issued_told = 0;
    judge();
    assert_int_equal(contest.unheard, ENTRIES);
    assert_false(contest.proved);
}

static void test_contest_shop_that_says_otherwise_is_found(void **state)
{
    (void)state;
    contest.issued_told = QUANTITY + 1;
    judge();
    assert_false(contest.proved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_contest_flawless_race_is_proved, reset),
        cmocka_unit_test_setup(test_contest_winner_out_of_order_is_found, reset),
        cmocka_unit_test_setup(test_contest_position_used_twice_is_found, reset),
        cmocka_unit_test_setup(test_contest_position_left_out_is_found, reset),
        cmocka_unit_test_setup(test_contest_more_than_the_quantity_is_found, reset),
        cmocka_unit_test_setup(test_contest_user_with_two_is_found, reset),
        cmocka_unit_test_setup(test_contest_second_request_of_a_winner_is_no_loser, reset),
        cmocka_unit_test_setup(test_contest_of_fewer_users_than_coupons_gives_to_all, reset),
        cmocka_unit_test_setup(test_contest_other_refusals_and_unknown_fates_prove_nothing, reset),
        cmocka_unit_test_setup(test_contest_that_was_stopped_proves_nothing, reset),
        cmocka_unit_test_setup(test_contest_shop_that_says_otherwise_is_found, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
