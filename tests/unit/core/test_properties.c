/*
 * What holds after any commands whatever: random ones, in batches that are loaded, decided, applied
 * and stored. Beside it one shop lives by events alone, as the replay of a journal would; both must
 * come to the same state. An accountant outside writes down what moved, by the commands.
 */
#include "support/accountant.h"
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
#define WORLDS 96
#define BATCHES 16
#define BATCH_COMMANDS 24
#define TEXT_BYTES (256 * 1024)

struct world {
    struct fc_arena arena; /* everything lives to the end */
    struct chance chance;
    struct shop memory;   /* the tables, between batches */
    struct shop replayed; /* by events alone */
    struct policy policy;
    struct fc_instant now;
    struct accountant book;
};

/* What was seen in all the worlds. */
struct seen {
    int32_t verdicts[VERDICT_COUNT];
    int32_t events[EVENT_COUNT];
};

static alignas(16) char block[64 * 1024 * 1024];
static char text_one[TEXT_BYTES];
static char text_other[TEXT_BYTES];

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

/* For later commands to name. */
static void keep(struct chance *chance, const struct event *event)
{
    const struct coupon_issued *issued = &event->data.coupon_issued;
    const struct order_terms *terms = event->type == EVENT_ORDER_PLACED
                                          ? &event->data.order_placed.terms
                                          : &event->data.order_paid;
    struct chance_order order = {terms->order_id, terms->key, 0};
    struct chance_coupon coupon = {issued->coupon_id, issued->template_id, issued->user_id};

    if (event->type == EVENT_COUPON_ISSUED)
        chance_keep_coupon(chance, &coupon);
    if (event->version == 1 &&
        (event->type == EVENT_ORDER_PLACED || event->type == EVENT_ORDER_PAID)) {
        order.option_id = terms->lines[0].option_id;
        chance_keep_order(chance, &order);
    }
}

static void run_command(struct world *world, struct seen *seen, struct shop *shop)
{
    struct command command;
    struct decision decision;

    chance_command(&world->chance, world->now, &command);
    uint64_t hash = shop_bytes_hash(shop);

    shop_decide(shop, &world->policy, &command, world->now, &decision);
    assert_true(shop_bytes_hash(shop) == hash);
    accountant_book(&world->book, &command, &decision);
    seen->verdicts[decision.verdict]++;
    for (int32_t i = 0; i < decision.event_count; i++) {
        seen->events[decision.events[i].type]++;
        keep(&world->chance, &decision.events[i]);
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
    world->policy.refund_above_max = chance_one_in(&world->chance, 2);
    world->policy.bank_transfer = !chance_one_in(&world->chance, 8);
    world->policy.transfer_rate = (int32_t)chance_below(&world->chance, 3) * 333;
    world->policy.transfer_expire_s = 100;
    world->policy.welcome = chance_one_in(&world->chance, 2);
    world->policy.welcome_valid_days = (int32_t)chance_below(&world->chance, 2);
    world->policy.discount_rate = !chance_one_in(&world->chance, 8);
    world->policy.template_names_days = !chance_one_in(&world->chance, 8);
    world->policy.order_cancel = !chance_one_in(&world->chance, 8);
    world->policy.order_change = !chance_one_in(&world->chance, 8);
}

static void run_batch(struct world *world, struct seen *seen)
{
    struct shop shop;

    shop_init(&shop, &world->arena, 16);
    shop_memory_load(&world->memory, &shop);
    any_policy(world);
    for (int32_t i = 0; i < BATCH_COMMANDS; i++) {
        world->now.us += chance_below(&world->chance, 5 * FC_US_PER_S);
        run_command(world, seen, &shop);
    }
    if (chance_one_in(&world->chance, 8))
        world->now.us += FC_US_PER_DAY;
    check_same(&shop, &world->replayed);
    shop_memory_store(&world->memory, &shop);
    check_same(&world->memory, &world->replayed);
}

static void run_world(struct world *world, struct seen *seen, uint64_t seed)
{
    *world = (struct world){.chance = {.state = seed}, .now = {1000 * FC_US_PER_DAY}};
    world->chance.arena = &world->arena;
    fc_arena_init(&world->arena, block, sizeof(block));
    shop_init(&world->memory, &world->arena, 4);
    shop_init(&world->replayed, &world->arena, 4);
    for (int32_t i = 0; i < BATCHES; i++) {
        run_batch(world, seen);
        accountant_check(&world->book, &world->memory);
        check_names(world);
    }
}

static void test_properties_hold_after_any_commands(void **state)
{
    static struct world world;
    static struct seen seen;

    static const enum verdict never[] = {
        VERDICT_UNKNOWN_WALLET,         /* a user is registered with one */
        VERDICT_PAYMENT_DECLINED,       /* a settlement says so, none is refused for it */
        VERDICT_IDEMPOTENCY_KEY_REUSED, /* is not decided here */
    };

    (void)state;
    for (uint64_t i = 0; i < WORLDS; i++)
        run_world(&world, &seen, SEED + i);
    /* A property of commands that are all refused for one reason says nothing. */
    for (size_t i = 0; i < FC_ARRAY_COUNT(never); i++)
        seen.verdicts[never[i]]++;
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        if (seen.verdicts[verdict] == 0)
            fail_msg("verdict %d was never reached", verdict);
    for (int type = 0; type < EVENT_COUNT; type++)
        if (seen.events[type] == 0)
            fail_msg("no event of type %d came", type);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_properties_hold_after_any_commands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
