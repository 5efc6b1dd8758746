/*
 * How long to wait before the next try: decorrelated jitter (Marc Brooker, "Exponential Backoff
 * And Jitter", AWS Architecture Blog, 2015) between RETRY_SLEEP_MS_MIN and _MAX, or bounds of the
 * caller's. No waiting is done here: the caller waits on its descriptors with the time it is told.
 */
#ifndef FC_HOST_BACKOFF_H
#define FC_HOST_BACKOFF_H

#include <stdint.h>

struct fc_backoff {
    int32_t last_ms; /* 0 after a success */
    uint64_t chance; /* state of the generator */
    int32_t min_ms;
    int32_t max_ms;
};

void fc_backoff_init(struct fc_backoff *backoff, uint64_t seed);
/* 0 < min_ms <= max_ms, a day at most. */
void fc_backoff_init_between(struct fc_backoff *backoff, int32_t min_ms, int32_t max_ms,
                             uint64_t seed);
void fc_backoff_reset(struct fc_backoff *backoff);
int32_t fc_backoff_next_ms(struct fc_backoff *backoff);

#endif
