/*
 * The parts of an event that depend on its type: what it is about, and its data. The members have
 * the names that core/event.h has.
 */
#ifndef FC_WIRE_EVENT_DATA_H
#define FC_WIRE_EVENT_DATA_H

#include "core/event.h"
#include "wire/json.h"

/* "user:7", "order:<uuid>": the thing whose version the event carries. */
void wire_event_subject_put(struct wire_json *json, const struct event *event);
void wire_event_data_put(struct wire_json *json, const struct event *event);

#endif
