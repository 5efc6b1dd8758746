#include "support/expect.h"

#include "base/limits.h"
#include "producer/clients.h"

#include <sys/socket.h>
#include <unistd.h>

static struct fc_mono at_ms(int64_t ms)
{
    return (struct fc_mono){ms * 1000};
}

static void test_clients_each_phase_has_its_bound(void **state)
{
    static const struct {
        enum client_phase phase;
        int64_t ms_max; /* 0: none */
    } rows[] = {
        {CLIENT_IDLE, CLIENT_IDLE_MS_MAX},
        {CLIENT_READING, HTTP_REQUEST_DEADLINE_MS},
        {CLIENT_SERVED, 0},
        {CLIENT_SENDING, CLIENT_IDLE_MS_MAX},
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        struct client client = {.descriptor = -1};

        client_enter(&client, rows[i].phase, at_ms(5));
        assert_false(client_is_late(&client, at_ms(5 + rows[i].ms_max)));
        assert_int_equal(client_is_late(&client, at_ms(6 + rows[i].ms_max)), rows[i].ms_max > 0);
        assert_int_equal(client_is_late(&client, at_ms(3600000)), rows[i].ms_max > 0);
    }
}

static void test_clients_only_the_late_are_cut(void **state)
{
    struct clients clients;
    struct fc_err err;
    int a[2];
    int b[2];
    char byte;

    (void)state;
    assert_int_equal(clients_open(&clients, 2, &err), FC_OK);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, a), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, b), 0);
    struct client *early = client_take(&clients, a[0], at_ms(0));
    struct client *late = client_take(&clients, b[0], at_ms(5000));

    /* As many as it was made for. */
    assert_null(client_take(&clients, 9, at_ms(0)));
    clients_cut_late(&clients, at_ms(HTTP_REQUEST_DEADLINE_MS + 1));
    assert_int_equal(read(a[1], &byte, 1), 0);
    assert_int_equal(read(b[1], &byte, 1), -1);
    client_give(&clients, early);
    assert_int_equal(clients.count, 1);
    assert_ptr_equal(client_take(&clients, a[0], at_ms(0)), early);
    client_give(&clients, early);
    client_give(&clients, late);
    clients_close(&clients);
    (void)close(a[0]);
    (void)close(a[1]);
    (void)close(b[0]);
    (void)close(b[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clients_each_phase_has_its_bound),
        cmocka_unit_test(test_clients_only_the_late_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
