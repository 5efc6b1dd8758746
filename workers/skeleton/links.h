/*
 * A worker's connections: one that consumes, one that publishes, one to the database. They are
 * opened and closed together: a partition is held by the database session and consumed over the
 * broker connection, so that losing either gives both up, and all that is unacknowledged returns
 * to its queue in order.
 */
#ifndef FC_SKELETON_LINKS_H
#define FC_SKELETON_LINKS_H

#include "db/conn.h"
#include "mq/consumer.h"
#include "mq/publisher.h"
#include "skeleton/command_job.h"

#include <poll.h>

/*
 * Every statement finds its rows by key: plans that scan are wrong here however small the tables
 * look to a young database (measured: 83 to 443 µs an order against 50). And what is committed is
 * acknowledged at once: it has to be on disk, whatever the server is set to.
 */
#define LINKS_SESSION_OPTIONS                                                         \
    "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off" \
    " -c plan_cache_mode=force_generic_plan -c synchronous_commit=on"

struct links_settings {
    const char *database; /* conninfo */
    const char *broker;   /* amqp URL */
    const char *instance; /* order-2: the name of the connections and of the session */
};

struct links {
    struct links_settings settings;
    struct db *db;
    struct mq_consumer *consumer;
    struct mq_publisher *publisher;
    uint64_t put_seq;     /* the last message that was put */
    uint64_t owed_seq;    /* the last that was marked: nobody can put it again */
    uint64_t refused_seq; /* the first event that the broker would not have, 0: none; not verdicts,
                           * which nobody has to have: an asker may not read */
    /* Called about every second while something is awaited: feeds the database session. */
    enum fc_rc (*beat)(void *arg, struct fc_err *ret_err);
    void *beat_arg;
};

/* Blocks while connecting; all or none. Checks the schema. */
FC_MUST_USE enum fc_rc links_open(struct links *links, struct fc_err *ret_err);
/* Accepts links that are closed. */
void links_close(struct links *links);

/* Ports over them; `links` must outlive them, reconnects included. */
struct queue_port links_queue(struct links *links);
struct announce_port links_announcer(struct links *links);
struct confirm_port links_confirms(struct links *links);

/* What to watch the publisher's socket for. */
struct pollfd links_watch(const struct links *links);

/* Reads what came for the publisher (heartbeats, alarms) when nothing is being announced. */
FC_MUST_USE enum fc_rc links_idle(struct links *links, struct fc_err *ret_err);

#endif
