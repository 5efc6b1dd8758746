#include "producer/pool.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

#define BODY_BYTES_FIRST 512
/* Of a chunked body above the limit this much is read; then the connection is cut. */
#define OVERSIZE_BYTES_MAX (1024 * 1024)

enum fc_rc request_pool_open(struct request_pool *pool, int32_t count_max, struct fc_err *ret_err)
{
    FC_ASSERT(count_max > 0);
    *pool = (struct request_pool){.count_max = count_max};
    pool->requests = calloc((size_t)count_max, sizeof(struct request)); /* heap: at start */
    if (pool->requests == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "request_pool_open", "no memory");
    return FC_OK;
}

void request_pool_close(struct request_pool *pool)
{
    FC_ASSERT(pool->count == 0);
    free(pool->requests);
    pool->requests = NULL;
}

struct request *request_take(struct request_pool *pool)
{
    struct request *request = pool->free;

    if (request != NULL)
        pool->free = request->next_free;
    else if (pool->count_touched < pool->count_max)
        request = &pool->requests[pool->count_touched++];
    else
        return NULL;
    memset(request, 0, sizeof(*request));
    pool->count++;
    return request;
}

void request_give(struct request_pool *pool, struct request *request)
{
    FC_ASSERT(pool->count > 0);
    FC_ASSERT(request->wait.kind == WAIT_NONE);
    free(request->body);
    request->body = NULL;
    request->next_free = pool->free;
    pool->free = request;
    pool->count--;
}

bool request_body_append(struct request *request, struct fc_str bytes, size_t bytes_max)
{
    size_t len = request->body_len + bytes.len;

    if (bytes.len == 0)
        return true;
    if (len > bytes_max)
        return false;
    if (len > request->body_size) {
        size_t size = request->body_size == 0 ? BODY_BYTES_FIRST : request->body_size;

        while (size < len)
            size *= 2;
        char *body = realloc(request->body, size); /* heap: bounded by bytes_max a request */

        if (body == NULL)
            return false;
        request->body = body;
        request->body_size = size;
    }
    memcpy(request->body + request->body_len, bytes.ptr, bytes.len);
    request->body_len = len;
    return true;
}

size_t request_body_give(struct request *request, char *memory, size_t size)
{
    size_t len = request->body_len < size ? request->body_len : size;

    if (len == 0)
        return 0;
    memcpy(memory, request->body, len);
    request->body_len -= len;
    memmove(request->body, request->body + len, request->body_len);
    return len;
}

bool request_body_take(struct request *request, struct fc_str bytes)
{
    if (!request->oversized && request_body_append(request, bytes, HTTP_BODY_BYTES_MAX))
        return true;
    request->oversized = true;
    request->dropped += bytes.len;
    return request->dropped <= OVERSIZE_BYTES_MAX;
}
