#include "payment/payment_job.h"

#include "base/assert.h"
#include "base/index.h"
#include "host/clock.h"
#include "host/fault.h"
#include "host/process.h"
#include "payment/payment_drive.h"
#include "payment/settlement.h"
#include "skeleton/facts.h"
#include "sql/queries.h"

#define QUEUE "payment.0"

void payment_job_init(struct payment_job *job, const struct payment_settings *settings,
                      struct outgoing *outgoing, const struct worker_context *context)
{
    *job = (struct payment_job){
        .settings = settings,
        .outgoing = outgoing,
        .announcer = context->announcer,
        .worker = context->instance,
        .partitions = context->command_partitions,
    };
    breaker_init(&job->breaker, settings->breaker_failures, settings->breaker_open_ms);
}

/* --- gather ----------------------------------------------------------------------------------- */

/* Calls of a batch that was dropped are forgotten: whatever they did, it will be asked for. */
static void job_begin(void *arg, struct batch *batch)
{
    struct payment_job *job = arg;

    outgoing_abort(job->outgoing);
    breaker_forget(&job->breaker);
    job->arena = batch->arena;
    job->message_count = 0;
    job->reject_count = 0;
    job->payment_count = 0;
    job->open_count = 0;
    job->listed = false;
    job->announced = false;
}

static void reject(struct payment_job *job, const struct batch_delivery *delivery,
                   struct fc_str bytes, const char *reason)
{
    FC_ASSERT(job->reject_count < BATCH_DELIVERIES_MAX);
    job->rejects[job->reject_count++] =
        (struct parked_row){.queue = FC_STR(QUEUE),
                            .reason = fc_str_of(reason),
                            .bytes = bytes,
                            .delivery_count = delivery->delivery_count};
}

/* Most messages hold no event of ours: what is kept of a batch is what a human may have to see. */
static struct fc_str keep(struct batch *batch, struct fc_str bytes)
{
    struct fc_str copy;

    if (!fc_arena_copy(batch->arena, bytes, &copy))
        FC_UNREACHABLE("the gather leaves room for one message");
    return copy;
}

static void job_take(void *arg, struct batch *batch, const struct mq_delivery *delivery)
{
    struct payment_job *job = arg;
    struct payment_message *message = &job->messages[job->message_count++];
    struct wire_payment_event *events = NULL;
    const char *why = "the message is longer than MESSAGE_BYTES_MAX; its beginning is kept";

    *message = (struct payment_message){.count = 0};
    if (delivery->oversized ||
        !wire_payment_events_parse(delivery->body, batch->arena, &events, &message->count, &why)) {
        message->count = 0;
        reject(job, &batch->deliveries[batch->delivery_count - 1], keep(batch, delivery->body),
               why);
        batch->item_count++;
        return;
    }
    message->events = events;
    if (message->count > 0)
        message->bytes = keep(batch, delivery->body);
    batch->item_count += message->count;
}

/* --- the payments of a batch ------------------------------------------------------------------ */

/* Nothing was taken for an order whose payment was declined. */
static bool is_ours(const struct wire_payment_event *event)
{
    return event->placed || event->failure != ORDER_DECLINED;
}

static int32_t last_of_order(const struct payment_job *job, const struct fc_index *by_order,
                             const struct fc_uuid *order_id)
{
    uint32_t cursor = 0;
    int32_t last = PAYMENT_FIRST;
    int32_t at;

    while ((at = fc_index_next(by_order, fc_hash_uuid(order_id), &cursor)) != FC_INDEX_NONE)
        if (fc_uuid_eq(&job->payments[at].event->order_id, order_id) && at > last)
            last = at;
    return last;
}

static void add_payment(struct payment_job *job, struct fc_index *by_order, int32_t message,
                        const struct wire_payment_event *event)
{
    const struct plan_rules *rules = &job->settings->rules;
    struct payment *payment = &job->payments[job->payment_count];
    struct plan_time time = payment_time();

    *payment = (struct payment){.event = event,
                                .message = message,
                                .before = last_of_order(job, by_order, &event->order_id)};
    if (!event->placed)
        plan_begin_return(&payment->plan, rules, &time, fc_process_chance());
    else if (event->postponed)
        plan_begin_again(&payment->plan, rules, event->expires_at, &time, fc_process_chance());
    else
        plan_begin(&payment->plan, rules, event->expires_at, &time, fc_process_chance());
    fc_index_add(by_order, fc_hash_uuid(&event->order_id), job->payment_count);
    job->payment_count++;
}

