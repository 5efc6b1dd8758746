/*
 * Places where a build with FC_FAULTS dies when a test asks for it, and the two mutations that the
 * tests must catch. In every other build the macros are nothing at all, and nothing of this is in
 * the program.
 *
 * A process dies by SIGKILL as it passes a point that the file FIRSTCOME_CRASH_DIR/<job> names;
 * <job> is FIRSTCOME_INSTANCE without its number. Each line of the file is
 *     <point>[:<passage>[:again]]
 * The first line alone counts. Whoever passes that point for the <passage>th time (1) since it saw
 * the line takes the line out, writes "<point> <instance> <pid>" behind FIRSTCOME_CRASH_DIR/
 * <job>.died, and dies: each line kills one process once, whichever process of the job that is, and
 * the next line may wait for its successor. With `again` a point within a batch (BATCH) is passed
 * only while the batch holds a delivery that was delivered before.
 *
 * FIRSTCOME_MUTATION names what a process does wrong from its start on: "nack-requeue" or
 * "ack-first". Not for more than one thread. Nothing here fails or is told to the caller: what
 * stands wrong in the files is a mistake of the test's, and an assertion.
 */
#ifndef FC_HOST_FAULT_H
#define FC_HOST_FAULT_H

#include "base/assert.h"

#include <stdbool.h>

/*
 * Every point: its enumerator, its name, the jobs whose processes pass it, and how one comes to it:
 *   FREE      passed under load, or by itself
 *   BATCH     the same, with a batch in hand
 *   START     passed by a process that connects: somebody has to die before
 *   HANDOVER  passed when a worker comes back and gets its share: one has to have been away
 *   CAREFUL   passed with a delivery in hand that has come POISON_SUSPECT_DELIVERIES times
 * Tests read this table by line. Where one place has a point for each gateway call, they stand in
 * the order of enum gateway_call.
 */
/* clang-format off */
#define FC_CRASH_POINTS(X) \
    X(GATHER_BEFORE, "gather.before", "coupon order stats payment platform", FREE) \
    X(GATHER_TAKEN, "gather.taken", "coupon order stats payment platform", BATCH) \
    X(GATHER_AFTER, "gather.after", "coupon order stats payment platform", BATCH) \
    X(LOAD_SENT, "load.sent", "coupon order", BATCH) \
    X(LOAD_AFTER, "load.after", "coupon order", BATCH) \
    X(COMMIT_BEFORE, "commit.before", "coupon order stats", BATCH) \
    X(COMMIT_SENT, "commit.sent", "coupon order stats", BATCH) \
    X(COMMIT_AFTER, "commit.after", "coupon order stats payment platform", BATCH) \
    X(TELL_BEFORE, "tell.before", "coupon order", BATCH) \
    X(TELL_SENT, "tell.sent", "coupon order", BATCH) \
    X(ANNOUNCE_BEFORE, "announce.before", "coupon order payment", BATCH) \
    X(ANNOUNCE_PUBLISHED, "announce.published", "coupon order payment", BATCH) \
    X(ANNOUNCE_OWED, "announce.owed", "coupon order", BATCH) \
    X(ANNOUNCE_CONFIRMED, "announce.confirmed", "coupon order payment", BATCH) \
    X(SETTLE_BEFORE, "settle.before", "coupon order stats payment platform", BATCH) \
    X(SETTLE_ONE_ACKED, "settle.one_acked", "coupon order", BATCH) \
    X(SETTLE_AFTER, "settle.after", "coupon order stats payment platform", FREE) \
    X(CAREFUL_NOTED, "careful.noted", "coupon", CAREFUL) \
    X(CAREFUL_COMMITTED, "careful.committed", "coupon", CAREFUL) \
    X(LEASE_ENROLLED, "lease.enrolled", "coupon order stats payment platform", START) \
    X(LEASE_TAKEN, "lease.taken", "coupon order stats payment platform", START) \
    X(LEASE_SUBSCRIBED, "lease.subscribed", "coupon order stats payment platform", START) \
    X(HANDOVER_BEFORE_CLOSE, "handover.before_close", "order", HANDOVER) \
    X(HANDOVER_CLOSED, "handover.closed", "order", HANDOVER) \
    X(HANDOVER_UNLOCKED, "handover.unlocked", "order", HANDOVER) \
    X(INGRESS_ACCEPTED, "ingress.accepted", "ingress", FREE) \
    X(INGRESS_BATCHED, "ingress.batched", "ingress", FREE) \
    X(INGRESS_PUBLISHED, "ingress.published", "ingress", FREE) \
    X(INGRESS_SENT, "ingress.sent", "ingress", FREE) \
    X(INGRESS_CONFIRMED, "ingress.confirmed", "ingress", FREE) \
    X(INGRESS_ANSWERED, "ingress.answered", "ingress", FREE) \
    X(INGRESS_VERDICT, "ingress.verdict", "ingress", FREE) \
    X(INGRESS_DONE, "ingress.done", "ingress", FREE) \
    X(PAYMENT_ASKS, "payment.asks", "payment", BATCH) \
    X(PAYMENT_LOOKS, "payment.looks", "payment", BATCH) \
    X(PAYMENT_VOIDS, "payment.voids", "payment", BATCH) \
    X(PAYMENT_WAITING, "payment.waiting", "payment", BATCH) \
    X(PAYMENT_ASKED, "payment.asked", "payment", BATCH) \
    X(PAYMENT_LOOKED, "payment.looked", "payment", BATCH) \
    X(PAYMENT_VOIDED, "payment.voided", "payment", BATCH) \
    X(PAYMENT_FENCED, "payment.fenced", "payment", BATCH) \
    X(PAYMENT_TOLD, "payment.told", "payment", BATCH) \
    X(PAYMENT_PUT_OFF, "payment.put_off", "payment", BATCH) \
    X(PLATFORM_SENDS, "platform.sends", "platform", BATCH) \
    X(PLATFORM_WAITING, "platform.waiting", "platform", BATCH) \
    X(PLATFORM_ANSWERED, "platform.answered", "platform", BATCH) \
    X(PLATFORM_DELIVERED, "platform.delivered", "platform", BATCH) \
    X(CLOCK_ACTS, "clock.acts", "clock", START) \
    X(CLOCK_DUE, "clock.due", "clock", FREE) \
    X(CLOCK_PUBLISHED, "clock.published", "clock", FREE) \
    X(CLOCK_CONFIRMED, "clock.confirmed", "clock", FREE) \
    X(CLOCK_RECORDED, "clock.recorded", "clock", FREE)

