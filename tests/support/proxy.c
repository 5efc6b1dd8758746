#include "support/proxy.h"

#include "base/assert.h"
#include "base/time.h"
#include "host/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A short one: whoever comes while the line is dead finds nobody, not a queue. */
#define LISTEN_QUEUE 16
#define US_PER_MS 1000LL
/* So often a narrow line lets a portion through. */
#define RATE_STEP_US 20000

static const struct linger RESET = {.l_onoff = 1, .l_linger = 0};

/* --- opening, closing ------------------------------------------------------------------------- */

static enum fc_rc listen_on(int32_t port, int *ret_fd, struct fc_err *ret_err)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) != 0 ||
        fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
        bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(fd, LISTEN_QUEUE) != 0) {
        enum fc_rc rc = fc_err_set(ret_err, FC_CURE_EXIT, "proxy_open", "port %d: %s", (int)port,
                                   strerror(errno));
        if (fd >= 0)
            (void)close(fd);
        return rc;
    }
    *ret_fd = fd;
    return FC_OK;
}

static void heal(struct proxy *proxy)
{
    proxy->delay_us = 0;
    proxy->rate = 0;
    proxy->hole[PROXY_IN] = false;
    proxy->hole[PROXY_OUT] = false;
    proxy->reset_after = -1;
    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++) {
        proxy->connections[i].pipes[PROXY_IN].left = -1;
        proxy->connections[i].pipes[PROXY_OUT].left = -1;
    }
}

enum fc_rc proxy_open(struct proxy *proxy, int32_t port, int32_t server_port,
                      struct fc_err *ret_err)
{
    if (listen_on(port, &proxy->listener, ret_err) != FC_OK)
        return FC_FAIL;
    proxy->server = (struct sockaddr_in){.sin_family = AF_INET,
                                         .sin_port = htons((uint16_t)server_port),
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    proxy->counts = (struct proxy_counts){0};
    proxy->turn = 0;
    proxy->allowed_at_us = fc_clock_mono().us;
    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++)
        proxy->connections[i].fds[PROXY_IN] = -1;
    heal(proxy);
    return FC_OK;
}

static bool is_open(const struct proxy_connection *connection)
{
    return connection->fds[PROXY_IN] >= 0;
}

static void connection_close(struct proxy_connection *connection)
{
    for (int way = 0; way < PROXY_WAYS; way++) {
        (void)close(connection->fds[way]);
        connection->fds[way] = -1;
        proxy_pipe_init(&connection->pipes[way]);
    }
}

static void connection_reset(struct proxy_connection *connection)
{
    for (int way = 0; way < PROXY_WAYS; way++)
        (void)setsockopt(connection->fds[way], SOL_SOCKET, SO_LINGER, &RESET, sizeof(RESET));
    connection_close(connection);
}

void proxy_close(struct proxy *proxy)
{
    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++)
        if (is_open(&proxy->connections[i]))
            connection_close(&proxy->connections[i]);
    (void)close(proxy->listener);
}

/* --- new connections -------------------------------------------------------------------------- */

static bool is_silent(const struct proxy *proxy)
{
    return proxy->hole[PROXY_IN] || proxy->hole[PROXY_OUT];
}

static struct proxy_connection *free_place(struct proxy *proxy)
{
    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++)
        if (!is_open(&proxy->connections[i]))
            return &proxy->connections[i];
    return NULL;
}

static bool socket_prepare(int fd)
{
    return fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
           setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)) == 0;
}

/* The server may not answer yet, or never: that shows when the connection is used. */
static int server_connect(const struct proxy *proxy)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
    if (socket_prepare(fd) &&
        (connect(fd, (const struct sockaddr *)&proxy->server, sizeof(proxy->server)) == 0 ||
         errno == EINPROGRESS))
        return fd;
    (void)close(fd);
    return -1;
}

static void accept_one(struct proxy *proxy)
{
    struct proxy_connection *connection = free_place(proxy);
    int client = accept(proxy->listener, NULL, NULL);

    FC_ASSERT(connection != NULL);
    if (client < 0)
        return;
    int server = socket_prepare(client) ? server_connect(proxy) : -1;
    if (server < 0) {
        (void)setsockopt(client, SOL_SOCKET, SO_LINGER, &RESET, sizeof(RESET));
        (void)close(client);
        return;
    }
    connection->fds[PROXY_IN] = client;
    connection->fds[PROXY_OUT] = server;
    for (int way = 0; way < PROXY_WAYS; way++) {
        proxy_pipe_init(&connection->pipes[way]);
        connection->pipes[way].left = proxy->reset_after;
    }
    proxy->counts.accepted++;
}

