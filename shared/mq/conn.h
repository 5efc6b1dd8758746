/*
 * Where the broker is and how one connection to it is opened. A connection is used by one thread
 * and either publishes (mq/publisher.h) or consumes (mq/consumer.h): an alarm at the broker stops
 * reading from publishing connections, and acknowledgements must not stand behind it. What is
 * below the two, this floor's own business, is in mq/wire.h.
 */
#ifndef FC_MQ_CONN_H
#define FC_MQ_CONN_H

#include "base/err.h"
#include "base/str.h"

#define MQ_TEXT_MAX 256

struct mq_settings {
    char host[MQ_TEXT_MAX];
    int32_t port;
    char vhost[MQ_TEXT_MAX];
    char user[MQ_TEXT_MAX];
    char password[MQ_TEXT_MAX];
    char name[MQ_TEXT_MAX]; /* connection_name: program, instance and purpose */
    /* Encrypted, with the broker's certificate and its name verified; never in plain. */
    bool tls;
    char ca_file[MQ_TEXT_MAX];   /* who signs for the broker, PEM; empty: whom the system trusts */
    char cert_file[MQ_TEXT_MAX]; /* what we show it, PEM; empty: nothing */
    char key_file[MQ_TEXT_MAX];
};

/* amqp://user:password@host:port/vhost (https://www.rabbitmq.com/uri-spec.html), with %xx; or
 * amqps:// with the files behind it, as RabbitMQ's own clients have them:
 * amqps://…/vhost?cacertfile=/ca.pem&certfile=/cert.pem&keyfile=/key.pem */
FC_MUST_USE enum fc_rc mq_settings_parse(struct fc_str url, const char *name,
                                         struct mq_settings *ret_settings, struct fc_err *ret_err);

#endif
