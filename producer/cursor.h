/*
 * Where a page ended, as opaque text (base64url). A cursor belongs to one list with one set of
 * filters, its scope; one that was changed, or is used with another scope, is no cursor. It
 * guards against accidents, not against somebody who computes the sum anew: what is inside is the
 * reader's own position in what he may read anyway, and always something that the database can be
 * asked for. Pure.
 */
#ifndef FC_PRODUCER_CURSOR_H
#define FC_PRODUCER_CURSOR_H

#include "base/id.h"
#include "base/limits.h"
#include "base/str.h"

struct cursor {
    int64_t number; /* the value sorted by, when it is a number: 0 to ID_MAX */
    int64_t id;     /* what makes it unique, when it is an integer: 0 to ID_MAX */
    struct fc_uuid uuid;
    char text[NAME_BYTES_MAX]; /* the value sorted by, when it is a name: UTF-8 without NUL */
    size_t text_len;
};

/* The longest text of a cursor. */
#define CURSOR_TEXT_MAX 336

void cursor_put(struct fc_buf *buf, const struct cursor *cursor, uint64_t scope);
FC_MUST_USE bool cursor_parse(struct fc_str text, uint64_t scope, struct cursor *ret_cursor);

#endif
