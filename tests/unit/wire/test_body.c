#include "support/bodies.h"
#include "support/expect.h"

#include "base/limits.h"
#include "wire/command.h"
#include "wire/policy.h"

#include <stdlib.h>
#include <string.h>

static struct command command_of(enum command_type type, enum command_key_kind kind, int64_t id)
{
    return (struct command){.type = type, .key = {kind, id}};
}

static void test_body_of_a_registration(void **state)
{
    static const struct body_case rows[] = {
        {"{\"user_id\":7}", "{\"user_id\":7}"},
        {" { \"user_id\" : 7 } ", "{\"user_id\":7}"},
        {"{}", "{\"user_id\":7}"},
        {"{\"user_id\":null}", "{\"user_id\":7}"},
        {"{\"user_id\":8}", "! /user_id must be the id that the path or the key names"},
    };
    struct command command = command_of(COMMAND_USER_REGISTER, COMMAND_KEY_USER, 7);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_body_without_a_known_key_must_name_the_user(void **state)
{
    static const struct body_case rows[] = {
        {"{\"user_id\":1}", "{\"user_id\":1}"},
        {"{\"user_id\":9007199254740991}", "{\"user_id\":9007199254740991}"},
        {"{\"user_id\":9007199254740992}", "! /user_id must be from 1 to 9007199254740991"},
        {"{\"user_id\":0}", "! /user_id must be from 1 to 9007199254740991"},
        {"{\"user_id\":-1}", "! /user_id must be from 1 to 9007199254740991"},
        {"{\"user_id\":9223372036854775807}", "! /user_id must be from 1 to 9007199254740991"},
        {"{\"user_id\":9223372036854775808}", "! /user_id must be from 1 to 9007199254740991"},
        {"{\"user_id\":18446744073709551617}", "! /user_id must be from 1 to 9007199254740991"},
        {"{\"user_id\":99999999999999999999999}", "! /user_id must be from 1 to 9007199254740991"},
        {"{\"user_id\":-99999999999999999999999}", "! /user_id must be from 1 to 9007199254740991"},
        {"{\"user_id\":1.0}", "! /user_id must be an integer"},
        {"{\"user_id\":1e3}", "! /user_id must be an integer"},
        {"{\"user_id\":\"1\"}", "! /user_id must be an integer"},
        {"{\"user_id\":true}", "! /user_id must be an integer"},
        {"{\"user_id\":[1]}", "! /user_id must be an integer"},
        {"{}", "! /user_id is required"},
        {"{\"user_id\":null}", "! /user_id is required"},
        {"{\"user_id\":1,\"user_id\":2}", "! /user_id must be named once"},
        {"{\"user_id\":1,\"nane\":\"x\",\"a/b\":1}",
         "! /nane is no member of this object; /a~1b is no member of this object"},
        {"[]", "! must be an object"},
        {"3", "! must be an object"},
        {"null", "! must be an object"},
        {"\"x\"", "! must be an object"},
        {"", "! the text ends where a value belongs (byte 0)"},
        {"{\"user_id\":1", "! the text has an object that is not closed (byte 12)"},
    };
    struct command command = command_of(COMMAND_USER_REGISTER, COMMAND_KEY_USER, 0);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_body_of_a_charge_leaves_the_amount_to_the_policy(void **state)
{
    static const struct body_case rows[] = {
        {"{\"amount\":10000}", "{\"user_id\":7,\"amount\":10000}"},
        {"{\"amount\":10000,\"user_id\":7}", "{\"user_id\":7,\"amount\":10000}"},
        {"{\"amount\":0}", "{\"user_id\":7,\"amount\":0}"},
        {"{\"amount\":-5}", "{\"user_id\":7,\"amount\":-5}"},
        {"{\"amount\":1000000000000000}", "{\"user_id\":7,\"amount\":1000000000000000}"},
        {"{\"amount\":-1000000000000000}", "{\"user_id\":7,\"amount\":-1000000000000000}"},
        {"{\"amount\":1000000000000001}",
         "! /amount must be from -1000000000000000 to 1000000000000000"},
        {"{\"amount\":-1000000000000001}",
         "! /amount must be from -1000000000000000 to 1000000000000000"},
        {"{\"user_id\":8,\"amount\":\"1\",\"x\":0}",
         "! /user_id must be the id that the path or the key names; /amount must be an integer; "
         "/x is no member of this object"},
        {"{}", "! /amount is required"},
    };
    struct command command = command_of(COMMAND_WALLET_CHARGE, COMMAND_KEY_USER, 7);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
}

static void test_body_of_a_delete_may_be_empty(void **state)
{
    static const struct body_case product_rows[] = {
        {"", "{\"product_id\":3}"},
        {"{}", "{\"product_id\":3}"},
        {"{\"product_id\":3}", "{\"product_id\":3}"},
        {"{\"product_id\":4}", "! /product_id must be the id that the path or the key names"},
        {"{\"force\":true}", "! /force is no member of this object"},
    };
    static const struct body_case template_rows[] = {
        {"", "{\"template_id\":3}"},
        {"{\"template_id\":4}", "! /template_id must be the id that the path or the key names"},
    };
    struct command product = command_of(COMMAND_PRODUCT_DELETE, COMMAND_KEY_PRODUCT, 3);
    struct command template = command_of(COMMAND_TEMPLATE_DELETE, COMMAND_KEY_TEMPLATE, 3);

    (void)state;
    body_cases_check(&product, product_rows, FC_ARRAY_COUNT(product_rows));
    body_cases_check(&template, template_rows, FC_ARRAY_COUNT(template_rows));
}

static void test_body_of_a_closed_day_agrees_with_its_key(void **state)
{
    static const struct body_case rows[] = {
        {"{\"day\":\"2026-01-31\"}", "{\"day\":\"2026-01-31\"}"},
        {"{}", "{\"day\":\"2026-01-31\"}"},
        {"{\"day\":\"2026-02-01\"}", "! /day must be the day that the key names"},
        {"{\"day\":\"2026-02-30\"}", "! /day must be a day such as 2026-01-31"},
        {"{\"day\":20484}", "! /day must be a day such as 2026-01-31"},
        {"{\"date\":\"2026-01-31\"}", "! /date is no member of this object"},
        {"", "! the text ends where a value belongs (byte 0)"},
    };
    static const struct body_case unkeyed[] = {
        {"{\"day\":\"9999-12-31\"}", "{\"day\":\"9999-12-31\"}"},
        {"{}", "! /day is required"},
    };
    struct command command = command_of(COMMAND_DAY_CLOSE, COMMAND_KEY_DAY, 20484);

    (void)state;
    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
    command.key.id = 0;
    body_cases_check(&command, unkeyed, FC_ARRAY_COUNT(unkeyed));
}

/* The rest of the document is wire/policy.h's. */
static void test_body_of_a_policy_is_kept_as_its_canonical_document(void **state)
{
    struct command command = command_of(COMMAND_POLICY_APPLY, COMMAND_KEY_POLICY, POLICY_KEY_ID);
    struct policy policy = policy_default();
    char memory[WIRE_POLICY_BYTES_MAX + 1];
    struct fc_buf buf = fc_buf_of(memory, WIRE_POLICY_BYTES_MAX);

    (void)state;
    policy.charge_min = KRW(10000);
    wire_policy_put(&buf, &policy);
    memory[buf.len] = '\0';
    const struct body_case rows[] = {
        {"{\"balance\":{\"charge_min\":10000}}", memory},
        {memory, memory},
        {"{\"balance\":{\"charge_min\":-1}}",
         "! /balance/charge_min must be from 0 to 1000000000000000"},
        {"{\"surprise\":1}", "! /surprise is no member of this object"},
        {"[]", "! must be an object"},
    };

    body_cases_check(&command, rows, FC_ARRAY_COUNT(rows));
    struct fc_arena *arena = body_arena();
    struct wire_faults faults;

    wire_faults_init(&faults, arena);
    assert_true(
        wire_body_parse(FC_STR("{\"balance\":{\"charge_min\":10000}}"), arena, &command, &faults));
    assert_int_equal(command.body.policy_apply.policy.charge_min.won, 10000);
    assert_str_equal(command.body.policy_apply.document, memory);
    assert_int_equal(command.body.policy_apply.policy.version, 0);
}

static void test_body_of_a_policy_needs_room_for_its_document(void **state)
{
    struct command command = command_of(COMMAND_POLICY_APPLY, COMMAND_KEY_POLICY, POLICY_KEY_ID);
    static _Alignas(16) char memory[64];
    struct wire_faults faults;
    struct fc_arena arena;

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    wire_faults_init(&faults, &arena);
    assert_false(wire_body_parse(FC_STR("{}"), &arena, &command, &faults));
    assert_true(faults.arena_full);
    assert_int_equal(faults.count, 0);
}

static void test_body_that_is_no_json_says_so(void **state)
{
    struct fc_arena *arena = body_arena();
    struct command command = command_of(COMMAND_USER_REGISTER, COMMAND_KEY_USER, 7);
    struct wire_faults faults;

    (void)state;
    wire_faults_init(&faults, arena);
    assert_false(wire_body_parse(FC_STR("{\"user_id\":7,}"), arena, &command, &faults));
    assert_true(faults.no_json);
    wire_faults_init(&faults, arena);
    assert_false(wire_body_parse(FC_STR("{\"user_id\":8}"), arena, &command, &faults));
    assert_false(faults.no_json);
    assert_false(faults.arena_full);
}

static void test_body_faults_are_counted_past_what_is_kept(void **state)
{
    struct fc_arena *arena = body_arena();
    struct command command = command_of(COMMAND_USER_REGISTER, COMMAND_KEY_USER, 7);
    struct wire_faults faults;
    char text[1024];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));

    (void)state;
    for (int i = 0; i < 40; i++)
        fc_buf_put_fmt(&buf, "%s\"m%d\":0", i > 0 ? "," : "{", i);
    fc_buf_put_char(&buf, '}');
    wire_faults_init(&faults, arena);
    assert_false(wire_body_parse(fc_buf_str(&buf), arena, &command, &faults));
    assert_int_equal(faults.count, 40);
    assert_str_equal(faults.items[WIRE_FAULTS_MAX - 1].pointer, "/m31");
}

