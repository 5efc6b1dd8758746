/*
 * One request from its first header to its answer: what came, who asks, what became of it so far.
 * Requests live in a pool of fixed size (producer/pool.h); http.c fills and frees them, the other
 * modules keep in them what they need to know while the client is kept waiting. Views point into
 * the HTTP library's memory and live as long as the request.
 */
#ifndef FC_PRODUCER_REQUEST_H
#define FC_PRODUCER_REQUEST_H

#include "base/id.h"
#include "base/limits.h"
#include "host/clock.h"
#include "producer/layout.h"
#include "producer/wait.h"
#include "wire/command.h"

#define REQUEST_ARGS_MAX 16
#define REQUEST_ID_BYTES_MAX 128

enum request_method {
    REQUEST_GET, /* HEAD too: the library leaves the body out */
    REQUEST_POST,
    REQUEST_PUT,
    REQUEST_PATCH,
    REQUEST_DELETE,
    REQUEST_OTHER,
    REQUEST_METHOD_COUNT
};

/* The headers that mean something here. */
enum request_header {
    REQUEST_CONTENT_LENGTH,
    REQUEST_TRANSFER_ENCODING,
    REQUEST_HOST,
    REQUEST_CONTENT_TYPE,
    REQUEST_CONTENT_ENCODING,
    REQUEST_USER_ID,
    REQUEST_ROLE,
    REQUEST_GATEWAY_TOKEN,
    REQUEST_PREFER,
    REQUEST_IDEMPOTENCY_KEY,
    REQUEST_TRACEPARENT,
    REQUEST_REQUEST_ID,
    REQUEST_IF_NONE_MATCH,
    REQUEST_LAST_EVENT_ID,
    REQUEST_HEADER_COUNT
};

struct request_head {
    struct fc_str values[REQUEST_HEADER_COUNT]; /* the first of each name; else empty */
    int32_t counts[REQUEST_HEADER_COUNT];       /* lines of each name */
    bool malformed;                             /* a byte that has no business in a header */
    int32_t wait_s;                             /* of the first wait preference, 0: none */
};

struct request_arg {
    struct fc_str name;
    struct fc_str value; /* percent-encoded still */
};

enum request_step {
    REQUEST_READING,  /* its body is not complete */
    REQUEST_SERVING,  /* handed to the handler, which is at work */
    REQUEST_HELD,     /* suspended: somebody will answer it */
    REQUEST_ANSWERED, /* the answer is on its way */
    REQUEST_STREAMING /* a part of the answer is, more will come */
};

/* Why a request is not read (on). */
enum request_framing {
    REQUEST_FRAMED,
    REQUEST_MISFRAMED, /* where it ends is in doubt */
    REQUEST_TOO_LARGE,
    REQUEST_NO_ROOM /* as many as can be are in flight */
};

struct http;
struct ingress;
struct route;

struct request {
    /* http.c's own: the library's objects, and what it has to remember */
    struct http *http;
    void *connection;
    void *response;
    int32_t status;
    enum request_step step;
    bool suspended;
    bool gone;      /* the client left while it was held */
    bool ended;     /* of a stream: nothing more will be put */
    bool oversized; /* the body passed the limit; the rest is thrown away */
    size_t dropped; /* bytes of it that were */

    /* what came */
    struct layout layout;
    char id[REQUEST_ID_BYTES_MAX + 1];
    enum request_method method;
    struct fc_str path;
    struct request_arg args[REQUEST_ARGS_MAX];
    int32_t arg_count; /* may be more than were kept: a bad request then */
    struct request_head head;
    char *body; /* heap, grown on demand up to HTTP_BODY_BYTES_MAX; a stream's text later */
    size_t body_len;
    size_t body_size;
    struct fc_instant at;
    struct fc_mono since;

    /* who, and what for (serve.c) */
    struct ingress *ingress;
    int32_t busy; /* queries and batches that still refer to it: it must not end before them */
    const struct route *route;
    int64_t path_id;          /* of the path's {id}, or 0 */
    struct fc_uuid path_uuid; /* of the path's {uuid}, or zero */
    bool identified;
    bool admin;
    int64_t user_id;
    char idempotency_key[IDEMPOTENCY_KEY_BYTES_MAX];
    size_t idempotency_key_len;

    /* a command (intake.c, accept.c) */
    struct fc_uuid command_id;
    enum command_type type;
    bool published; /* put into a message whose fate is unknown */
    bool confirmed; /* durable: may be answered 202 */
    bool probes;    /* its verdict tells how long its queue is (producer/backlog.h) */
    bool rerouted;  /* once more after a misrouted verdict; not again */
    bool awaiting;  /* the wait is for the order or coupon of the path */
    bool awaited;   /* there was such a wait; not again */
    uint64_t message_seq;
    struct request *next_in_message;

    /* waiting for a verdict (wait.c, status.c) */
    struct wait wait;
    struct fc_mono beat; /* of a stream: the last sign of life */

    /* a read (read.c): what its answer depends on */
    int32_t page_limit;
    uint64_t page_scope;
    int32_t choice;

    struct request *next_free; /* pool.c's */
};

enum request_method request_method_parse(struct fc_str name);
const char *request_method_name(enum request_method method);

/* One header line as it came. */
void request_head_add(struct request_head *head, struct fc_str name, struct fc_str value);

/*
 * Whether body and next request can be told apart without doubt. A server and a proxy that read
 * the same bytes differently would let one client speak in another's name.
 */
enum request_framing request_head_framing(const struct request_head *head, bool http_1_1);

/* Sets request->id: the client's own if it is fit to be echoed, else a new one from `chance`. */
void request_id_set(struct request *request, uint64_t chance_a, uint64_t chance_b);

/*
 * Reads identified, admin and user_id from the headers; false when they are there but make no
 * sense (twice, no number, an unknown role).
 */
FC_MUST_USE bool request_identify(struct request *request);

#endif
