/*
 * Goes through the slots of a transaction in order and gives each its outcome: the same id earlier
 * in the batch, the wrong partition, a repeated idempotency key, else the decision of the core.
 */
#ifndef FC_SKELETON_SETTLE_H
#define FC_SKELETON_SETTLE_H

#include "skeleton/command_job.h"

/* Whose idempotency keys the command shares: its actor, else the user it is about; 0: nobody. */
int64_t slot_key_scope(const struct command_slot *slot);

/* After load, before store: no slot is open afterwards. False where the range did not ask and only
 * the journal can say whether one is a repeat: what was settled is of no worth then. */
FC_MUST_USE bool settle_slots(struct command_job *job, struct command_range *range);

#endif
