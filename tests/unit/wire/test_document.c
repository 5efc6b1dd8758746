#include "support/bodies.h"
#include "support/events.h"
#include "support/expect.h"
#include "support/golden.h"

#include "wire/document.h"

#include <stdlib.h>
#include <string.h>

#define RESULT \
    "{\"user_id\":7,\"balance\":20000,\"amount\":10000,\"note\":\"a/b \\\"c\\\" \\u0001\"}"
#define PROBLEM                                                                             \
    "{\"type\":\"urn:firstcome:problem:coupon_sold_out\",\"title\":\"The coupons are sold " \
    "out\",\"status\":409,\"detail\":\"\xeb\xa7\xa4\xec\xa7\x84\",\"code\":\"coupon_sold_out\"}"

static const struct fc_instant accepted_at = {1769903999999999};
static const struct fc_instant decided_at = {1769904000123456};

/* Every state, with what may come with it. */
static void sample_documents(struct wire_document ret_documents[6])
{
    const struct wire_document rows[] = {
        {.command_id = sample_uuid(1),
         .type = FC_STR("coupon.issue"),
         .state = WIRE_ACCEPTED,
         .has_accepted_at = true,
         .accepted_at = accepted_at},
        {.command_id = sample_uuid(2),
         .type = FC_STR("wallet.charge"),
         .state = WIRE_SUCCEEDED,
         .has_accepted_at = true,
         .accepted_at = accepted_at,
         .has_decided_at = true,
         .decided_at = decided_at,
         .result = FC_STR(RESULT)},
        {.command_id = sample_uuid(3),
         .type = FC_STR("coupon.issue"),
         .state = WIRE_REFUSED,
         .has_accepted_at = true,
         .accepted_at = accepted_at,
         .has_decided_at = true,
         .decided_at = decided_at,
         .result = FC_STR(PROBLEM)},
        {.command_id = sample_uuid(4), .state = WIRE_PARKED, .result = FC_STR(PROBLEM)},
        {.command_id = sample_uuid(5), .state = WIRE_PARKED},
        {.command_id = sample_uuid(6),
         .type = FC_STR("wallet.charge"),
         .state = WIRE_SUCCEEDED,
         .has_accepted_at = true,
         .accepted_at = accepted_at,
         .has_decided_at = true,
         .decided_at = decided_at,
         .result = FC_STR(RESULT),
         .is_replay = true,
         .replay_of = sample_uuid(2)},
    };

    memcpy(ret_documents, rows, sizeof(rows));
}

static struct fc_str sample_message(char *memory, size_t size)
{
    struct wire_document documents[6];
    struct fc_buf buf = fc_buf_of(memory, size);

    sample_documents(documents);
    for (int i = 0; i < 6; i++) {
        fc_buf_put_text(&buf, i > 0 ? ",\n" : "[");
        wire_document_put(&buf, &documents[i]);
    }
    fc_buf_put_char(&buf, ']');
    assert_false(buf.overflow);
    return fc_buf_str(&buf);
}

static char message[16 * 1024];

static void test_document_golden(void **state)
{
    (void)state;
    golden_check("documents.v1.json", sample_message(message, sizeof(message)));
}

static void assert_documents_equal(const struct wire_document *a, const struct wire_document *b)
{
    assert_true(fc_uuid_eq(&a->command_id, &b->command_id));
    assert_true(fc_str_eq(a->type, b->type));
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->has_accepted_at, b->has_accepted_at);
    assert_int_equal(a->accepted_at.us, b->accepted_at.us);
    assert_int_equal(a->has_decided_at, b->has_decided_at);
    assert_int_equal(a->decided_at.us, b->decided_at.us);
    assert_true(fc_str_eq(a->result, b->result));
    assert_int_equal(a->is_replay, b->is_replay);
    assert_true(fc_uuid_eq(&a->replay_of, &b->replay_of));
}

static void test_documents_come_back(void **state)
{
    struct wire_document *documents = NULL;
    struct wire_document wanted[6];
    int32_t count = -1;

    (void)state;
    sample_documents(wanted);
    assert_true(wire_documents_parse(sample_message(message, sizeof(message)), body_arena(),
                                     &documents, &count));
    assert_int_equal(count, 6);
    for (int i = 0; i < 6; i++)
        assert_documents_equal(&documents[i], &wanted[i]);
}

