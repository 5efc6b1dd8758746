#include "mq/confirms.h"

#include "support/expect.h"

#define SLOTS 8

struct told {
    uint64_t seqs[64];
    enum mq_fate fates[64];
    size_t count;
};

static struct mq_unconfirmed ring[SLOTS];
static struct mq_confirms confirms;
static struct told told;

static void tell(void *arg, uint64_t seq, enum mq_fate fate)
{
    struct told *to = arg;

    assert_true(to->count < FC_ARRAY_COUNT(to->seqs));
    to->seqs[to->count] = seq;
    to->fates[to->count++] = fate;
}

static int begin(void **state)
{
    (void)state;
    mq_confirms_init(&confirms, ring, SLOTS);
    told = (struct told){.count = 0};
    return 0;
}

static void add(int count)
{
    for (int i = 0; i < count; i++)
        (void)mq_confirms_add(&confirms, 10, false);
}

static bool ack(uint64_t tag, bool multiple)
{
    return mq_confirms_settle(&confirms, tag, multiple, false, tell, &told);
}

static void test_confirms_numbers_count_from_one(void **state)
{
    (void)state;
    assert_int_equal(mq_confirms_add(&confirms, 1, false), 1);
    assert_int_equal(mq_confirms_add(&confirms, 1, false), 2);
}

static void test_confirms_ack_of_one_tells_one(void **state)
{
    (void)state;
    add(3);
    assert_true(ack(2, false));
    assert_int_equal(told.count, 1);
    assert_int_equal(told.seqs[0], 2);
    assert_int_equal(told.fates[0], MQ_CONFIRMED);
    assert_int_equal(confirms.count, 2);
    assert_int_equal(confirms.bytes, 20);
}

static void test_confirms_multiple_skips_what_was_told(void **state)
{
    (void)state;
    add(5);
    assert_true(ack(3, false));
    assert_true(ack(1, false));
    assert_true(ack(4, true));
    assert_int_equal(told.count, 4);
    assert_int_equal(told.seqs[2], 2);
    assert_int_equal(told.seqs[3], 4);
    assert_int_equal(confirms.count, 1);
    assert_int_equal(confirms.oldest, 5);
}

static void test_confirms_multiple_of_zero_is_all(void **state)
{
    (void)state;
    add(4);
    assert_true(ack(0, true));
    assert_int_equal(told.count, 4);
    assert_int_equal(confirms.count, 0);
    assert_int_equal(confirms.bytes, 0);
    assert_true(ack(0, true));
    assert_int_equal(told.count, 4);
}

static void test_confirms_second_ack_is_silent(void **state)
{
    (void)state;
    add(2);
    assert_true(ack(1, false));
    assert_true(ack(1, false));
    assert_true(ack(1, true));
    assert_int_equal(told.count, 1);
}

static void test_confirms_nack_is_refused(void **state)
{
    (void)state;
    add(2);
    assert_true(mq_confirms_settle(&confirms, 2, true, true, tell, &told));
    assert_int_equal(told.count, 2);
    assert_int_equal(told.fates[0], MQ_REFUSED);
    assert_int_equal(told.fates[1], MQ_REFUSED);
}

static void test_confirms_nack_of_a_transient_message_is_dropped(void **state)
{
    (void)state;
    add(1);
    (void)mq_confirms_add(&confirms, 10, true);
    (void)mq_confirms_add(&confirms, 10, true);
    assert_true(ack(2, false));
    assert_true(mq_confirms_settle(&confirms, 3, true, true, tell, &told));
    assert_int_equal(told.count, 3);
    assert_int_equal(told.fates[0], MQ_CONFIRMED);
    assert_int_equal(told.fates[1], MQ_REFUSED);
    assert_int_equal(told.fates[2], MQ_DROPPED);
}

/* Whoever owes something until all up to a number is settled must not go by the highest answer. */
static void test_confirms_are_settled_up_to_the_oldest_that_is_not(void **state)
{
    (void)state;
    assert_int_equal(mq_confirms_settled_to(&confirms), 0);
    add(5);
    assert_true(ack(2, false));
    assert_true(ack(5, false));
    assert_int_equal(mq_confirms_settled_to(&confirms), 0);
    assert_true(mq_confirms_settle(&confirms, 1, false, true, tell, &told));
    assert_int_equal(mq_confirms_settled_to(&confirms), 2);
    assert_true(ack(4, true));
    assert_int_equal(mq_confirms_settled_to(&confirms), 5);
    add(1);
    assert_int_equal(mq_confirms_settled_to(&confirms), 5);
}

