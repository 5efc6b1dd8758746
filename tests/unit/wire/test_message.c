#include "support/bodies.h"
#include "support/expect.h"
#include "support/golden.h"

#include "base/limits.h"
#include "wire/command.h"

#include <string.h>

#define ID "0198f3a2-7c11-8abc-9def-0123456789ab"
#define HEAD "{\"id\":\"" ID "\",\"type\":\"wallet.charge\",\"key\":\"user:7\","
#define AT "\"accepted_at\":\"2026-01-31T23:59:59.999999Z\""
#define CHARGE HEAD AT ",\"body\":{\"amount\":10000}}"

static void parse(const char *text, struct wire_message *ret_message)
{
    assert_true(wire_message_parse(fc_str_of(text), body_arena(), ret_message));
}

static void test_message_of_one_command(void **state)
{
    struct wire_message message;

    (void)state;
    parse(CHARGE, &message);
    assert_int_equal(message.reject_count, 0);
    assert_int_equal(message.command_count, 1);
    const struct wire_command *command = &message.commands[0];

    assert_int_equal(command->command.type, COMMAND_WALLET_CHARGE);
    assert_int_equal(command->command.key.kind, COMMAND_KEY_USER);
    assert_int_equal(command->command.key.id, 7);
    assert_int_equal(command->command.actor_id, 0);
    assert_int_equal(command->command.accepted_at.us, 1769903999999999);
    assert_int_equal(command->command.body.wallet_charge.user_id, 7);
    assert_int_equal(command->command.body.wallet_charge.amount.won, 10000);
    assert_str_equal(command->key, "user:7");
    assert_str_equal(command->body, "{\"user_id\":7,\"amount\":10000}");
    assert_int_equal(
        command->idempotency_key.len + command->reply_to.len + command->traceparent.len, 0);
}

static void test_message_optional_members(void **state)
{
    struct wire_message message;

    (void)state;
    parse(HEAD "\"user_id\":9,\"idempotency_key\":\"a key\",\"reply_to\":\"amq.gen-1\","
               "\"traceparent\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\","
               "\"later\":{\"anything\":[1]}," AT ",\"body\":{\"amount\":1}}",
          &message);
    assert_int_equal(message.command_count, 1);
    assert_int_equal(message.commands[0].command.actor_id, 9);
    assert_str_equal(message.commands[0].idempotency_key, "a key");
    assert_str_equal(message.commands[0].reply_to, "amq.gen-1");
    assert_str_equal(message.commands[0].traceparent,
                     "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
}

static void test_message_traceparent_that_is_none_is_dropped(void **state)
{
    static const char *const rows[] = {
        "\"\"",
        "\"x\"",
        "7",
        "null",
        "\"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01\"",
        "\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7+01\"",
        "\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more\"",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct wire_message message;
        char text[512];
        struct fc_buf buf = fc_buf_of(text, sizeof(text));

        fc_buf_put_fmt(&buf, "%s\"traceparent\":%s,%s", HEAD, rows[i],
                       AT ",\"body\":{\"amount\":1}}");
        assert_true(wire_message_parse(fc_buf_str(&buf), body_arena(), &message));
        assert_int_equal(message.command_count, 1);
        assert_int_equal(message.commands[0].traceparent.len, 0);
    }
}

struct reject_case {
    const char *element;
    const char *reason;
    bool has_id;
};

/* Each between two commands, which go on as if it were not there. */
static void rejects_check(const struct reject_case *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct wire_message message;
        char text[2048];
        struct fc_buf buf = fc_buf_of(text, sizeof(text));

        fc_buf_put_fmt(&buf, "[%s, %s ,%s]", CHARGE, rows[i].element, CHARGE);
        assert_true(wire_message_parse(fc_buf_str(&buf), body_arena(), &message));
        memset(text, 'x', sizeof(text));
        assert_int_equal(message.command_count, 2);
        assert_int_equal(message.reject_count, 1);
        assert_str_equal(message.rejects[0].bytes, rows[i].element);
        assert_str_equal(message.rejects[0].reason, rows[i].reason);
        assert_int_equal(message.rejects[0].has_id, rows[i].has_id);
        assert_str_equal(message.commands[1].body, "{\"user_id\":7,\"amount\":10000}");
    }
}

