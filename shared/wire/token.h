/*
 * The tokens of JSON, for wire/scan.h: each function takes the token at `at`, which the caller
 * knows by its first byte, and moves behind it; false with a reason when the bytes are none.
 */
#ifndef FC_WIRE_TOKEN_H
#define FC_WIRE_TOKEN_H

#include "wire/place.h"
#include "wire/problem.h"

struct wire_scan {
    const char *begin;
    const char *at;
    const char *end;
    int32_t depth;
    struct wire_faults *faults; /* NULL: only whether there are some is of interest */
    bool faulty;
    const char *reason; /* why it is no JSON */
};

/* Keeps the reason and returns false. */
bool wire_token_no_json(struct wire_scan *scan, const char *reason);
void wire_token_fault(struct wire_scan *scan, const struct wire_place *place, const char *detail);

/* Moves to the next byte that is no blank: that byte, or 0 at the end (the text holds no NUL). */
char wire_token_peek(struct wire_scan *scan);

/* Within a string: the first byte at or behind `at` that does not stand for itself: a quote, a
 * backslash or a control character; `end` when there is none. */
const char *wire_token_pass_plain(const char *at, const char *end);

/* What the string means goes to `decoded`, which may be NULL: then only its form is of interest.
 * What must not be in it is a fault of `place`. */
bool wire_token_string(struct wire_scan *scan, const struct wire_place *place,
                       struct fc_buf *decoded);
/* The same of a string with its quotes that was taken before; false when something was in it that
 * must not be. */
bool wire_token_decode(struct fc_str quoted, struct fc_buf *decoded);
bool wire_token_number(struct wire_scan *scan);
bool wire_token_literal(struct wire_scan *scan, struct fc_str literal);

#endif
