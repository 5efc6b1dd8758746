/*
 * A log line for each fact that a committed transaction made of commands: decided and recalled at
 * debug, parked as a warning, because somebody has to look. Called after the commit, never before.
 */
#ifndef FC_SKELETON_FACTS_H
#define FC_SKELETON_FACTS_H

#include "skeleton/record.h"

void facts_log_parked(const struct parked_row *rows, int32_t count);

/* The slots of the range, but for parked ones. */
void facts_log_slots(const struct command_range *range);

#endif
