/*
 * The rows that a transaction leaves of the commands themselves: the journal's, and those of bytes
 * and commands that are parked. Only queues statements.
 */
#ifndef FC_SKELETON_RECORD_H
#define FC_SKELETON_RECORD_H

#include "skeleton/command_job.h"
#include "skeleton/exchange.h"

/* What stands in the parked table for one thing. */
struct parked_row {
    struct fc_str queue;
    const struct fc_uuid *id; /* NULL: the bytes named none */
    struct fc_str reason;
    struct fc_str bytes;
    int64_t delivery_count;
};

/* One statement, whatever the count; none for no rows. */
void record_parked_rows(struct exchange *exchange, const struct parked_row *rows, int32_t count,
                        const char *worker);

void record_slots(struct exchange *exchange, const struct command_range *range);

struct parked_list {
    const struct parked_row *rows; /* arena of the exchange */
    int32_t count;
};

/* The rows that were queued, to be told of when they are committed. */
struct parked_list record_parked(struct exchange *exchange, const struct command_range *range,
                                 const char *family, const char *worker);
void record_attempt_clear(struct exchange *exchange, const struct fc_uuid *command_id);

#endif
