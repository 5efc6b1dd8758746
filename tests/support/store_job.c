#include "support/store_job.h"

#include "base/assert.h"
#include "db/migrate.h"
#include "host/clock.h"
#include "skeleton/links.h"
#include "sql/queries.h"

#include <stdlib.h>

#define NAME "bench-store"

/* --- ports ------------------------------------------------------------------------------------ */

static enum fc_rc queue_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                             struct fc_err *ret_err)
{
    struct store_job *job = arg;
    const struct store_message *message = &job->messages[job->message_next];

    (void)ret_err;
    *ret_got = job->message_next < job->message_count;
    if (!*ret_got)
        return FC_OK;
    job->message_next++;
    *ret_delivery = (struct mq_delivery){
        .source = message->partition, .tag = ++job->tag, .body = message->body};
    return FC_OK;
}

static enum fc_rc queue_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    const struct store_job *job = arg;

    (void)source;
    (void)ret_err;
    FC_ASSERT(tag <= job->tag);
    return FC_OK;
}

static enum fc_rc announce_put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    struct store_job *job = arg;

    (void)ret_err;
    job->announced_bytes += (int64_t)message->body.len;
    return FC_OK;
}

static enum fc_rc announce_wait(void *arg, struct fc_err *ret_err)
{
    (void)arg;
    (void)ret_err;
    return FC_OK;
}

/* --- life ------------------------------------------------------------------------------------- */

static enum fc_rc connect_as_worker(struct store_job *job, const char *conninfo,
                                    struct fc_err *ret_err)
{
    struct db_settings settings = {
        .conninfo = conninfo,
        .program = NAME,
        .options = LINKS_SESSION_OPTIONS,
        .statement_ms_max = DB_STATEMENT_MS_MAX,
        .idle_ms_max = DB_SESSION_IDLE_MS_MAX,
        .transaction_ms_max = DB_SESSION_IDLE_MS_MAX,
    };

    if (db_open(&settings, &job->db, ret_err) == FC_FAIL)
        return FC_FAIL;
    job->journal.db = job->db;
    return db_migrate_check(job->db, sql_migrations, sql_migrations_count, ret_err);
}

enum fc_rc store_job_open(struct store_job *job, const char *conninfo, struct fc_err *ret_err)
{
    struct queue_port queue = {job, queue_next, queue_ack};
    void *memory = aligned_alloc(4096, BATCH_ARENA_BYTES); /* heap: at start */
    void *bytes = malloc(MESSAGE_BYTES_MAX);               /* heap: at start */

    FC_ASSERT(memory != NULL);
    FC_ASSERT(bytes != NULL);
    *job = (struct store_job){.bytes = fc_buf_of(bytes, MESSAGE_BYTES_MAX)};
    fc_arena_init(&job->arena, memory, BATCH_ARENA_BYTES);
    shop_job_init(&job->shop);
    job->journal = (struct journal){
        .rows = shop_job_rows(&job->shop),
        .family = wire_family_name(WIRE_FAMILY_ORDER),
        .worker = NAME,
    };
    job->job = (struct command_job){
        .store = journal_store(&job->journal),
        .announcer = {job, announce_put, announce_wait, announce_wait},
        .family = WIRE_FAMILY_ORDER,
        .partitions = STORE_PARTITIONS,
    };
    struct job_port port = command_job_port(&job->job);

    cycle_init(&job->cycle, &queue, &port, &job->arena, 1);
    return connect_as_worker(job, conninfo, ret_err);
}

void store_job_close(struct store_job *job)
{
    db_close(job->db);
    free(job->arena.ptr);
    free(job->bytes.ptr);
    *job = (struct store_job){0};
}

/* --- one batch -------------------------------------------------------------------------------- */

void store_job_put(struct store_job *job, const struct store_wish *wishes, int32_t count,
                   int32_t together)
{
    job->bytes.len = 0;
    job->message_count = 0;
    job->message_next = 0;
    for (int32_t at = 0; at < count; at += together) {
        size_t begun = job->bytes.len;
        struct store_message *message = &job->messages[job->message_count++];

        fc_buf_put_char(&job->bytes, '[');
        for (int32_t i = at; i < count && i < at + together; i++) {
            if (i > at)
                fc_buf_put_char(&job->bytes, ',');
            store_wish_command_put(&job->bytes, &wishes[i]);
        }
        fc_buf_put_char(&job->bytes, ']');
        *message = (struct store_message){{job->bytes.ptr + begun, job->bytes.len - begun},
                                          wishes[at].partition};
    }
    FC_ASSERT(!job->bytes.overflow);
}

enum fc_rc store_job_run(struct store_job *job, struct fc_err *ret_err)
{
    struct fc_instant now = fc_clock_now();
    struct cycle_step step;

    do {
        if (cycle_do_step(&job->cycle, now, &step, ret_err) == FC_OK)
            continue;
        if (ret_err->cure != FC_CURE_RETRY)
            return FC_FAIL;
        job->retries++;
    } while (step.settled == 0);
    return FC_OK;
}
