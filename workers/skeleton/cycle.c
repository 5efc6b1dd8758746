#include "skeleton/cycle.h"

#include "base/assert.h"
#include "host/fault.h"

#include <string.h>

void cycle_init(struct cycle *cycle, const struct queue_port *queue, const struct job_port *job,
                struct fc_arena *arena, uint64_t seed)
{
    cycle->queue = *queue;
    cycle->job = *job;
    cycle->arena = arena;
    fc_backoff_init(&cycle->backoff, seed);
    cycle_drop(cycle);
}

static void batch_drop(struct cycle *cycle)
{
    fc_arena_reset(cycle->arena);
    cycle->batch = (struct batch){.arena = cycle->arena};
    cycle->phase = CYCLE_GATHER;
}

void cycle_drop(struct cycle *cycle)
{
    batch_drop(cycle);
    cycle->owed_count = 0;
    cycle->owed_deliveries = 0;
}

static bool is_carrying(const struct cycle *cycle)
{
    return cycle->batch.carried_batches > 0;
}

bool cycle_is_between(const struct cycle *cycle)
{
    return cycle->phase == CYCLE_GATHER && !is_carrying(cycle) && cycle->owed_count == 0;
}

const char *cycle_phase_name(enum cycle_phase phase)
{
    switch (phase) {
    case CYCLE_GATHER:
        return "gather";
    case CYCLE_COMMIT:
        return "commit";
    case CYCLE_ANNOUNCE:
        return "announce";
    case CYCLE_SETTLE:
        return "settle";
    case CYCLE_PHASE_COUNT:
        break;
    }
    FC_UNREACHABLE("no such phase");
}

static bool batch_is_full(const struct batch *batch)
{
    return batch->alone || batch->item_count + batch->weight_more >= batch->item_enough ||
           batch->delivery_count == BATCH_DELIVERIES_MAX ||
           batch->arena->used - batch->carried_bytes >= GATHER_BYTES_MAX;
}

bool cycle_is_full(const struct cycle *cycle)
{
    return batch_is_full(&cycle->batch);
}

/* --- carrying --------------------------------------------------------------------------------- */

/* Microseconds until what is carried is to be announced; never long, whatever the clock does. */
static int64_t carry_left_us(const struct cycle *cycle, struct fc_instant now)
{
    int64_t us = now.us - cycle->since.us;

    return us < 0 || cycle->settle_now ? 0 : cycle->carry_ms * 1000LL - us;
}

/* The batch that is committed may wait for others; one that ended in deaths before may not. */
static bool may_carry(const struct cycle *cycle, struct fc_instant now)
{
    const struct batch *batch = &cycle->batch;

    if (batch->alone || batch->careful || FC_MUTATED(ACK_FIRST))
        return false;
    return batch->delivery_count + cycle->owed_deliveries <= BATCH_DELIVERIES_MAX / 2 &&
           batch->arena->used < CARRY_BYTES_MAX && batch->carried_batches + 1 < CARRY_BATCHES_MAX &&
           carry_left_us(cycle, now) > 0;
}

static void carry(struct batch *batch)
{
    batch->carried_deliveries = batch->delivery_count;
    batch->carried_items += batch->item_count;
    batch->carried_batches++;
    batch->carried_bytes = batch->arena->used;
    batch->item_count = 0;
    batch->weight_more = 0;
}

/* --- acknowledging ---------------------------------------------------------------------------- */

/* The tags of a source only grow: acknowledging its last is acknowledging all. */
static int32_t last_of_sources(const struct batch *batch, struct batch_delivery *ret_acks)
{
    int32_t count = 0;

    for (int32_t i = 0; i < batch->delivery_count; i++) {
        const struct batch_delivery *delivery = &batch->deliveries[i];
        bool is_last = true;

        for (int32_t later = i + 1; later < batch->delivery_count && is_last; later++)
            is_last = batch->deliveries[later].source != delivery->source;
        if (is_last)
            ret_acks[count++] = *delivery;
    }
    return count;
}

static enum fc_rc acknowledge(struct cycle *cycle, const struct batch_delivery *acks, int32_t count,
                              struct fc_err *ret_err)
{
    FC_CRASH_POINT(SETTLE_BEFORE);
    for (int32_t i = 0; i < count; i++) {
        if (cycle->queue.ack(cycle->queue.arg, acks[i].source, acks[i].tag, ret_err) == FC_FAIL)
            return FC_FAIL;
        if (i + 1 < count)
            FC_CRASH_POINT(SETTLE_ONE_ACKED);
    }
    FC_CRASH_POINT(SETTLE_AFTER);
    return FC_OK;
}

static enum fc_rc settle(struct cycle *cycle, struct fc_err *ret_err)
{
    struct batch_delivery acks[BATCH_DELIVERIES_MAX];
    int32_t count = last_of_sources(&cycle->batch, acks);

