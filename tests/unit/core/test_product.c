#include "support/expect.h"
#include "support/scenario.h"

#include "core/product.h"

#include <stdalign.h>

static alignas(16) char memory[65536];

static void test_product_is_born_with_its_options(void **state)
{
    (void)state;
    SCENARIO("ask product 7 name cup price 1000 first_come"
             " option red id 71 stock 5 option blue id 72 surcharge 200 stock 3 → succeeded\n"
             "events product.put\n"
             "stock 71 5 delta 5\n"
             "stock 72 3 delta 3\n"
             "user u1 balance 9999\n"
             "ask order u1 o71x1 o72x1 key p7 → succeeded\n"
             "paid 2200 0 2200 71x1 72x1\n");
}

static void test_product_put_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("policy price_step 100 options_max 2\n"
             "product 7 name cup\n"
             "option 71 of 7 name red stock 5 reserved 2 ordered\n"
             "product 8 name can\n"
             "ask product 7 price 50 option a option b option c key p8 → misrouted 7\n"
             "ask product 7 price 50 option a option b option c → price_not_allowed 7\n"
             "ask product 7 name can option a option b option b → invalid_request 7\n"
             "ask product 7 name can option a option a → invalid_request 7\n"
             "ask product 7 name can option a id 80 → invalid_request 80\n"
             "ask product 7 name can option a → name_taken 8\n"
             "ask product 7 name jug option a → product_in_use 71\n"
             "ask product 7 name jug option red stock 1 → insufficient_stock 71\n"
             "stock 71 5 reserved 2\n"
             "stock 70 0\n"
             "ask product 7 name jug option red stock 2 → succeeded\n"
             "events product.put stock.restocked\n"
             "stock 71 2 reserved 2\n"
             "gone option 70\n");
}

static void test_product_price_of_every_option_is_a_multiple_above_nothing(void **state)
{
    (void)state;
    SCENARIO("policy price_step 100\n"
             "ask product 7 price 150 option a surcharge 50 → price_not_allowed\n"
             "ask product 7 price 100 option a option b surcharge 50 → price_not_allowed\n"
             "ask product 7 price 100 option a option b surcharge -100 → price_not_allowed\n"
             "ask product 7 price 100 option a option b surcharge -200 → price_not_allowed\n"
             "ask product 7 price 0 option a → price_not_allowed\n"
             "ask product 7 price 1000000000 option a surcharge 100 → price_not_allowed\n"
             "ask product 7 price 200 option a option b surcharge -100 → succeeded\n"
             "ask product 7 price 0 option a surcharge 100 → succeeded\n"
             "ask product 7 price 1000000000 option a → succeeded\n");
}

static void test_product_has_as_many_options_as_the_policy_allows(void **state)
{
    (void)state;
    SCENARIO("ask product 7 option a option b option c option d option e option f option g option h"
             " option i option j option k → invalid_request\n"
             "ask product 7 option a option b option c option d option e option f option g option h"
             " option i option j → succeeded\n");
}

static void test_product_option_without_id_is_the_one_of_that_name(void **state)
{
    (void)state;
    SCENARIO("product 7 bare\n"
             "option 71 of 7 name red stock 5\n"
             "option 72 of 7 name blue stock 3\n"
             "ask product 7 option blue stock 4 option red stock 5 surcharge 10 → succeeded\n"
             "events product.put stock.restocked\n"
             "stock 71 5 delta 0\n"
             "stock 72 4 delta 1\n");
}

static void test_product_names_may_pass_between_options(void **state)
{
    (void)state;
    SCENARIO("product 7 bare\n"
             "option 71 of 7 name red stock 5\n"
             "option 72 of 7 name blue stock 3\n"
             "ask product 7 option blue id 71 stock 5 option red id 72 stock 3 → succeeded\n"
             "events product.put\n"
             "named 71 blue\n"
             "named 72 red\n"
             "ask product 7 option green id 71 stock 5 option blue stock 1 → succeeded\n"
             "named 71 green\n"
             "stock 71 5\n"
             "gone option 72\n");
}

static void test_product_options_of_one_id_are_invalid(void **state)
{
    (void)state;
    SCENARIO("product 7\n"
             "ask product 7 option a id 70 option b id 70 → invalid_request 70\n"
             "ask product 7 option a id 71 option b id 71 → invalid_request 71\n");
}

static void test_product_keeps_its_own_name(void **state)
{
    (void)state;
    SCENARIO("product 7 name cup\n"
             "ask product 7 name cup option o70 → succeeded\n"
             "ask product 8 name cup option a → name_taken 7\n");
}

