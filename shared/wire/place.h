/*
 * Where in a JSON text a value stands, as a chain up to the root that lives on the stack of whoever
 * walks the text. It costs nothing until a fault needs its name: a JSON Pointer (RFC 6901).
 */
#ifndef FC_WIRE_PLACE_H
#define FC_WIRE_PLACE_H

#include "base/str.h"

#define WIRE_POINTER_BYTES_MAX 256

struct wire_place {
    const struct wire_place *parent; /* NULL: the root */
    struct fc_str name;              /* of a member of an object; ptr NULL in an array */
    int32_t index;                   /* in an array */
};

/* The pointer, written into `memory`. When it does not fit, that of the nearest ancestor which
 * does. */
struct fc_str wire_place_pointer(const struct wire_place *place,
                                 char memory[WIRE_POINTER_BYTES_MAX]);

#endif
