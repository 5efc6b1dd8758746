#include "clock/ticker.h"

#include "base/assert.h"
#include "db/lease.h"
#include "host/fault.h"
#include "host/log.h"
#include "host/metrics.h"
#include "host/process.h"
#include "sql/queries.h"

#include <string.h>

/* A turn at least so often: the session is fed, the lock is tried for. */
#define TURN_MS_MAX 1000
#define PRUNE_MS 3600000
/* The right to act is the one partition of the clock's lock class. */
#define ACTING 0

static void log_fact(const char *sentence)
{
    struct fc_log_line line;

    fc_log_begin(&line, FC_LOG_INFO, sentence);
    fc_log_end(&line);
}

static void log_trouble(enum fc_log_level level, const char *sentence, const struct fc_err *err)
{
    struct fc_log_line line;

    fc_log_begin(&line, level, sentence);
    fc_log_err(&line, err);
    fc_log_end(&line);
}

/* --- connecting, and the right to act --------------------------------------------------------- */

static enum fc_rc connect_all(struct ticker *ticker, struct fc_err *ret_err)
{
    if (contact_open(&ticker->contact, ret_err) == FC_FAIL ||
        db_lease_enroll(ticker->contact.db, DB_LEASE_CLASS_CLOCK, ret_err) == FC_FAIL)
        return FC_FAIL;
    ticker->connected = true;
    ticker->connect_count++;
    log_fact("connected, standing by");
    return FC_OK;
}

static void disconnect(struct ticker *ticker)
{
    contact_close(&ticker->contact);
    ticker->connected = false;
    ticker->active = false;
}

/* What was seen to before this process acted. */
static enum fc_rc load_last_runs(struct ticker *ticker, struct fc_err *ret_err)
{
    struct db *db = ticker->contact.db;

    db_send(db, &sql_clock_last_runs, NULL);
    if (db_exchange(db, ret_err) == FC_FAIL)
        return FC_FAIL;
    const struct db_rows *rows = db_rows(db, 0);

    for (int i = 0; i < TASK_COUNT; i++) {
        struct ticker_state *state = &ticker->states[i];
        struct fc_str name = fc_str_of(ticker->tasks[i].schedule.name);

        state->has_last = false;
        state->swept = false;
        for (int32_t row = 0; row < db_rows_count(rows); row++) {
            if (!fc_str_eq(db_text(rows, row, 0), name))
                continue;
            state->has_last = true;
            state->last = db_instant(rows, row, 1);
        }
    }
    return FC_OK;
}

/* Tries for the lock; a clock that froze within an exchange loses its. */
static enum fc_rc try_to_act(struct ticker *ticker, struct fc_err *ret_err)
{
    struct db *db = ticker->contact.db;
    int32_t evicted;
    bool taken;