static void test_message_element_that_is_no_command_is_a_reject_of_its_own(void **state)
{
    static const struct reject_case rows[] = {
        {"3", "must be an object", false},
        {"null", "must be an object", false},
        {"[]", "must be an object", false},
        {"{}",
         "/id is required; /type is no type of command; /key is required; /accepted_at is "
         "required; /body is required",
         false},
        {"{\"id\":\"7\",\"type\":\"wallet.charge\",\"key\":\"user:7\"," AT
         ",\"body\":{\"amount\":1}}",
         "/id must be a UUID", false},
        {"{\"id\":\"00000000-0000-0000-0000-000000000000\",\"type\":\"wallet.charge\","
         "\"key\":\"user:7\"," AT ",\"body\":{\"amount\":1}}",
         "/id must not be all zeros: that names no command", true},
        {"{\"id\":\"" ID "\",\"type\":\"wallet.drain\",\"key\":\"user:7\"," AT ",\"body\":{}}",
         "/type is no type of command", true},
        {"{\"id\":\"" ID "\",\"type\":\"wallet.charge\",\"key\":\"user:07\"," AT
         ",\"body\":{\"user_id\":7,\"amount\":1}}",
         "/key must be user:, product:, template:, policy: or day: and an id", true},
        {"{\"id\":\"" ID "\",\"type\":\"wallet.charge\",\"key\":\"product:7\"," AT
         ",\"body\":{\"user_id\":7,\"amount\":1}}",
         "/key is not of the kind that the type stands under", true},
        {"{\"id\":\"" ID "\",\"type\":\"coupon.issue\",\"key\":\"user:7\"," AT
         ",\"body\":{\"template_id\":1,\"user_id\":7}}",
         "/key is not of the kind that the type stands under", true},
        {HEAD "\"body\":{\"amount\":1}}", "/accepted_at is required", true},
        {HEAD "\"accepted_at\":\"soon\",\"body\":{\"amount\":1}}",
         "/accepted_at must be an instant such as 2026-01-31T23:59:59.999999Z", true},
        {HEAD AT "}", "/body is required", true},
        {HEAD AT ",\"body\":[]}", "/body must be an object", true},
        {HEAD AT ",\"body\":{\"amount\":1.5,\"x\":1}}",
         "/body/amount must be an integer; /body/x is no member of this object", true},
        {HEAD AT ",\"body\":{\"amount\":1,\"amount\":2}}", "/body/amount must be named once", true},
        {HEAD AT "," AT ",\"body\":{\"amount\":1}}", "/accepted_at must be named once", true},
        {HEAD AT ",\"user_id\":0,\"idempotency_key\":\"\",\"reply_to\":3,\"body\":{\"amount\":1}}",
         "/user_id must be from 1 to 9007199254740991; /idempotency_key must be of 1 to 255 bytes; "
         "/reply_to must be a string",
         true},
        {HEAD AT ",\"idempotency_key\":\"\xc3\xa9\",\"body\":{\"amount\":1}}",
         "/idempotency_key must be of visible characters", true},
    };

    (void)state;
    rejects_check(rows, FC_ARRAY_COUNT(rows));
}

