/* The judge of histories, case by case: who came first, where it is certain and where it is not. */
#include "support/expect.h"
#include "support/history_check_case.h"

#include <string.h>

/* --- order ------------------------------------------------------------------------------------ */

/* Two of one line, one `gap_us` behind the answer of the other, decided the other way round. */
static void pair(int64_t gap_us)
{
    case_sent(100, 1, 1, CHARGE, "k");
    case_answered(200, 1, 1, 202, 1);
    case_sent(200 + gap_us, 2, 1, CHARGE, "l");
    case_answered(300, 2, 1, 202, 2);
    case_refused(1, 11, CHARGE, "k", NO);
    case_refused(2, 10, CHARGE, "l", NO);
}

static void test_history_pair_that_raced_may_be_decided_either_way(void **state)
{
    (void)state;
    pair(0);
    case_expect(0, CHECK_DECIDED_IN_ORDER);
}

static void test_history_pair_that_did_not_race_may_not(void **state)
{
    (void)state;
    pair(1);
    case_expect(1, CHECK_DECIDED_IN_ORDER);
    assert_int_equal(verdict.checks[CHECK_DECIDED_IN_ORDER].compared, 1);
    assert_non_null(strstr(verdict.checks[CHECK_DECIDED_IN_ORDER].samples[0], "user:7"));
}

static void test_history_every_pair_is_counted(void **state)
{
    (void)state;
    for (int i = 1; i <= 10; i++) {
        case_sent(i * 100, i, 1, CHARGE, "");
        case_answered(i * 100 + 1, i, 1, 202, i);
        case_refused(i, 20 - i, CHARGE, NULL, NO);
    }
    case_expect(45, CHECK_DECIDED_IN_ORDER);
}

/* The first of two publications may be the one that was decided. */
static void test_history_published_twice_stands_where_either_stood(void **state)
{
    (void)state;
    case_published(10, 1, 1, 1);
    case_lost(1, 1);
    case_published(50, 2, 1, 2);
    case_answered(60, 2, 1, 202, 2);
    case_published(100, 1, 2, 1);
    case_answered(110, 1, 2, 202, 1);
    case_refused(1, 10, CHARGE, NULL, NO);
    case_refused(2, 11, CHARGE, NULL, NO);
    case_expect(0, CHECK_DECIDED_IN_ORDER);
    case_published(120, 3, 1, 3);
    case_answered(130, 3, 1, 202, 3);
    case_refused(3, 9, CHARGE, NULL, NO);
    case_expect(2, CHECK_DECIDED_IN_ORDER);
}

/* --- winners ---------------------------------------------------------------------------------- */

#define ISSUED(position)                                                                       \
    "[{\"type\":\"coupon.issued\",\"version\":1,\"data\":{\"coupon_id\":\"00000900-0000-8000-" \
    "8000-000000000000\",\"template_id\":9,\"user_id\":7,\"position\":" position "}}]"

/* A loser's 202 at 200; a winner whose one answered try was sent at 300, after one at `lost_us`. */
static void lose_and_win(int64_t lost_us)
{
    case_sent(100, 1, 1, "coupon.issue", "k");
    case_answered(200, 1, 1, 202, 1);
    case_sent(lost_us, 2, 1, "coupon.issue", "l");
    case_lost(2, 1);
    case_sent(300, 2, 2, "coupon.issue", "l");
    case_answered(400, 2, 2, 202, 2);
    case_decided(&(struct case_row){.n = 1,
                                    .seq = 20,
                                    .type = "coupon.issue",
                                    .key = "template:9",
                                    .owns = "k",
                                    .code = "coupon_sold_out"});
    case_decided(&(struct case_row){.n = 9,
                                    .seq = 10,
                                    .type = "coupon.issue",
                                    .key = "template:9",
                                    .owns = "l",
                                    .events = ISSUED("1")});
    case_decided(&(struct case_row){
        .n = 2, .seq = 21, .type = "coupon.issue", .key = "template:9", .repeats = 9});
    *ARRAY_ADD(&evidence, coupon) = (struct evidence_coupon){case_id(9), 9, 7, 1};
    *ARRAY_ADD(&evidence, template) = (struct evidence_template){9, 1, 1};
}

/* A try that was lost may have won, from before the loser was answered on. */
static void test_history_winner_may_have_won_by_a_try_that_was_lost(void **state)
{
    (void)state;
    lose_and_win(150);
    case_expect(0, CHECK_WINNERS_CAME_FIRST);
}

static void test_history_winner_sent_after_a_loser_is_unfair(void **state)
{
    (void)state;
    lose_and_win(250);
    case_expect(1, CHECK_WINNERS_CAME_FIRST);
}

/* Two that came too late, three that came after them and won. */
static void test_history_every_pair_of_winner_and_loser_is_counted(void **state)
{
    (void)state;
    for (int i = 1; i <= 5; i++) {
        struct case_row row = {.n = i, .seq = 10 - i, .type = "coupon.issue", .key = "template:9"};

        case_sent(i * 100, i, 1, "coupon.issue", "");
        case_answered(i * 100 + 1, i, 1, 202, i);
        row.code = i <= 2 ? "coupon_sold_out" : NULL;
        row.events = i <= 2 ? NULL : ISSUED("1");
        case_decided(&row);
    }
    history_judge(&evidence, &verdict);
    assert_int_equal(verdict.checks[CHECK_WINNERS_CAME_FIRST].violations, 6);
}

static void test_history_template_whose_quantity_grew_is_set_aside(void **state)
{
    (void)state;
    lose_and_win(250);
    for (int n = 0; n < 2; n++)
        case_decided(&(struct case_row){
            .n = 50 + n,
            .seq = 1 + n,
            .type = "template.put",
            .key = "template:9",
            .events = n == 0 ? "[{\"type\":\"template.put\",\"version\":1,\"data\":{"
                               "\"template_id\":9,\"quantity\":1}}]"
                             : "[{\"type\":\"template.put\",\"version\":2,\"data\":{"
                               "\"template_id\":9,\"quantity\":2}}]"});
    case_expect(0, CHECK_WINNERS_CAME_FIRST);
    assert_int_equal(verdict.checks[CHECK_WINNERS_CAME_FIRST].set_aside, 1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, case_begin, case_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_history_pair_that_raced_may_be_decided_either_way),
        CASE(test_history_pair_that_did_not_race_may_not),
        CASE(test_history_every_pair_is_counted),
        CASE(test_history_published_twice_stands_where_either_stood),
        CASE(test_history_winner_may_have_won_by_a_try_that_was_lost),
        CASE(test_history_winner_sent_after_a_loser_is_unfair),
        CASE(test_history_every_pair_of_winner_and_loser_is_counted),
        CASE(test_history_template_whose_quantity_grew_is_set_aside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