    if (db_lease_evict(db, DB_LEASE_CLASS_CLOCK, DB_LEASE_SILENT_MS_MAX, &evicted, ret_err) ==
            FC_FAIL ||
        db_lease_take(db, DB_LEASE_CLASS_CLOCK, ACTING, &taken, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (!taken)
        return FC_OK;
    FC_CRASH_POINT(CLOCK_ACTS);
    if (load_last_runs(ticker, ret_err) == FC_FAIL)
        return FC_FAIL;
    ticker->active = true;
    log_fact("this clock acts");
    return FC_OK;
}

/* --- acting ----------------------------------------------------------------------------------- */

static enum fc_rc see_to(struct ticker *ticker, int name, struct fc_instant at,
                         struct fc_instant now, struct fc_err *ret_err)
{
    const struct task *task = &ticker->tasks[name];
    struct ticker_state *state = &ticker->states[name];
    bool sweep = !state->swept || fc_clock_ms_since(state->swept_at) >= TICKER_SWEEP_MS;
    struct fc_mono since = fc_clock_mono();
    struct due_run run =
        due_run_of(fc_str_of(task->schedule.name), at, now, sweep ? due_always : state->covered);

    if (task_run(task, &ticker->tools, &run, ret_err) == FC_FAIL ||
        task_record(task, &ticker->tools, &run, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(CLOCK_RECORDED);
    state->has_last = true;
    state->last = at;
    state->covered = now;
    if (sweep)
        state->swept_at = since;
    state->swept = true;
    state->run_count++;
    state->command_count += run.command_count;
    fc_backoff_reset(&ticker->backoff);
    return FC_OK;
}

static enum fc_rc prune(struct ticker *ticker, struct fc_err *ret_err)
{
    struct db_params params;

    if (ticker->pruned && fc_clock_ms_since(ticker->pruned_at) < PRUNE_MS)
        return FC_OK;
    fc_arena_reset(ticker->tools.arena);
    db_params_init(&params, ticker->tools.arena);
    db_param_i32(&params, ticker->keep_days);
    db_send(ticker->contact.db, &sql_clock_prune_runs, &params);
    ticker->pruned = true;
    ticker->pruned_at = fc_clock_mono();
    return db_exchange(ticker->contact.db, ret_err);
}

/* Sees to everything that is due, one instant of each schedule in turn. */
static enum fc_rc act(struct ticker *ticker, struct fc_instant now, struct fc_err *ret_err)
{
    for (int i = 0; i < TASK_COUNT; i++) {
        const struct ticker_state *state = &ticker->states[i];
        struct fc_instant at;

        if (schedule_due(&ticker->tasks[i].schedule, state->has_last ? &state->last : NULL, now,
                         &at) &&
            see_to(ticker, i, at, now, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return prune(ticker, ret_err);
}

/* Milliseconds until the next instant of any schedule, as far as a turn may wait; none when one
 * was missed. */
static int32_t wait_ms(const struct ticker *ticker, struct fc_instant now)
{
    int64_t ms = TURN_MS_MAX;

    for (int i = 0; i < TASK_COUNT && ticker->active; i++) {
        const struct schedule *schedule = &ticker->tasks[i].schedule;
        struct fc_instant last = ticker->states[i].last;
        struct fc_instant at;

        if (schedule_due(schedule, &last, now, &at))
            return 0;
        int64_t next_ms = (schedule_after(schedule, now).us - now.us) / 1000 + 1;

        ms = next_ms < ms ? next_ms : ms;
    }
    return (int32_t)ms;
}

/* --- the loop --------------------------------------------------------------------------------- */

static enum fc_rc turn(struct ticker *ticker, struct fc_err *ret_err)
{
    struct fc_instant now;

    if (!ticker->connected && connect_all(ticker, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (task_now(&ticker->tools, &now, ret_err) == FC_FAIL ||
        contact_beat(&ticker->contact, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (!ticker->active && try_to_act(ticker, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (ticker->active && act(ticker, now, ret_err) == FC_FAIL)
        return FC_FAIL;
    contact_wait(&ticker->contact, wait_ms(ticker, now));
    return FC_OK;
}

int ticker_loop(struct ticker *ticker)
{
    struct fc_err err;

    while (!fc_process_stopping()) {
        if (turn(ticker, &err) == FC_OK || err.cure == FC_CURE_AGAIN)
            continue;
        if (err.cure == FC_CURE_EXIT || err.cure == FC_CURE_PARK) {
            log_trouble(FC_LOG_FATAL, "cannot go on", &err);
            disconnect(ticker);
            return FC_EXIT_PERMANENT;
        }
        if (err.cure != FC_CURE_RETRY)
            disconnect(ticker);
        log_trouble(FC_LOG_WARN, ticker->connected ? "trying again" : "connecting again", &err);
        contact_wait(&ticker->contact, fc_backoff_next_ms(&ticker->backoff));
    }
    disconnect(ticker);
    log_fact("stopped");
    return FC_EXIT_OK;
}

/* --- once ------------------------------------------------------------------------------------- */

/* An instant that is still to come is rehearsed: under ids of its own and without a note, so that
 * the real one is not taken for done. */
static enum fc_rc once(struct ticker *ticker, const struct task *task, struct fc_instant now,
                       bool is_rehearsal, struct fc_err *ret_err)
{
    char memory[64];
    struct fc_buf name = fc_buf_of(memory, sizeof(memory));
    struct due_run run;

    if (is_rehearsal)
        fc_buf_put_text(&name, "rehearsal:");
    fc_buf_put_text(&name, task->schedule.name);
    run = due_run_of(fc_buf_str(&name), schedule_newest(&task->schedule, now), now, due_always);
    if (task_run(task, &ticker->tools, &run, ret_err) == FC_FAIL)
        return FC_FAIL;
    return is_rehearsal ? FC_OK : task_record(task, &ticker->tools, &run, ret_err);
}

enum fc_rc ticker_once(struct ticker *ticker, const struct fc_instant *at, const char *only,
                       struct fc_err *ret_err)
{
    struct fc_instant now;
    enum fc_rc rc = FC_FAIL;

    if (contact_open(&ticker->contact, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (task_now(&ticker->tools, &now, ret_err) == FC_FAIL)
        goto out;
    bool is_rehearsal = at != NULL && at->us > now.us;

    if (at != NULL)
        now = *at;
    for (int i = 0; i < TASK_COUNT; i++) {
        const struct task *task = &ticker->tasks[i];

        if ((only == NULL || strcmp(only, task->schedule.name) == 0) &&
            once(ticker, task, now, is_rehearsal, ret_err) == FC_FAIL)
            goto out;
    }
    rc = FC_OK;
out:
    contact_close(&ticker->contact);
    return rc;
}

/* --- numbers ---------------------------------------------------------------------------------- */

void ticker_metrics_put(const struct ticker *ticker, struct fc_buf *buf)
{
    char memory[TASK_COUNT][64];
    struct fc_metric rows[2 + 2 * TASK_COUNT] = {
        {.name = "firstcome_clock_active",
         .help = "1 while this is the clock that acts, 0 while it stands by.",
         .kind = FC_METRIC_GAUGE,
         .value = ticker->active},
        {.name = "firstcome_clock_connects_total",
         .help = "Times the clock connected.",
         .value = ticker->connect_count},
    };

    for (int i = 0; i < TASK_COUNT; i++) {
        struct fc_buf label = fc_buf_of(memory[i], sizeof(memory[i]));

        fc_metric_label_put(&label, "schedule", fc_str_of(ticker->tasks[i].schedule.name));
        fc_buf_put_char(&label, '\0');
        FC_ASSERT(!label.overflow);
        rows[2 + i] = (struct fc_metric){.name = "firstcome_clock_runs_total",
                                         .labels = memory[i],
                                         .help = "Instants that were seen to.",
                                         .value = ticker->states[i].run_count};
        rows[2 + TASK_COUNT + i] = (struct fc_metric){.name = "firstcome_clock_commands_total",
                                                      .labels = memory[i],
                                                      .help = "Commands that were sent.",
                                                      .value = ticker->states[i].command_count};
    }
    fc_metrics_put(buf, rows, FC_ARRAY_COUNT(rows), true);
}

bool ticker_ready_put(const struct ticker *ticker, struct fc_buf *buf)
{
    fc_buf_put_fmt(buf, "{\"connected\":%s,\"active\":%s}", ticker->connected ? "true" : "false",
                   ticker->active ? "true" : "false");
    return ticker->connected;
}
