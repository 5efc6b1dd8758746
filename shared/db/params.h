/*
 * Parameters of one statement in PostgreSQL's binary format, written one after another into
 * memory taken from an arena. Arrays are one-dimensional and written a column at a time:
 *
 *     db_array_begin(&params, DB_I64);
 *     for (…) db_array_i64(&params, ids[i]);
 *     db_array_end(&params);
 *
 * Overflow (arena full, more than DB_PARAMS_MAX) is sticky and told by db_send's exchange as
 * trouble with cure RETRY, so that the batch is cut shorter.
 */
#ifndef FC_DB_PARAMS_H
#define FC_DB_PARAMS_H

#include "base/arena.h"
#include "base/id.h"
#include "base/time.h"

#define DB_PARAMS_MAX 24

enum db_type { DB_I16, DB_I32, DB_I64, DB_BOOL, DB_UUID, DB_TEXT, DB_INSTANT, DB_DAY, DB_BYTES };

struct db_param {
    const char *ptr; /* NULL: SQL NULL */
    size_t len;
};

struct db_params {
    struct fc_arena *arena;
    struct db_param items[DB_PARAMS_MAX];
    int32_t count;
    bool overflow;
    /* The array that is being written. */
    enum db_type array_type;
    int32_t array_count;
    int32_t array_null_count;
    struct fc_buf array;
};

void db_params_init(struct db_params *params, struct fc_arena *arena);

void db_param_i64(struct db_params *params, int64_t value); /* bigint */
void db_param_i32(struct db_params *params, int32_t value); /* integer */
void db_param_i16(struct db_params *params, int16_t value); /* smallint */
void db_param_bool(struct db_params *params, bool value);
void db_param_text(struct db_params *params, struct fc_str text);
void db_param_bytes(struct db_params *params, struct fc_str bytes); /* bytea */
void db_param_uuid(struct db_params *params, const struct fc_uuid *id);
void db_param_instant(struct db_params *params, struct fc_instant at); /* timestamptz */
void db_param_day(struct db_params *params, struct fc_day day);        /* date */
void db_param_null(struct db_params *params);

void db_array_begin(struct db_params *params, enum db_type type);
void db_array_i16(struct db_params *params, int16_t value);
void db_array_i32(struct db_params *params, int32_t value);
void db_array_i64(struct db_params *params, int64_t value);
void db_array_bool(struct db_params *params, bool value);
void db_array_text(struct db_params *params, struct fc_str text);
void db_array_bytes(struct db_params *params, struct fc_str bytes);
void db_array_uuid(struct db_params *params, const struct fc_uuid *id);
void db_array_instant(struct db_params *params, struct fc_instant at);
void db_array_day(struct db_params *params, struct fc_day day);
void db_array_null(struct db_params *params);
void db_array_end(struct db_params *params);
/* The same, but empty when nothing but NULLs was put: for statements that unnest the array beside
 * others, where what is missing is NULL. */
void db_array_end_sparse(struct db_params *params);

#endif
