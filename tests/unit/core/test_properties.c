/*
 * What holds after any commands whatever: random ones, in batches that are loaded, decided, applied
 * and stored. Beside it one shop lives by events alone, as the replay of a journal would; both must
 * come to the same state. An accountant outside writes down what moved, by the commands.
 */
#include "support/chance.h"
#include "support/expect.h"
#include "support/shop_memory.h"
#include "support/shop_text.h"

#include "base/limits.h"
#include "core/decide.h"

#include <inttypes.h>
#include <stdalign.h>
#include <string.h>

#define SEED 20260131
#define BATCHES 400
#define BATCH_COMMANDS 24
#define STOCKS_MAX 512
#define TEXT_BYTES (256 * 1024)

struct stock_entry {
    int64_t option_id;
    int64_t total;
};

struct world {
    struct fc_arena arena; /* everything lives to the end */
    struct chance chance;
    struct shop memory;   /* the tables, between batches */
    struct shop replayed; /* by events alone */
    struct policy policy;
    struct fc_instant now;
    /* the accountant's book */
    int64_t charged;
    int64_t paid;
    int64_t coupons_used;
    struct stock_entry stocks[STOCKS_MAX];
    int32_t stock_count;
    int32_t verdicts[VERDICT_COUNT];
};

static alignas(16) char block[64 * 1024 * 1024];
static char text_one[TEXT_BYTES];
static char text_other[TEXT_BYTES];

static int64_t *stock_entry(struct world *world, int64_t option_id)
{
    for (int32_t i = 0; i < world->stock_count; i++)
        if (world->stocks[i].option_id == option_id)
            return &world->stocks[i].total;
    assert_true(world->stock_count < STOCKS_MAX);
    world->stocks[world->stock_count] = (struct stock_entry){option_id, 0};
    return &world->stocks[world->stock_count++].total;
}

static void book_order(struct world *world, const struct command *command,
                       const struct decision *decision)
{
    const struct order_paid *paid = &decision->events[decision->event_count - 1].data.order_paid;
    int64_t asked = 0;
    int64_t sold = 0;
    int64_t won = 0;

    for (int32_t i = 0; i < command->body.order_place.line_count; i++)
        asked += command->body.order_place.lines[i].quantity;
    for (int32_t i = 0; i < paid->line_count; i++) {
        sold += paid->lines[i].quantity;
        won += paid->lines[i].quantity * paid->lines[i].unit_price.won;
        *stock_entry(world, paid->lines[i].option_id) -= paid->lines[i].quantity;
    }
    assert_int_equal(asked, sold);
    assert_int_equal(paid->total.won, won);
    world->paid += won - paid->discount.won;
    world->coupons_used += command->body.order_place.has_coupon;
}

static void book_product(struct world *world, const struct command *command,
                         const struct decision *decision)
{
    const struct product_put *put = &command->body.product_put;
    const struct product_changed *changed = &decision->events[0].data.product_put;

    assert_int_equal(put->option_count, changed->option_count);
    for (int32_t i = 0; i < put->option_count; i++)
        *stock_entry(world, changed->options[i].option_id) = put->options[i].stock;
}

static void book(struct world *world, const struct command *command,
                 const struct decision *decision)
{
    world->verdicts[decision->verdict]++;
    if (decision->verdict != VERDICT_SUCCEEDED)
        return;
    if (command->type == COMMAND_WALLET_CHARGE)
        world->charged += command->body.wallet_charge.amount.won;
    if (command->type == COMMAND_ORDER_PLACE)
        book_order(world, command, decision);
    if (command->type == COMMAND_PRODUCT_PUT)
        book_product(world, command, decision);
    if (command->type == COMMAND_OPTION_RESTOCK)
        *stock_entry(world, command->body.option_restock.option_id) +=
            command->body.option_restock.quantity;
    if (command->type == COMMAND_COUPON_ISSUE)
        chance_keep_coupon(&world->chance, &command->id, command->body.coupon_issue.user_id);
}

static void check_money(const struct world *world)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < world->memory.wallets.count; i++) {
        const struct wallet *wallet = world->memory.wallets.rows[i];

        assert_true(wallet->balance.won >= 0);
        sum += wallet->balance.won;
    }
    assert_int_equal(sum, world->charged - world->paid);
}

static void check_stock(struct world *world)
{
    for (int32_t i = 0; i < world->memory.options.count; i++) {
        const struct option *option = world->memory.options.rows[i];

        if (!option->row.exists)
            continue;
        assert_true(option->reserved >= 0);
        assert_true(option->reserved <= option->total);
        assert_int_equal(option->total, *stock_entry(world, option->option_id));
    }
}

