/*
 * Instants, days and their text. An instant is microseconds since 1970 in UTC, what PostgreSQL's
 * timestamptz holds. Nothing here reads a clock. The shop's day is Asia/Seoul's: nine hours
 * ahead of UTC the whole year, so a day's border is arithmetic.
 */
#ifndef FC_BASE_TIME_H
#define FC_BASE_TIME_H

#include "base/str.h"

struct fc_instant {
    int64_t us;
};

/* Days since 1970-01-01, of no time zone by itself. */
struct fc_day {
    int32_t days;
};

#define FC_US_PER_S 1000000LL
#define FC_US_PER_DAY (86400LL * FC_US_PER_S)
#define FC_SEOUL_OFFSET_US (9LL * 3600 * FC_US_PER_S)
/* "2026-01-31T23:59:59.999999Z" */
#define FC_INSTANT_TEXT_BYTES 27
/* "2026-01-31" */
#define FC_DAY_TEXT_BYTES 10

/* The day in Seoul that `at` falls on. */
struct fc_day fc_day_seoul(struct fc_instant at);

/* The instant at which `day` begins in Seoul. */
struct fc_instant fc_day_seoul_begin(struct fc_day day);

/* RFC 3339 in UTC with microseconds; years 0000 to 9999; text without a NUL. */
void fc_instant_text(struct fc_instant at, char ret_text[FC_INSTANT_TEXT_BYTES]);
void fc_instant_put(struct fc_buf *buf, struct fc_instant at);

/*
 * RFC 3339: any offset, any number of fraction digits (cut after six), a leap second is taken as
 * the second before; years 0001 (PostgreSQL has no 0000) to 9999, in Seoul too; false for
 * anything else.
 */
FC_MUST_USE bool fc_instant_parse(struct fc_str text, struct fc_instant *ret_at);

/* YYYY-MM-DD; parsing takes years 0001 to 9999. */
void fc_day_text(struct fc_day day, char ret_text[FC_DAY_TEXT_BYTES]);
void fc_day_put(struct fc_buf *buf, struct fc_day day);
FC_MUST_USE bool fc_day_parse(struct fc_str text, struct fc_day *ret_day);

#endif
