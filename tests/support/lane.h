/*
 * One connection to the ingress, kept alive and never waited on: bare sockets, so that thousands of
 * them cost their holder little. Requests are made whole by the caller; of an answer only what is
 * asked for here is looked at.
 */
#ifndef FC_TESTS_SUPPORT_LANE_H
#define FC_TESTS_SUPPORT_LANE_H

#include "base/str.h"
#include "host/address.h"

#include <netinet/in.h>

/* The largest answer. */
#define LANE_BYTES 4096

struct lane {
    bool open;
    int fd;
    size_t in_len;
    char in[LANE_BYTES];
};

struct lane_answer {
    int32_t status;
    bool has_retry_after;
};

enum lane_state { LANE_WAITS, LANE_ANSWERED, LANE_CLOSED };

/* "http://127.0.0.1:8080" and nothing else. */
FC_MUST_USE bool lane_address(const char *url, struct sockaddr_in *ret_address);

/* Connects, without waiting for more than the kernel's answer; false with errno. */
FC_MUST_USE bool lane_open(struct lane *lane, const struct sockaddr_in *address);
void lane_close(struct lane *lane);

/* False when the connection is gone, or does not take the whole request at once. */
FC_MUST_USE bool lane_send(struct lane *lane, struct fc_str request);

/* Takes what has come. LANE_ANSWERED once for each answer; LANE_CLOSED closes it, whether or not an
 * answer was on its way. */
enum lane_state lane_read(struct lane *lane, struct lane_answer *ret_answer);

/* As many descriptors as the system lets us have; how many that are. */
int32_t lane_count_max(void);

#endif
