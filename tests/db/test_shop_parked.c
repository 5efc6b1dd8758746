/*
 * What cannot be decided is set aside, alone, and stops nobody: bytes that are no command, and
 * commands that kill their workers.
 */
#include "support/expect.h"
#include "support/worker_rig.h"
#include "support/worker_rows.h"

#include <stdio.h>
#include <string.h>

static struct worker_rig order;

#define ATTEMPTS "select command_id, attempts, workers from poison_attempt"

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

static void charge(int n, int won)
{
    char body[64];

    (void)snprintf(body, sizeof(body), "{\"amount\":%d}", won);
    worker_rig_ask(&order, n, "wallet.charge", "user:7", body, ",\"reply_to\":\"a\"");
}

/* --- bytes that are no command ---------------------------------------------------------------- */

static void test_shop_bytes_that_are_no_command_are_parked_alone(void **state)
{
    char message[2048];

    (void)state;
    charge(1, 1);
    worker_rig_publish(&order, "no command");
    (void)snprintf(message, sizeof(message), "[%s,{\"id\":\"" WORKER_ID_HEAD "3\"},%s]",
                   worker_rig_command(2, "wallet.charge", "user:7", "{\"amount\":2}", ""),
                   worker_rig_command(4, "wallet.charge", "user:7", "{\"amount\":4}", ""));
    worker_rig_publish(&order, message);
    charge(5, 8);
    worker_rig_run(&order);
    assert_rows(order.db, "select * from wallet", "(7,10015,8,0)\n(8,0,1,0)");
    assert_rows(order.db, "select seq, command_id from journal",
                "(1," WORKER_ID_HEAD "1)\n(2," WORKER_ID_HEAD "2)\n(3," WORKER_ID_HEAD "4)\n"
                "(4," WORKER_ID_HEAD "5)");
    assert_rows(order.db,
                "select queue, command_id, convert_from(bytes, 'UTF8') bytes, delivery_count,"
                " worker, times, resolved_at, resolution, reason <> '' from parked",
                "(order.0,,\"no command\",0,order-1,1,,,t)\n"
                "(order.0," WORKER_ID_HEAD "3,\"{'id':'" WORKER_ID_HEAD "3'}\",0,order-1,1,,,t)");
    assert_int_equal(order.job.stats.parked, 2);
}

static void test_shop_bytes_delivered_again_are_counted_not_kept_twice(void **state)
{
    (void)state;
    worker_rig_publish(&order, "{\"x\":1}");
    worker_rig_run_to(&order, CYCLE_ANNOUNCE);
    worker_rig_die(&order);
    worker_rig_run(&order);
    assert_rows(order.db, "select delivery_count, times from parked", "(0,2)");
    /* Three times the same within one batch, and something else. */
    for (int i = 0; i < 3; i++)
        worker_rig_publish(&order, "{\"x\":1}");
    worker_rig_publish(&order, "{\"x\":2}");
    worker_rig_run(&order);
    assert_rows(order.db, "select convert_from(bytes, 'UTF8') bytes, times from parked",
                "(\"{'x':1}\",5)\n(\"{'x':2}\",1)");
}

static void test_shop_bytes_that_were_resolved_are_parked_anew(void **state)
{
    (void)state;
    worker_rig_publish(&order, "{\"x\":1}");
    worker_rig_run(&order);
    testdb_run(order.db, "update parked set resolved_at = now(), resolution = 'dropped'");
    worker_rig_publish(&order, "{\"x\":1}");
    worker_rig_run(&order);
    assert_rows(order.db, "select parked_id, times, resolution from parked",
                "(1,1,dropped)\n(2,1,)");
}

/* More than the statements of one exchange. */
static void test_shop_whole_message_of_rejects_is_parked_in_one_batch(void **state)
{
    static char message[64 * 1024];
    struct fc_buf buf = fc_buf_of(message, sizeof(message));

    (void)state;
    for (int i = 0; i < MESSAGE_COMMANDS_MAX; i++)
        fc_buf_put_fmt(&buf, "%c{\"n\":%d}", i == 0 ? '[' : ',', i);
    fc_buf_put_text(&buf, "]");
    fc_buf_put_char(&buf, '\0');
    assert_false(buf.overflow);
    charge(1, 1);
    worker_rig_publish(&order, message);
    charge(2, 1);
    worker_rig_run(&order);
    assert_int_equal(testdb_ask(order.db, "select count(*) from parked"), MESSAGE_COMMANDS_MAX);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 2);
    assert_int_equal(order.retries, 0);
}

