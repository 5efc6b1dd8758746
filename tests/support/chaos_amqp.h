/*
 * A back-end producer's connections to the broker, as the contract has them: publisher confirms,
 * mandatory, verdicts at a queue of its own. Lost connections are opened again by themselves, at
 * growing intervals; opening one may block for DB_CONNECT_S_MAX seconds, all else does not. There
 * is one of it.
 */
#ifndef FC_TESTS_SUPPORT_CHAOS_AMQP_H
#define FC_TESTS_SUPPORT_CHAOS_AMQP_H

#include "base/err.h"
#include "support/told.h"
#include "wire/command.h"

#include <poll.h>

/* Messages under way at most. */
#define CHAOS_AMQP_UNCONFIRMED_MAX 1024

struct chaos_amqp_calls {
    /* Each message once, by the tag it was published with: confirmed, or it may have been taken or
     * not (refused, no queue, no connection any more, no confirm in time). */
    void (*settled)(void *arg, int64_t tag, bool confirmed);
    /* A verdict that came to our queue; the JSON lives during the call. */
    void (*verdict)(void *arg, const struct told *told, struct json_object *document);
    void *arg;
};

/* `url` as in FIRSTCOME_BROKER. Does not connect. */
FC_MUST_USE enum fc_rc chaos_amqp_open(const char *url, int32_t partitions, int64_t seed,
                                       const struct chaos_amqp_calls *calls,
                                       struct fc_err *ret_err);
void chaos_amqp_close(void);

/* Whether a message may be published now. */
bool chaos_amqp_is_ready(void);

/* Publishes the command, whose key, body and reply_to are filled here; only while it is ready. It
 * leaves in the next turn. */
void chaos_amqp_publish(struct wire_command *command, int64_t tag);

/* Up to 2 descriptors to wait for; returns how many. */
int32_t chaos_amqp_fds(struct pollfd ret_fds[2]);
/* True when there is something to read that no descriptor tells of. */
bool chaos_amqp_has_more(void);

/* Connects, sends, receives; to be called at least every second. */
void chaos_amqp_turn(void);

#endif
