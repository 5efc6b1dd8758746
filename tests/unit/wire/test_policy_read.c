#include "support/bodies.h"
#include "support/expect.h"
#include "support/policies.h"

#include "wire/policy.h"
#include "wire/scan.h"

#include <string.h>

struct row {
    const char *document;
    const char *want; /* what policy_outcome gives, or a part of it */
};

/* Documents that are wrong: the whole outcome. */
static void check_faults(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fc_str outcome = policy_outcome(fc_str_of(rows[i].document));

        if (!fc_str_eq(outcome, fc_str_of(rows[i].want)))
            fail_msg("row %zu: %s\n  gives  " FC_STR_FMT "\n  wanted %s", i, rows[i].document,
                     FC_STR_ARG(outcome), rows[i].want);
    }
}

/* Documents that are right: a part of the canonical form, which gives itself. */
static void check_values(const struct row *rows, size_t count)
{
    char again[WIRE_POLICY_BYTES_MAX];

    for (size_t i = 0; i < count; i++) {
        struct fc_str outcome = policy_outcome(fc_str_of(rows[i].document));

        if (outcome.ptr[0] == '!')
            fail_msg("row %zu: %s\n  gives " FC_STR_FMT, i, rows[i].document, FC_STR_ARG(outcome));
        assert_str_contains(outcome, rows[i].want);
        assert_true(fc_str_copy(outcome, again, sizeof(again)));
        assert_str_equal(policy_outcome(fc_str_of(again)), again);
    }
}

static void test_policy_what_is_not_named_stays_as_usual(void **state)
{
    struct policy wide = policy_default();
    char usual[WIRE_POLICY_BYTES_MAX];
    struct fc_buf buf = fc_buf_of(usual, sizeof(usual) - 1);
    static const char *const documents[] = {
        "{}",
        "{\"balance\":{},\"catalogue\":{},\"coupons\":{},\"orders\":{},\"about\":{}}",
        "{\"name\":null,\"balance\":null,\"ranking\":null,\"about\":null}",
        "{\"$schema\":\"policy.schema.json\",\"ranking\":{\"days\":null,\"by\":null}}",
    };

    (void)state;
    wire_policy_put(&buf, &wide);
    usual[buf.len] = '\0';
    for (size_t i = 0; i < FC_ARRAY_COUNT(documents); i++)
        assert_str_equal(policy_outcome(fc_str_of(documents[i])), usual);
}

static void test_policy_values_are_taken(void **state)
{
    static const struct row rows[] = {
        {"{\"name\":\"a shop\"}", "{\"name\":\"a shop\",\"balance\""},
        {"{\"balance\":{\"charge_min\":0}}", "\"charge_min\":0,"},
        {"{\"balance\":{\"charge_max\":null,\"max\":null}}", "\"charge_max\":null,"},
        {"{\"balance\":{\"charge_max\":1000000000000000}}", "\"charge_max\":null,"},
        {"{\"balance\":{\"charge_units\":[5,7]}}", "\"charge_units\":[5,7],"},
        {"{\"balance\":{\"charge_units\":[1,2,3,4,5,6,7,8]}}", "[1,2,3,4,5,6,7,8]"},
        {"{\"balance\":{\"refund_above_max\":false}}", "\"refund_above_max\":false}"},
        {"{\"catalogue\":{\"price_step\":100}}", "\"price_step\":100,"},
        {"{\"coupons\":{\"discounts\":[]}}", "\"discounts\":[],"},
        {"{\"coupons\":{\"discounts\":[\"rate\",\"amount\"]}}", "[\"amount\",\"rate\"]"},
        {"{\"coupons\":{\"discounts\":[\"rate\"]}}", "\"discounts\":[\"rate\"],"},
        {"{\"coupons\":{\"valid_days\":36500}}", "\"valid_days\":36500,"},
        {"{\"coupons\":{\"welcome\":{\"discount\":{\"type\":\"amount\",\"value\":1}}}}",
         "\"welcome\":{\"discount\":{\"type\":\"amount\",\"value\":1},\"valid_days\":null}}"},
        {"{\"coupons\":{\"excess\":\"refused\",\"welcome\":{\"valid_days\":7,"
         "\"discount\":{\"type\":\"rate\",\"value\":9999}}}}",
         "\"welcome\":{\"discount\":{\"type\":\"rate\",\"value\":9999},\"valid_days\":7}}"},
        {"{\"payment\":{\"transfer_discount\":9999,\"methods\":[\"bank_transfer\",\"balance\"]}}",
         "{\"methods\":[\"balance\",\"bank_transfer\"],\"transfer_discount\":9999,"},
        {"{\"ranking\":{\"by\":\"orders\",\"refresh\":\"daily\",\"days\":366}}",
         "\"ranking\":{\"by\":\"orders\",\"refresh\":\"daily\",\"days\":366}"},
        {"{\"about\":{\"/name\":\"x\",\"/coupons/welcome\":\"y\"}}", "\"welcome\":null"},
    };

    (void)state;
    check_values(rows, FC_ARRAY_COUNT(rows));
}