/* Whatever stands in the bytes, the reason is text that the database takes. */
static void test_shop_hostile_bytes_are_parked(void **state)
{
    static const char *const bodies[] = {
        "{\"amount\":1,\"\\u0000\":2}",
        "{\"amount\":1,\"\xff\xfe\":2}",
        "{\"amount\":\"\xed\xa0\x80\"}",
        "{\"amount\":1,\"amount\":2}",
        "{\"amount\":1e400}",
        "{\"amount\":\"\\ud800\"}",
        "{\"\\u202e\":1}",
        "{\"amount\":9223372036854775808}",
    };

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(bodies); i++)
        worker_rig_ask(&order, (int)i + 1, "wallet.charge", "user:7", bodies[i], "");
    worker_rig_publish(&order, "");
    worker_rig_publish(&order, "\xff");
    worker_rig_publish(&order, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");
    worker_rig_run(&order);
    assert_int_equal(testdb_ask(order.db, "select count(*) from parked"),
                     FC_ARRAY_COUNT(bodies) + 3);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 0);
}

static void test_shop_oversized_message_is_parked_by_its_beginning(void **state)
{
    struct mq_delivery delivery = {
        .source = 0, .tag = 1, .oversized = true, .body = FC_STR("[beginning")};
    struct job_port job = command_job_port(&order.job);
    struct fc_err err;

    (void)state;
    order.cycle.batch.now = order.now;
    job.begin(job.arg, &order.cycle.batch);
    job.take(job.arg, &order.cycle.batch, &delivery);
    assert_int_equal(order.cycle.batch.item_count, 1);
    assert_int_equal(job.commit(job.arg, &order.cycle.batch, &err), FC_OK);
    assert_rows(order.db,
                "select convert_from(bytes, 'UTF8') bytes, reason like"
                " '%longer than MESSAGE_BYTES_MAX%' from parked",
                "([beginning,t)");
}

/* --- commands that kill ----------------------------------------------------------------------- */

/* Delivered so often that the next delivery is suspect. */
static void make_suspect(void)
{
    for (int i = 0; i < POISON_SUSPECT_DELIVERIES; i++) {
        worker_rig_run_to(&order, CYCLE_COMMIT);
        worker_rig_die(&order);
    }
}

static void ask_three(void)
{
    static char message[4096];
    char commands[2][1024];

    (void)snprintf(commands[0], sizeof(commands[0]), "%s",
                   worker_rig_command(1, "wallet.charge", "user:7", "{\"amount\":1}", ""));
    (void)snprintf(
        commands[1], sizeof(commands[1]), "%s",
        worker_rig_command(2, "wallet.charge", "user:7", "{\"amount\":2}", ",\"reply_to\":\"a\""));
    (void)snprintf(message, sizeof(message), "[%s,%s,{\"no\":\"command\"},%s]", commands[0],
                   commands[1],
                   worker_rig_command(3, "wallet.charge", "user:7", "{\"amount\":4}", ""));
    worker_rig_publish(&order, message);
}

static void test_shop_suspect_delivery_is_decided_one_by_one_and_forgotten(void **state)
{
    (void)state;
    ask_three();
    charge(4, 8);
    make_suspect();
    worker_rig_run_to(&order, CYCLE_COMMIT);
    assert_true(order.cycle.batch.careful);
    assert_int_equal(order.cycle.batch.delivery_count, 1);
    worker_rig_run(&order);
    assert_rows(order.db, "select * from wallet", "(7,10015,8,0)\n(8,0,1,0)");
    assert_rows(order.db, ATTEMPTS, "");
    assert_int_equal(testdb_ask(order.db, "select count(*) from parked"), 1);
    assert_int_equal(testdb_ask(order.db, "select count(*) from journal"), 4);
}

static void test_shop_attempt_is_noted_before_it_is_made(void **state)
{
    (void)state;
    ask_three();
    make_suspect();
    order.poison = 2;
    worker_rig_run_into(&order, FC_CURE_RECONNECT);
    worker_rig_die(&order);
    assert_rows(order.db, ATTEMPTS, "(" WORKER_ID_HEAD "2,1,order-1)");
    /* What stood before it is committed for good; what stands behind it waits. */
    assert_rows(order.db, "select command_id from journal", "(" WORKER_ID_HEAD "1)");
    order.journal.worker = "order-2";
    worker_rig_run_into(&order, FC_CURE_RECONNECT);
    assert_rows(order.db, ATTEMPTS, "(" WORKER_ID_HEAD "2,2,\"order-1 order-2\")");
    /* It was not the command after all. */
    worker_rig_die(&order);
    order.poison = 0;
    worker_rig_run(&order);
    assert_rows(order.db, ATTEMPTS, "");
    assert_rows(order.db, "select * from wallet", "(7,10007,7,0)\n(8,0,1,0)");
}

static void kill_until_parked(void)
{
    ask_three();
    make_suspect();
    order.poison = 2;
    for (int i = 0; i < POISON_ATTEMPTS_MAX; i++) {
        worker_rig_run_into(&order, FC_CURE_RECONNECT);
        worker_rig_die(&order);
    }
    (void)worker_rig_told(&order);
}

