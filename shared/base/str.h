/*
 * Views of bytes and a bounded writer. A view does not own what it points at and is never
 * NUL-terminated; the writer fills memory that it was given, remembers that it overflowed
 * (sticky), and is asked once at the end. Nothing here allocates or blocks.
 */
#ifndef FC_BASE_STR_H
#define FC_BASE_STR_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fc_str {
    const char *ptr; /* may be NULL only while len is 0 */
    size_t len;
};

#define FC_STR(literal) ((struct fc_str){(literal), sizeof(literal) - 1})
/* The same for a static table, where C11 wants a constant. */
#define FC_STR_INIT(literal)           \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }
#define FC_STR_NONE ((struct fc_str){NULL, 0})
#define FC_STR_FMT "%.*s"
#define FC_STR_ARG(str) (int)(str).len, ((str).ptr != NULL ? (str).ptr : "")

/* The view of a C string; NULL gives the empty view. */
struct fc_str fc_str_of(const char *text);

bool fc_str_eq(struct fc_str a, struct fc_str b);

/* Bytewise order, shorter first among equals: below 0, 0 or above 0. */
int fc_str_cmp(struct fc_str a, struct fc_str b);

bool fc_str_starts_with(struct fc_str text, struct fc_str prefix);

/*
 * Cuts `text` at the first `separator`: what stands before it is returned, `text` becomes what
 * stands after. Without one the whole is returned and `text` becomes empty.
 */
struct fc_str fc_str_cut(struct fc_str *text, char separator);

/* A decimal integer, optional minus, no blanks, no leading plus, in min..max; else false. */
FC_MUST_USE bool fc_str_to_i64(struct fc_str text, int64_t min, int64_t max, int64_t *ret_value);

/* Copies at most size - 1 bytes and a NUL; false when it had to cut. */
bool fc_str_copy(struct fc_str text, char *ret_text, size_t size);

/* Well-formed UTF-8 (RFC 3629) without NUL. */
bool fc_str_is_utf8(struct fc_str text);

struct fc_buf {
    char *ptr;     /* the caller's memory */
    size_t len;    /* bytes written */
    size_t size;   /* bytes there are */
    bool overflow; /* a write did not fit; nothing was written since */
};

struct fc_buf fc_buf_of(char *memory, size_t size);
/* Takes the next `len` (at least one) bytes for the caller to fill; NULL when they do not fit. */
char *fc_buf_take(struct fc_buf *buf, size_t len);
void fc_buf_put(struct fc_buf *buf, struct fc_str text);
void fc_buf_put_text(struct fc_buf *buf, const char *text);
void fc_buf_put_char(struct fc_buf *buf, char c);
void fc_buf_put_i64(struct fc_buf *buf, int64_t value);
FC_PRINTF(2, 3) void fc_buf_put_fmt(struct fc_buf *buf, const char *format, ...);
struct fc_str fc_buf_str(const struct fc_buf *buf);

#endif
