/*
 * The head of an HTTP/1.1 answer, as the load tool reads it: the status line, the length of the
 * body and the few headers that it looks at. Strict, and with one way to tell a body's end: a
 * Content-Length. Pure; what is returned points into the bytes.
 */
#ifndef FC_CLI_LOAD_HEAD_H
#define FC_CLI_LOAD_HEAD_H

#include "base/str.h"

#define LOAD_HEAD_BYTES_MAX 8192

enum load_parse {
    LOAD_PARSE_DONE,
    LOAD_PARSE_MORE, /* so far so good: the rest has not arrived */
    LOAD_PARSE_BAD
};

struct load_head {
    int32_t status;
    int64_t body_bytes;
    size_t bytes; /* of the head itself, with the empty line */
    bool close;   /* the server takes no further request on this connection */
    bool replayed;
    bool has_retry_after;
    struct fc_str location; /* empty: none */
    const char *trouble;    /* of LOAD_PARSE_BAD: a literal */
};

/* `bytes` is what has arrived of the answer, from its first byte on. */
FC_MUST_USE enum load_parse load_head_parse(struct fc_str bytes, struct load_head *ret_head);

#endif