static void test_policy_every_fault_of_form_is_named(void **state)
{
    static const struct row rows[] = {
        {"[]", "! must be an object"},
        {"{\"name\":\"\",\"balance\":[],\"orders\":{\"cancel\":1,\"change\":\"no\"}}",
         "! /name must be of 1 to 40 bytes; /balance must be an object; /orders/cancel must be "
         "true or false; /orders/change must be true or false"},
        {"{\"name\":\"a\\nb\",\"$schema\":1}",
         "! /name must not hold control characters; /$schema must be a string"},
        {"{\"balance\":{\"charge_min\":-1,\"charge_max\":0,\"max\":1000000000000001,"
         "\"charge_units\":[0,\"5\",1000000000000001]}}",
         "! /balance/charge_min must be from 0 to 1000000000000000; /balance/charge_max must be "
         "from 1 to 1000000000000000; /balance/charge_units/0 must be from 1 to 1000000000000000; "
         "/balance/charge_units/1 must be an integer; /balance/charge_units/2 must be from 1 to "
         "1000000000000000; /balance/max must be from 1 to 1000000000000000"},
        {"{\"balance\":{\"charge_units\":[1,2,3,4,5,6,7,8,9]}}",
         "! /balance/charge_units must have 0 to 8 elements"},
        {"{\"balance\":{\"charge_units\":[7,7,5]}}",
         "! /balance/charge_units/1 must be above the unit before it; /balance/charge_units/2 must "
         "be above the unit before it"},
        {"{\"catalogue\":{\"price_step\":0,\"options_max\":11,\"products_min\":-1}}",
         "! /catalogue/price_step must be from 1 to 1000000000; /catalogue/options_max must be "
         "from 1 to 10; /catalogue/products_min must be from 0 to 1000000"},
        {"{\"coupons\":{\"discounts\":[\"amount\",\"half\"],\"excess\":\"ignored\","
         "\"valid_days\":0,\"template_names_days\":null,\"welcome\":true}}",
         "! /coupons/discounts/1 is no word that may stand here; /coupons/excess must be one of "
         "stops_at_total, refused; /coupons/valid_days must be from 1 to 36500; /coupons/welcome "
         "must be an object"},
        {"{\"coupons\":{\"discounts\":[\"rate\",\"rate\"]}}",
         "! /coupons/discounts/1 stands here twice"},
        {"{\"coupons\":{\"discounts\":[\"rate\",7,\"amount\"]}}",
         "! /coupons/discounts must have 0 to 2 elements"},
        {"{\"coupons\":{\"welcome\":{}}}", "! /coupons/welcome/discount is required"},
        {"{\"coupons\":{\"welcome\":{\"discount\":{\"type\":\"rate\",\"value\":10001},"
         "\"valid_days\":36501,\"name\":\"x\"}}}",
         "! /coupons/welcome/discount/value must be from 1 to 10000; /coupons/welcome/valid_days "
         "must be from 1 to 36500; /coupons/welcome/name is no member of this object"},
        {"{\"payment\":{\"methods\":[1],\"transfer_discount\":10000,\"transfer_expires_s\":0}}",
         "! /payment/methods/0 is no word that may stand here; /payment/transfer_discount must be "
         "from 0 to 9999; /payment/transfer_expires_s must be from 1 to 2678400"},
        {"{\"payment\":{\"methods\":[\"bank_transfer\"]}}", "! /payment/methods must hold balance"},
        {"{\"ranking\":{\"by\":1,\"refresh\":\"hourly\",\"days\":367}}",
         "! /ranking/by must be a string; /ranking/refresh must be one of live, daily; "
         "/ranking/days must be from 1 to 366"},
        {"{\"balance\":{\"min\":1},\"Balance\":{},\"ranking\":{\"limit\":5}}",
         "! /balance/min is no member of this object; /ranking/limit is no member of this object; "
         "/Balance is no member of this object"},
        {"{\"ranking\":{\"days\":3,\"days\":4}}", "! /ranking/days must be named once"},
    };

    (void)state;
    check_faults(rows, FC_ARRAY_COUNT(rows));
}

