#include "support/capture.h"
#include "support/expect.h"
#include "support/policies.h"

#include "producer/cli/cli.h"
#include "producer/cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct capture out;
static int exit_code;

static const struct cli_command check_command = {
    .words = "policy check",
    .arguments = "FILE",
    .sentence = "Whether a file is a policy.",
    .examples = "policy check FILE",
    .argument_min = 1,
    .argument_max = 1,
};

/* What `policy check` writes on stdout about the file. */
static struct fc_str check(const char *path, bool json)
{
    char file[256];
    char option[] = "--json";
    char *argv[] = {file, option};
    struct cli cli = {.command = &check_command, .argc = json ? 2 : 1, .argv = argv};

    (void)fc_str_copy(fc_str_of(path), file, sizeof(file));
    (void)fflush(stdout);
    capture_begin(&out, STDOUT_FILENO);
    exit_code = cli_policy_check(&cli);
    (void)fflush(stdout);
    return capture_end(&out);
}

/* The same of a document. */
static struct fc_str check_text(const char *document, bool json)
{
    char path[] = "/tmp/firstcome-policy-XXXXXX";
    int fd = mkstemp(path);
    struct fc_str text = fc_str_of(document);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.ptr, text.len), text.len);
    assert_int_equal(close(fd), 0);
    struct fc_str told = check(path, json);

    assert_int_equal(unlink(path), 0);
    return told;
}

static void test_policy_check_shows_every_setting(void **state)
{
    const char *source = getenv("FIRSTCOME_SOURCE");
    char path[512];

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/deploy/policies/option-stock.json",
                   source != NULL ? source : ".");
    struct fc_str told = check(path, false);

    assert_int_equal(exit_code, FC_EXIT_OK);
    assert_str_contains(told, "/balance/charge_units         [10000,50000,100000,500000]\n");
    assert_str_contains(told, "/ranking/days                 3\n");
    assert_str_contains(check(path, true), "\"valid\":true,\"settings\":[{\"setting\":\"/name\","
                                           "\"value\":\"\\\"option-stock\\\"\"},");
}

static void test_policy_check_names_every_fault(void **state)
{
    static const char document[] = "{\"balance\":{\"charge_min\":-1,\"charge_max\":0},\"x\":1}";

    (void)state;
    struct fc_str told = check_text(document, false);

    assert_int_equal(exit_code, FC_EXIT_FAILED);
    assert_str_contains(told, "/balance/charge_min  must be from 0 to 1000000000000000\n");
    assert_str_contains(told, "/balance/charge_max  must be from 1 to 1000000000000000\n");
    assert_str_contains(told, "/x                   is no member of this object\n");
    assert_str_contains(
        check_text(document, true),
        "\"valid\":false,\"fault_count\":3,\"faults\":[{\"pointer\":"
        "\"/balance/charge_min\",\"detail\":\"must be from 0 to 1000000000000000\"}");
}

static void test_policy_check_counts_the_faults_that_it_does_not_show(void **state)
{
    char document[1024];
    struct fc_buf buf = fc_buf_of(document, sizeof(document) - 1);

    (void)state;
    fc_buf_put_char(&buf, '{');
    for (int i = 0; i < 40; i++)
        fc_buf_put_fmt(&buf, "%s\"x%d\":1", i > 0 ? "," : "", i);
    fc_buf_put_char(&buf, '}');
    document[buf.len] = '\0';
    struct fc_str told = check_text(document, false);

    assert_int_equal(exit_code, FC_EXIT_FAILED);
    assert_str_contains(told, "40\n");
    assert_str_contains(told, "and 8 more\n");
}

static void test_policy_check_of_no_json_says_so(void **state)
{
    (void)state;
    assert_str_contains(check_text("{\"balance\":", true), "\"valid\":false,\"fault_count\":1,");
    assert_int_equal(exit_code, FC_EXIT_FAILED);
    assert_str_contains(check_text("", true), "\"fault_count\":1,");
}

static void test_policy_check_of_a_file_that_is_not_there_fails(void **state)
{
    struct capture err;

    (void)state;
    capture_begin(&err, STDERR_FILENO);
    struct fc_str told = check("/nowhere/policy.json", false);

    assert_str_contains(capture_end(&err), "/nowhere/policy.json: No such file or directory");
    assert_int_equal(exit_code, FC_EXIT_FAILED);
    assert_int_equal(told.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policy_check_shows_every_setting),
        cmocka_unit_test(test_policy_check_names_every_fault),
        cmocka_unit_test(test_policy_check_counts_the_faults_that_it_does_not_show),
        cmocka_unit_test(test_policy_check_of_no_json_says_so),
        cmocka_unit_test(test_policy_check_of_a_file_that_is_not_there_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
