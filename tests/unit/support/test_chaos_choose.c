/*
 * What the chaos suite's clients wish for, how they pursue it, when they try again.
 */
#include "support/caller_route.h"
#include "support/chaos_choose.h"
#include "support/expect.h"
#include "wire/command.h"

#include <stdalign.h>
#include <string.h>

#define WISHES 5000

static struct chaos_choice choice;
static struct chaos_choice other;
static alignas(16) char block[1 << 20];

static struct fc_uuid id_of(int64_t number)
{
    return fc_uuid_v8((struct fc_instant){number * 1000}, 0, 1);
}

static void choice_init(struct chaos_choice *ret_choice, int64_t seed)
{
    memset(ret_choice, 0, sizeof(*ret_choice));
    ret_choice->users = (struct chaos_range){1001, 50};
    ret_choice->templates = (struct chaos_range){101, 4};
    ret_choice->products = (struct chaos_range){1, 12};
    ret_choice->amqp_percent = 20;
    ret_choice->transfer_percent = 10;
    chaos_choice_seed(ret_choice, seed);
    assert_true(chaos_mix_parse(FC_STR("coupon=50,order=30,charge=14,cancel=5,restock=1"),
                                &ret_choice->mix));
}

static int begin(void **state)
{
    (void)state;
    choice_init(&choice, 1);
    return 0;
}

/* As if the wish had come true. */
static void learn(struct chaos_choice *ret_choice, const struct chaos_wish *wish, int64_t number)
{
    struct chaos_kept kept = {id_of(number), wish->user_id, wish->key};

    if (wish->kind == CHAOS_COUPON)
        chaos_keep(ret_choice, &ret_choice->coupons, &kept);
    if (wish->kind == CHAOS_ORDER)
        chaos_keep(ret_choice, &ret_choice->orders, &kept);
}

static void test_mix_is_parsed(void **state)
{
    struct chaos_mix mix;

    (void)state;
    assert_true(chaos_mix_parse(FC_STR("order=3,cancel=0"), &mix));
    assert_int_equal(mix.shares[CHAOS_ORDER], 3);
    assert_int_equal(mix.shares[CHAOS_COUPON], 0);
    assert_false(chaos_mix_parse(FC_STR(""), &mix));
    assert_false(chaos_mix_parse(FC_STR("order=0"), &mix));
    assert_false(chaos_mix_parse(FC_STR("order"), &mix));
    assert_false(chaos_mix_parse(FC_STR("order=-1"), &mix));
    assert_false(chaos_mix_parse(FC_STR("user=1"), &mix));
}

static void test_choice_is_the_same_for_the_same_seed_only(void **state)
{
    int32_t same = 0;

    (void)state;
    choice_init(&other, 1);
    for (int i = 0; i < 100; i++) {
        struct chaos_wish a;
        struct chaos_wish b;

        chaos_choose(&choice, &a);
        chaos_choose(&other, &b);
        assert_int_equal(a.kind, b.kind);
        assert_int_equal(a.user_id, b.user_id);
        assert_int_equal(a.subject_id, b.subject_id);
        assert_int_equal(a.amount, b.amount);
    }
    choice_init(&other, 2);
    for (int i = 0; i < 100; i++) {
        struct chaos_wish a;
        struct chaos_wish b;

        chaos_choose(&choice, &a);
        chaos_choose(&other, &b);
        same += a.user_id == b.user_id;
    }
    assert_in_range(same, 0, 50);
}

/* A form that nobody would take proves nothing. */
static void assert_is_a_command(const struct chaos_wish *wish)
{
    struct fc_arena arena;
    struct wire_faults faults;
    struct command command;
    struct command parsed;
    struct fc_buf body;
    struct call call;

    fc_arena_init(&arena, block, sizeof(block));
    chaos_wish_command(wish, &arena, &command);
    body = fc_arena_buf_begin(&arena);
    assert_true(caller_route(&command, true, &body, &call));
    assert_true(fc_arena_buf_end(&arena, &body, &call.body));
    assert_in_range(call.body.len, 1, 2048);
    assert_true(wire_command_key_fits(command.type, command.key));
    parsed = (struct command){.type = command.type, .key = command.key};
    wire_faults_init(&faults, &arena);
    assert_true(wire_body_parse(call.body, &arena, &parsed, &faults));
}

static void test_choice_makes_commands_of_every_kind(void **state)
{
    int64_t kinds[CHAOS_MIX_COUNT] = {0};
    int32_t with_coupon = 0;

    (void)state;
    for (int i = 0; i < WISHES; i++) {
        struct chaos_wish wish;

        chaos_choose(&choice, &wish);
        learn(&choice, &wish, i + 1);
        assert_is_a_command(&wish);
        kinds[wish.kind]++;
        with_coupon += !fc_uuid_is_zero(&wish.coupon_id);
        if (wish.kind == CHAOS_CANCEL)
            assert_false(fc_uuid_is_zero(&wish.order_id));
    }
    assert_in_range(kinds[CHAOS_COUPON], WISHES * 45 / 100, WISHES * 55 / 100);
    assert_in_range(kinds[CHAOS_ORDER], WISHES * 25 / 100, WISHES * 35 / 100);
    assert_in_range(kinds[CHAOS_CANCEL], WISHES * 3 / 100, WISHES * 7 / 100);
    assert_in_range(kinds[CHAOS_RESTOCK], 1, WISHES * 3 / 100);
    assert_in_range(with_coupon, WISHES * 5 / 100, WISHES * 15 / 100);
}

