/*
 * Many HTTP requests at once from one thread, over connections that are kept alive: lanes, each
 * with at most one request under way. It repeats nothing by itself, not even a request whose kept
 * connection turned out to be dead: what was sent is what was asked to be. There is one of it.
 */
#ifndef FC_TESTS_SUPPORT_CHAOS_HTTP_H
#define FC_TESTS_SUPPORT_CHAOS_HTTP_H

#include "base/err.h"
#include "base/id.h"
#include "support/caller.h"

#include <poll.h>

#define CHAOS_LANES_MAX 512
#define CHAOS_BODY_BYTES 2048

struct chaos_answer {
    bool lost;           /* no answer, or not all of it: the request may have been taken or not */
    const char *trouble; /* why it is lost */
    int32_t status;
    struct fc_str body;    /* lives during the call */
    bool replayed;         /* Idempotency-Replayed: true */
    int32_t retry_after_s; /* 0: not said */
    bool has_id;
    struct fc_uuid id; /* where its command is, by Location or Content-Location */
};

/* Called from chaos_http_turn for each request that is over; its lane is free already. */
typedef void chaos_answered_fn(void *arg, int32_t lane, const struct chaos_answer *answer);

/* `urls` are separated by commas; `token` is the gateway's, empty: none. */
FC_MUST_USE enum fc_rc chaos_http_open(const char *urls, const char *token, int32_t lane_count,
                                       struct fc_err *ret_err);
void chaos_http_close(void);

int32_t chaos_http_url_count(void);

/* A lane with nothing under way; -1: all are taken. */
int32_t chaos_http_free_lane(void);

/* No byte leaves before the next turn. A POST with a body or a GET; it is copied, its body is
 * CHAOS_BODY_BYTES long at most. `url` is the number of an address. */
void chaos_http_send(int32_t lane, const struct call *call, int32_t url);

/* Sends and receives; waits until something happens there or with `others`, `wait_ms` at most. */
void chaos_http_turn(struct pollfd *others, int32_t other_count, int32_t wait_ms,
                     chaos_answered_fn *answered, void *arg);

#endif