static void write_at(char *bytes, size_t at, struct fc_str text)
{
    struct fc_buf buf = fc_buf_of(bytes + at, text.len);

    fc_buf_put(&buf, text);
}

/* A body of the largest size over HTTP: either good or refused, in memory of exactly its size. */
static void test_body_of_128_kib(void **state)
{
    struct fc_arena *arena = body_arena();
    struct command command = command_of(COMMAND_USER_REGISTER, COMMAND_KEY_USER, 7);
    struct wire_faults faults;
    char *body = malloc(HTTP_BODY_BYTES_MAX);

    (void)state;
    assert_non_null(body);
    memset(body, ' ', HTTP_BODY_BYTES_MAX);
    write_at(body, 0, FC_STR("{\"user_id\":7"));
    body[HTTP_BODY_BYTES_MAX - 1] = '}';
    wire_faults_init(&faults, arena);
    assert_true(
        wire_body_parse((struct fc_str){body, HTTP_BODY_BYTES_MAX}, arena, &command, &faults));
    memset(body + 12, 'x', HTTP_BODY_BYTES_MAX - 13);
    write_at(body, 12, FC_STR(",\""));
    write_at(body, HTTP_BODY_BYTES_MAX - 4, FC_STR("\":1"));
    wire_faults_init(&faults, arena);
    assert_false(
        wire_body_parse((struct fc_str){body, HTTP_BODY_BYTES_MAX}, arena, &command, &faults));
    assert_int_equal(faults.count, 1);
    assert_str_equal(faults.items[0].pointer, "");
    assert_str_equal(faults.items[0].detail, "is no member of this object");
    free(body);
}

