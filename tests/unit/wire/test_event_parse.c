#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"
#include "support/golden.h"

#include "base/limits.h"
#include "wire/event.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define SPOILED "an event of the journal is not as any version wrote it"
#define NO_ARRAY "the journal's events are no array of lines"
#define NO_ROOM "the journal's events do not fit the memory"
#define USER \
    "{\"type\":\"user.registered\",\"subject\":\"user:7\",\"version\":1,\"data\":{\"user_id\":7}}"

/* The events put anew must be the text that they were read from. */
static void check_round(struct fc_str text, struct fc_arena *arena)
{
    struct event *events = NULL;
    const char *reason = NULL;
    struct fc_str again;
    int32_t count = -1;

    if (!wire_events_parse(text, arena, &events, &count, &reason))
        fail_msg(FC_STR_FMT ": %s", FC_STR_ARG(text), reason);
    struct fc_buf buf = fc_arena_buf_begin(arena);

    wire_events_put(&buf, events, count);
    assert_true(fc_arena_buf_end(arena, &buf, &again));
    if (!fc_str_eq(again, text))
        fail_msg(FC_STR_FMT "\nbecame\n" FC_STR_FMT, FC_STR_ARG(text), FC_STR_ARG(again));
}

static void test_events_of_every_type_come_back_to_the_byte(void **state)
{
    struct event events[SAMPLE_EVENTS_MAX];
    int32_t count = sample_events(events);

    (void)state;
    for (int32_t i = 0; i <= count; i++) {
        struct fc_arena *arena = body_arena();
        struct fc_buf buf = fc_arena_buf_begin(arena);
        struct fc_str text;

        /* Each alone, and all together. */
        wire_events_put(&buf, i < count ? &events[i] : events, i < count ? 1 : count);
        assert_true(fc_arena_buf_end(arena, &buf, &text));
        check_round(text, arena);
    }
}

static void test_events_of_none_come_back(void **state)
{
    struct event *events = NULL;
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    assert_true(wire_events_parse(FC_STR("[]"), body_arena(), &events, &count, &reason));
    assert_int_equal(count, 0);
}

static const struct event *event_of(const struct event *events, int32_t count, enum event_type type)
{
    for (int32_t i = 0; i < count; i++)
        if (events[i].type == type)
            return &events[i];
    fail_msg("no %s", wire_event_type_name(type));
    return NULL;
}

/* What a journal held before there were holds, reservations, transfers and categories. */
static void test_events_of_the_first_version_are_read_as_they_were_meant(void **state)
{
    struct fc_str text = golden_read("journal.first.events.json");
    struct event *events = NULL;
    const char *reason = NULL;
    int32_t count = -1;

    (void)state;
    assert_true(wire_events_parse(text, body_arena(), &events, &count, &reason));
    assert_int_equal(count, 17);
    const struct wallet_moved *used =
        &event_of(events, count, EVENT_WALLET_USED)->data.wallet_moved;
    const struct coupon_moved *coupon =
        &event_of(events, count, EVENT_COUPON_USED)->data.coupon_moved;
    const struct stock_moved *taken = &event_of(events, count, EVENT_STOCK_TAKEN)->data.stock_moved;
    const struct order_terms *paid = &event_of(events, count, EVENT_ORDER_PAID)->data.order_paid;

    assert_int_equal(event_of(events, count, EVENT_WALLET_USED)->version, 3);
    assert_int_equal(used->balance.won, 4900);
    assert_false(used->from_held);
    assert_int_equal(coupon->user_id, 7);
    assert_int_equal(coupon->template_id, 0);
    assert_int_equal(taken->line_count, 2);
    assert_int_equal(taken->lines[1].quantity, 2000000);
    assert_false(taken->from_reserved);
    assert_int_equal(paid->key.kind, COMMAND_KEY_PRODUCT);
    assert_int_equal(paid->key.id, 3);
    assert_true(paid->has_coupon);
    assert_int_equal(paid->paid.won, 4590);
    assert_int_equal(paid->ordered_at.us, 1769871600000000);
    assert_int_equal(paid->lines[1].unit_price.won, 2600);
    assert_int_equal(paid->lines[0].category.len, 0);
    /* The last is by transfer, of which nothing was known but the word. */
    paid = &events[count - 1].data.order_paid;
    assert_int_equal(paid->payment, PAYMENT_BANK_TRANSFER);
    assert_int_equal(paid->from_balance.won + paid->transfer_rate + paid->transfer_discount.won, 0);
}

