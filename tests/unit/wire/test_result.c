#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"
#include "support/golden.h"

#include "core/decide.h"
#include "wire/command.h"
#include "wire/document.h"

#include <json-c/json.h>

/* A day of a shop, type, key and body each; every one of them succeeds. */
static const struct {
    const char *type;
    const char *key;
    const char *body;
} asked[] = {
    {"user.register", "user:7", "{\"user_id\":7}"},
    {"wallet.charge", "user:7", "{\"amount\":10000}"},
    {"template.put", "template:5",
     "{\"name\":\"first\",\"discount\":{\"type\":\"rate\",\"value\":1000},\"quantity\":100,"
     "\"issue_from\":\"2026-01-01T00:00:00Z\",\"issue_until\":\"2026-03-01T00:00:00Z\","
     "\"valid_days\":30,\"min_total\":100}"},
    {"template.put", "template:6",
     "{\"name\":\"free\",\"discount\":{\"type\":\"amount\",\"value\":1000000},\"quantity\":null,"
     "\"issue_from\":\"2026-01-01T00:00:00Z\",\"issue_until\":\"2026-03-01T00:00:00Z\"}"},
    {"coupon.issue", "template:5", "{\"user_id\":7}"},
    {"coupon.issue", "template:6", "{\"user_id\":7}"},
    {"product.put", "product:3",
     "{\"name\":\"shirt\",\"price\":2600,\"category\":\"tops\",\"options\":["
     "{\"option_id\":12,\"name\":\"S\",\"surcharge\":-100,\"stock\":5},"
     "{\"option_id\":11,\"name\":\"M\",\"stock\":7}]}"},
    {"option.restock", "product:3", "{\"option_id\":12,\"quantity\":-2}"},
    {"order.place", "user:7", "{\"user_id\":7,\"lines\":[{\"option_id\":12,\"quantity\":2}]}"},
    {"order.place", "user:7",
     "{\"user_id\":7,\"lines\":[{\"option_id\":11,\"quantity\":1}],"
     "\"coupon_id\":\"0198f3a2-7c11-8abc-9def-012345678905\"}"},
    {"product.put", "product:4",
     "{\"name\":\"gone\",\"price\":100,\"first_come\":true,"
     "\"options\":[{\"option_id\":20,\"name\":\"one\",\"stock\":0}]}"},
    {"product.put", "product:4",
     "{\"name\":\"gone\",\"price\":100,\"status\":\"stopped\","
     "\"options\":[{\"option_id\":20,\"name\":\"one\",\"stock\":0}]}"},
    {"product.delete", "product:4", "{}"},
    {"template.put", "template:8",
     "{\"name\":\"short\",\"discount\":{\"type\":\"amount\",\"value\":1},\"quantity\":1,"
     "\"issue_from\":\"2026-01-01T00:00:00Z\",\"issue_until\":\"2026-03-01T00:00:00Z\"}"},
    {"template.delete", "template:8", "{}"},
};

#define ACCEPTED_AT ((struct fc_instant){1769903999999999})
#define NOW ((struct fc_instant){1769904000123456})

static struct command command_at(size_t index, struct fc_arena *arena)
{
    struct command command = {.id = sample_uuid((uint8_t)index), .accepted_at = ACCEPTED_AT};
    struct wire_faults faults;

    assert_true(wire_command_type_parse(fc_str_of(asked[index].type), &command.type));
    assert_true(wire_command_key_parse(fc_str_of(asked[index].key), &command.key));
    wire_faults_init(&faults, arena);
    assert_true(wire_body_parse(fc_str_of(asked[index].body), arena, &command, &faults));
    return command;
}

static void test_result_golden(void **state)
{
    static char results_memory[32 * 1024];
    struct fc_buf results = fc_buf_of(results_memory, sizeof(results_memory));
    struct fc_arena *arena = body_arena();
    struct policy policy = policy_default();
    bool seen[COMMAND_COUNT] = {false};
    struct shop shop;

    (void)state;
    shop_init(&shop, arena, 64);
    for (size_t i = 0; i < FC_ARRAY_COUNT(asked); i++) {
        struct command command = command_at(i, arena);
        struct decision decision;

        shop_decide(&shop, &policy, &command, NOW, &decision);
        if (decision.verdict != VERDICT_SUCCEEDED)
            fail_msg("row %zu: %s", i, wire_problem_of(decision.verdict)->code);
        for (int32_t k = 0; k < decision.event_count; k++)
            shop_apply(&shop, &decision.events[k]);
        fc_buf_put_text(&results, i > 0 ? "\n" : "");
        size_t begin = results.len;

        wire_result_put(&results, &command, &decision, &shop);
        fc_buf_put_char(&results, '\0');
        struct json_object *root = json_tokener_parse(results_memory + begin);

        assert_true(json_object_is_type(root, json_type_object));
        json_object_put(root);
        results.len--;
        seen[command.type] = true;
    }
    for (size_t i = 0; i < FC_ARRAY_COUNT(seen); i++)
        assert_true(seen[i]);
    golden_check("results.jsonl", fc_buf_str(&results));
}

static void test_result_of_a_refusal_is_a_mistake(void **state)
{
    struct fc_arena *arena = body_arena();
    struct command command = command_at(0, arena);
    struct decision decision = {.verdict = VERDICT_USER_EXISTS};
    char memory[64];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct shop shop;

    (void)state;
    shop_init(&shop, arena, 4);
    EXPECT_ASSERT(wire_result_put(&buf, &command, &decision, &shop));
    decision.verdict = VERDICT_SUCCEEDED;
    EXPECT_ASSERT(wire_result_put(&buf, &command, &decision, &shop));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result_golden),
        cmocka_unit_test(test_result_of_a_refusal_is_a_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
