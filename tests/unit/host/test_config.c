#include "support/capture.h"
#include "support/expect.h"

#include "host/config.h"
#include "host/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings {
    char shop[8];
    int32_t batch;
    bool fast;
    char key[32];
    char listen[64];
    char metrics[64];
};

static const struct fc_setting table[] = {
    {"FIRSTCOME_SHOP", FC_SETTING_TEXT, offsetof(struct settings, shop), 8, "c", 1, 0,
     "the shop's name"},
    {"FIRSTCOME_BATCH", FC_SETTING_I32, offsetof(struct settings, batch), sizeof(int32_t), "64", 1,
     256, "commands a batch"},
    {"FIRSTCOME_FAST", FC_SETTING_BOOL, offsetof(struct settings, fast), sizeof(bool), "false", 0,
     0, "whether to hurry"},
    {"FIRSTCOME_KEY", FC_SETTING_SECRET, offsetof(struct settings, key), 32, NULL, 4, 0, "the key"},
    {"FIRSTCOME_LISTEN", FC_SETTING_ADDRESS, offsetof(struct settings, listen), 64,
     "127.0.0.1:8080", 0, 0, "where to listen"},
    {"FIRSTCOME_METRICS", FC_SETTING_ADDRESS, offsetof(struct settings, metrics), 64, "", 0, 0,
     "where /metrics is"},
};

static char environment_text[8][400];

/* An environment of up to eight entries; NULL ends them. */
static char *const *environment_of(const char *const *entries)
{
    static char *environment[9];
    size_t count = 0;

    for (; entries[count] != NULL; count++) {
        assert_true(count < 8);
        assert_true(fc_str_copy(fc_str_of(entries[count]), environment_text[count],
                                sizeof(environment_text[count])));
        environment[count] = environment_text[count];
    }
    environment[count] = NULL;
    return environment;
}

static enum fc_rc read_settings(const char *const *entries, struct settings *ret_settings,
                                struct fc_err *ret_err)
{
    return fc_config_read(table, FC_ARRAY_COUNT(table), environment_of(entries), ret_settings,
                          ret_err);
}

#define ENVIRONMENT(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_config_defaults_stand_where_nothing_is_given(void **state)
{
    struct settings settings;
    struct fc_err err;

    (void)state;
    assert_int_equal(read_settings(ENVIRONMENT("FIRSTCOME_KEY=abcd"), &settings, &err), FC_OK);
    assert_string_equal(settings.shop, "c");
    assert_int_equal(settings.batch, 64);
    assert_false(settings.fast);
    assert_string_equal(settings.key, "abcd");
    assert_string_equal(settings.listen, "127.0.0.1:8080");
    assert_string_equal(settings.metrics, "");
}

static void test_config_environment_wins_and_others_are_not_ours(void **state)
{
    struct settings settings;
    struct fc_err err;

    (void)state;
    assert_int_equal(
        read_settings(ENVIRONMENT("FIRSTCOME_KEY=a=b c", "FIRSTCOME_BATCHES=9", "FIRSTCOME_BATC=8",
                                  "FIRSTCOME_BATCH=256", "FIRSTCOME_BATCH=1", "FIRSTCOME_FAST=on",
                                  "FIRSTCOME_METRICS=[::1]:9100", "FIRSTCOME_OTHER=x"),
                      &settings, &err),
        FC_OK);
    assert_string_equal(settings.key, "a=b c");
    assert_int_equal(settings.batch, 256);
    assert_true(settings.fast);
    assert_string_equal(settings.metrics, "[::1]:9100");
}

static void test_config_truth_has_eight_words(void **state)
{
    static const struct {
        const char *entry;
        bool value;
    } rows[] = {
        {"FIRSTCOME_FAST=true", true}, {"FIRSTCOME_FAST=false", false},
        {"FIRSTCOME_FAST=yes", true},  {"FIRSTCOME_FAST=no", false},
        {"FIRSTCOME_FAST=on", true},   {"FIRSTCOME_FAST=off", false},
        {"FIRSTCOME_FAST=1", true},    {"FIRSTCOME_FAST=0", false},
    };
    struct settings settings;
    struct fc_err err;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        assert_int_equal(
            read_settings(ENVIRONMENT("FIRSTCOME_KEY=abcd", rows[i].entry), &settings, &err),
            FC_OK);
        assert_int_equal(settings.fast, rows[i].value);
    }
}

