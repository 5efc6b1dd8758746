/*
 * Does in a thread of its own what would hold the loop up: looking a name up and logging in at a
 * server that may be silent, which neither libpq nor rabbitmq-c does throughout without waiting.
 * It is the only second thread there is. It shares nothing with the loop: what it works at is its
 * own from start to end, and the loop's again afterwards.
 */
#ifndef FC_PRODUCER_OPENER_H
#define FC_PRODUCER_OPENER_H

#include "base/err.h"

#include <stdbool.h>

struct opener_task;

struct opener {
    bool at_work;
    int fd; /* readable when the work is done */
    struct opener_task *task;
};

typedef void opener_fn(void *arg);

/* Begins with `work`. `arg` must not be touched until the end. */
FC_MUST_USE enum fc_rc opener_start(struct opener *opener, opener_fn *work, void *arg,
                                    struct fc_err *ret_err);

/* Whether the work is done, without waiting; true once. */
bool opener_is_done(struct opener *opener);

/* For the end of the process: whatever it still does is not waited for. True when there was
 * something: `arg` is never ours again then. */
bool opener_abandon(struct opener *opener);

/* What to wait on, or -1. */
int opener_fd(const struct opener *opener);

#endif
