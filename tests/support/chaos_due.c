#include "support/chaos_due.h"

#include "base/assert.h"

static void put(struct chaos_due *due, int32_t index, int32_t slot)
{
    due->heap[index] = slot;
    due->place[slot] = index + 1;
}

static bool is_before(const struct chaos_due *due, int32_t a, int32_t b)
{
    return due->at_us[due->heap[a]] < due->at_us[due->heap[b]];
}

static void swap(struct chaos_due *due, int32_t a, int32_t b)
{
    int32_t slot = due->heap[a];

    put(due, a, due->heap[b]);
    put(due, b, slot);
}

static void sift(struct chaos_due *due, int32_t index)
{
    while (index > 0 && is_before(due, index, (index - 1) / 2)) {
        swap(due, index, (index - 1) / 2);
        index = (index - 1) / 2;
    }
    for (;;) {
        int32_t child = 2 * index + 1;

        if (child + 1 < due->count && is_before(due, child + 1, child))
            child++;
        if (child >= due->count || !is_before(due, child, index))
            return;
        swap(due, index, child);
        index = child;
    }
}

void chaos_due_set(struct chaos_due *due, int32_t slot, int64_t at_us)
{
    FC_ASSERT(slot >= 0 && slot < CHAOS_DUE_SLOTS);
    due->at_us[slot] = at_us;
    if (due->place[slot] == 0)
        put(due, due->count++, slot);
    sift(due, due->place[slot] - 1);
}

void chaos_due_clear(struct chaos_due *due, int32_t slot)
{
    FC_ASSERT(slot >= 0 && slot < CHAOS_DUE_SLOTS);
    int32_t index = due->place[slot] - 1;

    if (index < 0)
        return;
    due->count--;
    due->place[slot] = 0;
    if (index == due->count)
        return;
    put(due, index, due->heap[due->count]);
    sift(due, index);
}

bool chaos_due_first(const struct chaos_due *due, int32_t *ret_slot, int64_t *ret_at_us)
{
    if (due->count == 0)
        return false;
    *ret_slot = due->heap[0];
    *ret_at_us = due->at_us[due->heap[0]];
    return true;
}
