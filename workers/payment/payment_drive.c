#include "payment/payment_drive.h"

#include "base/assert.h"
#include "host/clock.h"
#include "host/fault.h"
#include "host/log.h"

struct plan_time payment_time(void)
{
    return (struct plan_time){fc_clock_now(), fc_clock_mono().us / 1000};
}

/* --- what is logged --------------------------------------------------------------------------- */

static void log_payment(enum fc_log_level level, const char *sentence,
                        const struct payment *payment, const struct gateway_answer *answer)
{
    struct fc_log_line line;

    fc_log_begin(&line, level, sentence);
    fc_log_uuid(&line, "order", &payment->event->order_id);
    fc_log_text(&line, "call", gateway_call_name(payment->plan.next));
    fc_log_text(&line, "answer", gateway_says_name(answer->says));
    if (answer->reason.len > 0)
        fc_log_str(&line, "reason", answer->reason);
    if (answer->trouble.len > 0)
        fc_log_str(&line, "error", answer->trouble);
    fc_log_end(&line);
}

/* Probes that fail are no news. */
static void log_breaker(const struct breaker *breaker, enum breaker_state before)
{
    struct fc_log_line line;

    if (breaker->state == BREAKER_CLOSED && before != BREAKER_CLOSED)
        fc_log_begin(&line, FC_LOG_INFO, "the payment gateway answers again");
    else if (breaker->state == BREAKER_OPEN && before == BREAKER_CLOSED)
        fc_log_begin(&line, FC_LOG_WARN, "the payment gateway is out of reach, payments wait");
    else
        return;
    fc_log_i64(&line, "openings", breaker->openings);
    fc_log_end(&line);
}

/* --- calls ------------------------------------------------------------------------------------ */

static void note_health(struct payment_job *job, const struct outgoing_answer *answer)
{
    enum breaker_state before = job->breaker.state;

    if (answer->fate == OUTGOING_ANSWERED && answer->status < 500)
        breaker_succeeded(&job->breaker);
    else
        breaker_failed(&job->breaker, payment_time().ms);
    log_breaker(&job->breaker, before);
}

static void note_end(struct payment_job *job, struct payment *payment,
                     const struct gateway_answer *answer)
{
    enum plan_end end = payment->plan.end;

    if (end == PLAN_OPEN)
        return;
    job->open_count--;
    job->counts.ended[end]++;
    (void)fc_str_copy(answer->payment_id, payment->id, sizeof(payment->id));
    if (end == PLAN_STUCK)
        log_payment(FC_LOG_ERROR, "the payment gateway will not have it, set aside", payment,
                    answer);
    else
        log_payment(FC_LOG_DEBUG, "payment ended", payment, answer);
}

static void on_finished(void *arg, int64_t tag, const struct outgoing_answer *answer)
{
    struct payment_job *job = arg;
    struct payment *payment = &job->payments[tag];
    size_t mark = fc_arena_mark(job->arena);
    struct gateway_answer read =
        gateway_answer_read(payment->plan.next, &payment->event->order_id, answer, job->arena);
    struct plan_time time = payment_time();

    FC_CRASH_POINT_AT(PAYMENT_ASKED, payment->plan.next);
    payment->under_way = false;
    job->counts.answers[read.says]++;
    note_health(job, answer);
    if (read.says == GATEWAY_REFUSED)
        log_payment(FC_LOG_ERROR, "the payment gateway refuses a request", payment, &read);
    else if (read.says > GATEWAY_REFUSED)
        log_payment(FC_LOG_DEBUG, "payment without an answer", payment, &read);
    plan_answered(&payment->plan, &job->settings->rules, &read, &time);
    note_end(job, payment, &read);
    fc_arena_rewind(job->arena, mark);
}

static void start(struct payment_job *job, int32_t at, const struct plan_time *time)
{
    struct payment *payment = &job->payments[at];
    const struct wire_payment_event *event = payment->event;
    const struct gateway_payment asked = {event->order_id, event->user_id, event->amount};
    enum gateway_call call = plan_call(&payment->plan, time);
    struct outgoing_request request;

    gateway_request(&job->settings->gateway, call, &asked, &payment->memory, &request);
    FC_CRASH_POINT_AT(PAYMENT_ASKS, call);
    outgoing_start(job->outgoing, &request, at);
    payment->under_way = true;
    job->counts.calls[call]++;
}

static bool is_waiting(const struct payment_job *job, const struct payment *payment)
{
    return payment->plan.end == PLAN_OPEN && !payment->under_way && !payment->put_off &&
           (payment->before == PAYMENT_FIRST ||
            job->payments[payment->before].plan.end != PLAN_OPEN);
}

/* Starts what is due; returns when to look again, `max_ms` at most. */
static int32_t start_due(struct payment_job *job, int32_t max_ms)
{
    struct plan_time time = payment_time();
    int32_t wait_ms = max_ms;

    for (int32_t i = 0; i < job->payment_count; i++) {
        const struct payment *payment = &job->payments[i];

        if (!is_waiting(job, payment))
            continue;
        int64_t due_ms = plan_wait_ms(&payment->plan, &time);

        if (due_ms == 0 && outgoing_free(job->outgoing) > 0 &&
            breaker_take(&job->breaker, time.ms)) {
            start(job, i, &time);
            continue;
        }
        if (due_ms < wait_ms)
            wait_ms = (int32_t)due_ms;
    }
    int32_t breaker_ms = breaker_wait_ms(&job->breaker, time.ms, max_ms);

    /* What is due and was not started waits for a call to end, which ends the wait as well. */
    if (wait_ms == 0 && job->breaker.state == BREAKER_CLOSED)
        return max_ms;
    return wait_ms > breaker_ms ? wait_ms : breaker_ms;
}

void payment_drive(struct payment_job *job, int32_t max_ms)
{
    int32_t wait_ms = start_due(job, max_ms);

    outgoing_turn(job->outgoing, wait_ms, on_finished, job);
    FC_CRASH_POINT(PAYMENT_WAITING);
}
