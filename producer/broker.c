#include "producer/broker.h"

#include "host/process.h"
#include "mq/topology.h"

#include <stdlib.h>
#include <string.h>

/* Deliveries of one turn; the rest waits for the next one, so that HTTP gets its turn, too. */
#define DELIVERIES_A_TURN_MAX 64

static enum fc_rc line_init(struct broker_line *line, const char *url, const char *instance,
                            const char *purpose, struct fc_err *ret_err)
{
    char name[MQ_TEXT_MAX];
    struct fc_buf buf = fc_buf_of(name, sizeof(name) - 1);

    *line = (struct broker_line){.opening = calloc(1, sizeof(*line->opening))}; /* heap: at start */
    if (line->opening == NULL)
        return fc_err_set(ret_err, FC_CURE_EXIT, "broker_init", "no memory");
    fc_buf_put_fmt(&buf, "firstcome-ingress %s %s", instance, purpose);
    name[buf.len] = '\0';
    fc_backoff_init(&line->backoff, fc_process_chance());
    return mq_settings_parse(fc_str_of(url), name, &line->opening->settings, ret_err);
}

enum fc_rc broker_init(struct broker *broker, const char *url, const char *instance,
                       struct fc_err *ret_err)
{
    *broker = (struct broker){.publisher = NULL};
    if (line_init(&broker->publishing, url, instance, "publishes", ret_err) != FC_OK)
        return FC_FAIL;
    return line_init(&broker->consuming, url, instance, "consumes", ret_err);
}

/* --- opening, perhaps in a thread ------------------------------------------------------------- */

static void publisher_open(void *arg)
{
    struct broker_opening *opening = arg;

    opening->rc = mq_publisher_open(&opening->settings, &opening->publisher, &opening->err);
}

static enum fc_rc subscribe(struct broker_opening *opening)
{
    const struct mq_binding catalog = {MQ_EXCHANGE_EVENTS, "catalog"};
    char name[MQ_TEXT_MAX];

    if (mq_consumer_subscribe_private(opening->consumer, &catalog, 1, BROKER_CATALOG, name,
                                      &opening->err) != FC_OK)
        return FC_FAIL;
    return mq_consumer_subscribe_private(opening->consumer, NULL, 0, BROKER_VERDICTS,
                                         opening->reply_to, &opening->err);
}

static void consumer_open(void *arg)
{
    struct broker_opening *opening = arg;

    opening->rc = mq_consumer_open(&opening->settings, &opening->consumer, &opening->err);
    if (opening->rc != FC_OK)
        return;
    opening->rc = subscribe(opening);
    if (opening->rc != FC_OK)
        mq_consumer_close(opening->consumer);
}

/* The opening is over: takes what it brought, or tells what was wrong. */
static enum fc_rc line_opened(struct broker_line *line, struct fc_err *ret_err)
{
    if (line->opening->rc != FC_OK) {
        *ret_err = line->opening->err;
        return FC_FAIL;
    }
    line->generation++;
    fc_backoff_reset(&line->backoff);
    return FC_OK;
}

static void take_consumer(struct broker *broker)
{
    const struct broker_opening *opening = broker->consuming.opening;

    broker->consumer = opening->consumer;
    memcpy(broker->reply_to, opening->reply_to, sizeof(broker->reply_to));
}

enum fc_rc broker_open(struct broker *broker, int32_t partitions, struct fc_err *ret_err)
{
    if (mq_topology_check(&broker->publishing.opening->settings, partitions, ret_err) != FC_OK)
        return FC_FAIL;
    publisher_open(broker->publishing.opening);
    if (line_opened(&broker->publishing, ret_err) != FC_OK)
        return FC_FAIL;
    broker->publisher = broker->publishing.opening->publisher;
    consumer_open(broker->consuming.opening);
    if (line_opened(&broker->consuming, ret_err) != FC_OK)
        return FC_FAIL;
    take_consumer(broker);
    return FC_OK;
}

static void consumer_drop(struct broker *broker)
{
    mq_consumer_close(broker->consumer);
    broker->consumer = NULL;
    broker->reply_to[0] = '\0';
}

static void line_close(struct broker_line *line)
{
    /* The thread goes on with it as long as the process lives. */
    if (!opener_abandon(&line->opener))
        free(line->opening);
    line->opening = NULL;
}

void broker_close(struct broker *broker)
{
    consumer_drop(broker);
    mq_publisher_close(broker->publisher);
    broker->publisher = NULL;
    line_close(&broker->publishing);
    line_close(&broker->consuming);
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

/* Begins to connect when it is time to, and ends it when it is done. */
static enum broker_change line_turn(struct broker_line *line, opener_fn *open, struct fc_mono now,
                                    struct fc_err *ret_err)
{
    if (line->opener.at_work) {
        if (!opener_is_done(&line->opener))
            return BROKER_SAME;
        if (line_opened(line, ret_err) == FC_OK)
            return BROKER_BACK;
    } else {
        if (now.us < line->retry_at.us)
            return BROKER_SAME;
        line->generation++;
        if (opener_start(&line->opener, open, line->opening, ret_err) == FC_OK)
            return BROKER_SAME;
    }
    back_off(line, now);
    return BROKER_STILL_AWAY;
}

static enum broker_change publisher_back(struct broker *broker, struct fc_mono now)
{
    enum broker_change change = line_turn(&broker->publishing, publisher_open, now, &broker->err);

    if (change == BROKER_BACK)
        broker->publisher = broker->publishing.opening->publisher;
    return change;
}

static enum broker_change consumer_back(struct broker *broker, struct fc_mono now)
{
    enum broker_change change = line_turn(&broker->consuming, consumer_open, now, &broker->err);

    if (change == BROKER_BACK)
        take_consumer(broker);
    return change;
}

enum broker_change broker_publish_turn(struct broker *broker, struct fc_mono now, mq_fate_fn *fate,
                                       void *arg)
{
    struct mq_publisher *publisher = broker->publisher;

    if (publisher == NULL)
        return publisher_back(broker, now);
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

    if (broker->consumer == NULL)
        return consumer_back(broker, now);
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
