/*
 * One event of each type, with what is optional and without: what the journal keeps of a busy day.
 */
#ifndef FC_TESTS_SUPPORT_EVENTS_H
#define FC_TESTS_SUPPORT_EVENTS_H

#include "core/event.h"

#define SAMPLE_EVENTS_MAX 24

/* The id that ends in `last`. */
struct fc_uuid sample_uuid(uint8_t last);

/* Fills `ret_events`; every type is among them, in the order of the enum. */
int32_t sample_events(struct event ret_events[SAMPLE_EVENTS_MAX]);

#endif
