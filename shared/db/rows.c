#include "db/rows.h"

#include "base/assert.h"
#include "db/format.h"
#include "db/session.h"

#include <libpq-fe.h>
#include <string.h>

int32_t db_rows_count(const struct db_rows *rows)
{
    return PQntuples(rows->result);
}

int64_t db_rows_touched(const struct db_rows *rows)
{
    int64_t touched = 0;

    if (!fc_str_to_i64(fc_str_of(PQcmdTuples(rows->result)), 0, INT64_MAX, &touched))
        return 0;
    return touched;
}

bool db_is_null(const struct db_rows *rows, int32_t row, int32_t column)
{
    FC_ASSERT(row >= 0 && row < PQntuples(rows->result));
    FC_ASSERT(column >= 0 && column < PQnfields(rows->result));
    return PQgetisnull(rows->result, row, column) == 1;
}

static struct fc_str value_of(const struct db_rows *rows, int32_t row, int32_t column)
{
    int len = PQgetlength(rows->result, row, column);

    FC_ASSERT(PQfformat(rows->result, column) == 1);
    FC_ASSERT(len >= 0);
    return (struct fc_str){PQgetvalue(rows->result, row, column), (size_t)len};
}

/* The value of a column of this type, NONE for a NULL. */
static struct fc_str value_typed(const struct db_rows *rows, int32_t row, int32_t column,
                                 uint32_t oid, size_t len)
{
    bool null = db_is_null(rows, row, column);

    FC_ASSERT(PQftype(rows->result, column) == oid);
    if (null)
        return FC_STR_NONE;
    struct fc_str value = value_of(rows, row, column);

    FC_ASSERT(value.len == len);
    return value;
}

/* A big-endian two's complement of any length up to 8. */
static int64_t int_of(struct fc_str bytes)
{
    uint64_t value = bytes.len > 0 && ((unsigned char)bytes.ptr[0] & 0x80) != 0 ? UINT64_MAX : 0;

    for (size_t i = 0; i < bytes.len; i++)
        value = value << 8 | (unsigned char)bytes.ptr[i];
    return (int64_t)value;
}

int64_t db_i64(const struct db_rows *rows, int32_t row, int32_t column)
{
    bool null = db_is_null(rows, row, column);
    uint32_t oid = PQftype(rows->result, column);

    FC_ASSERT(oid == DB_OID_INT8 || oid == DB_OID_INT4 || oid == DB_OID_INT2);
    return null ? 0 : int_of(value_of(rows, row, column));
}

bool db_bool(const struct db_rows *rows, int32_t row, int32_t column)
{
    return int_of(value_typed(rows, row, column, DB_OID_BOOL, 1)) != 0;
}

static bool is_text(uint32_t oid)
{
    return oid == DB_OID_TEXT || oid == DB_OID_VARCHAR || oid == DB_OID_BPCHAR ||
           oid == DB_OID_NAME || oid == DB_OID_CHAR || oid == DB_OID_JSON || oid == DB_OID_JSONB ||
           oid == DB_OID_BYTEA || oid >= DB_OID_USER_MIN;
}

struct fc_str db_text(const struct db_rows *rows, int32_t row, int32_t column)
{
    bool null = db_is_null(rows, row, column);
    uint32_t oid = PQftype(rows->result, column);

    FC_ASSERT(is_text(oid));
    if (null)
        return FC_STR_NONE;
    struct fc_str value = value_of(rows, row, column);

    /* A version byte stands before the text of a jsonb. */
    if (oid == DB_OID_JSONB) {
        FC_ASSERT(value.len > 1 && value.ptr[0] == 1);
        value = (struct fc_str){value.ptr + 1, value.len - 1};
    }
    return value;
}

struct fc_uuid db_uuid(const struct db_rows *rows, int32_t row, int32_t column)
{
    struct fc_uuid id = {{0}};
    struct fc_str value = value_typed(rows, row, column, DB_OID_UUID, sizeof(id.bytes));

    if (value.len > 0)
        memcpy(id.bytes, value.ptr, sizeof(id.bytes));
    return id;
}

struct fc_instant db_instant(const struct db_rows *rows, int32_t row, int32_t column)
{
    struct fc_str value = value_typed(rows, row, column, DB_OID_TIMESTAMPTZ, 8);

    return value.len > 0 ? db_instant_of_wire(int_of(value)) : (struct fc_instant){0};
}

struct fc_day db_day(const struct db_rows *rows, int32_t row, int32_t column)
{
    struct fc_str value = value_typed(rows, row, column, DB_OID_DATE, 4);

    return value.len > 0 ? db_day_of_wire((int32_t)int_of(value)) : (struct fc_day){0};
}

void db_rows_clear(struct db_rows *rows)
{
    PQclear(rows->result);
    rows->result = NULL;
}
