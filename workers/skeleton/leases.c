#include "skeleton/leases.h"

#include "base/assert.h"
#include "db/lease.h"
#include "host/fault.h"
#include "sql/queries.h"

#include <stdio.h>

#define LOOK_MS 1000

void leases_init(struct leases *leases, const char *family, int32_t lock_class, int32_t partitions)
{
    FC_ASSERT(partitions > 0);
    FC_ASSERT(partitions <= PARTITIONS_MAX);
    *leases = (struct leases){.family = family, .lock_class = lock_class, .partitions = partitions};
}

void leases_forget(struct leases *leases)
{
    leases_init(leases, leases->family, leases->lock_class, leases->partitions);
}

int32_t leases_due_ms(const struct leases *leases)
{
    if (!leases->looked)
        return 0;
    int64_t since_ms = fc_clock_ms_since(leases->looked_at);

    return since_ms >= LOOK_MS ? 0 : (int32_t)(LOOK_MS - since_ms);
}

static enum fc_rc give(struct leases *leases, struct links *links, int32_t partition,
                       struct fc_err *ret_err)
{
    FC_ASSERT(leases->held[partition]);
    FC_CRASH_POINT(HANDOVER_BEFORE_CLOSE);
    if (mq_consumer_release(links->consumer, partition, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(HANDOVER_CLOSED);
    if (db_lease_give(links->db, leases->lock_class, partition, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(HANDOVER_UNLOCKED);
    leases->held[partition] = false;
    leases->held_count--;
    return FC_OK;
}

static enum fc_rc take(struct leases *leases, struct links *links, int32_t partition,
                       struct fc_err *ret_err)
{
    char queue[WIRE_QUEUE_TEXT_MAX];
    bool taken;

    FC_ASSERT(!leases->held[partition]);
    if (db_lease_take(links->db, leases->lock_class, partition, &taken, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (!taken)
        return FC_OK;
    FC_CRASH_POINT(LEASE_TAKEN);
    leases->held[partition] = true;
    leases->held_count++;
    (void)snprintf(queue, sizeof(queue), "%s.%d", leases->family, (int)partition);
    if (mq_consumer_subscribe(links->consumer, queue, partition, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(LEASE_SUBSCRIBED);
    return FC_OK;
}

/*
 * A plan is made for the sizes that tables have then, and for ten rows a scan is the best there is.
 * A shop that opens grows a thousandfold before the server's own statistics notice. Making the
 * plans anew each second costs a hundredth of the time.
 */
static enum fc_rc replan(struct links *links, struct fc_err *ret_err)
{
    db_send(links->db, &sql_lease_replan, NULL);
    return db_exchange(links->db, ret_err);
}

static enum fc_rc look(struct leases *leases, struct links *links, struct db_lease_view *ret_view,
                       struct fc_err *ret_err)
{
    if (!leases->enrolled && db_lease_enroll(links->db, leases->lock_class, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (!leases->enrolled)
        FC_CRASH_POINT(LEASE_ENROLLED);
    leases->enrolled = true;
    if (db_lease_look(links->db, leases->lock_class, leases->partitions, ret_view, ret_err) ==
        FC_FAIL)
        return FC_FAIL;
    if (replan(links, ret_err) == FC_FAIL)
        return FC_FAIL;
    leases->workers = ret_view->workers;
    leases->looked = true;
    leases->looked_at = fc_clock_mono();
    return FC_OK;
}

enum fc_rc leases_turn(struct leases *leases, struct links *links, struct fc_err *ret_err)
{
    struct db_lease_view view;
    struct db_lease_plan plan;
    int32_t evicted = 0;

    if (leases_due_ms(leases) > 0)
        return FC_OK;
    if (look(leases, links, &view, ret_err) == FC_FAIL)
        return FC_FAIL;
    /* Nothing is free or to be counted on that a frozen worker holds. */
    if (view.workers > 1 && db_lease_evict(links->db, leases->lock_class, DB_LEASE_SILENT_MS_MAX,
                                           &evicted, ret_err) == FC_FAIL)
        return FC_FAIL;
    db_lease_plan(&view, &plan);
    for (int32_t i = 0; i < plan.give_count; i++)
        if (give(leases, links, plan.give[i], ret_err) == FC_FAIL)
            return FC_FAIL;
    for (int32_t i = 0; i < plan.take_count && leases->held_count < plan.share; i++)
        if (take(leases, links, plan.take[i], ret_err) == FC_FAIL)
            return FC_FAIL;
    return FC_OK;
}

enum fc_rc leases_beat(struct leases *leases, struct links *links, struct fc_err *ret_err)
{
    struct db_lease_view view;

    return look(leases, links, &view, ret_err);
}

enum fc_rc leases_give_all(struct leases *leases, struct links *links, struct fc_err *ret_err)
{
    for (int32_t partition = 0; partition < leases->partitions; partition++)
        if (leases->held[partition] && give(leases, links, partition, ret_err) == FC_FAIL)
            return FC_FAIL;
    return FC_OK;
}
