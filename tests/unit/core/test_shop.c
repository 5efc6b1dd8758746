#include "support/expect.h"

#include "core/shop.h"

#include <stdalign.h>

#define MANY 500

static const struct fc_str cup = {"cup", 3};

static alignas(16) char memory[1024 * 1024];

static struct shop shop_of(struct fc_arena *arena, int32_t rows_max)
{
    struct shop shop;

    fc_arena_init(arena, memory, sizeof(memory));
    shop_init(&shop, arena, rows_max);
    return shop;
}

static struct fc_uuid uuid_of(int32_t number)
{
    struct fc_uuid id = {{0xC0, (uint8_t)(number >> 8), (uint8_t)number}};

    return id;
}

static void test_shop_rows_are_found_by_what_they_were_put_under(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 4);
    struct fc_uuid id = uuid_of(1);
    struct wallet *wallet = shop_put_wallet(&shop, 1);
    struct product *product = shop_put_product(&shop, 2, FC_STR("cup"));
    struct option *option = shop_put_option(&shop, 3, 2);
    struct coupon_template *template = shop_put_template(&shop, 4);
    struct coupon *coupon = shop_put_coupon(&shop, &id, 4, 1);
    struct order *order = shop_put_order(&shop, &id);

    (void)state;
    assert_ptr_equal(shop_find_order(&shop, &id), order);
    assert_true(fc_uuid_eq(&order->terms.order_id, &id));
    assert_ptr_equal(shop_find_wallet(&shop, 1), wallet);
    assert_ptr_equal(shop_find_product(&shop, 2), product);
    assert_ptr_equal(shop_find_option(&shop, 3), option);
    assert_ptr_equal(shop_find_template(&shop, 4), template);
    assert_ptr_equal(shop_find_coupon(&shop, &id), coupon);
    assert_int_equal(wallet->user_id, 1);
    assert_int_equal(product->product_id, 2);
    assert_str_equal(product->name, "cup");
    assert_int_equal(option->product_id, 2);
    assert_int_equal(coupon->template_id, 4);
    assert_int_equal(coupon->user_id, 1);
    assert_false(wallet->row.exists || wallet->row.loaded || wallet->row.changed);
}

static void test_shop_has_no_row_that_was_not_put(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 4);
    struct fc_uuid id = uuid_of(1);
    uint32_t cursor = 0;

    (void)state;
    assert_null(shop_find_wallet(&shop, 1));
    assert_null(shop_find_product(&shop, 1));
    assert_null(shop_find_option(&shop, 1));
    assert_null(shop_find_template(&shop, 1));
    assert_null(shop_find_coupon(&shop, &id));
    assert_null(shop_find_order(&shop, &id));
    assert_null(shop_find_product_named(&shop, FC_STR("cup")));
    assert_null(shop_find_holding(&shop, 1, 1));
    assert_null(shop_next_option(&shop, 1, &cursor));
}

static void test_shop_grows_and_its_rows_do_not_move(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 1);
    struct wallet *first = shop_put_wallet(&shop, 1);

    (void)state;
    for (int32_t i = 2; i <= MANY; i++)
        shop_put_wallet(&shop, i);
    for (int32_t i = 1; i <= MANY; i++) {
        struct fc_uuid id = uuid_of(i);

        shop_put_coupon(&shop, &id, i % 7 + 1, i)->row.exists = true;
        shop_put_order(&shop, &id)->item_count = i;
    }
    assert_ptr_equal(shop_find_wallet(&shop, 1), first);
    assert_int_equal(shop.wallets.count, MANY);
    for (int32_t i = 1; i <= MANY; i++) {
        struct fc_uuid id = uuid_of(i);

        assert_int_equal(shop_find_wallet(&shop, i)->user_id, i);
        assert_int_equal(shop_find_coupon(&shop, &id)->user_id, i);
        assert_int_equal(shop_find_order(&shop, &id)->item_count, i);
        assert_ptr_equal(shop_find_holding(&shop, i % 7 + 1, i), shop_find_coupon(&shop, &id));
        assert_null(shop_find_holding(&shop, i % 7 + 2, i));
    }
}

