#include "support/sim_totals.h"

#include "base/str.h"
#include "core/order_state.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const count_names[SIM_COUNT_COUNT] = {
    [SIM_SUCCEEDED] = "succeeded",
    [SIM_REFUSED] = "refused",
    [SIM_RECALLED] = "recalled",
    [SIM_CONFLICTS] = "conflicts",
    [SIM_HOPES_HELD] = "hopes held",
    [SIM_HOPES_LOST] = "hopes lost",
    [SIM_DOUBTS] = "doubts",
    [SIM_REPLAYS] = "replays",
    [SIM_COUPONS] = "coupons",
    [SIM_EVENTS] = "events",
    [SIM_EVENTS_TOLD_AGAIN] = "events told again",
    [SIM_EVENTS_COUNTED] = "events counted",
    [SIM_VERDICTS_TOLD] = "verdicts told",
    [SIM_SENT_ASTRAY] = "sent astray",
    [SIM_MISROUTED] = "misrouted",
    [SIM_KEYS_REUSED] = "idempotency keys reused",
    [SIM_SAME_ID_AGAIN] = "same id again",
    [SIM_SAME_KEY_AGAIN] = "same idempotency key again",
    [SIM_MESSAGES_AGAIN] = "whole messages again",
    [SIM_MESSAGES_OF_SEVERAL] = "messages of several",
    [SIM_RUBBISH_SENT] = "rubbish sent",
    [SIM_RUBBISH_PARKED] = "rubbish parked",
    [SIM_POISON_SENT] = "poison sent",
    [SIM_POISON_DEATHS] = "deaths of poison",
    [SIM_POISON_PARKED] = "poison parked",
    [SIM_INNOCENTS_TRIED_ALONE] = "innocents tried alone",
    [SIM_FORGIVEN] = "attempts forgiven",
    [SIM_REDELIVERED] = "redelivered",
    [SIM_GATHERS_CUT] = "gathers cut",
    [SIM_ANNOUNCES_CUT] = "announces cut",
    [SIM_ANNOUNCES_REFUSED] = "announces refused",
    [SIM_OWED_ACROSS] = "commits with acks owed",
    [SIM_OWED_REFUSED] = "owed announces refused",
    [SIM_CONFIRMS_LATE] = "confirms late",
    [SIM_CONFIRMS_AHEAD] = "confirms ahead of others",
    [SIM_CONFIRMS_LOST] = "confirms lost",
    [SIM_SETTLES_CUT] = "settles cut",
    [SIM_ACKS_LOST] = "acks lost",
    [SIM_ACKS_LATE] = "acks of closed channels",
    [SIM_COMMITS_LOST_BEFORE] = "lost before the commit",
    [SIM_COMMITS_LOST_AFTER] = "lost after the commit",
    [SIM_COMMITS_LATE] = "committed when given up",
    [SIM_COMMITS_FENCED] = "commits of ended sessions",
    [SIM_SESSIONS_ENDED] = "sessions ended",
    [SIM_SESSIONS_LINGER] = "sessions that linger",
    [SIM_CHANNELS_ENDED] = "channels ended",
    [SIM_CHANNELS_LINGER] = "channels that linger",
    [SIM_LEASE_ELSEWHERE] = "active while the lease is elsewhere",
    [SIM_WAITED] = "waited behind a channel",
    [SIM_HANDED_OVER] = "handed over",
    [SIM_JOINED] = "joined",
    [SIM_LEFT] = "left",
    [SIM_CLOCK_FORWARD] = "clocks put forward",
    [SIM_CLOCK_BACK] = "clocks put back",
    [SIM_DECIDED_EARLIER] = "decided before its time",
    [SIM_ACCEPTED_EARLIER] = "accepted before its time",
    [SIM_RACES] = "races of settlement, expiry, cancellation",
    [SIM_RACES_SETTLED] = "races settled",
    [SIM_RACES_EXPIRED] = "races expired",
    [SIM_RACES_CANCELLED] = "races cancelled",
    [SIM_REPLAYED] = "journals replayed",
};

static const char *const point_names[SIM_POINT_COUNT] = {
    [SIM_AT_GATHER] = "before gather",
    [SIM_AT_COMMIT] = "before commit",
    [SIM_AT_ANNOUNCE] = "before announce",
    [SIM_AT_SETTLE] = "before settle",
    [SIM_AT_NEXT] = "in gather",
    [SIM_AT_LOAD] = "at load",
    [SIM_AT_DECIDE] = "at decide",
    [SIM_AT_STORE] = "at store",
    [SIM_AT_STORED] = "behind store",
    [SIM_AT_ATTEMPT] = "at attempt",
    [SIM_AT_ATTEMPTED] = "behind attempt",
    [SIM_AT_FORGIVE] = "at forgive",
    [SIM_AT_PUT] = "in announce",
    [SIM_AT_CONFIRM] = "at confirms",
    [SIM_AT_ACK] = "at ack",
    [SIM_AT_ACKED] = "behind ack",
    [SIM_AT_TAKEN] = "taking a lease",
    [SIM_AT_GIVEN] = "giving a lease",
};

static void add(int64_t *sum, const int64_t *more, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        sum[i] += more[i];
}

void sim_totals_add(struct sim_totals *sum, const struct sim_totals *more)
{
    add(sum->counts, more->counts, SIM_COUNT_COUNT);
    add(sum->kills, more->kills, SIM_POINT_COUNT);
    add(sum->losses, more->losses, SIM_POINT_COUNT);
    add(sum->freezes, more->freezes, SIM_POINT_COUNT);
    add(sum->orders, more->orders, ORDER_STATUS_COUNT);
}

void sim_totals_print(const struct sim_totals *totals)
{
    for (int32_t i = 0; i < SIM_COUNT_COUNT; i++)
        (void)fprintf(stderr, "%s%s: %" PRId64, i % 4 == 0 ? "\n    " : ", ", count_names[i],
                      totals->counts[i]);
    for (int32_t i = ORDER_PENDING_PAYMENT; i < ORDER_STATUS_COUNT; i++)
        (void)fprintf(stderr, "%s%s: %" PRId64, i == ORDER_PENDING_PAYMENT ? "\n    orders " : ", ",
                      order_status_name((enum order_status)i), totals->orders[i]);
    (void)fprintf(stderr, "\n    killed / connections lost / frozen:");
    for (int32_t i = 0; i < SIM_POINT_COUNT; i++)
        (void)fprintf(stderr, "%s%s %" PRId64 "/%" PRId64 "/%" PRId64, i % 4 == 0 ? "\n    " : ", ",
                      point_names[i], totals->kills[i], totals->losses[i], totals->freezes[i]);
    (void)fprintf(stderr, "\n");
}

const char *sim_totals_missed(const struct sim_totals *totals)
{
    for (int32_t i = 0; i < SIM_COUNT_COUNT; i++)
        if (totals->counts[i] == 0)
            return count_names[i];
    for (int32_t i = ORDER_PENDING_PAYMENT; i < ORDER_STATUS_COUNT; i++)
        if (totals->orders[i] == 0)
            return order_status_name((enum order_status)i);
    for (int32_t i = 0; i < SIM_POINT_COUNT; i++)
        if (totals->kills[i] == 0 || totals->freezes[i] == 0 ||
            (totals->losses[i] == 0 && i != SIM_AT_DECIDE)) /* which uses no connection */
            return point_names[i];
    return NULL;
}
