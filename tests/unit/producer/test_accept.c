#include "support/expect.h"

#include "producer/ingress.h"

#include <stdlib.h>

#define QUEUE 5
#define WAIT_MS_MAX 4000

static struct ingress *ingress_open(void)
{
    struct ingress *ingress = calloc(1, sizeof(*ingress)); /* heap: in a test */
    struct fc_err err;

    assert_non_null(ingress);
    ingress->now.us = 60000000;
    assert_int_equal(accept_open(&ingress->accept, &err), FC_OK);
    assert_int_equal(backlog_open(&ingress->backlog, WAIT_MS_MAX, &err), FC_OK);
    return ingress;
}

static void ingress_close(struct ingress *ingress)
{
    backlog_close(&ingress->backlog);
    accept_close(&ingress->accept);
    free(ingress);
}

/* Nobody will ever answer a probe that went with the publisher's connection. */
static void test_accept_a_lost_publisher_does_not_make_a_quiet_queue_look_stuck(void **state)
{
    struct ingress *ingress = ingress_open();
    const struct fc_uuid probe = {{1}};
    int32_t retry_s;

    (void)state;
    backlog_put(&ingress->backlog, QUEUE, &probe, ingress->now);
    accept_lost(ingress);
    ingress->now.us += (WAIT_MS_MAX + 1000) * 1000LL;
    assert_false(backlog_refuses(&ingress->backlog, QUEUE, ingress->now, &retry_s));
    ingress_close(ingress);
}

/* More messages between two looks than there are slots: the oldest has been settled long ago. */
static void test_accept_the_oldest_is_not_the_later_one_in_its_slot(void **state)
{
    struct ingress *ingress = ingress_open();
    struct accept *accept = &ingress->accept;
    uint64_t seq = 1 + HTTP_INFLIGHT_MAX;

    (void)state;
    accept->seq_last = seq;
    accept->messages[1] = (struct accept_message){seq, true, NULL, ingress->now, 0};
    assert_true(accept_check_age(ingress));
    assert_int_equal(accept->seq_oldest, seq);
    ingress_close(ingress);
}

/* Puts a command of so many bytes into a queue, as accept_put does. */
static void put(struct ingress *ingress, int32_t queue)
{
    struct fc_buf buf = batch_writer(&ingress->accept.batch);

    fc_buf_put_text(&buf, "{}");
    assert_true(batch_put(&ingress->accept.batch, queue, &buf, 1, ingress));
}

/* The loop has to come by itself only for what waits behind the messages of other queues: a queue's
 * own confirm wakes it. */
static void test_accept_a_round_is_given_up_in_time(void **state)
{
    struct ingress *ingress = ingress_open();
    struct accept *accept = &ingress->accept;

    (void)state;
    assert_int_equal(accept_wait_ms(ingress), -1);
    accept->is_behind = true;
    assert_int_equal(accept_wait_ms(ingress), 0);
    accept->is_behind = false;
    accept->under_way_count = 4;
    accept->round_since = ingress->now;
    assert_int_equal(accept_wait_ms(ingress), -1); /* nothing waits */
    put(ingress, QUEUE);
    assert_in_range(accept_wait_ms(ingress), 4, 5);
    ingress->now.us += 3000;
    assert_in_range(accept_wait_ms(ingress), 1, 2);
    ingress->now.us += 1000;
    assert_int_equal(accept_wait_ms(ingress), -1);
    ingress->now.us -= 1000;
    accept->under_way_count = 3; /* no load: nobody waits for them */
    assert_int_equal(accept_wait_ms(ingress), -1);
    ingress_close(ingress);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accept_a_lost_publisher_does_not_make_a_quiet_queue_look_stuck),
        cmocka_unit_test(test_accept_the_oldest_is_not_the_later_one_in_its_slot),
        cmocka_unit_test(test_accept_a_round_is_given_up_in_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
