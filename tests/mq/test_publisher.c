#include "mq/publisher.h"

#include "base/limits.h"
#include "host/clock.h"
#include "support/broker.h"
#include "support/expect.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define QUEUE "test.publisher"
#define MANY 5000

struct fates {
    uint8_t told[MANY + 1];         /* times, by number */
    int32_t counts[MQ_DROPPED + 1]; /* by fate */
    uint64_t unrouted;              /* the last number with that fate */
};

static struct fates fates;
static struct mq_publisher *publisher;

static void tell(void *arg, uint64_t seq, enum mq_fate fate)
{
    struct fates *to = arg;

    assert_in_range(seq, 1, MANY);
    to->told[seq]++;
    to->counts[fate]++;
    if (fate == MQ_UNROUTED)
        to->unrouted = seq;
}

/* Polls until `count` fates were told. */
static void await_fates(int32_t count)
{
    struct fc_mono begun = fc_clock_mono();
    struct fc_err err;

    for (;;) {
        struct pollfd socket = {.fd = mq_publisher_fd(publisher), .events = POLLIN};

        if (mq_publisher_flush(publisher, &err) != FC_OK ||
            mq_publisher_poll(publisher, tell, &fates, &err) != FC_OK)
            fail_msg("mq_publisher_poll: %s", err.text);
        if (fates.counts[0] + fates.counts[1] + fates.counts[2] >= count)
            return;
        assert_true(fc_clock_ms_since(begun) < BROKER_WAIT_MS);
        if (mq_publisher_wants_write(publisher))
            socket.events |= POLLOUT;
        (void)poll(&socket, 1, 1000);
    }
}

static int begin(void **state)
{
    (void)state;
    memset(&fates, 0, sizeof(fates));
    broker_queue_make(QUEUE, 0);
    publisher = broker_publisher();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mq_publisher_close(publisher);
    broker_queue_drop(QUEUE);
    return 0;
}

static void test_publisher_confirmed_message_is_in_the_queue(void **state)
{
    struct mq_consumer *consumer = broker_consumer();
    struct mq_delivery delivery;
    struct fc_err err;

    (void)state;
    assert_int_equal(broker_put(publisher, QUEUE, FC_STR("{}")), 1);
    assert_int_equal(broker_put(publisher, QUEUE, FC_STR("")), 2);
    assert_true(mq_publisher_unconfirmed_bytes(publisher) > 0);
    await_fates(2);
    assert_int_equal(fates.counts[MQ_CONFIRMED], 2);
    assert_int_equal(mq_publisher_unconfirmed_bytes(publisher), 0);
    assert_int_equal(mq_consumer_subscribe(consumer, QUEUE, 3, &err), FC_OK);
    delivery = broker_next(consumer);
    assert_int_equal(delivery.source, 3);
    assert_str_equal(delivery.exchange, "");
    assert_str_equal(delivery.routing_key, QUEUE);
    assert_str_equal(delivery.type, "test.v1");
    assert_str_equal(delivery.body, "{}");
    assert_false(delivery.redelivered);
    assert_int_equal(delivery.delivery_count, 0);
    delivery = broker_next(consumer);
    assert_str_equal(delivery.body, "");
    mq_consumer_close(consumer);
}

static void test_publisher_each_of_many_is_told_once(void **state)
{
    (void)state;
    for (int i = 0; i < MANY; i++)
        (void)broker_put(publisher, QUEUE, FC_STR("[1,2,3]"));
    await_fates(MANY);
    for (size_t seq = 1; seq <= MANY; seq++)
        assert_int_equal(fates.told[seq], 1);
    assert_int_equal(fates.counts[MQ_CONFIRMED], MANY);
}

static void test_publisher_message_without_queue_is_unrouted_alone(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        (void)broker_put(publisher, i == 50 ? "test.no-such-queue" : QUEUE, FC_STR("[]"));
    await_fates(100);
    assert_int_equal(fates.counts[MQ_CONFIRMED], 99);
    assert_int_equal(fates.counts[MQ_UNROUTED], 1);
    assert_int_equal(fates.unrouted, 51);
    for (size_t seq = 1; seq <= 100; seq++)
        assert_int_equal(fates.told[seq], 1);
}

