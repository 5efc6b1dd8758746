/*
 * A consumer that may take nothing for a long time: it lives by beats. Takes as long as a broker
 * needs to lose its patience. ctest: long
 */
#include "mq/consumer.h"

#include "base/limits.h"
#include "host/clock.h"
#include "support/broker.h"
#include "support/expect.h"

#include <poll.h>

#define QUEUE "test.consumer.beat"
/* A broker closes after two heartbeats' silence, and looks every half of one. */
#define SILENCE_MS (4 * HEARTBEAT_S * 1000)
#define MESSAGES 50

static struct mq_publisher *publisher;
static struct mq_consumer *consumer;

static int begin(void **state)
{
    struct fc_err err;

    (void)state;
    broker_queue_make(QUEUE, 0);
    publisher = broker_publisher();
    consumer = broker_consumer();
    return mq_consumer_subscribe(consumer, QUEUE, 0, &err) == FC_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    mq_consumer_close(consumer);
    mq_publisher_close(publisher);
    broker_queue_drop(QUEUE);
    return 0;
}

static void must(enum fc_rc rc, const struct fc_err *err)
{
    if (rc != FC_OK)
        fail_msg("%s: %s", err->where, err->text);
}

static void await_confirms(void)
{
    struct fc_err err;

    must(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), &err);
}

static void test_consumer_beats_outlive_the_brokers_patience(void **state)
{
    struct fc_mono since = fc_clock_mono();
    struct mq_delivery delivery;
    struct fc_err err;
    char zeros[2000] = {0};

    (void)state;
    (void)broker_put(publisher, QUEUE, FC_STR("0"));
    await_confirms();
    delivery = broker_next(consumer);
    assert_int_equal(broker_number(&delivery), 0);
    uint64_t tag = delivery.tag;

    /* What arrives meanwhile stays where it is. */
    for (int i = 0; i < MESSAGES; i++)
        (void)broker_put(publisher, QUEUE, (struct fc_str){zeros, sizeof(zeros)});
    await_confirms();
    while (fc_clock_ms_since(since) < SILENCE_MS) {
        struct pollfd nobody = {-1, 0, 0};

        must(mq_consumer_beat(consumer, &err), &err);
        must(mq_publisher_wait(publisher, 0, &err), &err);
        (void)poll(&nobody, 1, 1000);
    }
    must(mq_consumer_ack(consumer, 0, tag, &err), &err);
    for (int i = 0; i < MESSAGES; i++) {
        delivery = broker_next(consumer);
        assert_int_equal(delivery.body.len, sizeof(zeros));
        assert_false(delivery.redelivered);
        must(mq_consumer_ack(consumer, 0, delivery.tag, &err), &err);
    }
}

/* The opposite, or the beats would have shown nothing. */
static void test_consumer_that_is_silent_is_cut_off(void **state)
{
    struct fc_mono since = fc_clock_mono();
    struct mq_delivery delivery;
    struct fc_err err;
    bool got = true;

    (void)state;
    while (fc_clock_ms_since(since) < SILENCE_MS) {
        struct pollfd nobody = {-1, 0, 0};

        (void)poll(&nobody, 1, 1000);
    }
    enum fc_rc rc = FC_OK;

    while (rc == FC_OK && got)
        rc = mq_consumer_next(consumer, &delivery, &got, &err);
    assert_int_equal(rc, FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_consumer_beats_outlive_the_brokers_patience, begin,
                                        end),
        cmocka_unit_test_setup_teardown(test_consumer_that_is_silent_is_cut_off, begin, end),
    };

    if (!broker_is_there())
        return BROKER_SKIPPED;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
