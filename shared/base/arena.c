#include "base/arena.h"

#include "base/assert.h"

#include <string.h>

#define ARENA_ALIGN 16

void fc_arena_init(struct fc_arena *arena, void *memory, size_t size)
{
    FC_ASSERT(memory != NULL);
    FC_ASSERT((uintptr_t)memory % ARENA_ALIGN == 0);
    *arena = (struct fc_arena){memory, size, 0, 0};
}

void fc_arena_reset(struct fc_arena *arena)
{
    arena->used = 0;
}

size_t fc_arena_mark(const struct fc_arena *arena)
{
    return arena->used;
}

void fc_arena_rewind(struct fc_arena *arena, size_t mark)
{
    FC_ASSERT(mark <= arena->used);
    arena->used = mark;
}

static size_t arena_aligned(const struct fc_arena *arena)
{
    return (arena->used + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
}

static void arena_use(struct fc_arena *arena, size_t used)
{
    FC_ASSERT(used <= arena->size);
    arena->used = used;
    if (used > arena->used_max)
        arena->used_max = used;
}

void *fc_arena_take_unset(struct fc_arena *arena, size_t count, size_t size)
{
    size_t start = arena_aligned(arena);
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) || start > arena->size ||
        bytes > arena->size - start)
        return NULL;
    arena_use(arena, start + bytes);
    return arena->ptr + start;
}

void *fc_arena_take(struct fc_arena *arena, size_t count, size_t size)
{
    void *memory = fc_arena_take_unset(arena, count, size);

    return memory != NULL ? memset(memory, 0, count * size) : NULL;
}

bool fc_arena_copy(struct fc_arena *arena, struct fc_str text, struct fc_str *ret_copy)
{
    if (text.len > arena->size - arena->used)
        return false;
    char *copy = arena->ptr + arena->used;

    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    arena_use(arena, arena->used + text.len);
    *ret_copy = (struct fc_str){copy, text.len};
    return true;
}

struct fc_buf fc_arena_buf_begin(struct fc_arena *arena)
{
    return fc_buf_of(arena->ptr + arena->used, arena->size - arena->used);
}

bool fc_arena_buf_end(struct fc_arena *arena, const struct fc_buf *buf, struct fc_str *ret_text)
{
    FC_ASSERT(buf->ptr == arena->ptr + arena->used);
    if (buf->overflow)
        return false;
    arena_use(arena, arena->used + buf->len);
    *ret_text = fc_buf_str(buf);
    return true;
}
