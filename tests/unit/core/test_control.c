#include "support/expect.h"
#include "support/scenario.h"

#include "core/control.h"

#include <stdalign.h>

static alignas(16) char memory[16384];

static void test_control_policies_are_counted(void **state)
{
    (void)state;
    SCENARIO("ask policy {} key p1 → misrouted\n"
             "ask policy {} key s2 → misrouted\n"
             "ask policy {} → succeeded\n"
             "events policy.applied\n"
             "ask policy {} → succeeded\n"
             "batch\n"
             "ask policy {} → succeeded\n");
}

static void test_control_policy_is_the_next_version_of_its_document(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct command command = {.type = COMMAND_POLICY_APPLY,
                              .key = {COMMAND_KEY_POLICY, POLICY_KEY_ID}};

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    shop_init(&shop, &arena, 4);
    shop.policy.version = shop.policy.version_loaded = 6;
    command.body.policy_apply.document = FC_STR("{\"a\":1}");
    struct decision decision = control_decide_policy(&shop, &command);

    assert_int_equal(decision.event_count, 1);
    assert_int_equal(decision.events[0].version, 7);
    assert_str_equal(decision.events[0].data.policy_applied.document, "{\"a\":1}");
    control_apply_policy(&shop, &decision.events[0]);
    assert_int_equal(shop.policy.version, 7);
    assert_int_equal(shop.policy.version_loaded, 6);
    assert_str_equal(shop.policy.document, "{\"a\":1}");
    EXPECT_ASSERT(control_apply_policy(&shop, &decision.events[0]));
    decision.events[0].version = 8;
    decision.events[0].data.policy_applied.document = FC_STR_NONE;
    EXPECT_ASSERT(control_apply_policy(&shop, &decision.events[0]));
}

/* Day 1 of Seoul is over 15 hours after the second of January has begun in UTC. */
static void test_control_day_is_closed_when_it_is_over_in_seoul(void **state)
{
    (void)state;
    SCENARIO("at 140399\n"
             "decided_at 140400\n"
             "ask close 1 key d2 → misrouted\n"
             "ask close 1 key p1 → misrouted\n"
             "ask close 1 → invalid_request\n"
             "ask close 0 → succeeded\n"
             "events day.closed\n"
             "at 140400\n"
             "ask close 1 → succeeded\n"
             "ask close 1 → succeeded\n"
             "ask close 2 → invalid_request\n");
}

static void test_control_day_has_no_version(void **state)
{
    struct fc_arena arena;
    struct shop shop;
    struct event event = {.type = EVENT_DAY_CLOSED, .version = 1};

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    shop_init(&shop, &arena, 4);
    EXPECT_ASSERT(control_apply_day(&shop, &event));
    event.version = 0;
    control_apply_day(&shop, &event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_control_policies_are_counted),
        cmocka_unit_test(test_control_policy_is_the_next_version_of_its_document),
        cmocka_unit_test(test_control_day_is_closed_when_it_is_over_in_seoul),
        cmocka_unit_test(test_control_day_has_no_version),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
