/*
 * A window of requests in flight: asks a source for the next request whenever a lane is free, lets
 * requests rest before they go out again, and stops in order when it is asked to. What is asked and
 * what an answer means is the source's business.
 */
#ifndef FC_CLI_WINDOW_H
#define FC_CLI_WINDOW_H

#include "producer/cli/client.h"

enum cli_next {
    CLI_NEXT_SEND,    /* the request was filled */
    CLI_NEXT_NOTHING, /* nothing for now: ask again when something was answered */
    CLI_NEXT_DONE     /* nothing any more */
};

enum cli_then {
    CLI_THEN_FREE, /* the lane is free for another */
    CLI_THEN_AGAIN /* the request, as it is now, goes out on this lane again */
};

struct cli_source {
    enum cli_next (*next)(void *arg, int32_t lane, struct cli_request *request);
    enum cli_then (*answered)(void *arg, int32_t lane, struct cli_request *request,
                              const struct cli_answer *answer);
    void *arg;
};

/*
 * Runs the source on `width` lanes until it is done and every request is answered. When asked to
 * stop, nothing new is sent, what is under way has a few seconds, and the rest is CLI_STOPPED.
 */
void cli_window_run(struct cli_client *client, int32_t width, const struct cli_source *source);

#endif
