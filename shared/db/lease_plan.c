#include "base/assert.h"
#include "db/lease.h"

#include <string.h>

static int32_t share_of(const struct db_lease_view *view)
{
    int32_t share = view->partitions / view->workers;

    return view->rank < view->partitions % view->workers ? share + 1 : share;
}

/* The sum of the shares of those before: where this one's part of all begins. */
static int32_t share_begin(const struct db_lease_view *view)
{
    int32_t extra = view->partitions % view->workers;

    return view->rank * (view->partitions / view->workers) +
           (view->rank < extra ? view->rank : extra);
}

/* Begins in the free ones where this worker's part begins in all of them: a family that starts
 * together collides nowhere, and what a dead worker left is not tried in one order by all. */
static void plan_take(const struct db_lease_view *view, int32_t missing, struct db_lease_plan *plan)
{
    int32_t open[PARTITIONS_MAX];
    int32_t count = 0;

    for (int32_t i = 0; i < view->partitions; i++)
        if (view->held_by[i] == 0)
            open[count++] = i;
    int32_t begin = share_begin(view) * count / view->partitions;

    for (int32_t i = 0; i < count && plan->take_count < missing; i++)
        plan->take[plan->take_count++] = open[(begin + i) % count];
}

static void plan_give(const struct db_lease_view *view, int32_t extra, struct db_lease_plan *plan)
{
    for (int32_t i = view->partitions - 1; i >= 0 && plan->give_count < extra; i--)
        if (view->held_by[i] == view->me)
            plan->give[plan->give_count++] = i;
}

void db_lease_plan(const struct db_lease_view *view, struct db_lease_plan *ret_plan)
{
    int32_t held = 0;

    FC_ASSERT(view->partitions > 0 && view->partitions <= PARTITIONS_MAX);
    FC_ASSERT(view->workers > 0);
    FC_ASSERT(view->rank >= 0 && view->rank < view->workers);
    FC_ASSERT(view->me != 0);
    memset(ret_plan, 0, sizeof(*ret_plan));
    ret_plan->share = share_of(view);
    for (int32_t i = 0; i < view->partitions; i++)
        if (view->held_by[i] == view->me)
            held++;
    if (held < ret_plan->share)
        plan_take(view, ret_plan->share - held, ret_plan);
    else
        plan_give(view, held - ret_plan->share, ret_plan);
    FC_ASSERT(ret_plan->take_count == 0 || held + ret_plan->take_count <= ret_plan->share);
    FC_ASSERT(held - ret_plan->give_count >= 0);
}
