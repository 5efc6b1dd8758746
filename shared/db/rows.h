/*
 * The answer to a statement: rows of binary values. Asking for a column with the wrong type or
 * beyond the end is a mistake (asserted); a NULL gives 0, false, the empty view, the zero id, and
 * db_is_null tells. Views live as long as the rows.
 */
#ifndef FC_DB_ROWS_H
#define FC_DB_ROWS_H

#include "base/id.h"
#include "base/str.h"
#include "base/time.h"

struct db_rows;

int32_t db_rows_count(const struct db_rows *rows);
/* Rows that an INSERT, UPDATE or DELETE touched. */
int64_t db_rows_touched(const struct db_rows *rows);
bool db_is_null(const struct db_rows *rows, int32_t row, int32_t column);
int64_t db_i64(const struct db_rows *rows, int32_t row, int32_t column); /* smallint to bigint */
bool db_bool(const struct db_rows *rows, int32_t row, int32_t column);
struct fc_str db_text(const struct db_rows *rows, int32_t row,
                      int32_t column); /* text, json, bytea */
struct fc_uuid db_uuid(const struct db_rows *rows, int32_t row, int32_t column);
struct fc_instant db_instant(const struct db_rows *rows, int32_t row, int32_t column);
struct fc_day db_day(const struct db_rows *rows, int32_t row, int32_t column);

#endif
