#include "mq/content.h"

#include "support/expect.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <string.h>

static char body[8];
static struct mq_content content;

static int begin(void **state)
{
    (void)state;
    memset(body, '-', sizeof(body));
    mq_content_init(&content, body, sizeof(body));
    content.delivery.source = 5;
    return 0;
}

static enum mq_content_step feed_deliver(uint64_t tag, bool redelivered)
{
    amqp_basic_deliver_t deliver = {.delivery_tag = tag,
                                    .redelivered = redelivered,
                                    .exchange = amqp_cstring_bytes("ex"),
                                    .routing_key = amqp_cstring_bytes("order.3")};
    const amqp_frame_t frame = {.frame_type = AMQP_FRAME_METHOD,
                                .payload = {.method = {AMQP_BASIC_DELIVER_METHOD, &deliver}}};

    return mq_content_feed(&content, &frame);
}

static enum mq_content_step feed_header(uint64_t bytes, amqp_basic_properties_t *properties)
{
    const amqp_frame_t frame = {.frame_type = AMQP_FRAME_HEADER,
                                .payload = {.properties = {.class_id = AMQP_BASIC_CLASS,
                                                           .body_size = bytes,
                                                           .decoded = properties}}};

    return mq_content_feed(&content, &frame);
}

static enum mq_content_step feed_plain_header(uint64_t bytes)
{
    amqp_basic_properties_t properties = {._flags = 0};

    return feed_header(bytes, &properties);
}

static enum mq_content_step feed_body(const char *part)
{
    const amqp_frame_t frame = {.frame_type = AMQP_FRAME_BODY,
                                .payload = {.body_fragment = amqp_cstring_bytes(part)}};

    return mq_content_feed(&content, &frame);
}

static void test_content_delivery_is_whole_after_its_last_body_frame(void **state)
{
    amqp_basic_properties_t properties = {._flags = AMQP_BASIC_TYPE_FLAG,
                                          .type = amqp_cstring_bytes("firstcome.commands.v1")};

    (void)state;
    assert_int_equal(feed_deliver(9, true), MQ_CONTENT_MORE);
    assert_int_equal(feed_header(5, &properties), MQ_CONTENT_MORE);
    assert_int_equal(feed_body("ab"), MQ_CONTENT_MORE);
    assert_int_equal(feed_body("cde"), MQ_CONTENT_WHOLE);
    assert_int_equal(content.delivery.source, 5);
    assert_int_equal(content.delivery.tag, 9);
    assert_true(content.delivery.redelivered);
    assert_int_equal(content.delivery.delivery_count, 0);
    assert_str_equal(content.delivery.exchange, "ex");
    assert_str_equal(content.delivery.routing_key, "order.3");
    assert_str_equal(content.delivery.type, "firstcome.commands.v1");
    assert_str_equal(content.delivery.body, "abcde");
    assert_false(content.delivery.oversized);
}

static void test_content_nothing_is_left_from_the_delivery_before(void **state)
{
    test_content_delivery_is_whole_after_its_last_body_frame(state);
    assert_int_equal(feed_deliver(10, false), MQ_CONTENT_MORE);
    assert_int_equal(feed_plain_header(1), MQ_CONTENT_MORE);
    assert_int_equal(feed_body("z"), MQ_CONTENT_WHOLE);
    assert_int_equal(content.delivery.source, 5);
    assert_int_equal(content.delivery.tag, 10);
    assert_false(content.delivery.redelivered);
    assert_str_equal(content.delivery.type, "");
    assert_str_equal(content.delivery.body, "z");
}

static void test_content_empty_body_is_whole_with_its_header(void **state)
{
    (void)state;
    assert_int_equal(feed_deliver(1, false), MQ_CONTENT_MORE);
    assert_int_equal(feed_plain_header(0), MQ_CONTENT_WHOLE);
    assert_int_equal(content.delivery.body.len, 0);
}

