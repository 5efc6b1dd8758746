/*
 * How a stand-in misbehaves: rates in percent, the same for everything it is asked, drawn from the
 * seed, the thing that is asked about and how often it was: the same seed gives the same fates,
 * whatever comes in between. Told at start or by PUT /behaviour.
 */
#ifndef FC_STANDINS_NASTY_H
#define FC_STANDINS_NASTY_H

#include "common/standin.h"
#include "wire/json.h"
#include "wire/read.h"

struct nasty {
    bool down;             /* 503 to everything, nothing is done */
    int32_t delay_ms;      /* before each answer */
    int32_t fail_rate;     /* fail_status is answered, nothing is done */
    int32_t fail_status;   /* 400 to 599; usually 500 */
    int32_t retry_after_s; /* beside 429 and 503; -1: no such header */
    int32_t drop_rate;     /* it is done, but the connection is cut without an answer */
    int32_t hang_rate;     /* it is done, but nothing is answered */
    int32_t first;         /* only the first so many requests about a thing suffer; 0: all */
};

enum nasty_fate {
    NASTY_NOT,  /* do it and answer (after delay_ms) */
    NASTY_FAIL, /* do nothing; the answer is written already */
    NASTY_MUTE  /* do it; whatever is written, the client does not get it */
};

void nasty_init(struct nasty *nasty);

/* Reads the members of an object {"delay_ms":…}; those left out are as nasty_init has them. What
 * is wrong is a fault of the node; its own members may be read from it, too. */
void nasty_read(struct wire_node *node, struct nasty *ret_nasty);
void nasty_put(struct wire_json *json, const struct nasty *nasty);

/* Draws the fate of the `attempt`-th request (from 1) about `thing`, and sets manner, delay and the
 * like of the answer accordingly. */
enum nasty_fate nasty_draw(const struct nasty *nasty, int32_t seed, struct fc_str thing,
                           int32_t attempt, struct fc_buf *body, struct standin_answer *answer);

/* A number in 0..99 of a seed, a thing and a number. */
int32_t nasty_chance(int32_t seed, struct fc_str thing, int32_t number);

#endif
