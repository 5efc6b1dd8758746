#include "stats/stats_job.h"

#include "base/assert.h"
#include "host/fault.h"
#include "skeleton/facts.h"
#include "sql/queries.h"
#include "stats/fold.h"

/* Statements of one exchange, before what comes in front of them and behind. */
#define PARTS_MAX (DB_STATEMENTS_MAX - 8)

/* Many events move few counters: the more at once, the less each costs. */
#define EVENTS_ENOUGH 4096

static void job_begin(void *arg, struct batch *batch)
{
    struct stats_job *job = arg;

    batch->item_enough = EVENTS_ENOUGH;
    job->told_count = 0;
    job->reject_count = 0;
    job->marked = false;
}

static void reject(struct stats_job *job, struct batch *batch, const struct mq_delivery *delivery,
                   const char *reason)
{
    struct parked_row *put = &job->rejects[job->reject_count++];

    *put = (struct parked_row){.queue = FC_STR("stats.0"),
                               .reason = fc_str_of(reason),
                               .delivery_count = delivery->delivery_count};
    if (!fc_arena_copy(batch->arena, delivery->body, &put->bytes))
        FC_UNREACHABLE("the gather leaves room for one message");
    batch->item_count++;
}

static void job_take(void *arg, struct batch *batch, const struct mq_delivery *delivery)
{
    struct stats_job *job = arg;
    struct wire_order_event *events;
    int32_t count;
    const char *why = "the message is longer than MESSAGE_BYTES_MAX; its beginning is kept";

    if (delivery->oversized ||
        !wire_order_events_parse(delivery->body, batch->arena, &events, &count, &why)) {
        reject(job, batch, delivery, why);
        return;
    }
    job->told[job->told_count++] = (struct stats_told){events, count};
    batch->item_count += count;
}

/* All events of the batch, in the order in which they were told. */
static struct fold_part list_events(const struct stats_job *job, struct fc_arena *arena)
{
    const struct wire_order_event **events;
    int32_t count = 0;

    for (int32_t i = 0; i < job->told_count; i++)
        count += job->told[i].count;
    events = fc_arena_take(arena, (size_t)count, sizeof(const struct wire_order_event *));
    FC_ASSERT(events != NULL);
    count = 0;
    for (int32_t i = 0; i < job->told_count; i++)
        for (int32_t k = 0; k < job->told[i].count; k++)
            events[count++] = &job->told[i].events[k];
    return (struct fold_part){events, count};
}

static bool is_closing(const struct wire_order_event *event)
{
    return event->kind == WIRE_SALE_DAY_CLOSED;
}

/* Sales, then the closings behind them, then the sales behind those: what was told before a day is
 * closed is in its snapshot, what was told after is not. */
static enum fc_rc send_parts(const struct fold_part *all, struct exchange *exchange,
                             struct fc_err *ret_err)
{
    struct fold_part part = {all->events, 0};

    for (int32_t i = 0; i < all->count; i++) {
        bool closing = is_closing(all->events[i]);

        part.count++;
        if (i + 1 < all->count && is_closing(all->events[i + 1]) == closing)
            continue;
        if (closing)
            fold_closings(exchange->db, exchange->arena, &part);
        else
            fold_sales(exchange->db, exchange->arena, &part);
        part = (struct fold_part){all->events + i + 1, 0};
        if (++exchange->sent < PARTS_MAX)
            continue;
        exchange->sent = 0;
        if (db_exchange(exchange->db, ret_err) == FC_FAIL)
            return FC_FAIL;
    }
    return FC_OK;
}

static enum fc_rc job_commit(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    struct stats_job *job = arg;
    struct exchange exchange = {job->db, batch->arena, 0};
    struct fold_part all;

    if (!job->marked)
        job->mark = fc_arena_mark(batch->arena);
    job->marked = true;
    fc_arena_rewind(batch->arena, job->mark);
    all = list_events(job, batch->arena);
    (void)exchange_send(&exchange, &sql_transaction_begin, NULL);
    if (send_parts(&all, &exchange, ret_err) == FC_FAIL)
        return FC_FAIL;
    record_parked_rows(&exchange, job->rejects, job->reject_count, job->worker);
    (void)exchange_send(&exchange, &sql_transaction_commit, NULL);
    FC_CRASH_POINT(COMMIT_BEFORE);
    FC_CRASH_WHEN_SENT(COMMIT_SENT);
    if (db_exchange(job->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    facts_log_parked(job->rejects, job->reject_count);
    job->counted += batch->item_count - job->reject_count;
    job->parked += job->reject_count;
    return FC_OK;
}

/* Nobody listens to the counters. */
static enum fc_rc job_announce(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    (void)arg;
    (void)batch;
    (void)ret_err;
    return FC_OK;
}

struct job_port stats_job_port(struct stats_job *job)
{
    return (struct job_port){job, job_begin, job_take, job_commit, job_announce};
}
