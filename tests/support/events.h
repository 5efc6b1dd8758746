/*
 * One event of each type, with what is optional and without: what the journal keeps of a busy day.
 * And tables of what the data of events come to.
 */
#ifndef FC_TESTS_SUPPORT_EVENTS_H
#define FC_TESTS_SUPPORT_EVENTS_H

#include "core/event.h"

#define SAMPLE_EVENTS_MAX 48

/* The id that ends in `last`. */
struct fc_uuid sample_uuid(uint8_t last);

/* Fills `ret_events`, as many as there are; every type is among them. */
int32_t sample_events(struct event ret_events[SAMPLE_EVENTS_MAX]);

/* The golden announcements of the samples whose types begin like `type` ("" for all), as the
 * message that they travel in; all are of one command that ends in 0xab. Valid until the next
 * call. */
struct fc_str sample_announced(const char *type);

/* The id that the nth of that type, from 0, is announced with there. */
struct fc_uuid sample_event_id(enum event_type type, int32_t nth);

/* The data of an event of `type`, and what it is when it was read and put again: NULL the same, ""
 * that it is refused. */
struct event_case {
    const char *type;
    const char *data;
    const char *want;
};

void event_cases_check(const struct event_case *cases, size_t count);

#endif
