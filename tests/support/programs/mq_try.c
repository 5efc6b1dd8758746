/*
 * One deed at the broker as whoever FIRSTCOME_BROKER names, for the tests of rights: prints "ok",
 * or the broker's reply code (403: refused). What is made goes with the connection, where the
 * broker lets it: queues are exclusive unless they were there before.
 */
#include "host/process.h"
#include "mq/conn.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANNEL 1
#define ARGUMENTS_MAX 3

struct deed {
    const char *name;
    int argument_count;
    void (*act)(amqp_connection_state_t conn, amqp_bytes_t *arguments);
};

static void act_declare(amqp_connection_state_t conn, amqp_bytes_t *arguments)
{
    (void)amqp_queue_declare(conn, CHANNEL, arguments[0], 0, 0, 1, 1, amqp_empty_table);
}

static void act_exchange(amqp_connection_state_t conn, amqp_bytes_t *arguments)
{
    (void)amqp_exchange_declare(conn, CHANNEL, arguments[0], amqp_cstring_bytes("direct"), 0, 0, 1,
                                0, amqp_empty_table);
}

static void act_delete(amqp_connection_state_t conn, amqp_bytes_t *arguments)
{
    (void)amqp_queue_delete(conn, CHANNEL, arguments[0], 0, 0);
}

static void act_purge(amqp_connection_state_t conn, amqp_bytes_t *arguments)
{
    (void)amqp_queue_purge(conn, CHANNEL, arguments[0]);
}

static void act_consume(amqp_connection_state_t conn, amqp_bytes_t *arguments)
{
    (void)amqp_basic_consume(conn, CHANNEL, arguments[0], amqp_empty_bytes, 0, 0, 0,
                             amqp_empty_table);
}

/* Binds a queue of its own, which is named by the broker. */
static void act_listen(amqp_connection_state_t conn, amqp_bytes_t *arguments)
{
    const amqp_queue_declare_ok_t *declared =
        amqp_queue_declare(conn, CHANNEL, amqp_empty_bytes, 0, 0, 1, 1, amqp_empty_table);

    if (declared == NULL)
        return;
    amqp_bytes_t queue = amqp_bytes_malloc_dup(declared->queue); /* heap: a test */

    (void)amqp_queue_bind(conn, CHANNEL, queue, arguments[0], arguments[1], amqp_empty_table);
    amqp_bytes_free(queue);
}

static void act_bind(amqp_connection_state_t conn, amqp_bytes_t *arguments)
{
    (void)amqp_queue_bind(conn, CHANNEL, arguments[0], arguments[1], arguments[2],
                          amqp_empty_table);
}

/* Whether it was refused is told with the answer to what follows it. */
static void act_publish(amqp_connection_state_t conn, amqp_bytes_t *arguments)
{
    int status = amqp_basic_publish(conn, CHANNEL, arguments[0], arguments[1], 0, 0, NULL,
                                    amqp_cstring_bytes("[]"));

    if (status == AMQP_STATUS_OK)
        (void)amqp_tx_select(conn, CHANNEL);
}

static const struct deed deeds[] = {
    {"declare", 1, act_declare}, {"exchange", 1, act_exchange}, {"delete", 1, act_delete},
    {"purge", 1, act_purge},     {"consume", 1, act_consume},   {"listen", 2, act_listen},
    {"bind", 3, act_bind},       {"publish", 2, act_publish},
};

/* "ok", the broker's code, or why it is neither. */
static int tell(amqp_rpc_reply_t reply)
{
    const amqp_channel_close_t *channel = reply.reply.decoded;
    const amqp_connection_close_t *connection = reply.reply.decoded;

    if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
        (void)puts("ok");
        return FC_EXIT_OK;
    }
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION &&
        reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
        (void)printf("%d\n", channel->reply_code);
        return FC_EXIT_OK;
    }
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION &&
        reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
        (void)printf("%d\n", connection->reply_code);
        return FC_EXIT_OK;
    }
    (void)printf("trouble: %s\n", amqp_error_string2(reply.library_error));
    return FC_EXIT_LATER;
}

static int try_it(const struct deed *deed, char **words)
{
    struct mq_settings settings;
    struct fc_err err;
    amqp_bytes_t arguments[ARGUMENTS_MAX];
    amqp_connection_state_t conn = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(conn);

    for (int i = 0; i < deed->argument_count; i++)
        arguments[i] = amqp_cstring_bytes(words[i]);
    if (mq_settings_parse(fc_str_of(getenv("FIRSTCOME_BROKER")), "mq_try", &settings, &err) !=
            FC_OK ||
        amqp_socket_open(socket, settings.host, settings.port) != AMQP_STATUS_OK)
        return FC_EXIT_LATER;
    amqp_rpc_reply_t reply = amqp_login(conn, settings.vhost, 10, 131072, 30,
                                        AMQP_SASL_METHOD_PLAIN, settings.user, settings.password);

    if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
        (void)amqp_channel_open(conn, CHANNEL);
        deed->act(conn, arguments);
        reply = amqp_get_rpc_reply(conn);
    }
    int exit = tell(reply);

    (void)amqp_destroy_connection(conn);
    return exit;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < FC_ARRAY_COUNT(deeds) && argc > 1; i++)
        if (strcmp(argv[1], deeds[i].name) == 0 && argc == deeds[i].argument_count + 2)
            return try_it(&deeds[i], argv + 2);
    (void)fputs("Usage: mq_try declare|exchange|delete|purge|consume NAME | listen EXCHANGE KEY |\n"
                "       bind QUEUE EXCHANGE KEY | publish EXCHANGE KEY\n",
                stderr);
    return FC_EXIT_USAGE;
}
