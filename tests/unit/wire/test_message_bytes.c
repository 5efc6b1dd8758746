#include "support/bodies.h"
#include "support/expect.h"
#include "support/golden.h"

#include "base/limits.h"
#include "wire/command.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define CHARGE                                                                     \
    "{\"id\":\"0198f3a2-7c11-8abc-9def-0123456789ab\",\"type\":\"wallet.charge\"," \
    "\"key\":\"user:7\",\"accepted_at\":\"2026-01-31T23:59:59.999999Z\","          \
    "\"body\":{\"amount\":10000}}"

/* Every beginning of every golden command, in memory of exactly its size: never a command, never
 * a crash. */
static void test_message_cut_anywhere_is_one_reject(void **state)
{
    struct fc_str rest = golden_read("commands.v1.jsonl");

    (void)state;
    while (rest.len > 0) {
        struct fc_str line = fc_str_cut(&rest, '\n');

        for (size_t len = 0; len < line.len; len++) {
            struct wire_message message;
            char *exact = malloc(len > 0 ? len : 1);

            assert_non_null(exact);
            memcpy(exact, line.ptr, len);
            assert_true(wire_message_parse((struct fc_str){exact, len}, body_arena(), &message));
            free(exact);
            assert_int_equal(message.command_count, 0);
            assert_int_equal(message.reject_count, 1);
        }
    }
}

/* Every byte of every golden command replaced by each of a few: either one outcome or the other. */
static void test_message_with_a_byte_changed_has_one_outcome(void **state)
{
    static const char bytes[] = {'\0', '"', '\\', '{', '}', '[', ',', '0', 'e', '-', '\xff', ' '};
    static char text[64 * 1024];
    struct fc_str rest = golden_read("commands.v1.jsonl");

    (void)state;
    while (rest.len > 0) {
        struct fc_str line = fc_str_cut(&rest, '\n');

        memcpy(text, line.ptr, line.len);
        for (size_t at = 0; at < line.len; at++) {
            for (size_t i = 0; i < sizeof(bytes); i++) {
                struct wire_message message;

                text[at] = bytes[i];
                assert_true(
                    wire_message_parse((struct fc_str){text, line.len}, body_arena(), &message));
                assert_int_equal(message.command_count + message.reject_count, 1);
            }
            text[at] = line.ptr[at];
        }
    }
}

#if defined(__SANITIZE_ADDRESS__)
#define HEAP_IS_NOT_COUNTED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HEAP_IS_NOT_COUNTED
#endif
#endif

#define HEAP_ROUNDS 100

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

static void test_message_parsing_does_not_grow_the_heap(void **state)
{
    static char memory[128 * 1024];
    struct fc_str text = charges(MESSAGE_COMMANDS_MAX, memory, sizeof(memory));
    struct fc_arena *arena = body_arena();
    size_t before = 0;

    (void)state;
#ifdef HEAP_IS_NOT_COUNTED
    skip();
#endif
    /* The first half fills what malloc keeps at hand. */
    for (int i = 0; i < HEAP_ROUNDS; i++) {
        struct wire_message message;

        fc_arena_reset(arena);
        assert_true(wire_message_parse(text, arena, &message));
        assert_true(wire_message_parse(FC_STR("[{},{\"a\":1,\"a\":2},"), arena, &message));
        assert_true(wire_message_parse(FC_STR("[{},{\"a\":1,\"a\":2}]"), arena, &message));
        if (i == HEAP_ROUNDS / 2)
            before = mallinfo2().uordblks;
    }
    /* Less than the smallest piece a round: what moves is malloc's own store of free ones. */
    assert_true(mallinfo2().uordblks < before + 32 * HEAP_ROUNDS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message_cut_anywhere_is_one_reject),
        cmocka_unit_test(test_message_with_a_byte_changed_has_one_outcome),
        cmocka_unit_test(test_message_parsing_does_not_grow_the_heap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