static void test_product_name_is_free_after_a_rename_and_after_a_delete(void **state)
{
    (void)state;
    SCENARIO("product 7 name cup\n"
             "ask product 8 name cup option a id 80 → name_taken\n"
             "ask product 7 name mug option o70 → succeeded\n"
             "ask product 8 name cup option a id 80 → succeeded\n"
             "ask product 7 name cup option o70 → name_taken 8\n"
             "ask drop_product 8 → succeeded\n"
             "ask product 7 name cup option o70 → succeeded\n"
             "ask product 8 name mug option a id 80 → succeeded\n"
             "ask product 9 name cup option a id 90 → name_taken 7\n");
}

static void test_product_option_left_out_is_deleted_unless_it_is_in_use(void **state)
{
    (void)state;
    SCENARIO("product 7 stock 1\n"
             "option 71 of 7 stock 2 ordered\n"
             "option 72 of 7 stock 2 reserved 1\n"
             "ask product 7 option o70 → product_in_use 71\n"
             "ask product 7 option o71 stock 2 → product_in_use 72\n"
             "ask product 7 option o71 stock 2 option o72 stock 2 → succeeded\n"
             "gone option 70\n"
             "stock 71 2\n"
             "stock 72 2\n");
}

static void test_product_delete_verdicts_in_precedence_order(void **state)
{
    (void)state;
    SCENARIO("product 7\n"
             "option 71 of 7 stock 2\n"
             "product 8\n"
             "option 81 of 8 ordered\n"
             "ask drop_product 9 key p7 → misrouted 9\n"
             "ask drop_product 9 → unknown_product 9\n"
             "ask drop_product 8 → product_in_use 81\n"
             "ask drop_product 7 → succeeded\n"
             "events product.deleted\n"
             "gone product 7\n"
             "gone option 70\n"
             "gone option 71\n"
             "ask drop_product 7 → unknown_product\n");
}

static void test_product_without_options_can_be_deleted(void **state)
{
    (void)state;
    SCENARIO("product 7 bare\n"
             "ask drop_product 7 → succeeded\n"
             "gone product 7\n");
}

static void test_product_ordered_in_the_same_batch_is_in_use(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 1000\n"
             "product 7 stock 1\n"
             "ask order u1 7x1 → succeeded\n"
             "ask drop_product 7 → product_in_use 70\n"
             "ask product 7 option b → product_in_use 70\n");
}

static void test_product_reborn_counts_from_what_was_loaded(void **state)
{
    (void)state;
    SCENARIO("product 7 stock 5\n"
             "ask drop_product 7 → succeeded\n"
             "ask product 7 option o70 id 70 stock 3 → succeeded\n"
             "stock 70 3 delta -2\n"
             "ask restock 70 4 → succeeded\n"
             "stock 70 7 delta 2\n"
             "ask product 7 option other id 71 → succeeded\n"
             "gone option 70\n"
             "ask product 7 option o70 id 70 stock 5 → succeeded\n"
             "stock 70 5 delta 0\n");
}

static void test_product_may_take_the_id_of_an_option_that_died(void **state)
{
    (void)state;
    SCENARIO("user u1 balance 9000\n"
             "product 7 stock 5\n"
             "ask product 8 option a id 70 stock 1 → invalid_request 70\n"
             "ask drop_product 7 → succeeded\n"
             "ask product 8 option a id 70 stock 1 → succeeded\n"
             "stock 70 1 delta -4\n"
             "ask order u1 8/70x1 → succeeded\n"
             "ask product 7 option b id 71 stock 1 → succeeded\n"
             "ask order u1 7x1 → succeeded\n"
             "paid 1000 0 1000 71x1\n");
}

static struct shop shop_empty(struct fc_arena *arena)
{
    struct shop shop;

    fc_arena_init(arena, memory, sizeof(memory));
    shop_init(&shop, arena, 8);
    return shop;
}

/* A product.put of product 7 with one option of that id. */
static void decide_put(const struct shop *shop, int64_t option_id, struct decision *ret_decision)
{
    static struct option_put option;
    struct policy policy = policy_default();
    struct command command = {.id = {{0x33}}, .type = COMMAND_PRODUCT_PUT};

    option = (struct option_put){option_id, FC_STR("red"), KRW(0), 5};
    command.key = (struct command_key){COMMAND_KEY_PRODUCT, 7};
    command.body.product_put = (struct product_put){
        .product_id = 7,
        .name = FC_STR("cup"),
        .price = KRW(100),
        .options = &option,
        .option_count = 1,
    };
    *ret_decision = product_decide_put(shop, &policy, &command);
}

