#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"
#include "support/golden.h"

#include "core/decide.h"
#include "wire/command.h"
#include "wire/document.h"
#include "wire/event.h"

#include <json-c/json.h>

#define ID(last) "0198f3a2-7c11-8abc-9def-0123456789" last
#define BY_TRANSFER(lines, from_balance)                                              \
    "{\"user_id\":9,\"lines\":[" lines "],\"payment\":{\"method\":\"bank_transfer\"," \
    "\"from_balance\":" from_balance "}}"
#define OF_11(quantity) "{\"option_id\":11,\"quantity\":" quantity "}"

/* A day of a shop, type, key and body each; every one of them succeeds. The index of a row is the
 * end of its command's id. */
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
    /* 0f: from here on by a policy with a welcome coupon and bank transfers */
    {"policy.apply", "policy:1",
     "{\"coupons\":{\"welcome\":{\"discount\":{\"type\":\"rate\",\"value\":500},"
     "\"valid_days\":30}},\"payment\":{\"methods\":[\"balance\",\"bank_transfer\"],"
     "\"transfer_discount\":500}}"},
    {"user.register", "user:9", "{}"},
    {"wallet.charge", "user:9", "{\"amount\":100000}"},
    {"coupon.issue", "template:5", "{\"user_id\":9}"},
    {"coupon.revoke", "template:5", "{\"coupon_id\":\"" ID("12") "\"}"},
    /* 14: pending, then paid */
    {"order.place", "user:9", BY_TRANSFER(OF_11("2"), "1000")},
    {"payment.settle", "user:9", "{\"order_id\":\"" ID("14") "\",\"outcome\":\"approved\"}"},
    /* 16: pending, then declined */
    {"order.place", "user:9", BY_TRANSFER(OF_11("1"), "0")},
    {"payment.settle", "user:9", "{\"order_id\":\"" ID("16") "\",\"outcome\":\"declined\"}"},
    /* 18: pending, then expired */
    {"order.place", "user:9", BY_TRANSFER(OF_11("1"), "2599")},
    {"order.expire", "user:9", "{\"order_id\":\"" ID("18") "\"}"},
    /* 1a: nothing is left to transfer */
    {"order.place", "user:9", BY_TRANSFER(OF_11("1"), "2600")},
    /* 1b: paid by the balance, grows, shrinks and is shipped in parts */
    {"order.place", "user:9", "{\"user_id\":9,\"lines\":[" OF_11("1") "]}"},
    {"order.change", "user:9", "{\"order_id\":\"" ID("1b") "\",\"lines\":[" OF_11("3") "]}"},
    {"order.change", "user:9",
     "{\"order_id\":\"" ID("1b") "\",\"lines\":[" OF_11(
         "1") ",{\"option_id\":12,\"quantity\":1}]}"},
    {"order.ship", "user:9",
     "{\"order_id\":\"" ID("1b") "\",\"lines\":[{\"option_id\":12,\"quantity\":1}]}"},
    {"order.ship", "user:9", "{\"order_id\":\"" ID("1b") "\",\"lines\":[" OF_11("1") "]}"},
    {"order.cancel", "user:9", "{\"order_id\":\"" ID("1a") "\",\"reason\":\"too late\"}"},
    /* paid by the balance with a coupon, which comes back */
    {"order.cancel", "user:7", "{\"order_id\":\"" ID("09") "\"}"},
    {"coupon.expire", "template:5", "{\"coupon_ids\":[\"" ID("04") "\",\"" ID("12") "\"]}"},
    {"coupon.expire", "template:5", "{\"coupon_ids\":[\"" ID("04") "\"]}"},
    {"coupon.revoke", "template:6", "{\"coupon_id\":\"" ID("05") "\"}"},
    {"day.close", "day:20484", "{}"},
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
    /* What expires does so later. */
    if (command.type == COMMAND_ORDER_EXPIRE || command.type == COMMAND_COUPON_EXPIRE)
        command.accepted_at.us += 40 * FC_US_PER_DAY;
    return command;
}

/* What a journal brings back is as good as what was decided. */
static void apply_through_the_journal(struct shop *shop, const struct decision *decision,
                                      struct fc_arena *arena)
{
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct event *events = NULL;
    const char *reason = NULL;
    struct fc_str journal;
    int32_t count = 0;

    wire_events_put(&buf, decision->events, decision->event_count);
    assert_true(fc_arena_buf_end(arena, &buf, &journal));
    if (!wire_events_parse(journal, arena, &events, &count, &reason))
        fail_msg("%s: " FC_STR_FMT, reason, FC_STR_ARG(journal));
    assert_int_equal(count, decision->event_count);
    for (int32_t i = 0; i < count; i++)
        shop_apply(shop, &events[i]);
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
        apply_through_the_journal(&shop, &decision, arena);
        if (command.type == COMMAND_POLICY_APPLY)
            policy = command.body.policy_apply.policy;
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
