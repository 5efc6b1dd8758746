/*
 * Trouble is not death: a command with which a worker loses its connections, time and again, is
 * tried until it goes through, whoever holds its partition.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#define ATTEMPTS "select command_id, attempts, workers from poison_attempt"

static struct worker_rig order;

static int setup(void **state)
{
    (void)state;
    worker_rig_open(&order, WIRE_FAMILY_ORDER, "order-1");
    worker_rows_clear(order.db);
    worker_rows_open_shop(order.db);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    worker_rig_close(&order);
    return 0;
}

/* A command of a delivery that ended in deaths before. */
static void ask_suspect(int n)
{
    worker_rig_ask(&order, n, "wallet.charge", "user:7", "{\"amount\":5}", "");
    for (int i = 0; i < POISON_SUSPECT_DELIVERIES; i++) {
        worker_rig_run_to(&order, CYCLE_COMMIT);
        worker_rig_die(&order);
    }
}

static void lose(int times)
{
    order.lost_stores = times;
    for (int i = 0; i < times; i++) {
        worker_rig_run_into(&order, FC_CURE_RECONNECT);
        worker_rig_reconnect(&order);
    }
}

static void test_shop_trouble_that_is_survived_is_no_attempt(void **state)
{
    (void)state;
    ask_suspect(1);
    lose(1);
    assert_rows(order.db, ATTEMPTS, "(" WORKER_ID_HEAD "1,1,order-1)");
    worker_rig_run_to(&order, CYCLE_COMMIT);
    assert_rows(order.db, ATTEMPTS, "");
}

static void test_shop_trouble_however_often_parks_nothing(void **state)
{
    (void)state;
    ask_suspect(1);
    lose(3 * POISON_ATTEMPTS_MAX);
    worker_rig_run(&order);
    assert_rows(order.db, "select * from wallet", "(7,10005,5,0)\n(8,0,1,0)");
    assert_int_equal(testdb_ask(order.db, "select count(*) from parked"), 0);
    assert_rows(order.db, ATTEMPTS, "");
}

static void test_shop_deaths_are_counted_between_troubles(void **state)
{
    (void)state;
    ask_suspect(1);
    lose(2);
    order.lost_stores = 2;
    for (int i = 0; i < 2; i++) {
        worker_rig_run_into(&order, FC_CURE_RECONNECT);
        worker_rig_die(&order);
    }
    lose(1);
    worker_rig_run_to(&order, CYCLE_COMMIT);
    assert_rows(order.db, ATTEMPTS, "(" WORKER_ID_HEAD "1,2,\"order-1 order-1 order-1\")");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_trouble_that_is_survived_is_no_attempt),
        TEST(test_shop_trouble_however_often_parks_nothing),
        TEST(test_shop_deaths_are_counted_between_troubles),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
