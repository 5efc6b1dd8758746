#include "shop/needs.h"

#include "base/assert.h"
#include "core/product.h"

static void list_put(struct id_list *list, struct fc_arena *arena, int64_t id)
{
    if (list->count == list->count_max) {
        int32_t count_max = list->count_max == 0 ? 64 : list->count_max * 2;
        int64_t *ids = fc_arena_take(arena, (size_t)count_max, sizeof(*ids));

        FC_ASSERT(ids != NULL);
        for (int32_t i = 0; i < list->count; i++)
            ids[i] = list->ids[i];
        list->ids = ids;
        list->count_max = count_max;
    }
    list->ids[list->count++] = id;
}

static void need_product_put(struct shop_needs *needs, struct fc_arena *arena,
                             const struct command *command)
{
    const struct product_put *put = &command->body.product_put;

    list_put(&needs->products, arena, put->product_id);
    for (int32_t i = 0; i < put->option_count; i++)
        list_put(&needs->options, arena, product_put_option_id(command, i));
}

static void need_order(struct shop_needs *needs, struct fc_arena *arena,
                       const struct order_place *place)
{
    list_put(&needs->users, arena, place->user_id);
    for (int32_t i = 0; i < place->line_count; i++) {
        if (place->lines[i].option_id != 0)
            list_put(&needs->options, arena, place->lines[i].option_id);
        else
            list_put(&needs->sold, arena, place->lines[i].product_id);
    }
}

static void need_ids(struct shop_needs *needs, struct fc_arena *arena,
                     const struct command *command)
{
    switch (command->type) {
    case COMMAND_USER_REGISTER:
        list_put(&needs->users, arena, command->body.user_register.user_id);
        return;
    case COMMAND_WALLET_CHARGE:
        list_put(&needs->users, arena, command->body.wallet_charge.user_id);
        return;
    case COMMAND_COUPON_ISSUE:
        list_put(&needs->users, arena, command->body.coupon_issue.user_id);
        list_put(&needs->templates, arena, command->body.coupon_issue.template_id);
        list_put(&needs->held_templates, arena, command->body.coupon_issue.template_id);
        list_put(&needs->holders, arena, command->body.coupon_issue.user_id);
        return;
    case COMMAND_TEMPLATE_PUT:
        list_put(&needs->templates, arena, command->body.template_put.template_id);
        return;
    case COMMAND_TEMPLATE_DELETE:
        list_put(&needs->templates, arena, command->body.template_delete.template_id);
        return;
    case COMMAND_ORDER_PLACE:
        need_order(needs, arena, &command->body.order_place);
        return;
    case COMMAND_PRODUCT_PUT:
        need_product_put(needs, arena, command);
        return;
    case COMMAND_PRODUCT_DELETE:
        list_put(&needs->products, arena, command->body.product_delete.product_id);
        return;
    case COMMAND_OPTION_RESTOCK:
        list_put(&needs->options, arena, command->body.option_restock.option_id);
        return;
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

void shop_needs_collect(struct shop_needs *needs, struct fc_arena *arena,
                        const struct command_range *range)
{
    *needs = (struct shop_needs){0};
    struct fc_str *names = fc_arena_take(arena, (size_t)range->slot_count, sizeof(*names));
    struct fc_uuid *coupons = fc_arena_take(arena, (size_t)range->slot_count, sizeof(*coupons));

    FC_ASSERT(names != NULL);
    FC_ASSERT(coupons != NULL);
    needs->names = names;
    needs->coupons = coupons;
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command *command = &range->slots[i].asked->command;

        need_ids(needs, arena, command);
        if (command->type == COMMAND_PRODUCT_PUT)
            names[needs->name_count++] = command->body.product_put.name;
        if (command->type == COMMAND_ORDER_PLACE && command->body.order_place.has_coupon)
            coupons[needs->coupon_count++] = command->body.order_place.coupon_id;
    }
}