static void test_config_fault_names_the_setting_and_what_it_may_be(void **state)
{
    static const struct {
        const char *entry;
        const char *text;
    } rows[] = {
        {"FIRSTCOME_BATCH=0", "FIRSTCOME_BATCH must be a whole number from 1 to 256, not \"0\""},
        {"FIRSTCOME_BATCH=257",
         "FIRSTCOME_BATCH must be a whole number from 1 to 256, not \"257\""},
        {"FIRSTCOME_BATCH=", "FIRSTCOME_BATCH must be a whole number from 1 to 256, not \"\""},
        {"FIRSTCOME_BATCH=1x", "FIRSTCOME_BATCH must be a whole number from 1 to 256, not \"1x\""},
        {"FIRSTCOME_FAST=maybe", "FIRSTCOME_FAST must be true or false, not \"maybe\""},
        {"FIRSTCOME_FAST=True", "FIRSTCOME_FAST must be true or false, not \"True\""},
        {"FIRSTCOME_SHOP=", "FIRSTCOME_SHOP must be of 1 to 7 bytes, not \"\""},
        {"FIRSTCOME_SHOP=12345678", "FIRSTCOME_SHOP must be of 1 to 7 bytes, not \"12345678\""},
        {"FIRSTCOME_SHOP=a\nb", "FIRSTCOME_SHOP must not hold control characters"},
        {"FIRSTCOME_LISTEN=", "FIRSTCOME_LISTEN must be host:port, not \"\""},
        {"FIRSTCOME_LISTEN=8080", "FIRSTCOME_LISTEN must be host:port, not \"8080\""},
        {"FIRSTCOME_METRICS=host:0", "FIRSTCOME_METRICS must be host:port, not \"host:0\""},
    };
    struct settings settings;
    struct fc_err err;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        assert_int_equal(
            read_settings(ENVIRONMENT("FIRSTCOME_KEY=abcd", rows[i].entry), &settings, &err),
            FC_FAIL);
        assert_int_equal(err.cure, FC_CURE_EXIT);
        assert_string_equal(err.text, rows[i].text);
    }
}

static void test_config_text_at_its_limits_is_taken(void **state)
{
    struct settings settings;
    struct fc_err err;

    (void)state;
    assert_int_equal(
        read_settings(ENVIRONMENT("FIRSTCOME_KEY=abcd", "FIRSTCOME_SHOP=1"), &settings, &err),
        FC_OK);
    assert_int_equal(
        read_settings(ENVIRONMENT("FIRSTCOME_KEY=abcd", "FIRSTCOME_SHOP=1234567"), &settings, &err),
        FC_OK);
    assert_string_equal(settings.shop, "1234567");
}

static void test_config_all_faults_are_named_at_once(void **state)
{
    struct settings settings;
    struct fc_err err;

    (void)state;
    assert_int_equal(
        read_settings(ENVIRONMENT("FIRSTCOME_BATCH=x", "FIRSTCOME_FAST=y"), &settings, &err),
        FC_FAIL);
    assert_string_equal(err.text,
                        "FIRSTCOME_BATCH must be a whole number from 1 to 256, not \"x\"; "
                        "FIRSTCOME_FAST must be true or false, not \"y\"; "
                        "FIRSTCOME_KEY must be given, or a file that holds it as its _FILE");
}

