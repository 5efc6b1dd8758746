/*
 * The schedules of the clock: what is done when, one row each.
 */
#ifndef FC_CLOCK_TASK_H
#define FC_CLOCK_TASK_H

#include "clock/contact.h"
#include "clock/due.h"
#include "clock/schedule.h"

enum task_name { TASK_COUPON_EXPIRY, TASK_ORDER_EXPIRY, TASK_DAY_CLOSE, TASK_COUNT };

struct task {
    struct schedule schedule;
    /* The commands that are due, a page of them (clock/due.h). */
    enum fc_rc (*due)(struct due_run *run, struct db *db, struct outbox *outbox, bool *ret_more,
                      struct fc_err *ret_err);
};

struct task_settings {
    int32_t coupon_expiry_s;
    int32_t order_expiry_s;
};

void task_table(const struct task_settings *settings, struct task ret_tasks[TASK_COUNT]);

/* What a run needs. */
struct task_tools {
    struct contact *contact;
    struct fc_arena *arena; /* of DUE_ARENA_BYTES */
    int32_t partitions;
};

/*
 * Sends the commands of the run, page by page, each page confirmed by the broker before the next.
 * On failure some were sent; the run can be made again from its start. AGAIN: the process is to
 * stop.
 */
FC_MUST_USE enum fc_rc task_run(const struct task *task, const struct task_tools *tools,
                                struct due_run *run, struct fc_err *ret_err);

/* Notes that the run's instant was seen to. */
FC_MUST_USE enum fc_rc task_record(const struct task *task, const struct task_tools *tools,
                                   const struct due_run *run, struct fc_err *ret_err);

/* The database's time. */
FC_MUST_USE enum fc_rc task_now(const struct task_tools *tools, struct fc_instant *ret_now,
                                struct fc_err *ret_err);

#endif
