#include "mq/frames.h"

#include "base/limits.h"
#include "support/expect.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <string.h>

#define FRAME_MAX 4096

static char memory[3 * 1024 * 1024];
static struct mq_out out;

static int begin(void **state)
{
    (void)state;
    mq_out_init(&out, memory, sizeof(memory), FRAME_MAX);
    return 0;
}

static void put_ack(uint64_t tag)
{
    const amqp_basic_ack_t ack = {.delivery_tag = tag, .multiple = 1};

    assert_true(mq_out_put_method(&out, 1, AMQP_BASIC_ACK_METHOD, &ack));
}

/* Frame of type 1 on channel 0x0102, 13 bytes: class 60, method 80, tag, bits (AMQP 0-9-1, 4.2.3
 * and 1.8.3.13). */
static void test_frames_ack_is_encoded_as_the_specification_says(void **state)
{
    static const unsigned char want[] = {1, 1, 2, 0, 0,    0,    13,   0,    60,   0,   80,
                                         0, 0, 0, 0, 0x11, 0x22, 0x33, 0x44, 0x01, 0xCE};
    const amqp_basic_ack_t ack = {.delivery_tag = 0x11223344, .multiple = 1};

    (void)state;
    assert_true(mq_out_put_method(&out, 0x0102, AMQP_BASIC_ACK_METHOD, &ack));
    assert_int_equal(mq_out_pending(&out), sizeof(want));
    assert_memory_equal(memory, want, sizeof(want));
}

/* Type 8 on channel 0, no payload (4.2.7). */
static void test_frames_heartbeat_is_encoded_as_the_specification_says(void **state)
{
    static const unsigned char want[] = {8, 0, 0, 0, 0, 0, 0, 0xCE};

    (void)state;
    assert_true(mq_out_put_heartbeat(&out));
    assert_int_equal(mq_out_pending(&out), sizeof(want));
    assert_memory_equal(memory, want, sizeof(want));
    mq_out_sent(&out, 3);
    assert_true(mq_out_is_cut(&out));
    mq_out_sent(&out, 5);
    assert_false(mq_out_is_cut(&out));
}

/* Flags: content-type 15, delivery-mode 12, correlation-id 10, type 5 (1.8.3). */
static void test_frames_mandatory_message_is_encoded_as_the_specification_says(void **state)
{
    static const unsigned char want[] = {
        /* basic.publish: class 60, method 40, ticket, exchange, routing key, mandatory */
        1, 0, 7, 0, 0, 0, 13, 0, 60, 0, 40, 0, 0, 1, 'e', 3, 'k', '.', '1', 1, 0xCE,
        /* header: class 60, weight 0, 64-bit body size, flags, properties */
        2, 0, 7, 0, 0, 0, 38, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x94, 0x20, 16, 'a', 'p', 'p',
        'l', 'i', 'c', 'a', 't', 'i', 'o', 'n', '/', 'j', 's', 'o', 'n', 2, 2, '4', '2', 2, 't',
        '1', 0xCE,
        /* body */
        3, 0, 7, 0, 0, 0, 2, '[', ']', 0xCE};
    const struct mq_message message = {.exchange = FC_STR("e"),
                                       .routing_key = FC_STR("k.1"),
                                       .type = FC_STR("t1"),
                                       .body = FC_STR("[]"),
                                       .mandatory = true};

    (void)state;
    assert_true(mq_out_put_message(&out, 7, &message, 42));
    assert_int_equal(mq_out_pending(&out), sizeof(want));
    assert_memory_equal(memory, want, sizeof(want));
}

static void test_frames_transient_message_has_mode_one_and_no_number(void **state)
{
    static const unsigned char want[] = {
        1,   0,    1,   0,   0,   0,   9,    0,    60,  0,   40,  0,   0,   0,   0,
        0,   0xCE, 2,   0,   1,   0,   0,    0,    33,  0,   60,  0,   0,   0,   0,
        0,   0,    0,   0,   0,   0,   0x90, 0x20, 16,  'a', 'p', 'p', 'l', 'i', 'c',
        'a', 't',  'i', 'o', 'n', '/', 'j',  's',  'o', 'n', 1,   0,   0xCE};
    const struct mq_message message = {.transient = true};

    (void)state;
    assert_true(mq_out_put_message(&out, 1, &message, 42));
    assert_int_equal(mq_out_pending(&out), sizeof(want));
    assert_memory_equal(memory, want, sizeof(want));
}

struct walk {
    size_t methods, headers, bodies, body_bytes, largest;
};

static struct walk walk_frames(void)
{
    struct walk walk = {0, 0, 0, 0, 0};
    size_t at = out.begin;

    while (at < out.end) {
        const unsigned char *head = (const unsigned char *)memory + at;
        size_t bytes =
            (size_t)head[3] << 24 | (size_t)head[4] << 16 | (size_t)head[5] << 8 | head[6];

        assert_int_equal(head[7 + bytes], 0xCE);
        walk.methods += head[0] == AMQP_FRAME_METHOD;
        walk.headers += head[0] == AMQP_FRAME_HEADER;
        walk.bodies += head[0] == AMQP_FRAME_BODY;
        walk.body_bytes += head[0] == AMQP_FRAME_BODY ? bytes : 0;
        walk.largest = bytes + 8 > walk.largest ? bytes + 8 : walk.largest;
        at += bytes + 8;
    }
    assert_int_equal(at, out.end);
    return walk;
}

