/*
 * A shop worker as the programs have it (cycle, job, journal, shop) over a real database and a
 * queue in memory. What it announces is kept as text, so that a repeat can be compared to the byte.
 * Between load and store of a transaction a test can step in: let another worker commit, or have
 * this one lose its connection. Trouble that no test asked for fails the test.
 */
#ifndef FC_SUPPORT_WORKER_RIG_H
#define FC_SUPPORT_WORKER_RIG_H

#include "shop/shop_job.h"
#include "support/sim_queue.h"
#include "support/testdb.h"

struct worker_rig {
    struct db *db;
    struct sim_queue queue; /* of partition `source` */
    int32_t source;
    struct fc_instant now;
    const char *accepted_at; /* of what is asked; NULL: WORKER_ACCEPTED_AT */
    struct fc_buf told;      /* lines: exchange|routing key|type|transient or durable|body */
    /* Called once, between the next load and its store. */
    void (*step_in)(void *arg);
    void *step_in_arg;
    int32_t lost_stores; /* so many transactions to come are lost before the store */
    int32_t poison;      /* the number of a command with which every store is lost; 0: none */
    int64_t retries;     /* of trouble with cure RETRY */
    struct fc_err err;   /* the last trouble */
    /* as in workers/shop/shop_worker.c */
    struct command_job job;
    struct journal journal;
    struct shop_job shop;
    struct command_store store; /* the real one, behind ours */
    struct cycle cycle;
    struct fc_arena arena;
};

/* `name` is the instance's; several may be open at once. Trouble fails the test that runs. */
void worker_rig_open(struct worker_rig *rig, enum wire_family family, const char *name);
void worker_rig_close(struct worker_rig *rig);

/* What it decides by, as long as the policy table has nothing newer. */
struct policy *worker_rig_policy(struct worker_rig *rig);

/* One message into the queue: bytes, or a command with the id of number `n` (worker_rows.h). `body`
 * is its JSON, `more` further members with a leading comma, or "". */
void worker_rig_publish(struct worker_rig *rig, const char *bytes);
void worker_rig_ask(struct worker_rig *rig, int n, const char *type, const char *key,
                    const char *body, const char *more);

/* The command as JSON, for a message of several; valid until the call after the next 7. */
const char *worker_rig_command(int n, const char *type, const char *key, const char *body,
                               const char *more);

/* Until the queue is empty and all is acknowledged. Trouble with cure RETRY is tried again. */
void worker_rig_run(struct worker_rig *rig);
/* Until the cycle is about to do `phase`. */
void worker_rig_run_to(struct worker_rig *rig, enum cycle_phase phase);
/* Runs on trouble that is expected: until a step fails with `cure`. */
void worker_rig_run_into(struct worker_rig *rig, enum fc_cure cure);

/* Runs `rig`; what `other` was asked is decided and committed between the first load and store. */
void worker_rig_meet(struct worker_rig *rig, struct worker_rig *other);
/* That trouble of this SQLSTATE made it decide once again, and no other. */
void worker_rig_expect_conflict(const struct worker_rig *rig, const char *code);

/* Killed and started again: the batch is forgotten, the session new, the queue delivers again. */
void worker_rig_die(struct worker_rig *rig);
/* The same without a death: trouble made the worker open its connections anew. */
void worker_rig_reconnect(struct worker_rig *rig);

/* What was announced since the last call; valid until the next announcement. */
struct fc_str worker_rig_told(struct worker_rig *rig);

#endif
