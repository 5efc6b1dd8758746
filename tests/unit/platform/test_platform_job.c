/*
 * The job against a platform and a database that are played here: time passes only while it waits,
 * answers come by a script. What is linked in their place stands at the end of the first part.
 */
#include "platform/platform_job.h"

#include "host/log.h"
#include "support/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ARENA_BYTES (8 * 1024 * 1024)
#define ANSWERS_MAX 64
#define BODY_BYTES_MAX 65536

/* What the platform says to the next requests; behind the last one it takes everything. */
struct scripted {
    enum outgoing_fate fate;
    int32_t status;
    int32_t retry_after_s;
    int32_t after_ms;
};

struct asked {
    char body[BODY_BYTES_MAX];
    char headers[4][WEBHOOK_HEADER_BYTES_MAX];
    int64_t at_ms;
};

static struct scripted script[ANSWERS_MAX];
static int32_t script_count;
static struct asked asked[ANSWERS_MAX];
static int32_t asked_count;
static bool under_way;
static int32_t abort_count;
static int64_t now_us;
static enum fc_cure database_trouble; /* FC_CURE_COUNT: none */
static int32_t exchange_count;
static int32_t parked_count;
static char parked[4][2][512]; /* reason and bytes */

static struct platform_job job;
static struct job_port port;
static struct batch batch;
static struct fc_arena arena;

/* --- instead of the clock --------------------------------------------------------------------- */

struct fc_instant fc_clock_now(void)
{
    return (struct fc_instant){1767225600 * FC_US_PER_S + now_us};
}

struct fc_mono fc_clock_mono(void)
{
    return (struct fc_mono){now_us};
}

int64_t fc_clock_ms_since(struct fc_mono since)
{
    return (now_us - since.us) / 1000;
}

/* --- instead of HTTP -------------------------------------------------------------------------- */

enum fc_rc outgoing_open(const char *agent, struct outgoing **ret_outgoing, struct fc_err *ret_err)
{
    static char something;

    (void)agent;
    (void)ret_err;
    *ret_outgoing = (struct outgoing *)(void *)&something;
    return FC_OK;
}

void outgoing_start(struct outgoing *outgoing, const struct outgoing_request *request, int64_t tag)
{
    struct asked *put = &asked[asked_count++];

    (void)outgoing;
    (void)tag;
    assert_false(under_way);
    assert_true(asked_count <= ANSWERS_MAX);
    assert_string_equal(request->url, "http://platform.example/events");
    assert_true(request->body.len < BODY_BYTES_MAX);
    memcpy(put->body, request->body.ptr, request->body.len);
    put->body[request->body.len] = '\0';
    assert_int_equal(request->header_count, 4);
    for (int32_t i = 0; i < 4; i++)
        (void)fc_str_copy(fc_str_of(request->headers[i]), put->headers[i], sizeof(put->headers[i]));
    put->at_ms = now_us / 1000;
    under_way = true;
}

void outgoing_abort(struct outgoing *outgoing)
{
    (void)outgoing;
    under_way = false;
    abort_count++;
}

void outgoing_turn(struct outgoing *outgoing, int32_t wait_ms, outgoing_finished_fn *finished,
                   void *arg)
{
    static const struct scripted takes = {OUTGOING_ANSWERED, 200, -1, 1};
    struct scripted *next = &script[asked_count - 1];
    const struct scripted *says = asked_count > script_count ? &takes : next;
    struct outgoing_answer answer = {says->fate, says->status, FC_STR("{\"why\":\"because\n\"}"),
                                     says->retry_after_s, "gone"};

    (void)outgoing;
    assert_true(wait_ms > 0);
    assert_true(wait_ms <= GATHER_WAIT_MS_MAX);
    if (!under_way || says->after_ms > wait_ms) {
        now_us += wait_ms * 1000LL;
        if (under_way)
            next->after_ms -= wait_ms;
        return;
    }
    now_us += says->after_ms * 1000LL;
    under_way = false;
    finished(arg, 0, &answer);
}

/* --- instead of the database ------------------------------------------------------------------ */

void db_send(struct db *db, const struct sql_query *query, const struct db_params *params)
{
    (void)db;
    (void)query;
    (void)params;
}

void record_parked_rows(struct exchange *exchange, const struct parked_row *rows, int32_t count,
                        const char *worker)
{
    (void)exchange;
    assert_string_equal(worker, "platform-1");
    parked_count = count;
    for (int32_t i = 0; i < count && i < 4; i++) {
        assert_str_equal(rows[i].queue, "platform.0");
        (void)fc_str_copy(rows[i].reason, parked[i][0], sizeof(parked[i][0]));
        (void)fc_str_copy(rows[i].bytes, parked[i][1], sizeof(parked[i][1]));
    }
}

enum fc_rc db_exchange(struct db *db, struct fc_err *ret_err)
{
    (void)db;
    exchange_count++;
    if (database_trouble == FC_CURE_COUNT)
        return FC_OK;
    return fc_err_set(ret_err, database_trouble, "test", "trouble that was asked for");
}

