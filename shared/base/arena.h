/*
 * Memory that lives as long as a batch. One block, given by the caller at start; takes only move
 * a mark forward, reset moves it back to the start. A take that does not fit is refused with
 * NULL and changes nothing: the batch is then cut shorter. Not for memory that outlives the batch.
 */
#ifndef FC_BASE_ARENA_H
#define FC_BASE_ARENA_H

#include "base/str.h"

struct fc_arena {
    char *ptr;       /* the caller's block */
    size_t size;     /* bytes in it */
    size_t used;     /* bytes taken */
    size_t used_max; /* the most that was ever taken: a metric */
};

void fc_arena_init(struct fc_arena *arena, void *memory, size_t size);

/* Gives everything back. What was taken must not be used any more. */
void fc_arena_reset(struct fc_arena *arena);

/* A mark to which fc_arena_rewind can go back. */
size_t fc_arena_mark(const struct fc_arena *arena);
void fc_arena_rewind(struct fc_arena *arena, size_t mark);

/* Zeroed memory for `count` things of `size` bytes, aligned for any type; NULL when full. */
void *fc_arena_take(struct fc_arena *arena, size_t count, size_t size);
/* The same of memory as it is, for what the caller sets before he reads it. */
void *fc_arena_take_unset(struct fc_arena *arena, size_t count, size_t size);

/* A copy of `text`; false when full. */
FC_MUST_USE bool fc_arena_copy(struct fc_arena *arena, struct fc_str text, struct fc_str *ret_copy);

/*
 * A writer over all that is left; fc_arena_buf_end keeps what was written and returns it, or
 * false when it overflowed (nothing is kept then). No other take may come between the two.
 */
struct fc_buf fc_arena_buf_begin(struct fc_arena *arena);
FC_MUST_USE bool fc_arena_buf_end(struct fc_arena *arena, const struct fc_buf *buf,
                                  struct fc_str *ret_text);

#endif
