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

    struct clients clients;
    struct fc_err err;

    (void)state;
    assert_int_equal(clients_open(&clients, 1, &err), FC_OK);
    struct client *client = client_take(&clients, -1, at_ms(0));

    for (size_t i = 0; i < FC_ARRAY_COUNT(rows); i++) {
        client_enter(&clients, client, rows[i].phase, at_ms(5));
        assert_false(client_is_late(client, at_ms(5 + rows[i].ms_max)));
        assert_int_equal(client_is_late(client, at_ms(6 + rows[i].ms_max)), rows[i].ms_max > 0);
        assert_int_equal(client_is_late(client, at_ms(3600000)), rows[i].ms_max > 0);
    }
    clients_close(&clients);
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

#define CROWD 32
#define CROWD_SOFT 30

/* A crowd of clients whose ends we hold. */
struct crowd {
    struct clients clients;
    struct client *all[CROWD];
    int ends[CROWD];
};

static void crowd_open(struct crowd *crowd, int32_t count)
{
    struct fc_err err;
    int pair[2];

    assert_int_equal(clients_open(&crowd->clients, CROWD, &err), FC_OK);
    assert_int_equal(crowd->clients.count_soft, CROWD_SOFT);
    for (int32_t i = 0; i < count; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
        crowd->all[i] = client_take(&crowd->clients, pair[0], at_ms(i));
        crowd->ends[i] = pair[1];
    }
}

static bool is_cut(const struct crowd *crowd, int32_t index)
{
    char byte;

    return read(crowd->ends[index], &byte, 1) == 0;
}

static void crowd_close(struct crowd *crowd, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        (void)close(crowd->all[i]->descriptor);
        (void)close(crowd->ends[i]);
    }
    clients_close(&crowd->clients);
}

static void test_clients_the_one_idle_for_longest_makes_room(void **state)
{
    struct crowd crowd;

    (void)state;
    crowd_open(&crowd, CROWD_SOFT + 1);
    client_enter(&crowd.clients, crowd.all[7], CLIENT_IDLE, at_ms(100));
    client_enter(&crowd.clients, crowd.all[3], CLIENT_IDLE, at_ms(200));
    clients_make_room(&crowd.clients, at_ms(201));
    assert_true(is_cut(&crowd, 7));
    assert_false(is_cut(&crowd, 3));
    assert_int_equal(crowd.clients.count_moved, 1);
    /* It is on its way out: nobody else has to go for it. */
    clients_make_room(&crowd.clients, at_ms(202));
    assert_false(is_cut(&crowd, 3));
    crowd_close(&crowd, CROWD_SOFT + 1);
}

static void test_clients_without_an_idle_one_the_slowest_reader_makes_room(void **state)
{
    struct crowd crowd;

    (void)state;
    crowd_open(&crowd, CROWD_SOFT + 1);
    for (int32_t i = 0; i <= CROWD_SOFT; i++)
        if (i != 5)
            client_enter(&crowd.clients, crowd.all[i], CLIENT_SERVED, at_ms(100));
    clients_make_room(&crowd.clients, at_ms(5 + CLIENT_SLOW_MS - 1));
    assert_false(is_cut(&crowd, 5));
    clients_make_room(&crowd.clients, at_ms(5 + CLIENT_SLOW_MS));
    assert_true(is_cut(&crowd, 5));
    crowd_close(&crowd, CROWD_SOFT + 1);
}

static void test_clients_those_that_are_served_stay(void **state)
{
    struct crowd crowd;

    (void)state;
    crowd_open(&crowd, CROWD);
    for (int32_t i = 0; i < CROWD; i++)
        client_enter(&crowd.clients, crowd.all[i], CLIENT_SERVED, at_ms(100));
    clients_make_room(&crowd.clients, at_ms(3600000));
    for (int32_t i = 0; i < CROWD; i++)
        assert_false(is_cut(&crowd, i));
    crowd_close(&crowd, CROWD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clients_each_phase_has_its_bound),
        cmocka_unit_test(test_clients_only_the_late_are_cut),
        cmocka_unit_test(test_clients_the_one_idle_for_longest_makes_room),
        cmocka_unit_test(test_clients_without_an_idle_one_the_slowest_reader_makes_room),
        cmocka_unit_test(test_clients_those_that_are_served_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
