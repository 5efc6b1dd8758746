/*
 * The payment worker's cycle and job over a real database, a queue in memory and a scripted gateway
 * (support/scripted.h). What it tells the shop is kept as text.
 */
#ifndef FC_SUPPORT_PAYMENT_RIG_H
#define FC_SUPPORT_PAYMENT_RIG_H

#include "payment/payment_job.h"
#include "support/scripted.h"
#include "support/sim_queue.h"
#include "support/testdb.h"

struct payment_rig {
    struct db *db;
    struct sim_queue queue;
    struct payment_settings settings;
    struct payment_job job;
    struct outgoing *outgoing;
    struct scripted gateway;
    struct cycle cycle;
    struct fc_arena arena;
    char told_bytes[65536];
    struct fc_buf told;    /* lines: routing key|outcome|order|payment id */
    int32_t refused_waits; /* so many waits for confirms to come end in a refusal */
    int64_t again;         /* steps that waited for somebody outside */
    struct fc_err err;     /* the last trouble */
};

/* Leaves the tables alone. The gateway answers as `reply` says. */
void payment_rig_open(struct payment_rig *rig, scripted_fn *reply);
void payment_rig_close(struct payment_rig *rig);

/* One message. */
void payment_rig_tell(struct payment_rig *rig, const char *bytes);
/* order.placed and order.failed of order number `n` as announced; `expires_s` from now. Valid until
 * the 7th call after. */
const char *payment_rig_placed(int n, int64_t amount, int64_t expires_s);
const char *payment_rig_failed(int n, const char *failure);

/* Until the queue is empty and all is acknowledged; trouble with cure RETRY is tried again. */
void payment_rig_run(struct payment_rig *rig);
/* Until the cycle is about to do `phase`; until a step waits for somebody outside; until a step
 * fails with `cure`. */
void payment_rig_run_to(struct payment_rig *rig, enum cycle_phase phase);
void payment_rig_run_to_again(struct payment_rig *rig);
void payment_rig_run_into(struct payment_rig *rig, enum fc_cure cure);
/* Killed and started again. */
void payment_rig_die(struct payment_rig *rig);

/* What the shop was told since the last call; valid until the next telling. */
const char *payment_rig_told(struct payment_rig *rig);

/* What the gateway was asked next: "ask 1", "look 1", "void 1" of order number 1. */
const char *payment_rig_asked(struct payment_rig *rig);

/* For replies: which call it is, the order's number, and its id as text. */
enum gateway_call payment_rig_call(struct fc_str request, int32_t *ret_n, char ret_order[40]);
/* A reply's document with that status, of payment "p". */
void payment_rig_say(struct scripted_reply *reply, const char *order, const char *status);

#endif
