/*
 * Commands on their way into the queues: those of one turn of the loop are published together, as
 * one message a partition; what comes while they are unconfirmed gathers for the next round.
 * Answered when the broker has confirmed them as durable. What does not fit the window of
 * unconfirmed bytes is refused at once, so that publishing never waits; and so is what would wait
 * too long in its queue (producer/backlog.h), or for a broker that is silent.
 */
#ifndef FC_PRODUCER_ACCEPT_H
#define FC_PRODUCER_ACCEPT_H

#include "base/err.h"
#include "mq/publisher.h"
#include "producer/batch.h"
#include "producer/request.h"

struct ingress;

/* A message that was published; settled when its fate is known. */
struct accept_message {
    uint64_t seq;
    bool under_way;
    struct request *first; /* that wait for its fate */
    struct fc_mono since;
    int32_t queue;
};

struct accept {
    struct batch batch;
    void *batch_bytes;               /* heap: at start */
    struct batch_item *batch_items;  /* heap: at start */
    char *message;                   /* heap: at start; MESSAGE_BYTES_MAX */
    struct accept_message *messages; /* heap: at start; a ring by sequence number */
    uint64_t seq_oldest;             /* those before it are settled */
    uint64_t seq_last;
    int32_t under_way[BATCH_QUEUES_MAX]; /* messages of a queue */
    int32_t under_way_count;             /* of all */
    struct fc_mono round_since;          /* the last of them left together then */
    bool is_behind;                      /* something was put since the last turn */
    struct fc_mono owed_from;            /* no confirm was owed before: the broker was blocked */
    bool is_stuck; /* the broker owes a confirm for longer than it ever should */
};

FC_MUST_USE enum fc_rc accept_open(struct accept *accept, struct fc_err *ret_err);
void accept_close(struct accept *accept);

/* Puts the request's command into this turn's batch and holds the request, or answers 503. */
void accept_put(struct ingress *ingress, struct request *request, struct wire_command *command);

/* Publishes what was put, but for what gathers behind an unconfirmed message of its queue. */
void accept_turn(struct ingress *ingress);

/* How soon accept_turn has something to do though nothing happens; -1: never. */
int32_t accept_wait_ms(const struct ingress *ingress);

/* A message's fate; `arg` is the ingress. */
void accept_fate(void *arg, uint64_t seq, enum mq_fate fate);

/* The publisher's connection is gone: nobody knows what became of what was under way. */
void accept_lost(struct ingress *ingress);

/* Answers those that have waited for a confirm too long, at once while the broker is blocked; false
 * when the broker, not blocked, owes one for so long that the connection is of no use. */
FC_MUST_USE bool accept_check_age(struct ingress *ingress);

/* The request no longer waits for its message. */
void accept_forget(struct ingress *ingress, struct request *request);

#endif
