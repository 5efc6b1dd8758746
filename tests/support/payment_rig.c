#include "support/payment_rig.h"

#include "host/clock.h"
#include "skeleton/links.h"
#include "support/expect.h"
#include "support/worker_rows.h"
#include "wire/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTITIONS 16
/* Longer than any test that does not say otherwise. */
#define PATIENCE_MS 600000
#define TEXTS 8
#define TEXT_BYTES 1024

/* --- ports ------------------------------------------------------------------------------------ */

static enum fc_rc queue_next(void *arg, struct mq_delivery *ret_delivery, bool *ret_got,
                             struct fc_err *ret_err)
{
    struct payment_rig *rig = arg;

    (void)ret_err;
    *ret_got = sim_queue_next(&rig->queue, 0, ret_delivery);
    return FC_OK;
}

static enum fc_rc queue_ack(void *arg, int32_t source, uint64_t tag, struct fc_err *ret_err)
{
    struct payment_rig *rig = arg;

    (void)ret_err;
    assert_int_equal(source, 0);
    sim_queue_ack(&rig->queue, tag);
    return FC_OK;
}

static enum fc_rc announce_put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    static const char *const outcomes[] = {"approved", "declined", "timed_out"};
    struct payment_rig *rig = arg;
    struct wire_message parsed;

    (void)ret_err;
    if (message->exchange.len == 0) {
        assert_str_equal(message->routing_key, "payment.0");
        sim_queue_publish(&rig->queue, message->body);
        return FC_OK;
    }
    assert_str_equal(message->exchange, "firstcome.commands");
    assert_true(wire_message_parse(message->body, testdb_arena(), &parsed));
    assert_int_equal(parsed.command_count, 1);
    const struct payment_settle *settle = &parsed.commands[0].command.body.payment_settle;

    fc_buf_put(&rig->told, message->routing_key);
    fc_buf_put_fmt(&rig->told, "|%s|%d|" FC_STR_FMT "\n", outcomes[settle->outcome],
                   (int)settle->order_id.bytes[15], FC_STR_ARG(settle->payment_id));
    assert_false(rig->told.overflow);
    return FC_OK;
}

static enum fc_rc announce_wait(void *arg, struct fc_err *ret_err)
{
    struct payment_rig *rig = arg;

    if (rig->refused_waits == 0)
        return FC_OK;
    rig->refused_waits--;
    return fc_err_set(ret_err, FC_CURE_RETRY, "test", "the broker refused an announcement");
}

/* --- the worker ------------------------------------------------------------------------------- */

static void start(struct payment_rig *rig)
{
    const struct worker_context context = {
        {rig, announce_put, announce_wait, announce_wait}, "payment-1", 1, PARTITIONS};
    const struct queue_port queue = {rig, queue_next, queue_ack};

    payment_job_init(&rig->job, &rig->settings, rig->outgoing, &context);
    rig->job.db = rig->db;
    struct job_port job = payment_job_port(&rig->job);

    cycle_init(&rig->cycle, &queue, &job, &rig->arena, 1);
}

void payment_rig_open(struct payment_rig *rig, scripted_fn *reply)
{
    void *memory = aligned_alloc(4096, BATCH_ARENA_BYTES);

    assert_non_null(memory);
    *rig = (struct payment_rig){.db = testdb_open(LINKS_SESSION_OPTIONS)};
    rig->told = fc_buf_of(rig->told_bytes, sizeof(rig->told_bytes));
    scripted_start(&rig->gateway, reply);
    rig->settings = (struct payment_settings){
        .gateway = {.connect_ms = 2000, .total_ms = 5000},
        .rules = {.attempts = 3, .pause_min_ms = 1, .pause_max_ms = 20, .margin_ms = 1000},
        .breaker_failures = 50,
        .breaker_open_ms = 20,
        .patience_ms = PATIENCE_MS,
    };
    (void)snprintf(rig->settings.gateway.url, sizeof(rig->settings.gateway.url), "%s",
                   rig->gateway.url);
    fc_arena_init(&rig->arena, memory, BATCH_ARENA_BYTES);
    if (outgoing_open("firstcome-test", &rig->outgoing, &rig->err) == FC_FAIL)
        fail_msg("%s", rig->err.text);
    start(rig);
}

void payment_rig_close(struct payment_rig *rig)
{
    outgoing_close(rig->outgoing);
    scripted_stop(&rig->gateway);
    db_close(rig->db);
    sim_queue_reset(&rig->queue);
    free(rig->arena.ptr);
}

void payment_rig_die(struct payment_rig *rig)
{
    struct fc_err err;

    cycle_drop(&rig->cycle);
    sim_queue_return(&rig->queue);
    outgoing_close(rig->outgoing);
    db_close(rig->db);
    rig->db = testdb_open(LINKS_SESSION_OPTIONS);
    assert_int_equal(outgoing_open("firstcome-test", &rig->outgoing, &err), FC_OK);
    start(rig);
}

/* FC_FAIL: trouble that is not tried again. */
static enum fc_rc rig_step(struct payment_rig *rig)
{
    struct cycle_step step;

    if (cycle_do_step(&rig->cycle, worker_instant(0), &step, &rig->err) == FC_FAIL)
        return rig->err.cure == FC_CURE_RETRY ? FC_OK : FC_FAIL;
    rig->again += step.again;
    return FC_OK;
}

static void must_step(struct payment_rig *rig)
{
    if (rig_step(rig) == FC_FAIL)
        fail_msg("%s: %s (%s)", rig->err.where, rig->err.text, rig->err.code);
}

