#include "support/expect.h"

#include "producer/cli/cli.h"

#include <string.h>

static int64_t window;
static bool batch;
static const char *run;
static struct cli cli;
static int exit_code;

static const struct cli_command command = {
    .words = "orders replay",
    .arguments = "FILE",
    .sentence = "Places the orders of a file.",
    .examples = "orders replay orders.jsonl",
    .argument_min = 1,
    .argument_max = 1,
    .needs = CLI_NEEDS_HTTP,
};

static const struct cli_option options[] = {
    {"--window", CLI_NUMBER, &window, 1, 1024, "N", "requests in flight"},
    {"--batch", CLI_FLAG, &batch, 0, 0, NULL, "take the 202 first"},
    {"--run", CLI_TEXT, &run, 0, 0, "NAME", "a name"},
};

#define WORDS_MAX 8

static char words[WORDS_MAX][64];
static char *argv[WORDS_MAX];

/* Parses words that are separated by blanks. */
static bool parse_with(const struct cli_command *with, const char *text)
{
    struct fc_str rest = fc_str_of(text);

    cli = (struct cli){.command = with, .argv = argv};
    (void)fc_str_copy(FC_STR("http://127.0.0.1:8080"), cli.settings.url, sizeof(cli.settings.url));
    cli.settings.partitions = 16;
    window = 64;
    batch = false;
    run = "1";
    while (rest.len > 0) {
        assert_in_range(cli.argc, 0, WORDS_MAX - 1);
        assert_true(fc_str_copy(fc_str_cut(&rest, ' '), words[cli.argc], sizeof(words[0])));
        argv[cli.argc] = words[cli.argc];
        cli.argc++;
    }
    return cli_parse(&cli, options, FC_ARRAY_COUNT(options), &exit_code);
}

static bool parse(const char *text)
{
    return parse_with(&command, text);
}

static void test_args_defaults_stay(void **state)
{
    (void)state;
    assert_true(parse("orders.jsonl"));
    assert_int_equal(exit_code, FC_EXIT_OK);
    assert_string_equal(cli.arguments[0], "orders.jsonl");
    assert_int_equal(window, 64);
    assert_false(batch);
    assert_false(cli.json);
    assert_string_equal(run, "1");
}

static void test_args_values_stand_behind_or_after_an_equals_sign(void **state)
{
    (void)state;
    assert_true(parse("--window 7 orders.jsonl --run=x=y --batch --json"));
    assert_int_equal(window, 7);
    assert_string_equal(run, "x=y");
    assert_true(batch);
    assert_true(cli.json);
}

static void test_args_settings_are_overridden_by_options(void **state)
{
    (void)state;
    assert_true(parse("f --url http://a,http://b --gateway-token secret"));
    assert_string_equal(cli.settings.url, "http://a,http://b");
    assert_string_equal(cli.settings.gateway_token, "secret");
}

static void test_args_behind_two_dashes_are_no_options(void **state)
{
    (void)state;
    assert_true(parse("-- --window"));
    assert_string_equal(cli.arguments[0], "--window");
}

static void test_args_wrong_words_are_usage(void **state)
{
    static const char *const texts[] = {
        "",
        "a b",
        "f --nothing",
        "f --window",
        "f --window 0",
        "f --window 1025",
        "f --window x",
        "f --batch=yes",
        "f --broker amqp://x", /* this command has no broker */
        "f -w",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(texts); i++) {
        assert_false(parse(texts[i]));
        assert_int_equal(exit_code, FC_EXIT_USAGE);
    }
}

static void test_args_help_ends_well_even_without_arguments(void **state)
{
    (void)state;
    assert_false(parse("--help"));
    assert_int_equal(exit_code, FC_EXIT_OK);
}

static void test_args_missing_settings_are_permanent(void **state)
{
    struct cli_command with = command;

    (void)state;
    with.needs = CLI_NEEDS_DATABASE | CLI_NEEDS_BROKER;
    assert_false(parse_with(&with, "f"));
    assert_int_equal(exit_code, FC_EXIT_PERMANENT);
    assert_false(parse_with(&with, "f --database host=x"));
    assert_int_equal(exit_code, FC_EXIT_PERMANENT);
    assert_true(parse_with(&with, "f --database host=x --broker amqp://y --partitions 32"));
    assert_int_equal(cli.settings.partitions, 32);
    with.needs = CLI_TAKES_BROKER;
    assert_true(parse_with(&with, "f"));
}

static void test_trouble_exits_by_its_cure(void **state)
{
    static const struct {
        enum fc_cure cure;
        int exit;
    } rows[] = {{FC_CURE_RETRY, FC_EXIT_LATER},
                {FC_CURE_RECONNECT, FC_EXIT_LATER},
                {FC_CURE_PARK, FC_EXIT_FAILED},
                {FC_CURE_EXIT, FC_EXIT_PERMANENT}};

    (void)state;
    cli = (struct cli){.command = &command};
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_err err;

        (void)fc_err_set(&err, rows[i].cure, "test", "a sentence");
        assert_int_equal(cli_trouble(&cli, &err), rows[i].exit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_args_defaults_stay),
        cmocka_unit_test(test_args_values_stand_behind_or_after_an_equals_sign),
        cmocka_unit_test(test_args_settings_are_overridden_by_options),
        cmocka_unit_test(test_args_behind_two_dashes_are_no_options),
        cmocka_unit_test(test_args_wrong_words_are_usage),
        cmocka_unit_test(test_args_help_ends_well_even_without_arguments),
        cmocka_unit_test(test_args_missing_settings_are_permanent),
        cmocka_unit_test(test_trouble_exits_by_its_cure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
