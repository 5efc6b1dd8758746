/*
 * Pays for orders elsewhere: asks the gateway for the payment of each order.placed, voids that of
 * each order.failed that was not declined, and tells the shop how it ended by payment.settle. All
 * payments of a batch go on at once, those of one order one behind the other. Told at least once:
 * a settlement's id follows from order and outcome, so that a repeat is recalled. What the gateway
 * does not decide within `patience_ms` is put off: its event goes to the end of the queue, so that
 * it keeps nobody waiting.
 */
#ifndef FC_PAYMENT_JOB_H
#define FC_PAYMENT_JOB_H

#include "host/clock.h"
#include "outgoing/breaker.h"
#include "payment/gateway.h"
#include "payment/payment_plan.h"
#include "skeleton/record.h"
#include "skeleton/worker.h"
#include "wire/event.h"

struct payment_settings {
    struct gateway_settings gateway;
    struct plan_rules rules;
    int32_t breaker_failures;
    int32_t breaker_open_ms;
    int32_t patience_ms;
};

struct payment_counts {
    int64_t ended[PLAN_END_COUNT];
    int64_t calls[GATEWAY_CALL_COUNT];
    int64_t answers[GATEWAY_SAYS_COUNT];
    int64_t put_off; /* payments, each time */
    int64_t parked;  /* messages that were no events */
};

#define PAYMENT_FIRST (-1)

struct payment {
    const struct wire_payment_event *event;
    struct payment_plan plan;
    struct gateway_memory memory; /* of the call under way */
    char id[NAME_BYTES_MAX + 1];  /* the gateway's name for it */
    int32_t message;              /* that it came in */
    int32_t before;               /* an earlier one of the same order, or PAYMENT_FIRST */
    bool under_way;
    bool told;
    bool put_off; /* to the end of the queue */
};

/* One message, and the events in it. */
struct payment_message {
    struct fc_str bytes;
    const struct wire_payment_event *events;
    int32_t count;
    bool parked;
};

struct payment_job {
    const struct payment_settings *settings;
    struct outgoing *outgoing;
    struct breaker breaker;
    struct db *db; /* set anew after each reconnect */
    struct announce_port announcer;
    const char *worker;
    int32_t partitions; /* of the order family */
    struct payment_counts counts;
    /* the batch in hand */
    struct fc_arena *arena;
    struct payment_message messages[BATCH_DELIVERIES_MAX];
    int32_t message_count;
    struct parked_row rejects[BATCH_DELIVERIES_MAX];
    int32_t reject_count;
    struct payment *payments;
    int32_t payment_count;
    int32_t open_count;   /* neither ended nor put off yet */
    struct fc_mono since; /* when they were listed */
    bool listed;          /* payments are made of the messages */
    bool announced;       /* once: all are told again */
};

/* `settings` and `outgoing` must outlive the job. */
void payment_job_init(struct payment_job *job, const struct payment_settings *settings,
                      struct outgoing *outgoing, const struct worker_context *context);

struct job_port payment_job_port(struct payment_job *job);

#endif
