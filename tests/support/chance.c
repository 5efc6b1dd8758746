#include "support/chance.h"

#include "base/assert.h"
#include "base/limits.h"

#define LINES 4
#define OPTIONS 3

static const char *const names[] = {"cup", "can", "jug", "pot", "red", "blue", "green"};

/* xorshift64 (Marsaglia): 0 to below - 1. */
int64_t chance_below(struct chance *chance, int64_t below)
{
    chance->state ^= chance->state << 13;
    chance->state ^= chance->state >> 7;
    chance->state ^= chance->state << 17;
    return (int64_t)(chance->state >> 11) % below;
}

bool chance_one_in(struct chance *chance, int64_t count)
{
    return chance_below(chance, count) == 0;
}

int64_t chance_id(struct chance *chance, int64_t count)
{
    return chance->before + chance_below(chance, count) + 1;
}

int64_t chance_option(struct chance *chance, int64_t product_id)
{
    return product_id * 10 + chance_below(chance, OPTIONS);
}

/* Those of one hundred are not taken by another. */
static struct fc_str name_of(struct chance *chance, int64_t number)
{
    struct fc_str name = fc_str_of(names[number % (int64_t)FC_ARRAY_COUNT(names)]);
    struct fc_buf buf;

    if (chance->before == 0)
        return name;
    buf = fc_arena_buf_begin(chance->arena);
    fc_buf_put_fmt(&buf, FC_STR_FMT " of %lld", FC_STR_ARG(name), (long long)chance->before);
    FC_ASSERT(fc_arena_buf_end(chance->arena, &buf, &name));
    return name;
}

static struct fc_str any_name(struct chance *chance)
{
    return name_of(chance, chance_below(chance, (int64_t)FC_ARRAY_COUNT(names)));
}

static void *take(struct chance *chance, size_t count, size_t size)
{
    void *taken = fc_arena_take(chance->arena, count, size);

    FC_ASSERT(taken != NULL);
    return taken;
}

/* A place among `count_max`: the next free one, then any. */
static int64_t place_of(struct chance *chance, int32_t *count, int32_t count_max)
{
    return *count < count_max ? (*count)++ : chance_below(chance, count_max);
}

void chance_keep_coupon(struct chance *chance, const struct chance_coupon *coupon)
{
    chance->coupons[place_of(chance, &chance->coupon_count, CHANCE_COUPONS)] = *coupon;
}

void chance_keep_order(struct chance *chance, const struct chance_order *order)
{
    chance->orders[place_of(chance, &chance->order_count, CHANCE_ORDERS)] = *order;
}

/* Mostly by the one who holds it. */
static void any_coupon(struct chance *chance, struct order_place *place)
{
    const struct chance_coupon *coupon =
        &chance->coupons[chance_below(chance, chance->coupon_count)];

    place->has_coupon = true;
    place->coupon_id = coupon->coupon_id;
    place->coupon_id.bytes[15] ^= chance_one_in(chance, 20);
    if (!chance_one_in(chance, 4))
        place->user_id = coupon->user_id;
}

void chance_lines(struct chance *chance, int64_t usual, struct order_line **ret_lines,
                  int32_t *ret_count)
{
    struct order_line *lines = take(chance, LINES, sizeof(*lines));
    int32_t count = chance_one_in(chance, 2) ? 1 : (int32_t)chance_below(chance, LINES) + 1;

    for (int32_t i = 0; i < count; i++) {
        int64_t product_id = chance_one_in(chance, 3) ? chance_id(chance, CHANCE_PRODUCTS) : usual;

        lines[i] = (struct order_line){
            .product_id = chance_one_in(chance, 3) ? product_id : 0,
            .option_id = chance_one_in(chance, 12) ? 0 : chance_option(chance, product_id),
            .quantity = chance_below(chance, 4) + 1,
        };
        if (chance_one_in(chance, 200))
            lines[i].quantity = QUANTITY_MAX;
    }
    *ret_lines = lines;
    *ret_count = count;
}

static void ask_order(struct chance *chance, struct command *command, int64_t user_id)
{
    struct order_place *place = &command->body.order_place;
    int64_t key = chance_id(chance, CHANCE_PRODUCTS);

    place->user_id = user_id;
    chance_lines(chance, key, &place->lines, &place->line_count);
    if (chance_one_in(chance, 2) && chance->coupon_count > 0)
        any_coupon(chance, place);
    if (chance_one_in(chance, 3))
        place->payment = PAYMENT_BANK_TRANSFER;
    if (place->payment == PAYMENT_BANK_TRANSFER && chance_one_in(chance, 2))
        place->from_balance = KRW(chance_below(chance, 3000));
    command->key = (struct command_key){COMMAND_KEY_USER, place->user_id};
    if (chance_one_in(chance, 2))
        command->key = (struct command_key){COMMAND_KEY_PRODUCT, key};
}

