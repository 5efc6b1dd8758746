/*
 * Tells what came of batches: verdicts to whoever named a reply_to, events to firstcome.events by
 * family. Recalled commands are announced again; consumers drop repeats by event id.
 */
#ifndef FC_SKELETON_ANNOUNCE_H
#define FC_SKELETON_ANNOUNCE_H

#include "skeleton/command_job.h"

/* Sends the verdicts and does not wait: nobody keeps them, whoever missed one asks. */
FC_MUST_USE enum fc_rc announce_verdicts(const struct announce_port *announcer,
                                         struct fc_arena *arena, const struct command_slots *slots,
                                         struct fc_err *ret_err);

/* Puts the events of one list after the other; with `wait` sends them and waits for the confirms.
 * After RETRY it may be called again: repeats. */
FC_MUST_USE enum fc_rc announce_events(const struct announce_port *announcer,
                                       struct fc_arena *arena, const struct command_slots *lists,
                                       int32_t list_count, bool wait, struct fc_err *ret_err);

#endif