static void test_content_longer_body_is_cut_to_its_beginning(void **state)
{
    (void)state;
    assert_int_equal(feed_deliver(1, false), MQ_CONTENT_MORE);
    assert_int_equal(feed_plain_header(12), MQ_CONTENT_MORE);
    assert_int_equal(feed_body("012345"), MQ_CONTENT_MORE);
    assert_int_equal(feed_body("6789"), MQ_CONTENT_MORE);
    assert_int_equal(feed_body("ab"), MQ_CONTENT_WHOLE);
    assert_true(content.delivery.oversized);
    assert_str_equal(content.delivery.body, "01234567");
    assert_int_equal(feed_deliver(2, false), MQ_CONTENT_MORE);
    assert_int_equal(feed_plain_header(8), MQ_CONTENT_MORE);
    assert_int_equal(feed_body("ABCDEFGH"), MQ_CONTENT_WHOLE);
    assert_false(content.delivery.oversized);
    assert_str_equal(content.delivery.body, "ABCDEFGH");
}

static int64_t count_from(amqp_field_value_t value)
{
    amqp_table_entry_t entries[] = {
        {.key = amqp_cstring_bytes("x-other"),
         .value = {.kind = AMQP_FIELD_KIND_I32, .value = {.i32 = 77}}},
        {.key = amqp_cstring_bytes("x-delivery-count"), .value = value}};
    amqp_basic_properties_t properties = {._flags = AMQP_BASIC_HEADERS_FLAG,
                                          .headers = {2, entries}};

    mq_content_init(&content, body, sizeof(body));
    assert_int_equal(feed_deliver(1, true), MQ_CONTENT_MORE);
    assert_int_equal(feed_header(0, &properties), MQ_CONTENT_WHOLE);
    return content.delivery.delivery_count;
}

static amqp_field_value_t kind(uint8_t kind, int64_t count)
{
    amqp_field_value_t value = {.kind = kind};

    /* What is not of the kind must not be looked at. */
    memset(&value.value, 0xAA, sizeof(value.value));
    switch (kind) {
    case AMQP_FIELD_KIND_I8:
        value.value.i8 = (int8_t)count;
        break;
    case AMQP_FIELD_KIND_U8:
        value.value.u8 = (uint8_t)count;
        break;
    case AMQP_FIELD_KIND_I16:
        value.value.i16 = (int16_t)count;
        break;
    case AMQP_FIELD_KIND_U16:
        value.value.u16 = (uint16_t)count;
        break;
    case AMQP_FIELD_KIND_I32:
        value.value.i32 = (int32_t)count;
        break;
    case AMQP_FIELD_KIND_U32:
        value.value.u32 = (uint32_t)count;
        break;
    default:
        value.value.i64 = count;
        break;
    }
    return value;
}

static void test_content_delivery_count_is_read_in_every_width(void **state)
{
    static const uint8_t kinds[] = {AMQP_FIELD_KIND_I8,  AMQP_FIELD_KIND_U8,  AMQP_FIELD_KIND_I16,
                                    AMQP_FIELD_KIND_U16, AMQP_FIELD_KIND_I32, AMQP_FIELD_KIND_U32,
                                    AMQP_FIELD_KIND_I64, AMQP_FIELD_KIND_U64};

    (void)state;
    for (size_t i = 0; i < FC_ARRAY_COUNT(kinds); i++) {
        assert_int_equal(count_from(kind(kinds[i], 3)), 3);
        assert_int_equal(count_from(kind(kinds[i], 127)), 127);
    }
    assert_int_equal(count_from(kind(AMQP_FIELD_KIND_U8, 200)), 200);
    assert_int_equal(count_from(kind(AMQP_FIELD_KIND_I8, -1)), 0);
    assert_int_equal(count_from(kind(AMQP_FIELD_KIND_I64, -1)), 0);
    assert_int_equal(count_from(kind(AMQP_FIELD_KIND_U64, -1)), INT64_MAX);
    assert_int_equal(count_from(kind(AMQP_FIELD_KIND_BOOLEAN, 1)), 0);
}

