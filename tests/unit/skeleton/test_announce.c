#include "skeleton/announce.h"

#include "support/expect.h"

#include <stdio.h>
#include <string.h>

#define HEARD_MAX 32

/* What was put, as text. */
struct heard {
    char exchange[32];
    char routing_key[32];
    bool transient;
    size_t len;
    char body[2048]; /* its beginning */
};

static _Alignas(16) char memory[8 * 1024 * 1024];
static struct fc_arena arena;
static struct heard heard[HEARD_MAX];
static int32_t heard_count;
static int32_t sends;
static int32_t waits;
static int32_t put_fails_at;
static struct wire_command asked[4];
static struct command_slot slots[4];

static enum fc_rc put(void *arg, const struct mq_message *message, struct fc_err *ret_err)
{
    struct heard *one = &heard[heard_count];

    (void)arg;
    if (heard_count == put_fails_at)
        return fc_err_set(ret_err, FC_CURE_RECONNECT, "put", "gone");
    assert_true(heard_count < HEARD_MAX);
    heard_count++;
    (void)fc_str_copy(message->exchange, one->exchange, sizeof(one->exchange));
    (void)fc_str_copy(message->routing_key, one->routing_key, sizeof(one->routing_key));
    (void)fc_str_copy(message->body, one->body, sizeof(one->body));
    one->transient = message->transient;
    one->len = message->body.len;
    return FC_OK;
}

static enum fc_rc wait_confirms(void *arg, struct fc_err *ret_err)
{
    (void)arg;
    (void)ret_err;
    waits++;
    return FC_OK;
}

static enum fc_rc send_put(void *arg, struct fc_err *ret_err)
{
    (void)arg;
    (void)ret_err;
    sends++;
    return FC_OK;
}

static const struct announce_port port = {NULL, put, send_put, wait_confirms};

static int setup(void **state)
{
    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    memset(heard, 0, sizeof(heard));
    heard_count = sends = waits = 0;
    put_fails_at = -1;
    for (size_t i = 0; i < FC_ARRAY_COUNT(slots); i++) {
        asked[i] = (struct wire_command){
            .command = {.type = COMMAND_WALLET_CHARGE, .accepted_at = {1000000}}};
        asked[i].command.id.bytes[15] = (uint8_t)(i + 1);
        slots[i] = (struct command_slot){
            .asked = &asked[i],
            .state = SLOT_DECIDED,
            .decided_at = {2000000},
            .result = FC_STR("{\"balance\":5}"),
            .events = FC_STR("[{\"type\":\"wallet.charged\",\"subject\":\"user:7\",\"version\":2,"
                             "\"data\":{\"amount\":5}}]"),
        };
    }
    return 0;
}

static enum fc_rc announce(int32_t count, struct fc_err *ret_err)
{
    const struct command_slots list = {slots, count};

    if (announce_verdicts(&port, &arena, &list, ret_err) == FC_FAIL)
        return FC_FAIL;
    return announce_events(&port, &arena, &list, 1, true, ret_err);
}

static void announce_ok(int32_t count)
{
    struct fc_err err;

    assert_int_equal(announce(count, &err), FC_OK);
    assert_int_equal(sends, waits);
}

static void test_events_of_one_family_travel_in_one_message(void **state)
{
    (void)state;
    announce_ok(2);
    assert_int_equal(heard_count, 1);
    assert_string_equal(heard[0].exchange, "firstcome.events");
    assert_string_equal(heard[0].routing_key, "wallet");
    assert_false(heard[0].transient);
    assert_non_null(strstr(heard[0].body, "\"command_id\":\"00000000-0000-0000-0000-000000000001"));
    assert_non_null(strstr(heard[0].body, "\"command_id\":\"00000000-0000-0000-0000-000000000002"));
    assert_int_equal(waits, 1);
}

static void test_a_recalled_command_is_announced_again_byte_for_byte(void **state)
{
    char first[2048];

    (void)state;
    announce_ok(1);
    memcpy(first, heard[0].body, sizeof(first));
    slots[0].state = SLOT_RECALLED;
    announce_ok(1);
    assert_int_equal(heard_count, 2);
    assert_string_equal(heard[1].body, first);
}

static void test_families_have_messages_of_their_own(void **state)
{
    (void)state;
    slots[0].events = FC_STR("[{\"type\":\"wallet.used\",\"subject\":\"user:7\",\"version\":3,"
                             "\"data\":{}},\n{\"type\":\"order.paid\",\"subject\":\"order:x\","
                             "\"version\":1,\"data\":{}}]");
    announce_ok(1);
    assert_int_equal(heard_count, 2);
    assert_string_equal(heard[0].routing_key, "order");
    assert_string_equal(heard[1].routing_key, "wallet");
}

static void test_verdicts_go_to_each_reply_to_once_and_first(void **state)
{
    (void)state;
    asked[0].reply_to = asked[2].reply_to = FC_STR("amq.gen-a");
    asked[1].reply_to = FC_STR("amq.gen-b");
    slots[1].verdict = FC_STR("sold_out");
    announce_ok(3);
    assert_int_equal(heard_count, 3);
    assert_string_equal(heard[0].exchange, "");
    assert_string_equal(heard[0].routing_key, "amq.gen-a");
    assert_true(heard[0].transient);
    assert_string_equal(heard[1].routing_key, "amq.gen-b");
    assert_non_null(strstr(heard[1].body, "\"state\":\"refused\""));
    assert_null(strstr(heard[0].body, "\"state\":\"refused\""));
    assert_string_equal(heard[2].routing_key, "wallet");
}

