/*
 * What is due at an instant, as commands: page by page, until nothing is left. Each page is read
 * anew behind the last one, so that a hundred thousand coupons cost no more memory than one page.
 * The ids of the commands come of the run's name, its instant and their number: whoever runs the
 * same instant again sends the same commands, and each is decided once.
 */
#ifndef FC_CLOCK_DUE_H
#define FC_CLOCK_DUE_H

#include "clock/outbox.h"
#include "db/conn.h"

/* Rows that are read at one time. */
#define DUE_PAGE_ROWS 5000
/* What a page and its messages take: three times the bytes of the commands, at most 400 each. */
#define DUE_ARENA_BYTES (16 * 1024 * 1024)

struct due_run {
    struct fc_str name;    /* of the ids */
    struct fc_instant at;  /* the instant that is seen to */
    struct fc_instant now; /* when that happens: the commands' accepted_at */
    uint32_t command_count;
    /* The row behind which the next page begins. */
    struct fc_instant row_at;
    struct fc_uuid row_id;
};

/* A run over all rows that became due from `from` on. */
struct due_run due_run_of(struct fc_str name, struct fc_instant at, struct fc_instant now,
                          struct fc_instant from);
/* Before everything that can be due. */
extern const struct fc_instant due_always;

/*
 * Each puts the next page's commands; *ret_more: another page may follow. One exchange with the
 * database or none. On failure the page is as if it had not been asked for.
 *
 * coupon.expire: available coupons past their expiry, by template.
 */
FC_MUST_USE enum fc_rc due_coupons(struct due_run *run, struct db *db, struct outbox *outbox,
                                   bool *ret_more, struct fc_err *ret_err);
/* order.expire: orders whose payment was not settled by their end. */
FC_MUST_USE enum fc_rc due_orders(struct due_run *run, struct db *db, struct outbox *outbox,
                                  bool *ret_more, struct fc_err *ret_err);
/* day.close: the day that ended at the run's instant. */
FC_MUST_USE enum fc_rc due_day(struct due_run *run, struct db *db, struct outbox *outbox,
                               bool *ret_more, struct fc_err *ret_err);

#endif
