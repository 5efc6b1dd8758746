/*
 * Tells when the clients of suspended requests leave: the HTTP library does not look at a
 * suspended connection. One epoll, in which the library's own descriptor stands too, so that the
 * loop waits for a single descriptor of HTTP.
 */
#ifndef FC_PRODUCER_WATCH_H
#define FC_PRODUCER_WATCH_H

#include "base/err.h"
#include "producer/clients.h"

/* An epoll in which `library_fd` stands; -1 with errno when there is none. */
int watch_open(int library_fd);

/* From now on the leaving of the client is told for the request, also when it has left before. Its
 * descriptor joins the watch with its first request and stays until it is closed: neither of the
 * two costs a system call afterwards. */
void watch_begin(int watch, struct client *client, struct request *request);
void watch_end(struct client *client);

/* Fills at most `size` requests whose clients have left; their number. Does not wait. */
int32_t watch_gone(int watch, struct request **ret_requests, int32_t size);

#endif
