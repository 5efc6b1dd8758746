/*
 * Whether the HTTP library has read a head as it stands there. Before 1.0 it is lax: it ends a
 * line at a NUL or a bare line feed, glues a folded line to the name of the header before it, and
 * takes a line without a name for the end of the head. What a proxy in front has seen there it does
 * not see, and the two disagree on where the request ends. But it leaves every part where it was
 * read; a gap between two of them is more than the line's own end then. Pure.
 */
#ifndef FC_PRODUCER_LAYOUT_H
#define FC_PRODUCER_LAYOUT_H

#include "base/str.h"

struct layout {
    uintptr_t begin; /* of the request line */
    uintptr_t end;   /* of what was read so far, without the end of its line */
    bool whole;      /* nothing stands between the parts but what belongs there */
};

/* A target as it stands in the request line, before the library takes it apart in its place. Empty
 * when it holds a blank or a control character: others end a target there. */
struct fc_str layout_target(const char *text);

/* The request line: `version` is its last word. An empty target is none. */
void layout_begin(struct layout *layout, const char *method, struct fc_str target,
                  const char *version);

/* The next header line, in the order in which they came. */
void layout_add(struct layout *layout, struct fc_str name, struct fc_str value);

/* `size`: bytes of the head with the empty line that ends it. */
FC_MUST_USE bool layout_is_whole(const struct layout *layout, size_t size);

#endif
