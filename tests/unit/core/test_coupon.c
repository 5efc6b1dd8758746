#include "support/expect.h"
#include "support/scenario.h"

#include "core/coupon.h"

#include <stdalign.h>

static alignas(16) char memory[16384];

static void test_coupon_goes_to_the_first_who_ask(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "user u2\n"
             "user u3\n"
             "template 9 quantity 2\n"
             "ask issue u2 9 as c5 → succeeded\n"
             "events coupon.issued\n"
             "position 1\n"
             "ask issue u3 9 → succeeded\n"
             "position 2\n"
             "ask issue u1 9 → coupon_sold_out 9\n"
             "issued 9 2\n"
             "status c5 available\n");
}

static void test_coupon_second_request_of_same_user_is_refused(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "template 9 quantity 2\n"
             "template 8\n"
             "ask issue u1 9 → succeeded\n"
             "ask issue u1 9 → coupon_already_issued 9\n"
             "issued 9 1\n"
             "ask issue u1 8 → succeeded\n"
             "position 1\n");
}

static void test_coupon_held_in_whatever_status_is_not_issued_again(void **state)
{
    (void)state;
    SCENARIO("template 9 issued 4\n"
             "user u1\n"
             "user u2\n"
             "user u3\n"
             "user u4\n"
             "coupon c1 of 9 user u1 used\n"
             "coupon c2 of 9 user u2 expired\n"
             "coupon c3 of 9 user u3 cancelled\n"
             "coupon c4 of 9 user u4\n"
             "ask issue u1 9 → coupon_already_issued\n"
             "ask issue u2 9 → coupon_already_issued\n"
             "ask issue u3 9 → coupon_already_issued\n"
             "ask issue u4 9 → coupon_already_issued\n");
}

static void test_coupon_issue_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "user u2\n"
             "user u3 no_wallet\n"
             "template 9 quantity 1 issued 1 from 10 until 20\n"
             "coupon c1 of 9 user u1\n"
             "at 5\n"
             "ask issue u9 8 key t9 → misrouted 8\n"
             "ask issue u9 8 key p8 → misrouted 8\n"
             "ask issue u9 8 → unknown_template 8\n"
             "ask issue u9 9 → unknown_user 9\n"
             "ask issue u1 9 → coupon_not_open 9\n"
             "at 25\n"
             "ask issue u1 9 → coupon_closed 9\n"
             "at 15\n"
             "ask issue u1 9 → coupon_already_issued 9\n"
             "ask issue u2 9 → coupon_sold_out 9\n"
             "issued 9 1\n"
             "ask template 9 quantity 2 from 10 until 20 → succeeded\n"
             "ask issue u3 9 → succeeded\n"
             "position 2\n");
}

static void test_coupon_window_is_judged_by_the_instant_of_acceptance(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "user u2\n"
             "user u3\n"
             "template 9 from 10 until 20\n"
             "at 9\n"
             "decided_at 15\n"
             "ask issue u1 9 → coupon_not_open\n"
             "at 10\n"
             "ask issue u1 9 → succeeded\n"
             "at 19\n"
             "decided_at 1000\n"
             "ask issue u2 9 → succeeded\n"
             "at 20\n"
             "decided_at 15\n"
             "ask issue u3 9 → coupon_closed\n"
             "issued 9 2\n");
}

static void test_coupon_validity_is_the_templates_else_the_policys(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "template 7\n"
             "template 8 days 1\n"
             "template 9 days 36500\n"
             "at 100\n"
             "decided_at 101\n"
             "ask issue u1 7 → succeeded\n"
             "never\n"
             "ask issue u1 8 → succeeded\n"
             "expires 86501\n"
             "ask issue u1 9 → succeeded\n"
             "expires 3153600101\n"
             "policy valid_days 30\n"
             "user u2\n"
             "ask issue u2 7 → succeeded\n"
             "expires 2592101\n"
             "ask issue u2 8 → succeeded\n"
             "expires 86501\n");
}

static void test_coupon_template_of_no_quantity_is_sold_out_at_once(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "template 9 quantity 0\n"
             "ask issue u1 9 → coupon_sold_out\n");
}

static void test_coupon_template_put_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("template 9 quantity 5 issued 3\n"
             "ask template 9 quantity 2 key t8 → misrouted 9\n"
             "ask template 9 quantity 2 key u9 → misrouted 9\n"
             "ask template 9 quantity 2 → template_in_use 9\n"
             "ask template 9 quantity 3 → succeeded\n"
             "events template.put\n"
             "issued 9 3\n"
             "ask template 9 → succeeded\n"
             "issued 9 3\n"
             "ask template 8 quantity 0 → succeeded\n"
             "issued 8 0\n"
             "policy no_days no_amount\n"
             "ask template 9 quantity 2 days 1 key t8 → misrouted 9\n"
             "ask template 9 quantity 2 days 1 → discount_not_allowed 9\n"
             "ask template 9 quantity 0 rate 1 days 1 → invalid_request 9\n"
             "ask template 9 rate 1 → succeeded\n"
             "policy no_rate\n"
             "ask template 9 rate 1 → discount_not_allowed 9\n");
}

static void test_coupon_days_of_an_old_template_stand_when_the_policy_names_them(void **state)
{
    (void)state;
    SCENARIO("user u1\n"
             "template 9 days 2 amount 5\n"
             "policy no_days no_amount valid_days 30\n"
             "at 100\n"
             "ask issue u1 9 → succeeded\n"
             "expires 172900\n");
}

