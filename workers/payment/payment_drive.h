/*
 * Goes on with the payments of a batch: starts the calls that are due, as far as the circuit
 * breaker and the number of connections let it, and takes the answers. What to do about each is its
 * plan's.
 */
#ifndef FC_PAYMENT_PAYMENT_DRIVE_H
#define FC_PAYMENT_PAYMENT_DRIVE_H

#include "payment/payment_job.h"

struct plan_time payment_time(void);

/* Until something is over or the next call is due, `max_ms` at most. */
void payment_drive(struct payment_job *job, int32_t max_ms);

#endif
