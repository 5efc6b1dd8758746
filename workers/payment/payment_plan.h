/*
 * What to do next about one payment, and how it ended. Pure: answers and time come in. One call at
 * a time; however the gateway behaves, these hold:
 *
 *   - approved is said only when the gateway said so, and nothing void is called approved;
 *   - a payment of ours is never voided before the gateway, asked in this run, said that it is not
 *     approved: another run may have told the shop so and died before it could say that it had;
 *   - timed out is said only when the gateway has acknowledged that it is void for ever;
 *   - nothing is given up while the gateway cannot be heard: looking and voiding have no bound.
 *
 *   step | answer                          | next
 *   -----+---------------------------------+-------------------------------------------------------
 *   ASK  | approved, declined, voided      | the end
 *        | pending                         | LOOK
 *        | silent, later, unknown          | ASK again; after `attempts` of these LOOK
 *        | refused                         | declined, or LOOK where an earlier one may have acted
 *        | away                            | ASK again, not counted
 *        | (the time is up)                | LOOK
 *   LOOK | approved, declined, voided      | the end
 *        | unknown                         | ASK once more while there is time, else VOID
 *        | pending                         | LOOK again while there is time, else VOID
 *        | silent, later, away             | LOOK again
 *   VOID | voided, declined                | the end: timed out (declined after a refusal)
 *        | all else                        | VOID again
 *
 * A look or a void that the gateway refuses `attempts` times is STUCK: a human has to look at it.
 */
#ifndef FC_PAYMENT_PLAN_H
#define FC_PAYMENT_PLAN_H

#include "base/time.h"
#include "host/backoff.h"
#include "payment/gateway.h"

/* A gateway that asks for more patience is asked again after it all the same. */
#define PLAN_RETRY_AFTER_S_MAX 60

enum plan_end {
    PLAN_OPEN,
    PLAN_APPROVED,
    PLAN_DECLINED,
    PLAN_TIMED_OUT,
    PLAN_RETURNED, /* of an order that failed: nothing is kept, and nobody is to be told */
    PLAN_STUCK,
    PLAN_END_COUNT
};

struct plan_rules {
    int32_t attempts;     /* asks before it is looked after, 1 or more */
    int32_t pause_min_ms; /* between two tries */
    int32_t pause_max_ms;
    int32_t margin_ms; /* before the order's end nothing is asked for any more */
};

/* Both clocks: instants for the order's end, milliseconds that never go back for pauses. */
struct plan_time {
    struct fc_instant now;
    int64_t ms;
};

struct payment_plan {
    enum gateway_call next;
    enum plan_end end;
    bool returns;               /* of an order that failed: void, and tell nobody */
    bool doubt;                 /* an ask went out that may have acted */
    bool refused;               /* the gateway would not have it */
    bool asked_again;           /* after a look */
    bool undecided;             /* pending, as the last answer had it */
    int32_t asks;               /* that came to nothing */
    int32_t refusals;           /* of looks and voids */
    int64_t due_ms;             /* not before this */
    struct fc_instant deadline; /* nothing is asked for from then on */
    struct fc_backoff pause;
};

void plan_begin(struct payment_plan *plan, const struct plan_rules *rules,
                struct fc_instant expires_at, const struct plan_time *time, uint64_t seed);
/* Of one that a run before has asked for and put off: it is looked after, patiently, and not asked
 * for any more. */
void plan_begin_again(struct payment_plan *plan, const struct plan_rules *rules,
                      struct fc_instant expires_at, const struct plan_time *time, uint64_t seed);
void plan_begin_return(struct payment_plan *plan, const struct plan_rules *rules,
                       const struct plan_time *time, uint64_t seed);

/* Milliseconds until the next call is due, 0: now. The plan must be open. */
int64_t plan_wait_ms(const struct payment_plan *plan, const struct plan_time *time);

/* It has asked all it may, and waits for the gateway to decide or to acknowledge: another run,
 * which does not ask, may take it up later as well. */
bool plan_may_be_put_off(const struct payment_plan *plan);

/* The call to make now; it must be due. */
enum gateway_call plan_call(struct payment_plan *plan, const struct plan_time *time);

/* What came of it. */
void plan_answered(struct payment_plan *plan, const struct plan_rules *rules,
                   const struct gateway_answer *answer, const struct plan_time *time);

const char *plan_end_name(enum plan_end end);

#endif
