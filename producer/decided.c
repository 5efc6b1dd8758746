#include "producer/decided.h"

#include "base/assert.h"
#include "base/index.h"

#include <stdlib.h>
#include <string.h>

_Static_assert((DECIDED_SETS & (DECIDED_SETS - 1)) == 0, "sets are found by a mask");
_Static_assert(sizeof(struct decided_entry) <= 768, "3 MiB in all");

enum fc_rc decided_open(struct decided *decided, struct fc_err *ret_err)
{
    size_t places = (size_t)DECIDED_SETS * DECIDED_WAYS;

    decided->entries = calloc(places, sizeof(struct decided_entry)); /* heap: at start */
    if (decided->entries == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "decided_open", "no memory");
    return FC_OK;
}

void decided_close(struct decided *decided)
{
    free(decided->entries);
    decided->entries = NULL;
}

bool decided_may_see(const struct decided_facts *facts, bool admin, int64_t user_id)
{
    if (admin)
        return true;
    return user_id != 0 && (facts->actor_id == user_id || facts->user_id == user_id);
}

static struct decided_entry *set_of(const struct decided *decided, const struct fc_uuid *command_id)
{
    uint64_t hash = fc_hash_uuid(command_id);

    return &decided->entries[(hash & (DECIDED_SETS - 1)) * DECIDED_WAYS];
}

/* The place of this command, or the one it is to take: a free one, else the oldest. */
static struct decided_entry *place_for(const struct decided *decided,
                                       const struct fc_uuid *command_id)
{
    struct decided_entry *set = set_of(decided, command_id);
    struct decided_entry *place = &set[0];

    for (int32_t i = 0; i < DECIDED_WAYS; i++) {
        struct decided_entry *entry = &set[i];

        if (entry->len > 0 && fc_uuid_eq(&entry->facts.command_id, command_id))
            return entry;
        if (place->len > 0 && (entry->len == 0 || entry->read.at.us < place->read.at.us))
            place = entry;
    }
    return place;
}

void decided_keep(struct decided *decided, const struct decided_facts *facts, struct fc_str text,
                  struct decided_stamp now)
{
    struct decided_entry *entry;

    FC_ASSERT(text.len > 0);
    if (text.len > DECIDED_TEXT_BYTES_MAX)
        return;
    entry = place_for(decided, &facts->command_id);
    entry->facts = *facts;
    entry->read = now;
    entry->len = (uint32_t)text.len;
    memcpy(entry->text, text.ptr, text.len);
}

const struct decided_entry *decided_find(const struct decided *decided,
                                         const struct fc_uuid *command_id, struct decided_stamp now)
{
    const struct decided_entry *set = set_of(decided, command_id);

    for (int32_t i = 0; i < DECIDED_WAYS; i++) {
        const struct decided_entry *entry = &set[i];

        if (entry->len == 0 || !fc_uuid_eq(&entry->facts.command_id, command_id))
            continue;
        return entry->read.generation == now.generation &&
                       now.at.us - entry->read.at.us < DECIDED_S_MAX * FC_US_PER_S
                   ? entry
                   : NULL;
    }
    return NULL;
}
