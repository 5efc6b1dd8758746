/*
 * HTTP for load: many connections of one thread over epoll, kept alive, each with at most one
 * request under way, at a few microseconds a request. A request is bytes; an answer is its head and
 * the beginning of its body. What is sent when is load_run.h's business. In plain HTTP only.
 */
#ifndef FC_CLI_LOAD_WIRE_H
#define FC_CLI_LOAD_WIRE_H

#include "base/err.h"
#include "host/clock.h"
#include "producer/cli/load_head.h"

#define LOAD_LANES_MAX 16384
#define LOAD_REQUEST_BYTES_MAX 8192
/* Of an answer that arrives in pieces so much is kept: its head, and more of a body than any
 * command's document has. */
#define LOAD_KEPT_BYTES 16384

enum load_fate {
    LOAD_ANSWERED,
    LOAD_CUT,     /* the connection ended under it; it may have been taken or not */
    LOAD_TIMEOUT, /* no answer in time; as LOAD_CUT */
    LOAD_BAD,     /* an answer that is none */
    LOAD_FATE_COUNT
};

struct load_answer {
    enum load_fate fate;
    struct load_head head; /* of LOAD_ANSWERED */
    struct fc_str body;    /* its beginning; lives during the call */
    struct fc_mono at;     /* when it was there, or was given up */
    const char *trouble;   /* of the others */
};

struct load_wire;

/* A request is over. New ones may be sent from within. */
typedef void load_finished_fn(void *arg, int32_t lane, const struct load_answer *answer);

struct load_wire_settings {
    const char *urls; /* separated by commas: the lanes are spread over them */
    int32_t lane_count;
    int32_t timeout_ms; /* of an answer */
    int wake_fd;        /* readable when the command was asked to stop; -1: none */
};

/* Resolves the names and connects every lane, which may wait for some seconds. */
FC_MUST_USE enum fc_rc load_wire_open(const struct load_wire_settings *settings,
                                      struct load_wire **ret_wire, struct fc_err *ret_err);
/* Accepts NULL. */
void load_wire_close(struct load_wire *wire);

/* Who is told from now on; with nothing under way. */
void load_wire_listen(struct load_wire *wire, load_finished_fn *finished, void *arg);

/* The next lane that is connected and has nothing under way, in turn; -1: none. It must be sent
 * on. */
int32_t load_wire_take(struct load_wire *wire);
bool load_wire_has_idle(const struct load_wire *wire);
/* Which of the URLs the lane goes to, and what that is as a Host header. */
int32_t load_wire_url(const struct load_wire *wire, int32_t lane);
int32_t load_wire_url_count(const struct load_wire *wire);
struct fc_str load_wire_host(const struct load_wire *wire, int32_t url);

/* Sends on a lane that was taken; the bytes are the caller's again. The answer, or the end of the
 * connection, is told in a later turn. */
void load_wire_send(struct load_wire *wire, int32_t lane, struct fc_str bytes, struct fc_mono now);

/* Receives; waits until something happens, `until` at most. Looks after connections: one that ended
 * is opened anew. */
void load_wire_turn(struct load_wire *wire, struct fc_mono until);

int32_t load_wire_under_way(const struct load_wire *wire);
/* Attempts to connect that failed since the beginning; the last sentence, or NULL. */
int64_t load_wire_unconnected(const struct load_wire *wire);
const char *load_wire_trouble(const struct load_wire *wire);

#endif
