/*
 * Two worker processes at once over one option, with no hand on when: 200 orders for 100 pieces by
 * users of both, and a first-come line that both share. Sold is what there was, and not a piece or
 * a won more.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define ORDERS_EACH 100
#define PIECES 100

static struct db *db;

static int setup(void **state)
{
    (void)state;
    db = testdb_open(NULL);
    worker_rows_clear(db);
    testdb_run(db, "insert into customer select n, now() from generate_series(1, 20) n");
    testdb_run(db, "insert into wallet select n, 1000000, 1 from generate_series(1, 20) n");
    testdb_run(db, "insert into product values (3, 'Mug', 10, '', 'on_sale', false, 1, now())");
    testdb_run(db, "insert into product_option values (31, 3, 'red', 0, 100, 0, false)");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    return 0;
}

/* Users of both workers: the wallets are contended as well. */
static void ask_orders(struct worker_rig *rig, int first_id, int quantity)
{
    for (int i = 0; i < ORDERS_EACH; i++) {
        int user = 1 + i % 20;
        char body[256];
        char key[32];

        (void)snprintf(key, sizeof(key), "user:%d", user);
        (void)snprintf(body, sizeof(body),
                       "{\"user_id\":%d,\"lines\":[{\"option_id\":31,\"quantity\":%d}]}", user,
                       quantity);
        worker_rig_ask(rig, first_id + i, "order.place", key, body, "");
    }
}

/* Small batches, so that the two meet often: a gather is of what has been delivered. */
static void run_in_pieces(struct worker_rig *rig)
{
    int32_t count = rig->queue.count;

    for (int32_t end = 3; end < count + 3; end += 3) {
        rig->queue.count = end < count ? end : count;
        worker_rig_run(rig);
    }
    rig->queue.count = count;
}

/* A worker in a process of its own, which begins when `gate` closes. */
static pid_t start_worker(const int gate[2], const char *name, int first_id, int quantity)
{
    static struct worker_rig rig;
    char byte;
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    (void)close(gate[1]);
    worker_rig_open(&rig, WIRE_FAMILY_ORDER, name);
    ask_orders(&rig, first_id, quantity);
    (void)read(gate[0], &byte, 1);
    run_in_pieces(&rig);
    worker_rig_close(&rig);
    _exit(0);
}

static void run_two(int quantity)
{
    int gate[2];
    int status = 1;

    assert_int_equal(pipe(gate), 0);
    pid_t pids[] = {start_worker(gate, "order-1", 0x100, quantity),
                    start_worker(gate, "order-2", 0x200, quantity)};

    assert_int_equal(close(gate[1]) + close(gate[0]), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_true(pids[i] > 0);
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
}

static void expect_sold(int64_t orders, int64_t left)
{
    assert_int_equal(testdb_ask(db, "select count(*) from orders"), orders);
    assert_int_equal(testdb_ask(db, "select total from product_option"), left);
    assert_int_equal(testdb_ask(db, "select count(*) from journal"), 2 * ORDERS_EACH);
    assert_int_equal(testdb_ask(db, "select count(*) from journal"
                                    " where verdict = 'insufficient_stock'"),
                     2 * ORDERS_EACH - orders);
    /* Money: what wallets miss is what orders took, wallet by wallet, and the history adds up. */
    assert_int_equal(testdb_ask(db, "select count(*) from wallet w where balance <> 1000000 -"
                                    " (select coalesce(sum(paid), 0) from orders o"
                                    "  where o.user_id = w.user_id)"),
                     0);
    assert_int_equal(testdb_ask(db, "select count(*) from wallet w where version <> 1 +"
                                    " (select count(*) from wallet_history h"
                                    "  where h.user_id = w.user_id)"),
                     0);
    assert_int_equal(testdb_ask(db, "select sum(quantity)::bigint from order_line"), PIECES - left);
}

static void test_shop_two_workers_sell_every_piece_once(void **state)
{
    (void)state;
    run_two(1);
    expect_sold(PIECES, 0);
}

/* Each order wants three: the hundredth piece stays. */
static void test_shop_two_workers_sell_no_part_of_an_order(void **state)
{
    (void)state;
    run_two(3);
    expect_sold(PIECES / 3, PIECES % 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_two_workers_sell_every_piece_once),
        TEST(test_shop_two_workers_sell_no_part_of_an_order),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
