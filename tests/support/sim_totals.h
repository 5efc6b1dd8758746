/*
 * What happened over all seeds of a run. A simulation in which nothing happens shows nothing: each
 * of these must have happened, or the test fails. Sums only, so that runs are added up.
 */
#ifndef FC_SUPPORT_SIM_TOTALS_H
#define FC_SUPPORT_SIM_TOTALS_H

#include "core/order_state.h"

#include <stdbool.h>
#include <stdint.h>

/* Where in its life a worker is when something happens to it. */
enum sim_point {
    SIM_AT_GATHER, /* before each phase of the cycle, in its order */
    SIM_AT_COMMIT,
    SIM_AT_ANNOUNCE,
    SIM_AT_SETTLE,
    SIM_AT_NEXT, /* inside a gather */
    SIM_AT_LOAD,
    SIM_AT_DECIDE,
    SIM_AT_STORE,     /* before the commit of the transaction … */
    SIM_AT_STORED,    /* … and after it, with the answer not yet there */
    SIM_AT_ATTEMPT,   /* before a careful attempt is noted … */
    SIM_AT_ATTEMPTED, /* … and after it */
    SIM_AT_FORGIVE,
    SIM_AT_PUT,     /* inside an announce: some are with the broker, others not */
    SIM_AT_CONFIRM, /* all were put, few or many confirms came */
    SIM_AT_ACK,     /* inside a settle, before a source's acknowledgement … */
    SIM_AT_ACKED,   /* … and after it */
    SIM_AT_TAKEN,   /* has a partition's lock, does not yet consume */
    SIM_AT_GIVEN,   /* has closed a partition's channel, still has its lock */
    SIM_POINT_COUNT
};

enum sim_count {
    SIM_SUCCEEDED,
    SIM_REFUSED,
    SIM_RECALLED,
    SIM_CONFLICTS,
    SIM_HOPES_HELD, /* transactions that did not ask the journal for repeats, and met none */
    SIM_HOPES_LOST, /* … and were refused by it */
    SIM_DOUBTS,     /* … and found a row that only a repeat could have */
    SIM_REPLAYS,
    SIM_COUPONS,
    SIM_EVENTS,
    SIM_EVENTS_TOLD_AGAIN,
    SIM_EVENTS_COUNTED,
    SIM_VERDICTS_TOLD,
    SIM_SENT_ASTRAY,
    SIM_MISROUTED,
    SIM_KEYS_REUSED,
    SIM_SAME_ID_AGAIN,
    SIM_SAME_KEY_AGAIN,
    SIM_MESSAGES_AGAIN,
    SIM_MESSAGES_OF_SEVERAL,
    SIM_RUBBISH_SENT,
    SIM_RUBBISH_PARKED,
    SIM_POISON_SENT,
    SIM_POISON_DEATHS,
    SIM_POISON_PARKED,
    SIM_INNOCENTS_TRIED_ALONE,
    SIM_FORGIVEN,
    SIM_REDELIVERED,
    SIM_GATHERS_CUT,       /* died with some deliveries taken */
    SIM_ANNOUNCES_CUT,     /* lost with some announcements at the broker and others not */
    SIM_ANNOUNCES_REFUSED, /* by the broker, with the connection as it was */
    SIM_OWED_ACROSS,       /* a batch committed while acknowledgements of others were owed */
    SIM_OWED_REFUSED,      /* by the broker, what nobody could put again */
    SIM_CONFIRMS_LATE,     /* looked for, and not there yet */
    SIM_CONFIRMS_AHEAD,    /* of a message, with an earlier one's not there yet */
    SIM_CONFIRMS_LOST,     /* with the connection, while acknowledgements were owed for them */
    SIM_SETTLES_CUT,       /* lost with some sources acknowledged and others not */
    SIM_ACKS_LOST,         /* sent, and the connection ended before they arrived */
    SIM_ACKS_LATE,         /* by one whose channel the broker had closed: do not count */
    SIM_COMMITS_LOST_BEFORE,
    SIM_COMMITS_LOST_AFTER,
    SIM_COMMITS_LATE,   /* carried out when the worker had given up */
    SIM_COMMITS_FENCED, /* refused: the session had been ended */
    SIM_SESSIONS_ENDED, /* by the server, of a frozen worker */
    SIM_SESSIONS_LINGER,
    SIM_CHANNELS_ENDED, /* by the broker, of a frozen worker */
    SIM_CHANNELS_LINGER,
    SIM_LEASE_ELSEWHERE, /* told or acknowledged while another session had the lock */
    SIM_WAITED,          /* subscribed behind a channel that was still open */
    SIM_HANDED_OVER,
    SIM_JOINED,
    SIM_LEFT,
    SIM_CLOCK_FORWARD,
    SIM_CLOCK_BACK,
    SIM_DECIDED_EARLIER, /* a verdict whose time is before that of the one before it in line */
    SIM_ACCEPTED_EARLIER,
    SIM_RACES, /* two or three of settlement, expiry and cancellation of one order, won by … */
    SIM_RACES_SETTLED,
    SIM_RACES_EXPIRED,
    SIM_RACES_CANCELLED,
    SIM_REPLAYED, /* worlds whose tables were compared with their replayed journal */
    SIM_COUNT_COUNT
};

struct sim_totals {
    int64_t counts[SIM_COUNT_COUNT];
    int64_t kills[SIM_POINT_COUNT];
    int64_t losses[SIM_POINT_COUNT];
    int64_t freezes[SIM_POINT_COUNT];
    int64_t orders[ORDER_STATUS_COUNT]; /* by their last status */
};

void sim_totals_add(struct sim_totals *sum, const struct sim_totals *more);

/* To standard error, a few on a line. */
void sim_totals_print(const struct sim_totals *totals);

/* What never happened, or NULL. */
const char *sim_totals_missed(const struct sim_totals *totals);

#endif