/* One a user, never more than the quantity, and positions without a gap. */
static void check_coupons(const struct world *world)
{
    int64_t issued[CHANCE_TEMPLATES + 1] = {0};
    int64_t positions[CHANCE_TEMPLATES + 1] = {0};
    bool holds[CHANCE_TEMPLATES + 1][CHANCE_USERS + 1] = {{false}};
    int64_t used = 0;

    for (int32_t i = 0; i < world->memory.coupons.count; i++) {
        const struct coupon *coupon = world->memory.coupons.rows[i];

        assert_false(holds[coupon->template_id][coupon->user_id]);
        holds[coupon->template_id][coupon->user_id] = true;
        issued[coupon->template_id]++;
        positions[coupon->template_id] += coupon->position;
        used += coupon->status == COUPON_USED;
    }
    assert_int_equal(used, world->coupons_used);
    for (int32_t i = 0; i < world->memory.templates.count; i++) {
        const struct coupon_template *row = world->memory.templates.rows[i];
        int64_t count = issued[row->template_id];

        assert_int_equal(row->row.exists ? row->issued : 0, count);
        assert_int_equal(positions[row->template_id], count * (count + 1) / 2);
        assert_true(!row->row.exists || !row->limited || count <= row->quantity);
    }
}

static void check_names(const struct world *world)
{
    for (int32_t i = 0; i < world->memory.products.count; i++) {
        const struct product *product = world->memory.products.rows[i];

        if (product->row.exists)
            assert_ptr_equal(shop_find_product_named(&world->memory, product->name), product);
    }
}

static void check_same(const struct shop *one, const struct shop *other)
{
    struct fc_buf buf_one = fc_buf_of(text_one, sizeof(text_one) - 1);
    struct fc_buf buf_other = fc_buf_of(text_other, sizeof(text_other) - 1);

    shop_text_put(&buf_one, one);
    shop_text_put(&buf_other, other);
    assert_false(buf_one.overflow);
    assert_true(buf_one.len > 0);
    text_one[buf_one.len] = text_other[buf_other.len] = '\0';
    assert_string_equal(text_one, text_other);
}

static void run_command(struct world *world, struct shop *shop)
{
    struct command command;
    struct decision decision;

    chance_command(&world->chance, world->now, &command);
    uint64_t hash = shop_bytes_hash(shop);

    shop_decide(shop, &world->policy, &command, world->now, &decision);
    assert_true(shop_bytes_hash(shop) == hash);
    book(world, &command, &decision);
    for (int32_t i = 0; i < decision.event_count; i++) {
        shop_apply(shop, &decision.events[i]);
        shop_apply(&world->replayed, &decision.events[i]);
    }
}

static void any_policy(struct world *world)
{
    world->policy = policy_default();
    if (chance_one_in(&world->chance, 2))
        world->policy.coupon_excess = POLICY_EXCESS_IS_REFUSED;
    if (chance_one_in(&world->chance, 2))
        world->policy.coupon_valid_days = 1;
    if (chance_one_in(&world->chance, 4))
        world->policy.product_options_max = 2;
    if (chance_one_in(&world->chance, 4))
        world->policy.price_step = KRW(100);
    if (chance_one_in(&world->chance, 4))
        world->policy.charge_max = KRW(2000);
    if (chance_one_in(&world->chance, 4))
        world->policy.balance_max = KRW(5000);
}

static void run_batch(struct world *world)
{
    struct shop shop;

    shop_init(&shop, &world->arena, 16);
    shop_memory_load(&world->memory, &shop);
    any_policy(world);
    for (int32_t i = 0; i < BATCH_COMMANDS; i++) {
        world->now.us += chance_below(&world->chance, 5 * FC_US_PER_S);
        run_command(world, &shop);
    }
    if (chance_one_in(&world->chance, 50))
        world->now.us += FC_US_PER_DAY;
    check_same(&shop, &world->replayed);
    shop_memory_store(&world->memory, &shop);
    check_same(&world->memory, &world->replayed);
}

static void test_properties_hold_after_any_commands(void **state)
{
    static struct world world;

    static const enum verdict never[] = {
        VERDICT_UNKNOWN_WALLET,         /* a user is registered with one */
        VERDICT_UNKNOWN_ORDER,          /* no command names one */
        VERDICT_COUPON_REVOKED,         /* no command revokes one */
        VERDICT_IDEMPOTENCY_KEY_REUSED, /* is not decided here */
    };

    (void)state;
    world.chance = (struct chance){.state = SEED, .arena = &world.arena};
    world.now.us = 1000 * FC_US_PER_DAY;
    fc_arena_init(&world.arena, block, sizeof(block));
    shop_init(&world.memory, &world.arena, 4);
    shop_init(&world.replayed, &world.arena, 4);
    for (int32_t i = 0; i < BATCHES; i++) {
        run_batch(&world);
        check_money(&world);
        check_stock(&world);
        check_coupons(&world);
        check_names(&world);
    }
    /* A property of commands that are all refused for one reason says nothing. */
    for (size_t i = 0; i < FC_ARRAY_COUNT(never); i++)
        world.verdicts[never[i]]++;
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        if (world.verdicts[verdict] == 0)
            fail_msg("verdict %d was never reached", verdict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_properties_hold_after_any_commands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
