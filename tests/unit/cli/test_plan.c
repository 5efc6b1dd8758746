#include "support/expect.h"

#include "base/limits.h"
#include "producer/cli/plan.h"

static struct data_line lines[] = {{1, 2}, {2, 1}, {1, 3}, {3, 1000000}};

static const struct data_order orders[] = {
    {{"1", 1}, 10, {0}, &lines[0], 2},
    {{"2", 1}, 11, {0}, &lines[1], 1},
    {{"3", 1}, 10, {0}, &lines[2], 2},
};

static struct plan plan_of_orders(void)
{
    struct plan plan;

    assert_true(plan_init(&plan, orders, FC_ARRAY_COUNT(orders)));
    return plan;
}

static void test_plan_names_each_user_and_product_once(void **state)
{
    struct plan plan = plan_of_orders();

    (void)state;
    assert_int_equal(plan.user_count, 2);
    assert_int_equal(plan.users[0].user_id, 10);
    assert_int_equal(plan.users[1].user_id, 11);
    assert_int_equal(plan.product_count, 3);
    assert_int_equal(plan.line_count, 5);
    assert_int_equal(plan.pieces, 2 + 1 + 1 + 3 + 1000000);
}

static void test_plan_costs_what_the_orders_cost(void **state)
{
    struct plan plan = plan_of_orders();

    (void)state;
    plan.products[0].price = KRW(100);
    plan.products[1].price = KRW(7);
    assert_true(plan_cost(&plan));
    /* 2 and 3 of the first, 1 of the second; the third is not on sale. */
    assert_int_equal(plan.users[0].cost.won, 507);
    assert_int_equal(plan.users[1].cost.won, 7);
}

static void test_plan_refuses_more_than_a_balance_can_hold(void **state)
{
    struct plan plan = plan_of_orders();

    (void)state;
    plan.products[2].price = KRW(AMOUNT_KRW_MAX / 1000000);
    assert_true(plan_cost(&plan));
    plan = plan_of_orders();
    plan.products[2].price = KRW(AMOUNT_KRW_MAX / 1000000 + 1);
    assert_false(plan_cost(&plan));
    plan = plan_of_orders();
    plan.products[2].price = KRW(INT64_MAX);
    assert_false(plan_cost(&plan));
}

static void test_plan_of_no_orders_is_empty(void **state)
{
    struct plan plan;

    (void)state;
    assert_true(plan_init(&plan, NULL, 0));
    assert_true(plan_cost(&plan));
    assert_int_equal(plan.user_count, 0);
}

static void test_charges_sum_up_to_the_cost(void **state)
{
    (void)state;
    assert_int_equal(plan_charge_count(KRW(0), KRW(100)), 0);
    assert_int_equal(plan_charge_count(KRW(100), KRW(100)), 1);
    assert_int_equal(plan_charge_count(KRW(101), KRW(100)), 2);
    assert_int_equal(plan_charge(KRW(250), KRW(100), 0).won, 100);
    assert_int_equal(plan_charge(KRW(250), KRW(100), 1).won, 100);
    assert_int_equal(plan_charge(KRW(250), KRW(100), 2).won, 50);
    EXPECT_ASSERT(plan_charge(KRW(250), KRW(100), 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_names_each_user_and_product_once),
        cmocka_unit_test(test_plan_costs_what_the_orders_cost),
        cmocka_unit_test(test_plan_refuses_more_than_a_balance_can_hold),
        cmocka_unit_test(test_plan_of_no_orders_is_empty),
        cmocka_unit_test(test_charges_sum_up_to_the_cost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
