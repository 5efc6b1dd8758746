#include "mq/consumer.h"

#include "base/limits.h"
#include "host/clock.h"
#include "mq/topology.h"
#include "support/broker.h"
#include "support/expect.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define QUEUE "test.consumer"
#define HAND_OVERS 300

static struct mq_publisher *publisher;
static struct mq_consumer *consumer;

static int begin(void **state)
{
    (void)state;
    broker_queue_make(QUEUE, 0);
    publisher = broker_publisher();
    consumer = broker_consumer();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mq_consumer_close(consumer);
    mq_publisher_close(publisher);
    broker_queue_drop(QUEUE);
    return 0;
}

static void subscribe(struct mq_consumer *to, const char *queue, int32_t source)
{
    struct fc_err err;

    if (mq_consumer_subscribe(to, queue, source, &err) != FC_OK)
        fail_msg("mq_consumer_subscribe: %s", err.text);
}

/* Publishes the numbers first … last, and waits for their confirms when asked to. */
static void publish_numbers(int64_t first, int64_t last, bool and_wait)
{
    struct fc_err err;

    for (int64_t number = first; number <= last; number++) {
        char text[24];
        struct fc_buf buf = fc_buf_of(text, sizeof(text));

        fc_buf_put_i64(&buf, number);
        (void)broker_put(publisher, QUEUE, fc_buf_str(&buf));
    }
    if (and_wait && mq_publisher_wait(publisher, BROKER_WAIT_MS, &err) != FC_OK)
        fail_msg("mq_publisher_wait: %s", err.text);
}

static void ack(struct mq_consumer *by, int32_t source, uint64_t tag)
{
    struct fc_err err;

    if (mq_consumer_ack(by, source, tag, &err) != FC_OK)
        fail_msg("mq_consumer_ack: %s", err.text);
}

static void release(struct mq_consumer *by, int32_t source)
{
    struct fc_err err;

    if (mq_consumer_release(by, source, &err) != FC_OK)
        fail_msg("mq_consumer_release: %s", err.text);
}

/* Reads until the connection is trouble, which it must become. */
static struct fc_err await_trouble(void)
{
    struct fc_mono begun = fc_clock_mono();
    struct mq_delivery delivery;
    struct fc_err err;
    bool got;

    while (mq_consumer_next(consumer, &delivery, &got, &err) == FC_OK) {
        struct pollfd readable = {.fd = mq_consumer_fd(consumer), .events = POLLIN};

        assert_true(fc_clock_ms_since(begun) < BROKER_WAIT_MS);
        if (!got)
            (void)poll(&readable, 1, 1000);
    }
    return err;
}

static void test_consumer_delivers_in_order_over_several_sources(void **state)
{
    static const char other[] = "test.consumer.other";
    int64_t next[2] = {0, 1000};
    struct fc_err err;

    (void)state;
    broker_queue_make(other, 0);
    publish_numbers(0, 99, true);
    subscribe(consumer, QUEUE, 0);
    subscribe(consumer, other, 1);
    for (int64_t number = 1000; number < 1100; number++) {
        char text[24];
        struct fc_buf buf = fc_buf_of(text, sizeof(text));

        fc_buf_put_i64(&buf, number);
        (void)broker_put(publisher, other, fc_buf_str(&buf));
    }
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_OK);
    for (int i = 0; i < 200; i++) {
        struct mq_delivery delivery = broker_next(consumer);

        assert_in_range(delivery.source, 0, 1);
        assert_int_equal(broker_number(&delivery), next[delivery.source]++);
    }
    broker_queue_drop(other);
}

static void test_consumer_ack_covers_all_up_to_its_tag(void **state)
{
    struct mq_delivery delivery = {.tag = 0};

    (void)state;
    publish_numbers(1, 10, true);
    subscribe(consumer, QUEUE, 0);
    for (int i = 1; i <= 10; i++) {
        delivery = broker_next(consumer);
        if (i == 7)
            ack(consumer, 0, delivery.tag);
    }
    release(consumer, 0);
    subscribe(consumer, QUEUE, 0);
    delivery = broker_next(consumer);
    assert_int_equal(broker_number(&delivery), 8);
    assert_true(delivery.redelivered);
    assert_int_equal(delivery.delivery_count, 1);
}

