#include "clock/schedule.h"

#include "base/assert.h"

static int64_t floor_to(int64_t value, int64_t step)
{
    int64_t rest = value % step;

    return rest < 0 ? value - rest - step : value - rest;
}

struct fc_instant schedule_newest(const struct schedule *schedule, struct fc_instant now)
{
    if (schedule->kind == SCHEDULE_MIDNIGHT)
        return fc_day_seoul_begin(fc_day_seoul(now));
    FC_ASSERT(schedule->every_s > 0);
    return (struct fc_instant){floor_to(now.us, schedule->every_s * FC_US_PER_S)};
}

struct fc_instant schedule_after(const struct schedule *schedule, struct fc_instant at)
{
    struct fc_instant newest = schedule_newest(schedule, at);

    if (schedule->kind == SCHEDULE_MIDNIGHT)
        return (struct fc_instant){newest.us + FC_US_PER_DAY};
    return (struct fc_instant){newest.us + schedule->every_s * FC_US_PER_S};
}

bool schedule_due(const struct schedule *schedule, const struct fc_instant *last,
                  struct fc_instant now, struct fc_instant *ret_at)
{
    struct fc_instant at = schedule_newest(schedule, now);

    if (last != NULL && at.us <= last->us)
        return false;
    if (last != NULL && schedule->kind == SCHEDULE_MIDNIGHT)
        at = schedule_after(schedule, *last);
    FC_ASSERT(at.us <= now.us);
    *ret_at = at;
    return true;
}