static void test_the_same_command_twice_tells_its_events_once_and_both_verdicts(void **state)
{
    (void)state;
    asked[1].command.id = asked[0].command.id;
    asked[0].reply_to = asked[1].reply_to = FC_STR("q");
    slots[1].state = SLOT_SAME;
    slots[1].same_as = 0;
    slots[1].events = slots[1].result = FC_STR_NONE;
    announce_ok(2);
    assert_int_equal(heard_count, 2);
    const char *second = strstr(heard[0].body + 2, "{\"command_id\"");

    assert_non_null(second);
    assert_non_null(strstr(second, "\"balance\":5"));
    assert_null(strstr(heard[1].body + 2, "{\"id\""));
}

static void test_a_parked_command_tells_no_events_and_says_so(void **state)
{
    (void)state;
    asked[0].reply_to = FC_STR("q");
    slots[0].state = SLOT_PARKED;
    announce_ok(1);
    assert_int_equal(heard_count, 1);
    assert_non_null(strstr(heard[0].body, "\"state\":\"parked\""));
    assert_null(strstr(heard[0].body, "decided_at"));
}

static void test_large_announcements_are_cut(void **state)
{
    static char events[ANNOUNCE_BYTES_SOFT_MAX + 100];
    struct fc_buf buf = fc_buf_of(events, sizeof(events));

    (void)state;
    fc_buf_put_text(&buf,
                    "[{\"type\":\"wallet.used\",\"subject\":\"user:7\",\"version\":3,\"data\":"
                    "{\"x\":\"");
    while (buf.len < ANNOUNCE_BYTES_SOFT_MAX)
        fc_buf_put_char(&buf, 'x');
    fc_buf_put_text(&buf, "\"}}]");
    slots[0].events = slots[1].events = fc_buf_str(&buf);
    announce_ok(2);
    assert_int_equal(heard_count, 2);
    assert_true(heard[0].len > ANNOUNCE_BYTES_SOFT_MAX);
}

static void test_trouble_stops_the_announcement(void **state)
{
    struct fc_err err;

    (void)state;
    asked[0].reply_to = FC_STR("q");
    put_fails_at = 1;
    size_t mark = fc_arena_mark(&arena);

    assert_int_equal(announce(1, &err), FC_FAIL);
    assert_int_equal(fc_arena_mark(&arena), mark);
    put_fails_at = 0;
    heard_count = 0;
    assert_int_equal(announce(1, &err), FC_FAIL);
    assert_int_equal(waits, 0);
}

static void test_events_of_several_batches_travel_together_in_order(void **state)
{
    const struct command_slots lists[2] = {{slots, 1}, {slots + 1, 1}};
    struct fc_err err;

    (void)state;
    assert_int_equal(announce_events(&port, &arena, lists, 2, true, &err), FC_OK);
    assert_int_equal(heard_count, 1);
    assert_int_equal(waits, 1);
    const char *first = strstr(heard[0].body, "00000001");
    const char *second = strstr(heard[0].body, "00000002");

    assert_non_null(first);
    assert_non_null(second);
    assert_true(first < second);
}

static void test_events_may_be_put_and_not_waited_for(void **state)
{
    const struct command_slots list = {slots, 1};
    struct fc_err err;

    (void)state;
    assert_int_equal(announce_events(&port, &arena, &list, 1, false, &err), FC_OK);
    assert_int_equal(heard_count, 1);
    assert_int_equal(waits, 0);
    put_fails_at = 1;
    assert_int_equal(announce_events(&port, &arena, &list, 1, false, &err), FC_FAIL);
}

/* Whatever family stands between: in a message of its family each event has its place. */
static void test_events_of_mixed_families_keep_their_order(void **state)
{
    static const char *const want[] = {"00000001", "wallet.used", "wallet.refunded", "00000002"};
    size_t mark = fc_arena_mark(&arena);
    const char *at;

    (void)state;
    slots[0].events = FC_STR("[{\"type\":\"wallet.used\",\"data\":{}},\n"
                             "{\"type\":\"order.paid\",\"data\":{}},\n"
                             "{\"type\":\"wallet.refunded\",\"data\":{}},\n"
                             "{\"type\":\"stock.taken\",\"data\":{}}]");
    announce_ok(2);
    assert_int_equal(heard_count, 3);
    assert_string_equal(heard[0].routing_key, "order");
    assert_string_equal(heard[1].routing_key, "wallet");
    assert_string_equal(heard[2].routing_key, "catalog");
    at = heard[1].body;
    for (size_t i = 0; i < FC_ARRAY_COUNT(want); i++) {
        at = strstr(at, want[i]);
        assert_non_null(at);
    }
    assert_int_equal(fc_arena_mark(&arena), mark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_events_of_one_family_travel_in_one_message, setup),
        cmocka_unit_test_setup(test_a_recalled_command_is_announced_again_byte_for_byte, setup),
        cmocka_unit_test_setup(test_families_have_messages_of_their_own, setup),
        cmocka_unit_test_setup(test_verdicts_go_to_each_reply_to_once_and_first, setup),
        cmocka_unit_test_setup(test_the_same_command_twice_tells_its_events_once_and_both_verdicts,
                               setup),
        cmocka_unit_test_setup(test_a_parked_command_tells_no_events_and_says_so, setup),
        cmocka_unit_test_setup(test_large_announcements_are_cut, setup),
        cmocka_unit_test_setup(test_trouble_stops_the_announcement, setup),
        cmocka_unit_test_setup(test_events_of_several_batches_travel_together_in_order, setup),
        cmocka_unit_test_setup(test_events_may_be_put_and_not_waited_for, setup),
        cmocka_unit_test_setup(test_events_of_mixed_families_keep_their_order, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
