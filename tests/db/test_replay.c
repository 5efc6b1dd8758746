/*
 * The journal replayed against the tables: a shop that commands made is the same both ways, and
 * whatever is changed behind the journal's back is told, row by row and column by column.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"
#include "support/worker_shop.h"

#include "shop/shop_replay.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#define ALWAYS ((struct fc_instant){INT64_C(253402300799999999)})

static alignas(16) char state_block[16 * 1024 * 1024];
static struct worker_rig order;
static struct worker_rig coupon;

struct replayed {
    struct fc_arena arena;
    struct shop shop;
    struct shop_replay replay;
    int64_t differences;
    char first[512]; /* sentence */
};

struct planted {
    const char *change;
    const char *sentence; /* its beginning */
};

static const struct planted rows[] = {
    {"update wallet set balance = balance + 1 where user_id = 7", "wallet 7: balance is "},
    {"update wallet set held = 1 where user_id = 7", "wallet 7: held is 1, by the journal 0"},
    {"update wallet set version = 9 where user_id = 8", "wallet 8: version is 9, by the journal 1"},
    {"delete from wallet where user_id = 8", "wallet 8: existence is 0, by the journal 1"},
    {"insert into customer values (99, now())",
     "wallet 99 is in the table, and not by the journal"},
    {"update product set price = 901", "product 3: price is 901, by the journal 900"},
    {"update product set name = 'Cup'", "product 3: name is \"Cup\", by the journal \"Mug\""},
    {"update product set category = 'x'", "product 3: category is \"x\""},
    {"update product set first_come = true", "product 3: first_come is 1, by the journal 0"},
    {"update product_option set total = 6 where option_id = 32", "option 32: total is 6"},
    {"update product_option set reserved = 1 where option_id = 32", "option 32: reserved is 1"},
    {"update product_option set ordered = true where option_id = 32", "option 32: ordered is 1"},
    {"update product_option set name = 'green' where option_id = 31", "option 31: name is"},
    {"update product_option set surcharge = 1 where option_id = 31", "option 31: surcharge is 1"},
    {"delete from product_option where option_id = 32",
     "option 32 is there by the journal, and not in the table"},
    {"insert into product_option values (33, 3, 'new', 0, 1, 0, false)",
     "option 33 is in the table, and not by the journal"},
    {"update coupon_template set issued = 2", "template 5: issued is 2, by the journal 1"},
    {"update coupon_template set min_total = 1", "template 5: min_total is 1"},
    {"update coupon set status = 'expired'",
     "coupon " WORKER_SHOP_COUPON ": status is \"expired\", by the journal \"available\""},
    {"update coupon set expires_at = null", "coupon " WORKER_SHOP_COUPON ": expires is 0"},
    {"update coupon set position = 2", "coupon " WORKER_SHOP_COUPON ": position is 2"},
    {"delete from coupon",
     "coupon " WORKER_SHOP_COUPON " is there by the journal, and not in the table"},
    {"update orders set status = 'shipped'",
     "order " WORKER_ID_HEAD "1: status is \"shipped\", by the journal \"paid\""},
    {"update orders set total = 902, paid = 902", "order " WORKER_ID_HEAD "1: total is 902"},
    {"update orders set user_id = 8", "order " WORKER_ID_HEAD "1: user is 8"},
    {"update orders set key = 'user:8'", "order " WORKER_ID_HEAD "1: key is 8"},
    {"update order_line set quantity = 2",
     "order " WORKER_ID_HEAD "1: a line's quantity is 2, by the journal 1"},
    {"update order_line set shipped = 1", "order " WORKER_ID_HEAD "1: a line's shipped is 1"},
    {"delete from order_line", "order " WORKER_ID_HEAD "1: number of lines is 0"},
    {"with l as (delete from order_line) delete from orders",
     "order " WORKER_ID_HEAD "1 is there by the journal, and not in the table"},
    {"insert into policy values (4, '{}', now())", "policy 4: version is 4, by the journal 0"},
};

static void keep_first(void *arg, struct fc_str sentence)
{
    struct replayed *replayed = arg;

    if (replayed->first[0] == '\0')
        (void)fc_str_copy(sentence, replayed->first, sizeof(replayed->first));
}

static void run_replay(struct replayed *replayed, struct fc_instant until, bool compare)
{
    struct fc_err err;

    *replayed = (struct replayed){.differences = 0};
    fc_arena_init(&replayed->arena, state_block, sizeof(state_block));
    shop_init(&replayed->shop, &replayed->arena, 16);
    replayed->replay =
        (struct shop_replay){.db = order.db, .scratch = testdb_arena(), .shop = &replayed->shop};
    if (shop_replay_run(&replayed->replay, until, &err) != FC_OK ||
        (compare && shop_replay_compare(&replayed->replay, keep_first, replayed,
                                        &replayed->differences, &err) != FC_OK) ||
        shop_replay_end(&replayed->replay, &err) != FC_OK)
        fail_msg("%s", err.text);
}

/* As worker_shop_found, and an order of one blue mug. */
static void found_shop(void)
{
    worker_rows_clear(order.db);
    worker_shop_found(&order, &coupon);
    worker_rig_ask(&order, 1, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":1}]}", "");
    worker_rig_run(&order);
}

