#include "clock/task.h"

#include "host/fault.h"
#include "host/log.h"
#include "host/process.h"
#include "sql/queries.h"

void task_table(const struct task_settings *settings, struct task ret_tasks[TASK_COUNT])
{
    const struct task tasks[TASK_COUNT] = {
        [TASK_COUPON_EXPIRY] = {{"coupon-expiry", SCHEDULE_EVERY, settings->coupon_expiry_s},
                                due_coupons},
        [TASK_ORDER_EXPIRY] = {{"order-expiry", SCHEDULE_EVERY, settings->order_expiry_s},
                               due_orders},
        [TASK_DAY_CLOSE] = {{"day-close", SCHEDULE_MIDNIGHT, 0}, due_day},
    };

    for (int i = 0; i < TASK_COUNT; i++)
        ret_tasks[i] = tasks[i];
}

static void log_run(const struct task *task, const struct due_run *run, struct fc_mono since)
{
    char memory[FC_INSTANT_TEXT_BYTES];
    struct fc_buf at = fc_buf_of(memory, sizeof(memory));
    struct fc_log_line line;

    fc_instant_put(&at, run->at);
    fc_log_begin(&line, run->command_count > 0 ? FC_LOG_INFO : FC_LOG_DEBUG, "schedule seen to");
    fc_log_text(&line, "schedule", task->schedule.name);
    fc_log_str(&line, "due_at", fc_buf_str(&at));
    fc_log_i64(&line, "commands", run->command_count);
    fc_log_i64(&line, "ms", fc_clock_ms_since(since));
    fc_log_end(&line);
}

enum fc_rc task_run(const struct task *task, const struct task_tools *tools, struct due_run *run,
                    struct fc_err *ret_err)
{
    struct fc_mono since = fc_clock_mono();
    struct outbox outbox;
    bool more = true;

    while (more) {
        if (fc_process_stopping())
            return fc_err_set(ret_err, FC_CURE_AGAIN, "task_run", "stopping within a run");
        fc_arena_reset(tools->arena);
        outbox_init(&outbox, tools->arena, tools->partitions, DUE_PAGE_ROWS);
        if (task->due(run, tools->contact->db, &outbox, &more, ret_err) == FC_FAIL)
            return FC_FAIL;
        FC_CRASH_POINT(CLOCK_DUE);
        if (contact_send(tools->contact, &outbox, ret_err) == FC_FAIL)
            return FC_FAIL;
        FC_CRASH_POINT(CLOCK_CONFIRMED);
    }
    log_run(task, run, since);
    return FC_OK;
}

enum fc_rc task_record(const struct task *task, const struct task_tools *tools,
                       const struct due_run *run, struct fc_err *ret_err)
{
    struct db_params params;

    fc_arena_reset(tools->arena);
    db_params_init(&params, tools->arena);
    db_param_text(&params, fc_str_of(task->schedule.name));
    db_param_instant(&params, run->at);
    db_param_i64(&params, run->command_count);
    db_send(tools->contact->db, &sql_clock_record_run, &params);
    return db_exchange(tools->contact->db, ret_err);
}

enum fc_rc task_now(const struct task_tools *tools, struct fc_instant *ret_now,
                    struct fc_err *ret_err)
{
    struct db *db = tools->contact->db;

    db_send(db, &sql_clock_now, NULL);
    if (db_exchange(db, ret_err) == FC_FAIL)
        return FC_FAIL;
    *ret_now = db_instant(db_rows(db, 0), 0, 0);
    return FC_OK;
}
