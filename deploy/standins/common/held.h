/*
 * Answers that wait for their time, or for ever: the connection is suspended until then. The
 * frame's own (common/standin.h).
 */
#ifndef FC_STANDINS_HELD_H
#define FC_STANDINS_HELD_H

#include "host/clock.h"

#include <stdbool.h>

struct MHD_Connection;
struct MHD_Response;

struct held {
    struct MHD_Connection *connection;
    struct MHD_Response *response; /* NULL: the connection is cut instead */
    int32_t status;
    int32_t wait_ms; /* above 0: not suspended yet */
    struct fc_mono due;
    bool suspended;
    struct held *next;
};

struct held_list {
    struct held *first; /* those suspended */
};

/* Suspends, or answers when the time has come: false when the connection is to be cut. */
bool held_turn(struct held_list *list, struct held *held);
/* The request is over, however it came. */
void held_end(struct held_list *list, struct held *held);

/* Milliseconds until the next is due, at most `max_ms`. */
int32_t held_due_ms(const struct held_list *list, int32_t max_ms);
void held_resume_due(struct held_list *list);
/* At the end: whoever waits is cut. */
void held_resume_all(struct held_list *list);

#endif
