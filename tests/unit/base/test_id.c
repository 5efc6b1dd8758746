#include "support/expect.h"

#include "base/id.h"
#include "base/limits.h"

#include <string.h>

static const char sample_text[] = "01234567-89ab-8def-8123-456789abcdef";

static struct fc_uuid uuid_of(const char *text)
{
    struct fc_uuid id;

    assert_true(fc_uuid_parse(fc_str_of(text), &id));
    return id;
}

static struct fc_str uuid_text(const struct fc_uuid *id, char memory[FC_UUID_TEXT_BYTES])
{
    struct fc_buf buf = fc_buf_of(memory, FC_UUID_TEXT_BYTES);

    fc_uuid_put(&buf, id);
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static void test_uuid_text_comes_back(void **state)
{
    char memory[FC_UUID_TEXT_BYTES];
    struct fc_uuid id = uuid_of(sample_text);

    (void)state;
    assert_int_equal(id.bytes[0], 0x01);
    assert_int_equal(id.bytes[15], 0xef);
    assert_str_equal(uuid_text(&id, memory), sample_text);
}

static void test_uuid_upper_case_is_the_same(void **state)
{
    struct fc_uuid lower = uuid_of(sample_text);
    struct fc_uuid upper = uuid_of("01234567-89AB-8DEF-8123-456789ABCDEF");

    (void)state;
    assert_true(fc_uuid_eq(&lower, &upper));
}

static void test_uuid_anything_else_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "01234567-89ab-8def-8123-456789abcde",
        "01234567-89ab-8def-8123-456789abcdef0",
        "0123456789ab8def8123456789abcdef",
        "{1234567-89ab-8def-8123-456789abcde}",
        "01234567089ab-8def-8123-456789abcdef",
        "01234567-89ab-8def-8123_456789abcdef",
        "0123456g-89ab-8def-8123-456789abcdef",
        "01234567-89ab-8def-8123-456789abcde ",
        " 1234567-89ab-8def-8123-456789abcdef",
        "0123456\xc3-89ab-8def-8123-456789abcdef",
        "-1234567-89ab-8def-8123-456789abcdef",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_uuid id = {{7}};

        assert_false(fc_uuid_parse(fc_str_of(rows[i]), &id));
        assert_int_equal(id.bytes[0], 7);
    }
}

static void test_uuid_v8_lays_out_time_count_and_chance(void **state)
{
    char memory[FC_UUID_TEXT_BYTES];
    struct fc_uuid id =
        fc_uuid_v8((struct fc_instant){0x0123456789ABLL * 1000 + 999}, 0xDEF, 0xFFFFFFFFu);

    (void)state;
    assert_str_equal(uuid_text(&id, memory), "01234567-89ab-8def-bfff-ffff00000000");
    id = fc_uuid_v8((struct fc_instant){0}, 0, 0);
    assert_str_equal(uuid_text(&id, memory), "00000000-0000-8000-8000-000000000000");
}

static void test_uuid_v8_out_of_bounds_is_a_mistake(void **state)
{
    (void)state;
    (void)fc_uuid_v8((struct fc_instant){0}, 4095, 0);
    EXPECT_ASSERT((void)fc_uuid_v8((struct fc_instant){0}, 4096, 0));
    EXPECT_ASSERT((void)fc_uuid_v8((struct fc_instant){-1}, 0, 0));
}

static void test_uuid_order_is_that_of_time_then_count(void **state)
{
    struct fc_uuid rows[] = {
        fc_uuid_v8((struct fc_instant){1000}, 4095, 0xFFFFFFFFu),
        fc_uuid_v8((struct fc_instant){2000}, 0, 0xFFFFFFFFu),
        fc_uuid_v8((struct fc_instant){2000}, 1, 5),
        fc_uuid_v8((struct fc_instant){2000}, 255, 4),
        fc_uuid_v8((struct fc_instant){2000}, 256, 3),
        fc_uuid_v8((struct fc_instant){256000}, 0, 2),
        fc_uuid_v8((struct fc_instant){1767225600000000}, 0, 1),
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        assert_int_equal(fc_uuid_cmp(&rows[i], &rows[i]), 0);
        for (size_t j = 0; j < i; j++) {
            assert_true(fc_uuid_cmp(&rows[j], &rows[i]) < 0);
            assert_true(fc_uuid_cmp(&rows[i], &rows[j]) > 0);
        }
    }
}

static void test_uuid_order_takes_bytes_as_unsigned(void **state)
{
    struct fc_uuid low = {{0x7F}};
    struct fc_uuid high = {{0x80}};

    (void)state;
    assert_true(fc_uuid_cmp(&low, &high) < 0);
}

static void test_uuid_zero_is_known(void **state)
{
    struct fc_uuid id = {{0}};

    (void)state;
    assert_true(fc_uuid_is_zero(&id));
    id.bytes[15] = 1;
    assert_false(fc_uuid_is_zero(&id));
}

static void test_uuid_mac_is_the_last_four_bytes(void **state)
{
    struct fc_uuid id = uuid_of(sample_text);
    struct fc_uuid before = id;

    (void)state;
    assert_true(fc_uuid_mac(&id) == 0x89abcdefu);
    fc_uuid_mac_set(&id, 0xF0000001u);
    assert_true(fc_uuid_mac(&id) == 0xF0000001u);
    assert_memory_equal(id.bytes, before.bytes, 12);
}