static void test_content_return_is_known_by_its_number(void **state)
{
    amqp_basic_return_t returned = {.reply_code = 312,
                                    .exchange = amqp_cstring_bytes("ex"),
                                    .routing_key = amqp_cstring_bytes("order.99")};
    const amqp_frame_t frame = {.frame_type = AMQP_FRAME_METHOD,
                                .payload = {.method = {AMQP_BASIC_RETURN_METHOD, &returned}}};
    amqp_basic_properties_t properties = {._flags = AMQP_BASIC_CORRELATION_ID_FLAG,
                                          .correlation_id = amqp_cstring_bytes("1234567")};

    (void)state;
    mq_content_init(&content, NULL, 0);
    assert_int_equal(mq_content_feed(&content, &frame), MQ_CONTENT_MORE);
    assert_int_equal(feed_header(4, &properties), MQ_CONTENT_MORE);
    assert_int_equal(feed_body("abcd"), MQ_CONTENT_WHOLE);
    assert_int_equal(content.correlation, 1234567);
    properties.correlation_id = amqp_cstring_bytes("a1b2");
    assert_int_equal(mq_content_feed(&content, &frame), MQ_CONTENT_MORE);
    assert_int_equal(feed_header(0, &properties), MQ_CONTENT_WHOLE);
    assert_int_equal(content.correlation, 0);
}

static void test_content_frames_out_of_order_are_malformed(void **state)
{
    (void)state;
    assert_int_equal(feed_plain_header(1), MQ_CONTENT_MALFORMED);
    assert_int_equal(feed_body("a"), MQ_CONTENT_MALFORMED);
    assert_int_equal(feed_deliver(1, false), MQ_CONTENT_MORE);
    assert_int_equal(feed_deliver(2, false), MQ_CONTENT_MALFORMED);
    assert_int_equal(feed_body("a"), MQ_CONTENT_MALFORMED);
    assert_int_equal(feed_plain_header(2), MQ_CONTENT_MORE);
    assert_int_equal(feed_plain_header(2), MQ_CONTENT_MALFORMED);
    assert_int_equal(feed_body("abc"), MQ_CONTENT_MALFORMED);
    assert_int_equal(feed_body("ab"), MQ_CONTENT_WHOLE);
    assert_int_equal(feed_body("a"), MQ_CONTENT_MALFORMED);
}

static void test_content_other_methods_and_frames_are_malformed(void **state)
{
    amqp_basic_get_ok_t got = {.delivery_tag = 1};
    const amqp_frame_t method = {.frame_type = AMQP_FRAME_METHOD,
                                 .payload = {.method = {AMQP_BASIC_GET_OK_METHOD, &got}}};
    const amqp_frame_t heartbeat = {.frame_type = AMQP_FRAME_HEARTBEAT};

    (void)state;
    assert_int_equal(mq_content_feed(&content, &method), MQ_CONTENT_MALFORMED);
    assert_int_equal(mq_content_feed(&content, &heartbeat), MQ_CONTENT_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_content_delivery_is_whole_after_its_last_body_frame, begin),
        cmocka_unit_test_setup(test_content_nothing_is_left_from_the_delivery_before, begin),
        cmocka_unit_test_setup(test_content_empty_body_is_whole_with_its_header, begin),
        cmocka_unit_test_setup(test_content_longer_body_is_cut_to_its_beginning, begin),
        cmocka_unit_test_setup(test_content_delivery_count_is_read_in_every_width, begin),
        cmocka_unit_test_setup(test_content_return_is_known_by_its_number, begin),
        cmocka_unit_test_setup(test_content_frames_out_of_order_are_malformed, begin),
        cmocka_unit_test_setup(test_content_other_methods_and_frames_are_malformed, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