static void test_confirms_returned_is_unrouted_at_its_ack(void **state)
{
    (void)state;
    add(3);
    assert_true(mq_confirms_returned(&confirms, 2));
    assert_int_equal(told.count, 0);
    assert_true(ack(3, true));
    assert_int_equal(told.count, 3);
    assert_int_equal(told.fates[0], MQ_CONFIRMED);
    assert_int_equal(told.fates[1], MQ_UNROUTED);
    assert_int_equal(told.fates[2], MQ_CONFIRMED);
}

static void test_confirms_return_of_no_waiting_message_is_refused(void **state)
{
    (void)state;
    add(2);
    assert_true(ack(1, false));
    assert_false(mq_confirms_returned(&confirms, 0));
    assert_false(mq_confirms_returned(&confirms, 1));
    assert_false(mq_confirms_returned(&confirms, 3));
    assert_true(mq_confirms_returned(&confirms, 2));
    assert_false(mq_confirms_returned(&confirms, 2));
}

static void test_confirms_number_never_given_is_refused(void **state)
{
    (void)state;
    add(2);
    assert_false(ack(0, false));
    assert_false(ack(3, false));
    assert_false(ack(3, true));
    assert_int_equal(told.count, 0);
    assert_int_equal(confirms.count, 2);
}

static void test_confirms_ring_is_full_behind_an_old_message(void **state)
{
    (void)state;
    add(SLOTS);
    assert_true(mq_confirms_is_full(&confirms));
    for (uint64_t seq = 2; seq <= SLOTS; seq++)
        assert_true(ack(seq, false));
    assert_true(mq_confirms_is_full(&confirms));
    assert_true(ack(1, false));
    assert_false(mq_confirms_is_full(&confirms));
    assert_int_equal(confirms.oldest, SLOTS + 1);
}

static void test_confirms_numbers_go_on_around_the_ring(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 5; round++) {
        told.count = 0;
        add(SLOTS - 1);
        assert_true(ack(round * (SLOTS - 1) + 3, false));
        assert_true(ack((round + 1) * (SLOTS - 1), true));
        assert_int_equal(told.count, SLOTS - 1);
    }
    /* A late ack of a number whose slot is another's by now says nothing about that one. */
    add(3);
    told.count = 0;
    assert_true(ack(1, false));
    assert_true(ack(SLOTS, true));
    assert_int_equal(told.count, 0);
    assert_int_equal(confirms.count, 3);
}

static void tell_and_add(void *arg, uint64_t seq, enum mq_fate fate)
{
    tell(arg, seq, fate);
    (void)mq_confirms_add(&confirms, 10, false);
}

static void test_confirms_fate_may_add_messages(void **state)
{
    (void)state;
    add(SLOTS);
    assert_true(mq_confirms_settle(&confirms, SLOTS, true, false, tell_and_add, &told));
    assert_int_equal(told.count, SLOTS);
    assert_int_equal(confirms.count, SLOTS);
    assert_true(mq_confirms_is_full(&confirms));
    assert_int_equal(confirms.next, 2 * SLOTS + 1);
}

static void test_confirms_add_to_a_full_ring_is_a_mistake(void **state)
{
    (void)state;
    add(SLOTS);
    EXPECT_ASSERT(add(1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_confirms_numbers_count_from_one, begin),
        cmocka_unit_test_setup(test_confirms_ack_of_one_tells_one, begin),
        cmocka_unit_test_setup(test_confirms_multiple_skips_what_was_told, begin),
        cmocka_unit_test_setup(test_confirms_multiple_of_zero_is_all, begin),
        cmocka_unit_test_setup(test_confirms_second_ack_is_silent, begin),
        cmocka_unit_test_setup(test_confirms_nack_is_refused, begin),
        cmocka_unit_test_setup(test_confirms_nack_of_a_transient_message_is_dropped, begin),
        cmocka_unit_test_setup(test_confirms_are_settled_up_to_the_oldest_that_is_not, begin),
        cmocka_unit_test_setup(test_confirms_returned_is_unrouted_at_its_ack, begin),
        cmocka_unit_test_setup(test_confirms_return_of_no_waiting_message_is_refused, begin),
        cmocka_unit_test_setup(test_confirms_number_never_given_is_refused, begin),
        cmocka_unit_test_setup(test_confirms_ring_is_full_behind_an_old_message, begin),
        cmocka_unit_test_setup(test_confirms_numbers_go_on_around_the_ring, begin),
        cmocka_unit_test_setup(test_confirms_fate_may_add_messages, begin),
        cmocka_unit_test_setup(test_confirms_add_to_a_full_ring_is_a_mistake, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
