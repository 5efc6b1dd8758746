/*
 * A word that names a command's type and, behind a blank, its key; then its body as over HTTP. What
 * is taken is written and read again as the same, and is within the bounds that the core relies on.
 */
#include "support/fuzz.h"

#include "wire/command.h"

static bool head_read(struct fc_str word, struct command *command)
{
    struct fc_str type = fc_str_cut(&word, ' ');

    *command = (struct command){.key = {.id = 0}};
    if (!wire_command_type_parse(type, &command->type))
        return false;
    return word.len == 0 || (wire_command_key_parse(word, &command->key) &&
                             wire_command_key_fits(command->type, command->key));
}

static void check_lines(const struct order_line *lines, int32_t count)
{
    FC_ASSERT(count >= 1 && count <= ORDER_LINES_MAX);
    for (int32_t i = 0; i < count; i++) {
        FC_ASSERT(lines[i].quantity >= 1 && lines[i].quantity <= QUANTITY_MAX);
        FC_ASSERT(lines[i].option_id >= 0 && lines[i].option_id <= ID_MAX);
        FC_ASSERT(lines[i].product_id >= 0 && lines[i].product_id <= ID_MAX);
        FC_ASSERT((lines[i].option_id != 0) || (lines[i].product_id != 0));
    }
}

static void check_text(struct fc_str text, size_t bytes_max)
{
    FC_ASSERT(text.len <= bytes_max && fc_str_is_utf8(text));
}

static void check_product(const struct product_put *product)
{
    FC_ASSERT(product->product_id >= 0 && product->product_id <= ID_MAX);
    FC_ASSERT(product->price.won >= 0 && product->price.won <= PRICE_KRW_MAX);
    FC_ASSERT(product->name.len >= 1);
    check_text(product->name, NAME_BYTES_MAX);
    check_text(product->category, CATEGORY_BYTES_MAX);
    FC_ASSERT(product->option_count >= 1 && product->option_count <= PRODUCT_OPTIONS_MAX);
    for (int32_t i = 0; i < product->option_count; i++) {
        const struct option_put *option = &product->options[i];

        FC_ASSERT(option->stock >= 0 && option->stock <= STOCK_MAX);
        FC_ASSERT(option->surcharge.won >= -PRICE_KRW_MAX &&
                  option->surcharge.won <= PRICE_KRW_MAX);
        check_text(option->name, NAME_BYTES_MAX);
    }
}

static void check_order(const struct order_place *order)
{
    FC_ASSERT(order->user_id >= 1 && order->user_id <= ID_MAX);
    FC_ASSERT(order->from_balance.won >= 0 && order->from_balance.won <= AMOUNT_KRW_MAX);
    FC_ASSERT(order->payment == PAYMENT_BANK_TRANSFER || order->from_balance.won == 0);
    check_lines(order->lines, order->line_count);
}

static void check_template(const struct template_put *template)
{
    FC_ASSERT(template->template_id >= 0 && template->template_id <= ID_MAX);
    FC_ASSERT(template->quantity >= 0 && template->quantity <= COUPON_QUANTITY_MAX);
    FC_ASSERT(template->limited || template->quantity == 0);
    FC_ASSERT(template->valid_days >= 0 && template->valid_days <= COUPON_VALID_DAYS_MAX);
    FC_ASSERT(template->min_total.won >= 0 && template->min_total.won <= AMOUNT_KRW_MAX);
    FC_ASSERT(template->discount.value >= 1 && template->discount.value <= AMOUNT_KRW_MAX);
    FC_ASSERT(template->discount.type == DISCOUNT_AMOUNT ||
              template->discount.value <= BASIS_POINTS);
    check_text(template->name, NAME_BYTES_MAX);
}

static void check_bounds(const struct command *command)
{
    int64_t amount = command->body.wallet_charge.amount.won;

    FC_ASSERT(command_user_id(command) >= 0 && command_user_id(command) <= ID_MAX);
    if (command->type == COMMAND_ORDER_PLACE)
        check_order(&command->body.order_place);
    if (command->type == COMMAND_ORDER_CHANGE)
        check_lines(command->body.order_change.lines, command->body.order_change.line_count);
    if (command->type == COMMAND_ORDER_SHIP)
        check_lines(command->body.order_ship.lines, command->body.order_ship.line_count);
    if (command->type == COMMAND_ORDER_CANCEL)
        check_text(command->body.order_cancel.reason, REASON_BYTES_MAX);
    if (command->type == COMMAND_PRODUCT_PUT)
        check_product(&command->body.product_put);
    if (command->type == COMMAND_TEMPLATE_PUT)
        check_template(&command->body.template_put);
    if (command->type == COMMAND_WALLET_CHARGE)
        FC_ASSERT(amount >= -AMOUNT_KRW_MAX && amount <= AMOUNT_KRW_MAX);
    if (command->type == COMMAND_COUPON_EXPIRE)
        FC_ASSERT(command->body.coupon_expire.coupon_count >= 1 &&
                  command->body.coupon_expire.coupon_count <= COUPON_EXPIRE_MAX);
}

static bool parse(struct fc_str head, struct fc_str body, struct fc_arena *arena,
                  struct command *ret_command, struct wire_faults *faults)
{
    if (!head_read(head, ret_command))
        return false;
    wire_faults_init(faults, arena);
    return wire_body_parse(body, arena, ret_command, faults);
}

static void check_again(struct fc_str head, const struct command *command)
{
    struct fc_buf first = fuzz_buf();
    struct fc_buf second = fuzz_buf_other();
    struct wire_faults faults;
    struct command again;

    wire_body_put(&first, command);
    FC_ASSERT(!first.overflow && fc_str_is_utf8(fc_buf_str(&first)));
    FC_ASSERT(parse(head, fc_buf_str(&first), fuzz_arena_other(), &again, &faults));
    wire_body_put(&second, &again);
    FC_ASSERT(fc_str_eq(fc_buf_str(&first), fc_buf_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fc_str body = fuzz_text(data, size);
    struct fc_str head = fuzz_word(&body);
    struct fc_arena *arena = fuzz_arena();
    struct wire_faults faults;
    struct command command;

    if (!head_read(head, &command))
        return 0;
    bool good = parse(head, body, arena, &command, &faults);

    FC_ASSERT(!faults.arena_full && good == (faults.count == 0));
    if (good) {
        check_bounds(&command);
        check_again(head, &command);
    } else {
        FC_ASSERT(faults.items[0].detail.len > 0);
    }
    /* One step too few: the arena is full, or it was not needed. */
    struct fc_arena *narrow = fuzz_arena_narrow(arena->used_max > 16 ? arena->used_max - 16 : 0);
    bool fits = parse(head, body, narrow, &command, &faults);

    FC_ASSERT(good || !fits);
    FC_ASSERT(fits || faults.arena_full || !good);
    fuzz_arena_narrow_end(true);
    return 0;
}
