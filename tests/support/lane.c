#include "support/lane.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

bool lane_address(const char *url, struct sockaddr_in *ret_address)
{
    static const char scheme[] = "http://";
    struct fc_address parts;
    int64_t port;

    if (strncmp(url, scheme, sizeof(scheme) - 1) != 0 ||
        !fc_address_parse(fc_str_of(url + sizeof(scheme) - 1), &parts) ||
        !fc_str_to_i64(fc_str_of(parts.port), 1, 65535, &port))
        return false;
    *ret_address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, parts.host, &ret_address->sin_addr) == 1;
}

bool lane_open(struct lane *lane, const struct sockaddr_in *address)
{
    int one = 1;

    lane->fd = socket(AF_INET, SOCK_STREAM, 0);
    lane->in_len = 0;
    if (lane->fd < 0)
        return false;
    if (connect(lane->fd, (const struct sockaddr *)address, sizeof(*address)) != 0 ||
        fcntl(lane->fd, F_SETFL, O_NONBLOCK) != 0 ||
        setsockopt(lane->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0) {
        (void)close(lane->fd);
        return false;
    }
    lane->open = true;
    return true;
}

void lane_close(struct lane *lane)
{
    if (lane->open)
        (void)close(lane->fd);
    lane->open = false;
}

bool lane_send(struct lane *lane, struct fc_str request)
{
    return send(lane->fd, request.ptr, request.len, MSG_NOSIGNAL) == (ssize_t)request.len;
}

/* A header's value; NULL pointer when it is not there. */
static struct fc_str header(struct fc_str head, const char *name)
{
    size_t len = strlen(name);

    while (head.len > 0) {
        struct fc_str line = fc_str_cut(&head, '\n');

        if (line.len > len && line.ptr[len] == ':' && strncasecmp(line.ptr, name, len) == 0) {
            struct fc_str value = {line.ptr + len + 1, line.len - len - 1};

            while (value.len > 0 && (value.ptr[0] == ' ' || value.ptr[0] == '\r'))
                value = (struct fc_str){value.ptr + 1, value.len - 1};
            while (value.len > 0 && value.ptr[value.len - 1] == '\r')
                value.len--;
            return value;
        }
    }
    return FC_STR_NONE;
}

static const char *end_of_head(const struct lane *lane)
{
    for (size_t at = 0; at + 4 <= lane->in_len; at++)
        if (memcmp(lane->in + at, "\r\n\r\n", 4) == 0)
            return lane->in + at + 4;
    return NULL;
}

/* True when an answer is complete; it is taken out. */
static bool take_answer(struct lane *lane, struct lane_answer *ret_answer)
{
    const char *body = end_of_head(lane);
    int64_t length = 0;
    int64_t status = 0;

    if (body == NULL)
        return false;
    struct fc_str head = {lane->in, (size_t)(body - lane->in)};

    if (!fc_str_to_i64(header(head, "Content-Length"), 0, LANE_BYTES, &length))
        length = 0;
    size_t whole = head.len + (size_t)length;

    if (lane->in_len < whole)
        return false;
    if (!fc_str_to_i64((struct fc_str){lane->in + 9, 3}, 100, 599, &status))
        status = 0;
    *ret_answer = (struct lane_answer){(int32_t)status, header(head, "Retry-After").len > 0};
    lane->in_len -= whole;
    memmove(lane->in, lane->in + whole, lane->in_len);
    return true;
}

enum lane_state lane_read(struct lane *lane, struct lane_answer *ret_answer)
{
    ssize_t count = recv(lane->fd, lane->in + lane->in_len, sizeof(lane->in) - lane->in_len, 0);

    if (count > 0)
        lane->in_len += (size_t)count;
    if (take_answer(lane, ret_answer))
        return LANE_ANSWERED;
    if (count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR)))
        return LANE_WAITS;
    lane_close(lane);
    return LANE_CLOSED;
}

int32_t lane_count_max(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    return limit.rlim_cur > INT32_MAX ? INT32_MAX : (int32_t)limit.rlim_cur;
}