#define FC_CRASH_ENUMERATOR(id, name, jobs, way) FC_CRASH_##id,
enum fc_crash_point { FC_CRASH_POINTS(FC_CRASH_ENUMERATOR) FC_CRASH_POINT_COUNT };

/* clang-format on */

enum fc_mutation {
    FC_MUTATION_NONE,
    FC_MUTATION_NACK_REQUEUE, /* what is given back is refused, not left by closing the channel */
    FC_MUTATION_ACK_FIRST     /* a batch is acknowledged as soon as it is gathered */
};

#ifdef FC_FAULTS

#define FC_CRASH_POINT(id) fc_fault_pass(FC_CRASH_##id)
/* The point so many rows behind `id`. */
#define FC_CRASH_POINT_AT(id, offset) \
    fc_fault_pass((enum fc_crash_point)((int)FC_CRASH_##id + (int)(offset)))
/* The point is passed as soon as what is queued by now has been sent, before any answer. */
#define FC_CRASH_WHEN_SENT(id) fc_fault_when_sent(FC_CRASH_##id)
#define FC_CRASH_SENT() fc_fault_sent()
/* A new batch with nothing carried and nothing owed for, and that there is something in it which
 * was delivered before. */
#define FC_CRASH_BATCH() fc_fault_batch()
#define FC_CRASH_REDELIVERED() fc_fault_redelivered()
#define FC_MUTATED(id) fc_fault_mutated(FC_MUTATION_##id)

void fc_fault_pass(enum fc_crash_point point);
void fc_fault_when_sent(enum fc_crash_point point);
void fc_fault_sent(void);
void fc_fault_batch(void);
void fc_fault_redelivered(void);
bool fc_fault_mutated(enum fc_mutation mutation);

#else

#define FC_CRASH_POINT(id) ((void)0)
#define FC_CRASH_POINT_AT(id, offset) ((void)0)
#define FC_CRASH_WHEN_SENT(id) ((void)0)
#define FC_CRASH_SENT() ((void)0)
#define FC_CRASH_BATCH() ((void)0)
#define FC_CRASH_REDELIVERED() ((void)0)
#define FC_MUTATED(id) false

#endif

#endif
