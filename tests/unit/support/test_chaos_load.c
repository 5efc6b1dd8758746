/*
 * A client of the chaos suite before an ingress that answers as it likes: what it sends, what it
 * writes down, what it waits for.
 */
#include "support/chaos_load.h"
#include "support/expect.h"
#include "support/scripted.h"

#include <stdio.h>
#include <string.h>

#define ID "01a1fe6a-c7c0-8000-95a7-b1cc2f61ec92"
#define DOCUMENT(state)                                                              \
    "{\"command_id\":\"" ID "\",\"type\":\"wallet.charge\",\"state\":\"" state "\"," \
    "\"accepted_at\":\"2026-11-21T09:02:50.726475Z\",\"result\":{\"user_id\":7}}"
#define WISHES_MAX 2

static struct {
    struct scripted server;
    struct chaos_manner manners[WISHES_MAX];
    int32_t wish_count;
    int32_t given;
    int64_t drain_s; /* 0: longer than anything takes that ends */
    char history[8192];
} rig;

static enum chaos_next next(void *arg, int64_t open, struct chaos_wish *ret_wish,
                            struct chaos_manner *ret_manner)
{
    (void)arg;
    if (rig.given == rig.wish_count)
        return CHAOS_NEXT_END;
    if (open > 0)
        return CHAOS_NEXT_LATER;
    *ret_wish = (struct chaos_wish){.kind = CHAOS_CHARGE, .user_id = 7, .amount = 1000};
    chaos_wish_key(ret_wish);
    *ret_manner = rig.manners[rig.given++];
    return CHAOS_NEXT_WISH;
}

static void note(const char *text)
{
    size_t len = strlen(rig.history);

    (void)snprintf(rig.history + len, sizeof(rig.history) - len, "%s", text);
}

/* A line of the history as "op.try what status-or-state code". */
static void note_line(const char *line)
{
    struct json_object *root = told_parse(fc_str_of(line));
    struct fc_str what = told_text(root, "what");
    struct fc_str state = told_text(root, "state");
    struct fc_str code = told_text(root, "code");
    char text[256];

    (void)snprintf(text, sizeof(text), "%d.%d " FC_STR_FMT, (int)told_int(root, "op"),
                   (int)told_int(root, "try"), FC_STR_ARG(what));
    note(text);
    (void)snprintf(text, sizeof(text), " %d", (int)told_int(root, "status"));
    note(told_int(root, "status") != 0 ? text : "");
    (void)snprintf(text, sizeof(text), " " FC_STR_FMT, FC_STR_ARG(state));
    note(state.len > 0 ? text : "");
    (void)snprintf(text, sizeof(text), " " FC_STR_FMT, FC_STR_ARG(code));
    note(code.len > 0 ? text : "");
    note("\n");
    (void)json_object_put(root);
}

static void read_history(void)
{
    static char line[HISTORY_LINE_BYTES];

    rewind(chaos_load.history);
    rig.history[0] = '\0';
    while (fgets(line, sizeof(line), chaos_load.history) != NULL)
        note_line(line);
}

static void run_at(const char *url, int32_t lane_count)
{
    struct chaos_source source = {.next = next, .per_s = 1000, .drain_s = 50};
    struct fc_err err;

    if (rig.drain_s != 0)
        source.drain_s = rig.drain_s;
    memset(&chaos_load, 0, sizeof(chaos_load));
    rig.given = 0;
    chaos_load.history = tmpfile();
    assert_non_null(chaos_load.history);
    (void)snprintf(chaos_load.name, sizeof(chaos_load.name), "test");
    chaos_choice_seed(&chaos_load.choice, 1);
    chaos_load_init(lane_count, false);
    assert_int_equal(chaos_http_open(url, "", lane_count, &err), FC_OK);
    chaos_load_run(&source, -1);
    chaos_http_close();
    read_history();
    (void)fclose(chaos_load.history);
}

static void run(scripted_fn *reply, int32_t lane_count)
{
    scripted_start(&rig.server, reply);
    run_at(rig.server.url, lane_count);
}

static int end(void **state)
{
    (void)state;
    if (rig.server.process != 0)
        scripted_stop(&rig.server);
    memset(&rig, 0, sizeof(rig));
    return 0;
}

