#include "skeleton/command_job.h"

#include "base/assert.h"
#include "host/fault.h"
#include "skeleton/announce.h"
#include "skeleton/settle.h"

#include <stdio.h>
#include <string.h>

/* What is forgiven is trouble: while it lasts, and every worker meets it in turn, an innocent
 * command would be parked. */
static void forgive_survived(struct command_job *job)
{
    struct fc_err err;

    /* Trouble again is told by the next who asks for something. */
    job->has_survived = job->store.forgive(job->store.arg, &job->survived, &err) == FC_FAIL &&
                        err.cure != FC_CURE_RETRY;
}

static void job_begin(void *arg, struct batch *batch)
{
    struct command_job *job = arg;

    if (job->has_survived)
        forgive_survived(job);
    job->owed_count = batch->carried_batches;
    job->slots = fc_arena_take_unset(batch->arena, BATCH_COMMANDS_MAX, sizeof(*job->slots));
    FC_ASSERT(job->slots != NULL);
    job->slot_count = 0;
    job->rejects = NULL;
    job->reject_count = 0;
    job->reject_count_max = 0;
    job->marked = false;
    job->came_again = false;
    job->locked = false;
    job->careful_next = 0;
    job->attempts = 0;
    job->tries = 0;
    job->refused = false;
}

static void put_reject(struct command_job *job, struct batch *batch,
                       const struct command_reject *reject)
{
    if (job->reject_count == job->reject_count_max) {
        int32_t count_max = job->reject_count_max == 0 ? 16 : job->reject_count_max * 2;
        struct command_reject *rejects =
            fc_arena_take(batch->arena, (size_t)count_max, sizeof(*rejects));

        FC_ASSERT(rejects != NULL);
        for (int32_t i = 0; i < job->reject_count; i++)
            rejects[i] = job->rejects[i];
        job->rejects = rejects;
        job->reject_count_max = count_max;
    }
    job->rejects[job->reject_count++] = *reject;
}

static void put_oversized(struct command_job *job, struct batch *batch,
                          const struct mq_delivery *delivery)
{
    struct wire_reject *reject = fc_arena_take(batch->arena, 1, sizeof(*reject));

    FC_ASSERT(reject != NULL);
    reject->reason = FC_STR("the message is longer than MESSAGE_BYTES_MAX; its beginning is kept");
    if (!fc_arena_copy(batch->arena, delivery->body, &reject->bytes))
        FC_UNREACHABLE("the gather leaves room for one message");
    put_reject(job, batch,
               &(struct command_reject){reject, delivery->source, delivery->delivery_count});
    batch->item_count++;
}

static bool is_misrouted(const struct command_job *job, const struct command_slot *slot)
{
    return wire_command_family(slot->asked->command.type) != job->family ||
           wire_route_partition(slot->asked->key, job->partitions) != slot->partition;
}

static void job_take(void *arg, struct batch *batch, const struct mq_delivery *delivery)
{
    struct command_job *job = arg;
    struct wire_message message;

    if (delivery->redelivered || delivery->delivery_count > 0)
        job->came_again = true;
    if (delivery->oversized) {
        put_oversized(job, batch, delivery);
        return;
    }
    /* The gather stops at GATHER_BYTES_MAX: one message more always fits. */
    if (!wire_message_parse(delivery->body, batch->arena, &message))
        FC_UNREACHABLE("the arena holds one message more");
    FC_ASSERT(job->slot_count + message.command_count <= BATCH_COMMANDS_MAX);
    for (int32_t i = 0; i < message.command_count; i++) {
        struct command_slot *slot = &job->slots[job->slot_count++];

        *slot = (struct command_slot){.asked = &message.commands[i], .partition = delivery->source};
        slot->misrouted = is_misrouted(job, slot);
        batch->weight_more += wire_command_weight(message.commands[i].command.type) - 1;
    }
    for (int32_t i = 0; i < message.reject_count; i++)
        put_reject(job, batch,
                   &(struct command_reject){&message.rejects[i], delivery->source,
                                            delivery->delivery_count});
    batch->item_count += message.command_count + message.reject_count;
}