static void list(struct payment_job *job)
{
    struct fc_index by_order;
    int32_t count = 0;

    for (int32_t i = 0; i < job->message_count; i++)
        count += job->messages[i].count;
    job->payments = fc_arena_take(job->arena, (size_t)count, sizeof(*job->payments));
    if (job->payments == NULL || !fc_index_init(&by_order, job->arena, count))
        FC_UNREACHABLE("the gather leaves room for the payments");
    for (int32_t i = 0; i < job->message_count; i++)
        for (int32_t at = 0; at < job->messages[i].count; at++)
            if (is_ours(&job->messages[i].events[at]))
                add_payment(job, &by_order, i, &job->messages[i].events[at]);
    job->open_count = job->payment_count;
    job->since = fc_clock_mono();
    job->listed = true;
}

/* --- putting off ------------------------------------------------------------------------------ */

static bool is_open(const struct payment *payment)
{
    return payment->plan.end == PLAN_OPEN && !payment->put_off;
}

/* One that stands behind another of its order has nothing to do before that has. */
static bool keeps_others(const struct payment_job *job, const struct payment *payment)
{
    if (payment->before != PAYMENT_FIRST && is_open(&job->payments[payment->before]))
        return false;
    return is_open(payment) && !plan_may_be_put_off(&payment->plan);
}

/*
 * All of a batch is put off that is still open, in order, once nothing of it is left to ask: a
 * gateway that takes its time with some keeps the others waiting no longer. While it is out of
 * reach all wait alike, where they are.
 */
static void put_off(struct payment_job *job)
{
    if (job->breaker.state != BREAKER_CLOSED ||
        fc_clock_ms_since(job->since) < job->settings->patience_ms)
        return;
    for (int32_t i = 0; i < job->payment_count; i++)
        if (job->payments[i].under_way || keeps_others(job, &job->payments[i]))
            return;
    for (int32_t i = 0; i < job->payment_count; i++) {
        if (!is_open(&job->payments[i]))
            continue;
        job->payments[i].put_off = true;
        job->open_count--;
        job->counts.put_off++;
    }
}

static enum fc_rc publish_put_off(struct payment_job *job, int32_t first, int32_t *ret_next,
                                  struct fc_err *ret_err)
{
    size_t mark = fc_arena_mark(job->arena);
    struct mq_message message = {.exchange = FC_STR(""),
                                 .routing_key = FC_STR(QUEUE),
                                 .type = FC_STR("firstcome.events.v1")};
    struct fc_buf buf = fc_arena_buf_begin(job->arena);
    int32_t at = first;

    fc_buf_put_char(&buf, '[');
    for (; at < job->payment_count && buf.len < MESSAGE_BYTES_SOFT_MAX; at++) {
        if (!job->payments[at].put_off)
            continue;
        if (buf.len > 1)
            fc_buf_put_char(&buf, ',');
        wire_payment_postponed_put(&buf, job->payments[at].event);
    }
    fc_buf_put_char(&buf, ']');
    bool fits = fc_arena_buf_end(job->arena, &buf, &message.body);

    FC_ASSERT(fits);
    enum fc_rc rc = job->announcer.put(job->announcer.arg, &message, ret_err);

    fc_arena_rewind(job->arena, mark);
    FC_CRASH_POINT(PAYMENT_PUT_OFF);
    *ret_next = at;
    return rc;
}

/* Confirmed with the rest, before the batch is acknowledged: at the worst there are two of it. */
static enum fc_rc publish_all_put_off(struct payment_job *job, struct fc_err *ret_err)
{
    int32_t at = 0;