static void test_uuid_of_an_event_differs_by_index_alone(void **state)
{
    char memory[FC_UUID_TEXT_BYTES];
    struct fc_uuid command = uuid_of(sample_text);
    struct fc_uuid first = fc_uuid_event(&command, 0);
    struct fc_uuid again = fc_uuid_event(&command, 0);
    struct fc_uuid second = fc_uuid_event(&command, 1);

    (void)state;
    assert_true(fc_uuid_eq(&first, &again));
    assert_false(fc_uuid_eq(&first, &second));
    assert_memory_equal(uuid_text(&first, memory).ptr, "01234567-89ab-8", 15);
}

/* A producer may count its ids up in any place: their events never share an id. */
static void test_uuid_of_an_event_differs_for_ids_that_differ_anywhere(void **state)
{
    struct fc_uuid command = uuid_of(sample_text);
    struct fc_uuid plain = fc_uuid_event(&command, 0);

    (void)state;
    for (size_t i = 0; i < sizeof(command.bytes); i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct fc_uuid other = command;
            struct fc_uuid event;

            other.bytes[i] = (uint8_t)(other.bytes[i] ^ 1 << bit);
            event = fc_uuid_event(&other, 0);
            assert_false(fc_uuid_eq(&event, &plain));
        }
    }
}

/* Two makers of the same command give it one id; any difference gives another. */
static void test_uuid_named_is_of_instant_name_and_index_alone(void **state)
{
    char name[] = "day-close";
    struct fc_instant at = {1767225600000001};
    struct fc_uuid ids[] = {
        fc_uuid_named(at, FC_STR("day-close"), 0),
        fc_uuid_named(at, FC_STR("day-close"), 1),
        fc_uuid_named((struct fc_instant){at.us + 1}, FC_STR("day-close"), 0),
        fc_uuid_named((struct fc_instant){at.us + 1}, FC_STR("day-close"), 1),
        fc_uuid_named(at, FC_STR("day-clos"), 0),
        fc_uuid_named(at, FC_STR(""), 0),
        fc_uuid_named(at, FC_STR("order-expiry"), 0),
    };
    struct fc_uuid again = fc_uuid_named(at, fc_str_of(name), 0);

    (void)state;
    assert_true(fc_uuid_eq(&ids[0], &again));
    for (size_t i = 0; i < FC_ARRAY_COUNT(ids); i++)
        for (size_t j = 0; j < i; j++)
            assert_false(fc_uuid_eq(&ids[i], &ids[j]));
}

static void test_uuid_named_begins_with_the_instant_as_every_v8(void **state)
{
    struct fc_instant at = {0x0123456789ABLL * 1000 + 999};
    struct fc_uuid plain = fc_uuid_v8(at, 0, 0);

    (void)state;
    for (uint32_t index = 0; index < 1000; index++) {
        struct fc_uuid id = fc_uuid_named(at, FC_STR("x"), index);

        assert_memory_equal(id.bytes, plain.bytes, 6);
        assert_int_equal(id.bytes[6] >> 4, 8);
        assert_int_equal(id.bytes[8] >> 6, 2);
    }
    EXPECT_ASSERT((void)fc_uuid_named((struct fc_instant){-1}, FC_STR("x"), 0));
}

/* A run's commands are told apart from another's by these ids alone: a repeat that stands in the
 * journal under another id would be decided again. They must never change. */
static void test_uuid_named_stays_what_it_was(void **state)
{
    char memory[FC_UUID_TEXT_BYTES];
    struct fc_uuid id =
        fc_uuid_named((struct fc_instant){1767225600000000}, FC_STR("day-close"), 7);

    (void)state;
    assert_str_equal(uuid_text(&id, memory), "019b76da-a800-8337-ae84-17a320eabd6e");
}

static void test_id_derived_is_positive_exact_and_repeatable(void **state)
{
    (void)state;
    for (uint32_t chance = 0; chance < 1000; chance++) {
        struct fc_uuid command = fc_uuid_v8((struct fc_instant){1000}, chance, chance * 77);
        int64_t a = fc_id_derive(&command, 0);
        int64_t b = fc_id_derive(&command, 1);

        assert_true(a >= 1 && a <= ID_MAX);
        assert_true(b >= 1 && b <= ID_MAX);
        assert_true(a != b);
        assert_true(fc_id_derive(&command, 0) == a);
    }
}

/* Ids that were given out stand in databases: the derivation must never change. */
static void test_id_derived_stays_what_it_was(void **state)
{
    struct fc_uuid command = uuid_of(sample_text);

    (void)state;
    assert_true(fc_id_derive(&command, 0) == 7766760853308157LL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uuid_text_comes_back),
        cmocka_unit_test(test_uuid_upper_case_is_the_same),
        cmocka_unit_test(test_uuid_anything_else_is_refused),
        cmocka_unit_test(test_uuid_v8_lays_out_time_count_and_chance),
        cmocka_unit_test(test_uuid_v8_out_of_bounds_is_a_mistake),
        cmocka_unit_test(test_uuid_order_is_that_of_time_then_count),
        cmocka_unit_test(test_uuid_order_takes_bytes_as_unsigned),
        cmocka_unit_test(test_uuid_zero_is_known),
        cmocka_unit_test(test_uuid_mac_is_the_last_four_bytes),
        cmocka_unit_test(test_uuid_of_an_event_differs_by_index_alone),
        cmocka_unit_test(test_uuid_of_an_event_differs_for_ids_that_differ_anywhere),
        cmocka_unit_test(test_uuid_named_is_of_instant_name_and_index_alone),
        cmocka_unit_test(test_uuid_named_begins_with_the_instant_as_every_v8),
        cmocka_unit_test(test_uuid_named_stays_what_it_was),
        cmocka_unit_test(test_id_derived_is_positive_exact_and_repeatable),
        cmocka_unit_test(test_id_derived_stays_what_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
