/*
 * A network between a server and its clients that can be made bad: slow, narrow, cut with a word
 * (reset) or without one (silence, in one direction or both), reset in the middle of a frame. It
 * listens where the clients believe the server to be. Not for speed: bytes are copied twice.
 *
 * Silence is what a cut cable or a firewall is: nothing is lost out of the middle of a connection,
 * it just does not come, neither bytes nor the news that the other side has gone, and nobody gets
 * a new connection; what still lives when it is healed goes on.
 *
 * Directions are the client's: in goes to the server, out comes from it. One thread, one loop:
 * proxy_turn() again and again; it waits no longer than it is told. All memory is the caller's.
 */
#ifndef FC_TESTS_SUPPORT_PROXY_H
#define FC_TESTS_SUPPORT_PROXY_H

#include "support/proxy_pipe.h"

#include "base/err.h"
#include "base/str.h"

#include <netinet/in.h>

/* Twice the sessions that PostgreSQL gives; further clients wait in the listening queue. */
#define PROXY_CONNECTIONS_MAX 256
#define PROXY_WHY_BYTES 160

enum proxy_way { PROXY_IN, PROXY_OUT, PROXY_WAYS };

struct proxy_connection {
    int fds[PROXY_WAYS]; /* the client's, the server's; -1: a free place */
    struct proxy_pipe pipes[PROXY_WAYS];
};

struct proxy_counts {
    int64_t open;
    int64_t accepted;
    int64_t resets; /* connections that it has broken itself */
    int64_t bytes[PROXY_WAYS];
    int64_t held; /* bytes that wait in it */
};

struct proxy {
    int listener;
    struct sockaddr_in server;
    struct proxy_connection connections[PROXY_CONNECTIONS_MAX];
    int32_t turn; /* who is first in the next turn, for the sake of fairness */

    int64_t delay_us;
    int64_t rate; /* bytes a second and direction, all connections together; 0: no bound */
    int64_t allowance[PROXY_WAYS];
    int64_t allowed_at_us;
    bool hole[PROXY_WAYS];
    int64_t reset_after; /* bytes of a direction of a connection; -1: never */

    struct proxy_counts counts;
};

/* Listens on 127.0.0.1. On failure nothing is open. */
FC_MUST_USE enum fc_rc proxy_open(struct proxy *proxy, int32_t port, int32_t server_port,
                                  struct fc_err *ret_err);
void proxy_close(struct proxy *proxy);

/* Waits until something happens here or can be read from `fd`, `wait_ms` at most, and moves what
 * can be moved. True: there is something to be read from `fd`. */
bool proxy_turn(struct proxy *proxy, int fd, int32_t wait_ms);

/*
 * Does what the line says:
 *   delay MS | rate BYTES | hole in|out|both | reset-after BYTES   from now on, besides the others
 *   cut       resets all connections that there are
 *   heal      the network is good from now on
 *   stats     nothing
 * False with a sentence: it is none of these.
 */
bool proxy_obey(struct proxy *proxy, struct fc_str line, char ret_why[PROXY_WHY_BYTES]);

/* What has passed and what is there. */
struct proxy_counts proxy_count(const struct proxy *proxy);

#endif
