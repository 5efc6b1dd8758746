/*
 * The instants of a schedule, and which of them is to be seen to next. Pure: the time is an
 * argument, and whoever asks it of the database.
 */
#ifndef FC_CLOCK_SCHEDULE_H
#define FC_CLOCK_SCHEDULE_H

#include "base/time.h"

enum schedule_kind {
    SCHEDULE_EVERY, /* each full `every_s` since 1970; of those that were missed only the newest */
    SCHEDULE_MIDNIGHT /* 00:00 in Seoul; every one that was missed, the oldest first */
};

struct schedule {
    const char *name; /* never changed: commands' ids are made of it */
    enum schedule_kind kind;
    int32_t every_s; /* above 0; of SCHEDULE_EVERY */
};

/* The newest instant at or before `now`. */
struct fc_instant schedule_newest(const struct schedule *schedule, struct fc_instant now);

/* The first instant after `at`. */
struct fc_instant schedule_after(const struct schedule *schedule, struct fc_instant at);

/* The instant to see to now: none before its time, none up to `last` (NULL: none was ever seen to;
 * then only the newest). */
bool schedule_due(const struct schedule *schedule, const struct fc_instant *last,
                  struct fc_instant now, struct fc_instant *ret_at);

#endif
