/*
 * What a worker announces has to arrive where events are kept, and need not where somebody waits
 * for a verdict: an asker whose queue is full must not stop a partition. What is not waited for is
 * marked, and known to be confirmed when its mark is reached.
 */
#include "skeleton/links.h"

#include "host/clock.h"
#include "support/broker.h"
#include "support/expect.h"

#define FULL "test.announce.full"
#define OPEN "test.announce.open"

static struct links links;
static struct announce_port announcer;
static struct confirm_port confirms;

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

static void wait_refused(enum fc_cure cure)
{
    struct fc_err err;

    assert_int_equal(announcer.wait(announcer.arg, &err), FC_FAIL);
    assert_int_equal(err.cure, cure);
}

static uint64_t mark(void)
{
    uint64_t seq;
    struct fc_err err;

    if (confirms.send(confirms.arg, &seq, &err) == FC_FAIL)
        fail_msg("%s: %s", err.where, err.text);
    return seq;
}

/* Looks until everything up to the mark is confirmed; or until that fails. */
static enum fc_rc look_for(uint64_t seq, struct fc_err *ret_err)
{
    struct fc_mono since = fc_clock_mono();
    uint64_t reached;

    for (;;) {
        struct pollfd fd = links_watch(&links);

        if (confirms.look(confirms.arg, &reached, ret_err) == FC_FAIL)
            return FC_FAIL;
        if (reached >= seq)
            return FC_OK;
        assert_true(fc_clock_ms_since(since) < BROKER_WAIT_MS);
        (void)poll(&fd, 1, BROKER_WAIT_MS);
    }
}

static void look_well(uint64_t seq)
{
    struct fc_err err;

    if (look_for(seq, &err) == FC_FAIL)
        fail_msg("%s: %s", err.where, err.text);
}

static void look_refused(uint64_t seq)
{
    struct fc_err err;

    assert_int_equal(look_for(seq, &err), FC_FAIL);
    assert_int_equal(err.cure, FC_CURE_RECONNECT);
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
    confirms = links_confirms(&links);
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
    wait_refused(FC_CURE_RETRY);
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
    wait_refused(FC_CURE_RETRY);
    put(FULL, true);
    wait_well();
}

static void test_links_mark_is_reached_without_waiting(void **state)
{
    uint64_t first;
    uint64_t second;

    (void)state;
    put(OPEN, false);
    first = mark();
    put(OPEN, true);
    put(OPEN, false);
    second = mark();
    assert_int_equal(second, first + 2);
    look_well(first);
    look_well(second);
    assert_int_equal(mark(), second);
}

/* Nobody has it any more: it comes again with its deliveries. */
static void test_links_marked_event_that_is_refused_ends_the_connection(void **state)
{
    (void)state;
    put(OPEN, false);
    put(FULL, false);
    look_refused(mark());
}

/* What comes behind it may be put again, and that would not help. */
static void test_links_marked_event_that_is_refused_is_no_matter_of_those_behind(void **state)
{
    (void)state;
    put(FULL, false);
    (void)mark();
    put(FULL, false);
    wait_refused(FC_CURE_RECONNECT);
}

static void test_links_event_behind_a_marked_one_may_be_put_again(void **state)
{
    (void)state;
    put(OPEN, false);
    (void)mark();
    put(FULL, false);
    wait_refused(FC_CURE_RETRY);
}

static void test_links_verdict_that_is_refused_reaches_the_mark(void **state)
{
    (void)state;
    put(OPEN, false);
    (void)mark();
    put(FULL, true);
    put(OPEN, false);
    look_well(mark());
}

/* A verdict behind it, and refused with it, does not hide it. */
static void test_links_marked_event_before_a_refused_verdict_is_still_missed(void **state)
{
    (void)state;
    put(FULL, false);
    (void)mark();
    put(FULL, true);
    look_refused(mark());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_links_event_that_is_refused_is_to_be_announced_again),
        TEST(test_links_verdict_that_is_refused_stops_nobody),
        TEST(test_links_event_behind_a_refused_verdict_is_still_missed),
        TEST(test_links_mark_is_reached_without_waiting),
        TEST(test_links_marked_event_that_is_refused_ends_the_connection),
        TEST(test_links_marked_event_that_is_refused_is_no_matter_of_those_behind),
        TEST(test_links_event_behind_a_marked_one_may_be_put_again),
        TEST(test_links_verdict_that_is_refused_reaches_the_mark),
        TEST(test_links_marked_event_before_a_refused_verdict_is_still_missed),
    };

    if (!broker_is_there())
        return BROKER_SKIPPED;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
