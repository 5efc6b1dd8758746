#include "shop/needs.h"

#include "base/assert.h"
#include "core/product.h"

#include <stdlib.h>
#include <string.h>

/* Twice the room, or the first of it, with the `count` ids of `size` bytes that stood in it. */
static void *list_grow(struct fc_arena *arena, const void *ids, int32_t *count_max, size_t size)
{
    int32_t count = *count_max;

    *count_max = count == 0 ? 64 : count * 2;
    void *grown = fc_arena_take(arena, (size_t)*count_max, size);

    FC_ASSERT(grown != NULL);
    if (count > 0)
        memcpy(grown, ids, (size_t)count * size);
    return grown;
}

static void list_put(struct id_list *list, struct fc_arena *arena, int64_t id)
{
    if (list->count == list->count_max)
        list->ids = list_grow(arena, list->ids, &list->count_max, sizeof(*list->ids));
    list->ids[list->count++] = id;
}

static void list_put_uuid(struct uuid_list *list, struct fc_arena *arena, const struct fc_uuid *id)
{
    if (list->count == list->count_max)
        list->ids = list_grow(arena, list->ids, &list->count_max, sizeof(*list->ids));
    list->ids[list->count++] = *id;
}

static void need_product_put(struct shop_needs *needs, struct fc_arena *arena,
                             const struct command *command)
{
    const struct product_put *put = &command->body.product_put;

    list_put(&needs->products, arena, put->product_id);
    for (int32_t i = 0; i < put->option_count; i++)
        list_put(&needs->options, arena, product_put_option_id(command, i));
}

static void need_lines(struct shop_needs *needs, struct fc_arena *arena,
                       const struct order_line *lines, int32_t line_count)
{
    for (int32_t i = 0; i < line_count; i++) {
        if (lines[i].option_id != 0)
            list_put(&needs->options, arena, lines[i].option_id);
        /* Also beside an option: that may turn out to be another product's. */
        if (lines[i].product_id != 0)
            list_put(&needs->sold, arena, lines[i].product_id);
    }
}

static void need_order(struct shop_needs *needs, struct fc_arena *arena,
                       const struct order_place *place)
{
    list_put(&needs->users, arena, place->user_id);
    need_lines(needs, arena, place->lines, place->line_count);
    if (place->has_coupon)
        list_put_uuid(&needs->coupons, arena, &place->coupon_id);
}

static void need_expiring(struct shop_needs *needs, struct fc_arena *arena,
                          const struct coupon_expire *expire)
{
    for (int32_t i = 0; i < expire->coupon_count; i++)
        list_put_uuid(&needs->coupons, arena, &expire->coupon_ids[i]);
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
    case COMMAND_COUPON_REVOKE:
        list_put_uuid(&needs->coupons, arena, &command->body.coupon_revoke.coupon_id);
        return;
    case COMMAND_COUPON_EXPIRE:
        need_expiring(needs, arena, &command->body.coupon_expire);
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
    case COMMAND_ORDER_CHANGE:
        need_lines(needs, arena, command->body.order_change.lines,
                   command->body.order_change.line_count);
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
    case COMMAND_ORDER_CANCEL:
    case COMMAND_ORDER_SHIP:
    case COMMAND_ORDER_EXPIRE:
    case COMMAND_PAYMENT_SETTLE:
    case COMMAND_POLICY_APPLY:
    case COMMAND_DAY_CLOSE:
        return;
    case COMMAND_COUNT:
        break;
    }
    FC_UNREACHABLE("no such command");
}

static int compare_ids(const void *a, const void *b)
{
    const int64_t *one = a;
    const int64_t *other = b;

    return (*one > *other) - (*one < *other);
}

/* Ascending, each once. */
static void list_settle(struct id_list *list)
{
    int32_t kept = 0;

    if (list->count == 0)
        return;
    qsort(list->ids, (size_t)list->count, sizeof(*list->ids), compare_ids);
    for (int32_t i = 0; i < list->count; i++)
        if (kept == 0 || list->ids[i] != list->ids[kept - 1])
            list->ids[kept++] = list->ids[i];
    list->count = kept;
}

void shop_needs_collect(struct shop_needs *needs, struct fc_arena *arena,
                        const struct command_range *range)
{
    *needs = (struct shop_needs){0};
    struct fc_str *names = fc_arena_take(arena, (size_t)range->slot_count, sizeof(*names));

    FC_ASSERT(names != NULL);
    needs->names = names;
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command *command = &range->slots[i].asked->command;
        const struct fc_uuid *order_id = command_order_id(command);

        /* Refused as it is; what another family's commands need is not this worker's to read. */
        if (range->slots[i].misrouted)
            continue;
        need_ids(needs, arena, command);
        if (order_id != NULL)
            list_put_uuid(&needs->orders, arena, order_id);
        if (command->type == COMMAND_PRODUCT_PUT)
            names[needs->name_count++] = command->body.product_put.name;
    }
    list_settle(&needs->users);
}