static void test_message_element_under_a_key_of_another_kind_is_a_reject(void **state)
{
    static const struct reject_case rows[] = {
        {"{\"id\":\"" ID "\",\"type\":\"coupon.issue\",\"key\":\"template:0\"," AT
         ",\"body\":{\"template_id\":1,\"user_id\":7}}",
         "/key is not of the kind that the type stands under", true},
        {"{\"id\":\"" ID "\",\"type\":\"order.cancel\",\"key\":\"template:1\"," AT
         ",\"body\":{\"order_id\":\"" ID "\"}}",
         "/key is not of the kind that the type stands under", true},
        {"{\"id\":\"" ID "\",\"type\":\"order.cancel\",\"key\":\"user:1\"," AT ",\"body\":{}}",
         "/body/order_id is required", true},
        {"{\"id\":\"" ID "\",\"type\":\"day.close\",\"key\":\"day:20484\"," AT
         ",\"body\":{\"day\":\"2026-02-01\"}}",
         "/body/day must be the day that the key names", true},
        {"{\"id\":\"" ID "\",\"type\":\"policy.apply\",\"key\":\"policy:1\"," AT
         ",\"body\":{\"balance\":{\"charge_min\":-1}}}",
         "/body/balance/charge_min must be from 0 to 1000000000000000", true},
    };

    (void)state;
    rejects_check(rows, FC_ARRAY_COUNT(rows));
}

