#include "support/expect.h"

#include "producer/cli/tally.h"

#include <stdio.h>

static struct cli_tally tally;

static int reset(void **state)
{
    (void)state;
    tally = (struct cli_tally){.code_count = 0};
    return 0;
}

static void add(enum cli_end end, const char *code)
{
    struct cli_outcome outcome = {.end = end, .sent = {100}, .decided = {350}, .tries = 1};

    (void)fc_str_copy(fc_str_of(code), outcome.verdict.code, sizeof(outcome.verdict.code));
    cli_tally_add(&tally, &outcome);
}

static void test_tally_counts_refusals_by_code(void **state)
{
    (void)state;
    add(CLI_END_SUCCEEDED, "");
    add(CLI_END_REFUSED, "insufficient_stock");
    add(CLI_END_REFUSED, "insufficient_balance");
    add(CLI_END_REFUSED, "insufficient_stock");
    assert_int_equal(cli_tally_total(&tally), 4);
    assert_int_equal(cli_tally_refused_by(&tally, FC_STR("insufficient_stock")), 2);
    assert_int_equal(cli_tally_refused_by(&tally, FC_STR("insufficient_balance")), 1);
    assert_int_equal(cli_tally_refused_by(&tally, FC_STR("name_taken")), 0);
    assert_int_equal(tally.decided_us.count, 4);
    assert_int_equal(cli_histogram_at(&tally.decided_us, 500), 250);
    /* No 202 was seen. */
    assert_int_equal(tally.accepted_us.count, 0);
}

static void test_tally_expects_what_is_allowed_only(void **state)
{
    (void)state;
    add(CLI_END_REFUSED, "insufficient_stock");
    add(CLI_END_REFUSED, "insufficient_balance");
    assert_int_equal(cli_tally_unexpected(&tally, FC_STR("")), 2);
    assert_int_equal(cli_tally_unexpected(&tally, FC_STR("insufficient_stock")), 1);
    assert_int_equal(
        cli_tally_unexpected(&tally, FC_STR("insufficient_balance,insufficient_stock")), 0);
    assert_int_equal(cli_tally_unexpected(&tally, FC_STR("insufficient")), 2);
    assert_int_equal(cli_tally_unexpected(&tally, FC_STR("any")), 0);
    /* Nobody expects a command to be parked. */
    add(CLI_END_PARKED, "");
    assert_int_equal(cli_tally_unexpected(&tally, FC_STR("any")), 1);
}

static void test_tally_does_not_know_the_fate_of_some(void **state)
{
    struct cli_outcome outcome = {.end = CLI_END_LOST, .tries = 3, .trouble = "no verdict"};

    (void)state;
    cli_tally_add(&tally, &outcome);
    add(CLI_END_FAILED, "");
    add(CLI_END_STOPPED, "");
    add(CLI_END_ACCEPTED, "");
    assert_int_equal(cli_tally_unknown(&tally), 3);
    assert_int_equal(tally.repeated, 2);
    assert_string_equal(tally.trouble, "no verdict");
}

static void test_tally_of_too_many_codes_loses_no_count(void **state)
{
    int64_t sum = 0;

    (void)state;
    for (int32_t i = 0; i < CLI_CODES_MAX + 10; i++) {
        char code[16];

        (void)snprintf(code, sizeof(code), "code_%d", (int)i);
        add(CLI_END_REFUSED, code);
    }
    for (int32_t i = 0; i < tally.code_count; i++)
        sum += tally.codes[i].count;
    assert_int_equal(tally.code_count, CLI_CODES_MAX);
    assert_int_equal(sum, CLI_CODES_MAX + 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_tally_counts_refusals_by_code, reset),
        cmocka_unit_test_setup(test_tally_expects_what_is_allowed_only, reset),
        cmocka_unit_test_setup(test_tally_does_not_know_the_fate_of_some, reset),
        cmocka_unit_test_setup(test_tally_of_too_many_codes_loses_no_count, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
