#include "shop/columns.h"

#include "base/assert.h"

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