static void test_shop_walks_options_in_the_order_of_putting_while_it_grows(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 1);

    (void)state;
    for (int32_t i = 1; i <= MANY; i++)
        shop_put_option(&shop, i, i % 3 + 1)->row.exists = true;
    for (int32_t product_id = 1; product_id <= 3; product_id++) {
        uint32_t cursor = 0;
        int64_t last = 0;
        int32_t count = 0;
        const struct option *option;

        while ((option = shop_next_option(&shop, product_id, &cursor)) != NULL) {
            assert_int_equal(option->product_id, product_id);
            assert_true(option->option_id > last);
            last = option->option_id;
            count++;
        }
        assert_int_equal(count, MANY / 3 + (product_id == 1 ? 0 : 1));
    }
}

static void test_shop_walk_passes_over_options_that_do_not_exist(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 4);
    uint32_t cursor = 0;

    (void)state;
    shop_put_option(&shop, 1, 7);
    struct option *second = shop_put_option(&shop, 2, 7);

    second->row.exists = true;
    assert_ptr_equal(shop_next_option(&shop, 7, &cursor), second);
    assert_null(shop_next_option(&shop, 7, &cursor));
    assert_null(shop_next_option(&shop, 7, &cursor));
}

static void test_shop_moved_option_is_walked_once_under_its_product(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 1);
    struct option *option = shop_put_option(&shop, 1, 7);

    (void)state;
    option->row.exists = true;
    for (int32_t i = 0; i < 10; i++) {
        uint32_t seven = 0;
        uint32_t eight = 0;

        shop_move_option(&shop, option, 8);
        assert_null(shop_next_option(&shop, 7, &seven));
        assert_ptr_equal(shop_next_option(&shop, 8, &eight), option);
        assert_null(shop_next_option(&shop, 8, &eight));
        shop_move_option(&shop, option, 7);
    }
    assert_int_equal(shop.by_option_product.count, 2);
}

static void test_shop_product_is_found_by_its_name_of_now(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 1);
    struct product *mug = shop_put_product(&shop, 1, cup);
    struct product *can = shop_put_product(&shop, 2, FC_STR("can"));

    (void)state;
    assert_null(shop_find_product_named(&shop, FC_STR("cup")));
    mug->row.exists = can->row.exists = true;
    assert_ptr_equal(shop_find_product_named(&shop, FC_STR("cup")), mug);
    shop_rename_product(&shop, mug, FC_STR("mug"));
    assert_null(shop_find_product_named(&shop, FC_STR("cup")));
    assert_ptr_equal(shop_find_product_named(&shop, FC_STR("mug")), mug);
    shop_rename_product(&shop, can, FC_STR("cup"));
    assert_ptr_equal(shop_find_product_named(&shop, FC_STR("cup")), can);
    can->row.exists = false;
    shop_rename_product(&shop, mug, FC_STR("cup"));
    assert_ptr_equal(shop_find_product_named(&shop, FC_STR("cup")), mug);
    assert_int_equal(shop.by_product_name.count, 4);
}

static void test_shop_holding_is_one_that_exists(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 4);
    struct fc_uuid id = uuid_of(1);
    struct coupon *coupon = shop_put_coupon(&shop, &id, 9, 1);

    (void)state;
    assert_null(shop_find_holding(&shop, 9, 1));
    coupon->row.exists = true;
    assert_ptr_equal(shop_find_holding(&shop, 9, 1), coupon);
    assert_null(shop_find_holding(&shop, 1, 9));
}

