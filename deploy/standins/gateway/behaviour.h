/*
 * How the stand-in gateway behaves: what every stand-in can do wrong (common/nasty.h), and how a
 * gateway decides. Told at start or by PUT /behaviour, as one JSON object; what is left out is off.
 * {"mode":…} is short for the usual ways, with "rate" percent of the requests or payments (100; of
 * failures 50): normal, slow (a second), fail, hang, drop, decline, pending (for 2 s), answer_late
 * (after 30 s), twice, down. Other members say it more exactly.
 */
#ifndef FC_STANDINS_BEHAVIOUR_H
#define FC_STANDINS_BEHAVIOUR_H

#include "common/nasty.h"

/* Which calls the nastiness is for. */
enum only { ONLY_ALL, ONLY_ASK, ONLY_LOOK, ONLY_VOID };

struct behaviour {
    struct nasty nasty;
    enum only only;
    int64_t decline_above; /* amounts above it are declined; -1: none */
    int32_t decline_rate;  /* percent of the payments */
    int32_t late_ms;       /* decided so long after the first ask, unknown until then, and only then
                              answered */
    int32_t pending_ms;    /* the same, but it says at once that it is pending */
    bool twice;            /* a second answer stands behind the first on the same connection */
};

/* False with the first fault as the reason. */
FC_MUST_USE bool behaviour_parse(struct fc_str json, struct fc_arena *arena,
                                 struct behaviour *ret_behaviour, struct fc_str *ret_reason);
void behaviour_put(struct fc_buf *body, const struct behaviour *behaviour);

/* "ask" */
const char *behaviour_only_name(enum only only);

#endif
