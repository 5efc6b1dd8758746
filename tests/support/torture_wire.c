#include "support/torture_wire.h"

#include "base/assert.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void torture_open(struct torture_wire *wire, int32_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int one = 1;

    wire->closed = false;
    wire->len = 0;
    wire->sent_bytes = 0;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    wire->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (wire->fd < 0 || connect(wire->fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        perror("connect");
        exit(1);
    }
    (void)setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

void torture_close(struct torture_wire *wire)
{
    if (wire->fd >= 0)
        (void)close(wire->fd);
    wire->fd = -1;
}

void torture_reset(struct torture_wire *wire)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};

    (void)setsockopt(wire->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    torture_close(wire);
}

static bool ready(int fd, short what, int32_t ms)
{
    struct pollfd look = {.fd = fd, .events = what};

    return poll(&look, 1, ms) > 0;
}

void torture_rest(const struct torture_wire *wire, int32_t ms)
{
    (void)ready(wire->fd, POLLIN, ms);
}

bool torture_send(struct torture_wire *wire, struct fc_str text, int32_t ms)
{
    struct fc_mono since = fc_clock_mono();

    while (text.len > 0) {
        int64_t left = ms - fc_clock_ms_since(since);
        ssize_t count;

        if (left < 0 || !ready(wire->fd, POLLOUT, (int32_t)left))
            return false;
        count = send(wire->fd, text.ptr, text.len, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (count < 0)
            return false;
        wire->sent_bytes += (size_t)count;
        text.ptr += count;
        text.len -= (size_t)count;
    }
    return true;
}

/* --- answers ---------------------------------------------------------------------------------- */

/* The value of a header among the lines of a head; empty: there is none. */
static struct fc_str header_of(struct fc_str head, struct fc_str name)
{
    while (head.len > 0) {
        struct fc_str line = fc_str_cut(&head, '\n');

        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        struct fc_str value = line;

        if (fc_str_eq(fc_str_cut(&value, ':'), name)) {
            while (value.len > 0 && value.ptr[0] == ' ') {
                value.ptr++;
                value.len--;
            }
            return value;
        }
    }
    return FC_STR_NONE;
}

/* Bytes of head and body of the answer that stands at the beginning; 0: not whole yet, below 0: no
 * answer. Every answer of this server says its length. */
static int64_t parse(const struct torture_wire *wire, struct torture_answer *ret_answer)
{
    struct fc_str text = {wire->text, wire->len};
    struct fc_str rest = text;
    size_t head_len = 0;
    int64_t status;
    int64_t length = 0;

    if (!fc_str_starts_with(text, FC_STR("HTTP/1.1 ")) && text.len >= strlen("HTTP/1.1 "))
        return -1;
    for (size_t i = 0; i + 4 <= text.len && head_len == 0; i++)
        if (memcmp(text.ptr + i, "\r\n\r\n", 4) == 0)
            head_len = i + 4;
    if (head_len == 0)
        return wire->len == sizeof(wire->text) ? -1 : 0;
    struct fc_str head = {text.ptr, head_len};
    struct fc_str id = header_of(head, FC_STR("X-Request-Id"));
    struct fc_str said = header_of(head, FC_STR("Content-Length"));

    (void)fc_str_cut(&rest, ' ');
    if (!fc_str_to_i64(fc_str_cut(&rest, ' '), 100, 599, &status))
        return -1;
    if (status >= 200 && status != 204 && status != 304 &&
        !fc_str_to_i64(said, 0, TORTURE_ANSWER_BYTES, &length))
        return -1;
    if (text.len < head_len + (size_t)length)
        return 0;
    ret_answer->status = (int32_t)status;
    ret_answer->closes = fc_str_eq(header_of(head, FC_STR("Connection")), FC_STR("close"));
    (void)fc_str_copy(id, ret_answer->id, sizeof(ret_answer->id));
    (void)fc_str_copy(header_of(head, FC_STR("Content-Type")), ret_answer->type,
                      sizeof(ret_answer->type));
    ret_answer->body = (struct fc_str){text.ptr + head_len, (size_t)length};
    return (int64_t)head_len + length;
}

/* The answer is kept apart, since the next one moves up. */
static void take(struct torture_wire *wire, size_t size, struct torture_answer *answer)
{
    static char body[TORTURE_ANSWER_BYTES];

    if (answer->body.len > 0)
        memcpy(body, answer->body.ptr, answer->body.len);
    answer->body.ptr = body;
    wire->len -= size;
    memmove(wire->text, wire->text + size, wire->len);
}

enum torture_got torture_next(struct torture_wire *wire, int32_t ms,
                              struct torture_answer *ret_answer)
{
    struct fc_mono since = fc_clock_mono();

    for (;;) {
        int64_t size = parse(wire, ret_answer);
        int64_t left = ms - fc_clock_ms_since(since);
        ssize_t count;

        if (size < 0)
            return TORTURE_GARBAGE;
        if (size > 0) {
            take(wire, (size_t)size, ret_answer);
            return TORTURE_ANSWER;
        }
        if (wire->closed)
            return wire->len == 0 ? TORTURE_END : TORTURE_GARBAGE;
        if (left < 0 || !ready(wire->fd, POLLIN, (int32_t)left))
            return TORTURE_NOTHING;
        count =
            recv(wire->fd, wire->text + wire->len, sizeof(wire->text) - wire->len, MSG_DONTWAIT);
        if (count > 0)
            wire->len += (size_t)count;
        else if (count == 0 || (errno != EAGAIN && errno != EINTR))
            wire->closed = true;
    }
}

static bool holds(struct fc_str text, struct fc_str part)
{
    for (; text.len >= part.len; text.ptr++, text.len--)
        if (fc_str_starts_with(text, part))
            return true;
    return false;
}

bool torture_end(struct torture_wire *wire, int32_t ms, const char *text, bool *ret_holds)
{
    struct fc_mono since = fc_clock_mono();

    *ret_holds = holds((struct fc_str){wire->text, wire->len}, fc_str_of(text));
    while (!wire->closed) {
        int64_t left = ms - fc_clock_ms_since(since);
        ssize_t count;

        if (left < 0 || !ready(wire->fd, POLLIN, (int32_t)left))
            return false;
        count = recv(wire->fd, wire->text, sizeof(wire->text), MSG_DONTWAIT);
        if (count > 0 && holds((struct fc_str){wire->text, (size_t)count}, fc_str_of(text)))
            *ret_holds = true;
        wire->closed = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
    }
    wire->len = 0;
    return true;
}
