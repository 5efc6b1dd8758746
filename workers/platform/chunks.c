#include "platform/chunks.h"

#include "base/assert.h"

void chunks_init(struct chunks *chunks, const struct wire_told_event *events, int32_t count)
{
    FC_ASSERT(count >= 0);
    *chunks = (struct chunks){.events = events, .count = count};
}

/* The longest run from `at` on that the bounds allow, at most `count`. */
static int32_t run(const struct chunks *chunks, int32_t count)
{
    size_t bytes = 0;

    for (int32_t i = 0; i < count; i++) {
        bytes += chunks->events[chunks->at + i].json.len + 1;
        if (i > 0 && bytes > CHUNK_BYTES_MAX)
            return i;
    }
    return count;
}

int32_t chunks_next(const struct chunks *chunks)
{
    int32_t left = chunks->count - chunks->at;
    int32_t suspects = chunks->suspect_end - chunks->at;

    if (suspects > 0)
        return suspects == 1 ? 1 : suspects / 2;
    return run(chunks, left < CHUNK_EVENTS_MAX ? left : CHUNK_EVENTS_MAX);
}

/* Goes on behind `count` events; a suspicion that they were part of stays with the rest. */
static void pass(struct chunks *chunks, int32_t count)
{
    chunks->at += count;
    if (chunks->suspect_end < chunks->at)
        chunks->suspect_end = chunks->at;
    FC_ASSERT(chunks->at <= chunks->count);
}

void chunks_taken(struct chunks *chunks)
{
    int32_t count = chunks_next(chunks);

    FC_ASSERT(count > 0);
    pass(chunks, count);
}

const struct wire_told_event *chunks_refused(struct chunks *chunks)
{
    const struct wire_told_event *event = &chunks->events[chunks->at];
    int32_t count = chunks_next(chunks);

    FC_ASSERT(count > 0);
    chunks->suspect_end = chunks->at + count;
    if (count > 1)
        return NULL;
    pass(chunks, 1);
    return event;
}

size_t chunk_bytes(const struct wire_told_event *events, int32_t count)
{
    size_t bytes = 0;

    for (int32_t i = 0; i < count; i++)
        bytes += events[i].json.len + 1;
    return bytes;
}

void chunk_put(struct fc_buf *buf, const struct wire_told_event *events, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        fc_buf_put(buf, events[i].json);
        fc_buf_put_char(buf, '\n');
    }
}