void payment_rig_run(struct payment_rig *rig)
{
    while (!sim_queue_is_empty(&rig->queue) || !cycle_is_between(&rig->cycle))
        must_step(rig);
}

void payment_rig_run_to(struct payment_rig *rig, enum cycle_phase phase)
{
    while (rig->cycle.phase != phase)
        must_step(rig);
}

void payment_rig_run_to_again(struct payment_rig *rig)
{
    int64_t before = rig->again;

    while (rig->again == before)
        must_step(rig);
}

void payment_rig_run_into(struct payment_rig *rig, enum fc_cure cure)
{
    while (rig_step(rig) == FC_OK)
        ;
    assert_int_equal(rig->err.cure, cure);
}

const char *payment_rig_told(struct payment_rig *rig)
{
    fc_buf_put_char(&rig->told, '\0');
    assert_false(rig->told.overflow);
    rig->told = fc_buf_of(rig->told_bytes, sizeof(rig->told_bytes));
    return rig->told_bytes;
}

/* --- events ----------------------------------------------------------------------------------- */

#define ANNOUNCED                                                                      \
    "{\"id\":\"" WORKER_ID_FMT                                                         \
    "\",\"at\":\"2026-02-01T00:00:00Z\",\"command_id\":\"" WORKER_ID_FMT               \
    "\",\"type\":\"%s\",\"subject\":\"order:x\",\"version\":1,\"data\":{\"order_id\":" \
    "\"" WORKER_ID_FMT "\",\"user_id\":7,"

void payment_rig_tell(struct payment_rig *rig, const char *bytes)
{
    sim_queue_publish(&rig->queue, fc_str_of(bytes));
}

static char *next_text(void)
{
    static char texts[TEXTS][TEXT_BYTES];
    static int at;

    at = (at + 1) % TEXTS;
    return texts[at];
}

const char *payment_rig_placed(int n, int64_t amount, int64_t expires_s)
{
    char *text = next_text();
    char instant[FC_INSTANT_TEXT_BYTES + 1] = "";
    struct fc_buf buf = fc_buf_of(instant, FC_INSTANT_TEXT_BYTES);
    struct fc_instant expires_at = {fc_clock_now().us + expires_s * FC_US_PER_S};

    fc_instant_put(&buf, expires_at);
    (void)snprintf(text, TEXT_BYTES,
                   "[" ANNOUNCED
                   "\"key\":\"user:7\",\"total\":%lld,\"discount\":0,\"paid\":%lld,\"payment\":"
                   "{\"method\":\"bank_transfer\",\"from_balance\":600,\"transfer_rate\":500,"
                   "\"transfer_discount\":0},\"ordered_at\":\"2026-01-31T14:59:59.999999Z\","
                   "\"day\":\"2026-01-31\",\"lines\":[{\"option_id\":13,\"product_id\":3,"
                   "\"quantity\":1,\"unit_price\":2600}],\"expires_at\":\"%s\"}}]",
                   0x1000u + (unsigned)n, (unsigned)n, "order.placed", (unsigned)n,
                   (long long)amount + 600, (long long)amount + 600, instant);
    return text;
}

const char *payment_rig_failed(int n, const char *failure)
{
    char *text = next_text();

    (void)snprintf(text, TEXT_BYTES,
                   "[" ANNOUNCED "\"payment\":{\"method\":\"bank_transfer\"},\"failure\":\"%s\"}}]",
                   0x2000u + (unsigned)n, 0x2000u + (unsigned)n, "order.failed", (unsigned)n,
                   failure);
    return text;
}

/* --- the gateway's side ----------------------------------------------------------------------- */

enum gateway_call payment_rig_call(struct fc_str request, int32_t *ret_n, char ret_order[40])
{
    struct fc_str line = fc_str_cut(&request, '\r');
    enum gateway_call call = GATEWAY_ASK;
    struct fc_uuid order_id = {{0}};
    const char *at;

    if (fc_str_starts_with(line, FC_STR("GET ")))
        call = GATEWAY_LOOK;
    else if (line.len > 20 && memcmp(line.ptr + line.len - 14, "/void HTTP/1.1", 14) == 0)
        call = GATEWAY_VOID;
    at = call == GATEWAY_ASK ? strstr(request.ptr, "Idempotency-Key: ") : line.ptr;
    at += call == GATEWAY_ASK
              ? strlen("Idempotency-Key: ")
              : (size_t)(strstr(at, "/v1/payments/") - at) + strlen("/v1/payments/");
    (void)fc_str_copy((struct fc_str){at, FC_UUID_TEXT_BYTES}, ret_order, 40);
    *ret_n = fc_uuid_parse(fc_str_of(ret_order), &order_id) ? order_id.bytes[15] : -1;
    return call;
}

const char *payment_rig_asked(struct payment_rig *rig)
{
    static char request[SCRIPTED_REQUEST_BYTES_MAX];
    static char text[32];
    char order[40];
    int32_t n;

    scripted_asked(&rig->gateway, request);
    enum gateway_call call = payment_rig_call(fc_str_of(request), &n, order);

    (void)snprintf(text, sizeof(text), "%s %d", gateway_call_name(call), (int)n);
    return text;
}

void payment_rig_say(struct scripted_reply *reply, const char *order, const char *status)
{
    char json[160];

    (void)snprintf(json, sizeof(json),
                   "{\"order_id\":\"%s\",\"status\":\"%s\",\"payment_id\":\"p\"}", order, status);
    scripted_json(reply, 200, json);
}
