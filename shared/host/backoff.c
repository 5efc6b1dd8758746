#include "host/backoff.h"

#include "base/assert.h"
#include "base/limits.h"

void fc_backoff_init(struct fc_backoff *backoff, uint64_t seed)
{
    *backoff = (struct fc_backoff){0, seed};
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
    int32_t last = backoff->last_ms > 0 ? backoff->last_ms : RETRY_SLEEP_MS_MIN;
    int32_t choices = last * 3 - RETRY_SLEEP_MS_MIN + 1;

    FC_ASSERT(last >= RETRY_SLEEP_MS_MIN && last <= RETRY_SLEEP_MS_MAX);
    int32_t next = RETRY_SLEEP_MS_MIN + (int32_t)(backoff_chance(backoff) % (uint64_t)choices);

    backoff->last_ms = next < RETRY_SLEEP_MS_MAX ? next : RETRY_SLEEP_MS_MAX;
    return backoff->last_ms;
}
