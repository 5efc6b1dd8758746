/*
 * PostgreSQL's binary formats as far as they are numbers: the ids of the built-in types
 * (pg_type.dat; they never change) and the two calendars, which begin in 2000 there and in 1970
 * here. Its infinities are the ends of the integer, here too. Used inside this floor only.
 */
#ifndef FC_DB_FORMAT_H
#define FC_DB_FORMAT_H

#include "base/time.h"

#define DB_OID_BOOL 16
#define DB_OID_BYTEA 17
#define DB_OID_CHAR 18
#define DB_OID_NAME 19
#define DB_OID_INT8 20
#define DB_OID_INT2 21
#define DB_OID_INT4 23
#define DB_OID_TEXT 25
#define DB_OID_JSON 114
#define DB_OID_BPCHAR 1042
#define DB_OID_VARCHAR 1043
#define DB_OID_DATE 1082
#define DB_OID_TIMESTAMPTZ 1184
#define DB_OID_UUID 2950
#define DB_OID_JSONB 3802
/* Types that a schema made: enums, whose binary form is their label. */
#define DB_OID_USER_MIN 16384

/* Instants and days outside PostgreSQL's calendar are a mistake. */
int64_t db_instant_to_wire(struct fc_instant at);
struct fc_instant db_instant_of_wire(int64_t us);
int32_t db_day_to_wire(struct fc_day day);
struct fc_day db_day_of_wire(int32_t days);

#endif
