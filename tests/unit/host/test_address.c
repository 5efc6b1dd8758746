#include "support/expect.h"

#include "host/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void test_address_host_and_port_are_taken_apart(void **state)
{
    static const struct {
        const char *text;
        const char *host;
        const char *port;
    } rows[] = {
        {"127.0.0.1:8080", "127.0.0.1", "8080"},
        {"localhost:1", "localhost", "1"},
        {"shop-1.example.org:65535", "shop-1.example.org", "65535"},
        {"[::1]:80", "::1", "80"},
        {"[fe80::1%eth0]:80", "fe80::1%eth0", "80"},
    };
    struct fc_address address;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        assert_true(fc_address_parse(fc_str_of(rows[i].text), &address));
        assert_string_equal(address.host, rows[i].host);
        assert_string_equal(address.port, rows[i].port);
    }
}

static void test_address_anything_else_is_refused(void **state)
{
    static const char *const rows[] = {
        "",           "localhost",  ":80",      "localhost:",      "localhost:0",
        "host:65536", "host:-1",    "host:080", "host:80 ",        "ho st:80",
        "::1:80",     "[::1]80",    "[]:80",    "http://host:80",  "user@host:80",
        "host:http",  "host:80:81", "[::1:80",  "host\xc3\xa9:80", "host\n:80",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct fc_address address = {.host = "untouched"};

        if (fc_address_parse(fc_str_of(rows[i]), &address))
            fail_msg("\"%s\" was taken", rows[i]);
        assert_string_equal(address.host, "untouched");
    }
}

static void test_address_host_at_its_limit_and_one_beyond(void **state)
{
    char text[300];
    struct fc_buf buf = fc_buf_of(text, sizeof(text));
    struct fc_address address;

    (void)state;
    for (int i = 0; i < 256; i++)
        fc_buf_put_char(&buf, 'a');
    fc_buf_put_text(&buf, ":80");
    assert_false(fc_address_parse(fc_buf_str(&buf), &address));
    assert_true(fc_address_parse((struct fc_str){text + 1, buf.len - 1}, &address));
}

/* A socket on a port that the kernel chose; its address as text. */
static int listen_somewhere(char *ret_text, size_t size)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(fd >= 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    (void)snprintf(ret_text, size, "127.0.0.1:%d", ntohs(at.sin_port));
    return fd;
}

static void test_address_port_in_use_is_trouble_that_says_what_to_do(void **state)
{
    char text[32];
    struct fc_err err;
    int fd = 42;
    int taken = listen_somewhere(text, sizeof(text));

    (void)state;
    assert_int_equal(fc_address_listen(text, false, &fd, &err), FC_FAIL);
    assert_int_equal(fd, 42);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_int_equal(err.sys, EADDRINUSE);
    assert_str_contains(fc_str_of(err.text), text);
    assert_str_contains(fc_str_of(err.text), "in use");
    assert_str_contains(fc_str_of(err.text), "set another address");
    (void)close(taken);
}

static void test_address_listens_without_blocking_and_not_in_children(void **state)
{
    char text[32];
    struct fc_err err;
    int fd = -1;

    (void)state;
    (void)close(listen_somewhere(text, sizeof(text)));
    assert_int_equal(fc_address_listen(text, false, &fd, &err), FC_OK);
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(accept(fd, NULL, NULL), -1);
    assert_int_equal(errno, EAGAIN);
    (void)close(fd);
}

static void test_address_shared_port_is_shared_with_those_who_share(void **state)
{
    char text[32];
    struct fc_err err;
    int first = -1;
    int second = -1;
    int third = -1;

    (void)state;
    (void)close(listen_somewhere(text, sizeof(text)));
    assert_int_equal(fc_address_listen(text, true, &first, &err), FC_OK);
    assert_int_equal(fc_address_listen(text, true, &second, &err), FC_OK);
    assert_int_equal(fc_address_listen(text, false, &third, &err), FC_FAIL);
    (void)close(first);
    (void)close(second);
}

static void test_address_wrong_one_is_permanent_trouble(void **state)
{
    struct fc_err err;
    int fd;

    (void)state;
    assert_int_equal(fc_address_listen("nonsense", false, &fd, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_EXIT);
    assert_str_contains(fc_str_of(err.text), "\"nonsense\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address_host_and_port_are_taken_apart),
        cmocka_unit_test(test_address_anything_else_is_refused),
        cmocka_unit_test(test_address_host_at_its_limit_and_one_beyond),
        cmocka_unit_test(test_address_port_in_use_is_trouble_that_says_what_to_do),
        cmocka_unit_test(test_address_listens_without_blocking_and_not_in_children),
        cmocka_unit_test(test_address_shared_port_is_shared_with_those_who_share),
        cmocka_unit_test(test_address_wrong_one_is_permanent_trouble),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
