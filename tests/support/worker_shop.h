/*
 * A small shop as commands founded it, so that the journal tells of every row, and the audit of it.
 */
#ifndef FC_SUPPORT_WORKER_SHOP_H
#define FC_SUPPORT_WORKER_SHOP_H

#include "support/worker_rig.h"

/* The coupon that user 7 holds; the id of the command that issued it. */
#define WORKER_SHOP_COUPON WORKER_ID_HEAD "e"

/*
 * Into empty tables, by commands of the numbers above 0xf00: users 7 and 8 with 10,000 and 0 won;
 * product 3 ("Mug", 900 won, kitchen) with the options 31 (red, 100 won more, 10 pieces) and 32
 * (blue, 5 pieces); coupon template 5 (a tenth off from 500 won, 2 in all, valid ten days) and the
 * coupon of it that user 7 holds.
 */
void worker_shop_found(struct worker_rig *order, struct worker_rig *coupon);

/* Orders that worker_shop_live leaves, by the last digits of their ids. */
#define WORKER_SHOP_ORDER(digits) "00000000-0000-8000-8000-0000000000" digits

/*
 * A founded shop in which everything happened once. Of user 8, with 50,000 won charged: the orders
 * 31 paid, 32 cancelled, 33 changed, 34 shipped in part, 35 shipped, 36 with a transfer under way
 * and 500 won held, 39 with a transfer that was approved. Of user 7: 37 paid with the coupon, 38
 * with a transfer that was declined. A coupon expired (user 8's), one revoked (user 9's, which came
 * with its registration); a policy applied, a day closed, a key repeated, commands refused.
 */
void worker_shop_live(struct worker_rig *order, struct worker_rig *coupon);

/* The same database holds what the audit wants, but for the counters, that nobody moves here. */
void worker_shop_audit(struct db *db);
/* How many rows the check of that name finds. */
int32_t worker_shop_found_by(struct db *db, const struct sql_query *check);

#endif
