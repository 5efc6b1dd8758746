#include "support/expect.h"

#include "base/limits.h"
#include "wire/route.h"

static void test_route_is_the_crc32_of_zlib(void **state)
{
    /* The sums are those of Python's zlib.crc32. */
    static const struct {
        const char *key;
        uint32_t sum;
    } rows[] = {
        {"", 0x00000000},
        {"123456789", 0xCBF43926},
        {"user:1", 0x7BA5C282},
        {"template:7", 0x416B3894},
        {"product:9007199254740991", 0xC4FAC165},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        for (int32_t partitions = 1; partitions <= PARTITIONS_MAX; partitions++)
            assert_int_equal(wire_route_partition(fc_str_of(rows[i].key), partitions),
                             rows[i].sum % (uint32_t)partitions);
    }
}

static void test_route_spreads_over_all_partitions(void **state)
{
    int32_t counts[16] = {0};

    (void)state;
    for (int id = 1; id <= 16000; id++) {
        char text[32];
        struct fc_buf key = fc_buf_of(text, sizeof(text));

        fc_buf_put_fmt(&key, "user:%d", id);
        counts[wire_route_partition(fc_buf_str(&key), 16)]++;
    }
    for (size_t i = 0; i < FC_ARRAY_COUNT(counts); i++)
        assert_in_range(counts[i], 800, 1200);
}

static void test_route_queue_is_family_and_partition(void **state)
{
    char queue[WIRE_QUEUE_TEXT_MAX];

    (void)state;
    wire_route_queue(WIRE_FAMILY_ORDER, 7, queue);
    assert_string_equal(queue, "order.7");
    wire_route_queue(WIRE_FAMILY_COUPON, 0, queue);
    assert_string_equal(queue, "coupon.0");
    wire_route_queue(WIRE_FAMILY_COUPON, PARTITIONS_MAX - 1, queue);
    assert_string_equal(queue, "coupon.255");
}

static void test_route_of_impossible_numbers_is_a_mistake(void **state)
{
    char queue[WIRE_QUEUE_TEXT_MAX];

    (void)state;
    EXPECT_ASSERT((void)wire_route_partition(FC_STR("user:1"), 0));
    EXPECT_ASSERT((void)wire_route_partition(FC_STR("user:1"), PARTITIONS_MAX + 1));
    EXPECT_ASSERT(wire_route_queue(WIRE_FAMILY_ORDER, -1, queue));
    EXPECT_ASSERT(wire_route_queue(WIRE_FAMILY_ORDER, PARTITIONS_MAX, queue));
    EXPECT_ASSERT((void)wire_family_name(WIRE_FAMILY_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_route_is_the_crc32_of_zlib),
        cmocka_unit_test(test_route_spreads_over_all_partitions),
        cmocka_unit_test(test_route_queue_is_family_and_partition),
        cmocka_unit_test(test_route_of_impossible_numbers_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
