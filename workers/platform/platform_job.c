#include "platform/platform_job.h"

#include "base/assert.h"
#include "host/fault.h"
#include "host/log.h"
#include "host/process.h"
#include "platform/meaning.h"
#include "skeleton/facts.h"
#include "sql/queries.h"

#define QUEUE FC_STR("platform.0")
#define ANSWER_BYTES_TOLD 120
/* While it goes on failing, a log line so often. */
#define COMPLAIN_MS 30000

/* --- taking ----------------------------------------------------------------------------------- */

static void job_begin(void *arg, struct batch *batch)
{
    struct platform_job *job = arg;

    /* What is under way belongs to a batch that was dropped, and so does its memory. */
    if (job->outgoing != NULL)
        outgoing_abort(job->outgoing);
    job->message_count = 0;
    job->reject_count = 0;
    job->listed = false;
    job->under_way = false;
    job->waiting = false;
    job->arena = batch->arena;
}

static void reject(struct platform_job *job, struct batch *batch,
                   const struct mq_delivery *delivery, const char *reason)
{
    struct parked_row *put = &job->rejects[job->reject_count++];

    *put = (struct parked_row){
        .queue = QUEUE, .reason = fc_str_of(reason), .delivery_count = delivery->delivery_count};
    if (!fc_arena_copy(batch->arena, delivery->body, &put->bytes))
        FC_UNREACHABLE("the gather leaves room for one message");
    batch->item_count++;
}

static void job_take(void *arg, struct batch *batch, const struct mq_delivery *delivery)
{
    struct platform_job *job = arg;
    struct wire_told_event *events;
    int32_t count;
    const char *why = "the message is longer than MESSAGE_BYTES_MAX; its beginning is kept";

    if (delivery->oversized ||
        !wire_told_events_parse(delivery->body, batch->arena, &events, &count, &why)) {
        reject(job, batch, delivery, why);
        return;
    }
    job->messages[job->message_count++] = (struct platform_told){events, count};
    batch->item_count += count;
}

/* --- what was taken, in one row --------------------------------------------------------------- */

static void *must_take(struct fc_arena *arena, int32_t count, size_t size)
{
    void *memory = fc_arena_take(arena, (size_t)count, size);

    FC_ASSERT(memory != NULL);
    return memory;
}

static void list(struct platform_job *job)
{
    struct wire_told_event *events;
    int32_t count = 0;

    for (int32_t i = 0; i < job->message_count; i++)
        count += job->messages[i].count;
    events = must_take(job->arena, count, sizeof(*events));
    job->rows = must_take(job->arena, job->reject_count + count, sizeof(*job->rows));
    count = 0;
    for (int32_t i = 0; i < job->message_count; i++)
        for (int32_t at = 0; at < job->messages[i].count; at++)
            events[count++] = job->messages[i].events[at];
    for (int32_t i = 0; i < job->reject_count; i++)
        job->rows[i] = job->rejects[i];
    job->row_count = job->reject_count;
    chunks_init(&job->chunks, events, count);
    job->mark = fc_arena_mark(job->arena);
    job->listed = true;
}

/* --- what came of a chunk --------------------------------------------------------------------- */

static void log_failing(struct platform_job *job, const struct outgoing_answer *answer)
{
    struct fc_log_line line;

    if (job->failing && fc_clock_ms_since(job->complained_at) < COMPLAIN_MS)
        return;
    job->complained_at = fc_clock_mono();
    fc_log_begin(&line, FC_LOG_WARN, "the data platform does not take events, trying again");
    if (answer->fate == OUTGOING_ANSWERED)
        fc_log_i64(&line, "status", answer->status);
    else
        fc_log_text(&line, "error", answer->trouble);
    fc_log_i64(&line, "since_s", job->failing ? fc_clock_ms_since(job->failing_since) / 1000 : 0);
    fc_log_end(&line);
}

static void wait_before_next(struct platform_job *job, const struct outgoing_answer *answer)
{
    int64_t asked_s = answer->retry_after_s < PLATFORM_RETRY_AFTER_S_MAX
                          ? answer->retry_after_s
                          : PLATFORM_RETRY_AFTER_S_MAX;

    job->wait_ms = fc_backoff_next_ms(&job->backoff);
    if (asked_s * 1000 > job->wait_ms)
        job->wait_ms = asked_s * 1000;
    job->waiting = true;
    job->waiting_since = fc_clock_mono();
    log_failing(job, answer);
    if (!job->failing)
        job->failing_since = job->waiting_since;
    job->failing = true;
    job->failures++;
}