/* --- what the tests do ------------------------------------------------------------------------ */

static int setup(void **state)
{
    static void *memory;

    (void)state;
    if (memory == NULL)
        memory = malloc(ARENA_BYTES);
    assert_non_null(memory);
    fc_arena_init(&arena, memory, ARENA_BYTES);
    memset(&job, 0, sizeof(job));
    memset(script, 0, sizeof(script));
    script_count = asked_count = exchange_count = parked_count = abort_count = 0;
    under_way = false;
    now_us = 0;
    database_trouble = FC_CURE_COUNT;
    job.settings =
        (struct platform_settings){"http://platform.example/events", SECRET, 2000, 10000};
    job.worker = "platform-1";
    port = platform_job_port(&job);
    batch = (struct batch){.arena = &arena};
    port.begin(port.arg, &batch);
    return 0;
}

static void say(int32_t status, int32_t retry_after_s)
{
    script[script_count++] = (struct scripted){status > 0 ? OUTGOING_ANSWERED : OUTGOING_NO_ANSWER,
                                               status, retry_after_s, 1};
}

static void take(const char *body)
{
    const struct mq_delivery delivery = {.body = fc_str_of(body), .delivery_count = 1};

    port.take(port.arg, &batch, &delivery);
}

#define EVENT(n, type)                                                                       \
    "{\"id\":\"00000000-0000-8000-8000-00000000000" #n "\",\"type\":\"" type "\",\"data\":{" \
    "\"order_id\":\"00000000-0000-8000-8000-0000000000a" #n "\"}}"
#define PAID(n) EVENT(n, "order.paid")

/* Until it is done; each call is a turn of the worker's loop. */
static enum fc_rc commit(struct fc_err *ret_err)
{
    for (int32_t turn = 0; turn < 100000; turn++) {
        int64_t since_us = now_us;

        if (port.commit(port.arg, &batch, ret_err) == FC_OK)
            return FC_OK;
        assert_true(now_us - since_us <= GATHER_WAIT_MS_MAX * 1000LL);
        if (ret_err->cure != FC_CURE_AGAIN)
            return FC_FAIL;
    }
    fail_msg("it never ends");
    return FC_FAIL;
}

static void commit_well(void)
{
    struct fc_err err;

    if (commit(&err) != FC_OK)
        fail_msg("%s", err.text);
}

static void test_platform_a_batch_is_one_signed_message(void **state)
{
    struct webhook_headers headers;
    char id[WEBHOOK_ID_TEXT_BYTES + 1];
    const char *body = PAID(1) "\n" EVENT(2, "order.cancelled") "\n" PAID(3) "\n";

    (void)state;
    take("[" PAID(1) ",\n" EVENT(4, "order.shipped") ",\n" EVENT(2, "order.cancelled") "]");
    take("[" PAID(3) "]");
    assert_int_equal(batch.item_count, 3);
    commit_well();
    assert_int_equal(asked_count, 1);
    assert_string_equal(asked[0].body, body);
    webhook_id_of(fc_str_of(body), id);
    webhook_sign(&job.key, id, fc_clock_now(), fc_str_of(body), &headers);
    assert_string_equal(asked[0].headers[0], "Content-Type: application/x-ndjson");
    assert_string_equal(asked[0].headers[1], headers.id);
    assert_string_equal(asked[0].headers[2], headers.timestamp);
    assert_string_equal(asked[0].headers[3], headers.signature);
    assert_int_equal(job.told, 3);
}

static void test_platform_nothing_to_tell_is_no_request(void **state)
{
    (void)state;
    take("[" EVENT(1, "order.shipped") "]");
    commit_well();
    assert_int_equal(asked_count, 0);
    assert_int_equal(exchange_count, 0);
}

/* The same message, with the time of the attempt; nothing else is sent in between. */
static void test_platform_trouble_is_tried_again_for_ever(void **state)
{
    static const int32_t statuses[] = {500, 0, 429, 503, 0, 408, 425, 302, 401, 404};

    (void)state;
    for (size_t round = 0; round < 5; round++)
        for (size_t i = 0; i < FC_ARRAY_COUNT(statuses); i++)
            say(statuses[i], -1);
    take("[" PAID(1) "]");
    take("[" PAID(2) "]");
    commit_well();
    assert_int_equal(asked_count, 51);
    for (int32_t i = 1; i < asked_count; i++) {
        assert_string_equal(asked[i].body, PAID(1) "\n" PAID(2) "\n");
        assert_string_equal(asked[i].headers[1], asked[0].headers[1]);
        assert_true(asked[i].at_ms >= asked[i - 1].at_ms + RETRY_SLEEP_MS_MIN);
    }
    assert_string_not_equal(asked[50].headers[2], asked[0].headers[2]);
    assert_int_equal(job.failures, 50);
    assert_false(job.failing);
    assert_int_equal(parked_count, 0);
}