static void test_replay_gives_the_tables(void **state)
{
    static struct replayed replayed;

    (void)state;
    found_shop();
    run_replay(&replayed, ALWAYS, true);
    assert_string_equal(replayed.first, "");
    assert_int_equal(replayed.differences, 0);
    assert_int_equal(replayed.replay.commands, 7);
    assert_int_equal(shop_find_wallet(&replayed.shop, 7)->balance.won, 9000);
}

static void test_replay_tells_what_was_changed_behind_the_journal(void **state)
{
    static struct replayed replayed;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        found_shop();
        testdb_run(order.db, rows[i].change);
        run_replay(&replayed, ALWAYS, true);
        if (replayed.differences == 0 ||
            strncmp(replayed.first, rows[i].sentence, strlen(rows[i].sentence)) != 0)
            fail_msg("%s: told \"%s\"", rows[i].change, replayed.first);
    }
}

static void test_replay_tells_an_order_that_waits_longer_than_by_the_journal(void **state)
{
    static struct replayed replayed;

    (void)state;
    found_shop();
    worker_rig_policy(&order)->bank_transfer = true;
    worker_rig_ask(&order, 2, "order.place", "user:7",
                   "{\"user_id\":7,\"lines\":[{\"option_id\":31,\"quantity\":1}],"
                   "\"payment\":{\"method\":\"bank_transfer\"}}",
                   "");
    worker_rig_run(&order);
    run_replay(&replayed, ALWAYS, true);
    assert_string_equal(replayed.first, "");
    testdb_run(order.db, "update orders set expires_at = expires_at + interval '1 second'"
                         " where status = 'pending_payment'");
    run_replay(&replayed, ALWAYS, true);
    assert_int_equal(replayed.differences, 1);
    assert_non_null(strstr(replayed.first, "order " WORKER_ID_HEAD "2: expires_at is "));
}

static void test_replay_until_an_instant_is_the_state_of_then(void **state)
{
    static struct replayed replayed;

    (void)state;
    found_shop();
    order.now = worker_instant(100);
    worker_rig_ask(&order, 2, "wallet.charge", "user:8", "{\"amount\":500}", "");
    worker_rig_run(&order);
    run_replay(&replayed, worker_instant(99), false);
    assert_int_equal(shop_find_wallet(&replayed.shop, 8)->balance.won, 0);
    run_replay(&replayed, worker_instant(100), false);
    assert_int_equal(shop_find_wallet(&replayed.shop, 8)->balance.won, 500);
    order.now = worker_instant(0);
}

/* Clocks of two workers differ, and a batch that is decided again keeps its instant: the second
 * charge stands on the first, and was decided before it by its own clock. */
static void test_replay_until_an_instant_goes_by_the_order_of_decision(void **state)
{
    static struct replayed replayed;

    (void)state;
    found_shop();
    order.now = worker_instant(100);
    worker_rig_ask(&order, 2, "wallet.charge", "user:8", "{\"amount\":500}", "");
    worker_rig_run(&order);
    order.now = worker_instant(90);
    worker_rig_ask(&order, 3, "wallet.charge", "user:8", "{\"amount\":70}", "");
    worker_rig_run(&order);
    run_replay(&replayed, worker_instant(95), false);
    assert_int_equal(shop_find_wallet(&replayed.shop, 8)->balance.won, 570);
    run_replay(&replayed, worker_instant(89), false);
    assert_int_equal(shop_find_wallet(&replayed.shop, 8)->balance.won, 0);
    order.now = worker_instant(0);
}

static void test_replay_of_a_text_that_is_none_is_refused(void **state)
{
    static struct replayed replayed;
    struct fc_err err;

    (void)state;
    found_shop();
    testdb_run(order.db,
               "update journal set events = '[{\"type\":\"wallet.lost\"}]' where seq = 3");
    fc_arena_init(&replayed.arena, state_block, sizeof(state_block));
    shop_init(&replayed.shop, &replayed.arena, 16);
    replayed.replay =
        (struct shop_replay){.db = order.db, .scratch = testdb_arena(), .shop = &replayed.shop};
    assert_int_equal(shop_replay_run(&replayed.replay, ALWAYS, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_PARK);
    assert_non_null(strstr(err.text, "row 3 of the journal"));
    assert_int_equal(shop_replay_end(&replayed.replay, &err), FC_OK);
}

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rig_open(&coupon, WIRE_FAMILY_COUPON, "coupon-1");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    worker_rig_close(&coupon);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replay_gives_the_tables),
        cmocka_unit_test(test_replay_tells_what_was_changed_behind_the_journal),
        cmocka_unit_test(test_replay_tells_an_order_that_waits_longer_than_by_the_journal),
        cmocka_unit_test(test_replay_until_an_instant_is_the_state_of_then),
        cmocka_unit_test(test_replay_until_an_instant_goes_by_the_order_of_decision),
        cmocka_unit_test(test_replay_of_a_text_that_is_none_is_refused),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, setup, teardown));
}