static void test_shop_finds_equal_hashes_by_what_they_stand_for(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 4);
    struct fc_uuid first = uuid_of(1);
    struct fc_uuid second = uuid_of(2);
    struct coupon *coupon = shop_put_coupon(&shop, &first, 9, 1);
    struct product *product = shop_put_product(&shop, 1, FC_STR("cup"));

    (void)state;
    shop_put_order(&shop, &first);
    coupon->row.exists = product->row.exists = true;
    /* As if these hashed to the same as what stands at position 0. */
    fc_index_add(&shop.by_coupon, fc_hash_uuid(&second), 0);
    fc_index_add(&shop.by_holder, fc_hash_pair(8, 1), 0);
    fc_index_add(&shop.by_order, fc_hash_uuid(&second), 0);
    fc_index_add(&shop.by_product_name, fc_hash_str(FC_STR("can")), 0);
    assert_null(shop_find_coupon(&shop, &second));
    assert_null(shop_find_order(&shop, &second));
    assert_null(shop_find_holding(&shop, 8, 1));
    assert_null(shop_find_product_named(&shop, FC_STR("can")));
    struct coupon *other = shop_put_coupon(&shop, &second, 8, 1);

    other->row.exists = true;
    assert_ptr_equal(shop_find_coupon(&shop, &second), other);
    assert_ptr_equal(shop_find_holding(&shop, 8, 1), other);
    struct order *order = shop_put_order(&shop, &second);

    assert_ptr_equal(shop_find_order(&shop, &second), order);
}

static void test_shop_key_put_twice_is_a_mistake(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 4);
    struct fc_uuid id = uuid_of(1);

    (void)state;
    shop_put_wallet(&shop, 1);
    shop_put_product(&shop, 1, FC_STR("cup"));
    shop_put_option(&shop, 1, 1);
    shop_put_template(&shop, 1);
    shop_put_coupon(&shop, &id, 1, 1);
    EXPECT_ASSERT(shop_put_wallet(&shop, 1));
    EXPECT_ASSERT(shop_put_product(&shop, 1, cup));
    EXPECT_ASSERT(shop_put_option(&shop, 1, 2));
    EXPECT_ASSERT(shop_put_template(&shop, 1));
    EXPECT_ASSERT(shop_put_coupon(&shop, &id, 2, 2));
    shop_put_order(&shop, &id);
    EXPECT_ASSERT(shop_put_order(&shop, &id));
}

static void test_shop_without_a_key_is_a_mistake(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_of(&arena, 4);
    struct fc_uuid zero = {{0}};

    (void)state;
    EXPECT_ASSERT(shop_put_wallet(&shop, 0));
    EXPECT_ASSERT(shop_put_product(&shop, 0, cup));
    EXPECT_ASSERT(shop_put_option(&shop, 0, 1));
    EXPECT_ASSERT(shop_put_option(&shop, 1, 0));
    EXPECT_ASSERT(shop_put_template(&shop, 0));
    EXPECT_ASSERT(shop_put_coupon(&shop, &zero, 1, 1));
    EXPECT_ASSERT(shop_put_order(&shop, &zero));
}

static void test_shop_arena_that_is_too_small_is_a_mistake(void **state)
{
    struct fc_arena arena;
    struct shop shop;

    (void)state;
    fc_arena_init(&arena, memory, 1024);
    EXPECT_ASSERT(shop_init(&shop, &arena, 1000));
    EXPECT_ASSERT(shop_init(&shop, &arena, 0));
    fc_arena_init(&arena, memory, 8192);
    shop_init(&shop, &arena, 1);
    EXPECT_ASSERT((void)shop_take(&shop, 8192, 1));
    EXPECT_ASSERT((void)shop_take(&shop, -1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shop_rows_are_found_by_what_they_were_put_under),
        cmocka_unit_test(test_shop_has_no_row_that_was_not_put),
        cmocka_unit_test(test_shop_grows_and_its_rows_do_not_move),
        cmocka_unit_test(test_shop_walks_options_in_the_order_of_putting_while_it_grows),
        cmocka_unit_test(test_shop_walk_passes_over_options_that_do_not_exist),
        cmocka_unit_test(test_shop_moved_option_is_walked_once_under_its_product),
        cmocka_unit_test(test_shop_product_is_found_by_its_name_of_now),
        cmocka_unit_test(test_shop_holding_is_one_that_exists),
        cmocka_unit_test(test_shop_finds_equal_hashes_by_what_they_stand_for),
        cmocka_unit_test(test_shop_key_put_twice_is_a_mistake),
        cmocka_unit_test(test_shop_without_a_key_is_a_mistake),
        cmocka_unit_test(test_shop_arena_that_is_too_small_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
