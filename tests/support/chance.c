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

static struct fc_str any_name(struct chance *chance)
{
    return fc_str_of(names[chance_below(chance, (int64_t)FC_ARRAY_COUNT(names))]);
}

static int64_t any_option(struct chance *chance, int64_t product_id)
{
    return product_id * 10 + chance_below(chance, OPTIONS);
}

static void *take(struct chance *chance, size_t count, size_t size)
{
    void *taken = fc_arena_take(chance->arena, count, size);

    FC_ASSERT(taken != NULL);
    return taken;
}

void chance_keep_coupon(struct chance *chance, const struct fc_uuid *coupon_id, int64_t user_id)
{
    int64_t at = chance->coupon_count;

    if (at == CHANCE_COUPONS)
        at = chance_below(chance, CHANCE_COUPONS);
    else
        chance->coupon_count++;
    chance->coupons[at] = (struct chance_coupon){*coupon_id, user_id};
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

static void ask_order(struct chance *chance, struct command *command, int64_t user_id)
{
    struct order_place *place = &command->body.order_place;
    int64_t key = chance_below(chance, CHANCE_PRODUCTS) + 1;

    place->user_id = user_id;
    place->lines = take(chance, LINES, sizeof(*place->lines));
    place->line_count = (int32_t)chance_below(chance, LINES) + 1;
    for (int32_t i = 0; i < place->line_count; i++) {
        int64_t product_id =
            chance_one_in(chance, 3) ? chance_below(chance, CHANCE_PRODUCTS) + 1 : key;

        place->lines[i] = (struct order_line){
            .product_id = chance_one_in(chance, 3) ? product_id : 0,
            .option_id = chance_one_in(chance, 9) ? 0 : any_option(chance, product_id),
            .quantity = chance_below(chance, 4) + 1,
        };
        if (chance_one_in(chance, 200))
            place->lines[i].quantity = QUANTITY_MAX;
    }
    if (chance_one_in(chance, 2) && chance->coupon_count > 0)
        any_coupon(chance, place);
    if (chance_one_in(chance, 20))
        place->payment = PAYMENT_BANK_TRANSFER;
    command->key = (struct command_key){COMMAND_KEY_USER, place->user_id};
    if (chance_one_in(chance, 2))
        command->key = (struct command_key){COMMAND_KEY_PRODUCT, key};
}

static void ask_product(struct chance *chance, struct command *command, int64_t product_id)
{
    struct product_put *put = &command->body.product_put;

    command->key = (struct command_key){COMMAND_KEY_PRODUCT, product_id};
    put->product_id = product_id;
    put->name = any_name(chance);
    put->price = KRW(chance_below(chance, 30) * 50 + 100);
    put->status = chance_one_in(chance, 8) ? PRODUCT_STOPPED : PRODUCT_ON_SALE;
    put->first_come = chance_one_in(chance, 3);
    put->options = take(chance, OPTIONS, sizeof(*put->options));
    put->option_count =
        chance_one_in(chance, 3) ? (int32_t)chance_below(chance, OPTIONS) + 1 : OPTIONS;
    for (int32_t i = 0; i < put->option_count; i++) {
        put->options[i] = (struct option_put){
            .option_id = product_id * 10 + i,
            .name = chance_one_in(chance, 12) ? any_name(chance) : fc_str_of(names[i]),
            .surcharge = KRW(chance_below(chance, 5) * 50 - 100),
            .stock = chance_below(chance, 40),
        };
        if (chance_one_in(chance, 12))
            put->options[i].option_id = 0;
        if (chance_one_in(chance, 12))
            put->options[i].option_id =
                any_option(chance, chance_below(chance, CHANCE_PRODUCTS) + 1);
    }
}

static void ask_template(struct chance *chance, struct command *command, int64_t template_id)
{
    struct template_put *put = &command->body.template_put;

    put->template_id = template_id;
    put->name = any_name(chance);
    put->discount = chance_one_in(chance, 2)
                        ? (struct discount){DISCOUNT_AMOUNT, chance_below(chance, 4000) + 1}
                        : (struct discount){DISCOUNT_RATE, chance_below(chance, BASIS_POINTS) + 1};
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

/* About a user, a product and a template; the key may be wrong. */
void chance_command(struct chance *chance, struct fc_instant now, struct command *command)
{
    int64_t user_id = chance_below(chance, CHANCE_USERS) + 1;
    int64_t product_id = chance_below(chance, CHANCE_PRODUCTS) + 1;
    int64_t template_id = chance_below(chance, CHANCE_TEMPLATES) + 1;

    static const enum command_type types[] = {
        COMMAND_USER_REGISTER,   COMMAND_WALLET_CHARGE,  COMMAND_WALLET_CHARGE,
        COMMAND_COUPON_ISSUE,    COMMAND_COUPON_ISSUE,   COMMAND_TEMPLATE_PUT,
        COMMAND_ORDER_PLACE,     COMMAND_ORDER_PLACE,    COMMAND_ORDER_PLACE,
        COMMAND_ORDER_PLACE,     COMMAND_ORDER_PLACE,    COMMAND_PRODUCT_PUT,
        COMMAND_PRODUCT_PUT,     COMMAND_PRODUCT_DELETE, COMMAND_OPTION_RESTOCK,
        COMMAND_TEMPLATE_DELETE,
    };

    *command = (struct command){.accepted_at = now};
    chance->command_count++;
    command->id = fc_uuid_v8(now, (uint32_t)chance->command_count % 4096, 0);
    command->type = types[chance_below(chance, (int64_t)FC_ARRAY_COUNT(types))];
    command->key = (struct command_key){COMMAND_KEY_USER, user_id};
    if (command->type == COMMAND_USER_REGISTER) {
        command->body.user_register.user_id = user_id;
    } else if (command->type == COMMAND_WALLET_CHARGE) {
        command->body.wallet_charge =
            (struct wallet_charge){user_id, KRW(chance_below(chance, 2300) - 100)};
    } else if (command->type == COMMAND_ORDER_PLACE) {
        ask_order(chance, command, user_id);
    } else if (command->type == COMMAND_PRODUCT_PUT) {
        ask_product(chance, command, product_id);
    } else if (command->type == COMMAND_PRODUCT_DELETE) {
        command->body.product_delete.product_id = product_id;
        command->key = (struct command_key){COMMAND_KEY_PRODUCT, product_id};
    } else if (command->type == COMMAND_OPTION_RESTOCK) {
        command->body.option_restock.option_id = any_option(chance, product_id);
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
    if (chance_one_in(chance, 50))
        command->key.id++;
}
