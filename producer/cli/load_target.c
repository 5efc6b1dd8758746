#include "producer/cli/load_target.h"

#include "base/assert.h"
#include "host/address.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define WHERE "FIRSTCOME_URL"
#define SCHEME "http://"

static enum fc_rc resolve(const char *url, struct load_target *ret_target, struct fc_err *ret_err)
{
    struct fc_str host = fc_str_of(url);
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    struct fc_address address;
    char with_port[CLI_URL_BYTES + 4];
    struct fc_buf buf = fc_buf_of(with_port, sizeof(with_port));

    if (!fc_str_starts_with(host, FC_STR(SCHEME)))
        return fc_err_set(ret_err, FC_CURE_EXIT, WHERE,
                          "%s: load is made in plain HTTP only: name an ingress itself", url);
    host.ptr += sizeof(SCHEME) - 1;
    host.len -= sizeof(SCHEME) - 1;
    (void)fc_str_copy(host, ret_target->host, sizeof(ret_target->host));
    fc_buf_put(&buf, host);
    if (!fc_address_parse(fc_buf_str(&buf), &address)) {
        fc_buf_put_text(&buf, ":80");
        if (!fc_address_parse(fc_buf_str(&buf), &address))
            return fc_err_set(ret_err, FC_CURE_EXIT, WHERE, "%s is not http://host:port", url);
    }
    int rc = getaddrinfo(address.host, address.port, &wanted, &found);

    if (rc != 0)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, WHERE, "%s: %s", url, gai_strerror(rc));
    FC_ASSERT(found->ai_addrlen <= sizeof(ret_target->address));
    memcpy(&ret_target->address, found->ai_addr, found->ai_addrlen);
    ret_target->address_len = found->ai_addrlen;
    freeaddrinfo(found);
    return FC_OK;
}

enum fc_rc load_targets_resolve(const char *urls, struct load_targets *ret_targets,
                                struct fc_err *ret_err)
{
    struct cli_urls list;

    if (cli_urls_parse(fc_str_of(urls), &list, ret_err) != FC_OK)
        return FC_FAIL;
    for (int32_t i = 0; i < list.count; i++)
        if (resolve(list.items[i], &ret_targets->items[i], ret_err) != FC_OK)
            return FC_FAIL;
    ret_targets->count = list.count;
    return FC_OK;
}

const struct load_target *load_target_of(const struct load_targets *targets, int32_t lane)
{
    return &targets->items[lane % targets->count];
}

int load_target_connect(const struct load_target *target, int *ret_fd)
{
    const struct sockaddr *address = (const struct sockaddr *)&target->address;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;

    *ret_fd = fd;
    if (fd < 0)
        return errno;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (connect(fd, address, target->address_len) == 0 || errno == EINPROGRESS)
        return 0;
    return errno;
}

void load_process_prepare(void)
{
    struct rlimit limit;

    /* Of 50 us that a timer may be late by default, a median would have its share. */
    (void)prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}