static void test_platform_retry_after_is_waited_for(void **state)
{
    (void)state;
    say(429, 7);
    say(503, 1000000);
    take("[" PAID(1) "]");
    commit_well();
    assert_int_equal(asked_count, 3);
    assert_true(asked[1].at_ms - asked[0].at_ms >= 7000);
    assert_true(asked[1].at_ms - asked[0].at_ms < 8000);
    assert_true(asked[2].at_ms - asked[1].at_ms >= PLATFORM_RETRY_AFTER_S_MAX * 1000LL);
    assert_true(asked[2].at_ms - asked[1].at_ms < PLATFORM_RETRY_AFTER_S_MAX * 1000LL + 1000);
}

static void test_platform_a_slow_answer_is_waited_for_in_turns(void **state)
{
    (void)state;
    script[script_count++] = (struct scripted){OUTGOING_ANSWERED, 200, -1, 9000};
    take("[" PAID(1) "]");
    commit_well();
    assert_int_equal(asked_count, 1);
    assert_true(now_us >= 9000000);
}

/* Three events, the second refused: the first two halves find it, the others go through in order,
 * and what is parked is a message again. */
static void test_platform_a_refused_event_is_parked_alone(void **state)
{
    (void)state;
    say(422, -1);
    say(200, -1);
    say(422, -1);
    take("[" PAID(1) "," PAID(2) "," PAID(3) "]");
    commit_well();
    assert_int_equal(asked_count, 4);
    assert_string_equal(asked[1].body, PAID(1) "\n");
    assert_string_equal(asked[2].body, PAID(2) "\n");
    assert_string_equal(asked[3].body, PAID(3) "\n");
    assert_int_equal(parked_count, 1);
    assert_string_equal(parked[0][0], "the data platform answered 422: {\"why\":\"because?\"}");
    assert_string_equal(parked[0][1], "[" PAID(2) "]");
    assert_int_equal(exchange_count, 1);
    assert_int_equal(job.told, 2);
    assert_int_equal(job.parked, 1);
}

/* The database is away for a moment: what was told is not told again for it. */
static void test_platform_parking_is_tried_again_by_itself(void **state)
{
    struct fc_err err;

    (void)state;
    say(400, -1);
    take("[" PAID(1) "]");
    database_trouble = FC_CURE_RETRY;
    assert_int_equal(commit(&err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RETRY);
    assert_int_equal(job.parked, 0);
    database_trouble = FC_CURE_COUNT;
    commit_well();
    assert_int_equal(asked_count, 1);
    assert_int_equal(parked_count, 1);
    assert_int_equal(job.parked, 1);
}

static void test_platform_a_message_that_is_none_is_parked_untold(void **state)
{
    (void)state;
    take("this is no JSON");
    take("[" PAID(1) "]");
    assert_int_equal(batch.item_count, 2);
    commit_well();
    assert_int_equal(asked_count, 1);
    assert_string_equal(asked[0].body, PAID(1) "\n");
    assert_int_equal(parked_count, 1);
    assert_string_equal(parked[0][1], "this is no JSON");
    assert_true(strlen(parked[0][0]) > 0);
}

/* A batch that was dropped leaves nothing under way, and the next one begins anew. */
static void test_platform_a_dropped_batch_is_forgotten(void **state)
{
    struct fc_err err;

    (void)state;
    script[script_count++] = (struct scripted){OUTGOING_ANSWERED, 200, -1, 9000};
    take("[" PAID(1) "]");
    assert_int_equal(port.commit(port.arg, &batch, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_AGAIN);
    assert_true(under_way);
    fc_arena_reset(&arena);
    batch = (struct batch){.arena = &arena};
    port.begin(port.arg, &batch);
    assert_false(under_way);
    assert_int_equal(abort_count, 1);
    take("[" PAID(2) "]");
    commit_well();
    assert_int_equal(asked_count, 2);
    assert_string_equal(asked[1].body, PAID(2) "\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_platform_a_batch_is_one_signed_message, setup),
        cmocka_unit_test_setup(test_platform_nothing_to_tell_is_no_request, setup),
        cmocka_unit_test_setup(test_platform_trouble_is_tried_again_for_ever, setup),
        cmocka_unit_test_setup(test_platform_retry_after_is_waited_for, setup),
        cmocka_unit_test_setup(test_platform_a_slow_answer_is_waited_for_in_turns, setup),
        cmocka_unit_test_setup(test_platform_a_refused_event_is_parked_alone, setup),
        cmocka_unit_test_setup(test_platform_parking_is_tried_again_by_itself, setup),
        cmocka_unit_test_setup(test_platform_a_message_that_is_none_is_parked_untold, setup),
        cmocka_unit_test_setup(test_platform_a_dropped_batch_is_forgotten, setup),
    };
    const struct fc_log_settings quiet = {.level = FC_LOG_FATAL};

    fc_log_init(&quiet);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
