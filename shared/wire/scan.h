/*
 * Goes over bytes from outside once, before they are read where they stand (wire/value.h), and
 * holds them to the grammar of RFC 8259 to the letter, UTF-8, depth and size; and to what JSON
 * leaves open: a member named twice, NUL in a string, half a surrogate pair, objects of any size.
 * The first kind means that the bytes are no JSON, the second is a fault with a place. Takes no
 * memory and time in proportion to the bytes.
 */
#ifndef FC_WIRE_SCAN_H
#define FC_WIRE_SCAN_H

#include "wire/problem.h"

/* Members of one object. No object of the contract comes near; a bound keeps the search for
 * members named twice cheap. */
#define WIRE_MEMBERS_MAX 64

/* One JSON value of at most MESSAGE_BYTES_MAX bytes. False when it is none (faults->no_json, with
 * one fault that says why and where); the others are added as faults, and it is true. */
FC_MUST_USE bool wire_scan(struct fc_str text, struct wire_faults *faults);

struct wire_element {
    struct fc_str text; /* view into the scanned bytes */
    bool faulty;        /* wire_scan over it would add a fault */
};

enum wire_scan_outcome {
    WIRE_SCAN_VALUE, /* no array: one element, the value */
    WIRE_SCAN_ARRAY,
    WIRE_SCAN_TOO_MANY, /* more than `count_max` elements */
    WIRE_SCAN_NO_JSON
};

/* Cuts a text into the elements of its array. `reason` says why it is no JSON. */
enum wire_scan_outcome wire_scan_elements(struct fc_str text, struct wire_element *elements,
                                          int32_t count_max, int32_t *ret_count,
                                          const char **ret_reason);

/* The same without a reason: as many elements as the arena has room for, which live in it. */
enum wire_scan_outcome wire_scan_list(struct fc_str text, struct fc_arena *arena,
                                      struct wire_element **ret_elements, int32_t *ret_count);

#endif