static void test_documents_that_are_none_are_refused(void **state)
{
#define DOCUMENT(members) "[{\"command_id\":\"0198f3a2-7c11-8abc-9def-0123456789ab\"" members "}]"

    static const struct {
        const char *text;
        int32_t count; /* -1: refused */
    } rows[] = {
        {"[]", 0},
        {DOCUMENT(",\"state\":\"accepted\""), 1},
        {DOCUMENT(",\"state\":\"accepted\",\"later\":{}"), 1},
        {"", -1},
        {"{}", -1},
        {"[3]", -1},
        {"[{}]", -1},
        {DOCUMENT(""), -1},
        {DOCUMENT(",\"state\":\"done\""), -1},
        {DOCUMENT(",\"state\":\"accepted\",\"accepted_at\":5"), -1},
        {DOCUMENT(",\"state\":\"accepted\",\"replay_of\":\"x\""), -1},
        {DOCUMENT(",\"state\":\"accepted\",\"state\":\"refused\""), -1},
        {"[{\"command_id\":\"x\",\"state\":\"accepted\"}]", -1},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_arena *arena = body_arena();
        struct wire_document *documents = NULL;
        int32_t count = -1;
        bool good = wire_documents_parse(fc_str_of(rows[i].text), arena, &documents, &count);

        assert_int_equal(good, rows[i].count >= 0);
        assert_int_equal(count, rows[i].count);
        if (!good)
            assert_int_equal(fc_arena_mark(arena), 0);
    }
}

static void test_documents_cut_anywhere_are_refused(void **state)
{
    struct fc_str text = sample_message(message, sizeof(message));

    (void)state;
    for (size_t len = 0; len < text.len; len++) {
        struct wire_document *documents = NULL;
        int32_t count = -1;
        char *exact = malloc(len > 0 ? len : 1);

        assert_non_null(exact);
        memcpy(exact, text.ptr, len);
        assert_false(
            wire_documents_parse((struct fc_str){exact, len}, body_arena(), &documents, &count));
        assert_int_equal(count, -1);
        free(exact);
    }
}

static void test_documents_into_any_size_of_arena(void **state)
{
    static _Alignas(16) char memory[4096];
    struct fc_str text = sample_message(message, sizeof(message));
    int good = 0;

    (void)state;
    for (size_t size = 0; size <= sizeof(memory); size += 16) {
        struct wire_document *documents = NULL;
        struct fc_arena arena;
        int32_t count = -1;

        fc_arena_init(&arena, memory, size);
        if (wire_documents_parse(text, &arena, &documents, &count))
            good++;
        else
            assert_int_equal(fc_arena_mark(&arena), 0);
    }
    assert_in_range(good, 1, sizeof(memory) / 16 - 1);
}

static void test_member_of_a_result(void **state)
{
    struct fc_arena *arena = body_arena();
    int64_t value = -1;

    (void)state;
    assert_str_equal(wire_member_text(FC_STR(RESULT), "note", arena), "a/b \"c\" \x01");
    assert_str_equal(wire_member_text(FC_STR(PROBLEM), "code", arena), "coupon_sold_out");
    assert_int_equal(wire_member_text(FC_STR(RESULT), "amount", arena).len, 0);
    assert_int_equal(wire_member_text(FC_STR(RESULT), "absent", arena).len, 0);
    assert_int_equal(wire_member_text(FC_STR("[]"), "code", arena).len, 0);
    assert_int_equal(wire_member_text(FC_STR(""), "code", arena).len, 0);
    assert_true(wire_member_i64(FC_STR(PROBLEM), "status", &value));
    assert_int_equal(value, 409);
    assert_false(wire_member_i64(FC_STR(PROBLEM), "code", &value));
    assert_false(wire_member_i64(FC_STR(PROBLEM), "absent", &value));
    assert_false(wire_member_i64(FC_STR("{\"a\":9223372036854775808}"), "a", &value));
    assert_false(wire_member_i64(FC_STR("{"), "a", &value));
    assert_false(wire_member_i64(FC_STR("5"), "a", &value));
    assert_int_equal(value, 409);
}

static void test_state_names(void **state)
{
    (void)state;
    assert_string_equal(wire_state_name(WIRE_ACCEPTED), "accepted");
    assert_string_equal(wire_state_name(WIRE_SUCCEEDED), "succeeded");
    assert_string_equal(wire_state_name(WIRE_REFUSED), "refused");
    assert_string_equal(wire_state_name(WIRE_PARKED), "parked");
    EXPECT_ASSERT((void)wire_state_name((enum wire_state)(WIRE_PARKED + 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document_golden),
        cmocka_unit_test(test_documents_come_back),
        cmocka_unit_test(test_documents_that_are_none_are_refused),
        cmocka_unit_test(test_documents_cut_anywhere_are_refused),
        cmocka_unit_test(test_documents_into_any_size_of_arena),
        cmocka_unit_test(test_member_of_a_result),
        cmocka_unit_test(test_state_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