static int32_t asked_with_key(const char *key)
{
    static char request[SCRIPTED_REQUEST_BYTES_MAX];
    int32_t count = 0;

    while (scripted_was_asked(&rig.server)) {
        scripted_asked(&rig.server, request);
        if (strncmp(request, "POST", 4) != 0)
            continue;
        assert_int_equal(strstr(request, "Idempotency-Key") != NULL, key != NULL);
        count += key == NULL || strstr(request, key) != NULL;
    }
    return count;
}

/* --- what ingresses do ------------------------------------------------------------------------ */

static void accept_it(struct scripted_reply *reply)
{
    const char *body = "{\"command_id\":\"" ID "\",\"state\":\"accepted\"}";

    fc_buf_put_fmt(&reply->text,
                   "HTTP/1.1 202 Accepted\r\nLocation: /v1/commands/" ID "\r\n"
                   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                   strlen(body), body);
}

static void fail_first(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)request;
    if (number == 0)
        scripted_json(reply, 503, "{\"code\":\"unavailable\"}");
    else if (number == 1)
        reply->manner = SCRIPTED_RESET;
    else if (number == 2)
        accept_it(reply);
    else if (number == 3)
        scripted_json(reply, 200, DOCUMENT("accepted"));
    else
        scripted_json(reply, 200, DOCUMENT("succeeded"));
}

static void decide_then_close(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)request;
    if (number == 0)
        scripted_json(reply, 200, DOCUMENT("succeeded"));
    else
        reply->manner = SCRIPTED_SAY_CLOSE;
}

static void refuse(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)number;
    (void)request;
    scripted_json(reply, 404, "{\"code\":\"unknown_user\"}");
}

static void refuse_after_waiting(int32_t number, struct fc_str request,
                                 struct scripted_reply *reply)
{
    const char *body = "{\"code\":\"insufficient_balance\"}";

    (void)number;
    (void)request;
    fc_buf_put_fmt(&reply->text,
                   "HTTP/1.1 409 Conflict\r\nContent-Location: /v1/commands/" ID "\r\n"
                   "Content-Type: application/problem+json\r\nContent-Length: %zu\r\n\r\n%s",
                   strlen(body), body);
}

static void never_decide(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)request;
    if (number == 0)
        accept_it(reply);
    else
        scripted_json(reply, 200, DOCUMENT("accepted"));
}

static void hang_first(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)request;
    if (number == 0)
        reply->manner = SCRIPTED_HANG;
    else
        scripted_json(reply, 200, DOCUMENT("succeeded"));
}

static void decide(int32_t number, struct fc_str request, struct scripted_reply *reply)
{
    (void)number;
    (void)request;
    scripted_json(reply, 200, DOCUMENT("succeeded"));
}

/* --- what the client makes of it -------------------------------------------------------------- */

static void test_load_tries_under_one_key_until_answered_and_asks_until_decided(void **state)
{
    (void)state;
    rig.wish_count = 1;
    rig.manners[0] = (struct chaos_manner){.keyed = true};
    run(fail_first, 2);
    assert_string_equal(rig.history, "1.1 sent\n1.1 answered 503 unavailable\n"
                                     "1.2 sent\n1.2 lost\n"
                                     "1.3 sent\n1.3 answered 202\n1.3 verdict succeeded\n");
    assert_int_equal(asked_with_key("Idempotency-Key: \"test-1\"\r\n"), 3);
    assert_int_equal(chaos_load.tally.accepted, 1);
    assert_int_equal(chaos_load.tally.lost, 1);
    assert_int_equal(chaos_load.tally.succeeded, 1);
    assert_int_equal(chaos_load.tally.undecided, 0);
}

/* libcurl, too, would send it again when a connection that it had kept turns out to be closed. */
static void test_load_sends_what_has_no_key_once(void **state)
{
    (void)state;
    rig.wish_count = 2;
    run(decide_then_close, 1);
    assert_string_equal(rig.history, "1.1 sent\n1.1 answered 200\n1.1 verdict succeeded\n"
                                     "2.1 sent\n2.1 lost\n");
    assert_int_equal(asked_with_key(NULL), 2);
    assert_int_equal(chaos_load.tally.unanswered, 1);
}