/* It listens again, whatever it says. */
static void works_again(struct platform_job *job)
{
    struct fc_log_line line;

    fc_backoff_reset(&job->backoff);
    if (!job->failing)
        return;
    job->failing = false;
    fc_log_begin(&line, FC_LOG_INFO, "the data platform takes events again");
    fc_log_i64(&line, "after_s", fc_clock_ms_since(job->failing_since) / 1000);
    fc_log_end(&line);
}

/* In the arena, behind the mark: both stay, what is written later stands behind them. */
static struct fc_str kept(struct platform_job *job, const struct fc_buf *buf)
{
    struct fc_str text;

    if (!fc_arena_buf_end(job->arena, buf, &text))
        FC_UNREACHABLE("a batch leaves room for what is parked of it");
    job->mark = fc_arena_mark(job->arena);
    return text;
}

/* What an answer's body says, fit for a log and for UTF-8. */
static void excerpt_put(struct fc_buf *buf, struct fc_str body)
{
    for (size_t i = 0; i < body.len && i < ANSWER_BYTES_TOLD; i++)
        fc_buf_put_char(buf, body.ptr[i] >= ' ' && body.ptr[i] <= '~' ? body.ptr[i] : '?');
}

/* The event stands in the parked table as a message of its own, so that it can be sent again. */
static void park(struct platform_job *job, const struct wire_told_event *event,
                 const struct outgoing_answer *answer)
{
    struct parked_row *row = &job->rows[job->row_count++];
    struct fc_buf buf;

    *row = (struct parked_row){.queue = QUEUE};
    fc_arena_rewind(job->arena, job->mark);
    buf = fc_arena_buf_begin(job->arena);
    fc_buf_put_char(&buf, '[');
    fc_buf_put(&buf, event->json);
    fc_buf_put_char(&buf, ']');
    row->bytes = kept(job, &buf);
    buf = fc_arena_buf_begin(job->arena);
    fc_buf_put_fmt(&buf, "the data platform answered %d%s", (int)answer->status,
                   answer->body.len > 0 ? ": " : "");
    excerpt_put(&buf, answer->body);
    row->reason = kept(job, &buf);
}

static void on_answer(void *arg, int64_t tag, const struct outgoing_answer *answer)
{
    struct platform_job *job = arg;
    const struct wire_told_event *event;

    (void)tag;
    FC_CRASH_POINT(PLATFORM_ANSWERED);
    job->under_way = false;
    switch (meaning_of(answer)) {
    case MEANING_TAKEN:
        job->told += chunks_next(&job->chunks);
        chunks_taken(&job->chunks);
        works_again(job);
        return;
    case MEANING_REFUSED:
        event = chunks_refused(&job->chunks);
        if (event != NULL)
            park(job, event, answer);
        works_again(job);
        return;
    case MEANING_LATER:
        wait_before_next(job, answer);
        return;
    }
    FC_UNREACHABLE("no such meaning");
}

/* --- sending ---------------------------------------------------------------------------------- */

static void send_chunk(struct platform_job *job, int32_t count)
{
    const struct wire_told_event *events = &job->chunks.events[job->chunks.at];
    struct outgoing_request request = {.method = OUTGOING_POST,
                                       .connect_ms = job->settings.connect_ms,
                                       .total_ms = job->settings.total_ms};
    char id[WEBHOOK_ID_TEXT_BYTES + 1];
    struct webhook_headers headers;
    struct fc_buf buf;
    size_t bytes = chunk_bytes(events, count);

    fc_arena_rewind(job->arena, job->mark);
    buf = fc_buf_of(must_take(job->arena, 1, bytes), bytes);
    chunk_put(&buf, events, count);
    FC_ASSERT(!buf.overflow);
    request.body = fc_buf_str(&buf);
    webhook_id_of(request.body, id);
    webhook_sign(&job->key, id, fc_clock_now(), request.body, &headers);
    request.headers[request.header_count++] = "Content-Type: application/x-ndjson";
    request.headers[request.header_count++] = headers.id;
    request.headers[request.header_count++] = headers.timestamp;
    request.headers[request.header_count++] = headers.signature;
    (void)fc_str_copy(fc_str_of(job->settings.url), request.url, sizeof(request.url));
    FC_CRASH_POINT(PLATFORM_SENDS);
    outgoing_start(job->outgoing, &request, 0);
    job->under_way = true;
    job->requests++;
}

