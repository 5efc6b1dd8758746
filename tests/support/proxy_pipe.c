#include "support/proxy_pipe.h"

#include "base/assert.h"

#include <errno.h>
#include <sys/socket.h>

void proxy_pipe_init(struct proxy_pipe *pipe)
{
    pipe->first = 0;
    pipe->count = 0;
    pipe->portion_first = 0;
    pipe->portion_count = 0;
    pipe->ended = false;
    pipe->told = false;
    pipe->left = -1;
}

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

bool proxy_pipe_wants(const struct proxy_pipe *pipe)
{
    return !pipe->ended && pipe->count < PROXY_PIPE_BYTES &&
           pipe->portion_count < PROXY_PORTIONS_MAX;
}

bool proxy_pipe_read(struct proxy_pipe *pipe, int fd, int64_t due_us)
{
    size_t end = (pipe->first + pipe->count) % PROXY_PIPE_BYTES;
    size_t room = at_most(PROXY_PIPE_BYTES - pipe->count, PROXY_PIPE_BYTES - end);
    ssize_t got;

    FC_ASSERT(proxy_pipe_wants(pipe));
    got = recv(fd, pipe->bytes + end, room, 0);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    if (got == 0) {
        pipe->ended = true;
        return true;
    }
    int32_t at = (pipe->portion_first + pipe->portion_count) % PROXY_PORTIONS_MAX;
    pipe->portions[at] = (struct proxy_portion){(size_t)got, due_us};
    pipe->portion_count++;
    pipe->count += (size_t)got;
    return true;
}

/* A delay that became shorter lets nobody overtake: due is what stands behind nothing undue. */
size_t proxy_pipe_due(const struct proxy_pipe *pipe, int64_t now_us)
{
    size_t due = 0;

    for (int32_t i = 0; i < pipe->portion_count; i++) {
        const struct proxy_portion *portion =
            &pipe->portions[(pipe->portion_first + i) % PROXY_PORTIONS_MAX];

        if (portion->due_us > now_us)
            break;
        due += portion->bytes;
    }
    return due;
}

int64_t proxy_pipe_wait_us(const struct proxy_pipe *pipe, int64_t now_us)
{
    if (pipe->portion_count == 0)
        return -1;
    int64_t due_us = pipe->portions[pipe->portion_first].due_us;
    return due_us > now_us ? due_us - now_us : 0;
}

static void pipe_drop(struct proxy_pipe *pipe, size_t bytes)
{
    pipe->first = (pipe->first + bytes) % PROXY_PIPE_BYTES;
    pipe->count -= bytes;
    while (bytes > 0) {
        struct proxy_portion *portion = &pipe->portions[pipe->portion_first];
        size_t part = at_most(bytes, portion->bytes);

        portion->bytes -= part;
        bytes -= part;
        if (portion->bytes > 0)
            break;
        pipe->portion_first = (pipe->portion_first + 1) % PROXY_PORTIONS_MAX;
        pipe->portion_count--;
    }
}

bool proxy_pipe_write(struct proxy_pipe *pipe, int fd, int64_t now_us, size_t bytes_max,
                      size_t *ret_bytes)
{
    size_t bytes = at_most(proxy_pipe_due(pipe, now_us), bytes_max);

    *ret_bytes = 0;
    bytes = at_most(bytes, PROXY_PIPE_BYTES - pipe->first);
    if (pipe->left >= 0)
        bytes = at_most(bytes, (size_t)pipe->left);
    if (bytes > 0) {
        ssize_t put = send(fd, pipe->bytes + pipe->first, bytes, MSG_NOSIGNAL);

        if (put < 0)
            return errno == EAGAIN || errno == EINTR;
        pipe_drop(pipe, (size_t)put);
        *ret_bytes = (size_t)put;
        if (pipe->left >= 0)
            pipe->left -= put;
    }
    if (pipe->left == 0)
        return false;
    if (pipe->count == 0 && pipe->ended && !pipe->told) {
        pipe->told = true;
        return shutdown(fd, SHUT_WR) == 0;
    }
    return true;
}
