/*
 * HTTP/1.1 for the ingress: connections, framing, deadlines, suspended requests, drain. The only
 * module that knows the HTTP library (libmicrohttpd, driven by our loop). It collects each request
 * whole, hands it to the handler, and lets it be held until somebody answers. Knows no path and
 * no meaning.
 */
#ifndef FC_PRODUCER_HTTP_H
#define FC_PRODUCER_HTTP_H

#include "base/err.h"
#include "producer/request.h"

struct http;

struct http_handler {
    /* The request is complete: answer it or hold it before returning. */
    void (*ready)(void *arg, struct request *request);
    /* It will not be read (on), because of this: answer it now. */
    void (*refused)(void *arg, struct request *request, enum request_framing why);
    /* The client of a held or streaming request has left: forget it, and answer a held one. */
    void (*gone)(void *arg, struct request *request);
    /* The request is over, its answer sent or not; it is freed behind this call. */
    void (*done)(void *arg, struct request *request);
    void *arg;
};

struct http_settings {
    int listener;                 /* a listening socket; owned from now on */
    int32_t request_count_max;    /* fewer than connections, so that whoever is too many is told */
    int32_t connection_count_max; /* of these, one in sixteen is for newcomers (clients.h) */
    struct http_handler handler;
};

struct http_header {
    const char *name;
    const char *value;
};

struct http_answer {
    int32_t status;
    const char *content_type; /* NULL: no body */
    struct fc_str body;       /* copied */
    const struct http_header *headers;
    int32_t header_count;
    bool stream; /* body is the beginning; http_stream_put brings the rest */
};

FC_MUST_USE enum fc_rc http_open(const struct http_settings *settings, struct http **ret_http,
                                 struct fc_err *ret_err);
/* Accepts NULL. No request may be held any more. */
void http_close(struct http *http);

int http_fd(const struct http *http);
/* How long the loop may wait before the next turn, -1: for ever. */
int32_t http_wait_ms(const struct http *http);
/* Reads, calls the handler, sends: whatever is ready. Does not block. */
void http_turn(struct http *http);
/* Cuts connections whose time is over, and makes room where there are too many. */
void http_sweep(struct http *http, struct fc_mono now);

/* Suspends the request that the handler has in hands; with `watch` the client's leaving is told. */
void http_hold(struct http *http, struct request *request, bool watch);
/* Answers the request in hands or a held one; once. */
void http_answer(struct http *http, struct request *request, const struct http_answer *answer);
/* More of a stream, the last of it with `end`. Text that does not fit its bound is dropped. */
void http_stream_put(struct http *http, struct request *request, struct fc_str text, bool end);

/* No new connections; every answer from now on closes its own. */
void http_quiesce(struct http *http);
/* Connections that were closed to make room for others, ever. */
int64_t http_moved(const struct http *http);
void http_count(const struct http *http, int32_t *ret_requests, int32_t *ret_connections);

#endif
