#include "support/expect.h"

#include "base/index.h"
#include "producer/decided.h"

#include <stdio.h>
#include <string.h>

static struct decided decided;
static const struct decided_stamp morning = {.generation = 3, .at = {1000000}};

static int setup(void **state)
{
    struct fc_err err;

    (void)state;
    return decided_open(&decided, &err) == FC_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    decided_close(&decided);
    return 0;
}

static struct decided_stamp later(int64_t us)
{
    struct decided_stamp stamp = morning;

    stamp.at.us += us;
    return stamp;
}

static struct fc_uuid numbered(uint32_t number)
{
    struct fc_instant at = {1000LL * 1000000};

    return fc_uuid_v8(at, number & 4095, number >> 12);
}

static void keep(uint32_t number, const char *text, struct decided_stamp now)
{
    struct decided_facts facts = {.command_id = numbered(number), .actor_id = 7, .user_id = 8};

    decided_keep(&decided, &facts, fc_str_of(text), now);
}

static bool holds(uint32_t number, const char *text, struct decided_stamp now)
{
    struct fc_uuid id = numbered(number);
    const struct decided_entry *entry = decided_find(&decided, &id, now);

    return entry != NULL && fc_uuid_eq(&entry->facts.command_id, &id) &&
           fc_str_eq((struct fc_str){entry->text, entry->len}, fc_str_of(text));
}

static bool lacks(uint32_t number, struct decided_stamp now)
{
    struct fc_uuid id = numbered(number);

    return decided_find(&decided, &id, now) == NULL;
}

static void test_decided_is_found_as_it_was_kept(void **state)
{
    struct decided_facts facts = {
        .command_id = numbered(2), .actor_id = 5, .user_id = 6, .is_replay = true};

    (void)state;
    assert_true(lacks(1, morning));
    keep(1, "{\"one\":1}", morning);
    decided_keep(&decided, &facts, FC_STR("two"), morning);
    assert_true(holds(1, "{\"one\":1}", morning));
    assert_true(holds(2, "two", morning));
    assert_true(lacks(3, morning));
    const struct decided_entry *entry = decided_find(&decided, &facts.command_id, morning);

    assert_int_equal(entry->facts.actor_id, 5);
    assert_int_equal(entry->facts.user_id, 6);
    assert_true(entry->facts.is_replay);
    keep(2, "two, read again", morning);
    assert_true(holds(2, "two, read again", morning));
}

static void test_decided_is_for_sender_subject_and_administrators(void **state)
{
    const struct decided_facts both = {.actor_id = 7, .user_id = 8};
    const struct decided_facts nobodys = {.actor_id = 0, .user_id = 0};

    (void)state;
    assert_true(decided_may_see(&both, false, 7));
    assert_true(decided_may_see(&both, false, 8));
    assert_false(decided_may_see(&both, false, 9));
    assert_true(decided_may_see(&both, true, 9));
    assert_false(decided_may_see(&nobodys, false, 7));
    assert_false(decided_may_see(&nobodys, false, 0));
    assert_true(decided_may_see(&nobodys, true, 7));
}

static void test_decided_counts_on_its_own_connection_only(void **state)
{
    struct decided_stamp next = morning;

    (void)state;
    keep(1, "one", morning);
    next.generation++;
    assert_true(lacks(1, next));
    keep(1, "one of the next", next);
    assert_true(holds(1, "one of the next", next));
    assert_true(lacks(1, morning));
}

static void test_decided_ends_by_time(void **state)
{
    int64_t end_us = DECIDED_S_MAX * FC_US_PER_S;

    (void)state;
    keep(1, "one", morning);
    assert_true(holds(1, "one", later(end_us - 1)));
    assert_true(lacks(1, later(end_us)));
    /* Read again it counts from then on. */
    keep(1, "one", later(end_us));
    assert_true(holds(1, "one", later(2 * end_us - 1)));
}

static void test_decided_too_long_a_document_is_not_kept(void **state)
{
    static char text[DECIDED_TEXT_BYTES_MAX + 2];

    (void)state;
    memset(text, 'x', DECIDED_TEXT_BYTES_MAX);
    keep(1, text, morning);
    assert_true(holds(1, text, morning));
    text[DECIDED_TEXT_BYTES_MAX] = 'y';
    keep(2, text, morning);
    assert_true(lacks(2, morning));
}

/* `count` numbers whose commands share a set. */
static void numbers_of_a_set(uint32_t ret_numbers[], int32_t count)
{
    struct fc_uuid first = numbered(0);
    uint64_t set = fc_hash_uuid(&first) & (DECIDED_SETS - 1);

    for (uint32_t number = 0; count > 0; number++) {
        struct fc_uuid id = numbered(number);

        if ((fc_hash_uuid(&id) & (DECIDED_SETS - 1)) == set) {
            *ret_numbers++ = number;
            count--;
        }
    }
}

static void test_decided_full_set_loses_what_was_read_longest_ago(void **state)
{
    uint32_t numbers[DECIDED_WAYS + 2];

    (void)state;
    numbers_of_a_set(numbers, DECIDED_WAYS + 2);
    for (int32_t i = 0; i < DECIDED_WAYS; i++)
        keep(numbers[i], "first", later(i));
    for (int32_t i = 0; i < DECIDED_WAYS; i++)
        assert_true(holds(numbers[i], "first", morning));
    /* The oldest is read again, so that the second is the oldest now. */
    keep(numbers[0], "again", later(10));
    keep(numbers[DECIDED_WAYS], "new", later(11));
    assert_true(holds(numbers[0], "again", later(11)));
    assert_true(lacks(numbers[1], later(11)));
    assert_true(holds(numbers[2], "first", later(11)));
    assert_true(holds(numbers[DECIDED_WAYS], "new", later(11)));
    keep(numbers[DECIDED_WAYS + 1], "newer", later(12));
    assert_true(lacks(numbers[2], later(12)));
}

static void test_decided_many_more_than_fit_are_never_mixed_up(void **state)
{
    const uint32_t count = 5 * DECIDED_SETS * DECIDED_WAYS;
    uint32_t found = 0;

    (void)state;
    for (uint32_t number = 0; number < count; number++) {
        char text[16];

        (void)snprintf(text, sizeof(text), "%u", number);
        keep(number, text, later(number));
    }
    for (uint32_t number = 0; number < count; number++) {
        char text[16];

        (void)snprintf(text, sizeof(text), "%u", number);
        if (lacks(number, later(count)))
            continue;
        assert_true(holds(number, text, later(count)));
        found++;
    }
    assert_in_range(found, DECIDED_SETS * DECIDED_WAYS * 9 / 10, DECIDED_SETS * DECIDED_WAYS);
    assert_true(holds(count - 1, "20479", later(count)));
}

static void test_decided_nothing_is_no_document(void **state)
{
    (void)state;
    EXPECT_ASSERT(keep(1, "", morning));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_decided_is_found_as_it_was_kept, setup, teardown),
        cmocka_unit_test(test_decided_is_for_sender_subject_and_administrators),
        cmocka_unit_test_setup_teardown(test_decided_counts_on_its_own_connection_only, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_decided_ends_by_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_decided_too_long_a_document_is_not_kept, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_decided_full_set_loses_what_was_read_longest_ago,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_decided_many_more_than_fit_are_never_mixed_up, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_decided_nothing_is_no_document, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
