#include "producer/cli/load_run.h"

#include "base/assert.h"

#include <sys/resource.h>

/* Asked to stop, it waits so long for what is under way. */
#define STOP_US 5000000

static int64_t cpu_us(void)
{
    struct rusage usage;
    int rc = getrusage(RUSAGE_SELF, &usage);

    FC_ASSERT(rc == 0);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * FC_US_PER_S + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
}

static bool is_measured(const struct load_run *run, int64_t us)
{
    return us >= run->measured_us && us < run->end_us;
}

/* --- sending ---------------------------------------------------------------------------------- */

static void send_next(struct load_run *run, int32_t lane, int64_t planned_us)
{
    const struct load_run_settings *settings = &run->settings;
    struct fc_buf bytes = fc_buf_of(run->bytes, sizeof(run->bytes));
    struct load_request request = {.path = fc_buf_of(run->path, sizeof(run->path)),
                                   .body = fc_buf_of(run->body, sizeof(run->body))};
    struct load_slot *slot = &run->slots[lane];
    bool key_by_user = settings->work->kind == LOAD_PREPARE_BALANCES;

    slot->number = run->sent++;
    load_work_next(settings->work, slot->number, &request);
    load_request_put(settings->writer, load_wire_url(settings->wire, lane), &request,
                     key_by_user ? request.user_id : slot->number, &bytes);
    FC_ASSERT(!request.path.overflow && !request.body.overflow && !bytes.overflow);
    struct fc_mono now = fc_clock_mono();

    slot->sent_us = now.us;
    slot->planned_us = planned_us != 0 ? planned_us : now.us;
    run->tally.sent.all++;
    run->tally.sent.measured += is_measured(run, slot->planned_us);
    if (run->records != NULL)
        run->records[slot->number] = (struct load_record){
            .planned_us = slot->planned_us, .sent_us = slot->sent_us, .code = -1};
    load_wire_send(settings->wire, lane, fc_buf_str(&bytes), now);
}

static int64_t planned_us(const struct load_run *run)
{
    return run->begin_us + load_plan_us(&run->plan);
}

/* The end of sending; what is under way is waited for. */
static void end_sending(struct load_run *run, int64_t now_us)
{
    run->sending = false;
    /* A look later than the last one would be given up by itself. */
    run->given_up_us = now_us + run->settings.timeout_ms * INT64_C(1000) + FC_US_PER_S;
    if (run->settings.requests == 0 && now_us < run->end_us)
        run->end_us = now_us;
    run->cpu_end_us = cpu_us();
}

/* Sends all that is due and for which a client is free. */
static void pump(struct load_run *run)
{
    bool open = run->settings.rate > 0;

    while (run->sending && load_wire_has_idle(run->settings.wire)) {
        int64_t now_us = fc_clock_mono().us;
        int64_t due_us = open ? planned_us(run) : now_us;

        if (now_us >= run->end_us || due_us >= run->end_us || run->sent == run->limit) {
            if (now_us >= run->end_us || run->sent == run->limit)
                end_sending(run, now_us);
            return;
        }
        if (due_us > now_us)
            return;
        send_next(run, load_wire_take(run->settings.wire), open ? due_us : 0);
        if (open)
            load_plan_advance(&run->plan);
    }
}

/* --- answers ---------------------------------------------------------------------------------- */

static void finished(void *arg, int32_t lane, const struct load_answer *answer)
{
    struct load_run *run = arg;
    const struct load_slot *slot = &run->slots[lane];
    struct load_seen seen = load_tally_answer(&run->tally, answer, run->settings.reading,
                                              is_measured(run, answer->at.us));
    bool counts = answer->fate == LOAD_ANSWERED || answer->fate == LOAD_TIMEOUT;

    run->answered_us = answer->at.us;
    if (counts && is_measured(run, slot->planned_us))
        load_tally_latency(&run->tally, slot->planned_us, slot->sent_us, answer->at.us);
    if (run->records != NULL) {
        struct load_record *record = &run->records[slot->number];

        record->answered_us = seen.status != 0 ? answer->at.us : 0;
        record->position = seen.position;
        record->status = seen.status;
        record->code = seen.code;
    }
    if (run->settings.settled != NULL)
        run->settings.settled(run->settings.arg, slot->number, answer);
    pump(run);
}