static void test_consumer_ack_of_a_tag_never_delivered_is_a_mistake(void **state)
{
    struct mq_delivery delivery;

    (void)state;
    publish_numbers(1, 2, true);
    subscribe(consumer, QUEUE, 0);
    delivery = broker_next(consumer);
    EXPECT_ASSERT(ack(consumer, 0, delivery.tag + 1));
    EXPECT_ASSERT(ack(consumer, 1, delivery.tag));
    EXPECT_ASSERT(release(consumer, 1));
    ack(consumer, 0, delivery.tag);
    EXPECT_ASSERT(ack(consumer, 0, delivery.tag));
}

static void test_consumer_released_source_delivers_nothing_more(void **state)
{
    struct mq_delivery delivery;
    struct fc_err err;
    bool got = true;

    (void)state;
    publish_numbers(1, 200, true);
    subscribe(consumer, QUEUE, 0);
    delivery = broker_next(consumer);
    assert_int_equal(broker_number(&delivery), 1);
    release(consumer, 0);
    while (mq_consumer_has_buffered(consumer)) {
        assert_int_equal(mq_consumer_next(consumer, &delivery, &got, &err), FC_OK);
        assert_false(got);
    }
    subscribe(consumer, QUEUE, 7);
    for (int64_t number = 1; number <= 200; number++) {
        delivery = broker_next(consumer);
        assert_int_equal(delivery.source, 7);
        assert_int_equal(broker_number(&delivery), number);
    }
}

/* Chance that is the same in every run (Knuth's MMIX generator). */
static int64_t chance(uint64_t *seed, int64_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)(*seed >> 33) % below;
}

/*
 * Two consumers of one single-active queue while messages keep coming. The active one takes some,
 * acknowledges a part, closes its channel and queues up behind the other. The first delivery
 * after each hand-over must follow the last acknowledged one, and no number may be missing.
 */
static void test_consumer_hand_over_by_channel_close_keeps_the_order(void **state)
{
    struct mq_consumer *both[2] = {consumer, broker_consumer()};
    int64_t published = 0;
    int64_t acked = 0;
    uint64_t seed = 20260131;

    (void)state;
    publish_numbers(1, 600, true);
    published = 600;
    subscribe(both[0], QUEUE, 0);
    subscribe(both[1], QUEUE, 0);
    for (int round = 0; round < HAND_OVERS; round++) {
        struct mq_consumer *active = both[round % 2];
        int64_t take = 1 + chance(&seed, 60);
        int64_t keep = chance(&seed, take + 1);
        int64_t before = acked;

        publish_numbers(published + 1, published + keep, false);
        published += keep;
        for (int64_t i = 1; i <= take; i++) {
            struct mq_delivery delivery = broker_next(active);

            assert_int_equal(broker_number(&delivery), before + i);
            if (i != keep)
                continue;
            ack(active, 0, delivery.tag);
            acked = before + i;
        }
        release(active, 0);
        subscribe(active, QUEUE, 0);
    }
    mq_consumer_close(both[1]);
}

static void test_consumer_cut_connection_gives_all_back_in_order(void **state)
{
    struct mq_delivery delivery;
    struct mq_consumer *next = broker_consumer();

    (void)state;
    publish_numbers(1, 400, true);
    subscribe(consumer, QUEUE, 0);
    for (int64_t number = 1; number <= 100; number++) {
        delivery = broker_next(consumer);
        assert_int_equal(broker_number(&delivery), number);
        if (number == 37)
            ack(consumer, 0, delivery.tag);
    }
    subscribe(next, QUEUE, 0);
    assert_int_equal(shutdown(mq_consumer_fd(consumer), SHUT_RDWR), 0);
    for (int64_t number = 38; number <= 400; number++) {
        delivery = broker_next(next);
        assert_int_equal(broker_number(&delivery), number);
        /* The old one had its prefetch: that much and no more was under way. */
        if (number <= 100)
            assert_true(delivery.redelivered && delivery.delivery_count == 1);
        if (number > 37 + MQ_PREFETCH)
            assert_true(!delivery.redelivered && delivery.delivery_count == 0);
        if (number % 50 == 0)
            ack(next, 0, delivery.tag);
    }
    mq_consumer_close(next);
    assert_int_equal(await_trouble().cure, FC_CURE_RECONNECT);
}

