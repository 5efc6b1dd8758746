#include "db/params.h"

#include "base/assert.h"
#include "db/format.h"

#include <string.h>

/* ndim, flags, element type, then for one dimension its length and lower bound. */
#define ARRAY_HEAD_BYTES 20
#define ARRAY_EMPTY_BYTES 12
#define ARRAY_FLAGS_AT 4
#define ARRAY_COUNT_AT 12
#define NULL_LENGTH UINT32_MAX

void db_params_init(struct db_params *params, struct fc_arena *arena)
{
    memset(params, 0, sizeof(*params));
    params->arena = arena;
}

static void big_endian(uint64_t value, char *ret_bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ret_bytes[i] = (char)(unsigned char)(value >> (8 * (len - 1 - i)));
}

/* --- single values ---------------------------------------------------------------------------- */

static bool is_array_open(const struct db_params *params)
{
    return params->array.ptr != NULL;
}

/* The place for the next parameter, or NULL after an overflow. */
static struct db_param *next_item(struct db_params *params)
{
    FC_ASSERT(!is_array_open(params));
    if (params->count == DB_PARAMS_MAX)
        params->overflow = true;
    return params->overflow ? NULL : &params->items[params->count++];
}

static void put_bytes(struct db_params *params, struct fc_str bytes)
{
    struct db_param *item = next_item(params);
    struct fc_str copy;

    if (item == NULL)
        return;
    if (!fc_arena_copy(params->arena, bytes, &copy)) {
        params->overflow = true;
        return;
    }
    *item = (struct db_param){copy.ptr, copy.len};
}

static void put_int(struct db_params *params, uint64_t value, size_t len)
{
    char bytes[8];

    big_endian(value, bytes, len);
    put_bytes(params, (struct fc_str){bytes, len});
}

void db_param_i64(struct db_params *params, int64_t value)
{
    put_int(params, (uint64_t)value, 8);
}

void db_param_i32(struct db_params *params, int32_t value)
{
    put_int(params, (uint64_t)value, 4);
}

void db_param_i16(struct db_params *params, int16_t value)
{
    put_int(params, (uint64_t)value, 2);
}

void db_param_bool(struct db_params *params, bool value)
{
    put_int(params, value ? 1 : 0, 1);
}

void db_param_text(struct db_params *params, struct fc_str text)
{
    put_bytes(params, text);
}

void db_param_bytes(struct db_params *params, struct fc_str bytes)
{
    put_bytes(params, bytes);
}

void db_param_uuid(struct db_params *params, const struct fc_uuid *id)
{
    put_bytes(params, (struct fc_str){(const char *)id->bytes, sizeof(id->bytes)});
}

void db_param_instant(struct db_params *params, struct fc_instant at)
{
    put_int(params, (uint64_t)db_instant_to_wire(at), 8);
}

void db_param_day(struct db_params *params, struct fc_day day)
{
    put_int(params, (uint64_t)db_day_to_wire(day), 4);
}

void db_param_null(struct db_params *params)
{
    struct db_param *item = next_item(params);

    if (item != NULL)
        *item = (struct db_param){NULL, 0};
}

/* --- arrays ----------------------------------------------------------------------------------- */

static uint32_t oid_of(enum db_type type)
{
    switch (type) {
    case DB_I16:
        return DB_OID_INT2;
    case DB_I32:
        return DB_OID_INT4;
    case DB_I64:
        return DB_OID_INT8;
    case DB_BOOL:
        return DB_OID_BOOL;
    case DB_UUID:
        return DB_OID_UUID;
    case DB_TEXT:
        return DB_OID_TEXT;
    case DB_INSTANT:
        return DB_OID_TIMESTAMPTZ;
    case DB_DAY:
        return DB_OID_DATE;
    case DB_BYTES:
        return DB_OID_BYTEA;
    }
    FC_UNREACHABLE("no such type");
}

static void array_put_u32(struct db_params *params, uint32_t value)
{
    char bytes[4];

    big_endian(value, bytes, sizeof(bytes));
    fc_buf_put(&params->array, (struct fc_str){bytes, sizeof(bytes)});
}