static void test_message_that_is_no_json_is_one_reject(void **state)
{
    static const struct {
        const char *bytes;
        const char *reason;
    } rows[] = {
        {"", "ends where a value belongs"},
        {"[" CHARGE ",", "ends where a value belongs"},
        {"[" CHARGE "", "has an array that is not closed"},
        {CHARGE CHARGE, "has something behind the value"},
        {"\xff\xfe", "is not UTF-8, or holds a NUL"},
        {"[]", "holds no command"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct wire_message message;

        parse(rows[i].bytes, &message);
        assert_int_equal(message.command_count, 0);
        assert_int_equal(message.reject_count, 1);
        assert_false(message.rejects[0].has_id);
        assert_str_equal(message.rejects[0].bytes, rows[i].bytes);
        assert_str_equal(message.rejects[0].reason, rows[i].reason);
    }
}

/* An array of that many charges. */
static struct fc_str charges(int32_t count, char *memory, size_t size)
{
    struct fc_buf buf = fc_buf_of(memory, size);

    fc_buf_put_char(&buf, '[');
    for (int32_t i = 0; i < count; i++) {
        fc_buf_put_text(&buf, i > 0 ? "," : "");
        fc_buf_put_text(&buf, CHARGE);
    }
    fc_buf_put_char(&buf, ']');
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static void test_message_of_256_commands_and_one_more(void **state)
{
    static char memory[128 * 1024];
    struct wire_message message;

    (void)state;
    assert_true(wire_message_parse(charges(MESSAGE_COMMANDS_MAX, memory, sizeof(memory)),
                                   body_arena(), &message));
    assert_int_equal(message.command_count, MESSAGE_COMMANDS_MAX);
    assert_int_equal(message.reject_count, 0);
    struct fc_str text = charges(MESSAGE_COMMANDS_MAX + 1, memory, sizeof(memory));

    assert_true(wire_message_parse(text, body_arena(), &message));
    assert_int_equal(message.command_count, 0);
    assert_int_equal(message.reject_count, 1);
    assert_str_equal(message.rejects[0].reason, "holds more than 256 commands");
    assert_int_equal(message.rejects[0].bytes.len, text.len);
}

static void test_message_reason_is_bounded(void **state)
{
    struct wire_message message;
    char text[4096];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    (void)state;
    fc_buf_put_text(&buf, HEAD AT ",\"body\":{\"amount\":1");
    for (int i = 0; i < 50; i++)
        fc_buf_put_fmt(&buf, ",\"m%d\":0", i);
    fc_buf_put_text(&buf, "}}");
    assert_true(wire_message_parse(fc_buf_str(&buf), body_arena(), &message));
    assert_int_equal(message.reject_count, 1);
    assert_in_range(message.rejects[0].reason.len, REASON_BYTES_MAX - 60, REASON_BYTES_MAX);
}

static void test_message_takes_nothing_of_an_arena_that_is_too_small(void **state)
{
    static _Alignas(16) char memory[4096];
    static const char *const rows[] = {"[" CHARGE "," CHARGE "]", "[" CHARGE ",{\"x\":1}]",
                                       "no JSON at all"};
    int refused = 0;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        for (size_t size = 0; size < sizeof(memory); size += 8) {
            struct wire_message message = {NULL, -1, NULL, -1};
            struct fc_arena arena;

            fc_arena_init(&arena, memory, size);
            if (wire_message_parse(fc_str_of(rows[i]), &arena, &message)) {
                assert_int_equal(message.command_count + message.reject_count, i == 2 ? 1 : 2);
                continue;
            }
            assert_int_equal(fc_arena_mark(&arena), 0);
            assert_int_equal(message.command_count, -1);
            refused++;
        }
    }
    assert_in_range(refused, 3, 3 * sizeof(memory) / 8 - 3);
}

/* The largest order, in a message of the largest size that an ingress sends. */
static void test_message_with_an_order_of_2000_lines(void **state)
{
    static char memory[256 * 1024];
    struct wire_message message;
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    fc_buf_put_text(&buf, "{\"id\":\"" ID "\",\"type\":\"order.place\",\"key\":\"user:7\"," AT
                          ",\"body\":{\"user_id\":7,\"lines\":[");
    for (int i = 1; i <= ORDER_LINES_MAX; i++)
        fc_buf_put_fmt(&buf, "%s{\"option_id\":%d,\"product_id\":%d,\"quantity\":1000000}",
                       i > 1 ? "," : "", i, i);
    fc_buf_put_text(&buf, "]}}");
    assert_true(wire_message_parse(fc_buf_str(&buf), body_arena(), &message));
    assert_int_equal(message.command_count, 1);
    assert_int_equal(message.commands[0].command.body.order_place.line_count, ORDER_LINES_MAX);
}

static void test_message_golden_commands_come_back(void **state)
{
    struct fc_arena *arena = body_arena();
    struct fc_str rest = golden_read("commands.v1.jsonl");
    bool seen[COMMAND_COUNT] = {false};

    (void)state;
    while (rest.len > 0) {
        struct fc_str line = fc_str_cut(&rest, '\n');
        struct wire_message message;
        struct fc_str text;

        assert_true(wire_message_parse(line, arena, &message));
        if (message.reject_count > 0)
            fail_msg(FC_STR_FMT "\n" FC_STR_FMT, FC_STR_ARG(line),
                     FC_STR_ARG(message.rejects[0].reason));
        assert_int_equal(message.command_count, 1);
        struct fc_buf buf = fc_arena_buf_begin(arena);

        wire_command_put(&buf, &message.commands[0]);
        assert_true(fc_arena_buf_end(arena, &buf, &text));
        if (!fc_str_eq(text, line))
            fail_msg(FC_STR_FMT "\nbecame\n" FC_STR_FMT, FC_STR_ARG(line), FC_STR_ARG(text));
        seen[message.commands[0].command.type] = true;
    }
    for (size_t i = 0; i < FC_ARRAY_COUNT(seen); i++)
        assert_true(seen[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message_of_one_command),
        cmocka_unit_test(test_message_optional_members),
        cmocka_unit_test(test_message_traceparent_that_is_none_is_dropped),
        cmocka_unit_test(test_message_element_that_is_no_command_is_a_reject_of_its_own),
        cmocka_unit_test(test_message_element_under_a_key_of_another_kind_is_a_reject),
        cmocka_unit_test(test_message_that_is_no_json_is_one_reject),
        cmocka_unit_test(test_message_of_256_commands_and_one_more),
        cmocka_unit_test(test_message_reason_is_bounded),
        cmocka_unit_test(test_message_takes_nothing_of_an_arena_that_is_too_small),
        cmocka_unit_test(test_message_with_an_order_of_2000_lines),
        cmocka_unit_test(test_message_golden_commands_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
