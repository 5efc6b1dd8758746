/*
 * Walks a JSON text where it stands: no tree is built, a value is a view of its bytes. Only for
 * text that wire_scan let pass, whose grammar is known to be good; whatever else the scan had to
 * say about it does no harm here. Takes no memory but for strings with escapes, and each walk costs
 * time in proportion to the bytes that it passes.
 */
#ifndef FC_WIRE_VALUE_H
#define FC_WIRE_VALUE_H

#include "base/str.h"

enum wire_kind {
    WIRE_NONE, /* no value: FC_STR_NONE */
    WIRE_NULL,
    WIRE_BOOL,
    WIRE_INTEGER, /* a number without fraction and exponent, of any size */
    WIRE_FRACTION,
    WIRE_STRING,
    WIRE_ARRAY,
    WIRE_OBJECT
};

struct wire_member {
    struct fc_str name; /* what stands between its quotes */
    bool escaped;       /* the name has escapes */
    struct fc_str value;
};

/* A place inside an object or an array. */
struct wire_walk {
    const char *at;
    const char *end; /* the bracket that closes it */
};

/* The value of a whole text: without the blanks around it. */
struct fc_str wire_value_of(struct fc_str text);
enum wire_kind wire_value_kind(struct fc_str value);

/* From the beginning of an object or an array. */
void wire_walk_begin(struct wire_walk *walk, struct fc_str value);
/* The next member of an object, the next element of an array; false at the end. */
bool wire_walk_member(struct wire_walk *walk, struct wire_member *ret_member);
bool wire_walk_element(struct wire_walk *walk, struct fc_str *ret_value);

/* Whether the member's name means `name`; one of more than 128 bytes with escapes never does. */
bool wire_member_is(const struct wire_member *member, struct fc_str name);

/*
 * What a string means: a view of its bytes or, where it has escapes, of what was written to `buf`,
 * which is empty before; nothing when that does not fit. Of a string that means nothing (NUL, half
 * a surrogate pair), which is a fault of the scan, anything.
 */
struct fc_str wire_value_string(struct fc_str value, struct fc_buf *buf);
/* The same of a member's name; the name as it stands when it does not fit or means nothing. */
struct fc_str wire_member_name(const struct wire_member *member, struct fc_buf *buf);

/* The value in one line: without the blanks between its parts, else to the byte. */
void wire_value_put(struct fc_buf *buf, struct fc_str value);

#endif
