#include "support/history_check_names.h"

#include "base/assert.h"
#include "base/index.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 64

void *array_grown(void *items, int64_t count, int64_t *room, size_t size)
{
    if (count < *room)
        return items;
    *room = *room < ROOM_MIN ? ROOM_MIN : *room * 2;
    items = realloc(items, (size_t)*room * size);
    FC_ASSERT(items != NULL);
    return items;
}

void *array_new(int64_t count, size_t size)
{
    FC_ASSERT(count >= 0);
    void *items = calloc(count > 0 ? (size_t)count : 1, size);

    FC_ASSERT(items != NULL);
    return items;
}

const char *names_text(const struct names *names, int32_t number)
{
    FC_ASSERT(number >= 0);
    if (number == 0)
        return "";
    FC_ASSERT(number <= names->count);
    return names->bytes + names->starts[number - 1];
}

static int32_t *slot_of(const struct names *names, struct fc_str text)
{
    for (uint64_t at = fc_hash_str(text);; at++) {
        int32_t *slot = &names->slots[at & (uint64_t)(names->slot_count - 1)];

        if (*slot == 0 || fc_str_eq(fc_str_of(names_text(names, *slot)), text))
            return slot;
    }
}

int32_t names_find(const struct names *names, struct fc_str text)
{
    if (text.len == 0)
        return 0;
    if (names->slot_count == 0)
        return -1;
    int32_t number = *slot_of(names, text);

    return number == 0 ? -1 : number;
}

static void widen(struct names *names)
{
    free(names->slots);
    names->slot_count = names->slot_count == 0 ? ROOM_MIN : names->slot_count * 2;
    names->slots = array_new(names->slot_count, sizeof(*names->slots));
    for (int32_t number = 1; number <= names->count; number++)
        *slot_of(names, fc_str_of(names_text(names, number))) = number;
}

static void put_byte(struct names *names, char byte)
{
    names->bytes = array_grown(names->bytes, names->len, &names->room, 1);
    names->bytes[names->len++] = byte;
}

int32_t names_put(struct names *names, struct fc_str text)
{
    if (text.len == 0)
        return 0;
    FC_ASSERT(memchr(text.ptr, '\0', text.len) == NULL);
    if ((int64_t)names->count * 2 >= names->slot_count)
        widen(names);
    int32_t *slot = slot_of(names, text);

    if (*slot != 0)
        return *slot;
    FC_ASSERT(names->count < INT32_MAX);
    names->starts =
        array_grown(names->starts, names->count, &names->starts_room, sizeof(*names->starts));
    names->starts[names->count] = names->len;
    for (size_t i = 0; i < text.len; i++)
        put_byte(names, text.ptr[i]);
    put_byte(names, '\0');
    *slot = ++names->count;
    return *slot;
}

void names_close(struct names *names)
{
    free(names->bytes);
    free(names->starts);
    free(names->slots);
    *names = (struct names){.bytes = NULL};
}