static void test_shop_command_that_kills_is_parked_and_the_others_decided(void **state)
{
    (void)state;
    kill_until_parked();
    worker_rig_run(&order);
    assert_rows(order.db, "select * from wallet", "(7,10005,6,0)\n(8,0,1,0)");
    assert_rows(order.db, "select command_id, verdict from journal",
                "(" WORKER_ID_HEAD "1,)\n(" WORKER_ID_HEAD "3,)");
    assert_rows(order.db,
                "select queue, convert_from(bytes, 'UTF8')::json ->> 'type' \"type\","
                " convert_from(bytes, 'UTF8')::json -> 'body' ->> 'amount' amount, worker, times"
                " from parked where command_id = '" WORKER_ID_HEAD "2'",
                "(order.0,wallet.charge,2,order-1,1)");
    assert_str_contains(worker_rig_told(&order), "\"state\":\"parked\"");
    /* Its history is what whoever looks at it needs. */
    assert_rows(order.db, ATTEMPTS, "(" WORKER_ID_HEAD "2,4,\"order-1 order-1 order-1 order-1\")");
}

/* A crash between the commit and the ack must not give it another try. */
static void test_shop_parked_command_that_is_delivered_again_stays_parked(void **state)
{
    (void)state;
    kill_until_parked();
    worker_rig_run_to(&order, CYCLE_ANNOUNCE);
    worker_rig_die(&order);
    worker_rig_run(&order);
    assert_rows(order.db, "select times from parked where command_id is not null", "(2)");
    assert_rows(order.db, "select * from wallet", "(7,10005,6,0)\n(8,0,1,0)");
}

/* It had been committed by the one who died then: there is nothing to park. */
static void test_shop_command_that_was_committed_is_recalled_not_parked(void **state)
{
    (void)state;
    testdb_run(order.db, "insert into poison_attempt (command_id, attempts, workers)"
                         " values ('" WORKER_ID_HEAD "1', 9, 'x')");
    charge(1, 5);
    worker_rig_run_to(&order, CYCLE_ANNOUNCE);
    worker_rig_die(&order);
    make_suspect();
    worker_rig_run(&order);
    assert_rows(order.db, "select * from wallet", "(7,10005,5,0)\n(8,0,1,0)");
    assert_int_equal(testdb_ask(order.db, "select count(*) from parked"), 0);
    assert_rows(order.db, ATTEMPTS, "");
}

/* Another session's change of the product, which no try locks, again and again. */
static int conflicts_left;
static size_t arena_used_first;

static void change_product(void *arg)
{
    struct db *db = testdb_open(NULL);

    (void)arg;
    testdb_run(db, "update product set version = version + 1");
    db_close(db);
    if (arena_used_first == 0)
        arena_used_first = order.arena.used;
    assert_in_range(order.arena.used, 1, arena_used_first + 4096);
    if (--conflicts_left > 0)
        order.step_in = change_product;
}

static void test_shop_suspect_command_is_tried_again_in_the_same_memory(void **state)
{
    (void)state;
    worker_rig_ask(&order, 1, "product.put", "product:3",
                   "{\"name\":\"Mug\",\"price\":1,\"status\":\"on_sale\",\"first_come\":false,"
                   "\"options\":[{\"option_id\":31,\"name\":\"red\",\"surcharge\":0,"
                   "\"stock\":9},{\"option_id\":32,\"name\":\"blue\",\"surcharge\":0,"
                   "\"stock\":9}]}",
                   "");
    make_suspect();
    conflicts_left = 20;
    arena_used_first = 0;
    order.step_in = change_product;
    worker_rig_run(&order);
    assert_int_equal(order.retries, 20);
    assert_rows(order.db, "select verdict from journal", "()");
    assert_rows(order.db, ATTEMPTS, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_shop_bytes_that_are_no_command_are_parked_alone),
        TEST(test_shop_bytes_delivered_again_are_counted_not_kept_twice),
        TEST(test_shop_bytes_that_were_resolved_are_parked_anew),
        TEST(test_shop_whole_message_of_rejects_is_parked_in_one_batch),
        TEST(test_shop_hostile_bytes_are_parked),
        TEST(test_shop_oversized_message_is_parked_by_its_beginning),
        TEST(test_shop_suspect_delivery_is_decided_one_by_one_and_forgotten),
        TEST(test_shop_suspect_command_is_tried_again_in_the_same_memory),
        TEST(test_shop_attempt_is_noted_before_it_is_made),
        TEST(test_shop_command_that_kills_is_parked_and_the_others_decided),
        TEST(test_shop_parked_command_that_is_delivered_again_stays_parked),
        TEST(test_shop_command_that_was_committed_is_recalled_not_parked),
    };

    if (!testdb_begin())
        return 77;
    worker_rows_migrate();
    return testdb_end(cmocka_run_group_tests(tests, NULL, NULL));
}
