#include "support/scripted.h"

#include "support/expect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONNECTIONS_MAX 100
#define PATIENCE_MS 10000

struct talk {
    int fd; /* -1: free */
    size_t len;
    char bytes[SCRIPTED_REQUEST_BYTES_MAX];
};

struct server {
    int listener;
    int told;
    scripted_fn *reply;
    int32_t number;
    struct talk talks[CONNECTIONS_MAX];
    char text[SCRIPTED_REPLY_BYTES_MAX];
};

/* --- the server's process --------------------------------------------------------------------- */

static void must(bool good)
{
    if (!good)
        _exit(1);
}

static void send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        bytes += sent;
        len -= (size_t)sent;
    }
}

static void write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, bytes, len);

        must(written > 0);
        bytes += written;
        len -= (size_t)written;
    }
}

/* Bytes of the first request in the talk; 0 while it is not complete. */
static size_t request_len(const struct talk *talk)
{
    static const char name[] = "\r\nContent-Length: ";
    struct fc_str text = {talk->bytes, talk->len};
    const char *end = NULL;
    size_t body = 0;

    for (size_t i = 0; i + 4 <= text.len && end == NULL; i++)
        if (memcmp(text.ptr + i, "\r\n\r\n", 4) == 0)
            end = text.ptr + i;
    if (end == NULL)
        return 0;
    for (const char *at = text.ptr; at + sizeof(name) - 1 < end; at++) {
        if (memcmp(at, name, sizeof(name) - 1) != 0)
            continue;
        for (at += sizeof(name) - 1; *at >= '0' && *at <= '9'; at++)
            body = body * 10 + (size_t)(*at - '0');
        break;
    }
    size_t len = (size_t)(end - text.ptr) + 4 + body;

    return len <= text.len ? len : 0;
}

static void hang_up(struct talk *talk, bool reset)
{
    struct linger linger = {1, 0};

    if (reset)
        (void)setsockopt(talk->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    (void)close(talk->fd);
    talk->fd = -1;
}

static void serve(struct server *server, struct talk *talk, size_t len)
{
    struct scripted_reply reply = {fc_buf_of(server->text, sizeof(server->text)), SCRIPTED_SAY};
    struct fc_str request = {talk->bytes, len};
    uint32_t size = (uint32_t)len;

    write_all(server->told, (const char *)&size, sizeof(size));
    write_all(server->told, request.ptr, request.len);
    server->reply(server->number++, request, &reply);
    must(!reply.text.overflow);
    if (reply.manner == SCRIPTED_SAY || reply.manner == SCRIPTED_SAY_CLOSE)
        send_all(talk->fd, reply.text.ptr, reply.text.len);
    talk->len -= len;
    memmove(talk->bytes, talk->bytes + len, talk->len);
    if (reply.manner == SCRIPTED_SAY_CLOSE || reply.manner == SCRIPTED_RESET)
        hang_up(talk, reply.manner == SCRIPTED_RESET);
}

static void hear(struct server *server, struct talk *talk)
{
    ssize_t got = recv(talk->fd, talk->bytes + talk->len, sizeof(talk->bytes) - talk->len, 0);
    size_t len;

    if (got <= 0) {
        hang_up(talk, false);
        return;
    }
    talk->len += (size_t)got;
    while (talk->fd >= 0 && (len = request_len(talk)) > 0)
        serve(server, talk, len);
}

static void take_connection(struct server *server)
{
    int fd = accept(server->listener, NULL, NULL);

    must(fd >= 0);
    for (int i = 0; i < CONNECTIONS_MAX; i++) {
        if (server->talks[i].fd >= 0)
            continue;
        server->talks[i].fd = fd;
        server->talks[i].len = 0;
        return;
    }
    (void)close(fd);
}

static void run(struct server *server)
{
    struct pollfd fds[CONNECTIONS_MAX + 2];

    for (;;) {
        fds[0] = (struct pollfd){server->listener, POLLIN, 0};
        for (int i = 0; i < CONNECTIONS_MAX; i++)
            fds[i + 1] = (struct pollfd){server->talks[i].fd, POLLIN, 0};
        fds[CONNECTIONS_MAX + 1] = (struct pollfd){server->told, 0, 0};
        if (poll(fds, CONNECTIONS_MAX + 2, -1) < 0)
            continue;
        /* Nobody is left to read it: the test is over, well or not. */
        must(fds[CONNECTIONS_MAX + 1].revents == 0);
        for (int i = 0; i < CONNECTIONS_MAX; i++)
            if (fds[i + 1].fd >= 0 && fds[i + 1].revents != 0)
                hear(server, &server->talks[i]);
        if (fds[0].revents != 0)
            take_connection(server);
    }
}

/* --- the test's process ----------------------------------------------------------------------- */

static int loopback(int32_t *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

int32_t scripted_closed_port(void)
{
    int32_t port;

    (void)close(loopback(&port));
    return port;
}

void scripted_start(struct scripted *scripted, scripted_fn *reply)
{
    static struct server server;
    int ends[2];

    server = (struct server){.listener = loopback(&scripted->port), .reply = reply};
    for (int i = 0; i < CONNECTIONS_MAX; i++)
        server.talks[i].fd = -1;
    assert_int_equal(listen(server.listener, CONNECTIONS_MAX), 0);
    assert_int_equal(pipe(ends), 0);
    server.told = ends[1];
    (void)snprintf(scripted->url, sizeof(scripted->url), "http://127.0.0.1:%d",
                   (int)scripted->port);
    pid_t process = fork();

    assert_true(process >= 0);
    if (process == 0) {
        (void)close(ends[0]);
        run(&server);
    }
    (void)close(server.listener);
    (void)close(ends[1]);
    scripted->process = process;
    scripted->told = ends[0];
}

void scripted_stop(struct scripted *scripted)
{
    assert_int_equal(kill(scripted->process, SIGKILL), 0);
    assert_int_equal(waitpid(scripted->process, NULL, 0), scripted->process);
    (void)close(scripted->told);
}

static void read_all(int fd, char *bytes, size_t len)
{
    while (len > 0) {
        struct pollfd readable = {fd, POLLIN, 0};

        if (poll(&readable, 1, PATIENCE_MS) <= 0)
            fail_msg("%s", "nobody asked the scripted server");
        ssize_t got = read(fd, bytes, len);

        assert_true(got > 0);
        bytes += got;
        len -= (size_t)got;
    }
}

void scripted_asked(struct scripted *scripted, char ret_request[SCRIPTED_REQUEST_BYTES_MAX])
{
    uint32_t len;

    read_all(scripted->told, (char *)&len, sizeof(len));
    assert_true(len < SCRIPTED_REQUEST_BYTES_MAX);
    read_all(scripted->told, ret_request, len);
    ret_request[len] = '\0';
}

bool scripted_was_asked(const struct scripted *scripted)
{
    struct pollfd readable = {scripted->told, POLLIN, 0};

    return poll(&readable, 1, 0) > 0;
}

void scripted_json(struct scripted_reply *reply, int32_t status, const char *json)
{
    fc_buf_put_fmt(&reply->text,
                   "HTTP/1.1 %d Scripted\r\nContent-Type: application/json\r\n"
                   "Content-Length: %zu\r\n\r\n%s",
                   (int)status, strlen(json), json);
}
