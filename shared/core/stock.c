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

int64_t stock_no_room(const struct shop *shop, const struct stock_line *lines, int32_t line_count)
{
    for (int32_t i = 0; i < line_count; i++) {
        const struct option *option = stock_of_option(shop, lines[i].option_id);

        FC_ASSERT(option != NULL);
        if (lines[i].quantity > STOCK_MAX - option->total)
            return lines[i].option_id;
    }
    return 0;
}

/* What one piece of a line moves. */
struct stock_effect {
    int32_t total;
    int32_t reserved;
};

static struct stock_effect effect_of(enum event_type type, bool from_reserved)
{
    FC_ASSERT(!from_reserved || type == EVENT_STOCK_TAKEN);
    if (type == EVENT_STOCK_RESERVED)
        return (struct stock_effect){0, 1};
    if (type == EVENT_STOCK_RELEASED)
        return (struct stock_effect){0, -1};
    if (type == EVENT_STOCK_RETURNED)
        return (struct stock_effect){1, 0};
    FC_ASSERT(type == EVENT_STOCK_TAKEN);
    return (struct stock_effect){-1, from_reserved ? -1 : 0};
}

void stock_move(const struct shop *shop, enum event_type type, const struct stock_moved *moved,
                struct decision *decision)
{
    struct stock_effect effect = effect_of(type, moved->from_reserved);

    for (int32_t i = 0; i < moved->line_count; i++) {
        const struct option *option = stock_of_option(shop, moved->lines[i].option_id);

        FC_ASSERT(option != NULL);
        int64_t total = option->total + effect.total * moved->lines[i].quantity;
        int64_t reserved = option->reserved + effect.reserved * moved->lines[i].quantity;

        FC_ASSERT(reserved >= 0);
        FC_ASSERT(reserved <= total);
        FC_ASSERT(total <= STOCK_MAX);
    }
    decision_add(decision, type, 0)->data.stock_moved = *moved;
}

static struct option *option_move(struct shop *shop, int64_t option_id, int64_t total,
                                  int64_t reserved)
{
    struct option *option = shop_find_option(shop, option_id);

    FC_ASSERT(option != NULL);
    FC_ASSERT(option->row.exists);
    option->total += total;
    option->total_delta += total;
    option->reserved += reserved;
    option->reserved_delta += reserved;
    return option;
}

void stock_apply_restocked(struct shop *shop, const struct event *event)
{
    const struct stock_restocked *restocked = &event->data.stock_restocked;
    const struct option *option = option_move(shop, restocked->option_id, restocked->quantity, 0);

    FC_ASSERT(option->product_id == restocked->product_id);
}

void stock_apply_moved(struct shop *shop, const struct event *event)
{
    const struct stock_moved *moved = &event->data.stock_moved;
    struct stock_effect effect = effect_of(event->type, moved->from_reserved);

    FC_ASSERT(moved->line_count > 0);
    for (int32_t i = 0; i < moved->line_count; i++) {
        const struct stock_line *line = &moved->lines[i];

        FC_ASSERT(line->quantity > 0);
        FC_ASSERT(i == 0 || moved->lines[i - 1].option_id < line->option_id);
        struct option *option = option_move(shop, line->option_id, effect.total * line->quantity,
                                            effect.reserved * line->quantity);

        if (!option->ordered)
            option->ordered_changed = true;
        option->ordered = true;
    }
}
