#include "producer/cli/plan.h"

#include "base/assert.h"
#include "base/limits.h"
#include "producer/cli/cli.h"

/* Two index slots at most four times rounded up, and the row itself. */
#define ROOM_BYTES 256

static void user_add(struct plan *plan, int64_t user_id)
{
    if (fc_index_find(&plan->by_user, (uint64_t)user_id) != FC_INDEX_NONE)
        return;
    fc_index_put(&plan->by_user, (uint64_t)user_id, plan->user_count);
    plan->users[plan->user_count++] = (struct plan_user){.user_id = user_id};
}

static void product_add(struct plan *plan, int64_t product_id)
{
    if (fc_index_find(&plan->by_product, (uint64_t)product_id) != FC_INDEX_NONE)
        return;
    fc_index_put(&plan->by_product, (uint64_t)product_id, plan->product_count);
    plan->products[plan->product_count++] = (struct plan_product){.product_id = product_id};
}

bool plan_init(struct plan *plan, const struct data_order *orders, int32_t order_count)
{
    struct fc_arena arena;
    int64_t lines = 0;
    int64_t pieces = 0;

    for (int32_t i = 0; i < order_count; i++)
        lines += orders[i].line_count;
    size_t room = ((size_t)order_count + (size_t)lines + 2) * ROOM_BYTES;
    void *memory = cli_memory(room);

    if (memory == NULL || lines >= INT32_MAX)
        return false;
    fc_arena_init(&arena, memory, room);
    *plan = (struct plan){.orders = orders, .order_count = order_count, .line_count = lines};
    plan->users = fc_arena_take(&arena, (size_t)order_count + 1, sizeof(*plan->users));
    plan->products = fc_arena_take(&arena, (size_t)lines + 1, sizeof(*plan->products));
    FC_ASSERT(plan->users != NULL && plan->products != NULL);
    if (!fc_index_init(&plan->by_user, &arena, order_count + 1) ||
        !fc_index_init(&plan->by_product, &arena, (int32_t)lines + 1))
        FC_UNREACHABLE("the room holds both indexes");
    for (int32_t i = 0; i < order_count; i++) {
        user_add(plan, orders[i].user_id);
        for (int32_t k = 0; k < orders[i].line_count; k++) {
            product_add(plan, orders[i].lines[k].product_id);
            pieces += orders[i].lines[k].quantity;
        }
    }
    plan->pieces = pieces;
    return true;
}

bool plan_cost(struct plan *plan)
{
    for (int32_t i = 0; i < plan->order_count; i++) {
        const struct data_order *order = &plan->orders[i];
        int32_t at = fc_index_find(&plan->by_user, (uint64_t)order->user_id);
        struct plan_user *user = &plan->users[at];

        for (int32_t k = 0; k < order->line_count; k++) {
            const struct data_line *line = &order->lines[k];
            int32_t found = fc_index_find(&plan->by_product, (uint64_t)line->product_id);
            struct krw cost;

            if (!krw_times(plan->products[found].price, line->quantity, &cost) ||
                !krw_add(user->cost, cost, &user->cost))
                return false;
        }
        if (user->cost.won > AMOUNT_KRW_MAX)
            return false;
    }
    return true;
}

int32_t plan_charge_count(struct krw cost, struct krw charge_max)
{
    FC_ASSERT(charge_max.won > 0);
    return (int32_t)((cost.won + charge_max.won - 1) / charge_max.won);
}

struct krw plan_charge(struct krw cost, struct krw charge_max, int32_t part)
{
    int64_t left = cost.won - charge_max.won * part;

    FC_ASSERT(part >= 0 && left > 0);
    return KRW(left < charge_max.won ? left : charge_max.won);
}
