#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"
#include "support/golden.h"

#include "wire/event.h"
#include "wire/event_data.h"

#include <json-c/json.h>
#include <string.h>

#define TRACE "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

static struct fc_str sample_journal(struct fc_arena *arena)
{
    struct event events[SAMPLE_EVENTS_MAX];
    int32_t count = sample_events(events);
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct fc_str text;

    wire_events_put(&buf, events, count);
    assert_true(fc_arena_buf_end(arena, &buf, &text));
    return text;
}

static void test_event_names_and_families(void **state)
{
    static const struct {
        const char *name;
        enum wire_event_family family;
    } rows[EVENT_COUNT] = {
        [EVENT_USER_REGISTERED] = {"user.registered", WIRE_EVENT_USER},
        [EVENT_WALLET_CHARGED] = {"wallet.charged", WIRE_EVENT_WALLET},
        [EVENT_WALLET_USED] = {"wallet.used", WIRE_EVENT_WALLET},
        [EVENT_WALLET_REFUNDED] = {"wallet.refunded", WIRE_EVENT_WALLET},
        [EVENT_WALLET_HELD] = {"wallet.held", WIRE_EVENT_WALLET},
        [EVENT_WALLET_RELEASED] = {"wallet.released", WIRE_EVENT_WALLET},
        [EVENT_TEMPLATE_PUT] = {"template.put", WIRE_EVENT_CATALOG},
        [EVENT_TEMPLATE_DELETED] = {"template.deleted", WIRE_EVENT_CATALOG},
        [EVENT_COUPON_ISSUED] = {"coupon.issued", WIRE_EVENT_COUPON},
        [EVENT_COUPON_USED] = {"coupon.used", WIRE_EVENT_COUPON},
        [EVENT_COUPON_RETURNED] = {"coupon.returned", WIRE_EVENT_COUPON},
        [EVENT_COUPON_EXPIRED] = {"coupon.expired", WIRE_EVENT_COUPON},
        [EVENT_COUPON_REVOKED] = {"coupon.revoked", WIRE_EVENT_COUPON},
        [EVENT_PRODUCT_PUT] = {"product.put", WIRE_EVENT_CATALOG},
        [EVENT_PRODUCT_DELETED] = {"product.deleted", WIRE_EVENT_CATALOG},
        [EVENT_STOCK_RESTOCKED] = {"stock.restocked", WIRE_EVENT_CATALOG},
        [EVENT_STOCK_RESERVED] = {"stock.reserved", WIRE_EVENT_CATALOG},
        [EVENT_STOCK_RELEASED] = {"stock.released", WIRE_EVENT_CATALOG},
        [EVENT_STOCK_TAKEN] = {"stock.taken", WIRE_EVENT_CATALOG},
        [EVENT_STOCK_RETURNED] = {"stock.returned", WIRE_EVENT_CATALOG},
        [EVENT_ORDER_PLACED] = {"order.placed", WIRE_EVENT_ORDER},
        [EVENT_ORDER_PAID] = {"order.paid", WIRE_EVENT_ORDER},
        [EVENT_ORDER_FAILED] = {"order.failed", WIRE_EVENT_ORDER},
        [EVENT_ORDER_CANCELLED] = {"order.cancelled", WIRE_EVENT_ORDER},
        [EVENT_ORDER_CHANGED] = {"order.changed", WIRE_EVENT_ORDER},
        [EVENT_ORDER_SHIPPED] = {"order.shipped", WIRE_EVENT_ORDER},
        [EVENT_POLICY_APPLIED] = {"policy.applied", WIRE_EVENT_CATALOG},
        [EVENT_DAY_CLOSED] = {"day.closed", WIRE_EVENT_ORDER},
    };

    static const char *const families[WIRE_EVENT_FAMILY_COUNT] = {"order", "coupon", "wallet",
                                                                  "catalog", "user"};
    enum wire_event_family family = WIRE_EVENT_FAMILY_COUNT;

    (void)state;
    for (int i = 0; i < EVENT_COUNT; i++) {
        assert_string_equal(wire_event_type_name((enum event_type)i), rows[i].name);
        assert_true(wire_event_family_of(fc_str_of(rows[i].name), &family));
        assert_int_equal(family, rows[i].family);
    }
    for (int i = 0; i < WIRE_EVENT_FAMILY_COUNT; i++)
        assert_string_equal(wire_event_family_name((enum wire_event_family)i), families[i]);
    assert_true(wire_event_family_of(FC_STR("order.of_a_version_to_come"), &family));
    assert_int_equal(family, WIRE_EVENT_ORDER);
    assert_false(wire_event_family_of(FC_STR("orders"), &family));
    assert_false(wire_event_family_of(FC_STR(""), &family));
    EXPECT_ASSERT((void)wire_event_type_name(EVENT_COUNT));
    EXPECT_ASSERT((void)wire_event_family_name(WIRE_EVENT_FAMILY_COUNT));
}

static void test_event_of_no_type_is_a_mistake(void **state)
{
    struct event event = {.type = EVENT_COUNT};
    char memory[64];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct wire_node data;
    struct wire_json json;

    (void)state;
    wire_json_init(&json, &buf);
    EXPECT_ASSERT(wire_event_subject_put(&json, &event));
    EXPECT_ASSERT(wire_event_data_put(&json, &event));
    EXPECT_ASSERT(wire_event_data_read(&data, &event));
    /* A policy that was applied is kept as its document. */
    event.type = EVENT_POLICY_APPLIED;
    EXPECT_ASSERT(wire_event_data_put(&json, &event));
}

