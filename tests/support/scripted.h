/*
 * An HTTP server of a process of its own that answers as a function says, byte for byte, so that a
 * client meets what no library's server would do. One request after the other on a connection, many
 * connections at once. What it was asked can be read, in the order in which it came.
 */
#ifndef FC_SUPPORT_SCRIPTED_H
#define FC_SUPPORT_SCRIPTED_H

#include "base/str.h"

#define SCRIPTED_REQUEST_BYTES_MAX 16384
#define SCRIPTED_REPLY_BYTES_MAX (256 * 1024)

enum scripted_manner {
    SCRIPTED_SAY,       /* the text, whatever it is */
    SCRIPTED_SAY_CLOSE, /* and then the connection is closed */
    SCRIPTED_RESET,     /* the connection is reset, whatever was said is lost */
    SCRIPTED_HANG       /* nothing */
};

struct scripted_reply {
    struct fc_buf text;
    enum scripted_manner manner; /* preset: SCRIPTED_SAY */
};

/* Writes the reply to the `number`-th request, from 0; runs in the server's process. */
typedef void scripted_fn(int32_t number, struct fc_str request, struct scripted_reply *reply);

struct scripted {
    int process;
    int told; /* what it was asked, from the server */
    int32_t port;
    char url[64]; /* http://127.0.0.1:port */
};

void scripted_start(struct scripted *scripted, scripted_fn *reply);
void scripted_stop(struct scripted *scripted);

/* The next request it was sent, NUL-terminated; waits for it, and fails the test when none comes.
 */
void scripted_asked(struct scripted *scripted, char ret_request[SCRIPTED_REQUEST_BYTES_MAX]);

/* Whether there is one by now. */
bool scripted_was_asked(const struct scripted *scripted);

/* A whole answer of that status and JSON. */
void scripted_json(struct scripted_reply *reply, int32_t status, const char *json);

/* A port of 127.0.0.1 where nobody listens. */
int32_t scripted_closed_port(void);

#endif
