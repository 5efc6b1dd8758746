#include "support/broker.h"

#include "base/limits.h"
#include "host/clock.h"
#include "support/expect.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool broker_is_there(void)
{
    if (getenv("FIRSTCOME_BROKER") != NULL)
        return true;
    (void)fprintf(stderr, "skipped: FIRSTCOME_BROKER names no broker to test against\n");
    return false;
}

struct mq_settings broker_settings(const char *name)
{
    struct mq_settings settings;
    struct fc_err err;

    if (mq_settings_parse(fc_str_of(getenv("FIRSTCOME_BROKER")), name, &settings, &err) != FC_OK)
        fail_msg("FIRSTCOME_BROKER: %s", err.text);
    return settings;
}

struct mq_publisher *broker_publisher(void)
{
    const struct mq_settings settings = broker_settings("test-publisher");
    struct mq_publisher *publisher = NULL;
    struct fc_err err;

    if (mq_publisher_open(&settings, &publisher, &err) != FC_OK)
        fail_msg("mq_publisher_open: %s", err.text);
    return publisher;
}

struct mq_consumer *broker_consumer(void)
{
    const struct mq_settings settings = broker_settings("test-consumer");
    struct mq_consumer *consumer = NULL;
    struct fc_err err;

    if (mq_consumer_open(&settings, &consumer, &err) != FC_OK)
        fail_msg("mq_consumer_open: %s", err.text);
    return consumer;
}

static amqp_connection_state_t raw_open(void)
{
    const struct mq_settings settings = broker_settings("test-setup");
    amqp_connection_state_t conn = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(conn);

    assert_int_equal(amqp_socket_open(socket, settings.host, settings.port), AMQP_STATUS_OK);
    assert_int_equal(amqp_login(conn, settings.vhost, 10, 131072, 30, AMQP_SASL_METHOD_PLAIN,
                                settings.user, settings.password)
                         .reply_type,
                     AMQP_RESPONSE_NORMAL);
    assert_non_null(amqp_channel_open(conn, 1));
    return conn;
}

static void raw_close(amqp_connection_state_t conn)
{
    assert_int_equal(amqp_get_rpc_reply(conn).reply_type, AMQP_RESPONSE_NORMAL);
    (void)amqp_connection_close(conn, AMQP_REPLY_SUCCESS);
    assert_int_equal(amqp_destroy_connection(conn), AMQP_STATUS_OK);
}

void broker_queue_make(const char *name, int32_t length_max)
{
    amqp_table_entry_t arguments[] = {
        {.key = amqp_cstring_bytes("x-queue-type"),
         .value = {.kind = AMQP_FIELD_KIND_UTF8, .value = {.bytes = amqp_cstring_bytes("quorum")}}},
        {.key = amqp_cstring_bytes("x-single-active-consumer"),
         .value = {.kind = AMQP_FIELD_KIND_BOOLEAN, .value = {.boolean = 1}}},
        {.key = amqp_cstring_bytes("x-max-length"),
         .value = {.kind = AMQP_FIELD_KIND_I32, .value = {.i32 = length_max}}},
        {.key = amqp_cstring_bytes("x-overflow"),
         .value = {.kind = AMQP_FIELD_KIND_UTF8,
                   .value = {.bytes = amqp_cstring_bytes("reject-publish")}}}};
    const amqp_table_t table = {length_max > 0 ? 4 : 2, arguments};
    amqp_connection_state_t conn;

    broker_queue_drop(name);
    conn = raw_open();
    (void)amqp_queue_declare(conn, 1, amqp_cstring_bytes(name), 0, 1, 0, 0, table);
    raw_close(conn);
}

void broker_queue_drop(const char *name)
{
    amqp_connection_state_t conn = raw_open();

    (void)amqp_queue_delete(conn, 1, amqp_cstring_bytes(name), 0, 0);
    raw_close(conn);
}

void broker_publish_zeros(const char *queue, size_t bytes)
{
    amqp_connection_state_t conn = raw_open();
    void *body = test_calloc(1, bytes);

    assert_int_equal(amqp_basic_publish(conn, 1, amqp_empty_bytes, amqp_cstring_bytes(queue), 0, 0,
                                        NULL, (amqp_bytes_t){bytes, body}),
                     AMQP_STATUS_OK);
    /* Its answer says that the broker has read what went before. */
    (void)amqp_tx_select(conn, 1);
    raw_close(conn);
    test_free(body);
}

uint64_t broker_put(struct mq_publisher *publisher, const char *queue, struct fc_str body)
{
    const struct mq_message message = {.routing_key = fc_str_of(queue),
                                       .type = FC_STR("test.v1"),
                                       .body = body,
                                       .mandatory = true};
    uint64_t seq = 0;
    struct fc_err err;

    if (mq_publisher_put(publisher, &message, &seq, &err) != FC_OK ||
        mq_publisher_flush(publisher, &err) != FC_OK)
        fail_msg("mq_publisher_put: %s", err.text);
    return seq;
}

struct mq_delivery broker_next(struct mq_consumer *consumer)
{
    struct fc_mono begun = fc_clock_mono();

    for (;;) {
        struct pollfd readable = {.fd = mq_consumer_fd(consumer), .events = POLLIN};
        struct mq_delivery delivery;
        struct fc_err err;
        bool got;

        if (mq_consumer_next(consumer, &delivery, &got, &err) != FC_OK)
            fail_msg("mq_consumer_next: %s", err.text);
        if (got)
            return delivery;
        if (fc_clock_ms_since(begun) > BROKER_WAIT_MS)
            fail_msg("no delivery came");
        assert_false(mq_consumer_has_buffered(consumer));
        (void)poll(&readable, 1, HEARTBEAT_S * 1000 / 2);
    }
}

int64_t broker_number(const struct mq_delivery *delivery)
{
    int64_t number = 0;

    assert_true(fc_str_to_i64(delivery->body, 0, INT64_MAX, &number));
    return number;
}

bool broker_has_ctl(void)
{
    return getenv("FIRSTCOME_RABBITMQCTL") != NULL;
}

void broker_ctl(const char *arguments)
{
    char command[1024];

    (void)snprintf(command, sizeof(command), "'%s' %s >/dev/null", getenv("FIRSTCOME_RABBITMQCTL"),
                   arguments);
    assert_int_equal(system(command), 0);
}
