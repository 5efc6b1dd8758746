/*
 * A client of HTTP/1.1 that says what it likes, byte for byte, and believes nothing: a connection
 * to the server on 127.0.0.1 and the answers that come back on it, cut by what they say of their
 * own length. Waits are bounded; what is no answer is told as that.
 */
#ifndef FC_TESTS_SUPPORT_TORTURE_WIRE_H
#define FC_TESTS_SUPPORT_TORTURE_WIRE_H

#include "base/str.h"
#include "host/clock.h"

#define TORTURE_ANSWER_BYTES (512 * 1024)
#define TORTURE_ID_BYTES 128

struct torture_wire {
    int fd;      /* below 0: closed by us */
    bool closed; /* the server closed it, or reset it */
    char text[TORTURE_ANSWER_BYTES];
    size_t len;
    size_t sent_bytes;
};

struct torture_answer {
    int32_t status;
    bool closes;                   /* Connection: close */
    char id[TORTURE_ID_BYTES + 1]; /* X-Request-Id; empty: none */
    char type[64];                 /* Content-Type; empty: none */
    struct fc_str body;            /* until the next answer is taken */
};

enum torture_got {
    TORTURE_ANSWER,
    TORTURE_END,     /* it closed the connection, and nothing is left */
    TORTURE_NOTHING, /* the time is over */
    TORTURE_GARBAGE  /* bytes that are no answer, or an answer that was cut */
};

/* Ends the process when there is no connection to be had. */
void torture_open(struct torture_wire *wire, int32_t port);
void torture_close(struct torture_wire *wire);
/* Closes it with a reset. */
void torture_reset(struct torture_wire *wire);

/* All of it, or as much as the server takes within `ms`; false when it takes no more. */
bool torture_send(struct torture_wire *wire, struct fc_str text, int32_t ms);

/* The next answer, within `ms`. */
enum torture_got torture_next(struct torture_wire *wire, int32_t ms,
                              struct torture_answer *ret_answer);

/* Behind an answer that closes: what comes until the end is of no meaning, and is taken for
 * nothing; *ret_holds says whether `text` is in it. False when the connection does not end within
 * `ms`. */
bool torture_end(struct torture_wire *wire, int32_t ms, const char *text, bool *ret_holds);

/* Lets `ms` pass, or less when the server has something to say. */
void torture_rest(const struct torture_wire *wire, int32_t ms);

#endif
