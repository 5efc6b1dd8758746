#include "core/stock.h"

#include "base/assert.h"

const struct option *stock_of_option(const struct shop *shop, int64_t option_id)
{
    const struct option *option = shop_find_option(shop, option_id);

    return option != NULL && option->row.exists ? option : NULL;
}

int64_t stock_available(const struct option *option)
{
    FC_ASSERT(option->reserved >= 0);
    FC_ASSERT(option->reserved <= option->total);
    return option->total - option->reserved;
}

struct decision stock_decide_restock(const struct shop *shop, const struct command *command)
{
    const struct option_restock *restock = &command->body.option_restock;
    const struct option *option = stock_of_option(shop, restock->option_id);

    if (command->key.kind != COMMAND_KEY_PRODUCT)
        return decision_refused(VERDICT_MISROUTED, restock->option_id);
    if (option == NULL)
        return decision_refused(VERDICT_UNKNOWN_OPTION, restock->option_id);
    if (!command_key_is(command, COMMAND_KEY_PRODUCT, option->product_id))
        return decision_refused(VERDICT_MISROUTED, option->product_id);
    if (restock->quantity < -stock_available(option))
        return decision_refused(VERDICT_INSUFFICIENT_STOCK, restock->option_id);
    if (restock->quantity > STOCK_MAX - option->total)
        return decision_refused(VERDICT_INVALID_REQUEST, restock->option_id);

    struct decision decision = decision_succeeded(shop, 1);

    stock_restock(option, restock->quantity, &decision);
    return decision;
}

void stock_restock(const struct option *option, int64_t quantity, struct decision *decision)
{
    FC_ASSERT(option->row.exists);
    FC_ASSERT(option->total + quantity >= option->reserved);
    struct event *event = decision_add(decision, EVENT_STOCK_RESTOCKED, 0);

    event->data.stock_restocked = (struct stock_restocked){
        .option_id = option->option_id,
        .product_id = option->product_id,
        .quantity = quantity,
    };
}

static struct option *stock_move(struct shop *shop, int64_t option_id, int64_t quantity)
{
    struct option *option = shop_find_option(shop, option_id);

    FC_ASSERT(option != NULL);
    FC_ASSERT(option->row.exists);
    FC_ASSERT(option->reserved <= option->total + quantity);
    FC_ASSERT(option->total + quantity <= STOCK_MAX);
    option->total += quantity;
    option->total_delta += quantity;
    return option;
}

void stock_apply_restocked(struct shop *shop, const struct event *event)
{
    const struct stock_restocked *restocked = &event->data.stock_restocked;
    const struct option *option = stock_move(shop, restocked->option_id, restocked->quantity);

    FC_ASSERT(option->product_id == restocked->product_id);
}

void stock_apply_taken(struct shop *shop, const struct event *event)
{
    const struct stock_taken *taken = &event->data.stock_taken;

    FC_ASSERT(taken->line_count > 0);
    for (int32_t i = 0; i < taken->line_count; i++) {
        const struct stock_line *line = &taken->lines[i];

        FC_ASSERT(line->quantity > 0);
        FC_ASSERT(i == 0 || taken->lines[i - 1].option_id < line->option_id);
        struct option *option = stock_move(shop, line->option_id, -line->quantity);

        if (!option->ordered)
            option->ordered_changed = true;
        option->ordered = true;
    }
}
