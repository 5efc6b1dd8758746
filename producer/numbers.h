/*
 * What the ingress counts, as one table for Prometheus. One ingress a process, and so one table.
 */
#ifndef FC_PRODUCER_NUMBERS_H
#define FC_PRODUCER_NUMBERS_H

#include "host/metrics.h"

enum number {
    NUMBER_ANSWERS_1XX_TO_3XX,
    NUMBER_ANSWERS_4XX,
    NUMBER_ANSWERS_5XX,
    NUMBER_REQUEST_SECONDS,
    NUMBER_COMMANDS_ACCEPTED,
    NUMBER_COMMANDS_REFUSED_BUSY,
    NUMBER_COMMANDS_LOST,
    NUMBER_COMMANDS_REROUTED,
    NUMBER_REFUSED_BACKLOG,
    NUMBER_REFUSED_WINDOW,
    NUMBER_REFUSED_BROKER,
    NUMBER_REFUSED_DATABASE,
    NUMBER_REFUSED_REQUESTS,
    NUMBER_CONNECTIONS_CUT,
    NUMBER_MESSAGES,
    NUMBER_CONFIRM_SECONDS,
    NUMBER_VERDICTS,
    NUMBER_LOOKS,
    NUMBER_POLLS_FROM_MEMORY,
    NUMBER_POLLS_FROM_DATABASE,
    NUMBER_READS,
    NUMBER_READ_SECONDS,
    /* as they are now */
    NUMBER_REQUESTS_NOW,
    NUMBER_CONNECTIONS_NOW,
    NUMBER_WAITING_NOW,
    NUMBER_UNCONFIRMED_BYTES_NOW,
    NUMBER_CATALOG_NOW,
    NUMBER_ESTIMATED_WAIT_NOW,
    NUMBER_BROKER_UP,
    NUMBER_BROKER_BLOCKED,
    NUMBER_DATABASE_UP,
    NUMBER_COUNT
};

struct numbers {
    struct fc_metric table[NUMBER_COUNT];
};

void numbers_init(struct numbers *numbers);
void numbers_add(struct numbers *numbers, enum number number);
/* A counter that is kept elsewhere. */
void numbers_raise(struct numbers *numbers, enum number number, int64_t value);
void numbers_set(struct numbers *numbers, enum number number, int64_t value);
void numbers_observe_us(struct numbers *numbers, enum number number, int64_t us);
void numbers_answered(struct numbers *numbers, int32_t status, int64_t us);
void numbers_put(const struct numbers *numbers, struct fc_buf *buf);

#endif