static void test_frames_body_is_cut_at_the_agreed_size(void **state)
{
    static const size_t bytes[] = {0,
                                   1,
                                   FRAME_MAX - 8,
                                   FRAME_MAX - 7,
                                   2 * (FRAME_MAX - 8),
                                   2 * (FRAME_MAX - 8) + 1,
                                   MESSAGE_BYTES_MAX};
    static const size_t frames[] = {0, 1, 1, 2, 2, 3, 257};
    static char body[MESSAGE_BYTES_MAX];

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(bytes); i++) {
        const struct mq_message message = {.body = {body, bytes[i]}};
        struct walk walk;

        mq_out_init(&out, memory, sizeof(memory), FRAME_MAX);
        assert_true(mq_out_put_message(&out, 1, &message, 1));
        walk = walk_frames();
        assert_int_equal(walk.methods, 1);
        assert_int_equal(walk.headers, 1);
        assert_int_equal(walk.bodies, frames[i]);
        assert_int_equal(walk.body_bytes, bytes[i]);
        assert_true(walk.largest <= FRAME_MAX);
    }
}

static void test_frames_cut_frame_is_known_until_its_last_byte(void **state)
{
    (void)state;
    put_ack(1);
    put_ack(2);
    assert_int_equal(mq_out_pending(&out), 42);
    assert_false(mq_out_is_cut(&out));
    mq_out_sent(&out, 1);
    assert_true(mq_out_is_cut(&out));
    mq_out_sent(&out, 19);
    assert_true(mq_out_is_cut(&out));
    mq_out_sent(&out, 1);
    assert_false(mq_out_is_cut(&out));
    put_ack(3);
    mq_out_sent(&out, 21 + 20);
    assert_true(mq_out_is_cut(&out));
    mq_out_sent(&out, 1);
    assert_false(mq_out_is_cut(&out));
    assert_int_equal(mq_out_pending(&out), 0);
}

static void test_frames_message_without_room_is_refused_whole(void **state)
{
    static char body[MESSAGE_BYTES_MAX];
    const struct mq_message message = {.body = {body, sizeof(body)}};

    (void)state;
    assert_true(mq_out_put_message(&out, 1, &message, 1));
    assert_true(mq_out_put_message(&out, 1, &message, 2));
    size_t pending = mq_out_pending(&out);

    assert_false(mq_out_put_message(&out, 1, &message, 3));
    assert_int_equal(mq_out_pending(&out), pending);
    assert_int_equal(walk_frames().methods, 2);
}

static void test_frames_room_of_sent_bytes_is_used_again(void **state)
{
    static char body[MESSAGE_BYTES_MAX];
    const struct mq_message message = {.body = {body, sizeof(body)}};

    (void)state;
    for (uint64_t seq = 1; seq <= 20; seq++) {
        assert_true(mq_out_put_message(&out, 1, &message, seq));
        assert_true(mq_out_put_message(&out, 1, &message, seq));
        /* Leaves a cut frame at a place that differs each time. */
        mq_out_sent(&out, mq_out_pending(&out) - seq * 7919);
        assert_true(mq_out_is_cut(&out));
        mq_out_sent(&out, mq_out_pending(&out) - 5000);
        put_ack(seq);
        mq_out_sent(&out, out.frame_left);
        (void)walk_frames();
        mq_out_sent(&out, mq_out_pending(&out));
    }
    assert_int_equal(mq_out_pending(&out), 0);
}

static bool put_message(const struct mq_message *message)
{
    return mq_out_put_message(&out, 1, message, 1);
}

static void test_frames_routing_key_above_255_bytes_is_a_mistake(void **state)
{
    static char key[256];
    struct mq_message message = {.routing_key = {key, 255}};

    (void)state;
    memset(key, 'k', sizeof(key));
    assert_true(put_message(&message));
    message.routing_key.len = 256;
    EXPECT_ASSERT((void)put_message(&message));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_frames_ack_is_encoded_as_the_specification_says, begin),
        cmocka_unit_test_setup(test_frames_heartbeat_is_encoded_as_the_specification_says, begin),
        cmocka_unit_test_setup(test_frames_mandatory_message_is_encoded_as_the_specification_says,
                               begin),
        cmocka_unit_test_setup(test_frames_transient_message_has_mode_one_and_no_number, begin),
        cmocka_unit_test_setup(test_frames_body_is_cut_at_the_agreed_size, begin),
        cmocka_unit_test_setup(test_frames_cut_frame_is_known_until_its_last_byte, begin),
        cmocka_unit_test_setup(test_frames_message_without_room_is_refused_whole, begin),
        cmocka_unit_test_setup(test_frames_room_of_sent_bytes_is_used_again, begin),
        cmocka_unit_test_setup(test_frames_routing_key_above_255_bytes_is_a_mistake, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
