#include "base/limits.h"
#include "host/clock.h"
#include "mq/publisher.h"
#include "support/broker.h"
#include "support/expect.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define QUEUE "test.alarm"

static struct mq_publisher *publisher;
static int32_t confirmed;

static void tell(void *arg, uint64_t seq, enum mq_fate fate)
{
    (void)arg;
    (void)seq;
    assert_int_equal(fate, MQ_CONFIRMED);
    confirmed++;
}

static void alarm_on(void)
{
    broker_ctl("set_vm_memory_high_watermark 0.0001");
}

static int alarm_off(void **state)
{
    (void)state;
    broker_ctl("set_vm_memory_high_watermark 0.4");
    return 0;
}

/* Polls until the broker is blocked, or not any more; false when that does not come in time. */
static bool await_blocked(bool blocked)
{
    struct fc_mono begun = fc_clock_mono();
    struct fc_err err;

    while (mq_publisher_is_blocked(publisher, NULL) != blocked) {
        struct pollfd socket = {.fd = mq_publisher_fd(publisher), .events = POLLIN};

        (void)poll(&socket, 1, 500);
        if (mq_publisher_flush(publisher, &err) != FC_OK ||
            mq_publisher_poll(publisher, tell, NULL, &err) != FC_OK)
            fail_msg("mq_publisher_poll: %s", err.text);
        if (fc_clock_ms_since(begun) > BROKER_WAIT_MS)
            return false;
    }
    return true;
}

static int begin(void **state)
{
    (void)state;
    confirmed = 0;
    broker_queue_make(QUEUE, 0);
    publisher = broker_publisher();
    return 0;
}

static int end(void **state)
{
    (void)alarm_off(state);
    mq_publisher_close(publisher);
    broker_queue_drop(QUEUE);
    return 0;
}

/* The broker tells an alarm to connections that have published, and stops reading from them. */
static void test_alarm_is_told_with_its_reason_and_ends(void **state)
{
    const char *reason = NULL;
    struct fc_err err;

    (void)state;
    assert_false(mq_publisher_is_blocked(publisher, &reason));
    assert_null(reason);
    (void)broker_put(publisher, QUEUE, FC_STR("1"));
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_OK);
    alarm_on();
    (void)broker_put(publisher, QUEUE, FC_STR("2"));
    assert_true(await_blocked(true));
    assert_true(mq_publisher_is_blocked(publisher, &reason));
    assert_non_null(strstr(reason, "memory"));
    (void)broker_put(publisher, QUEUE, FC_STR("3"));
    assert_true(mq_publisher_unconfirmed_bytes(publisher) > 0);
    (void)alarm_off(state);
    assert_true(await_blocked(false));
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_OK);
}

/* A wait of 200 ms lasts through an alarm of seconds, and past the heartbeats' patience. */
static void test_alarm_does_not_count_as_waiting(void **state)
{
    char command[512];
    struct fc_err err;

    (void)state;
    alarm_on();
    (void)broker_put(publisher, QUEUE, FC_STR("1"));
    assert_true(await_blocked(true));
    (void)broker_put(publisher, QUEUE, FC_STR("2"));
    (void)snprintf(command, sizeof(command),
                   "eval 'spawn(fun() -> timer:sleep(%d), "
                   "vm_memory_monitor:set_vm_memory_high_watermark(0.4) "
                   "end), ok.'",
                   3 * HEARTBEAT_S * 1000);
    broker_ctl(command);
    if (mq_publisher_wait(publisher, 2000, &err) != FC_OK)
        fail_msg("mq_publisher_wait: %s", err.text);
    assert_false(mq_publisher_is_blocked(publisher, NULL));
}

/* Keeps a publisher going for a while as a loop does. */
static void go_on_for(int64_t ms)
{
    struct fc_mono begun = fc_clock_mono();
    struct fc_err err;

    while (fc_clock_ms_since(begun) < ms) {
        struct pollfd socket = {.fd = mq_publisher_fd(publisher), .events = POLLOUT};

        (void)poll(&socket, 1, 500);
        if (mq_publisher_flush(publisher, &err) != FC_OK ||
            mq_publisher_poll(publisher, tell, NULL, &err) != FC_OK)
            fail_msg("mq_publisher_poll: %s", err.text);
    }
}

/*
 * More than the socket takes: nothing blocks, and nothing is lost when the alarm ends. It lasts
 * past the time of the heartbeats, of which none may land inside the frame that was cut.
 */
static void test_alarm_full_socket_blocks_nobody(void **state)
{
    static char body[512 * 1024];
    const struct mq_message message = {
        .routing_key = FC_STR(QUEUE), .body = {body, sizeof(body)}, .mandatory = true};
    enum fc_rc rc = FC_OK;
    int32_t count = 1;
    uint64_t seq;
    struct fc_err err;

    (void)state;
    memset(body, 'x', sizeof(body));
    alarm_on();
    (void)broker_put(publisher, QUEUE, FC_STR("1"));
    assert_true(await_blocked(true));
    while (rc == FC_OK && count < 200) {
        rc = mq_publisher_put(publisher, &message, &seq, &err);
        count += rc == FC_OK;
        assert_int_equal(mq_publisher_flush(publisher, &err), FC_OK);
        assert_int_equal(mq_publisher_poll(publisher, tell, NULL, &err), FC_OK);
    }
    assert_int_equal(rc, FC_FAIL);
    assert_true(mq_publisher_wants_write(publisher));
    go_on_for(HEARTBEAT_S * 1000 + 1000);
    assert_true(mq_publisher_wants_write(publisher));
    (void)alarm_off(state);
    if (mq_publisher_wait(publisher, BROKER_WAIT_MS, &err) != FC_OK)
        fail_msg("mq_publisher_wait: %s", err.text);
    assert_int_equal(mq_publisher_unconfirmed_bytes(publisher), 0);
}

/* A connection that only consumes goes on: that is why there are two. */
static void test_alarm_does_not_stop_a_consumer(void **state)
{
    struct mq_consumer *consumer = broker_consumer();
    struct mq_delivery delivery;
    struct fc_err err;

    (void)state;
    (void)broker_put(publisher, QUEUE, FC_STR("1"));
    (void)broker_put(publisher, QUEUE, FC_STR("2"));
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_OK);
    alarm_on();
    assert_int_equal(mq_consumer_subscribe(consumer, QUEUE, 0, &err), FC_OK);
    delivery = broker_next(consumer);
    assert_int_equal(mq_consumer_ack(consumer, 0, delivery.tag, &err), FC_OK);
    assert_int_equal(mq_consumer_release(consumer, 0, &err), FC_OK);
    assert_int_equal(mq_consumer_subscribe(consumer, QUEUE, 0, &err), FC_OK);
    delivery = broker_next(consumer);
    assert_int_equal(broker_number(&delivery), 2);
    mq_consumer_close(consumer);
}

#define BROKER_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BROKER_TEST(test_alarm_is_told_with_its_reason_and_ends),
        BROKER_TEST(test_alarm_does_not_count_as_waiting),
        BROKER_TEST(test_alarm_full_socket_blocks_nobody),
        BROKER_TEST(test_alarm_does_not_stop_a_consumer),
    };

    if (!broker_is_there())
        return BROKER_SKIPPED;
    if (!broker_has_ctl()) {
        (void)fprintf(stderr, "skipped: FIRSTCOME_RABBITMQCTL names no rabbitmqctl\n");
        return BROKER_SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
