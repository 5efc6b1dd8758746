#include "mq/topology.h"

#include "base/assert.h"
#include "base/limits.h"
#include "mq/wire.h"

#include <amqp.h>
#include <amqp_framing.h>
#include <stdio.h>
#include <string.h>

#define CHANNEL 1
#define OUT_BYTES 65536
#define QUEUE_NAME_BYTES sizeof(((struct mq_queue_state *)0)->name)

/* Their queues hold commands, in partitions. */
static const char *const families[] = {"coupon", "order"};

/* Queues that listen to the events of a family. */
struct listener_row {
    const char *queue;
    const char *key;
};

static const struct listener_row listeners[] = {
    {"stats.0", "order"}, {"payment.0", "order"}, {"platform.0", "order"}};

static_assert(FC_ARRAY_COUNT(listeners) == MQ_LISTENER_COUNT, "as the header says");
static_assert(FC_ARRAY_COUNT(families) == 2, "as MQ_QUEUE_COUNT has it");

struct exchange_row {
    const char *name;
    const char *type;
};

static const struct exchange_row exchanges[] = {{MQ_EXCHANGE_COMMANDS, "direct"},
                                                {MQ_EXCHANGE_EVENTS, "topic"}};

/* One queue, and what leads to it. */
struct queue_route {
    char name[QUEUE_NAME_BYTES];
    const char *exchange;
    const char *key; /* NULL: its name */
};

static int32_t queue_count(int32_t partitions)
{
    FC_ASSERT(partitions >= 1);
    FC_ASSERT(partitions <= PARTITIONS_MAX);
    return MQ_QUEUE_COUNT(partitions);
}

/* The queues in their order: each family's partitions, then the listeners. */
static struct queue_route queue_at(int32_t partitions, int32_t index)
{
    struct queue_route route = {.exchange = MQ_EXCHANGE_COMMANDS};
    int32_t listener = index - (int32_t)FC_ARRAY_COUNT(families) * partitions;

    if (listener >= 0) {
        route.exchange = MQ_EXCHANGE_EVENTS;
        route.key = listeners[listener].key;
        (void)snprintf(route.name, sizeof(route.name), "%s", listeners[listener].queue);
    } else {
        (void)snprintf(route.name, sizeof(route.name), "%s.%d", families[index / partitions],
                       (int)(index % partitions));
    }
    return route;
}

static enum fc_rc topology_open(struct mq_wire *wire, const struct mq_settings *settings,
                                struct fc_err *ret_err)
{
    if (mq_wire_open(wire, settings, OUT_BYTES, ret_err) != FC_OK)
        return FC_FAIL;
    if (mq_wire_channel_open(wire, CHANNEL, ret_err) == FC_OK)
        return FC_OK;
    mq_wire_close(wire);
    return FC_FAIL;
}

/* What the broker will not have or does not have needs a human; the text names the thing. */
static enum fc_rc outcome(struct mq_wire *wire, const char *where, const char *name,
                          struct fc_err *ret_err)
{
    struct fc_err err;

    if (mq_wire_outcome(wire, CHANNEL, where, &err) == FC_OK)
        return FC_OK;
    bool permanent = !wire->lost;

    (void)fc_err_set(ret_err, permanent ? FC_CURE_EXIT : err.cure, where, "%s: %s", name, err.text);
    memcpy(ret_err->code, err.code, sizeof(ret_err->code));
    return FC_FAIL;
}

/* --- making ----------------------------------------------------------------------------------- */

static enum fc_rc exchanges_declare(struct mq_wire *wire, bool passive, struct fc_err *ret_err)
{
    for (size_t i = 0; i < FC_ARRAY_COUNT(exchanges); i++) {
        const struct exchange_row *row = &exchanges[i];

        (void)amqp_exchange_declare(wire->conn, CHANNEL, amqp_cstring_bytes(row->name),
                                    amqp_cstring_bytes(row->type), passive, !passive, 0, 0,
                                    amqp_empty_table);
        if (outcome(wire, "exchange.declare", row->name, ret_err) != FC_OK)
            return FC_FAIL;
    }
    return FC_OK;
}

