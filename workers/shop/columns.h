/*
 * Rows of one table by what is to be done with them, and the columns of a statement over such a
 * set: the arrays of one statement are written a column at a time.
 */
#ifndef FC_SHOP_COLUMNS_H
#define FC_SHOP_COLUMNS_H

#include "core/shop.h"
#include "skeleton/exchange.h"

enum row_fate { ROW_BORN, ROW_CHANGED, ROW_GONE, ROW_KEPT };

/* What the database has to hear of a row. */
enum row_fate row_fate(const struct row_mark *mark);

struct row_set {
    const void **rows;
    int32_t count;
};

/* The rows of `table` whose mark (at `mark_offset` in the row) has this fate. */
struct row_set row_set_of(const struct shop_table *table, size_t mark_offset, enum row_fate fate,
                          struct fc_arena *arena);

/* Ascending by the id that each row begins with: statements lock rows in the order in which they
 * come, and all workers in the same one. */
void row_set_sort_i64(struct row_set *set);
void row_set_sort_uuid(struct row_set *set);

#define ROW_SET(shop, table, type, mark, fate) \
    row_set_of(&(shop)->table, offsetof(type, mark), fate, (shop)->arena)

/* One column: an array of `put` over the rows as `type *row`. */
#define COLUMN(params, db_type, type, set, put)                                 \
    do {                                                                        \
        db_array_begin(params, db_type);                                        \
        for (int32_t column_row = 0; column_row < (set)->count; column_row++) { \
            const type *row = (set)->rows[column_row];                          \
            put;                                                                \
        }                                                                       \
        db_array_end(params);                                                   \
    } while (0)

#define COLUMN_I64(params, type, set, expression) \
    COLUMN(params, DB_I64, type, set, db_array_i64(params, expression))
#define COLUMN_I32(params, type, set, expression) \
    COLUMN(params, DB_I32, type, set, db_array_i32(params, expression))
#define COLUMN_TEXT(params, type, set, expression) \
    COLUMN(params, DB_TEXT, type, set, db_array_text(params, expression))
#define COLUMN_BOOL(params, type, set, expression) \
    COLUMN(params, DB_BOOL, type, set, db_array_bool(params, expression))
#define COLUMN_INSTANT(params, type, set, expression) \
    COLUMN(params, DB_INSTANT, type, set, db_array_instant(params, expression))
#define COLUMN_UUID(params, type, set, pointer) \
    COLUMN(params, DB_UUID, type, set, db_array_uuid(params, pointer))

#endif
