#include "support/expect.h"

#include "base/index.h"

#include <stdalign.h>
#include <string.h>

static alignas(16) char block[64 * 1024];

static struct fc_arena arena_of_block(void)
{
    struct fc_arena arena;

    fc_arena_init(&arena, block, sizeof(block));
    return arena;
}

static struct fc_index index_for(struct fc_arena *arena, int32_t count_max)
{
    struct fc_index index;

    assert_true(fc_index_init(&index, arena, count_max));
    return index;
}

static void test_index_finds_what_was_put_and_nothing_else(void **state)
{
    struct fc_arena arena = arena_of_block();
    struct fc_index index = index_for(&arena, 3);

    (void)state;
    assert_int_equal(fc_index_find(&index, 7), FC_INDEX_NONE);
    fc_index_put(&index, 7, 0);
    fc_index_put(&index, 0, 1);
    fc_index_put(&index, UINT64_MAX, 2);
    assert_int_equal(fc_index_find(&index, 7), 0);
    assert_int_equal(fc_index_find(&index, 0), 1);
    assert_int_equal(fc_index_find(&index, UINT64_MAX), 2);
    assert_int_equal(fc_index_find(&index, 8), FC_INDEX_NONE);
}

static void test_index_holds_as_many_as_it_was_made_for(void **state)
{
    static const int32_t sizes[] = {1, 4, 5, 8, 255, 256, 1000};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(sizes); i++) {
        struct fc_arena arena = arena_of_block();
        struct fc_index index = index_for(&arena, sizes[i]);

        for (int32_t at = 0; at < sizes[i]; at++)
            fc_index_put(&index, (uint64_t)at << 40, at);
        for (int32_t at = 0; at < sizes[i]; at++)
            assert_int_equal(fc_index_find(&index, (uint64_t)at << 40), at);
        assert_int_equal(fc_index_find(&index, (uint64_t)sizes[i] << 40), FC_INDEX_NONE);
        EXPECT_ASSERT(fc_index_put(&index, (uint64_t)sizes[i] << 40, sizes[i]));
    }
}

static void test_index_of_none_is_empty_and_takes_none(void **state)
{
    struct fc_arena arena = arena_of_block();
    struct fc_index index = index_for(&arena, 0);

    (void)state;
    assert_int_equal(fc_index_find(&index, 1), FC_INDEX_NONE);
    EXPECT_ASSERT(fc_index_put(&index, 1, 0));
}

static void test_index_walks_all_positions_of_equal_keys(void **state)
{
    struct fc_arena arena = arena_of_block();
    struct fc_index index = index_for(&arena, 12);
    bool seen[8] = {false};
    uint32_t cursor = 0;
    int count = 0;

    (void)state;
    for (int32_t at = 0; at < 8; at++)
        fc_index_add(&index, 99, at);
    for (int32_t at = 8; at < 12; at++)
        fc_index_add(&index, (uint64_t)at, at);
    for (int32_t at = fc_index_next(&index, 99, &cursor); at != FC_INDEX_NONE;
         at = fc_index_next(&index, 99, &cursor)) {
        assert_in_range(at, 0, 7);
        assert_false(seen[at]);
        seen[at] = true;
        count++;
    }
    assert_int_equal(count, 8);
    assert_int_equal(fc_index_next(&index, 99, &cursor), FC_INDEX_NONE);
}

static void test_index_without_memory_is_refused(void **state)
{
    struct fc_arena arena;
    struct fc_index index = {.count_max = 42};

    (void)state;
    fc_arena_init(&arena, block, 64);
    assert_false(fc_index_init(&index, &arena, 100));
    assert_int_equal(index.count_max, 42);
    assert_int_equal(arena.used, 0);
}

static void test_index_misuse_is_a_mistake(void **state)
{
    struct fc_arena arena = arena_of_block();
    struct fc_index index = index_for(&arena, 4);

    (void)state;
    fc_index_put(&index, 1, 0);
    EXPECT_ASSERT(fc_index_put(&index, 1, 1));
    EXPECT_ASSERT(fc_index_add(&index, 2, -1));
    EXPECT_ASSERT(assert_true(fc_index_init(&index, &arena, -1)));
}

/* Test vectors of FNV-1a (Fowler, Noll and Vo; draft-eastlake-fnv). */
static void test_hash_of_text_is_fnv_1a(void **state)
{
    (void)state;
    assert_true(fc_hash_str(FC_STR_NONE) == 0xcbf29ce484222325u);
    assert_true(fc_hash_str(FC_STR("a")) == 0xaf63dc4c8601ec8cu);
    assert_true(fc_hash_str(FC_STR("foobar")) == 0x85944171f73967e8u);
}

static void test_hash_tells_pairs_and_ids_apart(void **state)
{
    struct fc_uuid a = {{1}};
    struct fc_uuid b = {{2}};

    (void)state;
    assert_true(fc_hash_pair(1, 2) == fc_hash_pair(1, 2));
    assert_true(fc_hash_pair(1, 2) != fc_hash_pair(2, 1));
    assert_true(fc_hash_uuid(&a) != fc_hash_uuid(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_index_finds_what_was_put_and_nothing_else),
        cmocka_unit_test(test_index_holds_as_many_as_it_was_made_for),
        cmocka_unit_test(test_index_of_none_is_empty_and_takes_none),
        cmocka_unit_test(test_index_walks_all_positions_of_equal_keys),
        cmocka_unit_test(test_index_without_memory_is_refused),
        cmocka_unit_test(test_index_misuse_is_a_mistake),
        cmocka_unit_test(test_hash_of_text_is_fnv_1a),
        cmocka_unit_test(test_hash_tells_pairs_and_ids_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
