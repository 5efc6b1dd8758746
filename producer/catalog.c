#include "producer/catalog.h"

#include "base/assert.h"
#include "base/index.h"

#include <stdlib.h>
#include <string.h>

#define CATALOG_SLOTS_FIRST 1024

static struct catalog_entry *entries_make(uint32_t slots)
{
    return calloc(slots, sizeof(struct catalog_entry)); /* heap: grows with the catalogue */
}

/* The entry of that name, or the free slot where it would stand. */
static struct catalog_entry *slot_of(struct catalog_entry *entries, uint32_t mask,
                                     enum catalog_kind kind, int64_t id)
{
    uint32_t at = (uint32_t)fc_hash_pair((int64_t)kind, id) & mask;

    while (entries[at].id != 0 && (entries[at].id != id || entries[at].kind != kind))
        at = (at + 1) & mask;
    return &entries[at];
}

enum fc_rc catalog_open(struct catalog *catalog, struct fc_err *ret_err)
{
    catalog->entries = entries_make(CATALOG_SLOTS_FIRST);
    catalog->mask = CATALOG_SLOTS_FIRST - 1;
    catalog->count = 0;
    if (catalog->entries == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "catalog_open", "no memory");
    return FC_OK;
}

void catalog_close(struct catalog *catalog)
{
    free(catalog->entries);
    catalog->entries = NULL;
}

void catalog_clear(struct catalog *catalog)
{
    memset(catalog->entries, 0, (catalog->mask + (size_t)1) * sizeof(*catalog->entries));
    catalog->count = 0;
}

enum catalog_answer catalog_find(const struct catalog *catalog, enum catalog_kind kind, int64_t id,
                                 int64_t *ret_product_id)
{
    const struct catalog_entry *entry = slot_of(catalog->entries, catalog->mask, kind, id);

    *ret_product_id = 0;
    if (entry->id != 0 && kind == CATALOG_OPTION)
        entry = slot_of(catalog->entries, catalog->mask, CATALOG_PRODUCT, entry->product);
    if (entry->id == 0 || entry->answer == CATALOG_UNKNOWN)
        return CATALOG_UNKNOWN;
    *ret_product_id = entry->id;
    return entry->answer;
}

/* Twice the slots; true when there is room for one more. */
static bool make_room(struct catalog *catalog)
{
    uint32_t slots = (catalog->mask + 1) * 2;

    if (catalog->count < slots / 4)
        return true;
    struct catalog_entry *entries = entries_make(slots);

    if (entries == NULL)
        return catalog->count < catalog->mask;
    for (uint32_t i = 0; i <= catalog->mask; i++) {
        const struct catalog_entry *entry = &catalog->entries[i];

        if (entry->id != 0)
            *slot_of(entries, slots - 1, entry->kind, entry->id) = *entry;
    }
    free(catalog->entries);
    catalog->entries = entries;
    catalog->mask = slots - 1;
    return true;
}

static struct catalog_entry *learn(struct catalog *catalog, enum catalog_kind kind, int64_t id)
{
    FC_ASSERT(id > 0);
    if (!make_room(catalog))
        return NULL;
    struct catalog_entry *entry = slot_of(catalog->entries, catalog->mask, kind, id);

    if (entry->id == 0) {
        *entry = (struct catalog_entry){.id = id, .kind = kind, .answer = CATALOG_UNKNOWN};
        catalog->count++;
    }
    return entry;
}

void catalog_learn_product(struct catalog *catalog, int64_t product_id, bool first_come, bool sure)
{
    struct catalog_entry *entry = learn(catalog, CATALOG_PRODUCT, product_id);

    if (entry == NULL || (!sure && entry->answer != CATALOG_UNKNOWN))
        return;
    entry->product = product_id;
    entry->answer = first_come ? CATALOG_FIRST_COME : CATALOG_ORDINARY;
}

void catalog_learn_option(struct catalog *catalog, int64_t option_id, int64_t product_id)
{
    struct catalog_entry *entry = learn(catalog, CATALOG_OPTION, option_id);

    if (entry != NULL)
        entry->product = product_id;
}

void catalog_forget_product(struct catalog *catalog, int64_t product_id)
{
    struct catalog_entry *entry =
        slot_of(catalog->entries, catalog->mask, CATALOG_PRODUCT, product_id);

    if (entry->id != 0)
        entry->answer = CATALOG_UNKNOWN;
}
