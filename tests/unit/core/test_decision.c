#include "support/expect.h"

#include "core/decision.h"

#include <stdalign.h>

static alignas(16) char memory[8192];

static void test_decision_refused_has_a_reason_and_no_events(void **state)
{
    struct decision decision = decision_refused(VERDICT_UNKNOWN_USER, 7);

    (void)state;
    assert_int_equal(decision.verdict, VERDICT_UNKNOWN_USER);
    assert_int_equal(decision.culprit, 7);
    assert_int_equal(decision.event_count, 0);
    assert_null(decision.events);
    EXPECT_ASSERT((void)decision_refused(VERDICT_SUCCEEDED, 7));
    EXPECT_ASSERT((void)decision_refused(VERDICT_COUNT, 7));
}

static void test_decision_succeeded_gathers_its_events_in_order(void **state)
{
    struct fc_arena arena;
    struct shop shop;

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    shop_init(&shop, &arena, 2);
    struct decision decision = decision_succeeded(&shop, 2);

    assert_int_equal(decision.verdict, VERDICT_SUCCEEDED);
    assert_int_equal(decision.event_count, 0);
    struct event *first = decision_add(&decision, EVENT_WALLET_USED, 4);
    struct event *second = decision_add(&decision, EVENT_STOCK_TAKEN, 0);

    assert_int_equal(decision.event_count, 2);
    assert_ptr_equal(first, &decision.events[0]);
    assert_ptr_equal(second, &decision.events[1]);
    assert_int_equal(first->type, EVENT_WALLET_USED);
    assert_int_equal(first->version, 4);
    assert_int_equal(second->type, EVENT_STOCK_TAKEN);
    EXPECT_ASSERT((void)decision_succeeded(&shop, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decision_refused_has_a_reason_and_no_events),
        cmocka_unit_test(test_decision_succeeded_gathers_its_events_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
