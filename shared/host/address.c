#include "host/address.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel cuts it to net.core.somaxconn. */
#define LISTEN_BACKLOG 4096

bool fc_address_parse(struct fc_str text, struct fc_address *ret_address)
{
    struct fc_address address = {0};
    struct fc_str host = text;
    int64_t port;

    while (host.len > 0 && host.ptr[host.len - 1] != ':')
        host.len--;
    if (host.len == 0)
        return false;
    struct fc_str port_text = {text.ptr + host.len, text.len - host.len};

    host.len--;
    if (host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
        host = (struct fc_str){host.ptr + 1, host.len - 2};
    else if (host.len > 0 && memchr(host.ptr, ':', host.len) != NULL)
        return false;
    if (host.len == 0 || !fc_str_to_i64(port_text, 1, 65535, &port) || port_text.ptr[0] == '0')
        return false;
    for (size_t i = 0; i < host.len; i++)
        if (host.ptr[i] <= ' ' || host.ptr[i] > '~' || strchr("[]/@", host.ptr[i]) != NULL)
            return false;
    if (!fc_str_copy(host, address.host, sizeof(address.host)) ||
        !fc_str_copy(port_text, address.port, sizeof(address.port)))
        return false;
    *ret_address = address;
    return true;
}

static enum fc_rc resolve_failed(const char *text, int code, struct fc_err *ret_err)
{
    enum fc_cure cure = code == EAI_AGAIN ? FC_CURE_RECONNECT : FC_CURE_EXIT;

    return fc_err_set(ret_err, cure, "getaddrinfo", "cannot listen on %s: %s", text,
                      gai_strerror(code));
}

static enum fc_rc listen_failed(const char *text, int sys, struct fc_err *ret_err)
{
    enum fc_cure cure = sys == EACCES || sys == EPERM ? FC_CURE_EXIT : FC_CURE_RECONNECT;

    if (sys == EADDRINUSE)
        (void)fc_err_set(ret_err, cure, "bind",
                         "cannot listen on %s: the port is in use; stop the program that has it "
                         "or set another address",
                         text);
    else
        (void)fc_err_set(ret_err, cure, "bind", "cannot listen on %s: %s", text, strerror(sys));
    ret_err->sys = sys;
    return FC_FAIL;
}

/* 0, or errno. */
static int listen_on(int fd, const struct addrinfo *found, bool shared)
{
    int on = 1;
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
        return errno;
    /* Without it a restart would find its own port taken for a minute by closed connections. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0)
        return errno;
    if (shared && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0)
        return errno;
    if (bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, LISTEN_BACKLOG) != 0)
        return errno;
    return 0;
}

enum fc_rc fc_address_listen(const char *text, bool shared, int *ret_fd, struct fc_err *ret_err)
{
    struct fc_address address;
    struct addrinfo *found = NULL;
    struct addrinfo wanted = {
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
        .ai_socktype = SOCK_STREAM,
    };
    enum fc_rc rc;

    if (!fc_address_parse(fc_str_of(text), &address))
        return fc_err_set(ret_err, FC_CURE_EXIT, "fc_address_parse",
                          "cannot listen on \"%s\": an address is host:port", text);
    int code = getaddrinfo(address.host, address.port, &wanted, &found);

    if (code != 0)
        return resolve_failed(text, code, ret_err);
    int fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    int sys = fd < 0 ? errno : listen_on(fd, found, shared);

    if (sys == 0) {
        *ret_fd = fd;
        rc = FC_OK;
    } else {
        rc = listen_failed(text, sys, ret_err);
        if (fd >= 0)
            (void)close(fd);
    }
    freeaddrinfo(found);
    return rc;
}