static void test_body_into_a_full_arena_is_no_fault_of_the_bytes(void **state)
{
    static _Alignas(16) char memory[64];
    struct command command = command_of(COMMAND_PRODUCT_PUT, COMMAND_KEY_PRODUCT, 3);
    struct fc_arena arena;
    struct wire_faults faults;

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    wire_faults_init(&faults, &arena);
    assert_false(wire_body_parse(FC_STR("{\"name\":\"a name of some length, longer than the "
                                        "arena has room\",\"price\":1,"
                                        "\"options\":[{\"name\":\"x\",\"stock\":1}]}"),
                                 &arena, &command, &faults));
    assert_true(faults.arena_full);
    assert_int_equal(faults.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_body_of_a_registration),
        cmocka_unit_test(test_body_without_a_known_key_must_name_the_user),
        cmocka_unit_test(test_body_of_a_charge_leaves_the_amount_to_the_policy),
        cmocka_unit_test(test_body_of_a_delete_may_be_empty),
        cmocka_unit_test(test_body_of_a_closed_day_agrees_with_its_key),
        cmocka_unit_test(test_body_of_a_policy_is_kept_as_its_canonical_document),
        cmocka_unit_test(test_body_of_a_policy_needs_room_for_its_document),
        cmocka_unit_test(test_body_that_is_no_json_says_so),
        cmocka_unit_test(test_body_faults_are_counted_past_what_is_kept),
        cmocka_unit_test(test_body_of_128_kib),
        cmocka_unit_test(test_body_into_a_full_arena_is_no_fault_of_the_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
