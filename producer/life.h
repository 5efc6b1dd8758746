/*
 * The life of an ingress: what it needs is opened at start, closed at the end, and what changes in
 * between with its connections is acted upon and logged. The loop calls; nobody else logs these.
 */
#ifndef FC_PRODUCER_LIFE_H
#define FC_PRODUCER_LIFE_H

#include "base/err.h"
#include "producer/ingress.h"

/* Connects, checks schema and topology, and leaves. */
FC_MUST_USE enum fc_rc life_check(const struct ingress_settings *settings, struct fc_err *ret_err);

/* Opens, turns the loop until the process is asked to stop, closes. */
FC_MUST_USE enum fc_rc life_run(const struct ingress_settings *settings, struct fc_err *ret_err);

void life_publisher_changed(struct ingress *ingress, enum broker_change change);
void life_consumer_changed(struct ingress *ingress, enum broker_change change);
void life_database_changed(struct ingress *ingress, enum database_change change);
/* Logs when the broker's alarm begins and ends. */
void life_watch_blocked(struct ingress *ingress);
/* Logs when commands begin to be refused for long queues, and when that is over. */
void life_watch_overload(struct ingress *ingress);
void life_log_stopping(const struct ingress *ingress);

/* A verdict or a catalogue event; `arg` is the ingress. */
void life_delivery(void *arg, const struct mq_delivery *delivery);

#endif
