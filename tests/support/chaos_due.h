/*
 * What is due when: a binary heap of slots, each with one time or none, that can be put off, put
 * forward and taken out. Times are microseconds of any one clock. Pure; all zero bytes are an empty
 * one.
 */
#ifndef FC_TESTS_SUPPORT_CHAOS_DUE_H
#define FC_TESTS_SUPPORT_CHAOS_DUE_H

#include <stdbool.h>
#include <stdint.h>

#define CHAOS_DUE_SLOTS 32768

struct chaos_due {
    int32_t count;
    int32_t heap[CHAOS_DUE_SLOTS];  /* slots, the earliest first */
    int32_t place[CHAOS_DUE_SLOTS]; /* where a slot is in it, from 1; 0: it is not */
    int64_t at_us[CHAOS_DUE_SLOTS];
};

/* Slots are below CHAOS_DUE_SLOTS. */
void chaos_due_set(struct chaos_due *due, int32_t slot, int64_t at_us);
/* One that has no time stays so. */
void chaos_due_clear(struct chaos_due *due, int32_t slot);

/* The earliest; false when there is none. */
bool chaos_due_first(const struct chaos_due *due, int32_t *ret_slot, int64_t *ret_at_us);

#endif