static void test_policy_bytes_that_are_no_json_are_told_as_such(void **state)
{
    struct fc_arena *arena = body_arena();
    struct wire_faults faults;
    struct policy policy;

    (void)state;
    wire_faults_init(&faults, arena);
    assert_false(wire_policy_parse(FC_STR("{\"balance\":"), arena, &policy, &faults));
    assert_true(faults.no_json);
    assert_int_equal(faults.count, 1);
}

static void test_policy_contradictions_are_named(void **state)
{
    static const struct row rows[] = {
        {"{\"balance\":{\"charge_min\":2,\"charge_max\":1}}",
         "! /balance/charge_min must not be above charge_max"},
        {"{\"balance\":{\"charge_min\":6,\"max\":5}}",
         "! /balance/charge_min must not be above max: nobody could charge at all"},
        {"{\"balance\":{\"charge_min\":2,\"charge_max\":8,\"max\":7,\"charge_units\":[1,2,7,8,9]}}",
         "! /balance/charge_units/0 must not be below charge_min: nobody could charge it; "
         "/balance/charge_units/3 must not be above max: nobody could charge it; "
         "/balance/charge_units/4 must not be above charge_max: nobody could charge it"},
        {"{\"coupons\":{\"discounts\":[\"amount\"],"
         "\"welcome\":{\"discount\":{\"type\":\"rate\",\"value\":500}}}}",
         "! /coupons/welcome is of a discount that discounts does not have"},
        {"{\"coupons\":{\"discounts\":[\"rate\"],"
         "\"welcome\":{\"discount\":{\"type\":\"amount\",\"value\":500}}}}",
         "! /coupons/welcome is of a discount that discounts does not have"},
        {"{\"coupons\":{\"excess\":\"refused\","
         "\"welcome\":{\"discount\":{\"type\":\"rate\",\"value\":10000}}}}",
         "! /coupons/welcome leaves nothing to pay, which excess refuses: nobody could use it"},
        {"{\"payment\":{\"transfer_discount\":1}}",
         "! /payment/transfer_discount must be 0: methods has no bank_transfer"},
    };

    (void)state;
    check_faults(rows, FC_ARRAY_COUNT(rows));
}

/* At the border: nothing is contradictory. */
static void test_policy_settings_may_meet(void **state)
{
    static const struct row rows[] = {
        {"{\"balance\":{\"charge_min\":5,\"charge_max\":5,\"max\":5,\"charge_units\":[5]}}",
         "{\"charge_min\":5,\"charge_max\":5,\"charge_units\":[5],\"max\":5,"},
        {"{\"coupons\":{\"welcome\":{\"discount\":{\"type\":\"rate\",\"value\":10000}}}}",
         "\"value\":10000}"},
        {"{\"coupons\":{\"discounts\":[\"rate\"],"
         "\"welcome\":{\"discount\":{\"type\":\"rate\",\"value\":1}}}}",
         "\"value\":1}"},
    };

    (void)state;
    check_values(rows, FC_ARRAY_COUNT(rows));
}