static void count_slots(struct command_job *job, const struct command_range *range)
{
    job->stats.parked += range->reject_count;
    for (int32_t i = 0; i < range->slot_count; i++) {
        switch (range->slots[i].state) {
        case SLOT_DECIDED:
            if (range->slots[i].verdict.len == 0)
                job->stats.succeeded++;
            else
                job->stats.refused++;
            break;
        case SLOT_PARKED:
            job->stats.parked++;
            break;
        case SLOT_RECALLED:
        case SLOT_SAME:
            job->stats.recalled++;
            break;
        case SLOT_OPEN:
            FC_UNREACHABLE("an open slot after the commit");
        }
    }
}

/* Everything that was decided is of no worth after trouble: back to what was asked. */
static void reopen(struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++) {
        const struct command_slot *slot = &range->slots[i];

        range->slots[i] = (struct command_slot){
            .asked = slot->asked, .partition = slot->partition, .misrouted = slot->misrouted};
    }
    range->owners = NULL;
    range->owner_count = 0;
}

/* A guard that refuses again and again, with all rows locked, is none that somebody else's change
 * set off. */
static void note_trouble(struct command_job *job, struct fc_err *err)
{
    if (err->cure != FC_CURE_RETRY)
        return;
    job->stats.conflicts++;
    if (job->locked && strncmp(err->code, "23", 2) == 0 && ++job->tries >= REFUSED_TRIES_MAX)
        err->cure = FC_CURE_PARK;
    job->locked = true;
}

/* --- asking or hoping ------------------------------------------------------------------------- */

static bool must_ask(const struct command_job *job, const struct command_range *range)
{
    return job->came_again || job->locked || range->careful || job->asks_left > 0;
}

/* The sooner after the last, the longer the batches to come ask. */
static void note_hope_lost(struct command_job *job)
{
    bool was_long = job->hoped > job->asks;

    job->stats.hopes_lost++;
    job->asks = was_long || job->asks == 0 ? ASK_BATCHES_MIN : job->asks * 2;
    if (job->asks > ASK_BATCHES_MAX)
        job->asks = ASK_BATCHES_MAX;
    job->asks_left = job->asks;
    job->hoped = 0;
}

static bool has_repeats(const struct command_range *range)
{
    for (int32_t i = 0; i < range->slot_count; i++)
        if (range->slots[i].state == SLOT_RECALLED)
            return true;
    return range->owner_count > 0;
}

/* What came again, or met trouble, says nothing of what clients repeat. */
static void note_committed(struct command_job *job, const struct command_range *range)
{
    if (!range->ask)
        job->hoped++;
    else if (!job->came_again && !job->locked && !range->careful)
        job->asks_left = has_repeats(range) ? job->asks : job->asks_left - 1;
}

/* --- one transaction -------------------------------------------------------------------------- */

/* `park`: why the one command of the range is not decided any more; NULL: it is. FC_OK with
 * range->repeated: nothing is committed, it has to be done again with asking. */
