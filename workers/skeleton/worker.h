/*
 * The life of a worker process, the same for every job: words and settings, connections, leases,
 * the cycle, metrics, a graceful stop. A job's main hands its program over and returns what
 * worker_main returns.
 */
#ifndef FC_SKELETON_WORKER_H
#define FC_SKELETON_WORKER_H

#include "base/limits.h"
#include "host/config.h"
#include "skeleton/links.h"

/* What a job may use; valid for the process, the database session changes at a reconnect. */
struct worker_context {
    struct announce_port announcer;
    const char *instance;
    int32_t partitions;         /* queues of this job */
    int32_t command_partitions; /* queues a family of commands: FIRSTCOME_PARTITIONS */
};

struct worker_program {
    const char *name;     /* firstcome-order */
    const char *sentence; /* for --help */
    const char *family;   /* of its queues: order */
    int32_t lock_class;   /* of its leases */
    int32_t partitions;   /* 0: FIRSTCOME_PARTITIONS */
    /* Nobody waits for what this job does: at most one batch in so many milliseconds, so that what
     * comes meanwhile is done together; but for full ones, which follow at once. 0: no pace. */
    int32_t pace_ms;
    /* What this job announces is announced for several batches at once: after so many milliseconds,
     * and the next are gathered before it is confirmed: the job heeds batch->sent_only. 0: after
     * each batch, and it is waited for. */
    int32_t carry_ms;
    /* The job's own settings and the struct that they are read into; NULL and 0: none. */
    const struct fc_setting *rows;
    size_t row_count;
    void *settings;
    /* What a row cannot say about them; NULL: nothing. Trouble ends the start. */
    enum fc_rc (*check)(const void *settings, struct fc_err *ret_err);
    void *arg;
    /* Once, before anything is consumed; the settings are read. */
    struct job_port (*start)(void *arg, const struct worker_context *context);
    /* A new database session. */
    void (*connected)(void *arg, struct db *db);
    /* Puts the job's own metrics. */
    void (*metrics)(void *arg, struct fc_buf *buf);
};

/* Runs until asked to stop; returns the exit code. */
int worker_main(int argc, char **argv, const struct worker_program *program);

#endif