static void test_consumer_private_queue_hears_its_bindings(void **state)
{
    static const struct mq_binding bindings[] = {{"amq.topic", "test.coupon"},
                                                 {"amq.topic", "test.order.#"}};
    static const char *const keys[] = {"test.coupon", "test.wallet", "test.order.1"};
    char name[MQ_TEXT_MAX] = "";
    struct mq_delivery delivery;
    struct fc_err err;

    (void)state;
    assert_int_equal(mq_consumer_subscribe_private(consumer, bindings, 2, 4, name, &err), FC_OK);
    assert_true(strlen(name) > 0);
    for (size_t i = 0; i < FC_ARRAY_COUNT(keys); i++) {
        const struct mq_message message = {.exchange = FC_STR("amq.topic"),
                                           .routing_key = fc_str_of(keys[i]),
                                           .body = fc_str_of(keys[i])};
        uint64_t seq;

        assert_int_equal(mq_publisher_put(publisher, &message, &seq, &err), FC_OK);
    }
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_OK);
    (void)broker_put(publisher, name, FC_STR("straight"));
    delivery = broker_next(consumer);
    assert_int_equal(delivery.source, 4);
    assert_str_equal(delivery.exchange, "amq.topic");
    assert_str_equal(delivery.body, "test.coupon");
    delivery = broker_next(consumer);
    assert_str_equal(delivery.body, "test.order.1");
    delivery = broker_next(consumer);
    assert_str_equal(delivery.body, "straight");
    EXPECT_ASSERT(ack(consumer, 4, delivery.tag));
}

static void test_consumer_oversized_message_is_cut_and_said_to_be(void **state)
{
    struct mq_delivery delivery;

    (void)state;
    broker_publish_zeros(QUEUE, MESSAGE_BYTES_MAX);
    broker_publish_zeros(QUEUE, MESSAGE_BYTES_MAX + 1);
    broker_publish_zeros(QUEUE, 3);
    subscribe(consumer, QUEUE, 0);
    delivery = broker_next(consumer);
    assert_false(delivery.oversized);
    assert_int_equal(delivery.body.len, MESSAGE_BYTES_MAX);
    delivery = broker_next(consumer);
    assert_true(delivery.oversized);
    assert_int_equal(delivery.body.len, MESSAGE_BYTES_MAX);
    delivery = broker_next(consumer);
    assert_false(delivery.oversized);
    assert_int_equal(delivery.body.len, 3);
    ack(consumer, 0, delivery.tag);
}

static void test_consumer_deleted_queue_is_trouble_to_reconnect(void **state)
{
    struct fc_err err;

    (void)state;
    subscribe(consumer, QUEUE, 3);
    broker_queue_drop(QUEUE);
    err = await_trouble();
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_non_null(strstr(err.text, "source 3"));
}

static void test_consumer_missing_queue_is_trouble_and_named(void **state)
{
    struct fc_err err;

    (void)state;
    assert_int_equal(mq_consumer_subscribe(consumer, "test.no-such-queue", 0, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_string_equal(err.code, "404");
    assert_non_null(strstr(err.text, "test.no-such-queue"));
}

/* More hand-overs than the connection has channel numbers: they come round again. */
static void test_consumer_channel_numbers_last(void **state)
{
    struct mq_delivery delivery;

    (void)state;
    publish_numbers(1, 1, true);
    for (int i = 0; i < 1100; i++) {
        subscribe(consumer, QUEUE, 0);
        release(consumer, 0);
    }
    subscribe(consumer, QUEUE, 0);
    delivery = broker_next(consumer);
    assert_int_equal(broker_number(&delivery), 1);
}

#define BROKER_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BROKER_TEST(test_consumer_delivers_in_order_over_several_sources),
        BROKER_TEST(test_consumer_ack_covers_all_up_to_its_tag),
        BROKER_TEST(test_consumer_ack_of_a_tag_never_delivered_is_a_mistake),
        BROKER_TEST(test_consumer_released_source_delivers_nothing_more),
        BROKER_TEST(test_consumer_hand_over_by_channel_close_keeps_the_order),
        BROKER_TEST(test_consumer_cut_connection_gives_all_back_in_order),
        BROKER_TEST(test_consumer_private_queue_hears_its_bindings),
        BROKER_TEST(test_consumer_oversized_message_is_cut_and_said_to_be),
        BROKER_TEST(test_consumer_deleted_queue_is_trouble_to_reconnect),
        BROKER_TEST(test_consumer_missing_queue_is_trouble_and_named),
        BROKER_TEST(test_consumer_channel_numbers_last),
    };

    if (!broker_is_there())
        return BROKER_SKIPPED;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
