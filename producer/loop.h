/*
 * One epoll that waits for clients, broker, database and signals, and one turn after another that
 * does what is ready: fates and verdicts first, then rows, then requests, and at the end all that
 * came of them leaves together.
 */
#ifndef FC_PRODUCER_LOOP_H
#define FC_PRODUCER_LOOP_H

#include "base/err.h"

struct ingress;

/* Turns until the process is asked to stop, then until what was begun is finished,
 * HTTP_STOP_MS_MAX at most. `signal_fd` becomes readable when it is asked. */
FC_MUST_USE enum fc_rc loop_run(struct ingress *ingress, int signal_fd, struct fc_err *ret_err);

#endif
