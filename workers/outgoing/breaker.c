#include "outgoing/breaker.h"

#include "base/assert.h"

void breaker_init(struct breaker *breaker, int32_t failures_max, int32_t open_ms)
{
    FC_ASSERT(failures_max > 0);
    FC_ASSERT(open_ms > 0);
    *breaker = (struct breaker){.failures_max = failures_max, .open_ms = open_ms};
}

bool breaker_take(struct breaker *breaker, int64_t now_ms)
{
    switch (breaker->state) {
    case BREAKER_CLOSED:
        return true;
    case BREAKER_OPEN:
        if (now_ms - breaker->opened_ms < breaker->open_ms)
            return false;
        breaker->state = BREAKER_PROBING;
        return true;
    case BREAKER_PROBING:
        return false;
    }
    FC_UNREACHABLE("no such state");
}

void breaker_succeeded(struct breaker *breaker)
{
    breaker->state = BREAKER_CLOSED;
    breaker->failures = 0;
}

void breaker_failed(struct breaker *breaker, int64_t now_ms)
{
    if (breaker->state == BREAKER_OPEN)
        return;
    breaker->failures++;
    if (breaker->state == BREAKER_CLOSED && breaker->failures < breaker->failures_max)
        return;
    breaker->state = BREAKER_OPEN;
    breaker->opened_ms = now_ms;
    breaker->openings++;
}

void breaker_forget(struct breaker *breaker)
{
    if (breaker->state == BREAKER_PROBING)
        breaker->state = BREAKER_OPEN;
}

int32_t breaker_wait_ms(const struct breaker *breaker, int64_t now_ms, int32_t max_ms)
{
    int64_t left_ms = max_ms;

    if (breaker->state == BREAKER_CLOSED)
        return 0;
    if (breaker->state == BREAKER_OPEN)
        left_ms = breaker->open_ms - (now_ms - breaker->opened_ms);
    if (left_ms <= 0)
        return 0;
    return left_ms < max_ms ? (int32_t)left_ms : max_ms;
}

const char *breaker_state_name(enum breaker_state state)
{
    switch (state) {
    case BREAKER_CLOSED:
        return "closed";
    case BREAKER_OPEN:
        return "open";
    case BREAKER_PROBING:
        return "probing";
    }
    FC_UNREACHABLE("no such state");
}
