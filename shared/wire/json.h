/*
 * Writes JSON (RFC 8259) into a bounded buffer: compact, keys in the order in which they are put,
 * commas set by itself. Strings are escaped; they must be UTF-8. Overflow is the buffer's.
 */
#ifndef FC_WIRE_JSON_H
#define FC_WIRE_JSON_H

#include "base/id.h"
#include "base/krw.h"
#include "base/str.h"
#include "base/time.h"

#include <string.h>

struct wire_json {
    struct fc_buf *buf;
    bool comma; /* something stands before in this object or array */
};

void wire_json_init(struct wire_json *json, struct fc_buf *buf);
void wire_json_object_begin(struct wire_json *json);
void wire_json_object_end(struct wire_json *json);
void wire_json_array_begin(struct wire_json *json);
void wire_json_array_end(struct wire_json *json);
/* A name of ours, which is written as it is: it must need no escapes. */
void wire_json_own_name(struct wire_json *json, struct fc_str name);
/* Any name. */
void wire_json_name(struct wire_json *json, struct fc_str name);
void wire_json_str(struct wire_json *json, struct fc_str text);
void wire_json_i64(struct wire_json *json, int64_t value);
void wire_json_bool(struct wire_json *json, bool value);
void wire_json_null(struct wire_json *json);
void wire_json_uuid(struct wire_json *json, const struct fc_uuid *id);
void wire_json_instant(struct wire_json *json, struct fc_instant at);
void wire_json_day(struct wire_json *json, struct fc_day day);
/* Text that is JSON already. */
void wire_json_raw(struct wire_json *json, struct fc_str text);

/* wire_json_own_name of what mostly is a literal, whose length the compiler knows. */
static inline void wire_json_key(struct wire_json *json, const char *key)
{
    wire_json_own_name(json, (struct fc_str){key, strlen(key)});
}

#endif
