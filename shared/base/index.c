#include "base/index.h"

#include "base/assert.h"

bool fc_index_init(struct fc_index *index, struct fc_arena *arena, int32_t count_max)
{
    uint32_t slots = 8;

    FC_ASSERT(count_max >= 0);
    FC_ASSERT(count_max < 1 << 28);
    while (slots < (uint32_t)count_max * 2)
        slots *= 2;
    struct fc_index_slot *memory = fc_arena_take_unset(arena, slots, sizeof(*memory));

    if (memory == NULL)
        return false;
    for (uint32_t i = 0; i < slots; i++)
        memory[i].position = FC_INDEX_NONE;
    *index = (struct fc_index){memory, slots - 1, 0, count_max};
    return true;
}

/* Spreads keys that differ in few bits (Steele, Lea and Flood, SplitMix64's finalizer). */
static uint32_t index_home(const struct fc_index *index, uint64_t key)
{
    key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9u;
    key = (key ^ key >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)(key ^ key >> 31) & index->mask;
}

int32_t fc_index_next(const struct fc_index *index, uint64_t key, uint32_t *cursor)
{
    uint32_t home = index_home(index, key);

    while (*cursor <= index->mask) {
        const struct fc_index_slot *slot = &index->slots[(home + *cursor) & index->mask];

        if (slot->position == FC_INDEX_NONE)
            return FC_INDEX_NONE;
        (*cursor)++;
        if (slot->key == key)
            return slot->position;
    }
    return FC_INDEX_NONE;
}

int32_t fc_index_find(const struct fc_index *index, uint64_t key)
{
    uint32_t cursor = 0;

    return fc_index_next(index, key, &cursor);
}

void fc_index_add(struct fc_index *index, uint64_t key, int32_t position)
{
    uint32_t at = index_home(index, key);

    FC_ASSERT(position >= 0);
    FC_ASSERT(index->count < index->count_max);
    while (index->slots[at].position != FC_INDEX_NONE)
        at = (at + 1) & index->mask;
    index->slots[at] = (struct fc_index_slot){key, position};
    index->count++;
}

void fc_index_put(struct fc_index *index, uint64_t key, int32_t position)
{
    FC_ASSERT(fc_index_find(index, key) == FC_INDEX_NONE);
    fc_index_add(index, key, position);
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++) {
        hash ^= at[i];
        hash *= 1099511628211u;
    }
    return hash;
}

#define HASH_START 14695981039346656037u

uint64_t fc_hash_str(struct fc_str text)
{
    return hash_bytes(HASH_START, text.ptr, text.len);
}

uint64_t fc_hash_uuid(const struct fc_uuid *id)
{
    return hash_bytes(HASH_START, id->bytes, sizeof(id->bytes));
}

uint64_t fc_hash_pair(int64_t a, int64_t b)
{
    return hash_bytes(hash_bytes(HASH_START, &a, sizeof(a)), &b, sizeof(b));
}
