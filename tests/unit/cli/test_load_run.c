/*
 * Runs against a server of a process of its own that answers what no library's server would
 * (support/scripted.h): what is counted, and that a connection that ended is opened anew.
 */
#include "support/expect.h"

#include "producer/cli/load_run.h"
#include "support/scripted.h"

static struct scripted server;
static struct load_run run;
static struct load_writer writer;

static const struct load_world world = {.users = 10,
                                        .first_user = 1,
                                        .templates = 1,
                                        .first_template = 1,
                                        .options = 1,
                                        .first_option = 1,
                                        .lines = 1,
                                        .path = "/"};

struct wanted {
    int32_t lanes;
    int64_t requests;
    int64_t rate;
    int32_t timeout_ms;
};

/* Requests against a server that answers like that; the wire is closed in the end. */
static void run_against(scripted_fn *reply, struct wanted wanted)
{
    struct load_wire *wire = NULL;
    struct load_manner manner = {.wait_s = 0};
    struct load_work work = {.kind = LOAD_CHARGES, .world = &world, .chance = {1}};
    struct fc_err err;

    scripted_start(&server, reply);
    struct load_wire_settings settings = {.urls = server.url,
                                          .lane_count = wanted.lanes,
                                          .timeout_ms = wanted.timeout_ms,
                                          .wake_fd = -1};

    assert_int_equal(load_wire_open(&settings, &wire, &err), FC_OK);
    manner.hosts[0] = load_wire_host(wire, 0);
    assert_true(load_writer_init(&writer, &manner, 1));
    struct load_run_settings run_settings = {.wire = wire,
                                             .writer = &writer,
                                             .work = &work,
                                             .reading = {.documents = true, .positions = true},
                                             .lane_count = wanted.lanes,
                                             .timeout_ms = wanted.timeout_ms,
                                             .rate = wanted.rate,
                                             .requests = wanted.requests,
                                             .keep_records = true};

    assert_true(load_run(&run, &run_settings));
    load_wire_close(wire);
    scripted_stop(&server);
    assert_int_equal(run.sent, wanted.requests);
}

static void says(struct scripted_reply *reply, const char *text)
{
    fc_buf_put_text(&reply->text, text);
}

static void plain(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)number;
    (void)request;
    scripted_json(reply, 201, "{\"order_id\":1}");
}

static void test_load_run_sends_as_many_as_asked_for(void **state)
{
    (void)state;
    run_against(plain, (struct wanted){.lanes = 4, .requests = 100, .timeout_ms = 5000});
    assert_int_equal(run.tally.answered.all, 100);
    assert_int_equal(run.tally.answered.measured, 100);
    assert_int_equal(run.tally.statuses[201].measured, 100);
    assert_int_equal(run.tally.latency_us.count, 100);
    for (int64_t i = 0; i < 100; i++) {
        assert_true(run.records[i].answered_us >= run.records[i].sent_us);
        assert_int_equal(run.records[i].status, 201);
    }
}

static void test_load_run_open_loop_keeps_to_its_plan(void **state)
{
    (void)state;
    run_against(plain,
                (struct wanted){.lanes = 4, .requests = 100, .rate = 2000, .timeout_ms = 5000});
    assert_int_equal(run.tally.answered.all, 100);
    for (int64_t i = 0; i < 100; i++) {
        assert_true(run.records[i].sent_us >= run.records[i].planned_us);
        assert_true(i == 0 || run.records[i].planned_us >= run.records[i - 1].planned_us);
    }
    /* Whatever the machine did meanwhile. */
    assert_true(run.tally.latency_us.sum_us >= run.tally.service_us.sum_us);
    assert_int_equal(run.tally.unsent, 0);
}

static void standing_still(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)request;
    if (number == 0)
        reply->manner = SCRIPTED_HANG;
    else
        scripted_json(reply, 200, "{}");
}

static void test_load_run_what_waits_for_a_free_client_grows_older(void **state)
{
    const int64_t patience_us = 300000;

    (void)state;
    run_against(standing_still,
                (struct wanted){.lanes = 1, .requests = 20, .rate = 2000, .timeout_ms = 300});
    assert_int_equal(run.tally.fates[LOAD_TIMEOUT].all, 1);
    assert_int_equal(run.tally.latency_us.count, 20);
    /* None could go out before the first was given up, and all were planned long before. */
    int64_t planned_us = run.records[19].planned_us - run.records[0].planned_us;

    assert_in_range(planned_us, 1000, patience_us / 2);
    assert_true(run.tally.latency_us.min_us >= patience_us - planned_us);
    assert_in_range(run.tally.late, 19, 20);
}