static void ask_product(struct chance *chance, struct command *command, int64_t product_id)
{
    struct product_put *put = &command->body.product_put;

    command->key = (struct command_key){COMMAND_KEY_PRODUCT, product_id};
    put->product_id = product_id;
    put->name =
        chance_one_in(chance, 6) ? any_name(chance) : name_of(chance, product_id - chance->before);
    put->category = chance_one_in(chance, 2) ? any_name(chance) : FC_STR_NONE;
    put->price = KRW(chance_below(chance, 30) * 50 + 100);
    put->status = chance_one_in(chance, 8) ? PRODUCT_STOPPED : PRODUCT_ON_SALE;
    put->first_come = chance_one_in(chance, 3);
    put->options = take(chance, OPTIONS, sizeof(*put->options));
    put->option_count =
        chance_one_in(chance, 3) ? (int32_t)chance_below(chance, OPTIONS) + 1 : OPTIONS;
    for (int32_t i = 0; i < put->option_count; i++) {
        put->options[i] = (struct option_put){
            .option_id = product_id * 10 + i,
            .name = chance_one_in(chance, 20) ? any_name(chance) : fc_str_of(names[i]),
            .surcharge = KRW(chance_below(chance, 5) * 50 - 100),
            .stock = chance_one_in(chance, 60) ? STOCK_MAX : chance_below(chance, 40),
        };
        if (chance_one_in(chance, 12))
            put->options[i].option_id = 0;
        if (chance_one_in(chance, 30))
            put->options[i].option_id = chance_option(chance, chance_id(chance, CHANCE_PRODUCTS));
    }
}

static void ask_template(struct chance *chance, struct command *command, int64_t template_id)
{
    struct template_put *put = &command->body.template_put;

    put->template_id = template_id;
    put->name = any_name(chance);
    put->discount.type = chance_one_in(chance, 2) ? DISCOUNT_AMOUNT : DISCOUNT_RATE;
    put->discount.value = chance_below(chance, BASIS_POINTS) + 1;
    if (put->discount.type == DISCOUNT_AMOUNT && !chance_one_in(chance, 3))
        put->discount.value = chance_below(chance, 4000) + 1;
    put->limited = !chance_one_in(chance, 4);
    put->quantity = put->limited ? chance_below(chance, 5) : 0;
    put->issue_from = command->accepted_at;
    if (chance_one_in(chance, 4))
        put->issue_from.us += chance_below(chance, 200) * FC_US_PER_S;
    put->issue_until.us = put->issue_from.us + (chance_below(chance, 99) + 1) * FC_US_PER_S;
    if (!chance_one_in(chance, 4))
        put->issue_until.us += FC_US_PER_DAY;
    put->valid_days = chance_one_in(chance, 3) ? 0 : 1;
    put->min_total = KRW(chance_below(chance, 3) * 1500);
}

/* About a user, a product and a template. */
static void ask_any(struct chance *chance, struct command *command)
{
    int64_t user_id = chance_id(chance, CHANCE_USERS);
    int64_t product_id = chance_id(chance, CHANCE_PRODUCTS);
    int64_t template_id = chance_id(chance, CHANCE_TEMPLATES);

    static const enum command_type types[] = {
        COMMAND_USER_REGISTER,  COMMAND_WALLET_CHARGE,   COMMAND_WALLET_CHARGE,
        COMMAND_ORDER_PLACE,    COMMAND_ORDER_PLACE,     COMMAND_PRODUCT_PUT,
        COMMAND_TEMPLATE_PUT,   COMMAND_COUPON_ISSUE,    COMMAND_COUPON_ISSUE,
        COMMAND_TEMPLATE_PUT,   COMMAND_ORDER_PLACE,     COMMAND_ORDER_PLACE,
        COMMAND_ORDER_PLACE,    COMMAND_ORDER_PLACE,     COMMAND_ORDER_PLACE,
        COMMAND_PRODUCT_PUT,    COMMAND_PRODUCT_PUT,     COMMAND_PRODUCT_DELETE,
        COMMAND_OPTION_RESTOCK, COMMAND_TEMPLATE_DELETE,
    };

    command->type = types[chance_below(chance, (int64_t)FC_ARRAY_COUNT(types))];
    command->key = (struct command_key){COMMAND_KEY_USER, user_id};
    if (command->type == COMMAND_USER_REGISTER) {
        command->body.user_register.user_id = user_id;
    } else if (command->type == COMMAND_WALLET_CHARGE) {
        command->body.wallet_charge.user_id = user_id;
        command->body.wallet_charge.amount =
            KRW(chance_below(chance, chance_one_in(chance, 3) ? 20000 : 2300) - 100);
    } else if (command->type == COMMAND_ORDER_PLACE) {
        ask_order(chance, command, user_id);
    } else if (command->type == COMMAND_PRODUCT_PUT) {
        ask_product(chance, command, product_id);
    } else if (command->type == COMMAND_PRODUCT_DELETE) {
        command->body.product_delete.product_id = product_id;
        command->key = (struct command_key){COMMAND_KEY_PRODUCT, product_id};
    } else if (command->type == COMMAND_OPTION_RESTOCK) {
        command->body.option_restock.option_id = chance_option(chance, product_id);
        command->body.option_restock.quantity =
            chance_one_in(chance, 30) ? STOCK_MAX : chance_below(chance, 30) - 9;
        command->key = (struct command_key){COMMAND_KEY_PRODUCT, product_id};
    } else {
        command->key = (struct command_key){COMMAND_KEY_TEMPLATE, template_id};
        command->body.coupon_issue = (struct coupon_issue){template_id, user_id};
        if (command->type == COMMAND_TEMPLATE_DELETE)
            command->body.template_delete.template_id = template_id;
        if (command->type == COMMAND_TEMPLATE_PUT)
            ask_template(chance, command, template_id);
    }
}

void chance_command(struct chance *chance, struct fc_instant now, struct command *command)
{
    *command = (struct command){.accepted_at = now};
    chance->command_count++;
    command->id = fc_uuid_v8(now, (uint32_t)chance->command_count % 4096, 0);
    if (!chance_one_in(chance, 3) || !chance_later(chance, command))
        ask_any(chance, command);
    /* The key may be wrong. */
    if (chance_one_in(chance, 50))
        command->key.id++;
}