static enum fc_rc try_range(struct command_job *job, struct command_range *range, const char *park,
                            struct fc_err *ret_err)
{
    reopen(range);
    if (job->store.load(job->store.arg, range, job->locked, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (park != NULL && range->slots[0].state == SLOT_OPEN) {
        range->slots[0].state = SLOT_PARKED;
        range->slots[0].parked_why = fc_str_of(park);
    }
    if (!settle_slots(job, range)) {
        range->begun = true;
        range->repeated = true;
        return FC_OK;
    }
    if (job->store.store(job->store.arg, range, ret_err) == FC_OK)
        return FC_OK;
    return range->repeated ? FC_OK : FC_FAIL;
}

static enum fc_rc commit_range(struct command_job *job, struct command_range *range,
                               const char *park, struct fc_err *ret_err)
{
    size_t mark = fc_arena_mark(range->arena);

    range->ask = must_ask(job, range);
    enum fc_rc rc = try_range(job, range, park, ret_err);

    if (range->repeated) {
        FC_ASSERT(!range->ask);
        note_hope_lost(job);
        fc_arena_rewind(range->arena, mark);
        range->repeated = false;
        range->ask = true;
        rc = try_range(job, range, park, ret_err);
    }
    if (rc == FC_FAIL) {
        note_trouble(job, ret_err);
        return FC_FAIL;
    }
    FC_ASSERT(!range->repeated);
    note_committed(job, range);
    count_slots(job, range);
    return FC_OK;
}

/* What the database will not have is set aside with the next try; unless it takes nothing at all,
 * or not even that. */
static void refuse(struct command_job *job, struct fc_err *err)
{
    if (job->refused || ++job->refused_in_a_row > REFUSED_IN_A_ROW_MAX) {
        err->cure = FC_CURE_EXIT;
        return;
    }
    job->refused = true;
    (void)snprintf(job->refusal, sizeof(job->refusal), "the database will not have it: %s",
                   err->text);
    err->cure = FC_CURE_RETRY;
}

static const char *why_parked(const struct command_job *job)
{
    if (job->refused)
        return job->refusal;
    return job->attempts > POISON_ATTEMPTS_MAX
               ? "every worker that decided it died; see poison_attempt"
               : NULL;
}

/*
 * One command a transaction, each attempt noted before: the command during which the worker dies
 * is known by its count, innocents beside it are not blamed.
 */
static enum fc_rc commit_carefully(struct command_job *job, const struct command_range *whole,
                                   struct fc_err *ret_err)
{
    for (; job->careful_next < whole->slot_count; job->careful_next++) {
        struct command_range one = *whole;

        one.slots = &whole->slots[job->careful_next];
        one.slot_count = 1;
        one.reject_count = job->careful_next == 0 ? whole->reject_count : 0;
        one.careful = true;
        if (job->attempts == 0 &&
            job->store.attempt(job->store.arg, &one.slots[0].asked->command.id, &job->attempts,
                               ret_err) == FC_FAIL)
            return FC_FAIL;
        FC_CRASH_POINT(CAREFUL_NOTED);
        size_t mark = fc_arena_mark(one.arena);

        if (commit_range(job, &one, why_parked(job), ret_err) == FC_FAIL) {
            /* However often it is tried: what was decided before is kept, what was not is not. */
            fc_arena_rewind(one.arena, mark);
            if (ret_err->cure == FC_CURE_RECONNECT) {
                job->has_survived = true;
                job->survived = one.slots[0].asked->command.id;
            }
            if (ret_err->cure == FC_CURE_PARK)
                refuse(job, ret_err);
            return FC_FAIL;
        }
        if (!job->refused)
            job->refused_in_a_row = 0;
        job->refused = false;
        job->tries = 0;
        FC_CRASH_POINT(CAREFUL_COMMITTED);
        job->attempts = 0;
        job->locked = false;
    }
    return FC_OK;
}

static enum fc_rc commit_batch(struct command_job *job, struct batch *batch, struct fc_err *ret_err)
{
    struct command_range range = {
        .arena = batch->arena,
        .now = batch->now,
        .slots = job->slots,
        .slot_count = job->slot_count,
        .rejects = job->rejects,
        .reject_count = job->reject_count,
    };

    if (!job->marked)
        job->mark = fc_arena_mark(batch->arena);
    job->marked = true;
    if (batch->careful && job->slot_count > 0)
        return commit_carefully(job, &range, ret_err);
    fc_arena_rewind(batch->arena, job->mark);
    if (commit_range(job, &range, NULL, ret_err) == FC_OK) {
        job->refused_in_a_row = 0;
        return FC_OK;
    }
    if (ret_err->cure == FC_CURE_PARK && job->slot_count > 0) {
        /* One of them: each alone from now on, so that it is known which. */
        fc_arena_rewind(batch->arena, job->mark);
        batch->careful = true;
        job->tries = 0;
        ret_err->cure = FC_CURE_RETRY;
    }
    return FC_FAIL;
}

/* Who waits for a verdict hears it at once. */
static enum fc_rc job_commit(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    struct command_job *job = arg;
    struct command_slots slots;

    if (commit_batch(job, batch, ret_err) == FC_FAIL)
        return FC_FAIL;
    slots = (struct command_slots){job->slots, job->slot_count};
    job->owed[batch->carried_batches] = slots;
    job->owed_count = batch->carried_batches + 1;
    return announce_verdicts(&job->announcer, batch->arena, &slots, ret_err);
}

static enum fc_rc job_announce(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    struct command_job *job = arg;

    return announce_events(&job->announcer, batch->arena, job->owed, job->owed_count,
                           !batch->sent_only, ret_err);
}

struct job_port command_job_port(struct command_job *job)
{
    return (struct job_port){job, job_begin, job_take, job_commit, job_announce};
}