static void test_event_journal_golden(void **state)
{
    struct fc_str text = sample_journal(body_arena());
    bool seen[EVENT_COUNT] = {false};
    struct event events[SAMPLE_EVENTS_MAX];
    int32_t count = sample_events(events);

    (void)state;
    for (int32_t i = 0; i < count; i++)
        seen[events[i].type] = true;
    for (size_t i = 0; i < FC_ARRAY_COUNT(seen); i++)
        assert_true(seen[i]);
    golden_check("journal.events.json", text);
}

static void test_event_journal_is_cut_at_its_newlines(void **state)
{
    struct fc_str rest = sample_journal(body_arena());
    struct event events[SAMPLE_EVENTS_MAX];
    int32_t count = sample_events(events);
    struct fc_str shortened;
    int32_t index = 0;

    (void)state;
    while (wire_events_next(&rest, &shortened)) {
        char text[4096];

        assert_true(fc_str_copy(shortened, text, sizeof(text)));
        struct json_object *root = json_tokener_parse(text);
        struct json_object *member = NULL;

        assert_int_equal(json_object_object_length(root), 4);
        assert_true(json_object_object_get_ex(root, "version", &member));
        assert_int_equal(json_object_get_int64(member), events[index].version);
        json_object_put(root);
        assert_str_equal(wire_event_short_type(shortened),
                         wire_event_type_name(events[index].type));
        index++;
    }
    assert_int_equal(index, count);
}

static void test_event_journal_of_none_or_one(void **state)
{
    struct event events[SAMPLE_EVENTS_MAX];
    char memory[512];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct fc_str shortened = FC_STR_NONE;
    struct fc_str rest;

    (void)state;
    wire_events_put(&buf, events, 0);
    assert_str_equal(fc_buf_str(&buf), "[]");
    rest = fc_buf_str(&buf);
    assert_false(wire_events_next(&rest, &shortened));
    rest = FC_STR_NONE;
    assert_false(wire_events_next(&rest, &shortened));
    rest = FC_STR("[");
    assert_false(wire_events_next(&rest, &shortened));
    buf.len = 0;
    (void)sample_events(events);
    wire_events_put(&buf, events, 1);
    rest = fc_buf_str(&buf);
    assert_true(wire_events_next(&rest, &shortened));
    assert_str_equal(shortened, "{\"type\":\"user.registered\",\"subject\":\"user:7\","
                                "\"version\":1,\"data\":{\"user_id\":7}}");
    assert_false(wire_events_next(&rest, &shortened));
}

static void test_event_short_type_of_something_else_is_empty(void **state)
{
    (void)state;
    assert_int_equal(wire_event_short_type(FC_STR("")).len, 0);
    assert_int_equal(wire_event_short_type(FC_STR("{\"subject\":\"user:7\"}")).len, 0);
    assert_int_equal(wire_event_short_type(FC_STR("{\"type\":\"order.paid")).len, 0);
}

static void test_event_announcement_golden(void **state)
{
    struct wire_event_origin origin = {sample_uuid(0xab), {1769904000123456}, FC_STR_NONE};
    struct fc_arena *arena = body_arena();
    struct fc_str rest = sample_journal(arena);
    struct fc_buf buf = fc_arena_buf_begin(arena);
    struct fc_str shortened;

    (void)state;
    for (int32_t i = 0; wire_events_next(&rest, &shortened); i++) {
        origin.traceparent = i % 2 == 0 ? FC_STR(TRACE) : FC_STR_NONE;
        fc_buf_put_text(&buf, i > 0 ? "\n" : "");
        wire_event_announce(&buf, &origin, i, shortened);
    }
    assert_false(buf.overflow);
    golden_check("events.v1.jsonl", fc_buf_str(&buf));
}

static void test_event_announced_again_is_equal_to_the_byte(void **state)
{
    struct wire_event_origin origin = {sample_uuid(0xab), {1769904000123456}, FC_STR(TRACE)};
    struct fc_str shortened = FC_STR("{\"type\":\"user.registered\",\"subject\":\"user:7\","
                                     "\"version\":1,\"data\":{\"user_id\":7}}");
    char memory[1024];
    char wanted_memory[512];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
    struct fc_buf wanted = fc_buf_of(wanted_memory, sizeof(wanted_memory));

    (void)state;
    wire_event_announce(&buf, &origin, 2, shortened);
    struct fc_uuid id = fc_uuid_event(&origin.command_id, 2);

    fc_buf_put_text(&wanted, "{\"id\":\"");
    fc_uuid_put(&wanted, &id);
    fc_buf_put_text(&wanted, "\",\"at\":\"2026-02-01T00:00:00.123456Z\","
                             "\"command_id\":\"0198f3a2-7c11-8abc-9def-0123456789ab\","
                             "\"traceparent\":\"" TRACE "\",\"type\":\"user.registered\","
                             "\"subject\":\"user:7\",\"version\":1,\"data\":{\"user_id\":7}}");
    assert_true(fc_str_eq(fc_buf_str(&buf), fc_buf_str(&wanted)));
    size_t len = buf.len;

    wire_event_announce(&buf, &origin, 2, shortened);
    assert_int_equal(buf.len, 2 * len);
    assert_memory_equal(memory, memory + len, len);
    EXPECT_ASSERT(wire_event_announce(&buf, &origin, 0, FC_STR("")));
    EXPECT_ASSERT(wire_event_announce(&buf, &origin, -1, shortened));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_event_names_and_families),
        cmocka_unit_test(test_event_of_no_type_is_a_mistake),
        cmocka_unit_test(test_event_journal_golden),
        cmocka_unit_test(test_event_journal_is_cut_at_its_newlines),
        cmocka_unit_test(test_event_journal_of_none_or_one),
        cmocka_unit_test(test_event_short_type_of_something_else_is_empty),
        cmocka_unit_test(test_event_announcement_golden),
        cmocka_unit_test(test_event_announced_again_is_equal_to_the_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
