#include "host/clock.h"

#include "base/assert.h"

#include <time.h>

static int64_t clock_us(clockid_t clock)
{
    struct timespec at;
    int rc = clock_gettime(clock, &at);

    FC_ASSERT(rc == 0);
    return (int64_t)at.tv_sec * FC_US_PER_S + at.tv_nsec / 1000;
}

struct fc_instant fc_clock_now(void)
{
    return (struct fc_instant){clock_us(CLOCK_REALTIME)};
}

struct fc_mono fc_clock_mono(void)
{
    return (struct fc_mono){clock_us(CLOCK_MONOTONIC)};
}

int64_t fc_clock_ms_since(struct fc_mono since)
{
    int64_t us = clock_us(CLOCK_MONOTONIC) - since.us;

    return us > 0 ? us / 1000 : 0;
}
