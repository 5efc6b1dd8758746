#include "producer/broker.h"

#include "host/process.h"
#include "mq/topology.h"

/* Deliveries of one turn; the rest waits for the next one, so that HTTP gets its turn, too. */
#define DELIVERIES_A_TURN_MAX 64

static enum fc_rc line_init(struct broker_line *line, const char *url, const char *instance,
                            const char *purpose, struct fc_err *ret_err)
{
    char name[MQ_TEXT_MAX];
    struct fc_buf buf = fc_buf_of(name, sizeof(name) - 1);

    *line = (struct broker_line){.generation = 0};
    fc_buf_put_fmt(&buf, "firstcome-ingress %s %s", instance, purpose);
    name[buf.len] = '\0';
    fc_backoff_init(&line->backoff, fc_process_chance());
    return mq_settings_parse(fc_str_of(url), name, &line->settings, ret_err);
}

enum fc_rc broker_init(struct broker *broker, const char *url, const char *instance,
                       struct fc_err *ret_err)
{
    *broker = (struct broker){.publisher = NULL};
    if (line_init(&broker->publishing, url, instance, "publishes", ret_err) != FC_OK)
        return FC_FAIL;
    return line_init(&broker->consuming, url, instance, "consumes", ret_err);
}

static enum fc_rc publisher_open(struct broker *broker, struct fc_err *ret_err)
{
    if (mq_publisher_open(&broker->publishing.settings, &broker->publisher, ret_err) != FC_OK)
        return FC_FAIL;
    broker->publishing.generation++;
    fc_backoff_reset(&broker->publishing.backoff);
    return FC_OK;
}

static enum fc_rc consumer_open(struct broker *broker, struct fc_err *ret_err)
{
    const struct mq_binding catalog = {MQ_EXCHANGE_EVENTS, "catalog"};
    char name[MQ_TEXT_MAX];
    struct mq_consumer *consumer;

    if (mq_consumer_open(&broker->consuming.settings, &consumer, ret_err) != FC_OK)
        return FC_FAIL;
    if (mq_consumer_subscribe_private(consumer, &catalog, 1, BROKER_CATALOG, name, ret_err) !=
            FC_OK ||
        mq_consumer_subscribe_private(consumer, NULL, 0, BROKER_VERDICTS, broker->reply_to,
                                      ret_err) != FC_OK) {
        mq_consumer_close(consumer);
        broker->reply_to[0] = '\0';
        return FC_FAIL;
    }
    broker->consumer = consumer;
    broker->consuming.generation++;
    fc_backoff_reset(&broker->consuming.backoff);
    return FC_OK;
}

enum fc_rc broker_open(struct broker *broker, int32_t partitions, struct fc_err *ret_err)
{
    if (mq_topology_check(&broker->publishing.settings, partitions, ret_err) != FC_OK)
        return FC_FAIL;
    if (publisher_open(broker, ret_err) != FC_OK)
        return FC_FAIL;
    return consumer_open(broker, ret_err);
}

static void consumer_drop(struct broker *broker)
{
    mq_consumer_close(broker->consumer);
    broker->consumer = NULL;
    broker->reply_to[0] = '\0';
}

void broker_close(struct broker *broker)
{
    consumer_drop(broker);
    mq_publisher_close(broker->publisher);
    broker->publisher = NULL;
}

bool broker_is_shut(const struct broker *broker, const char **ret_why)
{
    *ret_why = "The broker is not connected.";
    if (broker->publisher == NULL)
        return true;
    *ret_why = "The broker is blocked.";
    return mq_publisher_is_blocked(broker->publisher, NULL);
}

static void back_off(struct broker_line *line, struct fc_mono now)
{
    line->retry_at.us = now.us + fc_backoff_next_ms(&line->backoff) * 1000LL;
}

void broker_publish_drop(struct broker *broker, struct fc_mono now)
{
    mq_publisher_close(broker->publisher);
    broker->publisher = NULL;
    back_off(&broker->publishing, now);
}

enum broker_change broker_publish_turn(struct broker *broker, struct fc_mono now, mq_fate_fn *fate,
                                       void *arg)
{
    struct mq_publisher *publisher = broker->publisher;

    if (publisher == NULL) {
        if (now.us < broker->publishing.retry_at.us)
            return BROKER_SAME;
        if (publisher_open(broker, &broker->err) == FC_OK)
            return BROKER_BACK;
        back_off(&broker->publishing, fc_clock_mono());
        return BROKER_STILL_AWAY;
    }
    if (mq_publisher_flush(publisher, &broker->err) == FC_OK &&
        mq_publisher_poll(publisher, fate, arg, &broker->err) == FC_OK)
        return BROKER_SAME;
    broker_publish_drop(broker, now);
    return BROKER_LOST;
}

enum broker_change broker_consume_turn(struct broker *broker, struct fc_mono now,
                                       broker_delivery_fn *deliver, void *arg)
{
    struct mq_delivery delivery;
    bool got = true;

    if (broker->consumer == NULL) {
        if (now.us < broker->consuming.retry_at.us)
            return BROKER_SAME;
        if (consumer_open(broker, &broker->err) == FC_OK)
            return BROKER_BACK;
        back_off(&broker->consuming, fc_clock_mono());
        return BROKER_STILL_AWAY;
    }
    for (int32_t i = 0; i < DELIVERIES_A_TURN_MAX && got; i++) {
        if (mq_consumer_next(broker->consumer, &delivery, &got, &broker->err) != FC_OK) {
            consumer_drop(broker);
            back_off(&broker->consuming, now);
            return BROKER_LOST;
        }
        if (got)
            deliver(arg, &delivery);
    }
    return BROKER_SAME;
}
