#include "support/stats_rig.h"

#include "skeleton/links.h"
#include "support/expect.h"
#include "support/worker_rows.h"

#include <stdio.h>
#include <stdlib.h>

static const char rows_query[] = "select 'event', t::text from counted_event t union all"
                                 " select 'product', t::text from sales_daily t union all"
                                 " select 'option', t::text from sales_option_daily t union all"
                                 " select 'category', t::text from sales_category_daily t union all"
                                 " select 'total', t::text from sales_total_daily t";

/* --- the worker ------------------------------------------------------------------------------- */

static enum fc_rc queue_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                             struct fc_err *ret_err)
{
    struct stats_rig *rig = arg;

    (void)ret_err;
    *ret_got = sim_queue_next(&rig->queue, 0, ret_delivery);
    return FC_OK;
}

static enum fc_rc queue_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    struct stats_rig *rig = arg;

    (void)ret_err;
    assert_int_equal(source, 0);
    sim_queue_ack(&rig->queue, tag);
    return FC_OK;
}

void stats_rig_open(struct stats_rig *rig, const char *name)
{
    const struct queue_port queue = {rig, queue_next, queue_ack};
    void *memory = aligned_alloc(4096, BATCH_ARENA_BYTES); /* heap: at start */

    assert_non_null(memory);
    *rig = (struct stats_rig){.db = testdb_open(LINKS_SESSION_OPTIONS)};
    fc_arena_init(&rig->arena, memory, BATCH_ARENA_BYTES);
    rig->job = (struct stats_job){.db = rig->db, .worker = name};
    struct job_port job = stats_job_port(&rig->job);

    cycle_init(&rig->cycle, &queue, &job, &rig->arena, 1);
}

void stats_rig_close(struct stats_rig *rig)
{
    db_close(rig->db);
    sim_queue_reset(&rig->queue);
    free(rig->arena.ptr);
    *rig = (struct stats_rig){0};
}

void stats_rig_tell(struct stats_rig *rig, const char *bytes)
{
    sim_queue_publish(&rig->queue, fc_str_of(bytes));
}

static void rig_step(struct stats_rig *rig)
{
    struct cycle_step step;

    if (cycle_do_step(&rig->cycle, worker_instant(0), &step, &rig->err) == FC_FAIL)
        fail_msg("%s: %s (%s)", rig->err.where, rig->err.text, rig->err.code);
}

void stats_rig_hear(struct stats_rig *rig, struct fc_str told)
{
    static const char head[] = "firstcome.events|order|firstcome.events.v1|durable|";
    static char message[MESSAGE_BYTES_MAX];

    while (told.len > 0) {
        struct fc_str line = fc_str_cut(&told, '\n');

        if (!fc_str_starts_with(line, fc_str_of(head)))
            continue;
        line = (struct fc_str){line.ptr + sizeof(head) - 1, line.len - sizeof(head) + 1};
        assert_true(fc_str_copy(line, message, sizeof(message)));
        stats_rig_tell(rig, message);
    }
}

void stats_rig_run(struct stats_rig *rig)
{
    while (!sim_queue_is_empty(&rig->queue) || !cycle_is_between(&rig->cycle))
        rig_step(rig);
}

void stats_rig_run_to(struct stats_rig *rig, enum cycle_phase phase)
{
    while (rig->cycle.phase != phase)
        rig_step(rig);
}

void stats_rig_die(struct stats_rig *rig)
{
    cycle_drop(&rig->cycle);
    sim_queue_return(&rig->queue);
    db_close(rig->db);
    rig->db = rig->job.db = testdb_open(LINKS_SESSION_OPTIONS);
}

struct fc_str stats_rig_rows(struct stats_rig *rig)
{
    return worker_rows_text(rig->db, rows_query);
}

/* --- events ----------------------------------------------------------------------------------- */

#define TEXT_BYTES ((size_t)64 * 1024)

static struct fc_buf text_begin(void)
{
    static char texts[16][TEXT_BYTES];
    static size_t next;

    return fc_buf_of(texts[next++ % FC_ARRAY_COUNT(texts)], TEXT_BYTES);
}

static const char *text_end(struct fc_buf *buf)
{
    fc_buf_put_char(buf, '\0');
    assert_false(buf->overflow);
    return buf->ptr;
}

const char *stats_line(int option, int product, const char *category, long long quantity,
                       long long unit_price)
{
    struct fc_buf buf = text_begin();

    fc_buf_put_fmt(&buf,
                   "{\"option_id\":%d,\"product_id\":%d,\"quantity\":%lld,\"unit_price\":%lld",
                   option, product, quantity, unit_price);
    if (category[0] != '\0')
        fc_buf_put_fmt(&buf, ",\"category\":\"%s\"", category);
    fc_buf_put_char(&buf, '}');
    return text_end(&buf);
}

const char *stats_order(const char *word, const char *day, const char *lines, const char *previous)
{
    struct fc_buf buf = text_begin();

    fc_buf_put_fmt(&buf,
                   "{\"type\":\"order.%s\",\"subject\":\"order:" WORKER_ID_HEAD "1\","
                   "\"version\":1,\"data\":{\"day\":\"%s\",\"lines\":[%s]",
                   word, day, lines);
    if (previous != NULL)
        fc_buf_put_fmt(&buf, ",\"previous\":[%s]", previous);
    fc_buf_put_text(&buf, "}}");
    return text_end(&buf);
}

const char *stats_closing(const char *day)
{
    struct fc_buf buf = text_begin();

    fc_buf_put_fmt(&buf,
                   "{\"type\":\"day.closed\",\"subject\":\"day:%s\",\"version\":1,"
                   "\"data\":{\"day\":\"%s\"}}",
                   day, day);
    return text_end(&buf);
}

static struct fc_uuid command_id(int n)
{
    char text[FC_UUID_TEXT_BYTES + 1];
    struct fc_uuid id;

    (void)snprintf(text, sizeof(text), WORKER_ID_FMT, (unsigned)n);
    assert_true(fc_uuid_parse(fc_str_of(text), &id));
    return id;
}

const char *stats_told(int n, int64_t seconds, const char *events)
{
    const struct wire_event_origin origin = {command_id(n), worker_instant(seconds), FC_STR_NONE};
    struct fc_buf list = text_begin();
    struct fc_buf buf = text_begin();
    struct fc_str event;

    fc_buf_put_fmt(&list, "[%s]", events);
    struct fc_str rest = fc_str_of(text_end(&list));

    for (int32_t index = 0; wire_events_next(&rest, &event); index++) {
        fc_buf_put_char(&buf, index == 0 ? '[' : ',');
        wire_event_announce(&buf, &origin, index, event);
    }
    fc_buf_put_char(&buf, ']');
    return text_end(&buf);
}

const char *stats_rig_decide(struct stats_rig *rig, int n, int64_t seconds, const char *events)
{
    struct fc_buf buf = text_begin();

    fc_buf_put_fmt(&buf,
                   "insert into journal (command_id, type, partition, key, accepted_at, decided_at,"
                   " body, result, events) values ('" WORKER_ID_FMT "', 'order.place', 1, 'user:7',"
                   " now(), '" WORKER_NOW_ROW "'::timestamptz + %lld * interval '1s', '{}', '{}',"
                   " $events$[%s]$events$)",
                   (unsigned)n, (long long)seconds, events);
    testdb_run(rig->db, text_end(&buf));
    return stats_told(n, seconds, events);
}
