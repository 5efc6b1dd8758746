/*
 * Where load goes: the addresses of the URLs, resolved once, and non-blocking connections to them.
 */
#ifndef FC_CLI_LOAD_TARGET_H
#define FC_CLI_LOAD_TARGET_H

#include "producer/cli/urls.h"

#include <sys/socket.h>

struct load_target {
    char host[CLI_URL_BYTES]; /* as the Host header has it */
    struct sockaddr_storage address;
    socklen_t address_len;
};

struct load_targets {
    struct load_target items[CLI_URLS_MAX];
    int32_t count;
};

/* May wait for the name service. Only http:// and no path behind the port. */
FC_MUST_USE enum fc_rc load_targets_resolve(const char *urls, struct load_targets *ret_targets,
                                            struct fc_err *ret_err);

/* Lanes are spread over the targets in turn. */
const struct load_target *load_target_of(const struct load_targets *targets, int32_t lane);

/* Begins to connect, without delay for small packets: 0, or errno. *ret_fd, where it is not -1, is
 * the caller's either way. */
FC_MUST_USE int load_target_connect(const struct load_target *target, int *ret_fd);

/* Makes this process fit for load: as many descriptors as it is allowed, and timers that do not
 * wait for others to be due with them. */
void load_process_prepare(void);

#endif