static void test_product_marks_what_has_to_be_stored(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct decision decision;
    struct event deleted = {.type = EVENT_PRODUCT_DELETED, .version = 2};
    int64_t option_id = 70;

    (void)state;
    decide_put(&shop, 70, &decision);
    assert_int_equal(decision.events[0].version, 1);
    product_apply_put(&shop, &decision.events[0]);
    const struct product *product = shop_find_product(&shop, 7);
    struct option *option = shop_find_option(&shop, 70);

    assert_true(product->row.exists && product->row.changed && !product->row.loaded);
    assert_true(option->row.exists && option->row.changed && !option->row.loaded);

    /* Born and deleted in one batch: nothing to insert, nothing to delete. */
    deleted.data.product_deleted = (struct product_deleted){7, &option_id, 1};
    product_apply_deleted(&shop, &deleted);
    assert_false(product->row.exists || product->row.loaded);
    assert_false(option->row.exists || option->row.loaded);

    /* Born again it is a new one. */
    decide_put(&shop, 70, &decision);
    assert_int_equal(decision.events[0].version, 1);
    assert_true(decision.events[0].data.product_put.options[0].is_new);
    product_apply_put(&shop, &decision.events[0]);
    assert_int_equal(product->version, 1);
    assert_int_equal(option->total_delta, 5);
}

static void test_product_put_without_a_change_leaves_the_option_unmarked(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct decision decision;

    (void)state;
    decide_put(&shop, 70, &decision);
    product_apply_put(&shop, &decision.events[0]);
    struct option *option = shop_find_option(&shop, 70);

    option->row = (struct row_mark){.exists = true, .loaded = true};
    decide_put(&shop, 70, &decision);
    assert_int_equal(decision.event_count, 1);
    assert_int_equal(decision.events[0].version, 2);
    product_apply_put(&shop, &decision.events[0]);
    assert_false(option->row.changed);
    option->surcharge = KRW(1);
    decide_put(&shop, 70, &decision);
    product_apply_put(&shop, &decision.events[0]);
    assert_true(option->row.changed);
    assert_int_equal(option->surcharge.won, 0);
}

static void test_product_new_option_gets_an_id_from_the_command(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct fc_uuid id = {{0x33}};
    struct decision decision;

    (void)state;
    decide_put(&shop, 0, &decision);
    assert_true(decision.events[0].data.product_put.options[0].option_id == fc_id_derive(&id, 0));

    /* Were it another product's already, it could not be this one's. */
    shop_put_option(&shop, fc_id_derive(&id, 0), 8)->row.exists = true;
    decide_put(&shop, 0, &decision);
    assert_int_equal(decision.verdict, VERDICT_INVALID_REQUEST);
}

static void test_product_events_that_break_a_promise_are_mistakes(void **state)
{
    struct fc_arena arena;
    struct shop shop = shop_empty(&arena);
    struct decision decision;
    struct event deleted = {.type = EVENT_PRODUCT_DELETED, .version = 2};
    int64_t option_id = 70;

    (void)state;
    deleted.data.product_deleted = (struct product_deleted){7, &option_id, 1};
    EXPECT_ASSERT(product_apply_deleted(&shop, &deleted));
    decide_put(&shop, 70, &decision);
    product_apply_put(&shop, &decision.events[0]);
    EXPECT_ASSERT(product_apply_put(&shop, &decision.events[0]));
    deleted.data.product_deleted.option_count = 0;
    EXPECT_ASSERT(product_apply_deleted(&shop, &deleted));
    deleted.version = 3;
    EXPECT_ASSERT(product_apply_deleted(&shop, &deleted));
    deleted.version = 2;
    deleted.data.product_deleted.option_count = 1;
    shop_find_option(&shop, 70)->ordered = true;
    EXPECT_ASSERT(product_apply_deleted(&shop, &deleted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product_is_born_with_its_options),
        cmocka_unit_test(test_product_put_verdicts_in_precedence_order),
        cmocka_unit_test(test_product_price_of_every_option_is_a_multiple_above_nothing),
        cmocka_unit_test(test_product_has_as_many_options_as_the_policy_allows),
        cmocka_unit_test(test_product_option_without_id_is_the_one_of_that_name),
        cmocka_unit_test(test_product_names_may_pass_between_options),
        cmocka_unit_test(test_product_options_of_one_id_are_invalid),
        cmocka_unit_test(test_product_keeps_its_own_name),
        cmocka_unit_test(test_product_name_is_free_after_a_rename_and_after_a_delete),
        cmocka_unit_test(test_product_option_left_out_is_deleted_unless_it_is_in_use),
        cmocka_unit_test(test_product_delete_verdicts_in_precedence_order),
        cmocka_unit_test(test_product_without_options_can_be_deleted),
        cmocka_unit_test(test_product_ordered_in_the_same_batch_is_in_use),
        cmocka_unit_test(test_product_reborn_counts_from_what_was_loaded),
        cmocka_unit_test(test_product_may_take_the_id_of_an_option_that_died),
        cmocka_unit_test(test_product_marks_what_has_to_be_stored),
        cmocka_unit_test(test_product_put_without_a_change_leaves_the_option_unmarked),
        cmocka_unit_test(test_product_new_option_gets_an_id_from_the_command),
        cmocka_unit_test(test_product_events_that_break_a_promise_are_mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
