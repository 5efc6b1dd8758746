/*
 * A map from a 64-bit key to a position in somebody's table, for the rows of one batch: open
 * addressing over arena memory, no removal, no growth past the capacity it was made for. Keys
 * that are not numbers are hashed by the caller, who then compares what he finds.
 */
#ifndef FC_BASE_INDEX_H
#define FC_BASE_INDEX_H

#include "base/arena.h"
#include "base/id.h"

#define FC_INDEX_NONE (-1)

struct fc_index_slot {
    uint64_t key;
    int32_t position; /* FC_INDEX_NONE in a free slot */
};

struct fc_index {
    struct fc_index_slot *slots;
    uint32_t mask;     /* slots - 1 */
    int32_t count;     /* keys in it */
    int32_t count_max; /* keys it was made for */
};

/* Room for `count_max` keys; false when the arena is full. */
FC_MUST_USE bool fc_index_init(struct fc_index *index, struct fc_arena *arena, int32_t count_max);

/* The position put under `key`, or FC_INDEX_NONE. */
int32_t fc_index_find(const struct fc_index *index, uint64_t key);

/* Puts a position under a key that is not there yet; the capacity must not be used up. */
void fc_index_put(struct fc_index *index, uint64_t key, int32_t position);

/* Walks the positions of keys that may stand several times (hashed keys): start with *cursor = 0;
 * FC_INDEX_NONE at the end. fc_index_add puts a key again beside its equals. */
int32_t fc_index_next(const struct fc_index *index, uint64_t key, uint32_t *cursor);
void fc_index_add(struct fc_index *index, uint64_t key, int32_t position);

/* Hashes for keys that are no numbers (64-bit FNV-1a). */
uint64_t fc_hash_str(struct fc_str text);
uint64_t fc_hash_uuid(const struct fc_uuid *id);
uint64_t fc_hash_pair(int64_t a, int64_t b);

#endif
