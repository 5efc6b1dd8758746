#include "support/bodies.h"
#include "support/expect.h"

#include "wire/problem.h"

#include <string.h>

static void test_fault_is_kept_with_place_and_sentence(void **state)
{
    struct wire_faults faults;
    char pointer[] = "/lines/0";

    (void)state;
    wire_faults_init(&faults, body_arena());
    wire_fault_add(&faults, fc_str_of(pointer), "must be from %d to %d", 1, 9);
    memset(pointer, 'x', strlen(pointer));
    assert_int_equal(faults.count, 1);
    assert_str_equal(faults.items[0].pointer, "/lines/0");
    assert_str_equal(faults.items[0].detail, "must be from 1 to 9");
}

static void test_fault_sentence_is_cut_at_a_character(void **state)
{
    struct wire_faults faults;
    char text[300];

    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text + 253, "\xed\x95\x9c", 3);
    text[256] = '\0';
    wire_faults_init(&faults, body_arena());
    wire_fault_add(&faults, FC_STR(""), "%s", text);
    assert_int_equal(faults.items[0].detail.len, 253);
}

static void test_fault_more_than_are_kept_are_counted(void **state)
{
    struct wire_faults faults;

    (void)state;
    wire_faults_init(&faults, body_arena());
    for (int i = 0; i < WIRE_FAULTS_MAX + 3; i++)
        wire_fault_add(&faults, FC_STR("/x"), "%d", i);
    assert_int_equal(faults.count, WIRE_FAULTS_MAX + 3);
    assert_str_equal(faults.items[WIRE_FAULTS_MAX - 1].detail, "31");
}

static void test_fault_in_a_full_arena_is_still_one(void **state)
{
    static _Alignas(16) char memory[16];
    struct fc_arena arena;
    struct wire_faults faults;

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    wire_faults_init(&faults, &arena);
    wire_fault_add(&faults, FC_STR("/a/pointer/too/long"), "is wrong");
    assert_int_equal(faults.count, 1);
    assert_true(faults.arena_full);
    assert_str_equal(faults.items[0].detail, "is not valid");
}

static void test_problem_lists_every_fault(void **state)
{
    struct wire_faults faults;
    char memory[512];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    wire_faults_init(&faults, body_arena());
    wire_fault_add(&faults, FC_STR("/lines/0/quantity"), "is required");
    wire_fault_add(&faults, FC_STR(""), "has a \"quote\"");
    wire_problem_put(&buf, wire_problem_of(VERDICT_INVALID_REQUEST), FC_STR("Two faults."),
                     &faults);
    assert_str_equal(
        fc_buf_str(&buf),
        "{\"type\":\"urn:firstcome:problem:invalid_request\",\"title\":\"The request is not "
        "valid\","
        "\"status\":400,\"detail\":\"Two faults.\",\"code\":\"invalid_request\",\"errors\":["
        "{\"pointer\":\"/lines/0/quantity\",\"detail\":\"is required\"},"
        "{\"pointer\":\"\",\"detail\":\"has a \\\"quote\\\"\"}]}");
}

static void test_problem_without_faults_has_no_list(void **state)
{
    struct wire_faults faults;
    char memory[512];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    wire_faults_init(&faults, body_arena());
    wire_problem_put(&buf, wire_problem_named(FC_STR("unavailable")), FC_STR("Later."), &faults);
    assert_str_equal(
        fc_buf_str(&buf),
        "{\"type\":\"urn:firstcome:problem:unavailable\",\"title\":\"The service is not "
        "available\",\"status\":503,\"detail\":\"Later.\",\"code\":\"unavailable\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault_is_kept_with_place_and_sentence),
        cmocka_unit_test(test_fault_sentence_is_cut_at_a_character),
        cmocka_unit_test(test_fault_more_than_are_kept_are_counted),
        cmocka_unit_test(test_fault_in_a_full_arena_is_still_one),
        cmocka_unit_test(test_problem_lists_every_fault),
        cmocka_unit_test(test_problem_without_faults_has_no_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