/* How long to wait for the next thing to happen, at most `left_ms`; 0: send now. */
static int64_t due_ms(struct platform_job *job, int64_t left_ms)
{
    int64_t pause_ms;

    if (job->under_way)
        return left_ms;
    if (!job->waiting)
        return 0;
    pause_ms = job->wait_ms - fc_clock_ms_since(job->waiting_since);
    job->waiting = pause_ms > 0;
    return pause_ms < left_ms ? pause_ms : left_ms;
}

/* Sends chunk after chunk; AGAIN when it takes longer than a turn may. */
static enum fc_rc send_all(struct platform_job *job, struct fc_err *ret_err)
{
    struct fc_mono since = fc_clock_mono();
    int32_t count;

    while ((count = chunks_next(&job->chunks)) > 0) {
        int64_t left_ms = GATHER_WAIT_MS_MAX - fc_clock_ms_since(since);

        if (left_ms <= 0)
            return fc_err_set(ret_err, FC_CURE_AGAIN, "platform", "not all events are told");
        int64_t pause_ms = due_ms(job, left_ms);

        if (pause_ms > 0)
            outgoing_turn(job->outgoing, (int32_t)pause_ms, on_answer, job);
        else
            send_chunk(job, count);
        FC_CRASH_POINT(PLATFORM_WAITING);
    }
    return FC_OK;
}

static enum fc_rc park_rows(struct platform_job *job, struct fc_err *ret_err)
{
    struct exchange exchange = {job->db, job->arena, 0};

    if (job->row_count == 0)
        return FC_OK;
    fc_arena_rewind(job->arena, job->mark);
    (void)exchange_send(&exchange, &sql_transaction_begin, NULL);
    record_parked_rows(&exchange, job->rows, job->row_count, job->worker);
    (void)exchange_send(&exchange, &sql_transaction_commit, NULL);
    if (db_exchange(job->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    facts_log_parked(job->rows, job->row_count);
    job->parked += job->row_count;
    return FC_OK;
}

static enum fc_rc job_commit(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    struct platform_job *job = arg;

    (void)batch;
    if (job->outgoing == NULL &&
        outgoing_open("firstcome-platform", &job->outgoing, ret_err) == FC_FAIL)
        return FC_FAIL;
    if (!job->listed)
        list(job);
    if (send_all(job, ret_err) == FC_FAIL)
        return FC_FAIL;
    FC_CRASH_POINT(PLATFORM_DELIVERED);
    return park_rows(job, ret_err);
}

/* The telling was the commit. */
static enum fc_rc job_announce(void *arg, struct batch *batch, struct fc_err *ret_err)
{
    (void)arg;
    (void)batch;
    (void)ret_err;
    return FC_OK;
}

/* --- the job ---------------------------------------------------------------------------------- */

enum fc_rc platform_settings_check(const void *settings, struct fc_err *ret_err)
{
    const struct platform_settings *platform = settings;
    struct fc_str url = fc_str_of(platform->url);
    struct webhook_key key;

    if (!fc_str_starts_with(url, FC_STR("http://")) && !fc_str_starts_with(url, FC_STR("https://")))
        return fc_err_set(ret_err, FC_CURE_EXIT, "FIRSTCOME_PLATFORM_URL",
                          "FIRSTCOME_PLATFORM_URL must begin with http:// or https://");
    if (webhook_key_parse(fc_str_of(platform->secret), &key, ret_err) == FC_OK)
        return FC_OK;
    return fc_err_set(ret_err, FC_CURE_EXIT, "FIRSTCOME_PLATFORM_SECRET",
                      "FIRSTCOME_PLATFORM_SECRET must be whsec_ and base64 of %d to %d bytes",
                      WEBHOOK_KEY_BYTES_MIN, WEBHOOK_KEY_BYTES_MAX);
}

struct job_port platform_job_port(struct platform_job *job)
{
    struct fc_err err;

    if (webhook_key_parse(fc_str_of(job->settings.secret), &job->key, &err) == FC_FAIL)
        FC_UNREACHABLE("the settings were checked");
    fc_backoff_init(&job->backoff, fc_process_chance());
    return (struct job_port){job, job_begin, job_take, job_commit, job_announce};
}
