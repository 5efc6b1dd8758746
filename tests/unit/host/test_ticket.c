#include "support/expect.h"

#include "host/ticket.h"

#include <string.h>

#define KEY_HEX "000102030405060708090a0b0c0d0e0f"

static struct fc_ticket ticket_of(const char *key_hex)
{
    struct fc_ticket ticket;
    struct fc_err err;

    assert_int_equal(fc_ticket_init(&ticket, key_hex, &err), FC_OK);
    return ticket;
}

static int64_t id_ms(const struct fc_uuid *id)
{
    int64_t ms = 0;

    for (size_t i = 0; i < 6; i++)
        ms = ms << 8 | id->bytes[i];
    return ms;
}

static void test_ticket_knows_its_own_ids(void **state)
{
    struct fc_ticket ticket = ticket_of(KEY_HEX);
    struct fc_ticket other_ingress = ticket_of("000102030405060708090A0B0C0D0E0F");
    struct fc_uuid id = fc_ticket_next(&ticket, (struct fc_instant){1767225600123456});

    (void)state;
    assert_int_equal(id_ms(&id), 1767225600123);
    assert_int_equal(id.bytes[6] >> 4, 8);
    assert_int_equal(id.bytes[8] >> 6, 2);
    assert_true(fc_ticket_is_ours(&ticket, &id));
    assert_true(fc_ticket_is_ours(&other_ingress, &id));
}

static void test_ticket_any_bit_changed_makes_it_a_stranger(void **state)
{
    struct fc_ticket ticket = ticket_of(KEY_HEX);
    struct fc_uuid id = fc_ticket_next(&ticket, (struct fc_instant){1767225600123456});

    (void)state;
    for (int bit = 0; bit < 128; bit++) {
        struct fc_uuid changed = id;

        changed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(fc_ticket_is_ours(&ticket, &changed));
    }
}

static void test_ticket_other_key_other_ids(void **state)
{
    struct fc_ticket ticket = ticket_of(KEY_HEX);
    struct fc_ticket stranger = ticket_of("100102030405060708090a0b0c0d0e0f");
    struct fc_uuid id = fc_ticket_next(&ticket, (struct fc_instant){1000});

    (void)state;
    assert_false(fc_ticket_is_ours(&stranger, &id));
}

/* The twelfth vector of the reference implementation of SipHash-2-4: bytes 0 to 11. */
static void test_ticket_mac_is_siphash(void **state)
{
    struct fc_ticket ticket = ticket_of(KEY_HEX);
    struct fc_uuid id = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0xfb, 0xe5, 0x0e, 0x86}};

    (void)state;
    assert_true(fc_ticket_is_ours(&ticket, &id));
}

static void test_ticket_event_ids_are_no_command_ids(void **state)
{
    struct fc_ticket ticket = ticket_of(KEY_HEX);
    struct fc_uuid id = fc_ticket_next(&ticket, (struct fc_instant){1000});
    struct fc_uuid event = fc_uuid_event(&id, 0);

    (void)state;
    assert_false(fc_ticket_is_ours(&ticket, &event));
}

static void test_ticket_4096_ids_in_a_millisecond_then_the_next(void **state)
{
    struct fc_ticket ticket = ticket_of(KEY_HEX);
    struct fc_instant now = {5000999};
    struct fc_uuid last = {{0}};

    (void)state;
    for (int i = 0; i < 3 * 4096; i++) {
        struct fc_uuid id = fc_ticket_next(&ticket, now);

        assert_int_equal(id_ms(&id), 5000 + i / 4096);
        assert_true(fc_uuid_cmp(&last, &id) < 0);
        assert_true(fc_ticket_is_ours(&ticket, &id));
        last = id;
    }
}

static void test_ticket_never_goes_back_with_the_clock(void **state)
{
    static const int64_t clock_us[] = {9000000, 9000001, 8000000, 0, 9000000, 9001000, 9000999};
    struct fc_ticket ticket = ticket_of(KEY_HEX);
    struct fc_uuid last = {{0}};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(clock_us); i++) {
        struct fc_uuid id = fc_ticket_next(&ticket, (struct fc_instant){clock_us[i]});

        assert_true(fc_uuid_cmp(&last, &id) < 0);
        last = id;
    }
    assert_int_equal(id_ms(&last), 9001);
}

static void test_ticket_two_processes_differ_in_the_same_millisecond(void **state)
{
    struct fc_ticket a = ticket_of(KEY_HEX);
    struct fc_ticket b = ticket_of(KEY_HEX);

    (void)state;
    /* Their chance is drawn; of a thousand million only one number is taken. */
    for (int i = 0; i < 100; i++) {
        struct fc_uuid from_a = fc_ticket_next(&a, (struct fc_instant){1000});
        struct fc_uuid from_b = fc_ticket_next(&b, (struct fc_instant){1000});

        assert_false(fc_uuid_eq(&from_a, &from_b));
    }
}

static void test_ticket_wrong_key_is_trouble_that_does_not_tell_it(void **state)
{
    static const char *const keys[] = {
        "",
        "0001",
        "000102030405060708090a0b0c0d0e0",
        "000102030405060708090a0b0c0d0e0f0",
        "000102030405060708090a0b0c0d0e0f10",
        "000102030405060708090a0b0c0d0e0g",
        "00 102030405060708090a0b0c0d0e0f",
        "0x0102030405060708090a0b0c0d0e0f",
    };
    struct fc_ticket ticket = {.count = 42};
    struct fc_err err;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(keys); i++) {
        assert_int_equal(fc_ticket_init(&ticket, keys[i], &err), FC_FAIL);
        assert_int_equal(err.cure, FC_CURE_EXIT);
        assert_string_equal(err.text, "the ticket key must be 32 hexadecimal digits");
        assert_int_equal(ticket.count, 42);
    }
}

static void test_secret_eq_compares_bytes_and_length(void **state)
{
    (void)state;
    assert_true(fc_secret_eq(FC_STR("s3cret"), FC_STR("s3cret")));
    assert_true(fc_secret_eq(FC_STR_NONE, FC_STR("")));
    assert_false(fc_secret_eq(FC_STR("s3cret"), FC_STR("s3creT")));
    assert_false(fc_secret_eq(FC_STR("s3cret"), FC_STR("s3cre")));
    assert_false(fc_secret_eq(FC_STR("s3cre"), FC_STR("s3cret")));
    assert_false(fc_secret_eq(FC_STR(""), FC_STR("s")));
    assert_false(fc_secret_eq(FC_STR("s"), FC_STR_NONE));
    assert_false(fc_secret_eq(FC_STR("a\0b"), FC_STR("a\0c")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ticket_knows_its_own_ids),
        cmocka_unit_test(test_ticket_any_bit_changed_makes_it_a_stranger),
        cmocka_unit_test(test_ticket_other_key_other_ids),
        cmocka_unit_test(test_ticket_mac_is_siphash),
        cmocka_unit_test(test_ticket_event_ids_are_no_command_ids),
        cmocka_unit_test(test_ticket_4096_ids_in_a_millisecond_then_the_next),
        cmocka_unit_test(test_ticket_never_goes_back_with_the_clock),
        cmocka_unit_test(test_ticket_two_processes_differ_in_the_same_millisecond),
        cmocka_unit_test(test_ticket_wrong_key_is_trouble_that_does_not_tell_it),
        cmocka_unit_test(test_secret_eq_compares_bytes_and_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