static enum fc_rc queue_declare(struct mq_wire *wire, const char *name, struct fc_err *ret_err)
{
    amqp_table_entry_t arguments[] = {
        {.key = amqp_cstring_bytes("x-queue-type"),
         .value = {.kind = AMQP_FIELD_KIND_UTF8, .value = {.bytes = amqp_cstring_bytes("quorum")}}},
        {.key = amqp_cstring_bytes("x-single-active-consumer"),
         .value = {.kind = AMQP_FIELD_KIND_BOOLEAN, .value = {.boolean = 1}}},
        {.key = amqp_cstring_bytes("x-delivery-limit"),
         .value = {.kind = AMQP_FIELD_KIND_I32, .value = {.i32 = -1}}}};
    /* 3.x refuses the negative limit; it has none unless told. */
    int count = wire->broker_major >= 4 ? 3 : 2;

    (void)amqp_queue_declare(wire->conn, CHANNEL, amqp_cstring_bytes(name), 0, 1, 0, 0,
                             (amqp_table_t){count, arguments});
    return outcome(wire, "queue.declare", name, ret_err);
}

static enum fc_rc queue_bind(struct mq_wire *wire, const struct queue_route *route,
                             struct fc_err *ret_err)
{
    const char *key = route->key == NULL ? route->name : route->key;

    (void)amqp_queue_bind(wire->conn, CHANNEL, amqp_cstring_bytes(route->name),
                          amqp_cstring_bytes(route->exchange), amqp_cstring_bytes(key),
                          amqp_empty_table);
    return outcome(wire, "queue.bind", route->name, ret_err);
}

enum fc_rc mq_topology_apply(const struct mq_settings *settings, int32_t partitions,
                             struct fc_err *ret_err)
{
    struct mq_wire wire;
    int32_t count = queue_count(partitions);
    enum fc_rc rc = FC_FAIL;

    if (topology_open(&wire, settings, ret_err) != FC_OK)
        return FC_FAIL;
    if (exchanges_declare(&wire, false, ret_err) != FC_OK)
        goto out;
    for (int32_t i = 0; i < count; i++) {
        struct queue_route route = queue_at(partitions, i);

        if (queue_declare(&wire, route.name, ret_err) != FC_OK ||
            queue_bind(&wire, &route, ret_err) != FC_OK)
            goto out;
    }
    rc = FC_OK;
out:
    mq_wire_close(&wire);
    return rc;
}

/* --- asking ----------------------------------------------------------------------------------- */

static enum fc_rc queue_ask(struct mq_wire *wire, int32_t partitions, int32_t index,
                            struct mq_queue_state *ret_state, struct fc_err *ret_err)
{
    struct queue_route route = queue_at(partitions, index);
    const amqp_queue_declare_ok_t *declared = amqp_queue_declare(
        wire->conn, CHANNEL, amqp_cstring_bytes(route.name), 1, 0, 0, 0, amqp_empty_table);

    if (outcome(wire, "queue.declare", route.name, ret_err) != FC_OK)
        return FC_FAIL;
    memcpy(ret_state->name, route.name, sizeof(ret_state->name));
    ret_state->ready = declared->message_count;
    ret_state->consumers = declared->consumer_count;
    return FC_OK;
}

enum fc_rc mq_topology_states(const struct mq_settings *settings, int32_t partitions,
                              struct mq_queue_state *ret_states, size_t *ret_count,
                              struct fc_err *ret_err)
{
    struct mq_wire wire;
    int32_t count = queue_count(partitions);
    enum fc_rc rc = FC_FAIL;

    if (topology_open(&wire, settings, ret_err) != FC_OK)
        return FC_FAIL;
    for (int32_t i = 0; i < count; i++) {
        if (queue_ask(&wire, partitions, i, &ret_states[i], ret_err) != FC_OK)
            goto out;
    }
    *ret_count = (size_t)count;
    rc = FC_OK;
out:
    mq_wire_close(&wire);
    return rc;
}

enum fc_rc mq_topology_check(const struct mq_settings *settings, int32_t partitions,
                             struct fc_err *ret_err)
{
    struct mq_wire wire;
    int32_t count = queue_count(partitions);
    enum fc_rc rc = FC_FAIL;

    if (topology_open(&wire, settings, ret_err) != FC_OK)
        return FC_FAIL;
    if (exchanges_declare(&wire, true, ret_err) != FC_OK)
        goto out;
    for (int32_t i = 0; i < count; i++) {
        struct mq_queue_state state;

        if (queue_ask(&wire, partitions, i, &state, ret_err) != FC_OK)
            goto out;
    }
    rc = FC_OK;
out:
    mq_wire_close(&wire);
    return rc;
}