/* Members that may be left out, by the beginning of the type. */
static bool may_be_missing(const char *type, const char *name)
{
    static const char *const rows[][2] = {
        {"wallet.", "order_id"},         {"wallet.", "from_held"},
        {"template.put", "valid_days"},  {"template.put", "min_total"},
        {"coupon.", "template_id"},      {"coupon.", "order_id"},
        {"coupon.issued", "expires_at"}, {"stock.", "from_reserved"},
        {"order.", "coupon_id"},         {"order.", "day"},
        {"order.", "paid_at"},           {"order.cancelled", "reason"},
    };

    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        if (strncmp(type, rows[i][0], strlen(rows[i][0])) == 0 && strcmp(name, rows[i][1]) == 0)
            return true;
    return false;
}

static bool is_read(struct json_object *event)
{
    char text[8192];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));
    struct event *events = NULL;
    const char *reason = NULL;
    int32_t count = -1;

    fc_buf_put_char(&buf, '[');
    fc_buf_put_text(&buf, json_object_to_json_string_ext(event, JSON_C_TO_STRING_PLAIN));
    fc_buf_put_char(&buf, ']');
    assert_false(buf.overflow);
    if (wire_events_parse(fc_buf_str(&buf), body_arena(), &events, &count, &reason))
        return true;
    assert_string_equal(reason, SPOILED);
    return false;
}

/* A member taken out, one of no good type in its place, one that is not known beside it. */
static void check_member(struct json_object *event, struct json_object *data, const char *name)
{
    const char *type = json_object_get_string(json_object_object_get(event, "type"));
    struct json_object *kept = json_object_get(json_object_object_get(data, name));
    bool missing_is_good = may_be_missing(type, name);
    bool is_of_readers_alone = strncmp(type, "order.", 6) == 0 && strcmp(name, "day") == 0;
    struct json_object *odd = json_object_new_array();

    json_object_object_del(data, name);
    if (is_read(event) != missing_is_good)
        fail_msg("%s without %s is %s", type, name, missing_is_good ? "refused" : "read");
    json_object_array_add(odd, json_object_new_array());
    json_object_object_add(data, name, odd);
    if (is_read(event) != is_of_readers_alone)
        fail_msg("%s with an odd %s is %s", type, name, is_of_readers_alone ? "refused" : "read");
    json_object_object_add(data, name, kept);
}

static void test_events_are_held_to_each_of_their_members(void **state)
{
    struct event events[SAMPLE_EVENTS_MAX];
    int32_t count = sample_events(events);

    (void)state;
    for (int32_t i = 0; i < count; i++) {
        static char memory[8192];
        struct fc_buf buf = fc_buf_of(memory, sizeof(memory));
        const char *names[32];
        int32_t name_count = 0;

        wire_events_put(&buf, &events[i], 1);
        fc_buf_put_char(&buf, '\0');
        assert_false(buf.overflow);
        struct json_object *array = json_tokener_parse(memory);
        struct json_object *event = json_object_array_get_idx(array, 0);
        struct json_object *data = json_object_object_get(event, "data");
        struct json_object_iterator at = json_object_iter_begin(data);
        struct json_object_iterator end = json_object_iter_end(data);

        for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
            names[name_count++] = strdup(json_object_iter_peek_name(&at));
        assert_true(name_count > 0);
        for (int32_t n = 0; n < name_count; n++) {
            check_member(event, data, names[n]);
            free((void *)(uintptr_t)names[n]);
        }
        json_object_object_add(data, "of_a_version_to_come", json_object_new_int(1));
        assert_true(is_read(event));
        json_object_put(array);
    }
}

static void test_events_that_are_none_say_why(void **state)
{
    static const struct {
        const char *text;
        const char *reason;
    } rows[] = {
        {"", NO_ARRAY},
        {"[", NO_ARRAY},
        {"]", NO_ARRAY},
        {"{}", NO_ARRAY},
        {USER, NO_ARRAY},
        {"[" USER ",", NO_ARRAY},
        {"[" USER ",\n]", NO_ARRAY},
        {"[\n" USER "]", NO_ARRAY},
        {"[" USER "\n" USER "]", NO_ARRAY},
        {"[" USER ",\n\n" USER "]", NO_ARRAY},
        {"[" USER "," USER "]", SPOILED},
        {"[7]", "an event of the journal is of no type"},
        {"[{}]", "an event of the journal is of no type"},
        {"[{\"type\":\"user.gone\",\"version\":1,\"data\":{}}]",
         "an event of the journal is of no type"},
        {"[{\"type\":7,\"version\":1,\"data\":{}}]", "an event of the journal is of no type"},
        {"[{\"type\":\"user.registered\",\"data\":{\"user_id\":7}}]", SPOILED},
        {"[{\"type\":\"user.registered\",\"version\":-1,\"data\":{\"user_id\":7}}]", SPOILED},
        {"[{\"type\":\"user.registered\",\"version\":1}]", SPOILED},
        {"[{\"type\":\"user.registered\",\"version\":1,\"data\":[]}]", SPOILED},
        {"[{\"type\":\"user.registered\",\"version\":1,\"data\":{\"user_id\":7,\"user_id\":7}}]",
         SPOILED},
        {"[" USER ",\n{\"type\":\"user.registered\",\"version\":1,\"data\":{}}]", SPOILED},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_arena *arena = body_arena();
        struct event *events = NULL;
        const char *reason = "none";
        int32_t count = -1;

        if (wire_events_parse(fc_str_of(rows[i].text), arena, &events, &count, &reason) ||
            strcmp(reason, rows[i].reason) != 0)
            fail_msg("row %zu: %s", i, reason);
        assert_int_equal(count, -1);
        assert_null(events);
        assert_int_equal(fc_arena_mark(arena), 0);
    }
}

