#include "mq/topology.h"

#include "base/limits.h"
#include "support/broker.h"
#include "support/expect.h"

#include <string.h>

#define FEW 3

static struct mq_settings settings;

static int begin(void **state)
{
    struct fc_err err;

    (void)state;
    settings = broker_settings("test-topology");
    if (mq_topology_apply(&settings, FEW, &err) != FC_OK)
        fail_msg("mq_topology_apply: %s", err.text);
    return 0;
}

static void test_topology_applied_twice_is_applied(void **state)
{
    struct fc_err err;

    (void)state;
    assert_int_equal(mq_topology_apply(&settings, FEW, &err), FC_OK);
    assert_int_equal(mq_topology_check(&settings, FEW, &err), FC_OK);
}

static void test_topology_missing_queue_is_named(void **state)
{
    static const char *const queues[] = {"coupon.0", "coupon.2",  "order.1",
                                         "stats.0",  "payment.0", "platform.0"};
    struct fc_err err;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(queues); i++) {
        broker_queue_drop(queues[i]);
        assert_int_equal(mq_topology_check(&settings, FEW, &err), FC_FAIL);
        assert_int_equal(err.cure, FC_CURE_EXIT);
        assert_string_equal(err.code, "404");
        assert_non_null(strstr(err.text, queues[i]));
        assert_int_equal(mq_topology_apply(&settings, FEW, &err), FC_OK);
        assert_int_equal(mq_topology_check(&settings, FEW, &err), FC_OK);
    }
}

static void test_topology_queue_of_another_kind_is_for_a_human(void **state)
{
    struct fc_err err;

    (void)state;
    broker_queue_make("order.1", 5);
    assert_int_equal(mq_topology_apply(&settings, FEW, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_EXIT);
    assert_string_equal(err.code, "406");
    assert_non_null(strstr(err.text, "order.1"));
    broker_queue_drop("order.1");
    assert_int_equal(mq_topology_apply(&settings, FEW, &err), FC_OK);
}

static void put(struct mq_publisher *publisher, const char *exchange, const char *key)
{
    const struct mq_message message = {.exchange = fc_str_of(exchange),
                                       .routing_key = fc_str_of(key),
                                       .body = FC_STR("[]"),
                                       .mandatory = true};
    uint64_t seq;
    struct fc_err err;

    assert_int_equal(mq_publisher_put(publisher, &message, &seq, &err), FC_OK);
}

static int64_t ready_of(const char *queue)
{
    struct mq_queue_state states[MQ_QUEUE_COUNT(FEW)];
    size_t count = 0;
    struct fc_err err;

    assert_int_equal(mq_topology_states(&settings, FEW, states, &count, &err), FC_OK);
    assert_int_equal(count, MQ_QUEUE_COUNT(FEW));
    for (size_t i = 0; i < count; i++)
        if (strcmp(states[i].name, queue) == 0)
            return states[i].ready;
    fail_msg("no queue %s", queue);
    return -1;
}

/* Every key reaches its queue: nothing is unrouted, and each queue has what was sent to it. */
static void test_topology_keys_lead_to_their_queues(void **state)
{
    static const char *const queues[] = {"coupon.0", "coupon.1",  "coupon.2",
                                         "order.0",  "order.1",   "order.2",
                                         "stats.0",  "payment.0", "platform.0"};
    struct mq_publisher *publisher;
    int64_t before[FC_ARRAY_COUNT(queues)];
    struct fc_err err;

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(queues); i++)
        before[i] = ready_of(queues[i]);
    publisher = broker_publisher();
    for (size_t i = 0; i < 2 * FEW; i++)
        put(publisher, MQ_EXCHANGE_COMMANDS, queues[i]);
    put(publisher, MQ_EXCHANGE_EVENTS, "order");
    if (mq_publisher_wait(publisher, BROKER_WAIT_MS, &err) != FC_OK)
        fail_msg("mq_publisher_wait: %s", err.text);
    mq_publisher_close(publisher);
    for (size_t i = 0; i < FC_ARRAY_COUNT(queues); i++)
        assert_int_equal(ready_of(queues[i]), before[i] + 1);
    for (size_t i = 0; i < FC_ARRAY_COUNT(queues); i++)
        broker_queue_drop(queues[i]);
}

static void test_topology_states_count_consumers(void **state)
{
    struct mq_queue_state states[MQ_QUEUE_COUNT(FEW)];
    struct mq_consumer *consumer = broker_consumer();
    size_t count = 0;
    struct fc_err err;

    (void)state;
    assert_int_equal(mq_consumer_subscribe(consumer, "order.2", 2, &err), FC_OK);
    assert_int_equal(mq_topology_states(&settings, FEW, states, &count, &err), FC_OK);
    assert_string_equal(states[0].name, "coupon.0");
    assert_int_equal(states[0].consumers, 0);
    assert_string_equal(states[2 * FEW - 1].name, "order.2");
    assert_int_equal(states[2 * FEW - 1].consumers, 1);
    assert_string_equal(states[2 * FEW].name, "stats.0");
    assert_string_equal(states[2 * FEW + 1].name, "payment.0");
    assert_string_equal(states[2 * FEW + 2].name, "platform.0");
    mq_consumer_close(consumer);
}

static void test_topology_partitions_out_of_bounds_are_a_mistake(void **state)
{
    struct fc_err err;

    (void)state;
    EXPECT_ASSERT(assert_int_equal(mq_topology_check(&settings, 0, &err), FC_OK));
    EXPECT_ASSERT(assert_int_equal(mq_topology_check(&settings, PARTITIONS_MAX + 1, &err), FC_OK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_topology_applied_twice_is_applied, begin),
        cmocka_unit_test_setup(test_topology_missing_queue_is_named, begin),
        cmocka_unit_test_setup(test_topology_queue_of_another_kind_is_for_a_human, begin),
        cmocka_unit_test_setup(test_topology_keys_lead_to_their_queues, begin),
        cmocka_unit_test_setup(test_topology_states_count_consumers, begin),
        cmocka_unit_test_setup(test_topology_partitions_out_of_bounds_are_a_mistake, begin),
    };

    if (!broker_is_there())
        return BROKER_SKIPPED;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
