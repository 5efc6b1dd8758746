/*
 * What became of commands: GET /v1/commands/{id}, and the verdicts that requests wait for. Verdicts
 * come in at our private queue, or are looked for in the database: one query a round for all ids
 * that are due, so that polling costs the same however many poll.
 */
#ifndef FC_PRODUCER_STATUS_H
#define FC_PRODUCER_STATUS_H

#include "base/limits.h"
#include "producer/request.h"
#include "producer/wait.h"

struct ingress;

/* Queries for rounds that may be under way at once, and ids in one. */
#define STATUS_ROUNDS 4
#define STATUS_ROUND_IDS_MAX 1024
/* A power of two, twice what can wait. */
#define STATUS_BUCKETS (2 * HTTP_INFLIGHT_MAX)

struct status_round {
    struct wait_round round;
    struct ingress *ingress;
};

struct status {
    struct wait_table waits;
    struct wait *buckets[STATUS_BUCKETS];
    struct status_round rounds[STATUS_ROUNDS];
    struct fc_mono checked; /* when deadlines were looked at */
};

/* Of a zeroed ingress. */
void status_init(struct ingress *ingress);

/* GET /v1/commands/{id} and its events. */
void status_begin(struct ingress *ingress, struct request *request);

/* The command of this request was published: its verdict is waited for. */
void status_wait_for_verdict(struct ingress *ingress, struct request *request);

/* The order or coupon of the path is not decided yet: intake_resume is called when it is. */
void status_wait_for_path(struct ingress *ingress, struct request *request);

/* It waits no longer (and may be answered). */
void status_forget(struct ingress *ingress, struct request *request);

/* Its time is over: answers with what is known. */
void status_too_late(struct ingress *ingress, struct request *request);

/* The bytes of a message at our private queue. */
void status_verdicts(struct ingress *ingress, struct fc_str bytes);

/* Deadlines, and the next round of looks. */
void status_turn(struct ingress *ingress);
/* Until when the loop may wait, -1: for ever. */
int32_t status_wait_ms(const struct ingress *ingress);

/* All that wait are answered with what is known: the process is to stop. */
void status_stop(struct ingress *ingress);

#endif