static void test_publisher_not_mandatory_without_queue_is_confirmed(void **state)
{
    const struct mq_message message = {.routing_key = FC_STR("test.no-such-queue"),
                                       .body = FC_STR("[]")};
    uint64_t seq;
    struct fc_err err;

    (void)state;
    assert_int_equal(mq_publisher_put(publisher, &message, &seq, &err), FC_OK);
    await_fates(1);
    assert_int_equal(fates.counts[MQ_CONFIRMED], 1);
}

static void test_publisher_full_queue_refuses(void **state)
{
    (void)state;
    broker_queue_make(QUEUE, 3);
    for (int i = 0; i < 50; i++) {
        (void)broker_put(publisher, QUEUE, FC_STR("[]"));
        await_fates(i + 1);
    }
    assert_true(fates.counts[MQ_REFUSED] > 0);
    assert_true(fates.counts[MQ_CONFIRMED] >= 3);
    assert_int_equal(fates.counts[MQ_UNROUTED], 0);
}

static void test_publisher_large_body_arrives_whole(void **state)
{
    static char body[MESSAGE_BYTES_MAX];
    static const size_t sizes[] = {900 * 1024, 131072 - 8, 131072 - 7, MESSAGE_BYTES_MAX};
    struct mq_consumer *consumer = broker_consumer();
    struct fc_err err;

    (void)state;
    for (size_t i = 0; i < sizeof(body); i++)
        body[i] = (char)('a' + i * 31 % 251 % 26);
    assert_int_equal(mq_consumer_subscribe(consumer, QUEUE, 0, &err), FC_OK);
    for (size_t i = 0; i < FC_ARRAY_COUNT(sizes); i++) {
        struct mq_delivery delivery;

        (void)broker_put(publisher, QUEUE, (struct fc_str){body, sizes[i]});
        await_fates((int32_t)i + 1);
        delivery = broker_next(consumer);
        assert_int_equal(delivery.body.len, sizes[i]);
        assert_memory_equal(delivery.body.ptr, body, sizes[i]);
        assert_false(delivery.oversized);
    }
    mq_consumer_close(consumer);
}

static void test_publisher_full_buffer_is_trouble_to_retry(void **state)
{
    static char body[MESSAGE_BYTES_MAX];
    const struct mq_message message = {
        .routing_key = FC_STR(QUEUE), .body = {body, sizeof(body)}, .mandatory = true};
    enum fc_rc rc = FC_OK;
    int32_t count = 0;
    uint64_t seq;
    struct fc_err err;

    (void)state;
    memset(body, 'x', sizeof(body));
    while (rc == FC_OK && count < 100) {
        rc = mq_publisher_put(publisher, &message, &seq, &err);
        count += rc == FC_OK;
    }
    assert_int_equal(rc, FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RETRY);
    assert_in_range(count, 2, 10);
    await_fates(count);
    assert_int_equal(mq_publisher_put(publisher, &message, &seq, &err), FC_OK);
    assert_int_equal(seq, count + 1);
    await_fates(count + 1);
    assert_int_equal(fates.counts[MQ_CONFIRMED], count + 1);
}

static void test_publisher_wait_ends_when_all_is_confirmed(void **state)
{
    struct fc_err err;

    (void)state;
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_OK);
    for (int i = 0; i < 500; i++)
        (void)broker_put(publisher, QUEUE, FC_STR("[]"));
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_OK);
    assert_int_equal(mq_publisher_unconfirmed_bytes(publisher), 0);
}

static void test_publisher_wait_tells_of_unrouted(void **state)
{
    struct fc_err err;

    (void)state;
    (void)broker_put(publisher, QUEUE, FC_STR("[]"));
    (void)broker_put(publisher, "test.no-such-queue", FC_STR("[]"));
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RETRY);
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_OK);
}

