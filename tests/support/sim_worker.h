/*
 * One worker process of the simulated world: connects, looks after its leases by the real plan,
 * steps the real cycle, and lives through what sim_fault.h draws. It is killed by a longjmp out of
 * whatever port it has called: nothing of it runs afterwards.
 */
#ifndef FC_SUPPORT_SIM_WORKER_H
#define FC_SUPPORT_SIM_WORKER_H

#include "support/sim_lease.h"
#include "support/sim_listener.h"
#include "support/sim_quorum.h"
#include "support/sim_session.h"

#include <setjmp.h>

#define SIM_PENDING_MAX 256

struct sim_world;

/* An announcement that was put and whose confirm has not been read; its bytes are the world's. */
struct sim_pending {
    struct fc_str bytes;
    bool is_event;
    bool for_listener;
    bool refused;
    bool stalled;   /* at the broker, which will have it when its queue has a leader again */
    bool confirmed; /* ahead of one that was put before it */
};

struct sim_worker {
    struct sim_world *world;
    int32_t at; /* among the world's workers */
    int32_t family;
    int32_t prefetch;
    struct fc_arena arena;
    jmp_buf grave;
    bool running;
    int32_t down;  /* turns until it is started again */
    bool on_stack; /* inside a step: only its own frozen self */
    int64_t clock_us;
    bool connected;
    bool broker_gone; /* the broker has closed its connection, and it does not know yet */
    bool held[SIM_PARTITIONS];
    int32_t held_count;
    int32_t channels[SIM_PARTITIONS]; /* 0: not subscribed */
    int32_t next_source;              /* where the next delivery is looked for */
    int32_t acked;                    /* sources that the settle under way has acknowledged */
    struct sim_pending pending[SIM_PENDING_MAX];
    int32_t pending_count;
    int32_t arrived;     /* so many of them have reached the broker */
    uint64_t settled_to; /* the number of the message before pending[0] */
    uint64_t owed_seq;   /* all up to it was marked */
    struct cycle cycle;
    struct command_job job;
    struct sim_listener listener; /* instead of the job, of the listener's family */
    struct sim_session session;
};

/* A process that is not running. */
void sim_worker_init(struct sim_world *world, int32_t at, int32_t family);

/* One turn of its loop. */
void sim_worker_step(struct sim_worker *worker);

/* Trouble that is not its end: connections closed, batch dropped, as the real worker does. */
void sim_worker_disconnect(struct sim_worker *worker);

/* Its connection with the broker ends, which it notices when it next uses it. */
void sim_worker_cut_broker(struct sim_worker *worker);

struct sim_quorum *sim_worker_queue(const struct sim_worker *worker, int32_t partition);

#endif
