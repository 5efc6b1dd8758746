/*
 * The requests in flight: a fixed number of them, taken at start, so that overload is refused
 * instead of growing. Pages of requests that were never used are never touched.
 */
#ifndef FC_PRODUCER_POOL_H
#define FC_PRODUCER_POOL_H

#include "base/err.h"
#include "producer/request.h"

struct request_pool {
    struct request *requests; /* heap: at start */
    int32_t count_max;
    int32_t count_touched; /* those before it were used at least once */
    int32_t count;         /* in use */
    struct request *free;
};

FC_MUST_USE enum fc_rc request_pool_open(struct request_pool *pool, int32_t count_max,
                                         struct fc_err *ret_err);
void request_pool_close(struct request_pool *pool);

/* A zeroed one, or NULL when all are in use. */
struct request *request_take(struct request_pool *pool);
/* Frees its body too. */
void request_give(struct request_pool *pool, struct request *request);

/* Appends to the body (heap, grown by doubling); false above `bytes_max` or without memory. */
FC_MUST_USE bool request_body_append(struct request *request, struct fc_str bytes,
                                     size_t bytes_max);

/* Takes up to `size` bytes out of its front; how many those are. */
size_t request_body_give(struct request *request, char *memory, size_t size);

/* More of a request's body, up to HTTP_BODY_BYTES_MAX; what follows is thrown away for a while, so
 * that its sender reads the answer. False when it is too much even for that. */
FC_MUST_USE bool request_body_take(struct request *request, struct fc_str bytes);

#endif