    return acknowledge(cycle, acks, count, ret_err);
}

/* --- owing ------------------------------------------------------------------------------------ */

/* The confirms of the batch that is to be announced may come while others are gathered. */
static bool may_owe(const struct cycle *cycle)
{
    const struct batch *batch = &cycle->batch;

    if (cycle->confirms.send == NULL || cycle->settle_now || FC_MUTATED(ACK_FIRST))
        return false;
    return !batch->alone && !batch->careful && cycle->owed_count < OWED_BATCHES_MAX &&
           batch->delivery_count + cycle->owed_deliveries <= OWED_DELIVERIES_MAX;
}

static enum fc_rc owe(struct cycle *cycle, struct fc_err *ret_err)
{
    const struct batch *batch = &cycle->batch;
    struct cycle_owed *owed = &cycle->owed[cycle->owed_count];

    if (cycle->confirms.send(cycle->confirms.arg, &owed->mark, ret_err) == FC_FAIL)
        return FC_FAIL;
    owed->items = batch->carried_items + batch->item_count;
    owed->delivery_count = batch->delivery_count;
    owed->ack_count = last_of_sources(batch, owed->acks);
    cycle->owed_count++;
    cycle->owed_deliveries += owed->delivery_count;
    FC_CRASH_POINT(ANNOUNCE_OWED);
    return FC_OK;
}

/* Acknowledges what is owed for announcements that are confirmed by now. */
static enum fc_rc pay(struct cycle *cycle, int32_t *ret_paid, int32_t *ret_items,
                      struct fc_err *ret_err)
{
    uint64_t confirmed;
    int32_t paid = 0;

    if (cycle->confirms.look(cycle->confirms.arg, &confirmed, ret_err) == FC_FAIL)
        return FC_FAIL;
    for (; paid < cycle->owed_count && cycle->owed[paid].mark <= confirmed; paid++) {
        const struct cycle_owed *owed = &cycle->owed[paid];

        FC_CRASH_POINT(ANNOUNCE_CONFIRMED);
        if (acknowledge(cycle, owed->acks, owed->ack_count, ret_err) == FC_FAIL)
            return FC_FAIL;
        cycle->owed_deliveries -= owed->delivery_count;
        *ret_items += owed->items;
    }
    cycle->owed_count -= paid;
    memmove(cycle->owed, cycle->owed + paid, (size_t)cycle->owed_count * sizeof(*cycle->owed));
    *ret_paid = paid;
    return FC_OK;
}

/* Before a gather, and before a batch that was waited for is settled; *ret_done when that was the
 * step. */
static enum fc_rc do_owed(struct cycle *cycle, struct cycle_step *step, bool *ret_done,
                          struct fc_err *ret_err)
{
    int32_t paid = 0;

    if (pay(cycle, &paid, &step->settled, ret_err) == FC_FAIL)
        return FC_FAIL;
    *ret_done = true;
    if (paid > 0) {
        step->phase = CYCLE_SETTLE;
        return FC_OK;
    }
    FC_ASSERT(cycle->phase == CYCLE_GATHER);
    if (cycle->settle_now && !is_carrying(cycle)) {
        step->phase = CYCLE_ANNOUNCE;
        return cycle->confirms.wait(cycle->confirms.arg, ret_err);
    }
    *ret_done = false;
    return FC_OK;
}

/* --- phases ----------------------------------------------------------------------------------- */

/* Takes what has arrived; never waits for more. */
static enum fc_rc gather(struct cycle *cycle, struct fc_instant now, struct fc_err *ret_err)
{
    struct batch *batch = &cycle->batch;
    struct mq_delivery delivery;
    bool got;

    FC_CRASH_POINT(GATHER_BEFORE);
    if (!is_carrying(cycle)) {
        batch_drop(cycle);
        cycle->since = now;
        if (cycle->owed_count == 0)
            FC_CRASH_BATCH();
    } else {
        if (carry_left_us(cycle, now) <= 0)
            return FC_OK;
        /* What a gather without deliveries left. */
        fc_arena_rewind(cycle->arena, batch->carried_bytes);
    }
    batch->now = now;
    batch->item_enough = BATCH_COMMANDS_SOFT_MAX;
    cycle->job.begin(cycle->job.arg, batch);
    while (!batch_is_full(batch)) {
        if (cycle->queue.next(cycle->queue.arg, &delivery, &got, ret_err) == FC_FAIL) {
            /* Never this gather again: what it took would be acknowledged with what comes next. */
            FC_ASSERT(ret_err->cure != FC_CURE_RETRY);
            return FC_FAIL;
        }
        if (!got)
            break;
        /* What ended in deaths comes first of its partition again, but another partition's may
         * have come before it. */
        if (delivery.delivery_count >= POISON_ALONE_DELIVERIES)
            batch->alone = true;
        if (delivery.delivery_count >= POISON_SUSPECT_DELIVERIES)
            batch->careful = true;
        batch->deliveries[batch->delivery_count++] =
            (struct batch_delivery){delivery.source, delivery.tag, delivery.delivery_count};
        cycle->job.take(cycle->job.arg, batch, &delivery);
        if (delivery.redelivered)
            FC_CRASH_REDELIVERED();
        FC_CRASH_POINT(GATHER_TAKEN);
    }
    if (batch->delivery_count > batch->carried_deliveries)
        FC_CRASH_POINT(GATHER_AFTER);
    return FC_OK;
}

