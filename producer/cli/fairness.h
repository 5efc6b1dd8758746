/*
 * Whether the first came first, over all pairs of requests, from nothing but the clients' own
 * clocks. Of two requests, one came first for certain when its 202 had arrived before the other was
 * sent; all other pairs raced, and either order is right. Exact, in O(n log n). Pure.
 */
#ifndef FC_CLI_FAIRNESS_H
#define FC_CLI_FAIRNESS_H

#include "base/arena.h"

enum fairness_role {
    FAIRNESS_NEITHER, /* no part of the judgement: refused for another reason */
    FAIRNESS_WINNER,
    FAIRNESS_LOSER /* came too late */
};

struct fairness_entry {
    enum fairness_role role;
    int64_t sent_us;     /* before its first byte went out */
    int64_t answered_us; /* after its 202 had arrived */
    int64_t position;    /* of a winner, from 1 */
};

struct fairness {
    int64_t winners;
    int64_t losers;
    int64_t pairs;          /* winners x losers */
    int64_t pairs_certain;  /* of these, one came first for certain */
    int64_t violations;     /* a loser came for certain before a winner */
    int64_t orders_certain; /* pairs of winners of which one came first for certain */
    int64_t orders_wrong;   /* of these, the later one has the smaller position */
};

/* Positions must be in 1…position_max. False when the arena is full. */
FC_MUST_USE bool fairness_judge(const struct fairness_entry *entries, int32_t count,
                                int32_t position_max, struct fc_arena *arena,
                                struct fairness *ret_fairness);

#endif
