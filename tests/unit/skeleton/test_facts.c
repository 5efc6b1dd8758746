#include "skeleton/facts.h"

#include "host/log.h"
#include "support/capture.h"
#include "support/expect.h"

#include <unistd.h>

static struct capture capture;
static struct wire_command asked;
static struct command_slot slot;
static struct command_range range = {.slots = &slot, .slot_count = 1};

static int setup(void **state)
{
    (void)state;
    asked = (struct wire_command){.command = {.type = COMMAND_COUPON_ISSUE},
                                  .key = FC_STR("template:5")};
    asked.command.id.bytes[15] = 7;
    slot = (struct command_slot){.asked = &asked, .state = SLOT_DECIDED};
    return 0;
}

static struct fc_str logged(enum fc_log_level level)
{
    const struct fc_log_settings settings = {level, false, "coupon-1"};

    fc_log_init(&settings);
    capture_begin(&capture, STDERR_FILENO);
    facts_log_slots(&range);
    return capture_end(&capture);
}

static void test_a_decision_is_told_with_its_command_and_verdict(void **state)
{
    (void)state;
    slot.verdict = FC_STR("coupon_sold_out");
    struct fc_str text = logged(FC_LOG_DEBUG);

    assert_str_contains(text, "text=decided");
    assert_str_contains(text, "command_id=00000000-0000-0000-0000-000000000007");
    assert_str_contains(text, "key=template:5");
    assert_str_contains(text, "verdict=coupon_sold_out");
}

static void test_a_recall_is_told_as_such(void **state)
{
    (void)state;
    slot.state = SLOT_RECALLED;
    struct fc_str text = logged(FC_LOG_DEBUG);

    assert_str_contains(text, "text=recalled");
    assert_str_contains(text, "verdict=succeeded");
}

static void test_ordinary_facts_are_silent_at_info(void **state)
{
    (void)state;
    assert_int_equal(logged(FC_LOG_INFO).len, 0);
}

static void test_what_is_parked_is_a_warning_with_its_reason(void **state)
{
    const struct fc_log_settings settings = {FC_LOG_INFO, false, "coupon-1"};
    const struct parked_row row = {.queue = FC_STR("coupon.3"),
                                   .id = &asked.command.id,
                                   .reason = FC_STR("/key is required"),
                                   .bytes = FC_STR("{}"),
                                   .delivery_count = 2};

    (void)state;
    fc_log_init(&settings);
    capture_begin(&capture, STDERR_FILENO);
    facts_log_parked(&row, 1);
    struct fc_str text = capture_end(&capture);

    assert_str_contains(text, "level=warn");
    assert_str_contains(text, "queue=coupon.3");
    assert_str_contains(text, "command_id=00000000-0000-0000-0000-000000000007");
    assert_str_contains(text, "reason=\"/key is required\"");
    assert_str_contains(text, "byte_count=2");
    assert_str_contains(text, "delivery_count=2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_decision_is_told_with_its_command_and_verdict, setup),
        cmocka_unit_test_setup(test_a_recall_is_told_as_such, setup),
        cmocka_unit_test_setup(test_ordinary_facts_are_silent_at_info, setup),
        cmocka_unit_test_setup(test_what_is_parked_is_a_warning_with_its_reason, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
