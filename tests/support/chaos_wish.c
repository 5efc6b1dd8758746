#include "support/chaos_wish.h"

#include "base/assert.h"

#define PRICE_STEP 1000
#define PRICE_STEPS 5
/* Every second product is soon sold out, and then sold again piece by piece. */
#define STOCK_SCARCE 60
#define STOCK_PLENTY 10000000
#define DISCOUNT 500
#define OPEN_DAYS 30

bool chaos_is_first_come(int64_t product_id)
{
    return product_id % 3 == 0;
}

int32_t chaos_option_count(int64_t product_id)
{
    return (int32_t)(product_id % 3) + 1;
}

int64_t chaos_option_id(int64_t product_id, int32_t option)
{
    return product_id * PRODUCT_OPTIONS_MAX + option;
}

bool chaos_is_admins(enum chaos_kind kind)
{
    return kind == CHAOS_RESTOCK || kind == CHAOS_PRODUCT || kind == CHAOS_TEMPLATE;
}

static struct command_key key_of_order(const struct chaos_wish *wish)
{
    for (int32_t i = 0; i < wish->line_count; i++)
        if (chaos_is_first_come(wish->lines[i].product_id))
            return (struct command_key){COMMAND_KEY_PRODUCT, wish->lines[i].product_id};
    return (struct command_key){COMMAND_KEY_USER, wish->user_id};
}

void chaos_wish_key(struct chaos_wish *wish)
{
    switch (wish->kind) {
    case CHAOS_COUPON:
    case CHAOS_TEMPLATE:
        wish->key = (struct command_key){COMMAND_KEY_TEMPLATE, wish->subject_id};
        return;
    case CHAOS_ORDER:
        wish->key = key_of_order(wish);
        return;
    case CHAOS_CHARGE:
    case CHAOS_USER:
        wish->key = (struct command_key){COMMAND_KEY_USER, wish->user_id};
        return;
    case CHAOS_RESTOCK:
    case CHAOS_PRODUCT:
        wish->key = (struct command_key){COMMAND_KEY_PRODUCT, wish->subject_id};
        return;
    case CHAOS_CANCEL:
        return;
    }
    FC_UNREACHABLE("no such kind");
}

/* --- what the shop is made of ----------------------------------------------------------------- */

static void *take(struct fc_arena *arena, size_t count, size_t size)
{
    void *taken = fc_arena_take(arena, count, size);

    FC_ASSERT(taken != NULL);
    return taken;
}

static struct fc_str name_of(struct fc_arena *arena, const char *what, int64_t number)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct fc_str name;

    fc_buf_put_fmt(&buf, "%s %lld", what, (long long)number);
    FC_ASSERT(fc_arena_buf_end(arena, &buf, &name));
    return name;
}

static struct product_put product_of(int64_t product_id, struct fc_arena *arena)
{
    int32_t count = chaos_option_count(product_id);
    struct product_put put = {
        .product_id = product_id,
        .name = name_of(arena, "product", product_id),
        .price = KRW((product_id % PRICE_STEPS + 1) * PRICE_STEP),
        .category = FC_STR("chaos"),
        .status = PRODUCT_ON_SALE,
        .first_come = chaos_is_first_come(product_id),
        .options = take(arena, (size_t)count, sizeof(*put.options)),
        .option_count = count,
    };

    for (int32_t i = 0; i < count; i++)
        put.options[i] = (struct option_put){
            .option_id = chaos_option_id(product_id, i),
            .name = name_of(arena, "option", i),
            .surcharge = KRW(0),
            .stock = product_id % 2 == 0 ? STOCK_SCARCE : STOCK_PLENTY,
        };
    return put;
}

static struct template_put template_of(const struct chaos_wish *wish, struct fc_arena *arena)
{
    return (struct template_put){
        .template_id = wish->subject_id,
        .name = name_of(arena, "template", wish->subject_id),
        .discount = {.type = DISCOUNT_AMOUNT, .value = DISCOUNT},
        .limited = true,
        .quantity = wish->amount,
        .issue_from = {wish->at_us},
        .issue_until = {wish->at_us + OPEN_DAYS * FC_US_PER_DAY},
        .min_total = KRW(0),
    };
}

/* --- what is asked of it ---------------------------------------------------------------------- */

static struct order_place order_of(const struct chaos_wish *wish, struct fc_arena *arena)
{
    struct order_place place = {
        .user_id = wish->user_id,
        .lines = take(arena, (size_t)wish->line_count, sizeof(*place.lines)),
        .line_count = wish->line_count,
        .has_coupon = !fc_uuid_is_zero(&wish->coupon_id),
        .coupon_id = wish->coupon_id,
        .payment = wish->by_transfer ? PAYMENT_BANK_TRANSFER : PAYMENT_BALANCE,
        .from_balance = KRW(0),
    };

    for (int32_t i = 0; i < wish->line_count; i++)
        place.lines[i] = (struct order_line){
            .option_id = chaos_option_id(wish->lines[i].product_id, wish->lines[i].option),
            .quantity = wish->lines[i].quantity,
        };
    return place;
}

static enum command_type type_of(enum chaos_kind kind)
{
    static const enum command_type types[] = {
        [CHAOS_COUPON] = COMMAND_COUPON_ISSUE,    [CHAOS_ORDER] = COMMAND_ORDER_PLACE,
        [CHAOS_CHARGE] = COMMAND_WALLET_CHARGE,   [CHAOS_CANCEL] = COMMAND_ORDER_CANCEL,
        [CHAOS_RESTOCK] = COMMAND_OPTION_RESTOCK, [CHAOS_USER] = COMMAND_USER_REGISTER,
        [CHAOS_PRODUCT] = COMMAND_PRODUCT_PUT,    [CHAOS_TEMPLATE] = COMMAND_TEMPLATE_PUT,
    };

    return types[kind];
}

void chaos_wish_command(const struct chaos_wish *wish, struct fc_arena *arena,
                        struct command *ret_command)
{
    struct command *command = ret_command;

    *command =
        (struct command){.type = type_of(wish->kind), .key = wish->key, .actor_id = wish->user_id};
    switch (wish->kind) {
    case CHAOS_COUPON:
        command->body.coupon_issue = (struct coupon_issue){wish->subject_id, wish->user_id};
        return;
    case CHAOS_ORDER:
        command->body.order_place = order_of(wish, arena);
        return;
    case CHAOS_CHARGE:
        command->body.wallet_charge = (struct wallet_charge){wish->user_id, KRW(wish->amount)};
        return;
    case CHAOS_CANCEL:
        command->body.order_cancel = (struct order_cancel){.order_id = wish->order_id};
        return;
    case CHAOS_RESTOCK:
        command->body.option_restock = (struct option_restock){
            chaos_option_id(wish->subject_id, wish->lines[0].option), wish->amount};
        return;
    case CHAOS_USER:
        command->body.user_register.user_id = wish->user_id;
        return;
    case CHAOS_PRODUCT:
        command->body.product_put = product_of(wish->subject_id, arena);
        return;
    case CHAOS_TEMPLATE:
        command->body.template_put = template_of(wish, arena);
        return;
    }
    FC_UNREACHABLE("no such kind");
}