static void test_order_has_one_first_come_product_and_its_key(void **state)
{
    int32_t under_product = 0;

    (void)state;
    for (int i = 0; i < WISHES; i++) {
        struct chaos_wish wish;
        int64_t first_come = 0;

        chaos_choose(&choice, &wish);
        if (wish.kind != CHAOS_ORDER)
            continue;
        for (int32_t line = 0; line < wish.line_count; line++) {
            if (!chaos_is_first_come(wish.lines[line].product_id))
                continue;
            assert_int_equal(first_come, 0);
            first_come = wish.lines[line].product_id;
        }
        under_product += first_come != 0;
        assert_int_equal(wish.key.kind, first_come != 0 ? COMMAND_KEY_PRODUCT : COMMAND_KEY_USER);
        assert_int_equal(wish.key.id, first_come != 0 ? first_come : wish.user_id);
    }
    assert_in_range(under_product, WISHES / 20, WISHES / 4);
}

static int64_t coupons_of(int64_t template_id)
{
    int64_t count = 0;

    for (int i = 0; i < 1000; i++) {
        struct chaos_wish wish;

        chaos_choose(&choice, &wish);
        count += wish.kind == CHAOS_COUPON && wish.subject_id == template_id;
    }
    return count;
}

static void test_race_moves_on_when_a_template_is_sold_out(void **state)
{
    (void)state;
    assert_in_range(coupons_of(101), 350, 550);
    chaos_template_is_sold_out(&choice, 101);
    assert_in_range(coupons_of(101), 1, 60);
    assert_in_range(coupons_of(102), 350, 550);
    chaos_template_is_sold_out(&choice, 103);
    chaos_template_is_sold_out(&choice, 102);
    assert_in_range(coupons_of(104), 350, 550);
    /* There is no other behind the last. */
    chaos_template_is_sold_out(&choice, 104);
    assert_in_range(coupons_of(104), 350, 550);
}

static void test_shelves_are_bounded(void **state)
{
    struct chaos_kept kept = {.user_id = 1};

    (void)state;
    for (int i = 0; i < 3 * CHAOS_KEPT_MAX; i++)
        chaos_keep(&choice, &choice.coupons, &kept);
    assert_int_equal(choice.coupons.count, CHAOS_KEPT_MAX);
}

/* Without a key nobody may ask twice. */
static void test_manner_without_a_key_is_one_try(void **state)
{
    int32_t keyless = 0;
    int32_t copied = 0;
    int32_t impatient = 0;
    int32_t over_amqp = 0;
    int32_t waiting = 0;

    (void)state;
    for (int i = 0; i < WISHES; i++) {
        struct chaos_manner manner = chaos_choose_manner(&choice);

        assert_false(!manner.keyed && (manner.copied || manner.patience_ms != 0));
        keyless += !manner.keyed;
        copied += manner.copied;
        impatient += manner.patience_ms != 0;
        over_amqp += manner.over_amqp;
        waiting += manner.wait_s > 0;
    }
    assert_in_range(keyless, WISHES / 25, WISHES / 8);
    assert_in_range(copied, WISHES / 50, WISHES / 15);
    assert_in_range(impatient, WISHES / 20, WISHES / 7);
    assert_in_range(over_amqp, WISHES / 7, WISHES / 4);
    assert_in_range(waiting, WISHES / 3, WISHES / 2);
}

static void test_retry_comes_later_each_time_within_bounds(void **state)
{
    struct fc_backoff backoff;
    int32_t longest = 0;

    (void)state;
    chaos_retry_init(&backoff, &choice);
    for (int i = 0; i < 200; i++) {
        int32_t ms = chaos_retry_ms(&backoff, 0);

        assert_in_range(ms, CHAOS_RETRY_MS_MIN,
                        i == 0 ? 3 * CHAOS_RETRY_MS_MIN : CHAOS_RETRY_MS_MAX);
        longest = ms > longest ? ms : longest;
    }
    assert_in_range(longest, CHAOS_RETRY_MS_MAX / 2, CHAOS_RETRY_MS_MAX);
}

static void test_retry_honours_retry_after_up_to_its_bound(void **state)
{
    struct fc_backoff backoff;

    (void)state;
    chaos_retry_init(&backoff, &choice);
    assert_in_range(chaos_retry_ms(&backoff, 1), 1000, 1999);
    assert_in_range(chaos_retry_ms(&backoff, 3600), CHAOS_RETRY_AFTER_S_MAX * 1000,
                    CHAOS_RETRY_AFTER_S_MAX * 1000 + 999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mix_is_parsed),
        cmocka_unit_test_setup(test_choice_is_the_same_for_the_same_seed_only, begin),
        cmocka_unit_test_setup(test_choice_makes_commands_of_every_kind, begin),
        cmocka_unit_test_setup(test_order_has_one_first_come_product_and_its_key, begin),
        cmocka_unit_test_setup(test_race_moves_on_when_a_template_is_sold_out, begin),
        cmocka_unit_test_setup(test_shelves_are_bounded, begin),
        cmocka_unit_test_setup(test_manner_without_a_key_is_one_try, begin),
        cmocka_unit_test_setup(test_retry_comes_later_each_time_within_bounds, begin),
        cmocka_unit_test_setup(test_retry_honours_retry_after_up_to_its_bound, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