static enum fc_rc announce(struct cycle *cycle, struct fc_err *ret_err)
{
    struct batch *batch = &cycle->batch;

    batch->sent_only = may_owe(cycle);
    if (cycle->job.announce(cycle->job.arg, batch, ret_err) == FC_FAIL)
        return FC_FAIL;
    return batch->sent_only ? owe(cycle, ret_err) : FC_OK;
}

static enum fc_rc do_phase(struct cycle *cycle, struct fc_instant now, struct fc_err *ret_err)
{
    switch (cycle->phase) {
    case CYCLE_GATHER:
        if (gather(cycle, now, ret_err) == FC_FAIL)
            return FC_FAIL;
        return FC_MUTATED(ACK_FIRST) ? settle(cycle, ret_err) : FC_OK;
    case CYCLE_COMMIT:
        return cycle->job.commit(cycle->job.arg, &cycle->batch, ret_err);
    case CYCLE_ANNOUNCE:
        return announce(cycle, ret_err);
    case CYCLE_SETTLE:
        return FC_MUTATED(ACK_FIRST) ? FC_OK : settle(cycle, ret_err);
    case CYCLE_PHASE_COUNT:
        break;
    }
    FC_UNREACHABLE("no such phase");
}

/* What comes behind a gather. */
static void gathered(struct cycle *cycle, struct fc_instant now, struct cycle_step *step)
{
    const struct batch *batch = &cycle->batch;
    int64_t left_us = is_carrying(cycle) ? carry_left_us(cycle, now) : 1;

    if (batch->delivery_count > batch->carried_deliveries)
        cycle->phase = CYCLE_COMMIT;
    else if (left_us <= 0)
        cycle->phase = CYCLE_ANNOUNCE;
    else
        step->idle = true;
    if (step->idle && is_carrying(cycle))
        step->idle_ms = (int32_t)(left_us / 1000 + 1);
}

enum fc_rc cycle_do_step(struct cycle *cycle, struct fc_instant now, struct cycle_step *ret_step,
                         struct fc_err *ret_err)
{
    bool done = false;

    *ret_step = (struct cycle_step){.phase = cycle->phase, .idle_ms = GATHER_WAIT_MS_MAX};
    if (cycle->owed_count > 0 && (cycle->phase == CYCLE_GATHER || cycle->phase == CYCLE_SETTLE) &&
        do_owed(cycle, ret_step, &done, ret_err) == FC_FAIL) {
        /* Never again: nobody could put what was refused. */
        FC_ASSERT(ret_err->cure != FC_CURE_RETRY);
        return FC_FAIL;
    }
    if (done)
        return FC_OK;
    if (do_phase(cycle, now, ret_err) == FC_FAIL) {
        if (ret_err->cure == FC_CURE_AGAIN) {
            ret_step->again = true;
            return FC_OK;
        }
        if (ret_err->cure == FC_CURE_RETRY)
            ret_step->wait_ms = fc_backoff_next_ms(&cycle->backoff);
        return FC_FAIL;
    }
    fc_backoff_reset(&cycle->backoff);
    switch (cycle->phase) {
    case CYCLE_GATHER:
        gathered(cycle, now, ret_step);
        return FC_OK;
    case CYCLE_COMMIT:
        FC_CRASH_POINT(COMMIT_AFTER);
        cycle->phase = may_carry(cycle, now) ? CYCLE_GATHER : CYCLE_ANNOUNCE;
        if (cycle->phase == CYCLE_GATHER)
            carry(&cycle->batch);
        return FC_OK;
    case CYCLE_ANNOUNCE:
        cycle->phase = CYCLE_SETTLE;
        if (cycle->batch.sent_only)
            batch_drop(cycle);
        return FC_OK;
    case CYCLE_SETTLE:
        ret_step->settled = cycle->batch.carried_items + cycle->batch.item_count;
        batch_drop(cycle);
        return FC_OK;
    case CYCLE_PHASE_COUNT:
        break;
    }
    FC_UNREACHABLE("no such phase");
}
