/*
 * The clock's connections, one to the database and one that publishes, opened and closed together;
 * and the waiting on them, on the exporter and on signals.
 */
#ifndef FC_CLOCK_CONTACT_H
#define FC_CLOCK_CONTACT_H

#include "clock/outbox.h"
#include "db/conn.h"
#include "host/clock.h"
#include "host/exporter.h"
#include "mq/publisher.h"

struct contact {
    const char *database; /* conninfo */
    const char *broker;   /* amqp URL */
    const char *instance; /* the name of both connections */
    int signal_fd;
    struct fc_exporter *exporter; /* may be NULL */
    struct db *db;
    struct mq_publisher *publisher;
    bool refused; /* the broker would not have a message that was put since the last wait */
};

/* Blocks while connecting; both or none. Checks the schema. */
FC_MUST_USE enum fc_rc contact_open(struct contact *contact, struct fc_err *ret_err);
/* Accepts one that is closed. */
void contact_close(struct contact *contact);

/* Answers the exporter and waits for a signal or a reading publisher, `wait_ms` at most. */
void contact_wait(struct contact *contact, int32_t wait_ms);

/* Reads what came for the publisher: to be called every second or two. */
FC_MUST_USE enum fc_rc contact_beat(struct contact *contact, struct fc_err *ret_err);

/*
 * Publishes all messages of the outbox and waits until the broker has confirmed them; the database
 * session is fed meanwhile. AGAIN when the process is to stop: what was sent is sent, the rest is
 * not. RETRY when the broker refused a message or has no such queue.
 */
FC_MUST_USE enum fc_rc contact_send(struct contact *contact, struct outbox *outbox,
                                    struct fc_err *ret_err);

#endif