static void test_publisher_missing_exchange_is_trouble_to_reconnect(void **state)
{
    const struct mq_message message = {.exchange = FC_STR("test.no-such-exchange"),
                                       .routing_key = FC_STR("x"),
                                       .body = FC_STR("[]")};
    uint64_t seq;
    struct fc_err err;

    (void)state;
    assert_int_equal(mq_publisher_put(publisher, &message, &seq, &err), FC_OK);
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_string_equal(err.code, "404");
    assert_non_null(strstr(err.text, "test.no-such-exchange"));
    /* The same again: the connection is of no use. */
    assert_int_equal(mq_publisher_put(publisher, &message, &seq, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_int_equal(mq_publisher_flush(publisher, &err), FC_FAIL);
    assert_int_equal(mq_publisher_poll(publisher, tell, &fates, &err), FC_FAIL);
    assert_string_equal(err.code, "404");
}

static void test_publisher_lost_socket_is_trouble_to_reconnect(void **state)
{
    struct fc_err err;

    (void)state;
    (void)broker_put(publisher, QUEUE, FC_STR("[]"));
    assert_int_equal(shutdown(mq_publisher_fd(publisher), SHUT_RDWR), 0);
    assert_int_equal(mq_publisher_wait(publisher, BROKER_WAIT_MS, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
}

static void test_publisher_connection_closed_by_broker_is_trouble_to_reconnect(void **state)
{
    const struct mq_settings settings = broker_settings("test-close");
    enum fc_rc rc = FC_OK;
    struct fc_mono begun = fc_clock_mono();
    char command[512];
    struct fc_err err = {.cure = FC_CURE_EXIT};

    (void)state;
    if (!broker_has_ctl())
        skip();
    (void)snprintf(command, sizeof(command), "close_all_connections --vhost '%s' 'by a test'",
                   settings.vhost);
    /* Asked more than once: a connection as young as this one may not be on the list yet. */
    while (rc == FC_OK && fc_clock_ms_since(begun) < BROKER_WAIT_MS) {
        struct pollfd socket = {.fd = mq_publisher_fd(publisher), .events = POLLIN};

        broker_ctl(command);
        (void)poll(&socket, 1, 1000);
        rc = mq_publisher_poll(publisher, tell, &fates, &err);
    }
    assert_int_equal(rc, FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_string_equal(err.code, "320");
    assert_non_null(strstr(err.text, "by a test"));
}

static void test_publisher_wrong_password_is_for_a_human(void **state)
{
    struct mq_settings settings = broker_settings("test-wrong");
    struct mq_publisher *none = NULL;
    struct fc_err err;

    (void)state;
    (void)snprintf(settings.password, sizeof(settings.password), "not this one");
    assert_int_equal(mq_publisher_open(&settings, &none, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_EXIT);
    assert_null(none);
    assert_null(strstr(err.text, "not this one"));
}

static void test_publisher_no_broker_is_trouble_to_reconnect(void **state)
{
    struct mq_settings settings = broker_settings("test-nobody");
    struct mq_publisher *none = NULL;
    struct fc_err err;

    (void)state;
    settings.port = 1;
    assert_int_equal(mq_publisher_open(&settings, &none, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
    assert_null(none);
}

#define BROKER_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BROKER_TEST(test_publisher_confirmed_message_is_in_the_queue),
        BROKER_TEST(test_publisher_each_of_many_is_told_once),
        BROKER_TEST(test_publisher_message_without_queue_is_unrouted_alone),
        BROKER_TEST(test_publisher_not_mandatory_without_queue_is_confirmed),
        BROKER_TEST(test_publisher_full_queue_refuses),
        BROKER_TEST(test_publisher_large_body_arrives_whole),
        BROKER_TEST(test_publisher_full_buffer_is_trouble_to_retry),
        BROKER_TEST(test_publisher_wait_ends_when_all_is_confirmed),
        BROKER_TEST(test_publisher_wait_tells_of_unrouted),
        BROKER_TEST(test_publisher_missing_exchange_is_trouble_to_reconnect),
        BROKER_TEST(test_publisher_lost_socket_is_trouble_to_reconnect),
        BROKER_TEST(test_publisher_connection_closed_by_broker_is_trouble_to_reconnect),
        cmocka_unit_test(test_publisher_wrong_password_is_for_a_human),
        cmocka_unit_test(test_publisher_no_broker_is_trouble_to_reconnect),
    };

    if (!broker_is_there())
        return BROKER_SKIPPED;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