    while (at < job->payment_count) {
        if (!job->payments[at].put_off)
            at++;
        else if (publish_put_off(job, at, &at, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return FC_OK;
}

/* --- telling ---------------------------------------------------------------------------------- */

static bool outcome_of(enum plan_end end, enum payment_outcome *ret_outcome)
{
    switch (end) {
    case PLAN_APPROVED:
        *ret_outcome = PAYMENT_APPROVED;
        return true;
    case PLAN_DECLINED:
        *ret_outcome = PAYMENT_DECLINED;
        return true;
    case PLAN_TIMED_OUT:
        *ret_outcome = PAYMENT_TIMED_OUT;
        return true;
    case PLAN_OPEN:
    case PLAN_RETURNED:
    case PLAN_STUCK:
        return false;
    case PLAN_END_COUNT:
        break;
    }
    FC_UNREACHABLE("no such end");
}

static bool is_untold(const struct payment *payment)
{
    enum payment_outcome outcome;

    return !payment->told && outcome_of(payment->plan.end, &outcome);
}

/*
 * Only while the session that holds the partition lives may anything be told: a worker that slept
 * must not say approved of what its successor has voided meanwhile. Parks on the way.
 */
static enum fc_rc fence(struct payment_job *job, bool with_rejects, struct fc_err *ret_err)
{
    size_t mark = fc_arena_mark(job->arena);
    struct exchange exchange = {job->db, job->arena, 0};

    (void)exchange_send(&exchange, &sql_transaction_begin, NULL);
    record_parked_rows(&exchange, job->rejects, with_rejects ? job->reject_count : 0, job->worker);
    (void)exchange_send(&exchange, &sql_transaction_commit, NULL);
    enum fc_rc rc = db_exchange(job->db, ret_err);

    fc_arena_rewind(job->arena, mark);
    FC_CRASH_POINT(PAYMENT_FENCED);
    return rc;
}

static enum fc_rc tell(struct payment_job *job, struct payment *payment, struct fc_err *ret_err)
{
    struct settlement settlement = {
        .event = payment->event, .payment_id = fc_str_of(payment->id), .at = fc_clock_now()};

    if (!outcome_of(payment->plan.end, &settlement.outcome))
        FC_UNREACHABLE("it has no outcome");
    if (settlement_put(&settlement, job->partitions, &job->announcer, job->arena, ret_err) ==
        FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(PAYMENT_TOLD);
    payment->told = true;
    return FC_OK;
}

/* What has ended is told at once, while others still wait for the gateway. */
static enum fc_rc tell_ended(struct payment_job *job, struct fc_err *ret_err)
{
    bool fenced = false;

    for (int32_t i = 0; i < job->payment_count; i++) {
        struct payment *payment = &job->payments[i];

        if (!is_untold(payment))
            continue;
        if (!fenced && fence(job, false, ret_err) == FC_FAIL)
            return FC_FAIL;
        fenced = true;
        if (tell(job, payment, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return FC_OK;
}

/* --- commit and announce ---------------------------------------------------------------------- */

/* A message with a payment that is stuck is set aside as it came: whoever puts it back repeats what
 * the others of it did, which changes nothing. */
static void reject_stuck(struct payment_job *job, const struct batch *batch)
{
    for (int32_t i = 0; i < job->payment_count; i++) {
        struct payment_message *message = &job->messages[job->payments[i].message];

        if (job->payments[i].plan.end != PLAN_STUCK || message->parked)
            continue;
        message->parked = true;
        reject(job, &batch->deliveries[job->payments[i].message], message->bytes,
               "the payment gateway refuses a payment of it");
    }
}

static enum fc_rc job_commit(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    struct payment_job *job = arg;
    struct fc_mono since = fc_clock_mono();
    int64_t left_ms;

    if (!job->listed)
        list(job);
    while (job->open_count > 0 && (left_ms = GATHER_WAIT_MS_MAX - fc_clock_ms_since(since)) > 0) {
        payment_drive(job, (int32_t)left_ms);
        if (tell_ended(job, ret_err) == FC_FAIL)
            return FC_FAIL;
        put_off(job);
    }
    if (job->open_count > 0)
        return fc_err_set(ret_err, FC_CURE_AGAIN, "payment", "payments are under way");
    reject_stuck(job, batch);
    if (job->reject_count > 0 && fence(job, true, ret_err) == FC_FAIL)
        return FC_FAIL;
    facts_log_parked(job->rejects, job->reject_count);
    job->counts.parked += job->reject_count;
    return FC_OK;
}

static enum fc_rc job_announce(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    struct payment_job *job = arg;

    (void)batch;
    FC_CRASH_POINT(ANNOUNCE_BEFORE);
    /* The broker refused something: it does not say what. */
    if (job->announced)
        for (int32_t i = 0; i < job->payment_count; i++)
            job->payments[i].told = false;
    job->announced = true;
    if (tell_ended(job, ret_err) == FC_FAIL || publish_all_put_off(job, ret_err) == FC_FAIL)
        return FC_FAIL;
    return job->announcer.wait(job->announcer.arg, ret_err);
}

struct job_port payment_job_port(struct payment_job *job)
{
    return (struct job_port){job, job_begin, job_take, job_commit, job_announce};
}