static void test_coupon_template_delete_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("template 8 issued 1\n"
             "template 9\n"
             "ask drop_template 7 key t9 → misrouted 7\n"
             "ask drop_template 7 → unknown_template 7\n"
             "ask drop_template 8 → template_in_use 8\n"
             "ask drop_template 9 → succeeded\n"
             "events template.deleted\n"
             "gone template 9\n"
             "ask drop_template 9 → unknown_template\n"
             "user u1\n"
             "ask issue u1 9 → unknown_template\n"
             "ask template 9 rate 500 → succeeded\n"
             "ask issue u1 9 → succeeded\n"
             "position 1\n");
}

static void test_coupon_keeps_the_discount_it_was_issued_with(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 price 2000 stock 9\n"
             "template 9 amount 500 min 2000\n"
             "ask issue u1 9 as c5 → succeeded\n"
             "ask template 9 amount 1 min 9000 → succeeded\n"
             "ask order u1 7x1 coupon c5 → succeeded\n"
             "paid 2000 500 1500\n"
             "status c5 used\n");
}

static struct shop shop_with_template(struct fc_arena *arena)
{
    struct shop shop;

    fc_arena_init(arena, memory, sizeof(memory));
    shop_init(&shop, arena, 4);
    struct coupon_template *template = shop_put_template(&shop, 9);

    template->row = (struct row_mark){.exists = true, .loaded = true};
    template->limited = true;
    template->quantity = 1;
    template->version = template->version_loaded = 4;
    return shop;
}

static struct event issued_to(int64_t user_id, int64_t position)
{
    struct event event = {.type = EVENT_COUPON_ISSUED, .version = 1};

    event.data.coupon_issued = (struct coupon_issued){
        .coupon_id = {{(uint8_t)user_id}},
        .template_id = 9,
        .user_id = user_id,
        .position = position,
    };
    return event;
}

static void test_coupon_issue_moves_the_template_and_marks_both(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_with_template(&arena);
    struct event event = issued_to(1, 1);
    const struct coupon_template *template = shop_find_template(&shop, 9);

    (void)state;
    coupon_apply_issued(&shop, &event);
    const struct coupon *coupon = shop_find_holding(&shop, 9, 1);

    assert_int_equal(template->issued, 1);
    assert_int_equal(template->version, 5);
    assert_int_equal(template->version_loaded, 4);
    assert_true(template->row.changed);
    assert_true(coupon->row.exists && coupon->row.changed && !coupon->row.loaded);
    assert_int_equal(coupon->version, 1);
}

static void test_coupon_events_that_break_a_promise_are_mistakes(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_with_template(&arena);
    struct event wrong_position = issued_to(1, 2);
    struct event first = issued_to(1, 1);
    struct event again = issued_to(1, 2);
    struct event above = issued_to(2, 2);
    struct event used = {.type = EVENT_COUPON_USED, .version = 2};
    struct event deleted = {.type = EVENT_TEMPLATE_DELETED, .version = 6};
    struct event put = {.type = EVENT_TEMPLATE_PUT, .version = 6};

    (void)state;
    EXPECT_ASSERT(coupon_apply_issued(&shop, &wrong_position));
    coupon_apply_issued(&shop, &first);
    EXPECT_ASSERT(coupon_apply_issued(&shop, &again));
    deleted.data.template_deleted.template_id = 9;
    EXPECT_ASSERT(coupon_apply_template_deleted(&shop, &deleted));
    put.data.template_put = (struct template_put){.template_id = 9, .limited = true};
    EXPECT_ASSERT(coupon_apply_template_put(&shop, &put));

    used.data.coupon_moved = (struct coupon_moved){{{1}}, 9, 2, {{7}}};
    EXPECT_ASSERT(coupon_apply_used(&shop, &used));
    used.data.coupon_moved.user_id = 1;
    coupon_apply_used(&shop, &used);
    EXPECT_ASSERT(coupon_apply_used(&shop, &used));
    used.data.coupon_moved.coupon_id.bytes[0] = 3;
    EXPECT_ASSERT(coupon_apply_used(&shop, &used));

    struct event returned = {.type = EVENT_COUPON_RETURNED, .version = 3};

    returned.data.coupon_moved = (struct coupon_moved){{{1}}, 9, 1, {{8}}};
    EXPECT_ASSERT(coupon_apply_returned(&shop, &returned));
    EXPECT_ASSERT(coupon_apply_expired(&shop, &returned));
    EXPECT_ASSERT(coupon_apply_revoked(&shop, &returned));
    returned.data.coupon_moved.order_id = (struct fc_uuid){{7}};
    coupon_apply_returned(&shop, &returned);
    returned.version = 4;
    EXPECT_ASSERT(coupon_apply_returned(&shop, &returned));

    shop = shop_with_template(&arena);
    shop_find_template(&shop, 9)->issued = 1;
    EXPECT_ASSERT(coupon_apply_issued(&shop, &above));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coupon_goes_to_the_first_who_ask),
        cmocka_unit_test(test_coupon_second_request_of_same_user_is_refused),
        cmocka_unit_test(test_coupon_held_in_whatever_status_is_not_issued_again),
        cmocka_unit_test(test_coupon_issue_verdicts_in_precedence_order),
        cmocka_unit_test(test_coupon_window_is_judged_by_the_instant_of_acceptance),
        cmocka_unit_test(test_coupon_validity_is_the_templates_else_the_policys),
        cmocka_unit_test(test_coupon_template_of_no_quantity_is_sold_out_at_once),
        cmocka_unit_test(test_coupon_template_put_verdicts_in_precedence_order),
        cmocka_unit_test(test_coupon_days_of_an_old_template_stand_when_the_policy_names_them),
        cmocka_unit_test(test_coupon_template_delete_verdicts_in_precedence_order),
        cmocka_unit_test(test_coupon_keeps_the_discount_it_was_issued_with),
        cmocka_unit_test(test_coupon_issue_moves_the_template_and_marks_both),
        cmocka_unit_test(test_coupon_events_that_break_a_promise_are_mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
