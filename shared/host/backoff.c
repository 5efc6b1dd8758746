#include "host/backoff.h"

#include "base/assert.h"
#include "base/limits.h"

#define WAIT_MS_MAX 86400000

void fc_backoff_init(struct fc_backoff *backoff, uint64_t seed)
{
    fc_backoff_init_between(backoff, RETRY_SLEEP_MS_MIN, RETRY_SLEEP_MS_MAX, seed);
}

void fc_backoff_init_between(struct fc_backoff *backoff, int32_t min_ms, int32_t max_ms,
                             uint64_t seed)
{
    FC_ASSERT(min_ms > 0);
    FC_ASSERT(min_ms <= max_ms);
    FC_ASSERT(max_ms <= WAIT_MS_MAX);
    *backoff = (struct fc_backoff){0, seed, min_ms, max_ms};
}

void fc_backoff_reset(struct fc_backoff *backoff)
{
    backoff->last_ms = 0;
}

/* SplitMix64 (Steele, Lea and Flood, 2014): any seed will do, 0 too. */
static uint64_t backoff_chance(struct fc_backoff *backoff)
{
    uint64_t mixed = backoff->chance += 0x9E3779B97F4A7C15u;

    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

int32_t fc_backoff_next_ms(struct fc_backoff *backoff)
{
    int32_t last = backoff->last_ms > 0 ? backoff->last_ms : backoff->min_ms;
    int32_t choices = last * 3 - backoff->min_ms + 1;

    FC_ASSERT(last >= backoff->min_ms && last <= backoff->max_ms);
    int32_t next = backoff->min_ms + (int32_t)(backoff_chance(backoff) % (uint64_t)choices);

    backoff->last_ms = next < backoff->max_ms ? next : backoff->max_ms;
    return backoff->last_ms;
}
