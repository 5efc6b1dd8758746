#include "support/expect.h"

#include "base/index.h"
#include "producer/cli/cli.h"
#include "producer/cli/generate.h"

#include <string.h>

static const struct sample_settings settings = {
    .seed = 1, .product_count = 120, .order_count = 600, .day_count = 9};

static struct sample make(const struct sample_settings *with)
{
    size_t bytes = sample_bytes(with);
    void *memory = cli_memory(bytes);
    struct fc_arena arena;
    struct sample sample;

    assert_non_null(memory);
    fc_arena_init(&arena, memory, bytes);
    assert_true(sample_make(with, &arena, &sample));
    return sample;
}

static uint64_t fold(uint64_t hash, int64_t value)
{
    return fc_hash_pair((int64_t)hash, value);
}

static uint64_t digest(const struct sample *sample)
{
    uint64_t hash = 0;

    for (int32_t i = 0; i < sample->product_count; i++) {
        hash = fold(hash, (int64_t)fc_hash_str(sample->products[i].name));
        hash = fold(hash, sample->products[i].price.won);
        hash = fold(hash, sample->products[i].stock);
    }
    for (int32_t i = 0; i < sample->order_count; i++) {
        hash = fold(hash, sample->orders[i].user_id);
        hash = fold(hash, sample->orders[i].at.us);
        for (int32_t k = 0; k < sample->orders[i].line_count; k++)
            hash = fold(fold(hash, sample->orders[i].lines[k].product_id),
                        sample->orders[i].lines[k].quantity);
    }
    return hash;
}

static void test_generate_chance_is_the_same_on_every_machine(void **state)
{
    struct generate_chance chance = {1};

    (void)state;
    /* Published first outputs of SplitMix64 for the seed 1. */
    assert_int_equal(generate_next(&chance), 0x910A2DEC89025CC1u);
    assert_int_equal(generate_next(&chance), 0xBEEB8DA1658EEC67u);
}

static void test_generate_between_reaches_both_ends_and_nothing_else(void **state)
{
    struct generate_chance chance = {7};
    bool seen[3] = {false, false, false};

    (void)state;
    for (int32_t i = 0; i < 200; i++) {
        int64_t value = generate_between(&chance, -1, 1);

        assert_in_range(value + 1, 0, 2);
        seen[value + 1] = true;
    }
    assert_true(seen[0] && seen[1] && seen[2]);
    assert_int_equal(generate_between(&chance, 5, 5), 5);
}

static void test_generate_names_are_all_different(void **state)
{
    static char names[GENERATE_PRODUCTS_MAX][64];

    (void)state;
    for (int32_t i = 0; i < GENERATE_PRODUCTS_MAX; i++) {
        struct fc_buf buf = fc_buf_of(names[i], sizeof(names[i]) - 1);

        generate_name(&buf, "Namu", i);
        assert_false(buf.overflow);
        for (int32_t k = 0; k < i; k++)
            assert_string_not_equal(names[i], names[k]);
    }
}

static void test_sample_repeats_itself_for_one_seed_only(void **state)
{
    struct sample one = make(&settings);
    struct sample again = make(&settings);
    struct sample_settings others = settings;

    (void)state;
    others.seed = 2;
    struct sample other = make(&others);

    assert_int_equal(digest(&one), digest(&again));
    assert_int_not_equal(digest(&one), digest(&other));
}

static void test_sample_stock_is_exactly_what_is_sold(void **state)
{
    struct sample sample = make(&settings);
    static int64_t sold[200];

    (void)state;
    memset(sold, 0, sizeof(sold));
    for (int32_t i = 0; i < sample.order_count; i++)
        for (int32_t k = 0; k < sample.orders[i].line_count; k++)
            sold[sample.orders[i].lines[k].product_id] += sample.orders[i].lines[k].quantity;
    for (int32_t i = 0; i < sample.product_count; i++)
        assert_int_equal(sample.products[i].stock, sold[i + 1]);
}

static void test_sample_has_what_makes_real_orders_hard(void **state)
{
    struct sample sample = make(&settings);
    int32_t twice = 0;
    int32_t long_orders = 0;
    int32_t evenings = 0;

    (void)state;
    for (int32_t i = 0; i < sample.order_count; i++) {
        const struct data_order *order = &sample.orders[i];

        if (i > 0)
            assert_true(order->at.us >= order[-1].at.us);
        long_orders += order->line_count >= 20;
        /* Already the next day in Seoul. */
        evenings += order->at.us / (3600 * FC_US_PER_S) % 24 >= 15;
        for (int32_t k = 1; k < order->line_count; k++)
            twice += order->lines[k].product_id == order->lines[k - 1].product_id;
    }
    assert_true(twice > 0);
    assert_true(long_orders > 0);
    assert_true(evenings > 0);
    /* A closed day in between: three days are not always three selling days. */
    assert_int_equal(sample.top_count, 8);
}

/* Counts a product's pieces over the day and the two before. */
static int64_t pieces(const struct sample *sample, struct fc_day day, int64_t product_id)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < sample->order_count; i++) {
        int64_t ago = day.days - sample->orders[i].at.us / FC_US_PER_DAY;

        if (ago < 0 || ago > 2)
            continue;
        for (int32_t k = 0; k < sample->orders[i].line_count; k++)
            if (sample->orders[i].lines[k].product_id == product_id)
                sum += sample->orders[i].lines[k].quantity;
    }
    return sum;
}

static void test_sample_top_is_the_top(void **state)
{
    struct sample sample = make(&settings);

    (void)state;
    for (int32_t i = 0; i < sample.top_count; i++) {
        const struct data_top *top = &sample.tops[i];
        const struct data_rank *last = &top->by_quantity[DATA_TOP - 1];

        assert_int_equal(top->by_quantity_count, DATA_TOP);
        for (int32_t k = 0; k < DATA_TOP; k++)
            assert_int_equal(top->by_quantity[k].count,
                             pieces(&sample, top->day, top->by_quantity[k].product_id));
        for (int32_t id = 1; id <= sample.product_count; id++) {
            int64_t count = pieces(&sample, top->day, id);
            bool listed = false;

            for (int32_t k = 0; k < DATA_TOP; k++)
                listed = listed || top->by_quantity[k].product_id == id;
            if (!listed)
                assert_true(count < last->count || (count == last->count && id > last->product_id));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generate_chance_is_the_same_on_every_machine),
        cmocka_unit_test(test_generate_between_reaches_both_ends_and_nothing_else),
        cmocka_unit_test(test_generate_names_are_all_different),
        cmocka_unit_test(test_sample_repeats_itself_for_one_seed_only),
        cmocka_unit_test(test_sample_stock_is_exactly_what_is_sold),
        cmocka_unit_test(test_sample_has_what_makes_real_orders_hard),
        cmocka_unit_test(test_sample_top_is_the_top),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