/* --- one turn --------------------------------------------------------------------------------- */

static enum proxy_way other(int way)
{
    return way == PROXY_IN ? PROXY_OUT : PROXY_IN;
}

static void allowances_grow(struct proxy *proxy, int64_t now_us)
{
    int64_t past_us = now_us - proxy->allowed_at_us;

    if (proxy->rate > 0 && past_us < RATE_STEP_US)
        return;
    proxy->allowed_at_us = now_us;
    if (past_us > FC_US_PER_S)
        past_us = FC_US_PER_S;
    for (int way = 0; way < PROXY_WAYS; way++)
        proxy->allowance[way] =
            proxy->rate > 0 ? proxy->rate * past_us / FC_US_PER_S + 1 : INT32_MAX;
}

/* What goes this way may be written: there is something due, and the line is open and not full. */
static bool may_write(const struct proxy *proxy, const struct proxy_connection *connection, int way,
                      int64_t now_us)
{
    const struct proxy_pipe *pipe = &connection->pipes[way];

    if (proxy->hole[way])
        return false;
    if (pipe->count == 0)
        return pipe->ended && !pipe->told;
    return proxy->allowance[way] > 0 && proxy_pipe_due(pipe, now_us) > 0;
}

static short events_of(const struct proxy *proxy, const struct proxy_connection *connection,
                       int side, int64_t now_us)
{
    int events = 0;

    if (!proxy->hole[side] && proxy_pipe_wants(&connection->pipes[side]))
        events |= POLLIN;
    if (may_write(proxy, connection, (int)other(side), now_us))
        events |= POLLOUT;
    return (short)events;
}

/* A descriptor nothing is wanted of is left out: else the news that its other end is gone, which
 * cannot be switched off, would be told again and again. */
static void ask_for(struct pollfd *asked, int fd, short events)
{
    *asked = (struct pollfd){.fd = events != 0 ? fd : -1, .events = events};
}

/* When something will be due that is not yet. */
static int64_t wait_us_of(const struct proxy *proxy, int64_t now_us, int64_t wait_us)
{
    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++) {
        const struct proxy_connection *connection = &proxy->connections[i];

        for (int way = 0; is_open(connection) && way < PROXY_WAYS; way++) {
            int64_t due_us = proxy_pipe_wait_us(&connection->pipes[way], now_us);

            if (proxy->hole[way] || due_us < 0)
                continue;
            if (proxy->allowance[way] <= 0 && due_us < RATE_STEP_US)
                due_us = RATE_STEP_US;
            if (due_us > 0 && due_us < wait_us)
                wait_us = due_us;
        }
    }
    return wait_us;
}

/* Writes before it reads, so that what has just been read is not at once too much. */
static bool serve(struct proxy *proxy, struct proxy_connection *connection,
                  const struct pollfd *asked, int64_t now_us)
{
    for (int way = 0; way < PROXY_WAYS; way++) {
        struct proxy_pipe *pipe = &connection->pipes[way];
        size_t bytes = 0;

        if ((asked[other(way)].revents & (POLLOUT | POLLERR)) == 0 ||
            !may_write(proxy, connection, way, now_us))
            continue;
        bool whole = proxy_pipe_write(pipe, connection->fds[other(way)], now_us,
                                      (size_t)proxy->allowance[way], &bytes);
        proxy->counts.bytes[way] += (int64_t)bytes;
        proxy->allowance[way] -= (int64_t)bytes;
        proxy->counts.resets += pipe->left == 0;
        if (!whole)
            return false;
    }
    for (int way = 0; way < PROXY_WAYS; way++) {
        struct proxy_pipe *pipe = &connection->pipes[way];

        if ((asked[way].events & POLLIN) != 0 &&
            (asked[way].revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
            !proxy_pipe_read(pipe, connection->fds[way], now_us + proxy->delay_us))
            return false;
    }
    return true;
}

static void serve_all(struct proxy *proxy, const struct pollfd *asked, int64_t now_us)
{
    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++) {
        int32_t place = (proxy->turn + i) % PROXY_CONNECTIONS_MAX;
        struct proxy_connection *connection = &proxy->connections[place];

        if (!is_open(connection))
            continue;
        if (!serve(proxy, connection, &asked[2 * place], now_us))
            connection_reset(connection);
        else if (connection->pipes[PROXY_IN].told && connection->pipes[PROXY_OUT].told)
            connection_close(connection);
    }
    proxy->turn = (proxy->turn + 1) % PROXY_CONNECTIONS_MAX;
}

