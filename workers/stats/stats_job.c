#include "stats/stats_job.h"

#include "base/assert.h"
#include "base/index.h"
#include "skeleton/facts.h"
#include "sql/queries.h"

static void job_begin(void *arg, struct batch *batch)
{
    struct stats_job *job = arg;

    (void)batch;
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

/* The events of the batch, each once. */
struct event_list {
    const struct wire_order_event **events;
    int32_t count;
};

static bool is_listed(const struct event_list *list, const struct fc_index *by_id,
                      const struct fc_uuid *id)
{
    uint32_t cursor = 0;
    int32_t at;

    while ((at = fc_index_next(by_id, fc_hash_uuid(id), &cursor)) != FC_INDEX_NONE)
        if (fc_uuid_eq(&list->events[at]->event_id, id))
            return true;
    return false;
}

/* The statement knows what was counted before, not what stands twice in its own parameters. */
static struct event_list list_events(const struct stats_job *job, struct fc_arena *arena)
{
    struct event_list list = {NULL, 0};
    struct fc_index by_id;
    int32_t told_count = 0;

    for (int32_t i = 0; i < job->told_count; i++)
        told_count += job->told[i].count;
    list.events = fc_arena_take(arena, (size_t)told_count, sizeof(*list.events));
    FC_ASSERT(list.events != NULL);
    if (!fc_index_init(&by_id, arena, told_count))
        FC_UNREACHABLE("the gather leaves room for an index");
    for (int32_t i = 0; i < job->told_count; i++) {
        const struct wire_order_event *event = job->told[i].events;

        for (const struct wire_order_event *end = event + job->told[i].count; event < end;
             event++) {
            if (is_listed(&list, &by_id, &event->event_id))
                continue;
            fc_index_add(&by_id, fc_hash_uuid(&event->event_id), list.count);
            list.events[list.count++] = event;
        }
    }
    return list;
}

/* One array over all lines of all events: `event` and `line` are in scope of `put`. */
#define LINE_COLUMN(params, type, list, put)                          \
    do {                                                              \
        db_array_begin(params, type);                                 \
        for (int32_t i = 0; i < (list)->count; i++) {                 \
            const struct wire_order_event *event = (list)->events[i]; \
            for (const struct sold_line *line = event->lines;         \
                 line < event->lines + event->line_count; line++)     \
                put;                                                  \
        }                                                             \
        db_array_end(params);                                         \
    } while (0)

static int64_t revenue(const struct sold_line *line)
{
    struct krw amount;

    if (!krw_times(line->unit_price, line->quantity, &amount))
        FC_UNREACHABLE("a line's bounds keep its amount in 64 bits");
    return amount.won;
}

static void send_count(const struct stats_job *job, struct exchange *exchange)
{
    struct event_list list = list_events(job, exchange->arena);
    struct db_params params;

    db_params_init(&params, exchange->arena);
    LINE_COLUMN(&params, DB_UUID, &list, db_array_uuid(&params, &event->event_id));
    LINE_COLUMN(&params, DB_DAY, &list, db_array_day(&params, event->day));
    LINE_COLUMN(&params, DB_I64, &list, db_array_i64(&params, line->product_id));
    LINE_COLUMN(&params, DB_I64, &list, db_array_i64(&params, line->quantity));
    LINE_COLUMN(&params, DB_I64, &list, db_array_i64(&params, revenue(line)));
    (void)exchange_send(exchange, &sql_stats_count, &params);
}

static enum fc_rc job_commit(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    struct stats_job *job = arg;
    struct exchange exchange = {job->db, batch->arena, 0};

    if (!job->marked)
        job->mark = fc_arena_mark(batch->arena);
    job->marked = true;
    fc_arena_rewind(batch->arena, job->mark);
    (void)exchange_send(&exchange, &sql_transaction_begin, NULL);
    send_count(job, &exchange);
    record_parked_rows(&exchange, job->rejects, job->reject_count, job->worker);
    (void)exchange_send(&exchange, &sql_transaction_commit, NULL);
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
