/*
 * Addresses to listen on, as they stand in settings: "host:port", an IPv6 host in brackets.
 * Knows their form and how to make a listening socket of one; connecting is the libraries' work.
 */
#ifndef FC_HOST_ADDRESS_H
#define FC_HOST_ADDRESS_H

#include "base/err.h"
#include "base/str.h"

struct fc_address {
    char host[256]; /* without brackets */
    char port[6];   /* 1 to 65535 */
};

FC_MUST_USE bool fc_address_parse(struct fc_str text, struct fc_address *ret_address);

/*
 * A listening TCP socket, non-blocking and closed on exec, on the first address that the host's
 * name gives; the caller closes it. With `shared`, several processes may listen on the same port
 * (SO_REUSEPORT). A port in use is trouble that may pass (cure RECONNECT). May wait for the name
 * service when the host is a name.
 */
FC_MUST_USE enum fc_rc fc_address_listen(const char *text, bool shared, int *ret_fd,
                                         struct fc_err *ret_err);

#endif
