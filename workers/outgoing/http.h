/*
 * HTTP to another party: several requests at once in one thread, over connections that are kept
 * alive, each with a time to connect and a time in all. Never blocks longer than it is told to.
 * What an answer means, whether to try again and when, is the caller's. libcurl stays inside.
 */
#ifndef FC_OUTGOING_HTTP_H
#define FC_OUTGOING_HTTP_H

#include "base/err.h"
#include "base/str.h"

#define OUTGOING_CALLS_MAX 64
#define OUTGOING_ANSWER_BYTES_MAX (64 * 1024)
#define OUTGOING_HEADERS_MAX 8
#define OUTGOING_URL_BYTES_MAX 1024

enum outgoing_method { OUTGOING_GET, OUTGOING_POST };

struct outgoing_request {
    enum outgoing_method method;
    char url[OUTGOING_URL_BYTES_MAX];          /* http:// or https:// */
    const char *headers[OUTGOING_HEADERS_MAX]; /* "Name: value"; copied */
    int32_t header_count;
    struct fc_str body; /* of a POST; must live until the call is over */
    int32_t connect_ms; /* above 0 */
    int32_t total_ms;   /* above 0, connecting included */
};

enum outgoing_fate {
    OUTGOING_ANSWERED, /* an HTTP status came with a whole answer */
    OUTGOING_NOT_SENT, /* refused, no route, no name: the other party cannot have acted on it */
    OUTGOING_NO_ANSWER /* cut off, reset, timed out: it may have acted */
};

struct outgoing_answer {
    enum outgoing_fate fate;
    int32_t status;     /* of HTTP, when answered */
    struct fc_str body; /* lives during the call of `finished`; cut at OUTGOING_ANSWER_BYTES_MAX */
    int32_t retry_after_s; /* the header's seconds; -1: none */
    const char *trouble;   /* one sentence when not answered; "" else */
};

struct outgoing;

/* Called from outgoing_turn for each call that is over; may start others. `tag` is the caller's. */
typedef void outgoing_finished_fn(void *arg, int64_t tag, const struct outgoing_answer *answer);

/* With `agent` as User-Agent. heap: at start. */
FC_MUST_USE enum fc_rc outgoing_open(const char *agent, struct outgoing **ret_outgoing,
                                     struct fc_err *ret_err);
/* Forgets what is under way. Accepts NULL. */
void outgoing_close(struct outgoing *outgoing);

/* Calls that may still be started. */
int32_t outgoing_free(const struct outgoing *outgoing);
int32_t outgoing_under_way(const struct outgoing *outgoing);

/* Starts a call; there must be a free one (asserted). */
void outgoing_start(struct outgoing *outgoing, const struct outgoing_request *request, int64_t tag);

/* Forgets every call under way, without a word. */
void outgoing_abort(struct outgoing *outgoing);

/* Sends and receives until something is over, at most `wait_ms`; 0 only looks. Waits the time out
 * when nothing is under way. */
void outgoing_turn(struct outgoing *outgoing, int32_t wait_ms, outgoing_finished_fn *finished,
                   void *arg);

#endif