/* --- the run ---------------------------------------------------------------------------------- */

static void look_at_the_time(struct load_run *run, int64_t now_us)
{
    if (!run->cpu_began && now_us >= run->measured_us) {
        run->cpu_began = true;
        run->cpu_begin_us = cpu_us();
    }
    if (run->sending && (now_us >= run->end_us || fc_process_stopping()))
        end_sending(run, now_us);
    if (fc_process_stopping() && run->given_up_us > now_us + STOP_US)
        run->given_up_us = now_us + STOP_US;
}

static bool is_over(const struct load_run *run, int64_t now_us)
{
    if (run->sending)
        return false;
    return load_wire_under_way(run->settings.wire) == 0 || now_us >= run->given_up_us;
}

/* When there is something to do even if nothing arrives. */
static struct fc_mono next_us(const struct load_run *run, int64_t now_us)
{
    int64_t until_us = now_us < run->measured_us ? run->measured_us : run->end_us;
    bool due_counts = run->settings.rate > 0 && load_wire_has_idle(run->settings.wire);

    if (!run->sending)
        return (struct fc_mono){run->given_up_us};
    if (due_counts && planned_us(run) < until_us)
        until_us = planned_us(run);
    return (struct fc_mono){until_us};
}

/* What was planned and never sent has waited at least until the end. */
static void count_unsent(struct load_run *run)
{
    if (run->settings.rate == 0)
        return;
    while (planned_us(run) < run->end_us && run->sent + run->tally.unsent < run->limit) {
        if (is_measured(run, planned_us(run))) {
            run->tally.unsent++;
            cli_histogram_add(&run->tally.latency_us, run->end_us - planned_us(run));
        }
        load_plan_advance(&run->plan);
    }
}

static bool begin(struct load_run *run, const struct load_run_settings *settings)
{
    int64_t limit = load_work_count(settings->work);

    *run = (struct load_run){.settings = *settings, .sending = true};
    if (settings->requests > 0 && settings->requests < limit)
        limit = settings->requests;
    if (settings->keep_records && limit > LOAD_RECORDS_MAX)
        limit = LOAD_RECORDS_MAX;
    run->limit = limit;
    run->slots = cli_memory((size_t)settings->lane_count * sizeof(*run->slots));
    /* Not touched before it is used: the kernel gives as much as there are requests. */
    if (settings->keep_records)
        run->records = cli_memory((size_t)limit * sizeof(*run->records));
    if (settings->rate > 0)
        load_plan_init(&run->plan, settings->rate, settings->even, settings->seed);
    return run->slots != NULL && (!settings->keep_records || run->records != NULL);
}

bool load_run(struct load_run *run, const struct load_run_settings *settings)
{
    int64_t now_us;

    if (!begin(run, settings))
        return false;
    load_wire_listen(settings->wire, finished, run);
    now_us = fc_clock_mono().us;
    run->begin_us = now_us;
    run->measured_us = now_us + (settings->requests > 0 ? 0 : settings->warm_up_ms * 1000);
    run->end_us =
        settings->requests > 0 ? INT64_MAX : run->measured_us + settings->seconds * FC_US_PER_S;
    while (!is_over(run, now_us)) {
        look_at_the_time(run, now_us);
        pump(run);
        load_wire_turn(settings->wire, next_us(run, now_us));
        now_us = fc_clock_mono().us;
    }
    if (settings->requests > 0) {
        run->end_us = run->answered_us + 1;
        run->cpu_end_us = cpu_us();
    }
    count_unsent(run);
    /* Only when it was asked to stop: their answers are not waited for. */
    run->tally.fates[LOAD_TIMEOUT].all += load_wire_under_way(settings->wire);
    return true;
}

int64_t load_run_took_us(const struct load_run *run)
{
    int64_t us = run->end_us - run->measured_us;

    return us > 0 ? us : 1;
}
