/*
 * Which events go to the data platform together, in their order, and how those that it refuses are
 * found: a chunk that is refused is halved until one event is left, which is passed over; all
 * others go through, none before one that stands in front of it. Pure.
 */
#ifndef FC_PLATFORM_CHUNKS_H
#define FC_PLATFORM_CHUNKS_H

#include "base/limits.h"
#include "wire/event.h"

/* So many events, and so many bytes unless one event alone is longer, go together. */
#define CHUNK_EVENTS_MAX 200
#define CHUNK_BYTES_MAX (256 * 1024)

struct chunks {
    const struct wire_told_event *events;
    int32_t count;
    int32_t at;          /* the first that is not through yet */
    int32_t suspect_end; /* one of at … suspect_end - 1 was refused; `at`: no suspicion */
};

void chunks_init(struct chunks *chunks, const struct wire_told_event *events, int32_t count);

/* How many events, from `at` on, to send next; 0 when all are through. */
int32_t chunks_next(const struct chunks *chunks);

/* The chunk that chunks_next named was taken. */
void chunks_taken(struct chunks *chunks);

/* It was refused: NULL, and the next one is smaller, or the one event that is refused, which counts
 * as through then. */
const struct wire_told_event *chunks_refused(struct chunks *chunks);

/* What stands in a body: each event on a line of its own. */
size_t chunk_bytes(const struct wire_told_event *events, int32_t count);
void chunk_put(struct fc_buf *buf, const struct wire_told_event *events, int32_t count);

#endif
