/*
 * Clients that keep their connections and ask for nothing: opens as many as it is told, one after
 * another, asks once for /livez on each, and keeps them until stdin ends. A line on stdin is
 * answered by a line on stdout: how many were opened, how many still are open.
 */
#include "support/lane.h"

#include "host/process.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MS_MAX 30000
/* stdin, stdout, stderr and a few. */
#define DESCRIPTORS_OWN 16

static int usage(void)
{
    (void)fputs("Usage: idle_client URL COUNT\n", stderr);
    return FC_EXIT_USAGE;
}

static bool ask(struct lane *lane)
{
    struct pollfd socket = {.fd = lane->fd, .events = POLLIN};
    struct lane_answer answer = {0, false};
    enum lane_state state = LANE_WAITS;

    if (!lane_send(lane, FC_STR("GET /livez HTTP/1.1\r\nHost: idle\r\n\r\n")))
        return false;
    while (state == LANE_WAITS && poll(&socket, 1, ANSWER_MS_MAX) == 1)
        state = lane_read(lane, &answer);
    return state == LANE_ANSWERED && answer.status == 200;
}

/* How many the server has not closed. */
static int64_t still_open(struct lane *lanes, int64_t count)
{
    int64_t open = 0;

    for (int64_t i = 0; i < count; i++) {
        struct lane_answer answer;

        if (lanes[i].open && lane_read(&lanes[i], &answer) != LANE_CLOSED)
            open++;
    }
    return open;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address;
    int64_t count;
    char line[16];

    if (argc != 3 || !lane_address(argv[1], &address) ||
        !fc_str_to_i64(fc_str_of(argv[2]), 1, 1000000, &count))
        return usage();
    if (lane_count_max() < count + DESCRIPTORS_OWN) {
        (void)fprintf(stderr, "no %lld descriptors are to be had\n", (long long)count);
        return FC_EXIT_USAGE;
    }
    struct lane *lanes = calloc((size_t)count, sizeof(*lanes)); /* heap: at start */

    if (lanes == NULL)
        return FC_EXIT_LATER;
    for (int64_t i = 0; i < count; i++)
        if (!lane_open(&lanes[i], &address) || !ask(&lanes[i])) {
            (void)fprintf(stderr, "connection %lld: %s\n", (long long)i, strerror(errno));
            return FC_EXIT_LATER;
        }
    (void)printf("%lld %lld\n", (long long)count, (long long)still_open(lanes, count));
    (void)fflush(stdout);
    while (fgets(line, sizeof(line), stdin) != NULL) {
        (void)printf("%lld %lld\n", (long long)count, (long long)still_open(lanes, count));
        (void)fflush(stdout);
    }
    return FC_EXIT_OK;
}
