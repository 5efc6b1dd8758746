/*
 * The two clocks of the machine. Only shells read them; below them time is an argument. Neither
 * blocks.
 */
#ifndef FC_HOST_CLOCK_H
#define FC_HOST_CLOCK_H

#include "base/time.h"

/* Microseconds of the monotonic clock; of no use as a date. */
struct fc_mono {
    int64_t us;
};

struct fc_instant fc_clock_now(void);
struct fc_mono fc_clock_mono(void);

/* Milliseconds from `since` until now, never below 0. */
int64_t fc_clock_ms_since(struct fc_mono since);

#endif
