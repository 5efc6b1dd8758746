#include "support/fuzz.h"

#include <string.h>

#define ARENA_BYTES (4 * 1024 * 1024)
#define BEHIND_BYTES 64
#define BEHIND 0x5A

struct block {
    _Alignas(16) char memory[ARENA_BYTES + BEHIND_BYTES];
    struct fc_arena arena;
};

struct fc_str fuzz_text(const uint8_t *data, size_t size)
{
    return (struct fc_str){(const char *)data, size};
}

struct fc_str fuzz_word(struct fc_str *text)
{
    return fc_str_cut(text, '\n');
}

static struct fc_arena *fresh(struct block *block)
{
    fc_arena_init(&block->arena, block->memory, ARENA_BYTES);
    return &block->arena;
}

struct fc_arena *fuzz_arena(void)
{
    static struct block block;

    return fresh(&block);
}

struct fc_arena *fuzz_arena_other(void)
{
    static struct block block;

    return fresh(&block);
}

struct fc_buf fuzz_buf(void)
{
    static char memory[ARENA_BYTES];

    return fc_buf_of(memory, sizeof(memory));
}

struct fc_buf fuzz_buf_other(void)
{
    static char memory[ARENA_BYTES];

    return fc_buf_of(memory, sizeof(memory));
}

static struct block narrow;

struct fc_arena *fuzz_arena_narrow(size_t size)
{
    FC_ASSERT(size <= ARENA_BYTES);
    fc_arena_init(&narrow.arena, narrow.memory, size);
    memset(narrow.memory + size, BEHIND, BEHIND_BYTES);
    return &narrow.arena;
}

void fuzz_arena_narrow_end(bool fits)
{
    const struct fc_arena *arena = &narrow.arena;

    FC_ASSERT(fits || arena->used == 0);
    FC_ASSERT(arena->used_max <= arena->size);
    for (size_t i = 0; i < BEHIND_BYTES; i++)
        FC_ASSERT(arena->ptr[arena->size + i] == BEHIND);
}
