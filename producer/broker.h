/*
 * The two connections to the broker: one publishes commands, the other receives verdicts and
 * catalogue events at private queues. Both are opened anew by themselves, each in a thread of its
 * own, so that a broker that is silent does not hold the loop up; only the first time is waited
 * for.
 */
#ifndef FC_PRODUCER_BROKER_H
#define FC_PRODUCER_BROKER_H

#include "host/backoff.h"
#include "host/clock.h"
#include "mq/consumer.h"
#include "mq/publisher.h"
#include "producer/opener.h"

enum broker_source { BROKER_VERDICTS, BROKER_CATALOG };

/* A connection in the making: the opener's while it is at work. */
struct broker_opening {
    struct mq_settings settings;
    struct mq_publisher *publisher;
    struct mq_consumer *consumer;
    char reply_to[MQ_TEXT_MAX];
    enum fc_rc rc;
    struct fc_err err;
};

/* One of the two. */
struct broker_line {
    struct broker_opening *opening; /* heap: at start */
    struct opener opener;
    uint32_t generation; /* counts connections and openings: descriptors come again */
    struct fc_backoff backoff;
    struct fc_mono retry_at;
};

struct broker {
    struct broker_line publishing;
    struct broker_line consuming;
    struct mq_publisher *publisher; /* NULL: away */
    struct mq_consumer *consumer;   /* NULL: away */
    char reply_to[MQ_TEXT_MAX];     /* the queue for verdicts; empty while away */
    struct fc_err err;              /* the last trouble */
};

FC_MUST_USE enum fc_rc broker_init(struct broker *broker, const char *url, const char *instance,
                                   struct fc_err *ret_err);
/* Checks the topology and opens both. */
FC_MUST_USE enum fc_rc broker_open(struct broker *broker, int32_t partitions,
                                   struct fc_err *ret_err);
void broker_close(struct broker *broker);

/* Takes no command now: away, or blocked by an alarm of the broker's. */
bool broker_is_shut(const struct broker *broker, const char **ret_why);

enum broker_change { BROKER_SAME, BROKER_LOST, BROKER_BACK, BROKER_STILL_AWAY };

/* Sends and reads confirms; or begins or ends to connect when it is time to. broker->err tells
 * about trouble. */
enum broker_change broker_publish_turn(struct broker *broker, struct fc_mono now, mq_fate_fn *fate,
                                       void *arg);
/* Closes the publisher: its confirms do not come. */
void broker_publish_drop(struct broker *broker, struct fc_mono now);

typedef void broker_delivery_fn(void *arg, const struct mq_delivery *delivery);

/* Hands on what has arrived; or begins or ends to connect when it is time to. */
enum broker_change broker_consume_turn(struct broker *broker, struct fc_mono now,
                                       broker_delivery_fn *deliver, void *arg);

#endif
