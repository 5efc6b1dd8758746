/*
 * The broker of the mq tests: the one that FIRSTCOME_BROKER names. Queues are made and dropped by
 * the tests that use them; every call here fails the test by itself when the broker will not.
 */
#ifndef FC_TESTS_SUPPORT_BROKER_H
#define FC_TESTS_SUPPORT_BROKER_H

#include "mq/consumer.h"
#include "mq/publisher.h"

/* Nothing that a test waits for takes longer. */
#define BROKER_WAIT_MS 20000
/* What ctest takes for skipped. */
#define BROKER_SKIPPED 77

/* False, with a sentence on stderr, when FIRSTCOME_BROKER is not set. */
bool broker_is_there(void);

struct mq_settings broker_settings(const char *name);
struct mq_publisher *broker_publisher(void);
struct mq_consumer *broker_consumer(void);

/* Quorum, single active consumer, empty; `length_max` of 0 is none, else more is refused. */
void broker_queue_make(const char *name, int32_t length_max);
void broker_queue_drop(const char *name);

/* Straight through the library, without our encoder and its limits. */
void broker_publish_zeros(const char *queue, size_t bytes);

/* Puts a message for a queue by the default exchange, and flushes. */
uint64_t broker_put(struct mq_publisher *publisher, const char *queue, struct fc_str body);

/* Waits for the next delivery; fails the test when none comes in time. */
struct mq_delivery broker_next(struct mq_consumer *consumer);

/* The delivery's body as a number. */
int64_t broker_number(const struct mq_delivery *delivery);

/* True when rabbitmqctl may be used (FIRSTCOME_RABBITMQCTL). */
bool broker_has_ctl(void);
void broker_ctl(const char *arguments);

#endif
