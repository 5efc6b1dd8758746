#include "mq/conn.h"

#include "support/expect.h"

#include <string.h>

static enum fc_rc parse(const char *url, struct mq_settings *ret_settings, struct fc_err *ret_err)
{
    return mq_settings_parse(fc_str_of(url), "ingress-1", ret_settings, ret_err);
}

struct url_row {
    const char *url;
    const char *user;
    const char *password;
    const char *host;
    int32_t port;
    const char *vhost;
};

static void test_conn_url_gives_its_parts(void **state)
{
    static const struct url_row rows[] = {
        {"amqp://u:p@broker:5673/fc", "u", "p", "broker", 5673, "fc"},
        {"amqp://u:p@broker/fc", "u", "p", "broker", 5672, "fc"},
        {"amqp://u:p@broker", "u", "p", "broker", 5672, "/"},
        {"amqp://u:p@broker:1/%2F", "u", "p", "broker", 1, "/"},
        {"amqp://u%40x:p%3a%2F%25@broker:65535/a%2fb", "u@x", "p:/%", "broker", 65535, "a/b"},
        {"amqp://u:p:q@broker/fc", "u", "p:q", "broker", 5672, "fc"},
        {"amqp://u:p@127.0.0.1:26100/fc", "u", "p", "127.0.0.1", 26100, "fc"},
        {"amqp://u:p@[::1]:26100/fc", "u", "p", "::1", 26100, "fc"},
        {"amqp://u:p@[fe80::1]/fc", "u", "p", "fe80::1", 5672, "fc"},
        {"amqp://u:p@b/%EA%B0%80", "u", "p", "b", 5672, "\xEA\xB0\x80"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct mq_settings settings;
        struct fc_err err;

        assert_int_equal(parse(rows[i].url, &settings, &err), FC_OK);
        assert_string_equal(settings.user, rows[i].user);
        assert_string_equal(settings.password, rows[i].password);
        assert_string_equal(settings.host, rows[i].host);
        assert_int_equal(settings.port, rows[i].port);
        assert_string_equal(settings.vhost, rows[i].vhost);
        assert_string_equal(settings.name, "ingress-1");
    }
}

struct fault_row {
    const char *url;
    const char *words; /* of the sentence */
};

static void test_conn_malformed_url_is_named_by_its_fault(void **state)
{
    static const struct fault_row rows[] = {
        {"", "amqp://"},
        {"amqp:/u:p@b/fc", "amqp://"},
        {"http://u:p@b/fc", "amqp://"},
        {"amqp://", "user:password@"},
        {"amqp://broker/fc", "user:password@"},
        {"amqp://:p@b/fc", "the user is missing"},
        {"amqp://u@b/fc", "the password is missing"},
        {"amqp://u:@b/fc", "the password is missing"},
        {"amqp://u%4:p@b/fc", "the user is malformed"},
        {"amqp://u:p%zz@b/fc", "the password is malformed"},
        {"amqp://u:p%00@b/fc", "the password is malformed"},
        {"amqp://u:p@/fc", "the host is missing"},
        {"amqp://u:p@:5672/fc", "the host is missing"},
        {"amqp://u:p@[]/fc", "the host is missing"},
        {"amqp://u:p@b%/fc", "the host is malformed"},
        {"amqp://u:p@x@b/fc", "@ ? or #"},
        {"amqp://u:p@b?heartbeat=1", "@ ? or #"},
        {"amqp://u:p@[::1/fc", "the bracket"},
        {"amqp://u:p@[::1]5672/fc", ":port"},
        {"amqp://u:p@b:/fc", "the port"},
        {"amqp://u:p@b:0/fc", "the port"},
        {"amqp://u:p@b:65536/fc", "the port"},
        {"amqp://u:p@b:56x/fc", "the port"},
        {"amqp://u:p@[::1]:/fc", "the port"},
        {"amqp://u:p@b/", "the virtual host is empty"},
        {"amqp://u:p@b/a/b", "the virtual host holds"},
        {"amqp://u:p@b/a?cacertfile=/ca", "belong to amqps://"},
        {"amqps://u:p@b?cacertfile=/ca", "@ ? or #"},
        {"amqps://u:p@b/?cacertfile=/ca", "the virtual host is empty"},
        {"amqps://u:p@b/a?x=1", "only cacertfile="},
        {"amqps://u:p@b/a?verify=verify_none", "only cacertfile="},
        {"amqps://u:p@b/a?cacertfile", "has no name"},
        {"amqps://u:p@b/a?cacertfile=", "has no name"},
        {"amqps://u:p@b/a?cacertfile=/c%", "a file behind ? is malformed"},
        {"amqps://u:p@b/a?certfile=/c", "go together"},
        {"amqps://u:p@b/a?keyfile=/k", "go together"},
        {"amqp://u:p@b/a#x", "the virtual host holds"},
        {"amqp://u:p@b/a%", "the virtual host is malformed"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct mq_settings settings;
        struct fc_err err;

        memset(&settings, 'x', sizeof(settings));
        assert_int_equal(parse(rows[i].url, &settings, &err), FC_FAIL);
        assert_int_equal(err.cure, FC_CURE_EXIT);
        if (strstr(err.text, rows[i].words) == NULL)
            fail_msg("%s: %s", rows[i].url, err.text);
        assert_int_equal(settings.host[0], 'x');
    }
}

struct tls_row {
    const char *url;
    bool tls;
    int32_t port;
    const char *ca_file;
    const char *cert_file;
    const char *key_file;
};

static void test_conn_url_with_s_is_tls_with_its_files(void **state)
{
    static const struct tls_row rows[] = {
        {"amqp://u:p@b/fc", false, 5672, "", "", ""},
        {"amqps://u:p@b/fc", true, 5671, "", "", ""},
        {"amqps://u:p@b:7/fc?", true, 7, "", "", ""},
        {"amqps://u:p@b/fc?cacertfile=/a/ca.pem", true, 5671, "/a/ca.pem", "", ""},
        {"amqps://u:p@b/fc?certfile=/c&keyfile=/k%26&cacertfile=ca", true, 5671, "ca", "/c", "/k&"},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct mq_settings settings;
        struct fc_err err;

        assert_int_equal(parse(rows[i].url, &settings, &err), FC_OK);
        assert_int_equal(settings.tls, rows[i].tls);
        assert_int_equal(settings.port, rows[i].port);
        assert_string_equal(settings.vhost, "fc");
        assert_string_equal(settings.ca_file, rows[i].ca_file);
        assert_string_equal(settings.cert_file, rows[i].cert_file);
        assert_string_equal(settings.key_file, rows[i].key_file);
    }
}

static void test_conn_fault_does_not_show_the_password(void **state)
{
    struct mq_settings settings;
    struct fc_err err;

    (void)state;
    assert_int_equal(parse("amqp://u:hunter2@b:0/fc", &settings, &err), FC_FAIL);
    assert_null(strstr(err.text, "hunter2"));
}

static void test_conn_longest_part_is_255_bytes(void **state)
{
    char url[600];
    struct mq_settings settings;
    struct fc_err err;
    struct fc_buf buf = fc_buf_of(url, sizeof(url));

    (void)state;
    fc_buf_put_text(&buf, "amqp://u:p@b/");
    for (int i = 0; i < 255; i++)
        fc_buf_put_char(&buf, 'v');
    assert_int_equal(mq_settings_parse(fc_buf_str(&buf), "n", &settings, &err), FC_OK);
    assert_int_equal(strlen(settings.vhost), 255);
    fc_buf_put_char(&buf, 'v');
    assert_int_equal(mq_settings_parse(fc_buf_str(&buf), "n", &settings, &err), FC_FAIL);
    assert_non_null(strstr(err.text, "too long"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conn_url_gives_its_parts),
        cmocka_unit_test(test_conn_malformed_url_is_named_by_its_fault),
        cmocka_unit_test(test_conn_url_with_s_is_tls_with_its_files),
        cmocka_unit_test(test_conn_fault_does_not_show_the_password),
        cmocka_unit_test(test_conn_longest_part_is_255_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
