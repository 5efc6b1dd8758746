#include "mq/confirms.h"

#include "base/assert.h"

#include <string.h>

void mq_confirms_init(struct mq_confirms *confirms, struct mq_unconfirmed *ring, uint64_t slots)
{
    FC_ASSERT(slots > 0);
    FC_ASSERT((slots & (slots - 1)) == 0);
    memset(ring, 0, slots * sizeof(*ring));
    *confirms = (struct mq_confirms){.ring = ring, .mask = slots - 1, .oldest = 1, .next = 1};
}

bool mq_confirms_is_full(const struct mq_confirms *confirms)
{
    return confirms->next - confirms->oldest > confirms->mask;
}

uint64_t mq_confirms_add(struct mq_confirms *confirms, size_t bytes, bool transient)
{
    struct mq_unconfirmed *slot = &confirms->ring[confirms->next & confirms->mask];

    FC_ASSERT(!mq_confirms_is_full(confirms));
    FC_ASSERT(slot->state == MQ_SETTLED);
    FC_ASSERT(bytes <= UINT32_MAX);
    *slot = (struct mq_unconfirmed){(uint32_t)bytes, transient ? MQ_WAITING_TRANSIENT : MQ_WAITING};
    confirms->count++;
    confirms->bytes += bytes;
    return confirms->next++;
}

uint64_t mq_confirms_settled_to(const struct mq_confirms *confirms)
{
    return confirms->oldest - 1;
}

static bool confirms_were_given(const struct mq_confirms *confirms, uint64_t seq)
{
    return seq > 0 && seq < confirms->next;
}

bool mq_confirms_returned(struct mq_confirms *confirms, uint64_t seq)
{
    if (!confirms_were_given(confirms, seq) || seq < confirms->oldest)
        return false;
    struct mq_unconfirmed *slot = &confirms->ring[seq & confirms->mask];

    if (slot->state != MQ_WAITING && slot->state != MQ_WAITING_TRANSIENT)
        return false;
    slot->state = MQ_RETURNED;
    return true;
}

static void settle_one(struct mq_confirms *confirms, uint64_t seq, bool refused, mq_fate_fn *fate,
                       void *arg)
{
    struct mq_unconfirmed *slot = &confirms->ring[seq & confirms->mask];
    enum mq_unconfirmed_state state = slot->state;

    if (state == MQ_SETTLED)
        return;
    FC_ASSERT(confirms->count > 0);
    FC_ASSERT(confirms->bytes >= slot->bytes);
    slot->state = MQ_SETTLED;
    confirms->count--;
    confirms->bytes -= slot->bytes;
    /* The ring is in order before the caller hears of it: it may add messages at once. */
    while (confirms->oldest < confirms->next &&
           confirms->ring[confirms->oldest & confirms->mask].state == MQ_SETTLED)
        confirms->oldest++;
    if (refused)
        fate(arg, seq, state == MQ_WAITING_TRANSIENT ? MQ_DROPPED : MQ_REFUSED);
    else
        fate(arg, seq, state == MQ_RETURNED ? MQ_UNROUTED : MQ_CONFIRMED);
}

bool mq_confirms_settle(struct mq_confirms *confirms, uint64_t tag, bool multiple, bool refused,
                        mq_fate_fn *fate, void *arg)
{
    if (multiple && tag == 0)
        tag = confirms->next - 1;
    else if (!confirms_were_given(confirms, tag))
        return false;
    uint64_t first = multiple ? confirms->oldest : tag;

    /* Below the oldest all is settled, and its slots may be other messages' by now. */
    if (first < confirms->oldest)
        return true;
    for (uint64_t seq = first; seq <= tag; seq++)
        settle_one(confirms, seq, refused, fate, arg);
    return true;
}