/* The one that lacks and the longer address are left out, the shorter one between them is not. */
static void test_config_faults_that_do_not_fit_are_counted(void **state)
{
    struct settings settings;
    struct fc_err err;

    (void)state;
    assert_int_equal(
        read_settings(ENVIRONMENT("FIRSTCOME_BATCH=a value of more than the forty bytes shown",
                                  "FIRSTCOME_FAST=neither way", "FIRSTCOME_LISTEN=x",
                                  "FIRSTCOME_METRICS=y"),
                      &settings, &err),
        FC_FAIL);
    assert_string_equal(err.text, "FIRSTCOME_BATCH must be a whole number from 1 to 256, "
                                  "not \"a value of more than the forty bytes sho\"; "
                                  "FIRSTCOME_FAST must be true or false, not \"neither way\"; "
                                  "FIRSTCOME_LISTEN must be host:port, not \"x\"; and 2 more");
}

static void test_config_secret_is_never_shown(void **state)
{
    struct settings settings;
    struct fc_err err;

    (void)state;
    assert_int_equal(read_settings(ENVIRONMENT("FIRSTCOME_KEY=xyz"), &settings, &err), FC_FAIL);
    assert_string_equal(err.text, "FIRSTCOME_KEY must be of 4 to 31 bytes");
}

/* A file that holds `text`; its name as an environment entry. */
static void secret_file(const char *text, char path[64], char *ret_entry, size_t size)
{
    (void)fc_str_copy(FC_STR("/tmp/firstcome-test-XXXXXX"), path, 64);
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(fd);
    (void)snprintf(ret_entry, size, "FIRSTCOME_KEY_FILE=%s", path);
}

static void test_config_secret_comes_from_a_file_without_its_newline(void **state)
{
    struct settings settings;
    struct fc_err err;
    char path[64];
    char entry[128];

    (void)state;
    secret_file("from the file\r\n", path, entry, sizeof(entry));
    enum fc_rc rc = read_settings(ENVIRONMENT(entry), &settings, &err);

    (void)unlink(path);
    assert_int_equal(rc, FC_OK);
    assert_string_equal(settings.key, "from the file");
}

static void test_config_secret_file_at_fault(void **state)
{
    struct settings settings;
    struct fc_err err;
    char path[64];
    char entry[128];
    char big[2000];

    (void)state;
    assert_int_equal(
        read_settings(ENVIRONMENT("FIRSTCOME_KEY_FILE=/nowhere/at/all"), &settings, &err), FC_FAIL);
    assert_string_equal(err.text,
                        "FIRSTCOME_KEY _FILE: /nowhere/at/all: No such file or directory");
    secret_file("abc\n", path, entry, sizeof(entry));
    assert_int_equal(read_settings(ENVIRONMENT(entry), &settings, &err), FC_FAIL);
    assert_string_equal(err.text, "FIRSTCOME_KEY must be of 4 to 31 bytes");
    assert_int_equal(read_settings(ENVIRONMENT(entry, "FIRSTCOME_KEY=abcd"), &settings, &err),
                     FC_FAIL);
    assert_string_equal(err.text, "FIRSTCOME_KEY and its _FILE are both given: keep one");
    (void)unlink(path);
    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    secret_file(big, path, entry, sizeof(entry));
    assert_int_equal(read_settings(ENVIRONMENT(entry), &settings, &err), FC_FAIL);
    (void)unlink(path);
    assert_str_contains(fc_str_of(err.text), "File too large");
}

static struct capture capture;

static void test_config_print_shows_values_but_no_secret(void **state)
{
    struct settings settings;
    struct fc_err err;

    (void)state;
    assert_int_equal(
        read_settings(ENVIRONMENT("FIRSTCOME_KEY=abcd", "FIRSTCOME_FAST=1"), &settings, &err),
        FC_OK);
    capture_begin(&capture, STDOUT_FILENO);
    fc_config_print(table, FC_ARRAY_COUNT(table), &settings, STDOUT_FILENO);
    assert_str_equal(capture_end(&capture), "FIRSTCOME_SHOP=c  # the shop's name\n"
                                            "FIRSTCOME_BATCH=64  # commands a batch\n"
                                            "FIRSTCOME_FAST=true  # whether to hurry\n"
                                            "FIRSTCOME_KEY=(set)  # the key\n"
                                            "FIRSTCOME_LISTEN=127.0.0.1:8080  # where to listen\n"
                                            "FIRSTCOME_METRICS=  # where /metrics is\n");
    settings.key[0] = '\0';
    capture_begin(&capture, STDOUT_FILENO);
    fc_config_print(table + 3, 1, &settings, STDOUT_FILENO);
    assert_str_equal(capture_end(&capture), "FIRSTCOME_KEY=(not set)  # the key\n");
}