bool proxy_turn(struct proxy *proxy, int fd, int32_t wait_ms)
{
    static struct pollfd asked[2 * PROXY_CONNECTIONS_MAX + 2];
    struct pollfd *door = &asked[2 * PROXY_CONNECTIONS_MAX];
    int64_t now_us = fc_clock_mono().us;

    allowances_grow(proxy, now_us);
    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++) {
        const struct proxy_connection *connection = &proxy->connections[i];

        for (int side = 0; side < PROXY_WAYS; side++)
            ask_for(&asked[2 * i + side], connection->fds[side],
                    is_open(connection) ? events_of(proxy, connection, side, now_us) : 0);
    }
    ask_for(&door[0], proxy->listener, !is_silent(proxy) && free_place(proxy) != NULL ? POLLIN : 0);
    ask_for(&door[1], fd, POLLIN);

    int64_t wait_us = wait_us_of(proxy, now_us, wait_ms * US_PER_MS);
    if (poll(asked, 2 * PROXY_CONNECTIONS_MAX + 2, (int)((wait_us + 999) / US_PER_MS)) <= 0)
        return false;
    serve_all(proxy, asked, fc_clock_mono().us);
    if ((door[0].revents & POLLIN) != 0 && free_place(proxy) != NULL)
        accept_one(proxy);
    return door[1].revents != 0;
}

/* --- words ------------------------------------------------------------------------------------ */

static void cut(struct proxy *proxy)
{
    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++)
        if (is_open(&proxy->connections[i])) {
            connection_reset(&proxy->connections[i]);
            proxy->counts.resets++;
        }
}

static void reset_after(struct proxy *proxy, int64_t bytes)
{
    proxy->reset_after = bytes;
    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++) {
        proxy->connections[i].pipes[PROXY_IN].left = bytes;
        proxy->connections[i].pipes[PROXY_OUT].left = bytes;
    }
}

static bool hole(struct proxy *proxy, struct fc_str ways)
{
    bool both = fc_str_eq(ways, FC_STR("both"));

    if (!both && !fc_str_eq(ways, FC_STR("in")) && !fc_str_eq(ways, FC_STR("out")))
        return false;
    proxy->hole[PROXY_IN] = both || fc_str_eq(ways, FC_STR("in"));
    proxy->hole[PROXY_OUT] = both || fc_str_eq(ways, FC_STR("out"));
    return true;
}

/* What was allowed on a wide line does not hold on a narrow one. */
static void rate_set(struct proxy *proxy, int64_t rate)
{
    proxy->rate = rate;
    for (int way = 0; way < PROXY_WAYS; way++)
        proxy->allowance[way] = 0;
}

static bool obey_number(struct proxy *proxy, struct fc_str word, int64_t value)
{
    if (fc_str_eq(word, FC_STR("delay")))
        proxy->delay_us = value * US_PER_MS;
    else if (fc_str_eq(word, FC_STR("rate")))
        rate_set(proxy, value);
    else if (fc_str_eq(word, FC_STR("reset-after")))
        reset_after(proxy, value);
    else
        return false;
    return true;
}

bool proxy_obey(struct proxy *proxy, struct fc_str line, char ret_why[PROXY_WHY_BYTES])
{
    struct fc_str rest = line;
    struct fc_str word = fc_str_cut(&rest, ' ');
    int64_t value = 0;
    bool done = true;

    if (fc_str_eq(word, FC_STR("heal")))
        heal(proxy);
    else if (fc_str_eq(word, FC_STR("cut")))
        cut(proxy);
    else if (fc_str_eq(word, FC_STR("hole")))
        done = hole(proxy, rest);
    else if (!fc_str_eq(word, FC_STR("stats")))
        done = fc_str_to_i64(rest, 1, INT32_MAX, &value) && obey_number(proxy, word, value);
    if (!done)
        (void)snprintf(ret_why, PROXY_WHY_BYTES, "'" FC_STR_FMT "' is no word to a proxy",
                       FC_STR_ARG(line));
    return done;
}

struct proxy_counts proxy_count(const struct proxy *proxy)
{
    struct proxy_counts counts = proxy->counts;

    for (int32_t i = 0; i < PROXY_CONNECTIONS_MAX; i++) {
        const struct proxy_connection *connection = &proxy->connections[i];

        if (!is_open(connection))
            continue;
        counts.open++;
        counts.held += (int64_t)connection->pipes[PROXY_IN].count;
        counts.held += (int64_t)connection->pipes[PROXY_OUT].count;
    }
    return counts;
}