static void test_events_cut_anywhere_are_none(void **state)
{
    struct fc_str text = golden_read("journal.events.json");

    (void)state;
    for (size_t len = 0; len < text.len; len++) {
        struct event *events = NULL;
        const char *reason = NULL;
        int32_t count = -1;
        char *exact = malloc(len > 0 ? len : 1);

        assert_non_null(exact);
        memcpy(exact, text.ptr, len);
        assert_false(
            wire_events_parse((struct fc_str){exact, len}, body_arena(), &events, &count, &reason));
        free(exact);
    }
}

static void test_events_do_not_fit_an_arena_that_is_too_small(void **state)
{
    static _Alignas(16) char memory[32 * 1024];
    struct fc_str text = golden_read("journal.events.json");
    bool fitted = false;

    (void)state;
    for (size_t size = 0; !fitted; size += 64) {
        struct event *events = NULL;
        const char *reason = NULL;
        struct fc_arena arena;
        int32_t count = -1;

        assert_true(size < sizeof(memory));
        fc_arena_init(&arena, memory, size);
        fitted = wire_events_parse(text, &arena, &events, &count, &reason);
        if (fitted)
            continue;
        assert_string_equal(reason, NO_ROOM);
        assert_int_equal(fc_arena_mark(&arena), 0);
        assert_int_equal(count, -1);
    }
}

/* More than a message may hold, as no event of it is. */
static void test_events_of_the_largest_change_come_back(void **state)
{
    static struct sold_line lines[ORDER_LINES_MAX];
    static struct stock_line pieces[ORDER_LINES_MAX];
    static char category[100];
    struct event events[3] = {{.type = EVENT_STOCK_TAKEN},
                              {.type = EVENT_STOCK_RETURNED},
                              {.type = EVENT_ORDER_CHANGED, .version = 2}};
    struct fc_arena *arena = body_arena();
    struct fc_str text;

    (void)state;
    memset(category, 'c', sizeof(category));
    for (int32_t i = 0; i < ORDER_LINES_MAX; i++) {
        lines[i] = (struct sold_line){
            ID_MAX - i, ID_MAX, QUANTITY_MAX, KRW(2 * PRICE_KRW_MAX), {category, sizeof(category)}};
        pieces[i] = (struct stock_line){ID_MAX - i, QUANTITY_MAX};
    }
    events[0].data.stock_moved = events[1].data.stock_moved =
        (struct stock_moved){sample_uuid(1), false, pieces, ORDER_LINES_MAX};
    events[2].data.order_changed = (struct order_changed){{.order_id = sample_uuid(1),
                                                           .user_id = 1,
                                                           .key = {COMMAND_KEY_USER, 1},
                                                           .paid_at = {1},
                                                           .lines = lines,
                                                           .line_count = ORDER_LINES_MAX},
                                                          KRW(-AMOUNT_KRW_MAX),
                                                          lines,
                                                          ORDER_LINES_MAX};
    struct fc_buf buf = fc_arena_buf_begin(arena);

    wire_events_put(&buf, events, 3);
    assert_true(fc_arena_buf_end(arena, &buf, &text));
    assert_true(text.len > MESSAGE_BYTES_MAX);
    check_round(text, arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events_of_every_type_come_back_to_the_byte),
        cmocka_unit_test(test_events_of_none_come_back),
        cmocka_unit_test(test_events_of_the_first_version_are_read_as_they_were_meant),
        cmocka_unit_test(test_events_are_held_to_each_of_their_members),
        cmocka_unit_test(test_events_that_are_none_say_why),
        cmocka_unit_test(test_events_cut_anywhere_are_none),
        cmocka_unit_test(test_events_do_not_fit_an_arena_that_is_too_small),
        cmocka_unit_test(test_events_of_the_largest_change_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