void db_array_begin(struct db_params *params, enum db_type type)
{
    FC_ASSERT(!is_array_open(params));
    params->array = fc_arena_buf_begin(params->arena);
    params->array_type = type;
    params->array_count = 0;
    params->array_null_count = 0;
    array_put_u32(params, 1);
    array_put_u32(params, 0);
    array_put_u32(params, oid_of(type));
    array_put_u32(params, 0);
    array_put_u32(params, 1);
}

static void element(struct db_params *params, enum db_type type, struct fc_str bytes)
{
    FC_ASSERT(is_array_open(params));
    FC_ASSERT(params->array_type == type);
    FC_ASSERT(params->array_count < INT32_MAX);
    if (bytes.len > INT32_MAX) {
        params->array.overflow = true;
        return;
    }
    array_put_u32(params, (uint32_t)bytes.len);
    fc_buf_put(&params->array, bytes);
    params->array_count++;
}

static void element_int(struct db_params *params, enum db_type type, uint64_t value, size_t len)
{
    char bytes[8];

    big_endian(value, bytes, len);
    element(params, type, (struct fc_str){bytes, len});
}

void db_array_i16(struct db_params *params, int16_t value)
{
    element_int(params, DB_I16, (uint64_t)value, 2);
}

void db_array_i32(struct db_params *params, int32_t value)
{
    element_int(params, DB_I32, (uint64_t)value, 4);
}

void db_array_i64(struct db_params *params, int64_t value)
{
    element_int(params, DB_I64, (uint64_t)value, 8);
}

void db_array_bool(struct db_params *params, bool value)
{
    element_int(params, DB_BOOL, value ? 1 : 0, 1);
}

void db_array_text(struct db_params *params, struct fc_str text)
{
    element(params, DB_TEXT, text);
}

void db_array_bytes(struct db_params *params, struct fc_str bytes)
{
    element(params, DB_BYTES, bytes);
}

void db_array_uuid(struct db_params *params, const struct fc_uuid *id)
{
    element(params, DB_UUID, (struct fc_str){(const char *)id->bytes, sizeof(id->bytes)});
}

void db_array_instant(struct db_params *params, struct fc_instant at)
{
    element_int(params, DB_INSTANT, (uint64_t)db_instant_to_wire(at), 8);
}

void db_array_day(struct db_params *params, struct fc_day day)
{
    element_int(params, DB_DAY, (uint64_t)db_day_to_wire(day), 4);
}

void db_array_null(struct db_params *params)
{
    FC_ASSERT(is_array_open(params));
    FC_ASSERT(params->array_count < INT32_MAX);
    array_put_u32(params, NULL_LENGTH);
    params->array_null_count++;
    params->array_count++;
}

/* The length and the flag of NULLs stand before the elements, and are known behind them. */
static void array_head_finish(struct db_params *params)
{
    struct fc_buf *array = &params->array;

    if (array->overflow)
        return;
    FC_ASSERT(array->len >= ARRAY_HEAD_BYTES);
    if (params->array_count == 0) {
        big_endian(0, array->ptr, 4);
        array->len = ARRAY_EMPTY_BYTES;
        return;
    }
    big_endian(params->array_null_count > 0 ? 1 : 0, array->ptr + ARRAY_FLAGS_AT, 4);
    big_endian((uint64_t)params->array_count, array->ptr + ARRAY_COUNT_AT, 4);
}

void db_array_end(struct db_params *params)
{
    FC_ASSERT(is_array_open(params));
    struct fc_str bytes = FC_STR_NONE;

    array_head_finish(params);
    if (!fc_arena_buf_end(params->arena, &params->array, &bytes))
        params->overflow = true;
    params->array = (struct fc_buf){NULL, 0, 0, false};
    struct db_param *item = next_item(params);

    if (item != NULL)
        *item = (struct db_param){bytes.ptr, bytes.len};
}

void db_array_end_sparse(struct db_params *params)
{
    if (params->array_null_count == params->array_count)
        params->array_count = 0;
    db_array_end(params);
}
