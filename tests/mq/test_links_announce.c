/*
 * What a worker announces has to arrive where events are kept, and need not where somebody waits
 * for a verdict: an asker whose queue is full must not stop a partition.
 */
#include "skeleton/links.h"

#include "support/broker.h"
#include "support/expect.h"

#define FULL "test.announce.full"
#define OPEN "test.announce.open"

static struct links links;
static struct announce_port announcer;

static enum fc_rc beat(void *arg, struct fc_err *ret_err)
{
    (void)arg;
    (void)ret_err;
    return FC_OK;
}

static struct mq_message to(const char *queue, bool transient)
{
    return (struct mq_message){.exchange = FC_STR(""),
                               .routing_key = fc_str_of(queue),
                               .type = FC_STR("test"),
                               .body = FC_STR("[]"),
                               .transient = transient};
}

static void put(const char *queue, bool transient)
{
    struct mq_message message = to(queue, transient);
    struct fc_err err;

    if (announcer.put(announcer.arg, &message, &err) == FC_FAIL)
        fail_msg("%s: %s", err.where, err.text);
}

static void wait_well(void)
{
    struct fc_err err;

    if (announcer.wait(announcer.arg, &err) == FC_FAIL)
        fail_msg("%s: %s", err.where, err.text);
}

static void wait_refused(void)
{
    struct fc_err err;

    assert_int_equal(announcer.wait(announcer.arg, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RETRY);
}

/* The bound is soft: a few more come in before the queue says no. */
static int setup(void **state)
{
    struct fc_err err;
    int tries = 0;

    (void)state;
    broker_queue_make(FULL, 1);
    broker_queue_make(OPEN, 0);
    links = (struct links){.publisher = broker_publisher(), .beat = beat};
    announcer = links_announcer(&links);
    do {
        assert_in_range(tries++, 0, 100);
        put(FULL, false);
    } while (announcer.wait(announcer.arg, &err) == FC_OK);
    assert_int_equal(err.cure, FC_CURE_RETRY);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    links_close(&links);
    broker_queue_drop(FULL);
    broker_queue_drop(OPEN);
    return 0;
}

static void test_links_event_that_is_refused_is_to_be_announced_again(void **state)
{
    (void)state;
    put(OPEN, false);
    put(FULL, false);
    wait_refused();
    wait_well();
}

static void test_links_verdict_that_is_refused_stops_nobody(void **state)
{
    (void)state;
    put(FULL, true);
    put(OPEN, false);
    wait_well();
}

static void test_links_event_behind_a_refused_verdict_is_still_missed(void **state)
{
    (void)state;
    put(FULL, true);
    put(FULL, false);
    wait_refused();
    put(FULL, true);
    wait_well();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_links_event_that_is_refused_is_to_be_announced_again),
        TEST(test_links_verdict_that_is_refused_stops_nobody),
        TEST(test_links_event_behind_a_refused_verdict_is_still_missed),
    };

    if (!broker_is_there())
        return BROKER_SKIPPED;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
