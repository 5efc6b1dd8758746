#include "clock/schedule.h"

#include "support/expect.h"

static const struct schedule minute = {"coupon-expiry", SCHEDULE_EVERY, 60};
static const struct schedule seconds = {"order-expiry", SCHEDULE_EVERY, 10};
static const struct schedule midnight = {.name = "day-close", .kind = SCHEDULE_MIDNIGHT};

static struct fc_instant at(const char *text)
{
    struct fc_instant instant;

    if (!fc_instant_parse(fc_str_of(text), &instant))
        fail_msg("no instant: %s", text);
    return instant;
}

static void assert_instant(struct fc_instant actual, const char *expected)
{
    char memory[FC_INSTANT_TEXT_BYTES];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    fc_instant_put(&buf, actual);
    assert_str_equal(fc_buf_str(&buf), expected);
}

struct row {
    const struct schedule *schedule;
    const char *now;
    const char *newest;
    const char *next;
};

static void test_schedule_instants_in_a_row(void **state)
{
    static const struct row rows[] = {
        {&minute, "2026-01-31T10:59:59.999999Z", "2026-01-31T10:59:00.000000Z",
         "2026-01-31T11:00:00.000000Z"},
        {&minute, "2026-01-31T11:00:00Z", "2026-01-31T11:00:00.000000Z",
         "2026-01-31T11:01:00.000000Z"},
        {&seconds, "2026-01-31T11:00:09.999999Z", "2026-01-31T11:00:00.000000Z",
         "2026-01-31T11:00:10.000000Z"},
        {&seconds, "1969-12-31T23:59:55Z", "1969-12-31T23:59:50.000000Z",
         "1970-01-01T00:00:00.000000Z"},
        {&seconds, "1969-12-31T23:59:50Z", "1969-12-31T23:59:50.000000Z",
         "1970-01-01T00:00:00.000000Z"},
        /* Midnight in Seoul is 15:00 in UTC. */
        {&midnight, "2026-01-31T14:59:59.999999Z", "2026-01-30T15:00:00.000000Z",
         "2026-01-31T15:00:00.000000Z"},
        {&midnight, "2026-01-31T15:00:00Z", "2026-01-31T15:00:00.000000Z",
         "2026-02-01T15:00:00.000000Z"},
        {&midnight, "2026-01-31T23:59:59Z", "2026-01-31T15:00:00.000000Z",
         "2026-02-01T15:00:00.000000Z"},
        {&midnight, "2024-02-28T15:00:00.000001Z", "2024-02-28T15:00:00.000000Z",
         "2024-02-29T15:00:00.000000Z"},
        {&midnight, "2026-12-31T14:00:00Z", "2026-12-30T15:00:00.000000Z",
         "2026-12-31T15:00:00.000000Z"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        assert_instant(schedule_newest(rows[i].schedule, at(rows[i].now)), rows[i].newest);
        assert_instant(schedule_after(rows[i].schedule, at(rows[i].now)), rows[i].next);
    }
}

static void test_schedule_first_run_ever_is_the_newest_instant_alone(void **state)
{
    struct fc_instant due;

    (void)state;
    assert_true(schedule_due(&midnight, NULL, at("2026-01-31T14:59:59Z"), &due));
    assert_instant(due, "2026-01-30T15:00:00.000000Z");
    assert_true(schedule_due(&minute, NULL, at("2026-01-31T14:59:59Z"), &due));
    assert_instant(due, "2026-01-31T14:59:00.000000Z");
}

static void test_schedule_an_instant_is_seen_to_once(void **state)
{
    struct fc_instant last = at("2026-01-31T14:59:00Z");
    struct fc_instant due = {7};

    (void)state;
    assert_false(schedule_due(&minute, &last, at("2026-01-31T14:59:59.999999Z"), &due));
    assert_int_equal(due.us, 7);
    assert_true(schedule_due(&minute, &last, at("2026-01-31T15:00:00Z"), &due));
    assert_instant(due, "2026-01-31T15:00:00.000000Z");
}

static void test_schedule_missed_intervals_are_one(void **state)
{
    struct fc_instant last = at("2026-01-31T10:00:00Z");
    struct fc_instant due;

    (void)state;
    assert_true(schedule_due(&seconds, &last, at("2026-01-31T14:59:59Z"), &due));
    assert_instant(due, "2026-01-31T14:59:50.000000Z");
    assert_false(schedule_due(&seconds, &due, at("2026-01-31T14:59:59Z"), &last));
}

static void test_schedule_missed_midnights_are_seen_to_one_by_one(void **state)
{
    static const char *const expected[] = {"2026-02-26T15:00:00.000000Z",
                                           "2026-02-27T15:00:00.000000Z",
                                           "2026-02-28T15:00:00.000000Z"};
    struct fc_instant now = at("2026-03-01T14:59:59Z");
    struct fc_instant last = at("2026-02-25T15:00:00Z");
    struct fc_instant due;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(expected); i++) {
        assert_true(schedule_due(&midnight, &last, now, &due));
        assert_instant(due, expected[i]);
        last = due;
    }
    assert_false(schedule_due(&midnight, &last, now, &due));
}

/* Intervals were set anew: the last run may stand between two instants, or ahead of time. */
static void test_schedule_last_run_of_another_interval(void **state)
{
    struct fc_instant last = at("2026-01-31T10:00:07Z");
    struct fc_instant due;

    (void)state;
    assert_false(schedule_due(&minute, &last, at("2026-01-31T10:00:30Z"), &due));
    assert_true(schedule_due(&minute, &last, at("2026-01-31T10:01:00Z"), &due));
    assert_instant(due, "2026-01-31T10:01:00.000000Z");
    assert_false(schedule_due(&minute, &last, at("2026-01-31T09:00:00Z"), &due));
    last = at("2026-01-31T16:00:00Z");
    assert_false(schedule_due(&midnight, &last, at("2026-02-01T14:59:59Z"), &due));
    assert_true(schedule_due(&midnight, &last, at("2026-02-01T15:00:00Z"), &due));
}

static void test_schedule_without_an_interval_is_a_mistake(void **state)
{
    static const struct schedule none = {.name = "x", .kind = SCHEDULE_EVERY};

    (void)state;
    EXPECT_ASSERT((void)schedule_newest(&none, (struct fc_instant){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schedule_instants_in_a_row),
        cmocka_unit_test(test_schedule_first_run_ever_is_the_newest_instant_alone),
        cmocka_unit_test(test_schedule_an_instant_is_seen_to_once),
        cmocka_unit_test(test_schedule_missed_intervals_are_one),
        cmocka_unit_test(test_schedule_missed_midnights_are_seen_to_one_by_one),
        cmocka_unit_test(test_schedule_last_run_of_another_interval),
        cmocka_unit_test(test_schedule_without_an_interval_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