struct program_settings {
    int32_t before;
    struct fc_common_settings common;
};

static struct fc_common_settings common_of(const char *const *entries)
{
    struct fc_setting rows[FC_COMMON_SETTINGS_COUNT];
    struct program_settings settings = {.before = 42};
    struct fc_err err;

    fc_config_common_rows(offsetof(struct program_settings, common), rows);
    assert_int_equal(
        fc_config_read(rows, FC_COMMON_SETTINGS_COUNT, environment_of(entries), &settings, &err),
        FC_OK);
    assert_int_equal(settings.before, 42);
    return settings.common;
}

static struct fc_str one_line(void)
{
    struct fc_log_line line;

    capture_begin(&capture, STDERR_FILENO);
    fc_log_begin(&line, FC_LOG_DEBUG, "line");
    fc_log_end(&line);
    fc_log_begin(&line, FC_LOG_INFO, "line");
    fc_log_end(&line);
    return capture_end(&capture);
}

static void test_config_common_rows_set_the_log_up(void **state)
{
    struct fc_common_settings common = common_of(ENVIRONMENT("HOME=/"));
    struct fc_err err;

    (void)state;
    assert_int_equal(fc_config_apply_log(&common, "firstcome-order", &err), FC_OK);
    assert_str_contains(one_line(), " level=info instance=firstcome-order text=line\n");
    common = common_of(ENVIRONMENT("FIRSTCOME_LOG_LEVEL=debug", "FIRSTCOME_LOG_FORMAT=json",
                                   "FIRSTCOME_INSTANCE=order-2"));
    assert_int_equal(fc_config_apply_log(&common, "firstcome-order", &err), FC_OK);
    assert_str_contains(one_line(), "\"level\":\"debug\",\"instance\":\"order-2\"");
}

static void test_config_wrong_log_words_are_permanent_trouble(void **state)
{
    struct fc_common_settings common = common_of(ENVIRONMENT("FIRSTCOME_LOG_LEVEL=loud"));
    struct fc_err err;

    (void)state;
    assert_int_equal(fc_config_apply_log(&common, "p", &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_EXIT);
    assert_string_equal(err.text, "FIRSTCOME_LOG_LEVEL must be debug, info, warn, error or fatal, "
                                  "not \"loud\"");
    common = common_of(ENVIRONMENT("FIRSTCOME_LOG_FORMAT=xml"));
    assert_int_equal(fc_config_apply_log(&common, "p", &err), FC_FAIL);
    assert_string_equal(err.text, "FIRSTCOME_LOG_FORMAT must be logfmt or json, not \"xml\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config_defaults_stand_where_nothing_is_given),
        cmocka_unit_test(test_config_environment_wins_and_others_are_not_ours),
        cmocka_unit_test(test_config_truth_has_eight_words),
        cmocka_unit_test(test_config_fault_names_the_setting_and_what_it_may_be),
        cmocka_unit_test(test_config_text_at_its_limits_is_taken),
        cmocka_unit_test(test_config_all_faults_are_named_at_once),
        cmocka_unit_test(test_config_faults_that_do_not_fit_are_counted),
        cmocka_unit_test(test_config_secret_is_never_shown),
        cmocka_unit_test(test_config_secret_comes_from_a_file_without_its_newline),
        cmocka_unit_test(test_config_secret_file_at_fault),
        cmocka_unit_test(test_config_print_shows_values_but_no_secret),
        cmocka_unit_test(test_config_common_rows_set_the_log_up),
        cmocka_unit_test(test_config_wrong_log_words_are_permanent_trouble),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