static void closing(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)request;
    if (number % 2 == 0) {
        scripted_json(reply, 200, "{}");
        return;
    }
    says(reply, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
    reply->manner = SCRIPTED_SAY_CLOSE;
}

static void test_load_run_goes_on_over_a_new_connection_when_one_is_closed(void **state)
{
    (void)state;
    run_against(closing, (struct wanted){.lanes = 2, .requests = 20, .timeout_ms = 5000});
    assert_int_equal(run.tally.statuses[200].all, 20);
    assert_int_equal(run.tally.fates[LOAD_CUT].all, 0);
}

static void breaking(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)request;
    switch (number) {
    case 0:
        reply->manner = SCRIPTED_RESET;
        return;
    case 1:
        says(reply, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        reply->manner = SCRIPTED_SAY_CLOSE;
        return;
    case 2:
        says(reply, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        return;
    case 3:
        says(reply, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}more");
        return;
    case 4:
        reply->manner = SCRIPTED_HANG;
        return;
    default:
        scripted_json(reply, 200, "{}");
        return;
    }
}

static void test_load_run_counts_each_way_in_which_no_answer_came(void **state)
{
    (void)state;
    run_against(breaking, (struct wanted){.lanes = 1, .requests = 8, .timeout_ms = 300});
    assert_int_equal(run.tally.fates[LOAD_CUT].all, 2);
    assert_int_equal(run.tally.fates[LOAD_BAD].all, 2);
    assert_int_equal(run.tally.fates[LOAD_TIMEOUT].all, 1);
    assert_int_equal(run.tally.answered.all, 3);
    /* What was given up is not left out of the latencies. */
    assert_int_equal(run.tally.latency_us.count, 4);
    assert_true(run.tally.latency_us.max_us >= 300000);
}

static void large(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    const int32_t bytes = 200 * 1024;

    (void)number;
    (void)request;
    fc_buf_put_fmt(&reply->text, "HTTP/1.1 409 Conflict\r\nContent-Length: %d\r\n\r\n%s",
                   (int)bytes, "{\"code\":\"name_taken\",\"rest\":\"");
    for (int32_t i = 29; i < bytes; i++)
        fc_buf_put_char(&reply->text, 'x');
}

static void test_load_run_reads_answers_larger_than_any_buffer(void **state)
{
    (void)state;
    run_against(large, (struct wanted){.lanes = 2, .requests = 6, .timeout_ms = 5000});
    assert_int_equal(run.tally.statuses[409].all, 6);
    assert_int_equal(run.tally.fates[LOAD_BAD].all, 0);
    assert_int_equal(run.tally.codes[0].count.all, 6);
    assert_string_equal(run.tally.codes[0].name, "name_taken");
}

static void test_load_run_against_nobody_is_out_of_reach(void **state)
{
    struct load_wire *wire = NULL;
    char url[64];
    struct fc_buf buf = fc_buf_of(url, sizeof(url) - 1);
    struct fc_err err;

    (void)state;
    fc_buf_put_fmt(&buf, "http://127.0.0.1:%d", (int)scripted_closed_port());
    url[buf.len] = '\0';
    struct load_wire_settings settings = {
        .urls = url, .lane_count = 2, .timeout_ms = 1000, .wake_fd = -1};

    assert_int_equal(load_wire_open(&settings, &wire, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    settings.urls = "https://127.0.0.1";
    assert_int_equal(load_wire_open(&settings, &wire, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_EXIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load_run_sends_as_many_as_asked_for),
        cmocka_unit_test(test_load_run_open_loop_keeps_to_its_plan),
        cmocka_unit_test(test_load_run_what_waits_for_a_free_client_grows_older),
        cmocka_unit_test(test_load_run_goes_on_over_a_new_connection_when_one_is_closed),
        cmocka_unit_test(test_load_run_counts_each_way_in_which_no_answer_came),
        cmocka_unit_test(test_load_run_reads_answers_larger_than_any_buffer),
        cmocka_unit_test(test_load_run_against_nobody_is_out_of_reach),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
