/*
 * One direction of a connection through the proxy (support/proxy.h): bytes that were read and wait
 * until they may be written, each portion with the instant from which it may. Times are monotonic
 * microseconds. The memory is the caller's; nothing here blocks, descriptors are non-blocking.
 */
#ifndef FC_TESTS_SUPPORT_PROXY_PIPE_H
#define FC_TESTS_SUPPORT_PROXY_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As much as a socket's buffer: whoever sends more is made to wait, as on a slow line. */
#define PROXY_PIPE_BYTES (64 * 1024)
#define PROXY_PORTIONS_MAX 256

struct proxy_portion {
    size_t bytes;
    int64_t due_us;
};

struct proxy_pipe {
    unsigned char bytes[PROXY_PIPE_BYTES]; /* a ring */
    size_t first;
    size_t count;
    struct proxy_portion portions[PROXY_PORTIONS_MAX]; /* a ring; their bytes add up to count */
    int32_t portion_first;
    int32_t portion_count;
    bool ended;   /* the sender has said that no more comes */
    bool told;    /* and the receiver has been told so */
    int64_t left; /* bytes until the connection is reset; -1: it is not */
};

/* Empty, for a new connection. */
void proxy_pipe_init(struct proxy_pipe *pipe);

/* There is room for more, and more may come. */
bool proxy_pipe_wants(const struct proxy_pipe *pipe);

/* Reads what there is; it may be written from `due_us` on. False: the connection is broken. */
bool proxy_pipe_read(struct proxy_pipe *pipe, int fd, int64_t due_us);

/* Bytes that may be written now. */
size_t proxy_pipe_due(const struct proxy_pipe *pipe, int64_t now_us);

/* Microseconds until more may be written; -1: there is nothing. */
int64_t proxy_pipe_wait_us(const struct proxy_pipe *pipe, int64_t now_us);

/* Writes what is due, `bytes_max` at most, and the end behind the last of it. False: the connection
 * is broken, or `left` has come to 0, and it is to be reset. */
bool proxy_pipe_write(struct proxy_pipe *pipe, int fd, int64_t now_us, size_t bytes_max,
                      size_t *ret_bytes);

#endif
