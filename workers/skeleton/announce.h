/*
 * Tells what came of a batch: events to firstcome.events by family, verdicts to whoever named a
 * reply_to. Recalled commands are announced again; consumers drop repeats by event id.
 */
#ifndef FC_SKELETON_ANNOUNCE_H
#define FC_SKELETON_ANNOUNCE_H

#include "skeleton/command_job.h"

/* Puts everything and waits for the confirms. After RETRY it may be called again: repeats. */
FC_MUST_USE enum fc_rc announce_slots(const struct announce_port *announcer, struct fc_arena *arena,
                                      const struct command_slot *slots, int32_t slot_count,
                                      struct fc_err *ret_err);

#endif