static void test_load_takes_a_refusal_at_the_door_for_an_answer(void **state)
{
    (void)state;
    rig.wish_count = 1;
    rig.manners[0] = (struct chaos_manner){.keyed = true};
    run(refuse, 2);
    assert_string_equal(rig.history, "1.1 sent\n1.1 answered 404 unknown_user\n");
    assert_int_equal(chaos_load.tally.accepted, 0);
    assert_int_equal(chaos_load.tally.door.items[0].count, 1);
}

static void test_load_takes_a_refusal_of_a_command_for_its_verdict(void **state)
{
    (void)state;
    rig.wish_count = 1;
    rig.manners[0] = (struct chaos_manner){.keyed = true, .wait_s = 5};
    run(refuse_after_waiting, 2);
    assert_string_equal(rig.history, "1.1 sent\n1.1 answered 409 insufficient_balance\n"
                                     "1.1 verdict refused insufficient_balance\n");
    assert_int_equal(chaos_load.tally.accepted, 1);
    assert_int_equal(chaos_load.tally.refused, 1);
}

static void test_load_tells_what_was_accepted_and_never_decided(void **state)
{
    (void)state;
    rig.wish_count = 1;
    rig.manners[0] = (struct chaos_manner){.keyed = true};
    rig.drain_s = 1;
    run(never_decide, 2);
    assert_string_equal(rig.history, "1.1 sent\n1.1 answered 202\n");
    assert_int_equal(chaos_load.tally.undecided, 1);
}

/* What still hangs when the time is over is lost. */
static void test_load_loses_patience_and_sends_beside(void **state)
{
    (void)state;
    rig.wish_count = 1;
    rig.manners[0] = (struct chaos_manner){.keyed = true, .patience_ms = 20};
    rig.drain_s = 4;
    run(hang_first, 2);
    assert_string_equal(rig.history, "1.1 sent\n1.2 sent\n1.2 answered 200\n"
                                     "1.2 verdict succeeded\n1.1 lost\n");
    assert_int_equal(chaos_load.tally.impatient, 1);
    assert_int_equal(asked_with_key("Idempotency-Key: \"test-1\"\r\n"), 2);
}

static void test_load_sends_a_copy_under_the_first_ones_key(void **state)
{
    (void)state;
    rig.wish_count = 1;
    rig.manners[0] = (struct chaos_manner){.keyed = true, .copied = true};
    run(decide, 2);
    assert_int_equal(chaos_load.tally.ops, 2);
    assert_int_equal(chaos_load.tally.copies, 1);
    assert_int_equal(chaos_load.tally.succeeded, 2);
    assert_int_equal(asked_with_key("Idempotency-Key: \"test-1\"\r\n"), 2);
}

static void test_load_lives_on_while_nobody_is_there(void **state)
{
    char url[64];

    (void)state;
    rig.wish_count = 1;
    rig.manners[0] = (struct chaos_manner){.keyed = true};
    rig.drain_s = 1;
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%d", (int)scripted_closed_port());
    run_at(url, 2);
    assert_in_range(chaos_load.tally.lost, 1, 20);
    assert_int_equal(chaos_load.tally.lost, chaos_load.tally.tries);
    assert_int_equal(chaos_load.tally.unanswered, 1);
    assert_int_equal(chaos_load.tally.undecided, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            test_load_tries_under_one_key_until_answered_and_asks_until_decided, end),
        cmocka_unit_test_teardown(test_load_sends_what_has_no_key_once, end),
        cmocka_unit_test_teardown(test_load_takes_a_refusal_at_the_door_for_an_answer, end),
        cmocka_unit_test_teardown(test_load_takes_a_refusal_of_a_command_for_its_verdict, end),
        cmocka_unit_test_teardown(test_load_tells_what_was_accepted_and_never_decided, end),
        cmocka_unit_test_teardown(test_load_loses_patience_and_sends_beside, end),
        cmocka_unit_test_teardown(test_load_sends_a_copy_under_the_first_ones_key, end),
        cmocka_unit_test_teardown(test_load_lives_on_while_nobody_is_there, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