static void test_policy_what_cannot_be_read_is_not_blamed_twice(void **state)
{
    static const struct row rows[] = {
        {"{\"payment\":{\"methods\":[\"balance\",\"transfer\"],\"transfer_discount\":5}}",
         "! /payment/methods/1 is no word that may stand here"},
        {"{\"coupons\":{\"discounts\":[\"Rate\"],"
         "\"welcome\":{\"discount\":{\"type\":\"rate\",\"value\":1}}}}",
         "! /coupons/discounts/0 is no word that may stand here"},
        {"{\"balance\":{\"charge_min\":9,\"charge_max\":\"5\"}}",
         "! /balance/charge_max must be an integer"},
    };

    (void)state;
    check_faults(rows, FC_ARRAY_COUNT(rows));
}

static void test_policy_sentences_are_of_settings_only(void **state)
{
    static const struct row rows[] = {
        {"{\"about\":{\"/balance\":\"x\",\"/balance/min\":\"x\",\"name\":\"x\",\"/about\":\"x\","
         "\"/coupons/welcome/discount\":\"x\"}}",
         "! /about/~1balance is the pointer of no setting; /about/~1balance~1min is the pointer of "
         "no setting; /about/name is the pointer of no setting; /about/~1about is the pointer of "
         "no setting; /about/~1coupons~1welcome~1discount is the pointer of no setting"},
        {"{\"about\":{\"/name\":\"\",\"/balance/max\":5,\"/ranking/by\":null}}",
         "! /about/~1name must be a sentence of 1 to 500 bytes; /about/~1balance~1max must be a "
         "sentence of 1 to 500 bytes; /about/~1ranking~1by must be a sentence of 1 to 500 bytes"},
        {"{\"about\":[]}", "! /about must be an object"},
    };

    (void)state;
    check_faults(rows, FC_ARRAY_COUNT(rows));
}

/* Within a command's body the places begin where the body stands. */
static void test_policy_within_another_document_is_placed_there(void **state)
{
    static const char text[] = "{\"body\":{\"balance\":{\"charge_min\":2,\"charge_max\":1,"
                               "\"charge_units\":[3]},\"x\":1}}";
    struct wire_node root;
    struct wire_node body;
    struct wire_faults faults;
    struct policy policy;
    char memory[512];
    struct fc_buf buf = fc_buf_of(memory, sizeof(memory));

    (void)state;
    wire_faults_init(&faults, body_arena());
    wire_node_begin(&root, FC_STR(text), &faults);
    assert_true(wire_read_object(&root, "body", WIRE_REQUIRED, &body));
    wire_policy_read(&body, &policy);
    wire_node_end(&body);
    faults_text_put(&buf, &faults);
    assert_str_equal(fc_buf_str(&buf),
                     "/body/balance/charge_min must not be above charge_max; "
                     "/body/balance/charge_units/0 must not be above charge_max: nobody could "
                     "charge it; /body/x is no member of this object");
}

static void test_policy_parse_says_when_the_arena_is_full(void **state)
{
    _Alignas(16) char memory[64];
    struct fc_arena arena;
    struct wire_faults faults;
    struct policy policy;

    (void)state;
    fc_arena_init(&arena, memory, sizeof(memory));
    wire_faults_init(&faults, &arena);
    assert_non_null(fc_arena_take(&arena, 1, sizeof(memory)));
    assert_false(wire_policy_parse(FC_STR("{\"name\":\"x\"}"), &arena, &policy, &faults));
    assert_true(faults.arena_full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policy_what_is_not_named_stays_as_usual),
        cmocka_unit_test(test_policy_values_are_taken),
        cmocka_unit_test(test_policy_every_fault_of_form_is_named),
        cmocka_unit_test(test_policy_bytes_that_are_no_json_are_told_as_such),
        cmocka_unit_test(test_policy_contradictions_are_named),
        cmocka_unit_test(test_policy_settings_may_meet),
        cmocka_unit_test(test_policy_what_cannot_be_read_is_not_blamed_twice),
        cmocka_unit_test(test_policy_sentences_are_of_settings_only),
        cmocka_unit_test(test_policy_within_another_document_is_placed_there),
        cmocka_unit_test(test_policy_parse_says_when_the_arena_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
