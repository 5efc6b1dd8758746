#include "shop/columns.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(offsetof(struct wallet, user_id) == 0, "sorted by what it begins with");
_Static_assert(offsetof(struct option, option_id) == 0, "sorted by what it begins with");
_Static_assert(offsetof(struct coupon, coupon_id) == 0, "sorted by what it begins with");

enum row_fate row_fate(const struct row_mark *mark)
{
    if (!mark->loaded)
        return mark->exists ? ROW_BORN : ROW_KEPT;
    if (!mark->exists)
        return ROW_GONE;
    return mark->changed ? ROW_CHANGED : ROW_KEPT;
}

struct row_set row_set_of(const struct shop_table *table, size_t mark_offset, enum row_fate fate,
                          struct fc_arena *arena)
{
    struct row_set set = {fc_arena_take(arena, (size_t)table->count, sizeof(*set.rows)), 0};

    FC_ASSERT(set.rows != NULL);
    for (int32_t i = 0; i < table->count; i++) {
        const char *row = table->rows[i];
        const void *mark = row + mark_offset;

        if (row_fate(mark) == fate)
            set.rows[set.count++] = row;
    }
    return set;
}

static int compare_i64(const void *a, const void *b)
{
    const int64_t *const *one = a;
    const int64_t *const *other = b;

    return (**one > **other) - (**one < **other);
}

/* As PostgreSQL compares them: byte by byte. */
static int compare_uuid(const void *a, const void *b)
{
    const struct fc_uuid *const *one = a;
    const struct fc_uuid *const *other = b;

    return memcmp(*one, *other, sizeof(**one));
}

void row_set_sort_i64(struct row_set *set)
{
    if (set->count > 1)
        qsort(set->rows, (size_t)set->count, sizeof(*set->rows), compare_i64);
}

void row_set_sort_uuid(struct row_set *set)
{
    if (set->count > 1)
        qsort(set->rows, (size_t)set->count, sizeof(*set->rows), compare_uuid);
}
