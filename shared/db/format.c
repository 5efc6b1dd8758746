#include "db/format.h"

#include "base/assert.h"

/* 2000-01-01, counted from 1970-01-01. */
#define EPOCH_DAYS 10957
#define EPOCH_US (EPOCH_DAYS * FC_US_PER_DAY)

int64_t db_instant_to_wire(struct fc_instant at)
{
    int64_t us = 0;

    if (at.us == INT64_MAX || at.us == INT64_MIN)
        return at.us;
    FC_ASSERT(!__builtin_sub_overflow(at.us, EPOCH_US, &us));
    return us;
}

struct fc_instant db_instant_of_wire(int64_t us)
{
    int64_t at = 0;

    /* What lies beyond the end of our calendar is as good as infinite. */
    if (us == INT64_MIN || __builtin_add_overflow(us, EPOCH_US, &at))
        at = us < 0 ? INT64_MIN : INT64_MAX;
    return (struct fc_instant){at};
}

int32_t db_day_to_wire(struct fc_day day)
{
    int32_t days = 0;

    if (day.days == INT32_MAX || day.days == INT32_MIN)
        return day.days;
    FC_ASSERT(!__builtin_sub_overflow(day.days, EPOCH_DAYS, &days));
    return days;
}

struct fc_day db_day_of_wire(int32_t days)
{
    int32_t day = 0;

    if (days == INT32_MIN || __builtin_add_overflow(days, EPOCH_DAYS, &day))
        day = days < 0 ? INT32_MIN : INT32_MAX;
    return (struct fc_day){day};
}
