#include "support/expect.h"

#include "producer/settings.h"

#include <stdio.h>
#include <string.h>

static enum fc_rc read_with(const char *listen, const char *token,
                            struct ingress_settings *settings, struct fc_err *err)
{
    char given[4][128] = {"FIRSTCOME_DATABASE=dbname=x", "FIRSTCOME_BROKER=amqp://h/",
                          "FIRSTCOME_ID_KEY=00112233445566778899aabbccddeeff"};
    char listen_row[128];
    char token_row[128];
    char *environment[] = {given[0], given[1], given[2], listen_row, token_row, NULL};

    (void)snprintf(listen_row, sizeof(listen_row), "FIRSTCOME_LISTEN=%s", listen);
    (void)snprintf(token_row, sizeof(token_row), "FIRSTCOME_GATEWAY_TOKEN=%s", token);
    return ingress_settings_read(environment, settings, err);
}

static void test_settings_without_a_token_only_loopback_is_listened_on(void **state)
{
    struct ingress_settings settings;
    struct fc_err err;

    (void)state;
    assert_int_equal(read_with("127.0.0.1:80", "", &settings, &err), FC_OK);
    assert_int_equal(read_with("0.0.0.0:80", "", &settings, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_EXIT);
    assert_non_null(strstr(err.text, "FIRSTCOME_GATEWAY_TOKEN"));
    assert_int_equal(read_with("0.0.0.0:80", "secret", &settings, &err), FC_OK);
    assert_string_equal(settings.gateway_token, "secret");
    assert_int_equal(settings.partitions, 16);
}

static void test_settings_loopback_is_told_by_number_and_name(void **state)
{
    static const struct {
        const char *address;
        bool loopback;
    } rows[] = {
        {"127.0.0.1:80", true},
        {"127.1.2.3:80", true},
        {"localhost:80", true},
        {"[::1]:80", true},
        {"0.0.0.0:80", false},
        {"10.0.0.1:80", false},
        {"127.evil.example:80", false},
        {"127.0.0.1.x:80", false},
        {"[::]:80", false},
        {"128.0.0.1:80", false},
        {"nonsense", false},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++)
        if (ingress_address_is_loopback(fc_str_of(rows[i].address)) != rows[i].loopback)
            fail_msg("%s", rows[i].address);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settings_without_a_token_only_loopback_is_listened_on),
        cmocka_unit_test(test_settings_loopback_is_told_by_number_and_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
